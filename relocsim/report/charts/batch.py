"""Charts of a batch's runs: a figure by the levels of a factor, and its course over time, with intervals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from relocsim.language import ENGLISH, Words
from relocsim.report.effects import estimate_of
from relocsim.report.tables import records
from relocsim.report.terms import capital
from relocsim.report.theme import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    SKY,
    VERMILLION,
    canvas,
    filled,
    rows,
    span_line,
    styled,
    zero_line,
)  # fmt: skip

_LINES = (BLUE, VERMILLION, GREEN, ORANGE, PURPLE, SKY)


@dataclass(frozen=True)
class Axis:
    """What a chart of a batch shows, in words."""

    measure: str
    """The figure."""
    unit: str
    factor: str = ""
    """The factor by whose levels it is told."""
    change: bool = False
    """Whether it is the paired change against the first level."""
    spread: bool = False
    """Whether the factor has a range, and each point of the design stands for itself."""

    @property
    def measured(self) -> str:
        """The figure with its unit."""
        return f"{self.measure}, {self.unit}" if self.unit else self.measure


def level_name(level: object, words: Words) -> str:
    """Return a level of a factor as it is read."""
    if isinstance(level, bool | np.bool_):
        return words("on") if level else words("off")
    return f"{level:g}" if isinstance(level, int | float | np.number) else str(level)


def levels_title(table: pd.DataFrame, axis: Axis, words: Words = ENGLISH) -> str:
    """Return at which levels the mean is least and most; of a change, at how many its sign is clear."""
    known = table[np.isfinite(table["mean"])] if len(table) else table
    measure = capital(axis.measure)
    if not len(known):
        return words("{measure} by {factor}: no finished runs", measure=measure, factor=axis.factor)
    if axis.change:
        clear = int(((known["low"] > 0) | (known["high"] < 0)).sum())
        return words("{measure} by {factor}: the sign of the change is clear at {clear} of {count} levels", measure=measure,
                     factor=axis.factor, clear=clear, count=len(known))  # fmt: skip
    least, most = known.loc[known["mean"].idxmin()], known.loc[known["mean"].idxmax()]
    if least["mean"] == most["mean"]:
        return words("{measure} by {factor}: the same mean everywhere, {mean} {unit}", measure=measure, factor=axis.factor,
                     mean=words.plain(least["mean"]), unit=axis.unit)  # fmt: skip
    return words(
        "{measure} by {factor}: means from {low} (at {first}) to {high} {unit} (at {last})", measure=measure,
        factor=axis.factor, low=words.plain(least["mean"]), first=level_name(least["level"], words),
        high=words.plain(most["mean"]), unit=axis.unit, last=level_name(most["level"], words),
    )  # fmt: skip


def levels_chart(table: pd.DataFrame, axis: Axis, *, caption: str, words: Words = ENGLISH) -> Figure:
    """Return the chart of a figure (or its paired change) by the levels of a factor, with intervals.

    Parameters
    ----------
    table
        One row a level (of a factor with a range a point): level, mean, low, high, replicates, in the unit of the axis.
    """
    with styled(words):
        height = 4.6 if axis.spread else 2.2 + 0.5 * max(len(table), 2)
        figure = canvas(9.5, height, levels_title(table, axis, words), caption)
        axes = figure.subplots()
        if axis.spread:
            axes.vlines(table["level"], table["low"], table["high"], color=BLUE, alpha=0.35, linewidth=1)
            axes.plot(table["level"], table["mean"], "o", color=BLUE, markersize=4)
            axes.set_xlabel(axis.factor)
            axes.set_ylabel(filled(axis.measured, 40))
            return figure
        for at, row in enumerate(records(table)):
            clear = row["low"] > 0 or row["high"] < 0
            colour = (VERMILLION if clear else GREY) if axis.change else BLUE
            span_line(axes, (row["low"], row["high"]), at)
            axes.plot(row["mean"], at, "o", color=colour, markersize=8, zorder=5)
        if axis.change:
            zero_line(axes)
        rows(axes, [level_name(row["level"], words) for row in records(table)])
        axes.set_xlabel(axis.measured)
        axes.set_ylabel(filled(axis.factor, 24))
    return figure


def course_title(table: pd.DataFrame, axis: Axis, words: Words = ENGLISH) -> str:
    """Return where the figure ends, level by level."""
    measure = capital(axis.measure)
    ends = []
    for level, part in table.groupby("level", sort=False):
        row = records(part)[-1]
        if row["replicates"]:
            span = words.span(estimate_of(row), sign=False)
            ends.append(f"{level_name(level, words)}: {span}" if axis.factor else span)
    if not ends:
        return words("{measure} over time: no finished runs", measure=measure)
    return words("{measure} at the end, {unit}: {ends}", measure=measure, unit=axis.unit, ends="; ".join(ends))


def course_chart(table: pd.DataFrame, axis: Axis, *, caption: str, words: Words = ENGLISH) -> Figure:
    """Return the course of a figure over periods, a line with its band a level of a factor.

    Parameters
    ----------
    table
        One row a level and period: level, period, mean, low, high, replicates, in the unit of the axis.
    """
    with styled(words):
        figure = canvas(9.5, 4.8, course_title(table, axis, words), caption)
        axes = figure.subplots()
        periods = list(dict.fromkeys(table["period"]))
        for at, (level, part) in enumerate(table.groupby("level", sort=False)):
            colour, x = _LINES[at % len(_LINES)], [periods.index(one) for one in part["period"]]
            axes.fill_between(x, part["low"], part["high"], color=colour, alpha=0.14, linewidth=0)
            label = level_name(level, words) or words("all chosen points")
            axes.plot(x, part["mean"], color=colour, linewidth=2, label=label)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=12))
        axes.xaxis.set_major_formatter(
            lambda at, _: periods[int(at)] if 0 <= at < len(periods) and at == int(at) else ""
        )
        axes.set_ylabel(filled(axis.measured, 40))
        axes.legend(frameon=False, title=axis.factor or None)
    return figure
