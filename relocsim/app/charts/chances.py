"""The chance of meeting a target, one bar an arm, with the exact interval and the level that is asked for."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from relocsim.answers.targets_met import Chances
from relocsim.app.charts.parts import Drawn, framed, grid, row_axis, rows_high, tip, upright, value_axis, whiskers
from relocsim.language import ENGLISH, Words
from relocsim.report.effects import estimate_of
from relocsim.report.tables import records
from relocsim.report.theme import BLUE, SKY, VERMILLION

SIDES = ("baseline", "what-if")
"""Names of the first two that are played."""


def chances(
    table: pd.DataFrame, *, names: Mapping[str, str], level: float, title: str, caption: str, scale: float = 1.0,
    words: Words = ENGLISH,
) -> Drawn:  # fmt: skip
    """Return the chances of a table as `answers.targets_met.Chances.table` makes it, in its order."""
    rows = records(table)
    named = [names.get(row["change"], row["change"]) for row in rows]
    bars = [
        {
            "value": 100 * row["chance"],
            "itemStyle": {"color": BLUE if row["chance"] >= level else SKY},
            "tooltip": tip(named[at], chance_words(row, words), _yardstick(row, scale, words)),
        }
        for at, row in enumerate(rows)
    ]
    bar = {"type": "bar", "data": bars, "barCategoryGap": "40%", "markLine": upright(100 * level, colour=VERMILLION)}
    lines = whiskers(
        words("interval"), [(100 * row["chance_low"], 100 * row["chance_high"], at) for at, row in enumerate(rows)]
    )
    axis = words("chance of meeting the target, % of replicates (line: the level asked for)")
    option = framed(
        title, series=[bar, *lines], grid=grid(top=12), xAxis=value_axis(axis, min=0, max=100), yAxis=row_axis(named)
    )
    return Drawn(title, caption, option, rows_high(len(rows), around=80, each=44))


def chance_words(row: Mapping[str, float], words: Words) -> str:
    """Return a chance with its interval."""
    chance, low, high = (words.percent(row[name]) for name in ("chance", "chance_low", "chance_high"))
    return words.between(chance, low, high)


def _yardstick(row: Mapping[str, float], scale: float, words: Words) -> str:
    return words("yardstick: {amount}", amount=words.span(estimate_of(row), scale, sign=False))


def chances_title(found: Chances, names: dict[str, str], words: Words) -> str:
    """Return the chances of both sides, and the cheapest that reaches the level."""
    table = found.table.set_index("change")
    one, two = (chance_words(table.loc[name].to_dict(), words) for name in SIDES)
    title = words(
        "The target is met with a chance of {one} in the baseline and {two} with the what-if", one=one, two=two
    )
    level = words.percent(found.level)
    if found.cheapest is None:
        return title + words("; none reaches {level}", level=level)
    return title + words("; cheapest of those that reach {level}: {name}", level=level, name=names[found.cheapest])


def chance_rows(table: pd.DataFrame, names: dict[str, str], scale: float, words: Words) -> list[list[str]]:
    """Return one row an arm in words: chance, yardstick, cost."""
    rows = []
    for row in records(table):
        cost = words.signed(row["cost"])
        rows.append(
            [names[row["change"]], chance_words(row, words), words.span(estimate_of(row), scale, sign=False), cost]
        )
    return rows
