"""Paired effects with their intervals, sorted, the simulation error inside."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from relocsim.report.effects import Effect
from relocsim.report.sentences import POINTS
from relocsim.report.theme import BLUE, GREY, VERMILLION, canvas, styled, zero_line
from relocsim.report.wording import listed

_MANY = 3
"""Titles named in one clause."""


def effects_chart(effects: Sequence[Effect], *, city: str, title: str, caption: str) -> Figure:
    """Return the chart of effects on the capture rate by investment, the first on top.

    Thin line: interval; thick bar: mean with one simulation error to either side. Grey where the interval crosses zero.
    """
    with styled():
        figure = canvas(9.5, 2.4 + 0.55 * len(effects), title, caption)
        axes = figure.subplots()
        for at, effect in enumerate(effects):
            low, mean, high, error = POINTS * np.array(
                [effect.rate.low, effect.rate.mean, effect.rate.high, effect.rate.simulation_error]
            )
            colour = GREY if not effect.clear else (BLUE if mean > 0 else VERMILLION)
            axes.plot([low, high], [at, at], color=colour, linewidth=1.8, solid_capstyle="butt")
            if np.isfinite(error):
                inner = [mean - error, mean + error]
                axes.plot(inner, [at, at], color=colour, linewidth=8, alpha=0.55, solid_capstyle="butt")
            axes.plot(mean, at, marker="o", color=colour, markersize=7, markeredgecolor="white")
            counted = f"{effect.rate.positive} of {effect.rate.replicates} above zero"
            axes.text(1.01, at, counted, transform=axes.get_yaxis_transform(), va="center", fontsize=8.5, color=GREY)
        zero_line(axes)
        axes.set_yticks(range(len(effects)), [_label(effect) for effect in effects])
        axes.set_ylim(len(effects) - 0.5, -0.5)
        axes.set_xlabel(f"effect on {city}'s capture rate by investment, percentage points")
        axes.grid(axis="x", color="#EEEEEE")
        axes.set_axisbelow(True)
    return figure


def _label(effect: Effect) -> str:
    return f"{effect.title}\n(in the baseline)" if effect.in_baseline else effect.title


def effects_title(effects: Sequence[Effect], city: str) -> str:
    """Return the finding in words; what crosses zero is said to be not clear."""
    raising = [effect.title for effect in effects if effect.clear and effect.rate.mean > 0]
    lowering = [effect.title for effect in effects if effect.clear and effect.rate.mean < 0]
    unclear = [effect.title for effect in effects if not effect.clear and not effect.inert]
    inert = [effect.title for effect in effects if effect.inert]
    parts = [
        f"{_few(names)} {verb if len(names) > 1 else f'{verb}s'} {city}'s capture rate"
        for names, verb in ((raising, "raise"), (lowering, "lower"))
        if names
    ]
    if unclear:
        what = "it" if parts else f"{city}'s capture rate"
        parts.append(f"whether {_few(unclear)} change{'' if len(unclear) > 1 else 's'} {what} cannot be told")
    if inert:
        parts.append(f"{_few(inert)} change{'' if len(inert) > 1 else 's'} nothing")
    text = "; ".join(parts)
    return text[:1].upper() + text[1:]


def _few(titles: list[str]) -> str:
    """Return titles as a list in a sentence, cut where there are many."""
    lowered = [title.lower() for title in titles]
    return listed(lowered if len(lowered) <= _MANY else [*lowered[: _MANY - 1], f"{len(lowered) - _MANY + 1} others"])
