"""Which draws are near the targets: distances, what is kept, weights. Refuses to play and to propose.

A target is compared with the model's figure plus an error of the size of its tolerance (Wilkinson 2013): what comes out is
the posterior of a model that may be off by as much, and not of one that has to hit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

_MAD = 1.4826
"""Standard deviation of a normal over its median absolute deviation."""


@dataclass(frozen=True)
class Kept:
    """The nearest draws."""

    rows: np.ndarray
    """Their rows among all, (m,)."""
    weight: np.ndarray
    """Importance times nearness (Epanechnikov), sum 1, (m,)."""
    distance: float
    """Distance of the farthest."""

    @property
    def size(self) -> float:
        """Effective number of draws."""
        return float(1 / (self.weight**2).sum())


def spread(values: np.ndarray) -> np.ndarray:
    """Return the spread of each column of the prior's readings, (K,): the median absolute deviation, as a deviation."""
    middle = np.nanmedian(values, axis=0)
    found = _MAD * np.nanmedian(np.abs(values - middle), axis=0)
    deviation = np.nanstd(values, axis=0)
    found = np.where(found > 0, found, deviation)
    return np.where(found > 0, found, 1.0)


def distances(values: np.ndarray, at: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """Return the distance of readings, (n, K), from targets, (K,): root mean square in units of `scale`; inf for nan."""
    apart = ((values - at) / scale) ** 2
    found: np.ndarray = np.sqrt(apart.mean(axis=1))
    return np.where(np.isfinite(found), found, np.inf)


def nearest(distance: np.ndarray, importance: np.ndarray, share: float) -> Kept:
    """Return the nearest share of the draws; ValueError where fewer than three could be read."""
    there = np.flatnonzero(np.isfinite(distance))
    if len(there) < 3:
        raise ValueError("fewer than three runs show all that the targets are compared with")
    count = min(len(there) - 1, max(2, round(share * len(there))))
    order = there[np.argsort(distance[there], kind="stable")]
    farthest = float(distance[order[count]])
    rows = np.sort(order[:count])
    closeness = 1 - (distance[rows] / farthest) ** 2 if farthest > 0 else np.ones(count)
    weight = importance[rows] * np.where(closeness > 0, closeness, 0.0)
    if not weight.sum() > 0:
        weight = importance[rows].copy()
    return Kept(rows, weight / weight.sum(), farthest)
