"""Where firms went: flows from origins to places on longitude and latitude, with the railway corridor."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from relocsim.language import ENGLISH, Words
from relocsim.report.tables import records
from relocsim.report.terms import short
from relocsim.report.theme import BLUE, GREY, INK, LIGHT, ORANGE, VERMILLION, canvas, columns_of, filled, styled

WIDEST, THINNEST = 9.0, 0.25
"""Widths of flows, points."""
LARGEST = 700.0
"""Area of the largest bubble, points squared."""
FLOWS = 60
"""Largest flows that are shown."""
MINE = 8
"""Flows to the city that are shown of means over replicates, in which nearly every origin has one."""
_BEND = 0.14
"""Bend of a flow over its length."""

Line: TypeAlias = Sequence[tuple[float, float]]
Box: TypeAlias = tuple[float, float, float, float]


@dataclass(frozen=True)
class Letters:
    """Size of the names on a map."""

    points: float
    wide: float
    """Of a letter, as a share of the width of the map."""
    high: float
    """Of a line, as a share of its height."""


_LARGE, _SMALL = Letters(8.5, 0.0098, 0.021), Letters(7.0, 0.0135, 0.026)


@dataclass(frozen=True)
class Track:
    """A railway line on the map."""

    points: Line
    """Longitudes and latitudes of its stops."""
    corridor: bool
    """Whether it is the corridor under study."""


@dataclass(frozen=True)
class MapOf:
    """What a map of flows shows, see `flow_map`."""

    flows: pd.DataFrame
    points: pd.DataFrame
    tracks: Sequence[Track]
    city: str
    labels: Sequence[str]
    hours: Mapping[str, float]
    home: str
    title: str
    caption: str


def flow_map(  # noqa: PLR0913 - what a reader sees of it
    flows: pd.DataFrame, points: pd.DataFrame, tracks: Sequence[Track], *, city: str, labels: Sequence[str], title: str,
    caption: str, hours: Mapping[str, float] | None = None, home: str = "", words: Words = ENGLISH,
) -> Figure:  # fmt: skip
    """Return the map of flows.

    Parameters
    ----------
    flows
        origin, place, investment (1e8 yuan); drawn in this order, those to the city under study in colour.
    points
        Indexed by place: name, lon, lat (degrees), origin (whether it is a studied origin).
    labels
        Places that are named, most important first; names that would overlap are left out, the first never.
    hours, home
        Time-distance of places from `home`, hours door to door, written beside the names of places that have one.
    """
    shown = MapOf(flows, points, tracks, city, labels, hours or {}, home, title, caption)
    with styled(words):
        figure = canvas(10, 9.4, title, caption)
        draw_map(figure.subplots(), shown, words)
    return figure


def draw_map(axes: Axes, shown: MapOf, words: Words = ENGLISH, *, small: bool = False) -> None:
    """Draw the map of flows, see `flow_map`, its legend above or, where the map is small, beside it in smaller letters."""
    flows, points, city = shown.flows, shown.points, shown.city
    for track in shown.tracks:
        _draw_track(axes, track)
    _draw_flows(axes, flows, points, city)
    _draw_places(axes, flows, points, city)
    _frame(axes, points, words)
    _name_places(axes, points, shown.labels, city, _timed(shown.hours, words), _SMALL if small else _LARGE)
    _legend(axes, flows, words, small=small)
    if shown.hours and shown.home:
        _tell_hours(axes, short(str(points.loc[shown.home, "name"])), words)


def largest_flows(flows: pd.DataFrame, city: str, count: int = FLOWS, mine: int | None = None) -> pd.DataFrame:
    """Return the largest flows and the `mine` largest to the city (all by default) of flows sorted by size, as drawn."""
    shown = pd.concat([flows.head(count), flows[flows["place"] == city].head(mine)]).drop_duplicates()
    return shown.sort_values("investment", kind="stable")


def places_named(flows: pd.DataFrame, city: str, corridor: Sequence[str]) -> list[str]:
    """Return the places that a map names, most important first: the city, its corridor, where most leaves and goes."""
    leaving, going = (
        flows.groupby(side)["investment"].sum().sort_values(ascending=False, kind="stable").index
        for side in ("origin", "place")
    )
    return list(dict.fromkeys([city, *corridor, *leaving[:10], *going[:12]]))


def _draw_track(axes: Axes, track: Track) -> None:
    lon, lat = zip(*track.points, strict=True)
    colour, width = (ORANGE, 3.2) if track.corridor else (LIGHT, 1.0)
    axes.plot(lon, lat, color=colour, linewidth=width, zorder=2 if track.corridor else 1, solid_capstyle="round")


def _draw_flows(axes: Axes, flows: pd.DataFrame, points: pd.DataFrame, city: str) -> None:
    largest = flows["investment"].max() if len(flows) else 1.0
    for row in records(flows):
        start, end = points.loc[row["origin"]], points.loc[row["place"]]
        path = bent((start["lon"], start["lat"]), (end["lon"], end["lat"]))
        mine = row["place"] == city
        width = max(THINNEST, WIDEST * row["investment"] / largest)
        axes.add_patch(
            PathPatch(
                path, facecolor="none", edgecolor=VERMILLION if mine else BLUE, linewidth=max(width, 0.9) if mine else width,
                alpha=0.9 if mine else 0.3, zorder=4 if mine else 3, capstyle="round",
            )
        )  # fmt: skip


def bent(start: tuple[float, float], end: tuple[float, float]) -> Path:
    """Return a curve from start to end, bent to its left."""
    middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    aside = (-(end[1] - start[1]) * _BEND, (end[0] - start[0]) * _BEND)
    control = (middle[0] + aside[0], middle[1] + aside[1])
    return Path([start, control, end], [Path.MOVETO, Path.CURVE3, Path.CURVE3])


def _draw_places(axes: Axes, flows: pd.DataFrame, points: pd.DataFrame, city: str) -> None:
    """Draw origins as bubbles by what leaves them and other places as dots; the city under study stands out."""
    leaving = flows.groupby("origin")["investment"].sum().reindex(points.index, fill_value=0.0)
    largest = max(float(leaving.max()), 1e-9)
    origins = points[points["origin"]]
    axes.scatter(
        origins["lon"], origins["lat"], s=12 + LARGEST * leaving[origins.index] / largest, color=INK, alpha=0.18, zorder=5,
        linewidths=0,
    )  # fmt: skip
    axes.scatter(points["lon"], points["lat"], s=9, color=INK, zorder=6, linewidths=0)
    at = points.loc[city]
    axes.scatter([at["lon"]], [at["lat"]], s=90, marker="*", color=VERMILLION, edgecolor="white", zorder=8)


def _frame(axes: Axes, points: pd.DataFrame, words: Words) -> None:
    axes.set_xlabel(words("longitude, degrees east"))
    axes.set_ylabel(words("latitude, degrees north"))
    axes.set_aspect(1 / math.cos(math.radians(float(points["lat"].mean()))))
    for low, high, apply in (
        (points["lon"].min(), points["lon"].max(), axes.set_xlim), (points["lat"].min(), points["lat"].max(), axes.set_ylim),
    ):  # fmt: skip
        margin = 0.05 * max(high - low, 0.5)
        apply(low - margin, high + 1.6 * margin)


def _timed(hours: Mapping[str, float], words: Words) -> dict[str, str]:
    return {place: words("{hours} h", hours=words.plain(value, 1)) for place, value in hours.items()}


def _tell_hours(axes: Axes, home: str, words: Words) -> None:
    text = words("h: hours from {home} door to door at the end of the period", home=home)
    axes.text(0.01, 0.01, text, transform=axes.transAxes, fontsize=8.5, color=GREY, zorder=9)


def _name_places(
    axes: Axes, points: pd.DataFrame, labels: Sequence[str], city: str, timed: Mapping[str, str], letters: Letters
) -> None:
    """Name places where there is room for the name, the most important first."""
    span = np.array([np.ptp(axes.get_xlim()), np.ptp(axes.get_ylim())])
    letter, line = span[0] * letters.wide, span[1] * letters.high
    frame = (*axes.get_xlim(), *axes.get_ylim())
    taken: list[Box] = []
    for at, place in enumerate(labels):
        full, x, y = points.loc[[place], ["name", "lon", "lat"]].to_numpy()[0]
        name = f"{short(str(full))} {timed.get(place, '')}".rstrip()
        box = _free_box((x, y), (letter * columns_of(name), line), taken, frame)
        if box is None and at:
            continue
        box = box or (x + letter, y, x + letter * (1 + columns_of(name)), y + line)
        taken.append(box)
        axes.text(
            box[0], (box[1] + box[3]) / 2, name, va="center", ha="left", zorder=9,
            fontsize=letters.points + 1.5 * (place == city), fontweight="bold" if place == city else "normal",
            color=VERMILLION if place == city else INK,
        )  # fmt: skip


def _free_box(at: tuple[float, float], size: tuple[float, float], taken: Sequence[Box], frame: Box) -> Box | None:
    """Return a box beside a point that overlaps none of those taken and stays between the frame's sides.

    The frame is left, right, bottom, top; none is returned if every side is taken.
    """
    (x, y), (wide, high) = at, size
    gap = high * 0.35
    corners = [
        *((left, y - high / 2) for left in (x + gap, x - gap - wide)),
        *((x - wide / 2, low) for low in (y + gap, y - gap - high)),
        *((left, low) for left in (x + gap, x - gap - wide) for low in (y + gap / 2, y - gap / 2 - high)),
    ]
    for left, low in corners:
        box = (left, low, left + wide, low + high)
        inside = frame[0] <= left and left + wide <= frame[1]
        if inside and not any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in taken):
            return box
    return None


def _legend(axes: Axes, flows: pd.DataFrame, words: Words, *, small: bool) -> None:
    largest = flows["investment"].max() if len(flows) else 0.0
    size = words("flow of {amount} (the largest)", amount=words.money(largest))
    axes.plot([], [], color=BLUE, alpha=0.3, linewidth=WIDEST, label=size)
    axes.plot([], [], color=VERMILLION, linewidth=2, label=words("flows to the city under study"))
    axes.plot([], [], color=ORANGE, linewidth=3.2, label=words("corridor under study"))
    axes.plot([], [], color=LIGHT, linewidth=1, label=words("other high-speed lines open at the end"))
    leaving = words("studied origins, by what leaves them")
    axes.scatter([], [], s=120, color=INK, alpha=0.18, linewidths=0, label=leaving)
    where: dict[str, Any] = {"loc": "lower left", "bbox_to_anchor": (0.0, 1.0), "ncols": 2, "fontsize": 8.5}
    if small:
        where = {"loc": "upper left", "bbox_to_anchor": (1.01, 1.0), "fontsize": _SMALL.points}
    found = axes.legend(frameon=False, borderaxespad=0.2, **where)
    for text in found.get_texts() if small else ():
        text.set_text(filled(text.get_text(), 26))
    axes.tick_params(colors=GREY)
