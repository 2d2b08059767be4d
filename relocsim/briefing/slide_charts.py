"""Native charts of slides: their numbers are in a workbook inside, which the office program opens and edits."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from relocsim.briefing.blocks import Bars, Chart, Dots, Lines
from relocsim.briefing.pictures import COLOURS, colour_of

if TYPE_CHECKING:
    from relocsim.briefing.slide_parts import Frame

_SPACE = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_MAIN = "http://schemas.openxmlformats.org/drawingml/2006/main"


def add_chart(slide: Any, chart: Chart, frame: Frame, faces: tuple[str, str]) -> None:
    """Add a chart to a slide, with words for who cannot see it."""
    from pptx.util import Inches

    kind, held = _numbers(chart)
    where = (Inches(one) for one in (frame.left, frame.top, frame.width, frame.height))
    shape = slide.shapes.add_chart(kind, *where, held)
    shape._element.nvGraphicFramePr.cNvPr.set("descr", chart.alt)
    native = shape.chart
    _typefaces(native, faces)
    native.has_title = False
    if isinstance(chart.shown, Dots):
        _dots(native, chart.shown)
    elif isinstance(chart.shown, Bars):
        _bars(native, chart.shown)
    else:
        _lines(native, chart.shown)
    axis = native.value_axis
    axis.has_title = True
    axis.axis_title.text_frame.text = chart.axis
    _small(axis.axis_title.text_frame.paragraphs[0].runs[0].font, faces)
    axis.major_gridlines.format.line.color.rgb = _colour("#DDDDDD")


def _numbers(chart: Chart) -> tuple[Any, Any]:
    """Return the kind of native chart and its numbers."""
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE

    held, shown = CategoryChartData(), chart.shown
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
    from lxml import etree

    _as_listed(native)
    (series,) = native.plots[0].series
    native.plots[0].gap_width = 120
    for at, mark in enumerate(shown.marks):
        point = series.points[at].format.fill
        point.solid()
        point.fore_color.rgb = _colour(colour_of(mark.mean, mark.clear))
    bars = etree.SubElement(series._element, f"{{{_SPACE}}}errBars")
    for name, value in (("errBarType", "both"), ("errValType", "cust"), ("noEndCap", "0")):
        etree.SubElement(bars, f"{{{_SPACE}}}{name}", val=value)
    _literal(bars, "plus", [mark.high - mark.mean for mark in shown.marks])
    _literal(bars, "minus", [mark.mean - mark.low for mark in shown.marks])
    series._element.find(f"{{{_SPACE}}}cat").addprevious(bars)
    ends = [0.0, *(mark.low for mark in shown.marks), *(mark.high for mark in shown.marks)]
    step = _step(max(ends) - min(ends))
    axis = native.value_axis
    axis.minimum_scale, axis.maximum_scale = math.floor(min(ends) / step) * step, math.ceil(max(ends) / step) * step
    axis.major_unit = step
    axis.tick_labels.number_format = f"0.{'0' * max(0, -math.floor(math.log10(step)))}".rstrip(".")
    axis.tick_labels.number_format_is_linked = False


def _step(span: float) -> float:
    """Return the step of a scale: one, two or five, times a power of ten, some five to ten over a span."""
    if span <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(span / 5))
    return next(power * one for one in (1, 2, 5, 10) if power * one >= span / 8)


def _literal(bars: Any, name: str, values: list[float]) -> None:
    from lxml import etree

    held = etree.SubElement(etree.SubElement(bars, f"{{{_SPACE}}}{name}"), f"{{{_SPACE}}}numLit")
    etree.SubElement(held, f"{{{_SPACE}}}formatCode").text = "General"
    etree.SubElement(held, f"{{{_SPACE}}}ptCount", val=str(len(values)))
    for at, value in enumerate(values):
        point = etree.SubElement(held, f"{{{_SPACE}}}pt", idx=str(at))
        etree.SubElement(point, f"{{{_SPACE}}}v").text = repr(float(value))


def _bars(native: Any, shown: Bars) -> None:
    _as_listed(native)
    native.plots[0].gap_width = 60
    for series, colour in zip(native.plots[0].series, COLOURS, strict=False):
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = _colour(colour)
    native.has_legend = len(shown.series) > 1


def _as_listed(native: Any) -> None:
    """Let the first category stand on top, and labels beside the area, not on the line of zero."""
    from pptx.enum.chart import XL_TICK_LABEL_POSITION

    native.has_legend = False
    native.category_axis.reverse_order = True
    native.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    native.value_axis.tick_label_position = XL_TICK_LABEL_POSITION.HIGH


def _lines(native: Any, shown: Lines) -> None:
    """Set means as lines, the ends of bands as thin broken ones of the same colour."""
    from lxml import etree
    from pptx.enum.chart import XL_LEGEND_POSITION
    from pptx.enum.dml import MSO_LINE
    from pptx.util import Pt

    for number, series in enumerate(native.plots[0].series):
        series.smooth = False
        line = series.format.line
        line.color.rgb = _colour(COLOURS[number // 3 % len(COLOURS)])
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


def _typefaces(native: Any, faces: tuple[str, str]) -> None:
    """Set the typefaces of all text in a chart."""
    _small(native.font, faces)


def _small(font: Any, faces: tuple[str, str]) -> None:
    from pptx.util import Pt

    font.size, font.name, font.bold = Pt(12), faces[0], False
    latin = font._rPr.find(f"{{{_MAIN}}}latin")
    latin.addnext(latin.makeelement(f"{{{_MAIN}}}ea", {"typeface": faces[1]}))


def _colour(text: str) -> Any:
    from pptx.dml.color import RGBColor

    return RGBColor.from_string(text.removeprefix("#"))
