"""The map of flows as a native chart of a slide: flows and lines are series on longitude and latitude, places are points."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from relocsim.briefing.blocks import Map, Spot
from relocsim.briefing.frames import Frame
from relocsim.briefing.slide_natives import colour_in, filled, small
from relocsim.report.terms import short
from relocsim.report.theme import BLUE, INK, LIGHT, ORANGE, VERMILLION

_CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_MAIN = "http://schemas.openxmlformats.org/drawingml/2006/main"
_POINTS = 8
"""Points of the curve of a flow."""
_WIDEST, _THINNEST, _MINE = 7.0, 0.5, 1.25
"""Widths of flows, points; those to the city are never thinner than the last."""
_HIGH, _WIDE = 0.75, 4.5
"""Room that a name takes, degrees."""
_MARGIN = 0.04
"""Room about the places, as a share of their span."""


def middle_of(frame: Frame) -> Frame:
    """Return the middle of a frame, about as wide as high: a map must not be stretched."""
    width = min(frame.width, 1.05 * frame.height)
    return Frame(frame.left + (frame.width - width) / 2, frame.top, width, frame.height)


def map_numbers(shown: Map) -> Any:
    """Return the numbers of a map: a series a railway line, a flow, and of places by how they are marked.

    LibreOffice draws no line that has fewer points than another series: lines end in their last point as often as it takes,
    and places are in several series.
    """
    from pptx.chart.data import XyChartData

    held, at, most = XyChartData(), {spot.place: spot for spot in shown.spots}, _most(shown)
    for number, (_, points) in enumerate(shown.tracks):
        _series(held, f"line {number + 1}", [*points, *[points[-1]] * (most - len(points))])
    for origin, place, amount in shown.flows:
        curve = _curve(at[origin], at[place]).tolist()
        _series(held, f"{at[origin].name} – {at[place].name}: {amount:.1f}", curve + [curve[-1]] * (most - len(curve)))
    for name, spots in _groups(shown):
        _series(held, name, [(spot.lon, spot.lat) for spot in spots])
    return held


def _most(shown: Map) -> int:
    """Return the number of points of every line."""
    return max(_POINTS, *(len(points) for _, points in shown.tracks), 0)


def _series(held: Any, name: str, points: Any) -> None:
    series = held.add_series(name)
    for lon, lat in points:
        series.add_data_point(round(float(lon), 3), round(float(lat), 3))


def _curve(start: Spot, end: Spot) -> np.ndarray:
    """Return a curve from start to end, bent to its left as that of the printed map."""
    from relocsim.report.charts.map import bent

    path = bent((start.lon, start.lat), (end.lon, end.lat))
    first, control, last = np.asarray(path.vertices, dtype=float)
    t = np.linspace(0, 1, _POINTS)[:, None]
    return np.asarray((1 - t) ** 2 * first + 2 * t * (1 - t) * control + t**2 * last)


def _groups(shown: Map) -> list[tuple[str, tuple[Spot, ...]]]:
    """Return the places by how they are marked, in groups of no more points than a line has."""
    rest = [spot for spot in shown.spots if spot.place != shown.city]
    kinds = {
        "places": [spot for spot in rest if not spot.origin],
        "origins": [spot for spot in rest if spot.origin],
        "city": [spot for spot in shown.spots if spot.place == shown.city],
    }
    most = _most(shown)
    return [
        (kind, tuple(spots[start : start + most]))
        for kind, spots in kinds.items() for start in range(0, len(spots), most)
    ]  # fmt: skip


def _with_room(shown: Map) -> set[str]:
    """Return the places whose names do not run over that of a more important one."""
    at, kept = {spot.place: spot for spot in shown.spots}, list[Spot]()
    for place in shown.labels:
        one = at[place]
        if all(abs(one.lat - other.lat) > _HIGH or abs(one.lon - other.lon) > _WIDE for other in kept):
            kept.append(one)
    return {spot.place for spot in kept}


def draw_map(native: Any, shown: Map, faces: tuple[str, str]) -> None:
    """Colour lines and flows, mark and name places, and frame the map."""
    native.has_legend = False
    series = list(native.plots[0].series)
    tracks, flows = len(shown.tracks), len(shown.flows)
    for one, (corridor, _) in zip(series, shown.tracks, strict=False):
        _line(one, ORANGE if corridor else LIGHT, 3.0 if corridor else 0.75)
    largest = max((amount for *_, amount in shown.flows), default=1.0)
    for one, (_, place, amount) in zip(series[tracks : tracks + flows], shown.flows, strict=True):
        mine, width = place == shown.city, max(_THINNEST, _WIDEST * amount / largest)
        _line(one, VERMILLION if mine else BLUE, max(width, _MINE) if mine else width, opacity=0.9 if mine else 0.35)
    looks = {"places": ("circle", 4, INK), "origins": ("circle", 9, "#9A9A9A"), "city": ("star", 12, VERMILLION)}
    timed, named = dict(shown.hours), _with_room(shown)
    for one, (name, spots) in zip(series[tracks + flows :], _groups(shown), strict=True):
        _marked(one, *looks[name])
        for number, spot in enumerate(spots):
            if spot.place in named:
                hours = f" {timed[spot.place]:.1f} h" if spot.place in timed else ""
                _named(one.points[number], f"{short(spot.name)}{hours}", faces, spot.place == shown.city)
    _framed(native, shown)


def _line(series: Any, colour: str, width: float, *, opacity: float = 1.0) -> None:
    from lxml import etree
    from pptx.enum.chart import XL_MARKER_STYLE
    from pptx.util import Pt

    series.marker.style = XL_MARKER_STYLE.NONE
    series.smooth = False
    line = series.format.line
    line.color.rgb, line.width = colour_in(colour), Pt(width)
    if opacity < 1:
        (shade,) = line._ln.iter(f"{{{_MAIN}}}srgbClr")
        etree.SubElement(shade, f"{{{_MAIN}}}alpha", val=str(int(100_000 * opacity)))


def _marked(series: Any, style: str, size: int, colour: str) -> None:
    """Show a series as points without a line."""
    from pptx.enum.chart import XL_MARKER_STYLE

    series.format.line.fill.background()
    series.marker.style, series.marker.size = XL_MARKER_STYLE[style.upper()], size
    filled(series.marker, colour)
    series.marker.format.line.color.rgb = colour_in("#FFFFFF")


def _named(point: Any, text: str, faces: tuple[str, str], city: bool) -> None:
    from pptx.enum.chart import XL_LABEL_POSITION

    label = point.data_label
    label.position = XL_LABEL_POSITION.RIGHT
    label.text_frame.text = text
    font = label.text_frame.paragraphs[0].runs[0].font
    small(font, faces, 11 if city else 8)
    font.bold = city
    font.color.rgb = colour_in(VERMILLION if city else INK)


def _framed(native: Any, shown: Map) -> None:
    """Set both axes to the places, without lines and figures: a map needs none."""
    from pptx.enum.chart import XL_TICK_LABEL_POSITION, XL_TICK_MARK

    for axis, values in ((native.category_axis, [s.lon for s in shown.spots]),
                         (native.value_axis, [s.lat for s in shown.spots])):  # fmt: skip
        room = _MARGIN * max(max(values) - min(values), 0.5)
        axis.minimum_scale, axis.maximum_scale = math.floor(min(values) - room), math.ceil(max(values) + room)
        axis.has_major_gridlines = False
        axis.tick_label_position = XL_TICK_LABEL_POSITION.NONE
        axis.major_tick_mark = XL_TICK_MARK.NONE
        axis.format.line.fill.background()
    _spread(native)


def _spread(native: Any) -> None:
    """Let the map fill its frame."""
    from lxml import etree

    area = native._chartSpace.chart.plotArea
    for old in area.findall(f"{{{_CHART}}}layout"):
        area.remove(old)
    layout = etree.Element(f"{{{_CHART}}}layout")
    manual = etree.SubElement(layout, f"{{{_CHART}}}manualLayout")
    told = {
        "layoutTarget": "inner",
        "xMode": "edge",
        "yMode": "edge",
        "x": "0.01",
        "y": "0.01",
        "w": "0.98",
        "h": "0.98",
    }
    for name, value in told.items():
        etree.SubElement(manual, f"{{{_CHART}}}{name}", val=value)
    area.insert(0, layout)
