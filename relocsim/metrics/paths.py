"""Path dependence: whether an early lead lasts, and whether it belongs to the date or to the city.

Arthur (1989, Economic Journal 99): with increasing returns, early events decide which of several outcomes comes about.
"""

from __future__ import annotations

import numpy as np


def persistence(early: np.ndarray, late: np.ndarray) -> float:
    """Return the correlation over replicates of an early share with the late one, in [-1, 1]; nan where either is constant.

    `early` and `late` are (R,), say a city's share of the inflow of the first four years and of the last four, in pairs of
    arms or replicates. Near one: who is ahead early stays ahead; near zero: luck evens out.
    """
    one, two = early - early.mean(), late - late.mean()
    scale = np.sqrt((one**2).sum() * (two**2).sum())
    return float((one * two).sum() / scale) if scale > 0 else float("nan")


def lead_by_date(first_early: np.ndarray, second_early: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the parts of two cities' gap that go with the date and with the city, (...), in the unit of the gap.

    Parameters
    ----------
    first_early : (...)
        Outcome of the first city less the second's where the first has the policy early and the second late.
    second_early : (...)
        The same gap (first less second) with the dates swapped.

    Notes
    -----
    date = (first_early - second_early) / 2, city = (first_early + second_early) / 2: their sum and difference are the gaps.
    """
    return (first_early - second_early) / 2, (first_early + second_early) / 2


def swapped_share(first_early: np.ndarray, second_early: np.ndarray) -> np.ndarray:
    """Return the share of the gap that goes with the date, (...), in [0, 1]: |date| / (|date| + |city|); nan for no gap.

    One: swapping the dates swaps the outcome. Zero: dates do not matter. Arguments as in `lead_by_date`.
    """
    date, city = (
        np.abs(part) for part in lead_by_date(np.asarray(first_early, float), np.asarray(second_early, float))
    )
    return np.divide(date, date + city, out=np.full(np.shape(date), np.nan), where=date + city > 0)
