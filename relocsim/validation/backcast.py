"""Shares and ranks of cities foretold for years to come, in a form that anyone can hold figures of their own against.

Refuses to play, and to invent what came.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from relocsim.validation.playing import Shown
from relocsim.validation.simple import shares
from relocsim.validation.skill import spearman

_ENDS = (0.025, 0.5, 0.975)


def foretold(shown: Mapping[str, Shown], groups: Mapping[str, tuple[str, ...]], after: int) -> pd.DataFrame:
    """Return one row a case, city and year after `after`: share among the cities of its case, rank, with 95 % of replicates.

    Shares are of what came since the start of the run: a year of a small city is luck.
    """
    rows = []
    for case, cities in groups.items():
        one = shown[case]
        ids = list(one.spec.world.places)
        at = [ids.index(city) for city in cities]
        first = one.spec.scenario.start.year
        summed = np.cumsum(one.yearly[:, at], axis=2)
        for year in range(after + 1, first + summed.shape[2]):
            each = shares(summed[:, :, year - first])
            there = each[np.isfinite(each).all(axis=1)]
            rank = (there[:, None, :] > there[:, :, None]).sum(axis=2) + 1
            for column, city in enumerate(cities):
                share, ranks = _ends(there[:, column]), _ends(rank[:, column])
                rows.append(
                    {"case": case, "city": city, "year": year, **_named("share", share), **_named("rank", ranks)}
                )
    return pd.DataFrame(rows)


def held_against(table: pd.DataFrame, actual: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what was foretold beside what came, by city and year; and by case and year how well it fits.

    `actual` has city, year and value in any one unit. Shares are among the cities of the case that it holds in that year.
    The second table: cities, rank correlation, part of the actual shares within their intervals, half the sum of errors.
    """
    both = table.merge(actual, on=["city", "year"], how="inner")
    if both.empty:
        return both, pd.DataFrame(columns=["case", "year", "cities", "rank_correlation", "covered", "error"])
    by = both.groupby(["case", "year"])
    both["actual_share"] = both["value"] / by["value"].transform("sum")
    known = by["share_median"].transform("sum")
    for name in ("share_low", "share_median", "share_high"):
        both[name] = both[name] / known  # among the cities that the table holds
    both["inside"] = (both["share_low"] <= both["actual_share"]) & (both["actual_share"] <= both["share_high"])
    fits = [
        {
            "case": case,
            "year": year,
            "cities": len(part),
            "rank_correlation": float(spearman(part["share_median"].to_numpy(), part["actual_share"].to_numpy())),
            "covered": float(part["inside"].mean()),
            "error": float((part["share_median"] - part["actual_share"]).abs().sum() / 2),
        }
        for (case, year), part in both.groupby(["case", "year"])
    ]
    return both, pd.DataFrame(fits)


def template(groups: Mapping[str, tuple[str, ...]], years: range) -> str:
    """Return an empty table of actual values, to be filled in: city, year, value."""
    cities = dict.fromkeys(city for group in groups.values() for city in group)
    lines = [f"{city},{year}," for city in cities for year in years]
    note = "# Foreign investment actually used, in one unit for all rows (million USD); leave unknown ones blank."
    return "\n".join([note, "city,year,value", *lines, ""])


def _ends(values: np.ndarray) -> np.ndarray:
    return np.quantile(values, _ENDS) if len(values) else np.full(3, np.nan)


def _named(name: str, ends: np.ndarray) -> dict[str, float]:
    return {f"{name}_{end}": float(value) for end, value in zip(("low", "median", "high"), ends, strict=True)}
