"""Recovery: does the method find parameters that are known? Simulation-based calibration from one table of runs.

Each of some draws of the prior is taken as the truth, its readings (with an error of the size of the tolerances) as the
targets, and all other draws of the prior as the runs; no run is played for it. If intervals are as wide as they say, the
share of the posterior below the truth is uniform (Talts et al. 2018). This module refuses to play.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from relocsim.streams import Streams, members

BINS = 10
_SIMULATED = 1000
"""Simulated samples of uniform numbers that the band is made of."""
_LEVEL = 0.95


@dataclass(frozen=True)
class Recovery:
    """What a test on simulated targets found."""

    ranks: np.ndarray
    """Share of the posterior below the truth, (trials, K)."""
    table: pd.DataFrame
    """One row a parameter: trials, chi-square and its p value, within the band, coverage of 50 and 90 % intervals, how much
    the posterior's variance is below the prior's on average."""
    band: float
    """Level a point at which the band of the distribution function holds it as a whole, see `band_level`."""

    @property
    def trials(self) -> int:
        """Draws that were taken as the truth."""
        return len(self.ranks)


def recovered(
    labels: list[str], z: np.ndarray, posterior: list[tuple[np.ndarray, np.ndarray]], truth: np.ndarray
) -> Recovery:
    """Return what is found of truths.

    Parameters
    ----------
    labels
        Names of the parameters.
    z : (n, K)
        Draws of the prior, for the variance that a posterior is compared with.
    posterior
        Parameters (m, K) and weights (m,) of each trial.
    truth : (trials, K)
        The parameters that each trial should find.
    """
    ranks = np.array([_below(found, weight, true) for (found, weight), true in zip(posterior, truth, strict=True)])
    narrower = 1 - np.mean([_variance(found, weight) for found, weight in posterior], axis=0) / z.var(axis=0)
    level = band_level(len(ranks))
    rows = [_row(label, ranks[:, at], float(narrower[at]), level) for at, label in enumerate(labels)]
    return Recovery(ranks, pd.DataFrame(rows), level)


def _below(found: np.ndarray, weight: np.ndarray, true: np.ndarray) -> np.ndarray:
    """Return the share of a posterior that lies below the truth, (K,)."""
    share: np.ndarray = ((found < true) * weight[:, None]).sum(axis=0) / weight.sum()
    return share


def _variance(found: np.ndarray, weight: np.ndarray) -> np.ndarray:
    weight = weight / weight.sum()
    variance: np.ndarray = weight @ (found - weight @ found) ** 2
    return variance


def _row(label: str, ranks: np.ndarray, narrower: float, level: float) -> dict[str, object]:
    counts = np.histogram(ranks, bins=BINS, range=(0, 1))[0]
    square = stats.chisquare(counts)
    inside = np.abs(ranks - 0.5)
    return {
        "label": label,
        "trials": len(ranks),
        "chi_square": float(square.statistic),
        "p": float(square.pvalue),
        "within_band": bool(within_band(ranks, level)),
        "coverage_50": float(np.mean(inside <= 0.25)),
        "coverage_90": float(np.mean(inside <= 0.45)),
        "variance_removed": narrower,
    }


def ecdf(ranks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return points (L,) of (0, 1) and how many ranks are at or below each."""
    points = np.arange(1, len(ranks)) / len(ranks)
    return points, np.searchsorted(np.sort(ranks), points, side="right")


def band(count: int, level: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return points, and the least and most ranks at or below each that uniform ranks have, all along."""
    points = np.arange(1, count) / count
    return points, stats.binom.ppf(level / 2, count, points), stats.binom.ppf(1 - level / 2, count, points)


def within_band(ranks: np.ndarray, level: float) -> bool:
    """Whether the distribution function of ranks stays within the band of uniform ones."""
    _, counts = ecdf(ranks)
    _, low, high = band(len(ranks), level)
    return bool(((counts >= low) & (counts <= high)).all())


def band_level(count: int) -> float:
    """Return the level a point at which 95 % of uniform samples stay within the band as a whole (Säilynoja et al. 2022)."""
    draws = Streams(0).lanes("calibration: band", members("band", _SIMULATED * count))[0].reshape(_SIMULATED, count)
    points = np.arange(1, count) / count
    counts = np.array([np.searchsorted(one, points, side="right") for one in np.sort(draws, axis=1)])
    below, above = stats.binom.cdf(counts, count, points), stats.binom.sf(counts - 1, count, points)
    extreme = 2 * np.minimum(below, above).min(axis=1)
    return float(np.quantile(extreme, 1 - _LEVEL))
