"""What a package is made of, and what it costs: the waterfall by Shapley share, public cost and cost per but-for job."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relocsim.language import ENGLISH, Words, message
from relocsim.report.effects import estimate_of, sign_is_clear
from relocsim.report.sentences import POINTS
from relocsim.report.tables import records
from relocsim.report.theme import (
    BLUE,
    GREY,
    ORANGE,
    VERMILLION,
    canvas,
    filled,
    rows,
    span_line,
    styled,
    zero_line,
)

TOGETHER_ROW = "together"
"""Row of a synergy that holds the whole package."""
_PRIORITY = 1e4
"""Yuan per job in a unit of the axis: 1e4 yuan, as officials quote it."""

_NOTHING = 1e-12
"""Change of a rate that is rounding: Shapley shares are sums of differences."""


def waterfall_chart(
    shares: pd.DataFrame, *, city: str, names: Mapping[str, str], caption: str, words: Words = ENGLISH
) -> Figure:
    """Return the waterfall from the baseline to the package: each policy's Shapley share of the capture rate.

    Parameters
    ----------
    shares
        Rows of `answers.Synergy.table`: quantity, policy (`together`: the package), mean, low, high, replicates, ...
    names
        Names of policies.
    """
    held = shares[shares["quantity"] == "capture_rate"]
    steps = held[~held["policy"].isin([TOGETHER_ROW, "synergy"])].sort_values("mean", ascending=False, kind="stable")
    whole = held[held["policy"] == TOGETHER_ROW].iloc[0]
    with styled(words):
        title = waterfall_title(shares, city=city, names=names, words=words)
        figure = canvas(9.5, 2.6 + 0.5 * (len(steps) + 1), title, caption)
        axes = figure.subplots()
        reached = 0.0
        for at, row in enumerate(records(steps)):
            _step(axes, at, reached, row)
            axes.plot([reached + POINTS * row["mean"]] * 2, [at, at + 1], color=GREY, linewidth=0.8)
            reached += POINTS * row["mean"]
        _step(axes, len(steps), 0.0, whole.to_dict(), whole=True)
        zero_line(axes)
        labels = [filled(names.get(name, name), 34) for name in steps["policy"]]
        rows(axes, [*labels, words("the package")], room=0.6)
        text = message("change of {city}'s capture rate from the baseline, percentage points")
        axes.set_xlabel(words(text, city=city))
    return figure


def _step(axes: Axes, at: int, start: float, row: Mapping[str, float], *, whole: bool = False) -> None:
    """Draw a share from where the ones before it end, its interval on top; grey where its sign is not clear."""
    found = estimate_of(row)
    mean, low, high = (POINTS * value for value in (found.mean, found.low, found.high))
    colour = GREY if not sign_is_clear(found) else (BLUE if mean > 0 else VERMILLION)
    axes.barh(at, mean, left=start, height=0.56, color=colour, alpha=1.0 if whole else 0.75)
    span_line(axes, (start + low, start + high), at)


def waterfall_title(shares: pd.DataFrame, *, city: str, names: Mapping[str, str], words: Words = ENGLISH) -> str:
    """Return what the package adds and which policy has the largest share, as far as intervals allow."""
    rows = shares[shares["quantity"] == "capture_rate"].set_index("policy")
    whole = estimate_of(rows.loc[TOGETHER_ROW].to_dict())
    if max(abs(whole.low), abs(whole.high)) < _NOTHING:
        text = message("In none of {count} replicates does the package change {city}'s capture rate")
        return words(text, count=whole.replicates, city=city)
    if not sign_is_clear(whole):
        low, high = words.ends(whole, POINTS)
        return words(
            "Whether the package changes {city}'s capture rate cannot be told: between {low} and {high} percentage points",
            city=city, low=low, high=high,
        )  # fmt: skip
    text = message("The package changes {city}'s capture rate by {points} percentage points")
    title = words(text, city=city, points=words.span(whole, POINTS))
    parts = rows.drop(index=[TOGETHER_ROW, "synergy"], errors="ignore").sort_values("mean", ascending=False)
    clear = [name for name, row in parts.iterrows() if sign_is_clear(estimate_of(row.to_dict()))]
    if not clear:
        return title + words("; no single share is clear in sign")
    first = max(clear, key=lambda name: abs(parts.loc[name, "mean"]))
    points = words.span(estimate_of(parts.loc[first].to_dict()), POINTS)
    return title + words("; the largest clear share is that of {policy}: {points}", policy=names[first], points=points)


def job_cost_chart(
    accounts: pd.DataFrame, *, city: str, names: Mapping[str, str], caption: str, words: Words = ENGLISH
) -> Figure:
    """Return public cost (left) and cost per but-for job (right) of each policy, with intervals.

    `accounts` are rows of `answers.Fiscal.table`: arm, quantity, mean, low, high, replicates, ... A cost per but-for job
    counts only replicates in which the policy brings any; how many is written beside it.
    """
    cost = accounts[accounts["quantity"] == "cost"].set_index("arm")
    order = list(cost.sort_values("mean", ascending=False, kind="stable").index)
    per_job = accounts[accounts["quantity"] == "cost per but-for job"].set_index("arm")
    total = int(cost["replicates"].max())
    with styled(words):
        title = job_cost_title(accounts, city=city, names=names, words=words)
        figure = canvas(11, 2.6 + 0.5 * len(order), title, caption)
        left, right = figure.subplots(1, 2, sharey=True)
        for at, arm in enumerate(order):
            _bar(left, at, cost.loc[arm].to_dict(), 1.0, ORANGE)
            row = per_job.loc[arm].to_dict()
            if row["replicates"]:
                _dot(right, at, row, 1 / _PRIORITY)
            counted = words("{count} of {all} bring any", count=int(row["replicates"]), all=total)
            right.text(1.01, at, counted, transform=right.get_yaxis_transform(), va="center", fontsize=8.5, color=GREY)
        zero_line(left)
        left.set_xlabel(filled(words("public cost over the period, 1e8 yuan"), 40))
        text = words("public cost per job that would not have come otherwise, 10,000 yuan")
        right.set_xlabel(filled(text, 40))
        for axes in (left, right):
            rows(axes, [filled(names.get(arm, arm), 30) for arm in order], room=0.6)
    return figure


def _bar(axes: Axes, at: int, row: Mapping[str, float], scale: float, colour: str) -> None:
    axes.barh(at, scale * row["mean"], height=0.5, color=colour)
    span_line(axes, (scale * row["low"], scale * row["high"]), at)


def _dot(axes: Axes, at: int, row: Mapping[str, float], scale: float) -> None:
    span_line(axes, (scale * row["low"], scale * row["high"]), at, colour=BLUE, width=1.8)
    axes.plot(scale * row["mean"], at, "o", color=BLUE, markersize=7, markeredgecolor="white")


def job_cost_title(accounts: pd.DataFrame, *, city: str, names: Mapping[str, str], words: Words = ENGLISH) -> str:
    """Return which policy brings a but-for job at least cost, where it brings some in every replicate."""
    table = accounts[accounts["quantity"] == "cost per but-for job"].set_index("arm")
    total = int(accounts.loc[accounts["quantity"] == "cost", "replicates"].max())
    sure = table[(table["replicates"] == total) & np.isfinite(table["mean"])].sort_values("mean", kind="stable")
    if sure.empty:
        return words(
            "No policy brings but-for jobs to {city} in all replicates: what one costs cannot be told", city=city
        )
    best = estimate_of(sure.iloc[0].to_dict())
    cost = words.span(best, 1 / _PRIORITY, sign=False)
    text = message("A but-for job in {city} costs {cost} x 10,000 yuan with {policy}")
    title = words(text, city=city, cost=cost, policy=names.get(sure.index[0], sure.index[0]))
    if len(sure) > 1 and sure.iloc[1]["low"] <= sure.iloc[0]["high"]:
        other = names.get(sure.index[1], sure.index[1])
        return title + words("; whether that is less than with {policy} cannot be told", policy=other)
    return title
