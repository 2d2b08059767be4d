"""Where draws come from: the prior, and the neighbourhood of the nearest draws so far.

Parameters are quantiles of their ranges, uniform under the prior; here they are on the probit scale, on which the prior
is a standard normal. Every draw is addressed by the number of the draw and the name of the parameter. This module refuses
to play.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from relocsim.streams import Streams, identity

DEFENCE = 0.2
"""Share of a generation that is proposed from the prior, which bounds importance weights (Hesterberg 1995)."""
_LEAST = 1e-9


def numbers(generation: int, count: int) -> np.ndarray:
    """Return the numbers of the draws of a generation, (count,): a million are kept for each."""
    return generation * 1_000_000 + np.arange(count, dtype=np.int64)


def uniforms(seed: int, purpose: str, number: np.ndarray, names: Sequence[str]) -> np.ndarray:
    """Return one uniform a draw and name, (n, K)."""
    uid = np.array([identity(name) for name in names], dtype=np.uint64)
    lanes = Streams(seed).lanes(f"calibration: {purpose}", np.tile(uid, len(number)), 0, np.repeat(number, len(uid)))
    return lanes[0].reshape(len(number), len(uid))


def normals(seed: int, purpose: str, number: np.ndarray, names: Sequence[str]) -> np.ndarray:
    """Return one standard normal a draw and name, (n, K)."""
    found: np.ndarray = ndtri(uniforms(seed, purpose, number, names))
    return found


@dataclass(frozen=True)
class Kernel:
    """A mixture of normals about the nearest draws, shrunk so that it keeps their mean and covariance (West 1993).

    Beaumont's kernel of twice the covariance triples the variance: with a dozen parameters hardly a draw would keep weight.
    """

    centres: np.ndarray
    """(m, K)."""
    weight: np.ndarray
    """(m,), sum 1."""
    root: np.ndarray
    """Cholesky factor of the covariance of a component, (K, K)."""
    rows: np.ndarray
    """Rows of the centres among all draws, (m,)."""

    @classmethod
    def about(cls, draws: np.ndarray, rows: np.ndarray, weight: np.ndarray) -> Kernel:
        """Return the kernel about some rows (m,) of all draws so far (n, K), with weights (m,)."""
        z = draws[rows]
        weight = weight / weight.sum()
        size, dimensions = 1 / (weight**2).sum(), z.shape[1]
        mean = weight @ z
        apart = z - mean
        covariance = (weight[:, None] * apart).T @ apart
        spread = np.diag(np.diag(covariance))
        trust = size / (size + dimensions + 1)  # few draws tell variances and no covariances
        covariance = trust * covariance + (1 - trust) * spread + _LEAST * np.eye(dimensions)
        bandwidth = min(0.95, (4 / (size * (dimensions + 2))) ** (1 / (dimensions + 4)))
        centres = np.sqrt(1 - bandwidth**2) * apart + mean
        return cls(centres, weight, bandwidth * np.linalg.cholesky(covariance), rows)

    def propose(self, seed: int, number: np.ndarray, names: Sequence[str]) -> np.ndarray:
        """Return proposals, (n, K), a share of them from the prior."""
        steps = normals(seed, "draws", number, names)
        which = uniforms(seed, "parents", number, ["defence", "parent"])
        upto = np.cumsum(self.weight)
        parent = np.minimum(np.searchsorted(upto, which[:, 1] * upto[-1], side="right"), len(upto) - 1)
        near = self.centres[parent] + steps @ self.root.T
        return np.where((which[:, 0] < DEFENCE)[:, None], steps, near)

    def log_density(self, z: np.ndarray) -> np.ndarray:
        """Return the log of the density that proposals have at all draws (n, K), the share of the prior included, (n,).

        A draw that is a centre is left out of the density at itself: it would always find itself likely, lonely draws most,
        and tails would lose their weight.
        """
        inverse = np.linalg.inv(self.root)
        apart = (z[:, None, :] - self.centres[None]) @ inverse.T
        logs = (
            -0.5 * (apart**2).sum(axis=2) + np.log(np.maximum(self.weight, _LEAST)) - np.log(np.diag(self.root)).sum()
        )
        logs[self.rows, np.arange(len(self.rows))] = -np.inf
        near = _log_sum(logs) - 0.5 * z.shape[1] * np.log(2 * np.pi)
        near[self.rows] -= np.log1p(-self.weight)
        return np.logaddexp(np.log(1 - DEFENCE) + near, np.log(DEFENCE) + log_prior(z))


def log_prior(z: np.ndarray) -> np.ndarray:
    """Return the log of the density of the prior at (n, K), (n,)."""
    found: np.ndarray = -0.5 * (z**2).sum(axis=1) - 0.5 * z.shape[1] * np.log(2 * np.pi)
    return found


def _log_sum(logs: np.ndarray) -> np.ndarray:
    top = logs.max(axis=1)
    found: np.ndarray = top + np.log(np.exp(logs - top[:, None]).sum(axis=1))
    return found


def importance(z: np.ndarray, sizes: Sequence[int], kernels: Sequence[Kernel]) -> np.ndarray:
    """Return the weight of every draw of all generations, (n,): prior over the mixture of all that was proposed from.

    Deterministic mixture weights (Owen & Zhou 2000; Cornuet et al. 2012): no run is thrown away, and no weight is above
    all draws over draws of the prior. `sizes` are the draws of the prior and of each generation, `kernels` what the
    generations were proposed from.
    """
    prior = log_prior(z)
    parts = [np.log(sizes[0]) + prior]
    parts += [np.log(size) + kernel.log_density(z) for size, kernel in zip(sizes[1:], kernels, strict=True)]
    found: np.ndarray = np.exp(np.log(sum(sizes)) + prior - _log_sum(np.column_stack(parts)))
    return found
