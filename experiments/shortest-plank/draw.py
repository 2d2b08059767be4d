"""Picture and tables of the page, from figures.csv, links.csv and whole_runs.csv (see experiments/pages.py)."""

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

HERE = Path(__file__).parent
TITLE = (
    "The plank to lengthen is the wide short one; the input least met on the spot is alone no better than "
    "an average one"
)
PLANKS = {
    "widest": ("widest: largest share of needs", Look(BLUE, "o", 6, 0.8)),
    "shortest": ("shortest: least met on the spot", Look(VERMILLION, "s", 6, 0.8)),
    "average": ("mean over inputs", Look(INK, "D", 6, 0.8)),
    "longest": ("longest: best met on the spot", Look(GREY, "^", 6, 0.8)),
}
BEST = ("best", "the best for each sector")
EFFORTS = {"same lift": "0.1 more of it is met", "same money": "0.5e8 yuan for it"}
STEPS = (BLUE, SKY, GREEN, ORANGE)


def tables() -> Iterator[str]:
    """Yield the tables of the page."""
    found = pd.read_csv(HERE / "figures.csv")
    every = found[found["sector"] == "all"].set_index(["effort", "plank", "rho"])
    exponents = sorted(found["rho"].unique())
    words = [(plank, label) for plank, (label, _) in PLANKS.items()] + [BEST]
    rows = [
        [f"{effort}: {label}", *(markdown.figures(every.loc[name, plank, rho], 3, sign=False) for rho in exponents)]
        for name, effort in EFFORTS.items()
        for plank, label in words
    ]
    heads = [f"rho {rho:g}" if rho < 1 else "rho 1 (no plank caps)" for rho in exponents]
    yield markdown.table(["plank", *heads], rows)
    runs = pd.read_csv(HERE / "whole_runs.csv").set_index(["figure", "arm"])
    rows = [
        [arm, *(markdown.figures(runs.loc[name, arm], digits) for name, digits in (("investment", 1), ("depth", 4)))]
        for arm in runs.index.unique("arm")
    ]
    yield markdown.table(["for the same money", "investment, 1e8 yuan", "mean depth, share"], rows)


def picture() -> Figure:
    """Return the chart."""
    figures, links = (pd.read_csv(HERE / f"{name}.csv") for name in ("figures", "links"))
    draws = int(figures["replicates"].max())
    caption = (
        "Rise of the output of coastal firms expected to choose Chenzhou, through depth alone, without luck, at the "
        "conditions of the start. Left and middle: 0.1 more of the need of one input is met on the spot. Dots: means; "
        f"lines: 95 % intervals over {draws} draws of all other ranged inputs; thick bars: simulation error. Right: key "
        "components that the city lacks, the best first. Source: relocsim, experiments/shortest-plank."
    )
    with styled():
        figure = canvas(13, 7, TITLE, caption)
        left, middle, right = figure.subplots(1, 3, width_ratios=(1, 1.15, 1))
        lift = figures[figures["effort"] == "same lift"]
        by_exponent(left, lift[lift["sector"] == "all"])
        by_sector(middle, lift[(lift["rho"] == -1) & (lift["sector"] != "all")])
        in_turn(right, links[links["rho"] == -1])
    return figure


def by_exponent(axes: Axes, found: pd.DataFrame) -> None:
    """Draw the mean over sectors by exponent and plank."""
    exponents = sorted(found["rho"].unique())
    for number, (plank, (label, look)) in enumerate(PLANKS.items()):
        part = found[found["plank"] == plank].set_index("rho").loc[exponents]
        at = np.arange(len(exponents)) + 0.13 * (number - 1.5)
        draw_intervals(axes, part, at, look, upright=True, label=label)
    axes.set_xticks(
        range(len(exponents)),
        [f"{rho:g}\n({1 / (1 - rho):.2g})" if rho < 1 else "1\n(none short)" for rho in exponents],
    )
    axes.set_xlabel("exponent rho of depth (elasticity of substitution)")
    axes.set_ylabel("rise of the inflow, %, sectors weighted by inflow")
    axes.set_ylim(0, 1.3)
    axes.set_title("How the exponent matters")
    axes.legend(fontsize=8, frameon=False, loc="upper left")


def by_sector(axes: Axes, found: pd.DataFrame) -> None:
    """Draw the shortest, the widest and the mean plank by sector."""
    table = found.pivot(index="sector", columns="plank", values="mean")
    order = (table["shortest"] / table["average"]).sort_values().index
    at = np.arange(len(order))
    for plank in ("widest", "shortest", "average"):
        label, look = PLANKS[plank]
        axes.plot(
            table.loc[order, plank], at, marker=look.marker, color=look.colour, linewidth=0, markersize=5.5,
            markeredgecolor="white", label=label,
        )  # fmt: skip
    ends = table.loc[order, ["widest", "shortest", "average"]]
    axes.hlines(at, ends.min(axis=1), ends.max(axis=1), color=LIGHT, linewidth=1, zorder=0)
    axes.set_yticks(at, [name.replace("_", " ") for name in order], fontsize=8.5)
    axes.set_xlim(0)
    axes.set_xlabel("rise of the sector's inflow, % (rho -1, means)")
    axes.set_title("By sector, shortest over mean rising upwards")


def in_turn(axes: Axes, links: pd.DataFrame) -> None:
    """Draw what each missing component adds, the best first."""
    steps = links[links["link"].str.startswith("link ")]
    table = steps.pivot(index="sector", columns="link", values="mean").fillna(0.0)
    table = table.loc[table.sum(axis=1).sort_values().index]
    left = np.zeros(len(table))
    for colour, link in zip(STEPS, table.columns, strict=False):
        axes.barh(range(len(table)), table[link], left=left, color=colour, label=link.replace("link ", "component "))
        left += table[link].to_numpy()
    axes.set_yticks(range(len(table)), [name.replace("_", " ") for name in table.index], fontsize=8.5)
    axes.set_xlabel("rise of the sector's inflow, % (rho -1, means)")
    axes.set_title("What the next component is worth")
    axes.legend(fontsize=8, frameon=False, loc="lower right")
