"""Synergy: the effect of a package shared out over its policies, and what comes of combining two of them.

The Shapley value of a policy is its marginal effect averaged over all orders in which the policies could be added
(Shapley 1953, "A value for n-person games", Contributions to the Theory of Games II); shares add up to the effect of the
whole. Exact from all 2^n subsets to some ten policies, from sampled orders beyond (Castro, Gomez & Tejada 2009, Computers &
Operations Research 36), each order taken forwards and backwards.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import factorial

import numpy as np

from relocsim.streams import Streams, members

MOST_EXACT = 10
"""Policies up to which all subsets are played: 1,024 of them."""


def subsets(count: int) -> np.ndarray:
    """Return which policies are in each subset, (2^n, n) bool; subset k holds policy i where bit i of k is set."""
    return (np.arange(2**count)[:, None] >> np.arange(count)) % 2 == 1


def shapley_values(worth: np.ndarray) -> np.ndarray:
    """Return the Shapley value of each policy, (..., n), in the unit of `worth`; they sum to worth(all) - worth(none).

    Parameters
    ----------
    worth : (..., 2^n)
        Effect of every subset, in the order of `subsets`.
    """
    count = int(worth.shape[-1]).bit_length() - 1
    if worth.shape[-1] != 2**count:
        raise ValueError(f"expected the worth of all 2^n subsets, found {worth.shape[-1]}")
    size = subsets(count).sum(axis=1)
    weights = np.array([factorial(s) * factorial(count - s - 1) for s in range(count)]) / factorial(max(count, 1))
    values = []
    for policy in range(count):
        lacking = np.flatnonzero(np.arange(2**count) >> policy & 1 == 0)
        added = worth[..., lacking | 1 << policy] - worth[..., lacking]
        values.append((added * weights[size[lacking]]).sum(axis=-1))
    return np.stack(values, axis=-1) if values else np.zeros((*worth.shape[:-1], 0))


def interactions(worth: np.ndarray) -> np.ndarray:
    """Return the interaction of pairs added to nothing else, (..., n, n): worth(ij) - worth(i) - worth(j) + worth(none).

    Above zero the two do more together than alone; the diagonal is zero. `worth` as in `shapley_values`.
    """
    count = int(worth.shape[-1]).bit_length() - 1
    out = np.zeros((*worth.shape[:-1], count, count))
    for one in range(count):
        for two in range(one):
            alone = worth[..., 1 << one] + worth[..., 1 << two]
            out[..., one, two] = out[..., two, one] = worth[..., 1 << one | 1 << two] - alone + worth[..., 0]
    return out


@dataclass(frozen=True)
class Sampled:
    """Shapley values from sampled orders."""

    values: np.ndarray
    """Means over orders, (..., n)."""
    error: np.ndarray
    """Standard errors of the means, from pairs of an order and its reverse, (..., n); nan with one pair."""
    orders: int
    """Orders taken."""


def sampled_shapley(
    worth: Callable[[frozenset[int]], np.ndarray], count: int, *, pairs: int, streams: Streams
) -> Sampled:
    """Return Shapley values of `count` policies from `pairs` of an order and its reverse.

    `worth` gives the effect (...,) of a set of policies, and is asked once a set. They sum to
    worth(all) - worth(none) in every order, so that they do so exactly in the mean.
    """
    asked: dict[frozenset[int], np.ndarray] = {}

    def known(some: frozenset[int]) -> np.ndarray:
        if some not in asked:
            asked[some] = np.asarray(worth(some), dtype=float)
        return asked[some]

    found = np.array([_marginals(known, order) for order in orders(count, pairs, streams)])
    each = (found[::2] + found[1::2]) / 2
    error = each.std(axis=0, ddof=1) / np.sqrt(pairs) if pairs > 1 else np.full(each.shape[1:], np.nan)
    return Sampled(each.mean(axis=0), error, 2 * pairs)


def orders(count: int, pairs: int, streams: Streams) -> list[np.ndarray]:
    """Return orders of `count` policies, each followed by its reverse; drawn by the address of pair and policy."""
    found = []
    for pair in range(pairs):
        order = np.argsort(streams.lanes("order of policies", members("policy", count), 0, pair)[0])
        found += [order, order[::-1]]
    return found


def _marginals(worth: Callable[[frozenset[int]], np.ndarray], order: np.ndarray) -> np.ndarray:
    """Return what each policy adds in an order, (..., n)."""
    inside: frozenset[int] = frozenset()
    before, added = worth(inside), {}
    for policy in order.tolist():
        inside = inside | {policy}
        after = worth(inside)
        added[policy], before = after - before, after
    return np.stack([added[policy] for policy in range(len(order))], axis=-1)
