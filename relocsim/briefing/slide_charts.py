"""Native charts of slides: their numbers are in a workbook inside, which the office program opens and edits."""

from __future__ import annotations

import math
from typing import Any

from relocsim.briefing.blocks import Bars, Chart, Dots, Lines, Map, Mark, Steps
from relocsim.briefing.frames import Frame
from relocsim.briefing.pictures import COLOURS, colour_of
from relocsim.briefing.slide_maps import draw_map, map_numbers, middle_of
from relocsim.briefing.slide_natives import add_intervals, as_listed, colour_in, filled, scale, small, typefaces

_SPACE = "http://schemas.openxmlformats.org/drawingml/2006/chart"


def add_chart(slide: Any, chart: Chart, frame: Frame, faces: tuple[str, str]) -> None:
    """Add a chart to a slide, with words for who cannot see it."""
    from pptx.util import Inches

    if isinstance(chart.shown, Map):
        frame = middle_of(frame)
    kind, held = _numbers(chart)
    where = (Inches(one) for one in (frame.left, frame.top, frame.width, frame.height))
    shape = slide.shapes.add_chart(kind, *where, held)
    shape._element.nvGraphicFramePr.cNvPr.set("descr", chart.alt)
    native = shape.chart
    typefaces(native, faces)
    native.has_title = False
    match chart.shown:
        case Map():
            draw_map(native, chart.shown, faces)
            return
        case Dots():
            _dots(native, chart.shown)
        case Steps():
            _steps(native, chart.shown)
        case Bars():
            _bars(native, chart.shown)
        case Lines():
            _lines(native, chart.shown)
    axis = native.value_axis
    axis.has_title = True
    axis.axis_title.text_frame.text = chart.axis
    small(axis.axis_title.text_frame.paragraphs[0].runs[0].font, faces)
    axis.major_gridlines.format.line.color.rgb = colour_in("#DDDDDD")


def _numbers(chart: Chart) -> tuple[Any, Any]:
    """Return the kind of native chart and its numbers."""
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE

    held, shown = CategoryChartData(), chart.shown
    if isinstance(shown, Map):
        return XL_CHART_TYPE.XY_SCATTER_LINES_NO_MARKERS, map_numbers(shown)
    if isinstance(shown, Steps):
        return XL_CHART_TYPE.BAR_STACKED, _step_numbers(shown, chart.axis)
    if isinstance(shown, Lines):
        held.categories = shown.times
        for line in shown.lines:
            for name, values in (
                (line.label, line.mean),
                (f"{line.label} ↓", line.low),
                (f"{line.label} ↑", line.high),
            ):
                held.add_series(name, [value if value == value else None for value in values])
        return XL_CHART_TYPE.LINE, held
    if isinstance(shown, Dots):
        held.categories = [mark.label for mark in shown.marks]
        held.add_series(chart.axis, [mark.mean for mark in shown.marks])
    else:
        held.categories = shown.labels
        for name, amounts in shown.series:
            held.add_series(name, amounts)
    return XL_CHART_TYPE.BAR_CLUSTERED, held


def _dots(native: Any, shown: Dots) -> None:
    """Set bars to the colours of what may be said, and add the intervals as error bars."""
    as_listed(native)
    (series,) = native.plots[0].series
    native.plots[0].gap_width = 120
    for at, mark in enumerate(shown.marks):
        filled(series.points[at], colour_of(mark.mean, mark.clear))
    add_intervals(series, [(mark.mean - mark.low, mark.high - mark.mean) for mark in shown.marks])
    scale(native, [0.0, *(mark.low for mark in shown.marks), *(mark.high for mark in shown.marks)])


def _step_numbers(shown: Steps, axis: str) -> Any:
    """Return the numbers of a waterfall: an unseen base, and on it what reaches above and what below zero."""
    from pptx.chart.data import CategoryChartData

    held = CategoryChartData()
    held.categories = [mark.label for mark in (*shown.marks, shown.whole)]
    parts = [_stacked(mark, start) for mark, start in zip((*shown.marks, shown.whole), shown.starts, strict=True)]
    for name, values in zip(("", axis, f"{axis} (−)"), zip(*parts, strict=True), strict=True):
        held.add_series(name, values)
    return held


def _stacked(mark: Mark, start: float) -> tuple[float, float, float]:
    """Return base, part above and part below of a bar from where it starts: stacks of both signs grow from zero."""
    low, high = sorted((start, start + mark.mean))
    if low >= 0:
        return low, high - low, 0.0
    if high <= 0:
        return high, 0.0, low - high
    return 0.0, high, low


def _steps(native: Any, shown: Steps) -> None:
    """Hide the base, colour the bars, and set each interval at the end of its bar."""
    as_listed(native)
    native.plots[0].gap_width, native.plots[0].overlap = 60, 100
    base, *parts = native.plots[0].series
    base.format.fill.background()
    marks = (*shown.marks, shown.whole)
    reach: list[list[tuple[float, float] | None]] = [[None] * len(marks) for _ in range(3)]
    for at, (mark, start) in enumerate(zip(marks, shown.starts, strict=True)):
        for part in parts:
            filled(part.points[at], colour_of(mark.mean, mark.clear))
        reach[_ending(mark, start)][at] = (mark.mean - mark.low, mark.high - mark.mean)
    for series, held in zip((base, *parts), reach, strict=True):
        if any(held):
            add_intervals(series, held)
    ends = [(start + mark.low, start + mark.high, start) for mark, start in zip(marks, shown.starts, strict=True)]
    scale(native, [0.0, *(value for one in ends for value in one)])


def _ending(mark: Mark, start: float) -> int:
    """Return which of the stacked series ends where the bar does."""
    base, above, below = _stacked(mark, start)
    ends = (base, base + above if above else base, base + below if below else base)
    return next(at for at in (1, 2, 0) if math.isclose(ends[at], start + mark.mean, abs_tol=1e-9))


def _bars(native: Any, shown: Bars) -> None:
    as_listed(native)
    native.plots[0].gap_width = 60
    for series, colour in zip(native.plots[0].series, COLOURS, strict=False):
        filled(series, colour)
    native.has_legend = len(shown.series) > 1


def _lines(native: Any, shown: Lines) -> None:
    """Set means as lines, the ends of bands as thin broken ones of the same colour."""
    from lxml import etree
    from pptx.enum.chart import XL_LEGEND_POSITION
    from pptx.enum.dml import MSO_LINE
    from pptx.util import Pt

    for number, series in enumerate(native.plots[0].series):
        series.smooth = False
        line = series.format.line
        line.color.rgb = colour_in(COLOURS[number // 3 % len(COLOURS)])
        line.width = Pt(2.5 if number % 3 == 0 else 1)
        if number % 3:
            line.dash_style = MSO_LINE.DASH
    native.has_legend = True
    native.legend.position = XL_LEGEND_POSITION.BOTTOM
    native.legend.include_in_layout = False
    native.value_axis.minimum_scale = 0
    skip = etree.SubElement(native.category_axis._element, f"{{{_SPACE}}}tickLblSkip", val="4")
    native.category_axis._element.find(f"{{{_SPACE}}}noMultiLvlLbl").addprevious(skip)
    late = len(shown.times) // 3
    native.value_axis.maximum_scale = 1.15 * max(
        (v for one in shown.lines for v in one.high[late:] if v == v), default=1.0
    )
