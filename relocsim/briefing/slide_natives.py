"""What native charts of slides share: intervals as error bars, round scales, colours, typefaces."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

_SPACE = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_MAIN = "http://schemas.openxmlformats.org/drawingml/2006/main"


def add_intervals(series: Any, reach: Sequence[tuple[float, float] | None]) -> None:
    """Add error bars to a series: how far each reaches below and above the end of its bar; none where there is none."""
    from lxml import etree

    bars = etree.SubElement(series._element, f"{{{_SPACE}}}errBars")
    for name, value in (("errBarType", "both"), ("errValType", "cust"), ("noEndCap", "0")):
        etree.SubElement(bars, f"{{{_SPACE}}}{name}", val=value)
    _literal(bars, "plus", [one and one[1] for one in reach])
    _literal(bars, "minus", [one and one[0] for one in reach])
    series._element.find(f"{{{_SPACE}}}cat").addprevious(bars)


def scale(native: Any, ends: Sequence[float]) -> None:
    """Set the axis of values to hold all ends, with round steps."""
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


def _literal(bars: Any, name: str, values: Sequence[float | None]) -> None:
    from lxml import etree

    held = etree.SubElement(etree.SubElement(bars, f"{{{_SPACE}}}{name}"), f"{{{_SPACE}}}numLit")
    etree.SubElement(held, f"{{{_SPACE}}}formatCode").text = "General"
    etree.SubElement(held, f"{{{_SPACE}}}ptCount", val=str(len(values)))
    for at, value in enumerate(values):
        if value is not None:
            point = etree.SubElement(held, f"{{{_SPACE}}}pt", idx=str(at))
            etree.SubElement(point, f"{{{_SPACE}}}v").text = repr(float(value))


def as_listed(native: Any) -> None:
    """Let the first category stand on top, and labels beside the area, not on the line of zero."""
    from pptx.enum.chart import XL_TICK_LABEL_POSITION

    native.has_legend = False
    native.category_axis.reverse_order = True
    native.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    native.value_axis.tick_label_position = XL_TICK_LABEL_POSITION.HIGH


def typefaces(native: Any, faces: tuple[str, str]) -> None:
    """Set the typefaces of all text in a chart."""
    small(native.font, faces)


def small(font: Any, faces: tuple[str, str], points: float = 12) -> None:
    """Set the size and the typefaces of letters in a chart."""
    from pptx.util import Pt

    font.size, font.name, font.bold = Pt(points), faces[0], False
    latin = font._rPr.find(f"{{{_MAIN}}}latin")
    latin.addnext(latin.makeelement(f"{{{_MAIN}}}ea", {"typeface": faces[1]}))


def filled(what: Any, colour: str) -> None:
    """Fill a series or a point of it with a colour."""
    what.format.fill.solid()
    what.format.fill.fore_color.rgb = colour_in(colour)


def colour_in(text: str) -> Any:
    """Return a colour as the library takes it."""
    from pptx.dml.color import RGBColor

    return RGBColor.from_string(text.removeprefix("#"))
