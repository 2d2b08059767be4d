"""Draw docs/img/leader-first.png from figures.csv: `python experiments/leader-first/draw.py`."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relocsim.report.theme import BLUE, GREY, LIGHT, VERMILLION, canvas, styled, zero_line
from relocsim.report.writing import write_chart

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


def picture(figures: pd.DataFrame) -> Figure:
    """Return the chart."""
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


ROWS = [(arm, years) for years in (5, 10) for arm in ARMS]


def effects(axes: Axes, found: pd.DataFrame, label: str) -> None:
    """Draw one figure by arm and horizon with its interval."""
    for at, (arm, years) in enumerate(ROWS):
        row, colour = found[(found["arm"] == arm) & (found["years"] == years)].iloc[0], ARMS[arm][1]
        axes.plot([row["low"], row["high"]], [-at, -at], color=colour, linewidth=1.6)
        error = row["simulation_error"]
        axes.plot(
            [row["mean"] - error, row["mean"] + error],
            [-at, -at],
            color=colour,
            linewidth=7,
            alpha=0.45,
            solid_capstyle="butt",
        )
        axes.plot(row["mean"], -at, marker="o", color=colour, markeredgecolor="white")
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
            if width > 13:
                ink = "black" if what == "nothing" else "white"
                axes.text(
                    left + width / 2, -at, f"{what} {width:.0f}", ha="center", va="center", fontsize=7.5, color=ink
                )
            left += width
    axes.set_yticks([])
    axes.set_ylim(-len(ROWS) + 0.5, 0.5)
    axes.set_title("more, no or less investment, %", fontsize=9.5)


def main() -> None:
    """Draw it."""
    write_chart(HERE.parents[1] / "docs" / "img", "leader-first", picture(pd.read_csv(HERE / "figures.csv")))


if __name__ == "__main__":
    main()
