"""Strata in which firms are drawn, so that a small city's capture is made by many agents.

A small city is chosen by few firms in a thousand, and by those that have a strong taste for it: there the agents should be.
Stratified sampling with equal allocation (Cochran 1977, Sampling Techniques, chapter 5); the strata of a cell add up to its
firms exactly, so that no expectation changes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Strata:
    """Strata of the taste for one place: ordinary firms are drawn with as many agents in each, standing for fewer firms."""

    place: int
    """Position of the place among places."""
    above: tuple[float, ...]
    """Upper tails of the taste that are strata of their own, falling: (0.1, 0.01) are the bulk, the next and the top."""

    @property
    def share(self) -> np.ndarray:
        """Share of firms in each stratum, (K,), the bulk first."""
        return -np.diff(self._edges)

    @property
    def _edges(self) -> np.ndarray:
        return np.array([1.0, *self.above, 0.0])

    def drawn(self, uniform: np.ndarray, stratum: np.ndarray) -> np.ndarray:
        """Return draws of the taste, uniform on the whole, within the stratum of each firm, (F,); -1: as they are."""
        low, high = self._edges[stratum + 1], self._edges[stratum]
        return np.where(stratum < 0, uniform, 1 - (low + (high - low) * (1 - uniform)))


def strata_of(place: int, above: tuple[float, ...]) -> Strata | None:
    """Return the strata of the taste for a place, none where no upper tails are given."""
    return Strata(place, above) if above else None


def parted(ordinary: np.ndarray, strata: Strata | None) -> tuple[np.ndarray, np.ndarray]:
    """Return the cells that cells, (n,), are parted into: the row of each, (m,), and its stratum, -1 where not parted.

    Leaders and their suppliers, who are not `ordinary`, stay as they are.
    """
    if strata is None:
        return np.arange(len(ordinary)), np.full(len(ordinary), -1)
    parts = np.where(ordinary, len(strata.share), 1)
    at = np.repeat(np.arange(len(parts)), parts)
    return at, np.where(ordinary[at], within(parts), -1)


def within(counts: np.ndarray) -> np.ndarray:
    """Return the numbers of the members of groups, each from 0, (sum of counts,)."""
    return np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
