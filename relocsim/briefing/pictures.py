"""Charts of a briefing as pictures: SVG, or PNG where a format takes no other. Refuses to know what they show.

Title and notes are text of the document around them, so that a picture holds axes and labels only.
"""

from __future__ import annotations

import io
from dataclasses import asdict
from typing import TYPE_CHECKING

import numpy as np

from relocsim.briefing.blocks import Bars, Chart, Dots, Lines, Map, Steps
from relocsim.language import Words, words_in
from relocsim.report.theme import BLUE, GREY, INK, SKY, VERMILLION, rows, span_line, styled, zero_line

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 7.2
"""Inches."""
_DOTS_PER_INCH = 200
COLOURS = (BLUE, VERMILLION, SKY)
"""Of series, in order."""


def draw(chart: Chart, language: str) -> Figure:
    """Return the picture of a chart, in a font that can write the language."""
    from matplotlib.figure import Figure

    with styled(words_in(language)):
        figure = Figure(figsize=(WIDTH, height_of(chart)), layout="constrained")
        axes, shown = figure.subplots(), chart.shown
        if isinstance(shown, Map):
            _map(axes, shown, words_in(language))
        elif isinstance(shown, Lines):
            _lines(axes, shown)
            axes.set_ylabel(chart.axis)
        else:
            if isinstance(shown, Dots):
                _dots(axes, shown)
            elif isinstance(shown, Steps):
                _steps(axes, shown)
            else:
                _bars(axes, shown)
            axes.set_xlabel(chart.axis)
    return figure


def height_of(chart: Chart) -> float:
    """Return the height of a picture, inches."""
    match chart.shown:
        case Dots(marks):
            return 0.8 + 0.36 * len(marks)
        case Steps(marks):
            return 0.8 + 0.3 * (len(marks) + 1)
        case Bars(labels):
            return 0.8 + 0.32 * len(labels)
        case Map():
            return 5.4
    return 3.0


def svg(chart: Chart, language: str) -> str:
    """Return the picture as the text of an SVG element; the same chart gives the same text."""
    held = io.StringIO()
    with styled(words_in(language)):
        draw(chart, language).savefig(held, format="svg", metadata={"Date": None, "Creator": None})
    text = held.getvalue()
    return text[text.index("<svg") :]


def png(chart: Chart, language: str) -> bytes:
    """Return the picture as a PNG; the same chart gives the same bytes."""
    held = io.BytesIO()
    with styled(words_in(language)):
        draw(chart, language).savefig(held, format="png", dpi=_DOTS_PER_INCH, metadata={"Software": None})
    return held.getvalue()


def colour_of(mean: float, clear: bool) -> str:
    """Return the colour of a figure with its interval: grey where it cannot be told from none."""
    return GREY if not clear else (BLUE if mean > 0 else VERMILLION)


def _dots(axes: Axes, shown: Dots) -> None:
    for at, mark in enumerate(shown.marks):
        colour = colour_of(mark.mean, mark.clear)
        span_line(axes, (mark.low, mark.high), at, colour=colour, width=2.2)
        axes.plot(mark.mean, at, marker="o", color=colour, markersize=7, markeredgecolor="white")
    zero_line(axes)
    rows(axes, [mark.label for mark in shown.marks])


def _steps(axes: Axes, shown: Steps) -> None:
    marks = (*shown.marks, shown.whole)
    for at, (mark, start) in enumerate(zip(marks, shown.starts, strict=True)):
        axes.barh(at, mark.mean, 0.56, left=start, color=colour_of(mark.mean, mark.clear))
        span_line(axes, (start + mark.low, start + mark.high), at)
        if at < len(shown.marks):
            axes.plot([start + mark.mean] * 2, [at, at + 1], color=GREY, linewidth=0.8)
    zero_line(axes)
    rows(axes, [mark.label for mark in marks])


def _map(axes: Axes, shown: Map, words: Words) -> None:
    """Draw the map as the catalogue of charts does."""
    import pandas as pd

    from relocsim.report.charts.map import MapOf, Track, draw_map

    spots = pd.DataFrame([asdict(spot) for spot in shown.spots]).set_index("place")
    flows = pd.DataFrame(shown.flows, columns=["origin", "place", "investment"])
    tracks = [Track(points, corridor=corridor) for corridor, points in shown.tracks]
    found = MapOf(flows, spots, tracks, shown.city, shown.labels, dict(shown.hours), shown.home, "", "")
    draw_map(axes, found, words, small=True)


def _bars(axes: Axes, shown: Bars) -> None:
    count = len(shown.series)
    for s, (name, amounts) in enumerate(shown.series):
        at = np.arange(len(amounts)) + (s - (count - 1) / 2) * 0.8 / count
        axes.barh(at, amounts, 0.8 / count, color=COLOURS[s], label=name)
    rows(axes, shown.labels)
    if count > 1:
        axes.legend(frameon=False)


def _lines(axes: Axes, shown: Lines) -> None:
    at = np.arange(len(shown.times))
    for one, colour in zip(shown.lines, COLOURS, strict=False):
        axes.fill_between(at, one.low, one.high, color=colour, alpha=0.15, linewidth=0)
        axes.plot(at, one.mean, color=colour, linewidth=2.2, label=one.label)
    firsts = [n for n, time in enumerate(shown.times) if time.endswith("Q1")] or list(at[:1])
    firsts = firsts[:: max(1, -(-len(firsts) // 8))]
    axes.set_xticks(firsts, [shown.times[n].split("-")[0] for n in firsts])
    axes.set_ylim(0, _top(shown))
    axes.margins(x=0.01)
    axes.tick_params(colors=INK)
    axes.legend(frameon=False, loc="upper right")


def _top(shown: Lines) -> float:
    """Return the height that holds all bands once a third of the period is over: cumulated shares jump at the start."""
    late = len(shown.times) // 3
    highest = max((value for one in shown.lines for value in one.high[late:] if np.isfinite(value)), default=0.0)
    return 1.15 * highest or 1.0
