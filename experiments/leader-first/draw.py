"""Picture and table of the page, from figures.csv (see experiments/pages.py)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relocsim.report import markdown
from relocsim.report.intervals import Look, draw_intervals
from relocsim.report.theme import BLUE, GREY, LIGHT, VERMILLION, canvas, styled, zero_line

HERE = Path(__file__).parent
TITLE = (
    "For the same money leaders first bring as much as many small firms, and their suppliers too, but in ten years "
    "more than nine cities in ten get no further leader"
)
ARMS = {"leaders": ("leaders first", BLUE), "small": ("small and medium firms", VERMILLION)}
PANELS = {
    "investment": "investment, 1e8 yuan",
    "jobs": "jobs",
    "leaders": "leaders' plants",
    "followers": "suppliers that followed, firms",
    "turned": "local firms that turned to leaders",
    "depth": "depth of supporting industry, share",
    "cost": "public cost, 1e8 yuan",
}


ROWS = [(arm, years) for years in (5, 10) for arm in ARMS]
COLUMNS = {
    "investment": ("investment", 2),
    "jobs": ("jobs", 0),
    "firms": ("firms", 1),
    "leaders' plants": ("leaders", 3),
    "suppliers that followed": ("followers", 2),
    "local firms that turned": ("turned", 2),
    "depth, share": ("depth", 4),
    "public cost: outlays and incentives paid": ("cost", 2),
    "treasury": ("treasury", 2),
}


def tables() -> Iterator[str]:
    """Yield the table of the page."""
    found = pd.read_csv(HERE / "figures.csv")
    of_mean = found[found["of"] == "mean city"].set_index(["arm", "years", "figure"])
    shown = [*ROWS, ("leaders less small", 10)]
    rows = [
        [label, *(markdown.figures(of_mean.loc[arm, years, name], digits, sign=False) for arm, years in shown)]
        for label, (name, digits) in COLUMNS.items()
    ]
    heads = [f"{'leaders first' if arm == 'leaders' else 'small firms'}, {years} years" for arm, years in ROWS]
    yield markdown.table(["figure", *heads, "difference, 10 years"], rows)


def picture() -> Figure:
    """Return the chart."""
    figures = pd.read_csv(HERE / "figures.csv")
    runs = int(figures["replicates"].max())
    caption = (
        "What a city has more than without, 5 and 10 years after the start in 2010; mean over eight inland cities that do "
        f"the same at once. Dots: means; lines: 95 % intervals over {runs} replicates (inputs and luck); thick bars: "
        "simulation error. Last panel: cities x replicates; an agent of small firms stands for some nineteen, which makes "
        "their luck look greater than it is. 10,000 agents. Source: relocsim, experiments/leader-first."
    )
    with styled():
        figure = canvas(12.5, 6.6, TITLE, caption)
        axes_of = figure.subplots(2, 4).ravel()
        for axes, (name, label) in zip(axes_of, PANELS.items(), strict=False):
            effects(axes, figures[(figures["figure"] == name) & (figures["of"] == "mean city")], label)
        chances(axes_of[-1], figures)
        for axes in (axes_of[1], axes_of[2], axes_of[3], axes_of[5], axes_of[6]):
            axes.set_yticklabels([])
    return figure


def effects(axes: Axes, found: pd.DataFrame, label: str) -> None:
    """Draw one figure by arm and horizon with its interval."""
    for at, (arm, years) in enumerate(ROWS):
        row = found[(found["arm"] == arm) & (found["years"] == years)].iloc[0]
        draw_intervals(axes, row, -at, Look(ARMS[arm][1]))
    zero_line(axes)
    names(axes)
    axes.locator_params(axis="x", nbins=4)
    axes.set_title(label, fontsize=9.5)


def names(axes: Axes) -> None:
    """Name the rows."""
    axes.set_yticks(
        [-at for at in range(len(ROWS))], [f"{ARMS[arm][0]}, {years} years" for arm, years in ROWS], fontsize=8.5
    )
    axes.set_ylim(-len(ROWS) + 0.5, 0.5)


def chances(axes: Axes, figures: pd.DataFrame) -> None:
    """Draw how often a city gains, gets nothing, or loses."""
    for at, (arm, years) in enumerate(ROWS):
        part = figures[(figures["arm"] == arm) & (figures["years"] == years)].set_index("figure")["mean"]
        left = 0.0
        for what, colour in (("more", ARMS[arm][1]), ("nothing", LIGHT), ("less", GREY)):
            width = part[f"chance of {what} investment"]
            axes.barh(-at, width, left=left, color=colour, height=0.6)
            if width > 16:
                ink = "black" if what == "nothing" else "white"
                axes.text(
                    left + width / 2, -at, f"{what} {width:.0f}", ha="center", va="center", fontsize=7.5, color=ink
                )
            left += width
    axes.set_yticks([])
    axes.set_ylim(-len(ROWS) + 0.5, 0.5)
    axes.set_title("more, no or less investment, %", fontsize=9.5)
