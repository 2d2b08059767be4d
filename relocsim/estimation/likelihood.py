"""Log-likelihoods of conditional and nested logit with exact first and second derivatives.

Conditional logit (McFadden 1974): P_j = exp(V_j) / sum over the choice set, V = x b + offset. Nested logit (McFadden 1978):
with W_j = V_j / lambda_m in nest m (V_j itself where `unscaled`), I_m = ln sum_{j in m} exp(W_j),

    ln P_j = W_j - I_m + lambda_m I_m - ln sum_k exp(lambda_k I_k).

lambda = 1 in every nest is the conditional logit. Everything is sums over a chooser's rows or blocks: no loop over choosers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np

from relocsim.estimation.design import Choices


class Derivatives(NamedTuple):
    """A log-likelihood at some coefficients (T of them)."""

    value: float
    """Log-likelihood."""
    scores: np.ndarray
    """Gradient by chooser, (N, T)."""
    hessian: np.ndarray
    """Second derivatives, (T, T)."""


class Chances(NamedTuple):
    """Chances of choice by row, (R,) each."""

    within: np.ndarray
    """Within the nest of the row."""
    nest: np.ndarray
    """Of that nest."""

    @property
    def of_row(self) -> np.ndarray:
        """Chance of the row's alternative."""
        return self.within * self.nest


class Likelihood(Protocol):
    """What can be maximised."""

    def derivatives(self, theta: np.ndarray) -> Derivatives:
        """Return log-likelihood, scores and second derivatives."""

    def chances(self, theta: np.ndarray) -> Chances:
        """Return the chances of choice."""


def _shares(value: np.ndarray, start: np.ndarray, group: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the logit shares of rows within groups, and the log-sum of each group."""
    top = np.maximum.reduceat(value, start)
    share = np.exp(value - top[group])
    total = np.add.reduceat(share, start)
    return share / total[group], top + np.log(total)


@dataclass(frozen=True)
class Conditional:
    """Conditional logit; coefficients are those of the attributes, (K,)."""

    choices: Choices
    x: np.ndarray
    """Attributes in the unit of the fit, (R, K)."""

    def chances(self, theta: np.ndarray) -> Chances:
        """Return the chances of choice; all is one nest."""
        share, _ = _shares(self.x @ theta + self.choices.offset, self.choices.start, self.choices.chooser)
        return Chances(share, np.ones_like(share))

    def derivatives(self, theta: np.ndarray) -> Derivatives:
        """Return log-likelihood, scores and second derivatives."""
        held = self.choices
        value = self.x @ theta + held.offset
        share, log_sum = _shares(value, held.start, held.chooser)
        weighted = share[:, None] * self.x
        mean = np.add.reduceat(weighted, held.start, axis=0)
        hessian = mean.T @ mean - weighted.T @ self.x
        return Derivatives(float((value[held.chosen] - log_sum).sum()), self.x[held.chosen] - mean, hessian)


@dataclass(frozen=True)
class Nests:
    """Which nests have a parameter of their own."""

    names: tuple[str, ...]
    """Names of the parameters that are sought, (L,)."""
    of_nest: np.ndarray
    """Position of each nest's parameter among them, -1 where it is 1, (M,)."""
    scaled: bool
    """Whether values within a nest are over its parameter."""

    def lambdas(self, free: np.ndarray) -> np.ndarray:
        """Return the parameter of every nest, (M,)."""
        return np.append(free, 1.0)[self.of_nest]


@dataclass(frozen=True)
class Nested:
    """Nested logit; coefficients are those of the attributes, then the nests' parameters, (K + L,)."""

    choices: Choices
    x: np.ndarray
    """Attributes in the unit of the fit, (R, K)."""
    nests: Nests

    def _values(self, theta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the values W of rows, (R,), and the parameters of blocks, (B,)."""
        held, width = self.choices, self.x.shape[1]
        by_block = self.nests.lambdas(theta[width:])[held.block_nest]
        value = self.x @ theta[:width] + held.offset
        return (value / by_block[held.block] if self.nests.scaled else value), by_block

    def chances(self, theta: np.ndarray) -> Chances:
        """Return the chances of choice within nests and of nests."""
        held = self.choices
        value, by_block = self._values(theta)
        within, inclusive = _shares(value, held.block_start, held.block)
        nest, _ = _shares(by_block * inclusive, held.first_block, held.chooser[held.block_start])
        return Chances(within, nest[held.block])

    def derivatives(self, theta: np.ndarray) -> Derivatives:
        """Return log-likelihood, scores and second derivatives.

        With p = P(i | m), Q = P(m), Z = dW, B = dI = sum p Z, D = d(lambda I) and D' = sum Q D by chooser, the score is
        Z_j - B_m + D_m - D'. Each I has the second derivative sum p (d2W + Z Z') - B B'.
        """
        held, width = self.choices, self.x.shape[1]
        value, by_block = self._values(theta)
        within, inclusive = _shares(value, held.block_start, held.block)
        worth = by_block * inclusive
        who = held.chooser[held.block_start]
        nest, log_sum = _shares(worth, held.first_block, who)
        z, free = self._slopes(value, by_block)
        b = np.add.reduceat(within[:, None] * z, held.block_start, axis=0)
        d = by_block[:, None] * b
        named = np.flatnonzero(free >= 0)
        d[named, width + free[named]] += inclusive[named]
        mean = np.add.reduceat(nest[:, None] * d, held.first_block, axis=0)
        mine = held.block[held.chosen]
        total = (value[held.chosen] - inclusive[mine] + worth[mine] - log_sum).sum()
        scores = z[held.chosen] - b[mine] + d[mine] - mean

        own = np.zeros(len(nest))
        own[mine] = 1.0
        pull = by_block * (own - nest) - own
        by_row = pull[held.block] * within
        hessian = (z * by_row[:, None]).T @ z - (b * pull[:, None]).T @ b
        hessian += mean.T @ mean - (d * nest[:, None]).T @ d
        cross = np.zeros_like(hessian)
        np.add.at(cross, width + free[named], (own - nest)[named, None] * b[named])
        hessian += cross + cross.T
        if self.nests.scaled:
            by_row[held.chosen] += 1.0
            hessian += self._curvature(z[:, :width], value, by_row, theta[width:])
        return Derivatives(float(total), scores, hessian)

    def _slopes(self, value: np.ndarray, by_block: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return dW by row, (R, K + L), and the position of each block's parameter, (B,)."""
        held, width = self.choices, self.x.shape[1]
        free = self.nests.of_nest[held.block_nest]
        z = np.zeros((len(value), width + len(self.nests.names)))
        z[:, :width] = self.x
        if self.nests.scaled:
            z[:, :width] /= by_block[held.block][:, None]
            at = free[held.block]
            rows = np.flatnonzero(at >= 0)
            z[rows, width + at[rows]] = -value[rows] / by_block[held.block[rows]]
        return z, free

    def _curvature(self, slope: np.ndarray, value: np.ndarray, by_row: np.ndarray, lambdas: np.ndarray) -> np.ndarray:
        """Return the sum over rows of the second derivatives of W, -x / lambda^2 and 2 W / lambda^2, times `by_row`."""
        width = slope.shape[1]
        found = np.zeros((width + len(lambdas),) * 2)
        at = self.nests.of_nest[self.choices.nest_of_row()]
        for position, one in enumerate(lambdas):
            rows = at == position
            part = by_row[rows]
            mixed = -(part @ slope[rows]) / one
            found[:width, width + position] = mixed
            found[width + position, :width] = mixed
            found[width + position, width + position] = 2 * float(part @ value[rows]) / one**2
        return found
