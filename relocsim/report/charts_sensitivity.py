"""The charts of a sensitivity: screening, indices, tornado, ranking, each with a finding for a title. Refuses to compute."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relocsim.report.tables import records
from relocsim.report.theme import BLUE, GREY, INK, LIGHT, ORANGE, SKY, VERMILLION, canvas, styled, zero_line
from relocsim.report.wording import first, listed, percent, plain, signed
from relocsim.sensitivity.answering import Sensitivity

_SHOWN = 30
"""Families of the screening that are drawn."""
_SURE = 0.05
"""Index below which a factor is not named in a title."""


def sensitivity_charts(found: Sensitivity) -> dict[str, Figure]:
    """Return the charts of a sensitivity by file name."""
    charts = {"screening": screening_chart(found), "indices": index_chart(found), "tornado": tornado_chart(found)}
    if len(found.ranking) > 1:
        charts["ranking"] = ranking_chart(found)
    return charts


def _caption(found: Sensitivity, what: str) -> str:
    spec, share = found.spec, percent(found.spec.register.assumed_share())
    luck = f"{found.asked.replicates} replicate{'s' if found.asked.replicates != 1 else ''} of luck, the same at all points"
    scenario = f"Scenario {spec.scenario.name}, digest {spec.digest[:8]}; {plain(spec.scenario.firms, 0)} agents"
    return f"{what}; {luck}. {scenario}; {share} of {len(spec.register):,} inputs assumed."


def _what(found: Sensitivity) -> str:
    return f"effect of {found.asked.effect} on {found.asked.on}"


def _rows(axes: Axes, labels: Sequence[str]) -> None:
    axes.set_yticks(range(len(labels)), list(labels))
    axes.set_ylim(len(labels) - 0.5, -0.5)
    axes.grid(axis="x", color="#EEEEEE")
    axes.set_axisbelow(True)


def _whisker(axes: Axes, at: float, ends: tuple[float, float], colour: str = INK) -> None:
    if np.isfinite(ends).all():
        axes.plot(ends, [at, at], color=colour, linewidth=1.4, solid_capstyle="butt", zorder=3)


def _legend(axes: Axes) -> None:
    """Put the legend above the rows, where no bar is."""
    axes.legend(frameon=False, loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=2, borderaxespad=0.2)


def screening_chart(found: Sensitivity) -> Figure:
    """Return mu* of the families that move the effect most, the kept ones in colour."""
    table = found.screening.head(_SHOWN)
    kept = int(found.screening["kept"].sum())
    idle = int((found.screening["mu_star"] == 0).sum())
    most = [found.labels[name] for name in table["factor"].head(3)]
    title = f"{listed(most)} move the {_what(found)} most; {kept} of {len(found.screening)} families of inputs are kept"
    title += f", {idle} do nothing" if idle else ""
    count = int(table["samples"].iloc[0])
    what = f"Mean size of what a step of each family does (Morris's mu*), {count} trajectories; lines: 95 % intervals"
    with styled():
        figure = canvas(9.5, 2.2 + 0.26 * len(table), title, _caption(found, what))
        axes = figure.subplots()
        for at, row in enumerate(records(table)):
            axes.barh(at, row["mu_star"], height=0.62, color=BLUE if row["kept"] else LIGHT)
            _whisker(axes, at, (max(0.0, row["mu_star_low"]), row["mu_star_high"]))
        _rows(axes, [found.labels[name] for name in table["factor"]])
        axes.set_xlabel(f"{_what(found)}: mu*, {found.unit}, from the 5th to the 95th percentile of the family")
    return figure


def index_chart(found: Sensitivity) -> Figure:
    """Return first-order and total indices with their intervals."""
    table = found.indices
    count = int(table["samples"].iloc[0])
    what = f"Sobol's indices, {count} base samples; thick bars: estimate, lines: 95 % intervals (bootstrap)"
    luck = float(table["luck"].iloc[0])
    if np.isfinite(luck):
        what += f"; {percent(luck)} of the variance is luck that replicates do not share"
    with styled():
        figure = canvas(9.5, 2.4 + 0.46 * len(table), index_title(found), _caption(found, what))
        axes = figure.subplots()
        for name, colour, shift in (("first_order", SKY, -0.19), ("total", BLUE, 0.19)):
            label = "first order: alone" if name == "first_order" else "total: with what it does in company"
            axes.barh(np.arange(len(table)) + shift, table[name], height=0.34, color=colour, label=label)
            for at, row in enumerate(records(table)):
                _whisker(axes, at + shift, (row[f"{name}_low"], row[f"{name}_high"]))
        zero_line(axes)
        _rows(axes, [found.labels[name] for name in table["factor"]])
        axes.set_xlabel(f"share of the variance of the {_what(found)}")
        _legend(axes)
    return figure


def index_title(found: Sensitivity) -> str:
    """Return which inputs the effect depends on for certain, in words."""
    sure = found.indices[(found.indices["total_low"] > 0) & (found.indices["total"] >= _SURE)]
    alone = found.indices["first_order"].clip(lower=0).sum()
    if sure.empty:
        count = int(found.indices["samples"].iloc[0])
        return f"{count} base samples do not tell on which inputs the {_what(found)} depends"
    named = [f"{found.labels[row['factor']]} ({plain(row['total'], 2)})" for row in records(sure)]
    words = listed(first(named, 3))
    told = bool((found.indices["first_order_low"] > 0).any()) and alone <= 1
    company = f"; {percent(alone)} of its variance goes with single inputs" if told else ""
    return f"The {_what(found)} depends on {words}{company}"


def tornado_chart(found: Sensitivity) -> Figure:
    """Return the mean effect where each input is in its lower and its upper third, the widest on top."""
    table = found.swings
    centre = float(table["mean"].iloc[0])
    count = 2 * int(found.indices["samples"].iloc[0])
    what = (
        f"Means over the third of {count} points in which the input is low or high, all else as it comes; lines: 95 %"
    )
    with styled():
        figure = canvas(9.5, 2.4 + 0.4 * len(table), tornado_title(found), _caption(found, f"{what} intervals"))
        axes = figure.subplots()
        for name, colour, shift in (("lower", ORANGE, -0.18), ("upper", BLUE, 0.18)):
            axes.barh(
                np.arange(len(table)) + shift, table[name] - centre, left=centre, height=0.34, color=colour, alpha=0.8,
                label=f"{name} third of the input",
            )  # fmt: skip
            for at, row in enumerate(records(table)):
                _whisker(axes, at + shift, (row[f"{name}_low"], row[f"{name}_high"]))
        axes.axvline(centre, color=INK, linewidth=1)
        if table[["lower_low", "upper_low"]].min().min() <= 0 <= table[["lower_high", "upper_high"]].max().max():
            axes.axvline(0, color=GREY, linewidth=1, linestyle=":")
        _rows(axes, [found.labels[name] for name in table["factor"]])
        axes.set_xlabel(f"{_what(found)}, {found.unit} (mean over all: {plain(centre)})")
        _legend(axes)
    return figure


def tornado_title(found: Sensitivity) -> str:
    """Return what swings the effect most, in words; a swing whose interval crosses zero is said to be not clear."""
    row: dict[str, Any] = records(found.swings)[0]
    clear = row["swing_low"] > 0 or row["swing_high"] < 0
    label = found.labels[row["factor"]]
    if not clear:
        return f"No single input swings the {_what(found)} clearly"
    ends = f"{signed(row['lower'])} where it is low, {signed(row['upper'])} where it is high ({found.unit})"
    return f"{label} swings the {_what(found)} most: {ends}"


def ranking_chart(found: Sensitivity) -> Figure:
    """Return how often each policy is the best, and the range of its effect."""
    table = found.ranking
    rows = len(found.indices) + 2
    count = int(found.indices["samples"].iloc[0]) * rows
    what = f"{count} points; left: share of points, 95 % intervals; right: mean effect, "
    with styled():
        figure = canvas(
            10.5, 2.4 + 0.5 * len(table), ranking_title(found.ranking), _caption(found, f"{what}95 % of points")
        )
        left, right = figure.subplots(1, 2, sharey=True)
        for at, row in enumerate(records(table)):
            left.barh(at, 100 * row["best_in"], height=0.6, color=BLUE if at == 0 else SKY)
            _whisker(left, at, (100 * row["best_low"], 100 * row["best_high"]))
            right.plot([row["low"], row["high"]], [at, at], color=GREY, linewidth=1.8)
            right.plot(row["mean"], at, "o", color=BLUE if row["mean"] > 0 else VERMILLION, markersize=7)
        zero_line(right)
        for axes in (left, right):
            _rows(axes, list(table["policy"]))
        left.set_xlim(0, 100)
        left.set_xlabel("best of these, % of points")
        right.set_xlabel(f"effect on {found.asked.on}, {found.unit}")
    return figure


def ranking_title(table: pd.DataFrame) -> str:
    """Return how often the best stays the best, in words."""
    best = records(table)[0]
    low, high = percent(best["best_low"]), percent(best["best_high"])
    span = percent(best["best_in"]) if low == high else f"{percent(best['best_in'])} ({low} to {high})"
    others = table.iloc[1:].sort_values("best_in", ascending=False, kind="stable")
    second = records(others)[0]
    if second["best_in"] > best["best_in"]:
        most = f"{second['policy']} is more often, at {percent(second['best_in'])}"
        return f"{best['policy']}, the best on average, is the best at {span} of the points only; {most}"
    text = f"{best['policy']}, the best on average, stays the best at {span} of the points"
    return text + (f"; {second['policy']} at {percent(second['best_in'])}" if second["best_in"] > 0 else "")
