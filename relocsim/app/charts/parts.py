"""What all reactive charts share: their looks, texts that are safe in a tooltip, intervals, tables behind them.

Options of ECharts are plain dictionaries of JSON, without any code. Refuses to compute what is shown.
"""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from relocsim.report.theme import GREY, INK, LIGHT

Option: TypeAlias = dict[str, Any]
"""An option of ECharts."""
FONTS = "system-ui, 'Noto Sans', 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"
"""Fonts of the reader's machine, some of which write Chinese."""
_ROW = 26
"""Height of a row of bars, pixels."""

_STEPS = 5


@dataclass(frozen=True)
class Drawn:
    """A reactive chart with what is written around it."""

    title: str
    """Its finding."""
    caption: str
    """What was played, how often, of which scenario."""
    option: Option
    height: int = 420
    """Pixels."""
    aspect: float | None = None
    """Width over height of the whole, where it has to be kept."""
    note: str = ""
    """What has to be known to read it."""


def framed(title: str, *, series: Sequence[Option], **more: Any) -> Option:
    """Return an option with the looks that all charts share; `title` is read to those who do not see it."""
    return {
        "aria": {"enabled": True, "label": {"description": title}},
        "animationDuration": 250,
        "animationDurationUpdate": 250,
        "textStyle": {"fontFamily": FONTS, "fontSize": 13, "color": INK},
        "tooltip": {"trigger": "item", "confine": True, "textStyle": {"fontSize": 13, "color": INK}},
        "series": list(series),
        **more,
    }


def value_axis(name: str, **more: Any) -> Option:
    """Return a horizontal axis of numbers with its name and unit below."""
    return {
        "type": "value",
        "name": name,
        "nameLocation": "middle",
        "nameGap": 30,
        "nameTextStyle": {"fontSize": 13, "color": INK},
        "axisLabel": {"color": INK, "hideOverlap": True},
        "axisLine": {"onZero": False},
        "splitLine": {"lineStyle": {"color": "#EEEEEE"}},
        **more,
    }


def measured_axis(name: str, *, gap: int = 12, **more: Any) -> Option:
    """Return a vertical axis of numbers with its name and unit above."""
    style = {"align": "left", "color": INK, "fontSize": 13}
    return value_axis(name, nameLocation="end", nameGap=gap, nameTextStyle=style, **more)


def round_scale(highest: float) -> Option:
    """Return end and steps of an axis from zero that holds a number above it: at most five steps of 1, 2 or 5."""
    power = 10.0 ** math.floor(math.log10(highest / _STEPS))
    step = next(power * digit for digit in (1, 2, 5, 10) if _STEPS * power * digit >= highest)
    return {"max": float(f"{step * math.ceil(highest / step):.6g}"), "interval": float(f"{step:.6g}")}


def row_axis(names: Sequence[str], *, bold: int | None = None, colour: str = INK, **more: Any) -> Option:
    """Return a vertical axis of names, the first on top; the one that is bold has a colour of its own."""
    marked = {"fontWeight": "bold", "color": colour}
    rows = [{"value": name, "textStyle": marked} if at == bold else name for at, name in enumerate(names)]
    label = {"color": INK, "width": 190, "overflow": "break", "interval": 0}
    tick = {"axisTick": {"show": False}, "axisLine": {"show": False}}
    return {"type": "category", "data": rows, "inverse": True, "axisLabel": label, **tick, **more}


def grid(*, top: int = 56, right: int = 28, bottom: int = 30) -> Option:
    """Return the place of the axes, their labels inside."""
    return {"left": 8, "right": right, "top": top, "bottom": bottom, "containLabel": True}


def rows_high(rows: int, *, around: int = 110, each: int = _ROW) -> int:
    """Return the height that so many rows need, pixels."""
    return around + each * max(rows, 1)


def said(*lines: str) -> str:
    """Return lines for a tooltip: nothing in them is read as mark-up or as a place-holder."""
    return "<br>".join(html.escape(line).replace("{", "&#123;") for line in lines if line)


def tip(*lines: str) -> Option:
    """Return the tooltip of one item."""
    return {"formatter": said(*lines)}


def number(value: float) -> float | None:
    """Return a number as JSON takes it: none where there is none."""
    return float(value) if math.isfinite(value) else None


def between_rows(rows: int) -> Option:
    """Return a hidden vertical axis on which numbers between rows of a `row_axis` have their place: 0 is the first."""
    return {"type": "value", "show": False, "inverse": True, "min": -0.5, "max": max(rows, 1) - 0.5}


def whiskers(
    name: str, rows: Sequence[tuple[float, float, float]], *, colour: str = INK, y_axis: int = 0
) -> list[Option]:
    """Return intervals, (low, high, row): a line each, and its ends, which the axis makes room for.

    Rows are positions of a category axis, or numbers between them on an axis of its own (`between_rows`).
    """
    held = [(low, high, at) for low, high, at in rows if math.isfinite(low) and math.isfinite(high)]
    lines = {
        "type": "lines", "coordinateSystem": "cartesian2d", "name": name, "silent": True, "z": 4, "yAxisIndex": y_axis,
        "lineStyle": {"color": colour, "width": 1.6, "opacity": 1},
        "data": [{"coords": [[low, at], [high, at]]} for low, high, at in held],
    }  # fmt: skip
    ends = {
        "type": "scatter", "name": name, "silent": True, "yAxisIndex": y_axis, "z": 4,
        "symbol": "rect", "symbolSize": [1.6, 9],
        "itemStyle": {"color": colour}, "data": [[end, at] for low, high, at in held for end in (low, high)],
    }  # fmt: skip
    return [lines, ends]


def band(
    name: str, rows: Sequence[tuple[float, float, float, str]], *, colour: str, symbols: bool = True
) -> list[Option]:
    """Return a line and its band, (mean, low, high, what the pointer reads): low ends, and upon them the widths."""
    quiet = {"type": "line", "stack": f"band {name}", "symbol": "none", "silent": True, "animation": False,
             "stackStrategy": "all", "lineStyle": {"width": 0.7, "color": colour, "opacity": 0.6}}  # fmt: skip
    line = [{"value": number(mean), "told": told} for mean, _, _, told in rows]
    return [
        {"type": "line", "name": name, "data": line, "symbol": "circle", "showSymbol": symbols, "symbolSize": 6, "z": 4,
         "lineStyle": {"width": 2.5, "color": colour}, "itemStyle": {"color": colour}},
        {**quiet, "data": [number(low) for _, low, _, _ in rows]},
        {**quiet, "data": [number(high - low) for _, low, high, _ in rows],
         "areaStyle": {"color": colour, "opacity": 0.14}},
    ]  # fmt: skip


def read_by_axis(option: Option) -> None:
    """Let the pointer read all lines at once (`band`): texts that were made with the numbers, and escaped there."""
    told = "items => items.map(item => item.data.told || '').filter(text => text).join('<br>')"
    option["tooltip"] |= {"trigger": "axis", ":formatter": told}


def upright(value: float, *, colour: str = GREY, kind: str = "solid") -> Option:
    """Return a vertical line at a value, as the `markLine` of a series."""
    line = {"color": colour, "type": kind, "width": 1}
    return {
        "silent": True, "symbol": "none", "precision": 12, "label": {"show": False}, "lineStyle": line,
        "data": [{"xAxis": value}],
    }  # fmt: skip


def legend(names: Sequence[str], **more: Any) -> Option:
    """Return a legend above the chart, of the series named."""
    return {"data": list(names), "top": 0, "left": 0, "itemWidth": 16, "itemHeight": 11, "inactiveColor": LIGHT, **more}
