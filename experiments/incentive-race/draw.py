"""Picture and tables of the page, from figures.csv (see experiments/pages.py)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relocsim.report import markdown
from relocsim.report.intervals import Look, draw_intervals
from relocsim.report.theme import BLUE, GREEN, GREY, INK, LIGHT, ORANGE, SKY, VERMILLION, canvas, styled
from relocsim.report.wording import interval_name

HERE = Path(__file__).parent
TITLE = (
    "A package pays whoever offers it, less and less as more do; the nation gains next to nothing, and of 100 yuan "
    "of the bill 92 or more go to firms that come anyway"
)
TOGETHER, NATION = "gain of the bidders together", "new to the nation"
CHENZHOU = "gain of Chenzhou against nobody bidding"
ALONE, ELSEWHERE = "loss of Chenzhou if it alone drops out", "share of all that goes elsewhere"
PAID, ANYWAY = "bill paid", "bill paid to firms that would have come anyway"
LINES = {
    TOGETHER: ("bidders together, against nobody bidding", Look(BLUE, "o", 6, 0.8), -0.12),
    CHENZHOU: ("Chenzhou, against nobody bidding", Look(SKY, "s", 6, 0.8), 0.0),
    NATION: ("all places together", Look(VERMILLION, "D", 6, 0.8), 0.12),
    ALONE: ("lost by Chenzhou if it alone drops out", Look(GREY, "^", 6, 0.8), 0.24),
}
BILLS = {
    PAID: ("paid in incentives", Look(ORANGE, "o", 6, 0.8), -0.12),
    ANYWAY: ("of it to firms that come anyway", Look(GREY, "s", 6, 0.8), 0.12),
}
SOURCES = {
    "of what the bidders take: would have come anyway": ("comes anyway", LIGHT),
    "of what the bidders take: from other places": ("taken from other places", BLUE),
    "of what the bidders take: would have gone nowhere": ("would have stayed, closed or gone abroad", GREEN),
}


def kept() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return expected figures and those of whole runs."""
    figures = pd.read_csv(HERE / "figures.csv")
    return figures[figures["method"] == "expected"], figures[figures["method"] == "whole runs"]


def tables() -> Iterator[str]:
    """Yield the tables of the page."""
    expected, whole = kept()
    columns = {
        "bidders together": (TOGETHER, 1),
        "Chenzhou": (CHENZHOU, 1),
        "lost by Chenzhou if it alone drops out": (ALONE, 1),
        "all places together": (NATION, 2),
        "goes elsewhere": (ELSEWHERE, 2),
    }
    yield by_bidders(expected, columns)
    columns = {
        "bill fallen due": ("bill fallen due", 1),
        "bill paid": (PAID, 1),
        "of it to firms that come anyway": (ANYWAY, 1),
        "more investment at the bidders": ("more investment at the bidders", 1),
        "in all places": ("more investment in the nation", 1),
    }
    yield by_bidders(whole, columns)


def by_bidders(found: pd.DataFrame, columns: dict[str, tuple[str, int]]) -> str:
    """Return a table of a row a number of bidders."""
    rows = found.set_index(["bidders", "figure"])
    lines = [
        [str(count), *(spelled(rows.loc[count, name], digits) for name, digits in columns.values())]
        for count in sorted(found["bidders"].unique())
    ]
    return markdown.table(["bidders", *columns], lines)


def spelled(row: pd.Series, digits: int) -> str:
    """Return a figure, without decimals where it is large."""
    return markdown.figures(row, digits if row[["mean", "low", "high"]].abs().max() < 120 else 0, sign=False)


def picture() -> Figure:
    """Return the chart."""
    expected, whole = kept()
    draws, runs = int(expected["replicates"].max()), int(whole["replicates"].max())
    caption = (
        "Left, middle: what the choice implies, without luck, four years on: output of coastal firms "
        f"that choose a place; dots: means, lines: 95 % intervals over {draws} draws of all ranged inputs. Right: whole "
        f"runs 2008-2019, 20,000 agents; lines: {interval_name(whole['coverage'].max(), runs)} over {runs} replicates "
        "(inputs and luck). Thick bars: simulation error of the mean. 79: the coast offers it too. "
        "Source: relocsim, experiments/incentive-race."
    )
    counts = sorted(expected["bidders"].unique())
    with styled():
        figure = canvas(12.5, 5.4, TITLE, caption)
        left, middle, right = figure.subplots(1, 3)
        gains(left, expected, counts)
        origins(middle, expected, counts)
        bills(right, whole, counts)
        for axes in (left, middle, right):
            axes.set_xticks(range(len(counts)), [str(count) for count in counts])
            axes.set_xlabel("places that offer the package")
    return figure


def of(figures: pd.DataFrame, name: str, counts: list[int]) -> pd.DataFrame:
    """Return one figure by number of bidders."""
    return figures[figures["figure"] == name].set_index("bidders").reindex(counts)


def lines(axes: Axes, found: pd.DataFrame, counts: list[int], shown: dict[str, tuple[str, Look, float]]) -> None:
    """Draw figures by number of bidders."""
    for name, (label, look, shift) in shown.items():
        at = np.arange(len(counts)) + shift
        draw_intervals(axes, of(found, name, counts), at, look, upright=True, label=label)
    axes.legend(fontsize=8, frameon=False, loc="upper left")


def gains(axes: Axes, expected: pd.DataFrame, counts: list[int]) -> None:
    """Draw what bidders, the first of them and the nation gain."""
    axes.axhline(0, color=INK, linewidth=0.8)
    lines(axes, expected, counts, LINES)
    axes.set_ylim(-4, 24)
    axes.set_ylabel("change of what comes, %")
    axes.set_title("Who gains")


def origins(axes: Axes, expected: pd.DataFrame, counts: list[int]) -> None:
    """Draw where what bidders take comes from, the part that comes anyway cut."""
    bottom = np.zeros(len(counts))
    for name, (label, colour) in list(SOURCES.items())[1:]:
        height = of(expected, name, counts)["mean"].to_numpy()
        axes.bar(range(len(counts)), height, 0.7, bottom=bottom, color=colour, label=label)
        bottom += height
    for at, total in enumerate(bottom):
        axes.text(at, total + 0.1, f"{total:.1f}", ha="center", fontsize=8.5)
    axes.set_ylim(0, 8)
    axes.set_ylabel("% of what the bidders take")
    axes.set_title("What bidders take that did not come anyway")
    axes.legend(fontsize=8, frameon=False, loc="upper left")


def bills(axes: Axes, whole: pd.DataFrame, counts: list[int]) -> None:
    """Draw the bill against what it goes to."""
    lines(axes, whole, counts, BILLS)
    axes.set_yscale("log")
    axes.set_ylabel("1e8 yuan in twelve years, beyond the usual")
    axes.set_title("The bill")
