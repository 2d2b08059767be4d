"""Concentration: whether an industry stands in one place or is split over many. Arrays in, numbers out."""

from __future__ import annotations

import numpy as np


def herfindahl(amounts: np.ndarray) -> np.ndarray:
    """Return the sum of squared shares over the last axis, (...): 1 / n where n places share evenly, 1 where one has all.

    `amounts` is (..., P), not negative, say output by sector and member of a group. Nothing anywhere: nan.
    """
    total = amounts.sum(axis=-1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(total > 0, amounts / total, np.nan)
    return (share**2).sum(axis=-1)


def mean_concentration(amounts: np.ndarray) -> float:
    """Return the Herfindahl index over members, sectors weighted by their amount; `amounts` is (S, P)."""
    weight = amounts.sum(axis=1)
    held = weight > 0
    return float(np.average(herfindahl(amounts[held]), weights=weight[held])) if held.any() else float("nan")


def ellison_glaeser(amounts: np.ndarray, area: np.ndarray, plants: np.ndarray) -> np.ndarray:
    """Return the index of Ellison & Glaeser (1997, Journal of Political Economy 105) by sector, (S,).

    (G / (1 - sum x^2) - H) / (1 - H), with G = sum (s - x)^2: zero in expectation where plants settle by themselves in
    proportion to places, one where all stand together.

    Parameters
    ----------
    amounts : (S, P)
        Employment or output of each sector by place.
    area : (P,)
        Size of places: all employment or output.
    plants : (S,)
        Herfindahl index of plant sizes within each sector, below one.
    """
    share = amounts / amounts.sum(axis=1, keepdims=True)
    size = area / area.sum()
    raw = ((share - size) ** 2).sum(axis=1) / (1 - (size**2).sum())
    return (raw - plants) / (1 - plants)
