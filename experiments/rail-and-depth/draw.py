"""Picture and tables of the page, from table.csv (see experiments/pages.py)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import TwoSlopeNorm
from matplotlib.figure import Figure

from relocsim.report import markdown
from relocsim.report.intervals import Look, draw_intervals
from relocsim.report.theme import BLACK, BLUE, GREEN, GREY, INK, VERMILLION, canvas, styled

HERE = Path(__file__).parent
CITIES = ("qingyuan", "shaoguan", "chenzhou", "hengyang", "zhuzhou", "xiangtan", "changsha", "rest-of-hunan", "wuhan")
SIZES = {
    "0.33": ("a third of its size", GREEN),
    "1": ("Chenzhou's size", BLUE),
    "4": ("four times its size", VERMILLION),
}
TITLE = "The line helps the cities between its ends, whatever their depth and size; the ends lose share"


def tables() -> Iterator[str]:
    """Yield the tables of the page."""
    table = pd.read_csv(HERE / "table.csv")
    for rows in (corridor_rows, why_rows, grid_rows, plan_rows):
        yield rows(table)


def picture() -> Figure:
    """Return the picture."""
    table = pd.read_csv(HERE / "table.csv")
    draws, runs = (int(table.loc[table["part"] == part, "replicates"].max()) for part in ("expected", "played"))
    caption = (
        "Wuhan-Guangzhou line open less not open. Blue: expected in a review four years after it opened, no luck; line: "
        f"95 % interval over {draws} draws of all inputs; bar: simulation error. Hollow: {runs} paired runs of 20,000 "
        "agents, 2008 to 2019, luck included, with one simulation error. Table of colours: mean of the draws; - marks a "
        "loss, o a sign that the interval does not settle. Source: experiments/rail-and-depth, table.csv; 70 % of the "
        "inputs assumed."
    )
    with styled():
        figure = canvas(12.5, 11.0, TITLE, caption)
        grid = figure.add_gridspec(3, 2, width_ratios=[1, 1.05])
        along(figure.add_subplot(grid[0, 0]), table, "inflow", "%", "Inflow: up between the ends of the line")
        along(
            figure.add_subplot(grid[1, 0]),
            table,
            "passed through",
            "pp",
            "Share of all firms that pass through the city",
        )
        deep(figure.add_subplot(grid[2, 0]), table)
        sectors(figure, figure.add_subplot(grid[:, 1]), table)
    return figure


def one(table: pd.DataFrame, part: str, quantity: str, unit: str, by: str = "all") -> pd.DataFrame:
    """Return the rows of one quantity, by city and category."""
    rows = table["part"].eq(part) & table["quantity"].eq(quantity) & table["unit"].eq(unit) & table["by"].eq(by)
    return table[rows].set_index(["city", "of"])


def along(axes: Axes, table: pd.DataFrame, quantity: str, unit: str, title: str) -> None:
    """Draw a change city by city from south to north."""
    expected, played = (one(table, part, quantity, unit).droplevel("of") for part in ("expected", "played"))
    expected, at = expected.loc[list(CITIES)], np.arange(len(CITIES))
    axes.axhline(0, color=INK, linewidth=1)
    draw_intervals(axes, expected, at, Look(BLUE), upright=True, label="expected")
    if len(played):
        played = played.loc[list(CITIES)]
        axes.errorbar(
            at + 0.25, played["mean"], played["simulation_error"], fmt="o", color=GREY, markerfacecolor="white",
            linewidth=1, label="played",
        )  # fmt: skip
        axes.set_ylim(top=1.2 * axes.get_ylim()[1])
        axes.legend(frameon=False, fontsize=8.5, loc="upper right", ncols=2)
    axes.set_xticks(at, [name(city) for city in CITIES], rotation=35, ha="right", fontsize=8.5)
    axes.set_ylabel(f"change, {unit}")
    axes.set_title(title)


def deep(axes: Axes, table: pd.DataFrame) -> None:
    """Draw the change of Chenzhou's inflow over depth, by size and siphon."""
    for siphon, style in (("as drawn", "-"), ("strongest", "--")):
        change = one(table, "grid", "inflow", "%", f"siphon {siphon}").droplevel("city")
        depth = one(table, "grid", "depth", "share", f"siphon {siphon}").droplevel("city")
        for number, (size, (words, colour)) in enumerate(SIZES.items()):
            of = [key for key in change.index if key.startswith(f"size {size},")]
            label = words if siphon == "as drawn" else None
            axes.plot(
                depth.loc[of, "mean"],
                change.loc[of, "mean"],
                style,
                color=colour,
                marker="o",
                markersize=4,
                label=label,
            )
            if siphon == "as drawn":
                x = depth.loc[of, "mean"] + 0.004 * (number - 1)
                axes.vlines(x, change.loc[of, "low"], change.loc[of, "high"], color=colour, linewidth=1, alpha=0.6)
    axes.axhline(0, color=INK, linewidth=1)
    axes.plot([], [], "--", color=GREY, label="siphon and skill premium at the upper ends")
    axes.set_xlabel("supporting depth of the city, share (0.26 as it is)")
    axes.set_ylabel("change of inflow, %")
    axes.set_title("Chenzhou, other depth and size: neither changes the sign")
    axes.set_ylim(top=axes.get_ylim()[1] * 1.35)
    axes.legend(frameon=False, fontsize=8, loc="upper right", ncols=2)


def sectors(figure: Figure, axes: Axes, table: pd.DataFrame) -> None:
    """Draw the change of inflow by sector and city as a table of colours, marks where the sign is not plus."""
    found = one(table, "expected", "inflow", "%", "sector")
    mean, low, high = (found[name].unstack("city")[list(CITIES)] for name in ("mean", "low", "high"))
    order = mean["chenzhou"].sort_values().index
    mean, low, high = mean.loc[order], low.loc[order], high.loc[order]
    most = float(np.abs(mean).to_numpy().max())
    shades = axes.pcolormesh(
        mean.to_numpy(), cmap="RdBu", norm=TwoSlopeNorm(0, -most, most), edgecolors="white", linewidth=1
    )
    for y, sector in enumerate(order):
        for x, city in enumerate(CITIES):
            unsettled = low.loc[sector, city] < 0 < high.loc[sector, city]
            mark = "o" if unsettled else "-" if mean.loc[sector, city] < 0 else ""
            axes.text(x + 0.5, y + 0.5, mark, ha="center", va="center", fontsize=9, color=BLACK)
    axes.set_xticks(
        np.arange(len(CITIES)) + 0.5, [name(city) for city in CITIES], rotation=35, ha="right", fontsize=8.5
    )
    axes.set_yticks(np.arange(len(order)) + 0.5, [sector.replace("_", " ") for sector in order], fontsize=8.5)
    axes.tick_params(length=0)
    axes.set_title("Inflow by sector: hardly any sign turns but at the ends")
    figure.colorbar(
        shades, ax=axes, label="change of expected inflow, %", location="top", shrink=0.8, aspect=45, pad=0.01
    )


def name(city: str) -> str:
    """Return the name of a city for readers."""
    return city.replace("-", " ").title().replace("Of", "of")


def above_zero(row: pd.Series) -> str:
    """Return in how many draws a figure is above zero."""
    return f"{row['positive']} of {row['replicates']}"


def corridor_rows(table: pd.DataFrame) -> str:
    """Return the table of the corridor."""
    shown = (("expected", "depth", "share"), ("expected", "inflow", "%"), ("expected", "share of the corridor", "%"),
             ("expected", "passed through", "pp"), ("played", "inflow", "%"))  # fmt: skip
    depth, inflow, *others = (one(table, *names).droplevel("of") for names in shown)
    rows = [
        [name(city), f"{depth.loc[city, 'mean']:.2f}", markdown.figures(inflow.loc[city], 1), above_zero(inflow.loc[city]),
         *(markdown.figures(found.loc[city], digits) for found, digits in zip(others, (1, 3, 1), strict=True))]
        for city in CITIES
    ]  # fmt: skip
    columns = ["city", "depth", "inflow, %", "above zero", "share of the corridor, %", "passed through, pp",
               "inflow, played, %"]  # fmt: skip
    return markdown.table(columns, rows)


def grid_rows(table: pd.DataFrame) -> str:
    """Return the table of depth and size."""
    siphons = [f"siphon {strength}" for strength in ("as drawn", "strongest")]
    changes, contrasts = (
        [one(table, "grid", "inflow", unit, siphon).droplevel("city") for siphon in siphons] for unit in ("%", "pp")
    )
    depth = one(table, "grid", "depth", "share", siphons[0]).droplevel("city")
    rows = []
    for size, (words, _) in SIZES.items():
        for dial in ("0", "0.3", "1"):
            key = f"size {size}, dial {dial}"
            rows.append([words, f"{depth.loc[key, 'mean']:.2f}", *both(changes, key, 1)])
    rows += [
        [f"{words}, pp", "", *both(contrasts, words, 2)] for words in ("deep less as it is", "four times less a third")
    ]
    return markdown.table(["size", "depth", "siphon as drawn", "above zero", "siphon strongest", "above zero"], rows)


def both(found: list[pd.DataFrame], key: str, digits: int) -> list[str]:
    """Return one figure in each of several tables, each with the draws in which it is above zero."""
    return [text for some in found for text in (markdown.figures(some.loc[key], digits), above_zero(some.loc[key]))]


def plan_rows(table: pd.DataFrame) -> str:
    """Return the table of the runs of the plan."""
    quantities = ("investment intended", "investment intended, level", "intentions", "intentions, level", "capture",
                  "passed through")  # fmt: skip
    every = [table[table["part"].eq("plan") & table["quantity"].eq(one_)].set_index("of") for one_ in quantities]
    rows = []
    for size, (words, _) in SIZES.items():
        for dial, suppliers in (("0", "as they are"), ("1", "deep")):
            money, of, firms, of_firms, *shares = (some.loc[f"size {size}, dial {dial}"] for some in every)
            changes = [
                markdown.figures(money, 0),
                f"{of['mean']:.0f}",
                markdown.figures(firms, 0),
                f"{of_firms['mean']:.0f}",
            ]
            rows.append([words, suppliers, *changes, *(markdown.figures(share, 3) for share in shares)])
    columns = [
        "size",
        "suppliers",
        "intended, 1e8 yuan",
        "of",
        "intentions, firms",
        "of",
        "capture, pp",
        "passed through, pp",
    ]
    return markdown.table(columns, rows)


def why_rows(table: pd.DataFrame) -> str:
    """Return what the line changes in each city for those who would choose it."""
    names = {"hours to the origin": 1, "coordination": 2, "inputs": 2, "skills": 3, "known after four years": 1}
    found = table[table["part"].eq("why")].set_index(["city", "quantity"])["mean"]
    rows = [
        [name(city), " to ".join(f"{found[city, f'hours to Guangzhou, {when}']:.1f}" for when in ("without", "with")),
         *(f"{found[city, one_]:+.{digits}f}" for one_, digits in names.items())]
        for city in CITIES
    ]  # fmt: skip
    columns = ["city", "hours to Guangzhou", "hours to origins", "trips, yuan/100", "suppliers, yuan/100",
               "skills, yuan/100", "firms that know it, %"]  # fmt: skip
    return markdown.table(columns, rows)
