"""The cost sheet of a sector by place, and supporting depth by sector: the same figures as the printed charts."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from relocsim.app.charts.parts import (
    Drawn,
    Option,
    framed,
    grid,
    legend,
    row_axis,
    rows_high,
    said,
    tip,
    upright,
    value_axis,
)
from relocsim.language import ENGLISH, Words
from relocsim.report.charts.costs import COLOURS, deviations
from relocsim.report.charts.delivery import depth_title
from relocsim.report.tables import records
from relocsim.report.terms import short, term
from relocsim.report.theme import BLACK, BLUE, LIGHT, ORANGE, VERMILLION


def cost_sheet(
    sheet: pd.DataFrame, *, home: str, city: str, names: Mapping[str, str], title: str, caption: str,
    words: Words = ENGLISH,
) -> Drawn:  # fmt: skip
    """Return the chart of a cost sheet (chosen rows of `costsheets.sector_sheet`): deviations from home, total marked."""
    rows, gaps = deviations(sheet, home)
    order = rows.index[::-1]  # the cheapest on top
    rows = rows.loc[order]
    named = [short(names[place]) for place in rows["place"]]
    tips = [_row_told(row, {name: found[-1 - at] for name, found in gaps.items()}, named[at], words)
            for at, row in enumerate(records(rows))]  # fmt: skip
    series: list[Option] = [
        {
            "type": "bar", "name": term(name, words), "stack": "parts", "itemStyle": {"color": COLOURS[name]},
            "barCategoryGap": "28%", "emphasis": {"focus": "series"},
            "data": [round(float(value), 6) for value in found[::-1]],
        }
        for name, found in gaps.items()
    ]  # fmt: skip
    series.append(
        {
            "type": "scatter", "name": words("total"), "symbol": "diamond", "symbolSize": 11, "z": 5,
            "itemStyle": {"color": BLACK, "borderColor": "white", "borderWidth": 1},
            "data": [
                {"value": [round(float(value), 6), at], "tooltip": {"formatter": tips[at]}}
                for at, value in enumerate(rows["difference"])
            ],
            "markLine": upright(0.0, colour=BLACK),
        }
    )  # fmt: skip
    for one in series[:-1]:
        one["data"] = [{"value": value, "tooltip": {"formatter": tips[at]}} for at, value in enumerate(one["data"])]
    own = next((at for at, place in enumerate(rows["place"]) if place == city), None)
    option = framed(
        title,
        series=series,
        grid=grid(top=96),
        legend=legend([one["name"] for one in series]),
        xAxis=value_axis(
            words("unit cost less that at home in {home}, yuan per 100 yuan of output", home=short(names[home]))
        ),
        yAxis=row_axis(named, bold=own, colour=BLUE),
    )
    return Drawn(title, caption, option, rows_high(len(rows), around=150))


def _row_told(row: Mapping[str, float], gaps: Mapping[str, float], name: str, words: Words) -> str:
    """Return what is told of a place: the difference, then its parts, largest first."""
    parts = sorted(gaps, key=lambda part: -abs(gaps[part]))
    lines = [f"{term(part, words)} {words.signed(gaps[part], 2)}" for part in parts if abs(gaps[part]) >= _TOLD]
    total = words("total {total}, {gap} against home", total=words.plain(row["total"], 2),
                  gap=words.signed(row["difference"], 2))  # fmt: skip
    return said(name, total, *lines)


_TOLD = 5e-3
"""Difference of a component below which it is not told."""


_BESIDE = 170
"""Room to the right of bars for what is written at their ends, pixels."""


def depth(sectors: pd.DataFrame, *, city: str, names: Mapping[str, str], caption: str, words: Words = ENGLISH) -> Drawn:
    """Return supporting depth by sector in a city, the thinnest on top (see `charts_delivery.depth_chart`)."""
    rows = sectors.sort_values(["depth", "sector"], kind="stable", ignore_index=True)
    title = depth_title(rows, city=city, names=names, words=words)
    bars = []
    for row in records(rows):
        lacks = words("lacks {links}", links=words.listed(list(row["missing"]))) if len(row["missing"]) else ""
        bars.append(
            {
                "value": float(row["depth"]),
                "itemStyle": {"color": ORANGE if lacks else BLUE},
                "label": {"show": True, "position": "right", "color": VERMILLION, "width": 280, "overflow": "truncate",
                          "formatter": lacks.replace("{", "(").replace("}", ")")},
                "tooltip": tip(names.get(row["sector"], row["sector"]), words.plain(float(row["depth"]), 2), lacks),
            }
        )  # fmt: skip
    bar = {"type": "bar", "data": bars, "barCategoryGap": "35%", "showBackground": True,
           "backgroundStyle": {"color": LIGHT, "opacity": 0.25}}  # fmt: skip
    axis = words("supporting depth: share of inputs met on the spot or near (orange: a key link is missing)")
    option = framed(
        title, series=[bar], grid=grid(top=12, right=_BESIDE), xAxis=value_axis(axis, min=0, max=1, interval=0.2),
        yAxis=row_axis([names.get(name, name) for name in rows["sector"]]),
    )  # fmt: skip
    return Drawn(title, caption, option, rows_high(len(rows), around=70, each=34))
