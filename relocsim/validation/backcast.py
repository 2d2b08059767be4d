"""Shares and ranks of cities foretold for years to come, in a form that anyone can hold figures of their own against.

Refuses to play, and to invent what came.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from relocsim.validation.playing import Shown
from relocsim.validation.simple import shares
from relocsim.validation.skill import spearman

_ENDS = (0.025, 0.5, 0.975)
_FEWEST = 2
"""Cities below which a share says nothing."""


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


def held_against(
    shown: Mapping[str, Shown], groups: Mapping[str, tuple[str, ...]], after: int, actual: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what was foretold beside what came, by city and year; and by case and year how well it fits.

    `actual` has city, year and value in any one unit. Both sides add up the same years: those of the table after `after`,
    up to the one named. Shares are among the cities of the case of which all these years are known, replicate by replicate.
    The second table: cities, rank correlation, part of the actual shares within their intervals, half the sum of errors.
    """
    rows: list[dict[str, object]] = []
    for case, cities in groups.items():
        one = shown[case]
        first, last = one.spec.scenario.start.year, one.spec.scenario.end.year
        there = actual["year"].between(max(after + 1, first), last) & actual["city"].isin(cities)
        came = actual[there].pivot(index="city", columns="year", values="value")
        for count in range(1, came.shape[1] + 1):
            known = came.iloc[:, :count].dropna()
            rows += _held(case, one, known.sum(axis=1), [int(year) - first for year in known.columns])
    both = pd.DataFrame(rows)
    if both.empty:
        return both, pd.DataFrame(columns=["case", "year", "cities", "rank_correlation", "covered", "error"])
    fits = [
        {
            "case": case,
            "year": year,
            "cities": len(part),
            "rank_correlation": float(spearman(part["share_median"].to_numpy(), part["actual_share"].to_numpy())),
            "covered": float(part["inside"].mean()),
            "error": float((part["share_median"] - part["actual_share"]).abs().sum() / 2),
        }
        for (case, year), part in both.groupby(["case", "year"], sort=False)
    ]
    return both, pd.DataFrame(fits)


def _held(case: str, one: Shown, came: pd.Series, years: list[int]) -> Iterator[dict[str, object]]:
    """Yield a row a city: what came (by city) beside replicates' shares; `years` are columns of `Shown.yearly`."""
    if len(came) < _FEWEST or came.sum() <= 0:
        return
    ids = list(one.spec.world.places)
    amount = one.yearly[:, [ids.index(city) for city in came.index]][:, :, years].sum(axis=2)
    each = shares(amount)
    each = each[np.isfinite(each).all(axis=1)]
    for column, (city, value) in enumerate(came.items()):
        ends = _named("share", _ends(each[:, column]))
        share = float(value / came.sum())
        inside = ends["share_low"] <= share <= ends["share_high"]
        year = one.spec.scenario.start.year + years[-1]
        told = {"case": case, "city": city, "year": year, "value": float(value), "actual_share": share}
        yield {**told, **ends, "inside": inside}


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
