"""Reactive charts of an answer: capture over time in a city, and effects of what-ifs side by side.

Made of the tables that the printed charts draw (`relocsim.report.charts.time`, `charts_effects`), in the same colours.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from string import ascii_lowercase

import pandas as pd

from relocsim.app.charts.intervals import intervals
from relocsim.app.charts.parts import (
    Drawn,
    Option,
    band,
    framed,
    grid,
    legend,
    measured_axis,
    read_by_axis,
    round_scale,
    said,
)  # fmt: skip
from relocsim.language import Words
from relocsim.language.words import decimals
from relocsim.metrics.effects import Estimate
from relocsim.report.theme import BLUE, GREY, INK, VERMILLION
from relocsim.world.calendar import Quarter

_SETTLED = 1 / 3
"""Share of the period after which a cumulated rate is steady enough to set the scale, as in the printed chart."""
_FIRST_QUARTERS, _YEAR = "(at, quarter) => quarter.endsWith('Q1')", "quarter => quarter.slice(0, 4)"


def over_time(
    timeline: pd.DataFrame, place: str, arms: Mapping[str, str], starts: Mapping[str, Quarter], *, title: str, words: Words
) -> Drawn:  # fmt: skip
    """Return the chart of the capture rate of one place by investment, cumulated from the start, with its bands.

    Parameters
    ----------
    timeline
        Tidy table with arm, place, quarter, mean, low, high (shares).
    arms
        Names for readers of the arms that are drawn, the baseline first.
    starts
        First quarters of policies by their names, marked with letters that the caption explains.
    """
    found = {arm: timeline[(timeline["arm"] == arm) & (timeline["place"] == place)] for arm in arms}
    quarters = [str(quarter) for quarter in next(iter(found.values()))["quarter"]]
    series = [one for at, arm in enumerate(arms) for one in _band(found[arm], arms[arm], (BLUE, VERMILLION)[at], words)]
    marks, caption = _marks(starts, quarters, words)
    series[0]["markLine"] = marks
    option = framed(
        title, series=series, grid=grid(top=80, bottom=28), legend=legend(list(arms.values())),
        xAxis={
            "type": "category", "data": quarters, "boundaryGap": False,
            "axisLabel": {"color": INK, "hideOverlap": True, ":interval": _FIRST_QUARTERS, ":formatter": _YEAR},
            "axisTick": {":interval": _FIRST_QUARTERS},
        },
        yAxis=measured_axis(words("share of investment placed so far, %"), gap=28, min=0, **_scale(found.values())),
    )  # fmt: skip
    read_by_axis(option)
    return Drawn(title, caption, option, 380)


def _band(rows: pd.DataFrame, name: str, colour: str, words: Words) -> list[Option]:
    """Return the line of one arm and its band: its low end, and upon that its width."""
    held = []
    for row in rows.itertuples():
        mean, bottom, top = (100 * float(value) for value in (row.mean, row.low, row.high))  # type: ignore[arg-type]
        places = decimals(*(value for value in (mean, bottom, top) if math.isfinite(value)))
        share = words.between(*(words.plain(value, places) for value in (mean, bottom, top)))
        told = said(words("{quarter}, {arm}: {share} %", quarter=words.quarter(Quarter.parse(str(row.quarter))), arm=name,
                          share=share))  # fmt: skip
        held.append((mean, bottom, top, told))
    return band(name, held, colour=colour, symbols=False)


def _scale(found: Iterable[pd.DataFrame]) -> Option:
    """Return end and steps of the axis, which holds all lines once they have settled; none where there are none."""
    highest = 0.0
    for rows in found:
        late = 100 * rows[["mean", "high"]].iloc[int(_SETTLED * (len(rows) - 1)) :].to_numpy()
        highest = max([highest, *(float(value) for value in late.ravel() if math.isfinite(value))])
    return round_scale(1.05 * highest) if highest else {}


def _marks(starts: Mapping[str, Quarter], quarters: Sequence[str], words: Words) -> tuple[Option, str]:
    """Return lines at the first quarters of policies, with letters, and what the letters mean."""
    by_quarter: dict[Quarter, list[str]] = {}
    for name, quarter in starts.items():
        if str(quarter) in quarters:
            by_quarter.setdefault(quarter, []).append(name)
    lines, told = [], []
    for letter, (quarter, held) in zip(ascii_lowercase, sorted(by_quarter.items()), strict=False):
        lines.append({"xAxis": str(quarter), "label": {"formatter": letter, "position": "insideEndTop", "color": GREY,
                                                       "fontWeight": "bold", "rotate": 0}})  # fmt: skip
        told.append(f"{letter} {words.quarter(quarter)}: {words.listed(held)}")
    line = {"symbol": "none", "silent": True, "lineStyle": {"color": GREY, "type": "dotted"}, "data": lines}
    return line, "; ".join(told)


def side_by_side(effects: Mapping[str, Estimate], *, title: str, words: Words) -> Drawn:
    """Return the chart of paired effects on the capture rate, percentage points, by names of what-ifs, first on top.

    Grey: the interval touches or crosses zero, and nothing is said of the sign.
    """

    def told(one: Estimate) -> str:
        interval = words.interval_name(one.coverage, one.replicates)
        return words("{span} percentage points ({interval})", span=words.span(one, 100.0), interval=interval)

    axis = words("effect on the capture rate, percentage points")
    return intervals(
        list(effects.items()), axis=axis, title=title, words=words, scale=100.0, colour=VERMILLION, told=told
    )
