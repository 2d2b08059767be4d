"""Reactive charts of a batch: a figure by the levels of a factor, by two factors, over time.

Made of the tables that the printed charts draw (`relocsim.report.charts.batch`, `phase_chart`). Refuses to compute.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from relocsim.app.charts.parts import (
    Drawn,
    Option,
    band,
    framed,
    grid,
    legend,
    measured_axis,
    number,
    read_by_axis,
    row_axis,
    rows_high,
    said,
    tip,
    upright,
    value_axis,
    whiskers,
)  # fmt: skip
from relocsim.language import Words
from relocsim.report.charts.batch import Axis, course_title, level_name, levels_title
from relocsim.report.charts.design import DIVERGING, phase_title
from relocsim.report.effects import estimate_of
from relocsim.report.tables import records
from relocsim.report.terms import capital
from relocsim.report.theme import BLUE, GREEN, GREY, INK, ORANGE, PURPLE, SKY, VERMILLION

LINES = (BLUE, VERMILLION, GREEN, ORANGE, PURPLE, SKY)
_PALE = 0.45


def levels(table: pd.DataFrame, axis: Axis, *, caption: str, note: str, words: Words) -> Drawn:
    """Return the chart of a figure (or its paired change) by the levels of a factor, with intervals."""
    title = levels_title(table, axis, words)
    if axis.spread:
        return _spread(table, axis, title, caption, note, words)
    names = [level_name(row["level"], words) for row in records(table)]
    points: list[Option] = []
    lines: list[Option] = []
    for at, row in enumerate(records(table)):
        colour = (
            GREY if axis.change and not (row["low"] > 0 or row["high"] < 0) else VERMILLION if axis.change else BLUE
        )
        told = tip(f"{axis.factor}: {names[at]}", _told(row, axis, words))
        points.append({"value": [number(row["mean"]), at], "tooltip": told, "itemStyle": {"color": colour}})
        lines += whiskers(names[at], [(row["low"], row["high"], at)], colour=colour)
    marked: Option = {"type": "scatter", "data": points, "symbolSize": 12, "z": 5}
    if axis.change:
        marked["markLine"] = upright(0.0, colour=INK)
    option = framed(
        title, series=[marked, *lines], grid=grid(top=12, bottom=36), xAxis=value_axis(axis.measured, scale=True),
        yAxis=row_axis(names, name=axis.factor, nameLocation="start", nameTextStyle={"align": "left"}),
    )  # fmt: skip
    return Drawn(title, caption, option, rows_high(len(names), around=110, each=34), note=note)


def _told(row: dict[str, float], axis: Axis, words: Words) -> str:
    return words("{span} {unit} (n = {count})", span=words.span(estimate_of(row), sign=axis.change), unit=axis.unit,
                 count=int(row["replicates"]))  # fmt: skip


def _spread(table: pd.DataFrame, axis: Axis, title: str, caption: str, note: str, words: Words) -> Drawn:
    """Return a point for each point of a sampled design, by the value of one factor."""
    points, spans = [], []
    for row in records(table):
        told = tip(f"{axis.factor}: {row['level']:g}", _told(row, axis, words))
        points.append({"value": [number(row["level"]), number(row["mean"])], "tooltip": told})
        if row["low"] < row["high"]:
            spans.append({"coords": [[row["level"], row["low"]], [row["level"], row["high"]]]})
    lines = {"type": "lines", "coordinateSystem": "cartesian2d", "silent": True, "data": spans,
             "lineStyle": {"color": BLUE, "width": 1, "opacity": 0.35}}  # fmt: skip
    marked = {"type": "scatter", "data": points, "symbolSize": 7, "itemStyle": {"color": BLUE}, "z": 5}
    option = framed(
        title,
        series=[marked, lines],
        grid=grid(top=44, bottom=40),
        xAxis=value_axis(axis.factor, scale=True),
        yAxis=measured_axis(axis.measured, scale=True),
    )
    return Drawn(title, caption, option, 400, note=note)


def phases(
    cells: pd.DataFrame, names: tuple[str, str], *, effect: str, unit: str, caption: str, words: Words
) -> Drawn:  # fmt: skip
    """Return the phase diagram: an effect by two factors; cells whose sign is not clear are pale."""
    columns, rows = sorted(cells["x"].unique()), sorted(cells["y"].unique())
    largest = float(np.nanmax(np.abs(cells["mean"]))) or 1.0
    title = phase_title(cells, effect=capital(effect), words=words)
    held = []
    for row in records(cells):
        clear = row["low"] > 0 or row["high"] < 0
        x, y = level_name(row["x"], words), level_name(row["y"], words)
        dark = clear and abs(row["mean"]) > 0.55 * largest
        told = said(f"{names[0]}: {x}", f"{names[1]}: {y}", f"{words.span(estimate_of(row))} {unit}")
        held.append({
            "value": [columns.index(row["x"]), rows.index(row["y"]), number(row["mean"])],
            "tooltip": {"formatter": told}, "itemStyle": {"opacity": 1.0 if clear else _PALE},
            "label": {"formatter": words.signed(row["mean"]) + ("" if clear else " ?"), "opacity": 1,
                      "color": "#FFFFFF" if dark else INK},
        })  # fmt: skip
    map_ = {
        "type": "heatmap",
        "data": held,
        "label": {"show": True},
        "itemStyle": {"borderColor": "#FFFFFF", "borderWidth": 2},
    }
    across = {**_across(columns, words), "name": names[0], "nameLocation": "middle", "nameGap": 30}
    up = {**_across(rows, words), "name": names[1], "nameTextStyle": {"align": "left", "color": INK, "fontSize": 13}}
    shades = {"min": -largest, "max": largest, "calculable": True, "orient": "vertical", "right": 0, "top": "middle",
              "inRange": {"color": list(DIVERGING)}, "precision": 2}  # fmt: skip
    option = framed(
        title, series=[map_], grid=grid(top=40, right=90, bottom=40), xAxis=across, yAxis=up, visualMap=shades
    )
    note = words("Pale and with a question mark: the sign is not clear.")
    return Drawn(title, caption, option, rows_high(len(rows), around=150, each=54), note=note)


def _across(found: Sequence[object], words: Words) -> Option:
    return {"type": "category", "data": [level_name(one, words) for one in found], "axisLabel": {"color": INK},
            "nameTextStyle": {"color": INK, "fontSize": 13}, "axisTick": {"show": False}}  # fmt: skip


def course(table: pd.DataFrame, axis: Axis, *, caption: str, words: Words) -> Drawn:
    """Return the course of a flow or column of a place over time, a line and a band a level of a factor."""
    title = course_title(table, axis, words)
    series: list[Option] = []
    names = []
    for at, (level, rows) in enumerate(table.groupby("level", sort=False)):
        name = level_name(level, words) or words("all chosen points")
        names.append(name)
        series += _band(rows, name, LINES[at % len(LINES)], axis, words)
    option = framed(
        title, series=series, grid=grid(top=66, bottom=28), legend=legend(names),
        xAxis={"type": "category", "data": list(dict.fromkeys(table["period"])), "boundaryGap": False,
               "axisLabel": {"color": INK, "hideOverlap": True}},
        yAxis=measured_axis(axis.measured, scale=True),
    )  # fmt: skip
    read_by_axis(option)
    return Drawn(title, caption, option, 400)


def _band(rows: pd.DataFrame, name: str, colour: str, axis: Axis, words: Words) -> list[Option]:
    held = [
        (row["mean"], row["low"], row["high"], said(f"{row['period']}, {name}: {_told(row, axis, words)}"))
        for row in records(rows)
    ]
    return band(name, held, colour=colour)
