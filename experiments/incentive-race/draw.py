"""Draw docs/img/incentive-race.png from figures.csv: `python experiments/incentive-race/draw.py`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relocsim.report.theme import BLUE, GREEN, GREY, INK, LIGHT, ORANGE, SKY, VERMILLION, canvas, styled
from relocsim.report.writing import write_chart

HERE = Path(__file__).parent
TITLE = (
    "A package pays whoever offers it, as long as the coast does not; the nation gains next to nothing, and of 100 yuan "
    "of the bill 94 or more go to firms that come anyway"
)
LINES = {
    "gain of the bidders together": ("bidders together, against nobody bidding", BLUE, "o", -0.12),
    "gain of Chenzhou against nobody bidding": ("Chenzhou, against nobody bidding", SKY, "s", 0.0),
    "new to the nation": ("all places together", VERMILLION, "D", 0.12),
}
SOURCES = {
    "of what the bidders take: would have come anyway": ("comes anyway", LIGHT),
    "of what the bidders take: from other places": ("taken from other places", BLUE),
    "of what the bidders take: would have gone nowhere": ("would have stayed, closed or gone abroad", GREEN),
}


def picture(figures: pd.DataFrame) -> Figure:
    """Return the chart."""
    whole, expected = (figures[figures["method"] == method] for method in ("whole runs", "expected"))
    draws, runs = int(expected["replicates"].max()), int(whole["replicates"].max())
    caption = (
        "Left, middle: what the choice implies, without luck, four years on: output of coastal firms "
        f"that choose a place; dots: means, lines: 95 % intervals over {draws} draws of all ranged inputs. Right: whole "
        f"runs 2008-2019, 20,000 agents; lines: whole range of {runs} replicates (inputs and luck). Thick bars: "
        "simulation error of the mean. 79: the coast offers it too, and its firms reckon with it when they stay. "
        "Source: relocsim, experiments/incentive-race."
    )
    with styled():
        figure = canvas(12.5, 5.4, TITLE, caption)
        left, middle, right = figure.subplots(1, 3)
        counts = sorted(expected["bidders"].unique())
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


def interval(axes: Axes, found: pd.DataFrame, shift: float, colour: str, marker: str, label: str) -> None:
    """Draw a figure by number of bidders with its interval and, thick, its simulation error."""
    at = np.arange(len(found)) + shift
    axes.vlines(at, found["low"], found["high"], color=colour, linewidth=1.3)
    error = found["simulation_error"]
    axes.vlines(at, found["mean"] - error, found["mean"] + error, color=colour, linewidth=6, alpha=0.45)
    axes.plot(
        at,
        found["mean"],
        marker=marker,
        color=colour,
        linewidth=0.8,
        markersize=5,
        markeredgecolor="white",
        label=label,
    )


def gains(axes: Axes, expected: pd.DataFrame, counts: list[int]) -> None:
    """Draw what bidders, the first of them and the nation gain."""
    for name, (label, colour, marker, shift) in LINES.items():
        interval(axes, of(expected, name, counts), shift, colour, marker, label)
    alone = of(expected, "loss of Chenzhou if it alone drops out", counts)
    interval(axes, alone, 0.24, GREY, "^", "lost by Chenzhou if it alone drops out")
    axes.axhline(0, color=INK, linewidth=0.8)
    axes.set_ylim(-4, 24)
    axes.set_ylabel("change of what comes, %")
    axes.set_title("Who gains")
    axes.legend(fontsize=8, frameon=False, loc="upper left")


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
    paid = ("bill paid", "paid in incentives", ORANGE, "o", -0.12)
    anyway = ("bill paid to firms that would have come anyway", "of it to firms that come anyway", GREY, "s", 0.12)
    for name, label, colour, marker, shift in (paid, anyway):
        interval(axes, of(whole, name, counts), shift, colour, marker, label)
    axes.set_yscale("log")
    axes.set_ylabel("1e8 yuan in twelve years, beyond the usual")
    axes.set_title("The bill")
    axes.legend(fontsize=8, frameon=False, loc="upper left")


def main() -> None:
    """Draw it."""
    write_chart(HERE.parents[1] / "docs" / "img", "incentive-race", picture(pd.read_csv(HERE / "figures.csv")))


if __name__ == "__main__":
    main()
