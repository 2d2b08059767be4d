"""Paired effects with their intervals, sorted, the simulation error inside."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from relocsim.language import ENGLISH, Words, message
from relocsim.report.effects import Effect
from relocsim.report.sentences import POINTS
from relocsim.report.terms import capital
from relocsim.report.theme import BLUE, GREY, VERMILLION, canvas, filled, rows, span_line, styled, zero_line

_MANY = 3
"""Titles named in one clause."""


def effects_chart(effects: Sequence[Effect], *, city: str, title: str, caption: str, words: Words = ENGLISH) -> Figure:
    """Return the chart of effects on the capture rate by investment, the first on top.

    Thin line: interval; thick bar: mean with one simulation error to either side. Grey where the interval crosses zero.
    """
    with styled(words):
        figure = canvas(9.5, 2.4 + 0.55 * len(effects), title, caption)
        axes = figure.subplots()
        for at, effect in enumerate(effects):
            low, mean, high, error = POINTS * np.array(
                [effect.rate.low, effect.rate.mean, effect.rate.high, effect.rate.simulation_error]
            )
            colour = GREY if not effect.clear else (BLUE if mean > 0 else VERMILLION)
            span_line(axes, (low, high), at, colour=colour, width=1.8)
            if np.isfinite(error):
                inner = [mean - error, mean + error]
                axes.plot(inner, [at, at], color=colour, linewidth=8, alpha=0.55, solid_capstyle="butt")
            axes.plot(mean, at, marker="o", color=colour, markersize=7, markeredgecolor="white")
            counted = words("{count} of {all} above zero", count=effect.rate.positive, all=effect.rate.replicates)
            axes.text(1.01, at, counted, transform=axes.get_yaxis_transform(), va="center", fontsize=8.5, color=GREY)
        zero_line(axes)
        rows(axes, [_label(effect, words) for effect in effects])
        axes.set_xlabel(words("effect on {city}'s capture rate by investment, percentage points", city=city))
    return figure


def _label(effect: Effect, words: Words) -> str:
    title = filled(effect.title, 34)
    return "\n".join([title, words("(in the baseline)")]) if effect.in_baseline else title


def effects_title(effects: Sequence[Effect], city: str, words: Words = ENGLISH) -> str:
    """Return the finding in words; what crosses zero is said to be not clear."""
    raising = [effect.title for effect in effects if effect.clear and effect.rate.mean > 0]
    lowering = [effect.title for effect in effects if effect.clear and effect.rate.mean < 0]
    unclear = [effect.title for effect in effects if not effect.clear and not effect.inert]
    inert = [effect.title for effect in effects if effect.inert]
    parts = []
    if raising:
        parts.append(_one_or_many(raising, _RAISE, city, words))
    if lowering:
        parts.append(_one_or_many(lowering, _LOWER, city, words))
    if unclear:
        parts.append(_one_or_many(unclear, _UNCLEAR_TOO if parts else _UNCLEAR, city, words))
    if inert:
        parts.append(_one_or_many(inert, _NOTHING, city, words))
    text = words("; ").join(parts)
    return capital(text)


_RAISE = message("{policies} raises {city}'s capture rate"), message("{policies} raise {city}'s capture rate")
_LOWER = message("{policies} lowers {city}'s capture rate"), message("{policies} lower {city}'s capture rate")
_UNCLEAR = (
    message("whether {policies} changes {city}'s capture rate cannot be told"),
    message("whether {policies} change {city}'s capture rate cannot be told"),
)
_UNCLEAR_TOO = (
    message("whether {policies} changes it cannot be told"), message("whether {policies} change it cannot be told"),
)  # fmt: skip
_NOTHING = message("{policies} changes nothing"), message("{policies} change nothing")


def _one_or_many(titles: list[str], texts: tuple[str, str], city: str, words: Words) -> str:
    return words(texts[len(titles) > 1], policies=_few(titles, words), city=city)


def _few(titles: list[str], words: Words) -> str:
    """Return titles as a list in a sentence, cut where there are many."""
    lowered = [title.lower() for title in titles]
    if len(lowered) <= _MANY:
        return words.listed(lowered)
    others = words.plural("{n} other", "{n} others", n=len(lowered) - _MANY + 1)
    return words.listed([*lowered[: _MANY - 1], others])
