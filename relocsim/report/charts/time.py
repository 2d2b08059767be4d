"""Capture rates over time, with bands: the city under study in two arms, and its rivals in the baseline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from string import ascii_lowercase

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure
from matplotlib.ticker import MaxNLocator

from relocsim.language import ENGLISH, Words
from relocsim.language.words import decimals
from relocsim.report.terms import short
from relocsim.report.theme import BLUE, GREEN, GREY, VERMILLION, canvas, filled, styled
from relocsim.world.calendar import Quarter

_SETTLED = 1 / 3
"""Share of the period after which a cumulated rate is steady enough to set the scale."""


def capture_over_time(  # noqa: PLR0913 - what a reader sees of it
    timeline: pd.DataFrame, *, city: str, arms: Sequence[str], names: Mapping[str, str], rivals: Sequence[str],
    starts: Mapping[str, str], title: str, caption: str, arm_names: Mapping[str, str] | None = None,
    words: Words = ENGLISH,
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
    arm_names
        Names of arms for readers; their own where not given.
    """
    said = {arm: (arm_names or {}).get(arm, arm) for arm in arms}
    with styled(words):
        figure = canvas(12, 5.4, title, caption)
        panels = figure.subfigures(1, 2 if rivals else 1, squeeze=False, width_ratios=[1, 1.35] if rivals else None)[0]
        axes = panels[0].subplots()
        for arm, colour in zip(arms, (BLUE, VERMILLION), strict=False):
            _draw(axes, _series(timeline, arm, city), colour, label=said[arm])
        _finish(axes, words("{city}: {arms}", city=names[city], arms=words.listed([said[arm] for arm in arms])))
        axes.set_ylabel(words("share of investment placed so far, %"))
        axes.legend(frameon=False, loc="upper right")
        _mark_starts(axes, starts, words)
        if rivals:
            _draw_rivals(panels[1], timeline, arms[0], city, rivals, names, words)
    return figure


def years(quarters: pd.Series) -> np.ndarray:
    """Return quarters such as 2010-Q1 as the decimal years at their end."""
    return np.array([(Quarter.parse(str(quarter)).index + 1) / 4 for quarter in quarters])


def _series(timeline: pd.DataFrame, arm: str, place: str) -> pd.DataFrame:
    found = timeline[(timeline["arm"] == arm) & (timeline["place"] == place)]
    return found.assign(year=years(found["quarter"])).sort_values("year")


def _draw(axes: Axes, series: pd.DataFrame, colour: str, *, label: str = "") -> None:
    year, percent = series["year"], 100 * series[["mean", "low", "high"]].to_numpy().T
    axes.fill_between(year, percent[1], percent[2], color=colour, alpha=0.16, linewidth=0)
    for edge in percent[1:]:
        axes.plot(year, edge, color=colour, linewidth=0.7, alpha=0.7)
    axes.plot(year, percent[0], color=colour, linewidth=2.2, label=label)


def _draw_rivals(
    figure: SubFigure, timeline: pd.DataFrame, arm: str, city: str, rivals: Sequence[str], names: Mapping[str, str],
    words: Words,
) -> None:  # fmt: skip
    """Draw a panel a rival, all on one scale, with the city's line in each."""
    columns = min(3, len(rivals))
    panels = figure.subplots(-(-len(rivals) // columns), columns, sharex=True, sharey=True, squeeze=False)
    mine = _series(timeline, arm, city)
    for axes, rival in zip(panels.flat, rivals, strict=False):
        series = _series(timeline, arm, rival)
        _draw(axes, series, GREEN)
        axes.plot(mine["year"], 100 * mine["mean"], color=BLUE, linewidth=1.4)
        end = series.iloc[-1]
        axes.set_title(words("{place}: {share}", place=short(names[rival]), share=_end(end, words)), fontsize=9)
    top = max(_top(axes) for axes in panels.flat[: len(rivals)])
    for axes in panels.flat:
        axes.set_visible(bool(axes.lines))
        axes.set_ylim(0, top)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=4))
        axes.margins(x=0.01)
    head = words("Rivals in the baseline (blue: {city}); % at the end", city=names[city])
    figure.suptitle(head, x=0.02, ha="left", fontsize=10.5)


def _end(row: pd.Series, words: Words) -> str:
    values = [100 * float(row[name]) for name in ("mean", "low", "high")]
    mean, low, high = (words.plain(value, decimals(*values)) for value in values)
    return words.between(mean, low, high)


def _top(axes: Axes) -> float:
    """Return the height that holds all lines once they have settled."""
    highest = [1e-9]
    for line in axes.lines:
        x, y = np.asarray(line.get_xdata(), dtype=float), np.asarray(line.get_ydata(), dtype=float)
        late = y[x >= x.min() + _SETTLED * np.ptp(x)]
        highest.append(float(late[np.isfinite(late)].max(initial=0.0)))
    return 1.1 * max(highest)


def _finish(axes: Axes, title: str) -> None:
    axes.set_title(title)
    axes.set_ylim(0, _top(axes))
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.margins(x=0.01)


def _mark_starts(axes: Axes, starts: Mapping[str, str], words: Words) -> None:
    """Mark the first quarters of policies with letters, which the label of the axis explains."""
    by_quarter: dict[str, list[str]] = {}
    for name, quarter in starts.items():
        by_quarter.setdefault(quarter, []).append(name)
    told = []
    for letter, (quarter, held) in zip(ascii_lowercase, sorted(by_quarter.items()), strict=False):
        year = Quarter.parse(quarter).index / 4
        axes.axvline(year, color=GREY, linewidth=0.9, linestyle=(0, (2, 3)), zorder=0)
        axes.text(
            year, 0.97, f" {letter}", transform=axes.get_xaxis_transform(), va="top", color=GREY, fontweight="bold"
        )
        told.append(f"{letter} {words.quarter(Quarter.parse(quarter))}: {', '.join(held)}")
    axes.set_xlabel("\n".join(filled(line, 62) for line in told), fontsize=8.5, color=GREY, loc="left")
