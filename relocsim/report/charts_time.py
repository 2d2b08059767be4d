"""Capture rates over time, with bands: the city under study in two arms, and its rivals in the baseline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relocsim.report.theme import BLUE, CYCLE, GREY, VERMILLION, canvas, spread, styled
from relocsim.world.calendar import Quarter

_SETTLED = 1 / 3
"""Share of the period after which a cumulated rate is steady enough to set the scale."""


def capture_over_time(
    timeline: pd.DataFrame, *, city: str, arms: Sequence[str], names: Mapping[str, str], rivals: Sequence[str],
    starts: Mapping[str, str], title: str, caption: str,
) -> Figure:  # fmt: skip
    """Return the chart of capture rates by investment, cumulated from the start.

    Parameters
    ----------
    timeline
        Tidy table with arm, place, quarter, mean, low, high (shares).
    arms
        The baseline, and the arm that is set against it, if any.
    names, rivals
        Names of places; places drawn beside the city.
    starts
        First quarters of policies by their names, marked in the chart of the city.
    """
    with styled():
        figure = canvas(11, 5.2, title, caption)
        left, right = figure.subplots(1, 2, gridspec_kw={"width_ratios": [1, 1.05]})
        for arm, colour in zip(arms, (BLUE, VERMILLION), strict=False):
            _draw(left, _series(timeline, arm, city), colour, label=arm)
        _finish(left, f"{names[city]}: {' and '.join(arms)}")
        _mark_starts(left, starts)
        left.legend(frameon=False, loc="upper right")
        _draw_rivals(right, timeline, arms[0], [city, *rivals], names)
        _finish(right, f"{names[city]} and its rivals: {arms[0]}")
    return figure


def years(quarters: pd.Series) -> np.ndarray:
    """Return quarters such as 2010-Q1 as the decimal years at their end."""
    return np.array([(Quarter.parse(str(quarter)).index + 1) / 4 for quarter in quarters])


def _series(timeline: pd.DataFrame, arm: str, place: str) -> pd.DataFrame:
    found = timeline[(timeline["arm"] == arm) & (timeline["place"] == place)]
    return found.assign(year=years(found["quarter"])).sort_values("year")


def _draw(axes: Axes, series: pd.DataFrame, colour: str, *, label: str = "", faint: bool = False) -> None:
    percent = 100 * series[["mean", "low", "high"]].to_numpy().T
    axes.fill_between(series["year"], percent[1], percent[2], color=colour, alpha=0.08 if faint else 0.2, linewidth=0)
    axes.plot(series["year"], percent[0], color=colour, linewidth=1.6 if faint else 2.4, label=label)


def _draw_rivals(axes: Axes, timeline: pd.DataFrame, arm: str, places: Sequence[str], names: Mapping[str, str]) -> None:
    ends, colours = [], [BLUE, *(CYCLE[at % len(CYCLE)] for at in range(len(places) - 1))]
    for place, colour in zip(places, colours, strict=True):
        series = _series(timeline, arm, place)
        _draw(axes, series, colour, faint=place != places[0])
        ends.append((float(series["year"].iloc[-1]), 100 * float(series["mean"].iloc[-1])))
    top = _top(axes)
    heights = spread([end[1] for end in ends], top * 0.048)
    for place, colour, end, height in zip(places, colours, ends, heights, strict=True):
        axes.annotate(
            names[place], end, (end[0] + 0.25, height), va="center", fontsize=9, color=colour, annotation_clip=False,
            fontweight="bold" if place == places[0] else "normal",
        )  # fmt: skip


def _top(axes: Axes) -> float:
    """Return the height that holds all lines and bands once they have settled."""
    highest = []
    for line in axes.lines:
        x, y = np.asarray(line.get_xdata(), dtype=float), np.asarray(line.get_ydata(), dtype=float)
        late = y[x >= x.min() + _SETTLED * (x.max() - x.min())]
        highest.append(np.nanmax(late) if np.isfinite(late).any() else 0.0)
    for band in axes.collections:
        corners = band.get_paths()[0].vertices if band.get_paths() else np.zeros((0, 2))
        if len(corners):
            late = corners[corners[:, 0] >= corners[:, 0].min() + _SETTLED * np.ptp(corners[:, 0])]
            highest.append(np.nanmax(late[:, 1]))
    return 1.12 * max([*highest, 1e-9])


def _finish(axes: Axes, title: str) -> None:
    axes.set_title(title)
    axes.set_ylabel("share of investment placed so far, %")
    axes.set_ylim(0, _top(axes))
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.margins(x=0.01)


def _mark_starts(axes: Axes, starts: Mapping[str, str]) -> None:
    """Mark the first quarters of policies; those of one quarter share a line."""
    by_quarter: dict[str, list[str]] = {}
    for name, quarter in starts.items():
        by_quarter.setdefault(quarter, []).append(name)
    top = axes.get_ylim()[1]
    for quarter, held in sorted(by_quarter.items()):
        year = Quarter.parse(quarter).index / 4
        axes.axvline(year, color=GREY, linewidth=0.9, linestyle=(0, (2, 3)), zorder=0)
        axes.text(
            year, 0.985 * top, f" {', '.join(held)}", rotation=90, va="top", ha="right", fontsize=7.5, color=GREY
        )  # fmt: skip
