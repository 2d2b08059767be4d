"""The charts of a sensitivity: screening, indices, tornado, ranking, each with a finding for a title. Refuses to compute."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relocsim.language import ENGLISH, Words, message
from relocsim.language.units import unit_label
from relocsim.report.charts.comparison import names_of, scenario_name
from relocsim.report.effects import title_of
from relocsim.report.labels import family_label
from relocsim.report.labels_observables import observable_label
from relocsim.report.tables import records
from relocsim.report.terms import capital
from relocsim.report.theme import (
    BLUE,
    GREY,
    INK,
    LIGHT,
    ORANGE,
    SKY,
    VERMILLION,
    canvas,
    rows,
    span_line,
    styled,
    wrapped,
    zero_line,
)
from relocsim.sensitivity.answering import Sensitivity

_SHOWN = 30
"""Families of the screening that are drawn."""
_SURE = 0.05
"""Index below which a factor is not named in a title."""
_LABEL = 9.0
"""Inches that the label of an axis may take."""


def sensitivity_charts(found: Sensitivity, words: Words = ENGLISH) -> dict[str, Figure]:
    """Return the charts of a sensitivity by file name."""
    drawn = {"screening": screening_chart, "indices": index_chart, "tornado": tornado_chart}
    charts = {name: draw(found, words) for name, draw in drawn.items()}
    if len(found.ranking) > 1:
        charts["ranking"] = ranking_chart(found, words)
    return charts


def _caption(found: Sensitivity, what: str, words: Words) -> str:
    spec = found.spec
    luck = words.plural(
        "{n} replicate of luck, the same at all points", "{n} replicates of luck, the same at all points",
        n=found.asked.replicates,
    )  # fmt: skip
    return words(
        "{what}; {luck}. Scenario {name}, digest {digest}; {agents} agents; {share} of {count} inputs assumed.",
        what=what, luck=luck, name=scenario_name(spec, words), digest=spec.digest[:8],
        agents=words.plain(spec.scenario.firms, 0), share=words.percent(spec.register.assumed_share()),
        count=words.plain(len(spec.register), 0),
    )  # fmt: skip


def _what(found: Sensitivity, words: Words) -> str:
    policy = title_of(found.spec, found.asked.effect, words).lower()
    return words(
        "effect of {policy} on {observable}", policy=policy, observable=observable_label(words, found.asked.on)
    )


def family_names(found: Sensitivity, words: Words) -> dict[str, str]:
    """Return the names of families of inputs by factor."""
    spec = found.spec
    names = names_of(spec, words) | {name: title_of(spec, name, words) for name in spec.policies}
    return {factor: family_label(words, label, names) for factor, label in found.labels.items()}


def _legend(axes: Axes) -> None:
    """Put the legend above the rows, where no bar is."""
    axes.legend(frameon=False, loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=2, borderaxespad=0.2)


def screening_chart(found: Sensitivity, words: Words = ENGLISH) -> Figure:
    """Return mu* of the families that move the effect most, the kept ones in colour."""
    table = found.screening.head(_SHOWN)
    kept = int(found.screening["kept"].sum())
    idle = int((found.screening["mu_star"] == 0).sum())
    labels = family_names(found, words)
    most = words.listed([labels[name] for name in table["factor"].head(3)])
    title = words(
        "{inputs} move the {effect} most; {kept} of {count} families of inputs are kept",
        inputs=most, effect=_what(found, words), kept=kept, count=len(found.screening),
    )  # fmt: skip
    title = capital(title)
    title += words(", {count} do nothing", count=idle) if idle else ""
    what = words(
        "Mean size of what a step of each family does (Morris's mu*), {count} trajectories; lines: 95 % intervals",
        count=int(table["samples"].iloc[0]),
    )
    with styled(words):
        figure = canvas(9.5, 2.2 + 0.26 * len(table), title, _caption(found, what, words))
        axes = figure.subplots()
        for at, row in enumerate(records(table)):
            axes.barh(at, row["mu_star"], height=0.62, color=BLUE if row["kept"] else LIGHT)
            span_line(axes, (max(0.0, row["mu_star_low"]), row["mu_star_high"]), at)
        rows(axes, [family_names(found, words)[name] for name in table["factor"]])
        text = message("{effect}: mu*, {unit}, from the 5th to the 95th percentile of the family")
        axes.set_xlabel(wrapped(words(text, effect=_what(found, words), unit=unit_label(words, found.unit)), _LABEL))
    return figure


def index_chart(found: Sensitivity, words: Words = ENGLISH) -> Figure:
    """Return first-order and total indices with their intervals."""
    table = found.indices
    count = int(table["samples"].iloc[0])
    what = words(
        "Sobol's indices, {count} base samples; thick bars: estimate, lines: 95 % intervals (bootstrap)", count=count
    )
    luck = float(table["luck"].iloc[0])
    if np.isfinite(luck):
        what += words("; {share} of the variance is luck that replicates do not share", share=words.percent(luck))
    named = {"first_order": words("first order: alone"), "total": words("total: with what it does in company")}
    with styled(words):
        figure = canvas(9.5, 2.4 + 0.46 * len(table), index_title(found, words), _caption(found, what, words))
        axes = figure.subplots()
        for name, colour, shift in (("first_order", SKY, -0.19), ("total", BLUE, 0.19)):
            axes.barh(np.arange(len(table)) + shift, table[name], height=0.34, color=colour, label=named[name])
            for at, row in enumerate(records(table)):
                span_line(axes, (row[f"{name}_low"], row[f"{name}_high"]), at + shift)
        zero_line(axes)
        rows(axes, [family_names(found, words)[name] for name in table["factor"]])
        axes.set_xlabel(wrapped(words("share of the variance of the {effect}", effect=_what(found, words)), _LABEL))
        _legend(axes)
    return figure


def index_title(found: Sensitivity, words: Words = ENGLISH) -> str:
    """Return which inputs the effect depends on for certain, in words."""
    sure = found.indices[(found.indices["total_low"] > 0) & (found.indices["total"] >= _SURE)]
    alone = found.indices["first_order"].clip(lower=0).sum()
    effect = _what(found, words)
    if sure.empty:
        count = int(found.indices["samples"].iloc[0])
        text = message("{count} base samples do not tell on which inputs the {effect} depends")
        return words(text, count=count, effect=effect)
    named = [
        words("{name} ({value})", name=family_names(found, words)[row["factor"]], value=words.plain(row["total"], 2))
        for row in records(sure)
    ]
    title = words("The {effect} depends on {inputs}", effect=effect, inputs=words.listed(words.first(named, 3)))
    told = bool((found.indices["first_order_low"] > 0).any()) and alone <= 1
    more = words("; {share} of its variance goes with single inputs", share=words.percent(alone)) if told else ""
    return title + more


def tornado_chart(found: Sensitivity, words: Words = ENGLISH) -> Figure:
    """Return the mean effect where each input is in its lower and its upper third, the widest on top."""
    table = found.swings
    centre = float(table["mean"].iloc[0])
    count = 2 * int(found.indices["samples"].iloc[0])
    what = words(
        "Means over the third of {count} points in which the input is low or high, all else as it comes; lines: 95 % "
        "intervals",
        count=count,
    )
    named = {"lower": words("lower third of the input"), "upper": words("upper third of the input")}
    with styled(words):
        figure = canvas(9.5, 2.4 + 0.4 * len(table), tornado_title(found, words), _caption(found, what, words))
        axes = figure.subplots()
        for name, colour, shift in (("lower", ORANGE, -0.18), ("upper", BLUE, 0.18)):
            axes.barh(
                np.arange(len(table)) + shift, table[name] - centre, left=centre, height=0.34, color=colour, alpha=0.8,
                label=named[name],
            )  # fmt: skip
            for at, row in enumerate(records(table)):
                span_line(axes, (row[f"{name}_low"], row[f"{name}_high"]), at + shift)
        axes.axvline(centre, color=INK, linewidth=1)
        if table[["lower_low", "upper_low"]].min().min() <= 0 <= table[["lower_high", "upper_high"]].max().max():
            axes.axvline(0, color=GREY, linewidth=1, linestyle=":")
        rows(axes, [family_names(found, words)[name] for name in table["factor"]])
        text = message("{effect}, {unit} (mean over all: {mean})")
        unit = unit_label(words, found.unit)
        axes.set_xlabel(wrapped(words(text, effect=_what(found, words), unit=unit, mean=words.plain(centre)), _LABEL))
        _legend(axes)
    return figure


def tornado_title(found: Sensitivity, words: Words = ENGLISH) -> str:
    """Return what swings the effect most, in words; a swing whose interval crosses zero is said to be not clear."""
    row: dict[str, Any] = records(found.swings)[0]
    if not (row["swing_low"] > 0 or row["swing_high"] < 0):
        return words("No single input swings the {effect} clearly", effect=_what(found, words))
    return words(
        "{input} swings the {effect} most: {low} where it is low, {high} where it is high ({unit})",
        input=capital(family_names(found, words)[row["factor"]]), effect=_what(found, words), low=words.signed(row["lower"]),
        high=words.signed(row["upper"]), unit=unit_label(words, found.unit),
    )  # fmt: skip


def ranking_chart(found: Sensitivity, words: Words = ENGLISH) -> Figure:
    """Return how often each policy is the best, and the range of its effect."""
    table = found.ranking
    count = int(found.indices["samples"].iloc[0]) * (len(found.indices) + 2)
    what = words(
        "{count} points; left: share of points, 95 % intervals; right: mean effect, 95 % of points", count=count
    )
    with styled(words):
        named = found.ranking.assign(policy=[title_of(found.spec, one, words) for one in table["policy"]])
        title = ranking_title(named, words)
        figure = canvas(10.5, 2.4 + 0.5 * len(table), title, _caption(found, what, words))
        left, right = figure.subplots(1, 2, sharey=True)
        for at, row in enumerate(records(table)):
            left.barh(at, 100 * row["best_in"], height=0.6, color=BLUE if at == 0 else SKY)
            span_line(left, (100 * row["best_low"], 100 * row["best_high"]), at)
            span_line(right, (row["low"], row["high"]), at, colour=GREY, width=1.8)
            right.plot(row["mean"], at, "o", color=BLUE if row["mean"] > 0 else VERMILLION, markersize=7)
        zero_line(right)
        for axes in (left, right):
            rows(axes, [title_of(found.spec, name, words) for name in table["policy"]])
        left.set_xlim(0, 100)
        left.set_xlabel(words("best of these, % of points"))
        on = observable_label(words, found.asked.on)
        label = words("effect on {observable}, {unit}", observable=on, unit=unit_label(words, found.unit))
        right.set_xlabel(wrapped(label, _LABEL / 2))
    return figure


def ranking_title(table: pd.DataFrame, words: Words = ENGLISH) -> str:
    """Return how often the best stays the best, in words."""
    best = records(table)[0]
    low, high = words.percent(best["best_low"]), words.percent(best["best_high"])
    share = words.percent(best["best_in"])
    share = share if low == high else words.between(share, low, high)
    others = table.iloc[1:].sort_values("best_in", ascending=False, kind="stable")
    second = records(others)[0]
    beside = {"second": second["policy"], "part": words.percent(second["best_in"])}
    if second["best_in"] > best["best_in"]:
        return words(
            "{policy}, the best on average, is the best at {share} of the points only; {second} is more often, at {part}",
            policy=best["policy"], share=share, **beside,
        )  # fmt: skip
    text = message("{policy}, the best on average, stays the best at {share} of the points")
    title = words(text, policy=best["policy"], share=share)
    return title + (words("; {second} at {part}", **beside) if second["best_in"] > 0 else "")
