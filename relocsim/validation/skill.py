"""How well predicted shares rank cities: correlations with intervals, and what the model adds to size.

Intervals are percentiles of a bootstrap over cities (Efron & Tibshirani 1993), with draws that have an address. Refuses to
know where predictions come from.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from relocsim.streams import Streams, members
from relocsim.validation.simple import MODEL, SIZE, shares

RESAMPLES = 4000
_ENDS = (0.025, 0.975)
RANK, PER_SIZE, GROWTH, ERROR = (
    "rank correlation",
    "rank correlation per GDP",
    "rank correlation of growth",
    "misplaced",
)
MEASURES = (RANK, PER_SIZE, GROWTH, ERROR)
"""Of shares; of shares over GDP; of growth of shares with predicted over last share; share that is in the wrong city."""


def skill(
    predictions: Mapping[str, np.ndarray], actual: np.ndarray, before: np.ndarray, gdp: np.ndarray
) -> pd.DataFrame:
    """Return one row a measure and predictor: value, ends of the interval, and those of its difference to size alone.

    All arguments are (n,) by city: predicted shares by name, what came, what had come before, GDP.
    """
    rows = []
    for measure in MEASURES:
        pairs = {name: compared(measure, share, actual, before, gdp) for name, share in predictions.items()}
        there = np.all([np.isfinite(one) & np.isfinite(other) for one, other in pairs.values()], axis=0)
        drawn = resamples(int(there.sum()))
        score = misplaced if measure == ERROR else spearman
        told = {}
        for name, (one, other) in pairs.items():
            one, other = one[there], other[there]
            told[name] = float(score(one, other)), score(one[drawn], other[drawn])
        for name, (value, each) in told.items():
            gap = each - np.nan_to_num(told[SIZE][1])  # what does not vary ranks nothing
            rows.append(
                {"measure": measure, "predictor": name, "value": value, **_ends("", each), **_ends("gain_", gap)}
            )
    return pd.DataFrame(rows)


def compared(
    measure: str, share: np.ndarray, actual: np.ndarray, before: np.ndarray, gdp: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return what a measure compares, (n,) each; nan or inf where a city has nothing to compare."""
    if measure == PER_SIZE:
        return _even(share / gdp), actual / gdp
    if measure == GROWTH:
        with np.errstate(divide="ignore", invalid="ignore"):
            return _even(share / shares(before)), shares(actual) / shares(before)
    return share, actual


def _even(values: np.ndarray) -> np.ndarray:
    """Return values over their mean, rounded: what is the same for all must not be ranked by its rounding."""
    there = values[np.isfinite(values)]
    return np.round(values / there.mean(), 9) if len(there) else values


def adds_to_size(table: pd.DataFrame, measure: str = RANK) -> str:
    """Return what may be said of the model against size alone: better, worse, not told apart."""
    row = table[(table["measure"] == measure) & (table["predictor"] == MODEL)].iloc[0]
    low, high = row["gain_low"], row["gain_high"]
    if low > 0 or high < 0:
        return "better" if (low > 0) != (measure == ERROR) else "worse"
    return "not told apart"


def resamples(cities: int) -> np.ndarray:
    """Return which of so many cities, or replicates, each resample holds, (RESAMPLES, n)."""
    u = Streams(0).grid("bootstrap", members("bootstrap", RESAMPLES), members("city", cities))[0]
    return np.minimum((u * cities).astype(int), cities - 1)


def _ends(name: str, values: np.ndarray) -> dict[str, float]:
    there = values[np.isfinite(values)]
    low, high = np.quantile(there, _ENDS) if len(there) else (np.nan, np.nan)
    return {f"{name}low": float(low), f"{name}high": float(high)}


def spearman(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return the rank correlation along the last axis; nan where one of the two does not vary."""
    first, second = (rankdata(values, axis=-1) for values in (one, other))
    first, second = (values - values.mean(axis=-1, keepdims=True) for values in (first, second))
    spread = np.sqrt((first**2).sum(axis=-1) * (second**2).sum(axis=-1))
    found: np.ndarray = np.divide(
        (first * second).sum(axis=-1), spread, out=np.full(np.shape(spread), np.nan), where=spread > 0
    )
    return found


def misplaced(share: np.ndarray, actual: np.ndarray) -> np.ndarray:
    """Return half the sum of absolute differences of shares along the last axis: the part that is in the wrong city."""
    found: np.ndarray = np.abs(shares(share) - shares(actual)).sum(axis=-1) / 2
    return found
