"""Yardsticks that officials answer to: money in place, from how far, large projects, tax per hectare.

Money in place (daowei zijin) arrives by tranche as a project is signed, honoured, breaks ground and produces. Projects are
rows; `firms` says how many real firms stand behind one. Cities' reports count the money from outside the city
(shiwai) and outside the province (shengwai) apart, and projects above 1e8 yuan.
"""

from __future__ import annotations

import numpy as np

from relocsim.metrics.funnel import tranches

LARGE = 1.0
"""Investment from which a project counts as large, 1e8 yuan."""
OUTSIDE_CITY, OUTSIDE_PROVINCE = "outside the city", "outside the province"


def money_by_quarter(
    investment: np.ndarray, dates: np.ndarray, place: np.ndarray, shares: np.ndarray, *, quarters: int, places: int
) -> np.ndarray:
    """Return the money that came to be in place by quarter and place, (T, P), 1e8 yuan, not cumulated.

    Parameters
    ----------
    investment : (n,)
        Of each project, 1e8 yuan.
    dates : (5, n)
        Quarter in which each stage was reached, -1 where not.
    place : (n,)
        Place of each project.
    shares : (4,)
        Cumulative shares in place at signing, honouring, ground breaking and production.
    """
    out = np.zeros(quarters * places)
    for part, when in zip(tranches(shares), dates, strict=True):
        rows = np.flatnonzero(when >= 0)
        at = when[rows].astype(np.int64) * places + place[rows]
        out += part * np.bincount(at, investment[rows], minlength=quarters * places)
    return out.reshape(quarters, places)


def outside_of(origin_place: np.ndarray, place: np.ndarray, region: np.ndarray) -> np.ndarray:
    """Return which projects come from outside the region of their place, (n,) bool.

    `origin_place` (n,) is the place that a firm comes from, -1 where it has none (a state-owned enterprise: outside);
    `region` (P,) the code of each place's region: itself for the city, the province's code for the province.
    """
    return (origin_place < 0) | (region[origin_place] != region[place])


def large_projects(investment: np.ndarray, firms: np.ndarray, least: float = LARGE) -> np.ndarray:
    """Return the real firms whose own investment is at least `least`, (n,): `firms` where it is, zero where not.

    `investment` (n,) is of all firms behind a row, 1e8 yuan. A row that stands for part of a firm counts as that part of a
    project whose investment is the whole firm's.
    """
    each = np.divide(investment, firms, out=np.zeros(len(firms)), where=firms > 0)
    return np.where(each >= least, firms, 0.0)


def tax_per_hectare(tax: np.ndarray, land: np.ndarray) -> np.ndarray:
    """Return yearly tax over the land of the plants that pay it, 1e8 yuan a hectare and year, (...); nan without land."""
    land = np.asarray(land, dtype=float)
    return np.divide(tax, land, out=np.full(np.broadcast(tax, land).shape, np.nan), where=land > 0)


def yearly(by_quarter: np.ndarray, first: int) -> tuple[np.ndarray, np.ndarray]:
    """Return calendar years, (Y,), and flows summed by year, (Y, ...).

    `by_quarter` is (T, ...); `first` the first quarter, counted from year 0 (`calendar.Quarter.index`).
    """
    year = (first + np.arange(len(by_quarter))) // 4
    years = np.unique(year)
    return years, np.stack([by_quarter[year == one].sum(axis=0) for one in years])
