"""Many runs on one sheet: a phase diagram of two factors, and small multiples of one chart over scenarios."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from relocsim.language import ENGLISH, Words, message
from relocsim.report.charts.time import years
from relocsim.report.tables import records
from relocsim.report.terms import capital
from relocsim.report.theme import BLUE, GREY, INK, VERMILLION, canvas, filled, styled
from relocsim.world.calendar import Quarter

DIVERGING = ("#8C3D00", "#D55E00", "#F3B58B", "#F7F7F7", "#9CC9E3", "#0072B2", "#00456B")
"""From a loss to a gain, readable without telling red from green."""
_PALE = 0.45
"""Opacity of cells whose sign is not clear."""


def phase_chart(
    cells: pd.DataFrame, *, axes_names: tuple[str, str], effect: str, unit: str, caption: str, words: Words = ENGLISH
) -> Figure:
    """Return the phase diagram: sign and size of an effect over two factors, cells whose sign is not clear hatched.

    Parameters
    ----------
    cells
        One row a pair of levels: x, y (levels, any type that sorts), mean, low, high.
    axes_names
        Names of the two factors, with units.
    effect, unit
        What is shown, and its unit.
    """
    columns, rows = sorted(cells["x"].unique()), sorted(cells["y"].unique())
    effect = capital(effect)
    largest = float(np.nanmax(np.abs(cells["mean"]))) or 1.0
    with styled(words):
        from matplotlib.cm import ScalarMappable
        from matplotlib.colors import LinearSegmentedColormap, Normalize

        title = phase_title(cells, effect=effect, words=words)
        figure = canvas(2.6 + 1.15 * max(5, len(columns)), 2.8 + 0.62 * max(4, len(rows)), title, caption)
        axes = figure.subplots()
        shades = ScalarMappable(Normalize(-largest, largest), LinearSegmentedColormap.from_list("effect", DIVERGING))
        for row in records(cells):
            at = columns.index(row["x"]), rows.index(row["y"])
            clear = row["low"] > 0 or row["high"] < 0
            colour = shades.to_rgba(row["mean"], alpha=1.0 if clear else _PALE)
            corner = (at[0] - 0.5, at[1] - 0.5)
            patch = Rectangle(corner, 1, 1, facecolor=colour, linewidth=0)
            if not clear:
                patch.set(hatch="///", edgecolor=GREY)
            axes.add_patch(patch)
            dark = abs(row["mean"]) > 0.55 * largest
            text = axes.text(*at, words.signed(row["mean"]), ha="center", va="center", fontsize=9)
            text.set_color("white" if dark and clear else INK)
            if not clear:
                text.set_bbox({"facecolor": "white", "edgecolor": "none", "pad": 1.5, "alpha": 0.85})
        axes.set_xticks(range(len(columns)), [_level(one, words) for one in columns])
        axes.set_yticks(range(len(rows)), [_level(one, words) for one in rows])
        axes.set_xlim(-0.5, len(columns) - 0.5)
        axes.set_ylim(-0.5, len(rows) - 0.5)
        axes.set_xlabel(axes_names[0])
        axes.set_ylabel(axes_names[1])
        label = words("{effect}, {unit} (hatched: sign not clear)", effect=effect, unit=unit)
        figure.colorbar(shades, ax=axes, label=filled(label, 40))
    return figure


def _level(level: object, words: Words) -> str:
    if isinstance(level, bool | np.bool_):
        return words("on") if level else words("off")
    return f"{level:g}" if isinstance(level, int | float | np.number) else str(level)


def phase_title(cells: pd.DataFrame, *, effect: str, words: Words = ENGLISH) -> str:
    """Return in how many cells the effect is a gain, a loss, or not clear."""
    gain, loss = int((cells["low"] > 0).sum()), int((cells["high"] < 0).sum())
    unclear = len(cells) - gain - loss
    if not gain and not loss:
        return words("{effect}: the sign is clear in none of {count} cells", effect=effect, count=len(cells))
    parts = [(gain, message("above zero in {count}")), (loss, message("below zero in {count}"))]
    said = [words(text, count=count) for count, text in parts if count]
    if unclear:
        said.append(words("not clear in {count}", count=unclear))
    text = message("{effect}: {signs} of {count} cells")
    return words(text, effect=effect, signs=words.listed(said), count=len(cells))


def multiples_chart(
    timelines: Mapping[str, pd.DataFrame], *, arms: tuple[str, str | None], caption: str, words: Words = ENGLISH
) -> Figure:
    """Return small multiples over scenarios: the capture rate of each one's city in the baseline and another arm.

    Parameters
    ----------
    timelines
        By name of the scenario: arm, quarter, mean, low, high (shares) of its city; all panels have one scale.
    arms
        Baseline and the arm beside it, if any.
    """
    columns = min(3, len(timelines))
    rows = -(-len(timelines) // columns)
    with styled(words):
        figure = canvas(
            4.0 * max(2, columns), 1.9 + 2.6 * rows, multiples_title(timelines, arms=arms, words=words), caption
        )
        panels = figure.subplots(rows, columns, sharey=True, squeeze=False)
        for axes, (name, table) in zip(panels.flat, timelines.items(), strict=False):
            for arm, colour in zip([arm for arm in arms if arm], (BLUE, VERMILLION), strict=False):
                part = table[table["arm"] == arm].assign(year=lambda one: years(one["quarter"])).sort_values("year")
                axes.fill_between(
                    part["year"], 100 * part["low"], 100 * part["high"], color=colour, alpha=0.18, linewidth=0
                )
                axes.plot(part["year"], 100 * part["mean"], color=colour, linewidth=2)
            axes.set_title(filled(name, 36))
            axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=5))
        for axes in list(panels.flat)[len(timelines) :]:
            axes.set_visible(False)
        for axes in panels[:, 0]:
            axes.set_ylabel(filled(words("share of investment placed so far, %"), 28))
        for one, colour, text in zip(arms, (BLUE, VERMILLION), (words("Baseline"), words("All together")), strict=True):
            if one:
                panels[0, 0].plot([], [], color=colour, linewidth=2, label=text)
        panels[0, 0].legend(frameon=False, loc="upper left")
        panels[0, 0].set_ylim(bottom=0)  # shared, once all have been drawn
    return figure


def multiples_title(
    timelines: Mapping[str, pd.DataFrame], *, arms: tuple[str, str | None], words: Words = ENGLISH
) -> str:
    """Return where the baseline's capture rate ends highest and lowest, with intervals."""
    ends = {name: _end(table, arms[0]) for name, table in timelines.items()}
    best, least = (pick(ends, key=lambda name: ends[name]["mean"]) for pick in (max, min))
    said = {name: _span(ends[name], words) for name in (best, least)}
    if best == least or ends[best]["low"] <= ends[least]["high"]:
        text = message("In the baseline the intervals of {first}, {high} %, and {last}, {low} %, overlap")
    else:
        text = message("In the baseline {first} captures most, {high} %, and {last} least, {low} %")
    if best == least:
        return words("In the baseline {name} captures {share} %", name=best, share=said[best])
    return words(text, first=best, high=said[best], last=least, low=said[least])


def _end(table: pd.DataFrame, arm: str) -> pd.Series:
    part = table[table["arm"] == arm]
    return part.loc[max(part.index, key=lambda at: Quarter.parse(str(part.loc[at, "quarter"])).index)]


def _span(row: pd.Series, words: Words) -> str:
    mean, low, high = (words.plain(100 * float(row[name])) for name in ("mean", "low", "high"))
    return mean if low == high else words.between(mean, low, high)
