"""The map of flows, reactive: flows, places and lines of the printed one, by any quarter. No tiles from anywhere."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import pandas as pd

from relocsim.app.charts.parts import Drawn, framed, legend, tip, value_axis
from relocsim.language import ENGLISH, Words
from relocsim.report.charts.map import LARGEST, THINNEST, WIDEST, MapOf, Track
from relocsim.report.tables import records
from relocsim.report.terms import short
from relocsim.report.theme import BLUE, GREY, INK, LIGHT, ORANGE, VERMILLION

_STAR = "path://M50,3 61,38 98,38 68,59 79,95 50,73 21,95 32,59 2,38 39,38z"
_MARGIN = {"left": 64, "right": 24, "top": 64, "bottom": 52}


def flows_map(found: MapOf, words: Words = ENGLISH, *, largest: float | None = None, then: bool = False) -> Drawn:
    """Return the map; `largest` (1e8 yuan) is the flow of the greatest width, the largest shown by default.

    With one `largest` maps of several quarters have one scale; `then`: it is not of the end of the period.
    """
    flows, points = found.flows, found.points
    top = largest or (float(flows["investment"].max()) if len(flows) else 1.0)
    others, mine = flows[flows["place"] != found.city], flows[flows["place"] == found.city]
    named = _legend_names(top, words, then=then)
    series = [
        _tracks(named["lines"], [one for one in found.tracks if not one.corridor], LIGHT, 1.4),
        _tracks(named["corridor"], [one for one in found.tracks if one.corridor], ORANGE, 4),
        _flows(named["others"], others, points, top, words, colour=BLUE, opacity=0.35),
        _flows(named["mine"], mine, points, top, words, colour=VERMILLION, opacity=0.9),
        _leaving(named["leaving"], flows, points, words),
        _places(found, words),
    ]
    axes, aspect = _axes(points, words)
    zoom = [
        {"type": "inside", f"{axis}AxisIndex": 0, "filterMode": "none", "zoomOnMouseWheel": "ctrl"} for axis in "xy"
    ]
    option = framed(
        found.title, series=series, grid=_MARGIN, legend=legend(list(named.values())), dataZoom=zoom, **axes
    )
    return Drawn(found.title, found.caption, option, 720, aspect, _hours_told(found, words, then=then))


def _hours_told(found: MapOf, words: Words, *, then: bool) -> str:
    if not (found.hours and found.home):
        return ""
    home = _name(found.points, found.home)
    if then:
        return words("h: hours from {home} door to door then", home=home)
    return words("h: hours from {home} door to door at the end of the period", home=home)


def _legend_names(top: float, words: Words, *, then: bool) -> dict[str, str]:
    return {
        "others": words("flow of {amount} (the largest)", amount=words.money(top)),
        "mine": words("flows to the city under study"),
        "corridor": words("corridor under study"),
        "lines": words("other high-speed lines open then") if then else words("other high-speed lines open at the end"),
        "leaving": words("studied origins, by what leaves them"),
    }


def _tracks(name: str, tracks: Sequence[Track], colour: str, width: float) -> dict[str, object]:
    return {
        "type": "lines", "coordinateSystem": "cartesian2d", "polyline": True, "name": name, "silent": True, "z": 1,
        "color": colour, "lineStyle": {"color": colour, "width": width, "opacity": 1},
        "data": [{"coords": [[float(lon), float(lat)] for lon, lat in one.points]} for one in tracks],
    }  # fmt: skip


def _flows(
    name: str, flows: pd.DataFrame, points: pd.DataFrame, top: float, words: Words, *, colour: str, opacity: float
) -> dict[str, object]:
    """Return a line a flow, its width in proportion to the investment, bent to the left of its way."""
    thinnest = THINNEST if colour == BLUE else 0.9
    return {
        "type": "lines", "coordinateSystem": "cartesian2d", "name": name, "z": 3, "color": colour,
        "lineStyle": {"color": colour, "opacity": opacity, "curveness": 0.25}, "emphasis": {"lineStyle": {"opacity": 1}},
        "data": [
            {
                "coords": [_at(points, row["origin"]), _at(points, row["place"])],
                "value": float(row["investment"]),
                "lineStyle": {"width": max(thinnest, WIDEST * row["investment"] / top)},
                "tooltip": tip(
                    words("{source} to {target}", source=_name(points, row["origin"]), target=_name(points, row["place"])),
                    words.money(row["investment"]),
                ),
            }
            for row in records(flows)
        ],
    }  # fmt: skip


def _leaving(name: str, flows: pd.DataFrame, points: pd.DataFrame, words: Words) -> dict[str, object]:
    """Return a bubble an origin, its area in proportion to what leaves it."""
    sums = flows.groupby("origin")["investment"].sum()
    most, origins = max(float(sums.max()) if len(sums) else 0.0, 1e-9), points[points["origin"]]
    bubbles = []
    for place in origins.index:
        amount = float(sums.get(place, 0.0))
        size = 2 * math.sqrt((12 + LARGEST * amount / most) / math.pi) * _PIXELS
        told = words("{amount} leaves it", amount=words.money(amount))
        bubbles.append(
            {"value": [*_at(points, place), amount], "symbolSize": size, "tooltip": tip(_name(points, place), told)}
        )
    return {"type": "scatter", "name": name, "z": 5, "itemStyle": {"color": INK, "opacity": 0.18}, "data": bubbles}


_PIXELS = 96 / 72
_INNER = 0.95
"""Share of places whose names stand on their right; those of the easternmost would be cut."""


def _places(found: MapOf, words: Words) -> dict[str, object]:
    """Return a dot a place, with its name where it is one of those named, and hours from home where they are told."""
    points, coming = found.points, found.flows.groupby("place")["investment"].sum()
    rank = {place: at for at, place in enumerate(found.labels)}
    east = points["lon"].quantile(_INNER, interpolation="lower")
    dots = []
    for place in sorted(points.index, key=lambda one: (rank.get(one, len(rank)), one)):
        mine, hours = place == found.city, found.hours.get(place)
        timed = words("{hours} h", hours=words.plain(hours, 1)) if hours is not None else ""
        told = (
            words("{amount} comes to it", amount=words.money(float(coming.get(place, 0.0)))) if place in coming else ""
        )
        away = (
            words("{hours} h from {home} door to door", hours=words.plain(hours, 1), home=_name(points, found.home))
            if hours is not None
            else ""
        )
        label = {"show": place in rank, "formatter": f"{_name(points, place)} {timed}".rstrip(),
                 "position": "left" if points["lon"][place] > east else "right",
                 "fontSize": 14 if mine else 12, "fontWeight": "bold" if mine else "normal",
                 "color": VERMILLION if mine else INK, "textBorderColor": "white", "textBorderWidth": 2}  # fmt: skip
        dots.append(
            {"value": _at(points, place), "name": _name(points, place), "label": label,
             "tooltip": tip(_name(points, place), told, away),
             "symbol": _STAR if mine else "circle", "symbolSize": 20 if mine else 6,
             "itemStyle": {"color": VERMILLION if mine else INK, "borderColor": "white", "borderWidth": 1 if mine else 0}}
        )  # fmt: skip
    return {"type": "scatter", "z": 7, "labelLayout": {"hideOverlap": True}, "data": dots}


def _axes(points: pd.DataFrame, words: Words) -> tuple[Mapping[str, object], float]:
    """Return both axes, and width over height at which a degree of longitude is as long as on the ground."""
    ends = {}
    for axis in ("lon", "lat"):
        low, high = float(points[axis].min()), float(points[axis].max())
        margin = 0.05 * max(high - low, 0.5)
        ends[axis] = (low - margin, high + 1.6 * margin)
    wide, high = (ends[axis][1] - ends[axis][0] for axis in ("lon", "lat"))
    shape = wide * math.cos(math.radians(float(points["lat"].mean()))) / high
    plain = {
        "axisLine": {"lineStyle": {"color": GREY}},
        "axisLabel": {"color": GREY, "showMinLabel": False, "showMaxLabel": False},
        "scale": True,
    }
    lon = value_axis(words("longitude, degrees east"), min=_round(ends["lon"][0]), max=_round(ends["lon"][1]), **plain)
    lat = value_axis(words("latitude, degrees north"), min=_round(ends["lat"][0]), max=_round(ends["lat"][1]), **plain)
    lat["nameGap"] = 36
    blank = {"splitLine": {"show": False}}
    return {"xAxis": lon | blank, "yAxis": lat | blank}, shape


def _round(degrees: float) -> float:
    return round(degrees, 2)


def _at(points: pd.DataFrame, place: str) -> list[float]:
    return [float(points.at[place, "lon"]), float(points.at[place, "lat"])]


def _name(points: pd.DataFrame, place: str) -> str:
    return short(str(points.at[place, "name"]))
