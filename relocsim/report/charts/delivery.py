"""From word to deed: the funnel from intention to production against its targets, and supporting depth by sector."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from relocsim.language import ENGLISH, Words, message
from relocsim.report.tables import records
from relocsim.report.theme import (
    BLUE,
    GREY,
    LIGHT,
    ORANGE,
    SKY,
    VERMILLION,
    canvas,
    filled,
    rows,
    span_line,
    styled,
)

STAGE_WORDS = {
    "intention": message("intention"),
    "signed": message("contract signed"),
    "honoured": message("contract honoured"),
    "ground": message("ground broken"),
    "producing": message("in production"),
}
"""Stages of a project in words."""


def funnel_chart(
    stages: pd.DataFrame, *, city: str, targets: Mapping[str, float], caption: str, words: Words = ENGLISH
) -> Figure:
    """Return the funnel of a city: money that reached each stage, with its share of what was signed and the target.

    Parameters
    ----------
    stages
        One row a stage in order: stage, mean, low, high (1e8 yuan), and `of_signed`, `of_signed_low`, `of_signed_high`.
    targets
        Shares of what was signed that are asked for, by stage; those that are not named have none.
    """
    with styled(words):
        title = funnel_title(stages, city=city, targets=targets, words=words)
        figure = canvas(9.5, 2.6 + 0.62 * len(stages), title, caption)
        axes = figure.subplots()
        signed = float(stages.set_index("stage")["mean"].get("signed", np.nan))
        for at, row in enumerate(records(stages)):
            axes.barh(at, row["mean"], height=0.6, color=BLUE if row["stage"] == "producing" else SKY)
            span_line(axes, (row["low"], row["high"]), at)
            share = share_of_signed(row, words)
            axes.text(1.01, at, share, transform=axes.get_yaxis_transform(), va="center", fontsize=8.5, color=GREY)
            if row["stage"] in targets:
                wanted = targets[row["stage"]] * signed
                axes.plot([wanted, wanted], [at - 0.36, at + 0.36], color=VERMILLION, linewidth=2.6)
        if targets:
            axes.plot([], [], color=VERMILLION, linewidth=2.6, label=words("target, as a share of what was signed"))
            axes.legend(frameon=False, loc="lower left", bbox_to_anchor=(0.0, 1.0), borderaxespad=0.2)
        rows(axes, [words(STAGE_WORDS[name]) for name in stages["stage"]], room=0.6)
        axes.set_xlim(left=0)
        axes.set_xlabel(words("investment that reached the stage by the end of the period, 1e8 yuan"))
    return figure


def share_of_signed(row: Mapping[str, float], words: Words) -> str:
    """Return in words what share of the money signed reached a stage; nothing where that says nothing."""
    if row["stage"] in ("intention", "signed") or not np.isfinite(row["of_signed"]):
        return ""
    mean, low, high = (words.percent(row[name]) for name in ("of_signed", "of_signed_low", "of_signed_high"))
    return words("{share} of signed", share=mean if low == high else words.between(mean, low, high))


def funnel_title(stages: pd.DataFrame, *, city: str, targets: Mapping[str, float], words: Words = ENGLISH) -> str:
    """Return what of the money signed is producing, and which targets are met or missed in the whole interval."""
    rows = stages.set_index("stage")
    if not rows.loc["signed", "mean"] > 0:
        return words("Nothing is signed in {city}", city=city)
    end = rows.loc["producing"]
    mean, low, high = (words.percent(end[name]) for name in ("of_signed", "of_signed_low", "of_signed_high"))
    share = mean if low == high else words.between(mean, low, high)
    title = words("Of the investment signed in {city}, {share} is in production by the end", city=city, share=share)
    verdicts = {name: _met(rows.loc[name], wanted) for name, wanted in targets.items() if name in rows.index}
    for wanted, text in _VERDICTS.items():
        held = [words(STAGE_WORDS[name]) for name, said in verdicts.items() if said == wanted]
        if held:
            title += words(text, stages=words.listed(held))
    return title


_VERDICTS = {
    "met": message("; target met: {stages}"),
    "missed": message("; target missed: {stages}"),
    "open": message("; whether the target is met cannot be told: {stages}"),
}


def _met(row: pd.Series, wanted: float) -> str:
    if row["of_signed_low"] >= wanted:
        return "met"
    return "missed" if row["of_signed_high"] < wanted else "open"


def depth_chart(
    sectors: pd.DataFrame, *, city: str, names: Mapping[str, str], caption: str, words: Words = ENGLISH
) -> Figure:
    """Return supporting depth by sector in a city, the thinnest on top, with the key links that it lacks.

    Parameters
    ----------
    sectors
        One row a sector: sector, depth (share of inputs found within reach), missing (names of links, a sequence).
    """
    rows = sectors.sort_values(["depth", "sector"], kind="stable", ignore_index=True)
    with styled(words):
        title = depth_title(rows, city=city, names=names, words=words)
        figure = canvas(10.5, 2.4 + 0.42 * len(rows), title, caption)
        axes = figure.subplots()
        for at, row in enumerate(records(rows)):
            lacks: Sequence[str] = row["missing"]
            axes.barh(at, 1.0, height=0.6, color=LIGHT, alpha=0.45)
            axes.barh(at, row["depth"], height=0.6, color=ORANGE if len(lacks) else BLUE)
            text = words("lacks {links}", links=words.listed(words.first(list(lacks), 3))) if len(lacks) else ""
            said = filled(text, 44)
            axes.text(1.02, at, said, va="center", fontsize=8 if "\n" in said else 8.5, color=VERMILLION)
        axes.set_yticks(range(len(rows)), [names.get(name, name) for name in rows["sector"]])
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.set_xlim(0, 1.75)
        axes.set_xticks(np.linspace(0, 1, 6))
        axes.spines["bottom"].set_bounds(0, 1)
        text = message("supporting depth: share of inputs met on the spot or near (orange: a key link is missing)")
        axes.set_xlabel(filled(words(text), 58), loc="left")
    return figure


def depth_title(sectors: pd.DataFrame, *, city: str, names: Mapping[str, str], words: Words = ENGLISH) -> str:
    """Return which sector is the thinnest, and in how many a key link is missing."""
    rows = sectors.sort_values(["depth", "sector"], kind="stable", ignore_index=True)
    thin, deep = rows.iloc[0], rows.iloc[-1]
    lacking = int(sum(len(held) > 0 for held in rows["missing"]))
    title = words(
        "In {city} supporting depth goes from {low} ({thin}) to {high} ({deep})",
        city=city, low=words.plain(float(thin["depth"]), 2), thin=names.get(thin["sector"], thin["sector"]),
        high=words.plain(float(deep["depth"]), 2), deep=names.get(deep["sector"], deep["sector"]),
    )  # fmt: skip
    if not lacking:
        return title + words("; no key link is missing")
    many = words.plural(
        "; {n} of {count} sectors lacks a key link",
        "; {n} of {count} sectors lack a key link",
        n=lacking,
        count=len(rows),
    )
    return title + many
