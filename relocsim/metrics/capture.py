"""Capture: what a place takes of the capacity that leaves the studied origins.

The capture rate of a place is its share of the investment (or projects, or jobs) of all firms of the studied origins that
placed capacity anywhere outside those origins; moves from one origin to another are counted apart. Beside the share stands
the level, over a fixed base: the capacity at risk in the origins at the start, the same in all arms.
"""

from __future__ import annotations

import numpy as np

MEASURES = ("projects", "investment", "jobs")
"""What is counted: firms' projects (real firms), 1e8 yuan, persons."""


def flows(
    amounts: np.ndarray, dates: np.ndarray, place: np.ndarray, counted: np.ndarray, *, quarters: int, places: int
) -> np.ndarray:
    """Return what reached each stage by place and quarter, (M, stages, T, P), not cumulated.

    Parameters
    ----------
    amounts : (M, n)
        Measures of each project.
    dates : (stages, n)
        Quarter in which each stage was reached, -1 where not.
    place : (n,)
        Place of each project.
    counted : (n,) bool
        Projects of studied origins.
    """
    out = np.zeros((len(amounts), len(dates), quarters, places))
    for stage, when in enumerate(dates):
        rows = np.flatnonzero(counted & (when >= 0))
        at = when[rows].astype(np.int64) * places + place[rows]
        for measure, amount in enumerate(amounts):
            total = np.bincount(at, amount[rows], minlength=quarters * places)
            out[measure, stage] = total.reshape(quarters, places)
    return out


def capture_rate(flow: np.ndarray, outside: np.ndarray) -> np.ndarray:
    """Return the share of each place in what all places outside the origins took, (..., P).

    `flow` is (..., P), already cumulated over the period in question; `outside` (P,) says which places are outside the
    studied origins. Places inside get their ratio to the same total. Nothing placed anywhere: nan.
    """
    total = flow[..., outside].sum(axis=-1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(total > 0, flow / total, np.nan)


def but_for_share(inflow_with: np.ndarray, inflow_without: np.ndarray) -> np.ndarray:
    """Return 1 - inflow without / inflow with: the share of the inflow that would not have come (Bartik 2018)."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(inflow_with > 0, 1 - inflow_without / inflow_with, np.nan)


def tally(amount: np.ndarray, shape: tuple[int, ...], *codes: np.ndarray) -> np.ndarray:
    """Return amounts summed by codes, (shape): by sector, origin, class and place, say, to be fed to `capture_rate`.

    `amount` is (n,); each of `codes` is (n,) int within its length in `shape`.
    """
    at = np.ravel_multi_index(codes, shape) if len(amount) else np.zeros(0, dtype=np.intp)
    return np.bincount(at, amount, minlength=int(np.prod(shape))).reshape(shape)


def group_rate(rates: np.ndarray, members: np.ndarray) -> np.ndarray:
    """Return the capture rate of a group of places, (...): the sum over its members, `members` (P,) bool."""
    return rates[..., members].sum(axis=-1)


def contested_rate(amount: np.ndarray, place: np.ndarray, knew: np.ndarray, outside: np.ndarray, city: int) -> float:
    """Return the contested capture of a city: its share among firms that knew of it when they chose; nan for none.

    Parameters
    ----------
    amount : (n,)
        Firms, 1e8 yuan or jobs of each project of a studied origin.
    place : (n,) int
        Place of each project.
    knew : (n,) bool
        Whether its firm knew of the city in the quarter of its decision.
    outside : (P,) bool
        Places outside the studied origins.
    """
    contested = amount * (knew | (place == city)) * outside[place]
    total = contested.sum()
    return float(contested[place == city].sum() / total) if total > 0 else float("nan")


def of_capacity_at_risk(amount: np.ndarray, at_risk: np.ndarray) -> np.ndarray:
    """Return amounts as shares of the capacity at risk in the origins at the start, a base that no arm changes."""
    return amount / at_risk
