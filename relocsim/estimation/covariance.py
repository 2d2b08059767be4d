"""How far coefficients may be off: classical, robust and clustered covariance.

Classical: the inverse of minus the second derivatives. Robust (Huber 1967, White 1982): H^-1 (sum of s s') H^-1 with the
scores s of choosers, times N / (N - 1). Clustered: the same with scores summed by cluster, times G / (G - 1).
"""

from __future__ import annotations

import numpy as np

from relocsim.estimation.fitting import Fit

FEW_CLUSTERS = 30
"""Clusters below which their errors are said to be rough."""


def covariances(fit: Fit, cluster: np.ndarray | None) -> dict[str, np.ndarray]:
    """Return covariances of the coefficients by kind, (T, T) each; clustered only where there are clusters, (N,)."""
    classical = np.linalg.inv(-fit.hessian)
    found = {"classical": classical, "robust": _sandwich(classical, fit.scores)}
    if cluster is not None:
        order = np.argsort(cluster, kind="stable")
        start = np.searchsorted(cluster[order], np.arange(cluster.max() + 1))
        found["clustered"] = _sandwich(classical, np.add.reduceat(fit.scores[order], start, axis=0))
    return found


def _sandwich(bread: np.ndarray, scores: np.ndarray) -> np.ndarray:
    count = len(scores)
    half = scores @ bread
    return np.asarray(half.T @ half) * count / (count - 1)
