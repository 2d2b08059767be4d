"""Draws docs/img/rail-and-depth.png from table.csv and prints the tables of the page.

`python experiments/rail-and-depth/draw.py`
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import TwoSlopeNorm
from matplotlib.figure import Figure

from relocsim.report.theme import BLACK, BLUE, GREEN, GREY, INK, VERMILLION, canvas, styled
from relocsim.report.writing import write_chart

HERE = Path(__file__).parent
CITIES = ("qingyuan", "shaoguan", "chenzhou", "hengyang", "zhuzhou", "xiangtan", "changsha", "rest-of-hunan", "wuhan")
SIZES = {
    "0.33": ("a third of its size", GREEN),
    "1": ("Chenzhou's size", BLUE),
    "4": ("four times its size", VERMILLION),
}
TITLE = "The line helps the cities between its ends, whatever their depth and size; the ends lose share"
CAPTION = (
    "Wuhan-Guangzhou line open less not open. Blue: expected in a review four years after it opened, no luck; line: "
    "95 % interval over 40 draws of all inputs. Hollow: 24 paired runs of 20,000 agents, 2008 to 2019, luck "
    "included, with one simulation error. Table of colours: mean of 40 draws; - marks a loss, o a sign that the "
    "interval does not settle. Source: experiments/rail-and-depth, table.csv; 70 % of the inputs assumed."
)


def main() -> None:
    """Draw the picture and print the tables."""
    table = pd.read_csv(HERE / "table.csv")
    write_chart(HERE.parents[1] / "docs" / "img", "rail-and-depth", drawn(table))
    for rows in TABLES:
        print("\n".join(rows(table)), end="\n\n")


def drawn(table: pd.DataFrame) -> Figure:
    """Return the picture."""
    with styled():
        figure = canvas(12.5, 11.0, TITLE, CAPTION)
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
    axes.vlines(at, expected["low"], expected["high"], color=BLUE, linewidth=1.6)
    axes.plot(at, expected["mean"], "o", color=BLUE, markeredgecolor="white", label="expected")
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


def figures(row: pd.Series, digits: int) -> str:
    """Return mean, interval and simulation error."""
    mean, low, high, error = (f"{row[key]:+.{digits}f}" for key in ("mean", "low", "high", "simulation_error"))
    return f"{mean} ({low} to {high}; {error.lstrip('+')})"


def corridor_rows(table: pd.DataFrame) -> list[str]:
    """Return the table of the corridor."""
    lines = [
        "| city | depth | inflow, % | above zero | share of the corridor, % | passed through, pp | inflow, played, % |",
        "|---|---|---|---|---|---|---|",
    ]
    depth, inflow, share, passed, played = (
        one(table, part, quantity, unit).droplevel("of")
        for part, quantity, unit in (
            ("expected", "depth", "share"), ("expected", "inflow", "%"), ("expected", "share of the corridor", "%"),
            ("expected", "passed through", "pp"), ("played", "inflow", "%"))
    )  # fmt: skip
    for city in CITIES:
        cells = [
            f"{depth.loc[city, 'mean']:.2f}",
            figures(inflow.loc[city], 1),
            f"{inflow.loc[city, 'positive']} of 40",
        ]
        cells += [figures(share.loc[city], 1), figures(passed.loc[city], 3), figures(played.loc[city], 1)]
        lines.append(f"| {name(city)} | " + " | ".join(cells) + " |")
    return lines


def grid_rows(table: pd.DataFrame) -> list[str]:
    """Return the table of depth and size."""
    lines = [
        "| size | depth | siphon as drawn | above zero | siphon strongest | above zero |",
        "|---|---|---|---|---|---|",
    ]
    drawn_, strong = (
        one(table, "grid", "inflow", "%", f"siphon {s}").droplevel("city") for s in ("as drawn", "strongest")
    )
    contrasts = [one(table, "grid", "inflow", "pp", f"siphon {s}").droplevel("city") for s in ("as drawn", "strongest")]
    depth = one(table, "grid", "depth", "share", "siphon as drawn").droplevel("city")
    for size, (words, _) in SIZES.items():
        for dial in ("0", "0.3", "1"):
            key = f"size {size}, dial {dial}"
            cells = [f"{figures(some.loc[key], 1)} | {some.loc[key, 'positive']} of 40" for some in (drawn_, strong)]
            lines.append(f"| {words} | {depth.loc[key, 'mean']:.2f} | " + " | ".join(cells) + " |")
    for words in ("deep less as it is", "four times less a third"):
        cells = [f"{figures(some.loc[words], 2)} | {some.loc[words, 'positive']} of 40" for some in contrasts]
        lines.append(f"| {words}, pp | | " + " | ".join(cells) + " |")
    return lines


def plan_rows(table: pd.DataFrame) -> list[str]:
    """Return the table of the runs of the plan."""
    lines = [
        "| size | suppliers | intended, 1e8 yuan | of | intentions, firms | of | capture, pp | passed through, pp |",
        "|---|---|---|---|---|---|---|---|",
    ]
    every = {q: table[table["part"].eq("plan") & table["quantity"].eq(q)].set_index("of") for q in (
        "investment intended", "investment intended, level", "intentions", "intentions, level", "capture",
        "passed through")}  # fmt: skip
    for size, (words, _) in SIZES.items():
        for dial, suppliers in (("0", "as they are"), ("1", "deep")):
            at = f"size {size}, dial {dial}"
            money, of, firms, of_firms, capture, passed = (some.loc[at] for some in every.values())
            cells = [figures(money, 0), f"{of['mean']:.0f}", figures(firms, 0), f"{of_firms['mean']:.0f}",
                     figures(capture, 3), figures(passed, 3)]  # fmt: skip
            lines.append(f"| {words} | {suppliers} | " + " | ".join(cells) + " |")
    return lines


def why_rows(table: pd.DataFrame) -> list[str]:
    """Return what the line changes in each city for those who would choose it."""
    names = {"hours to the origin": 1, "coordination": 2, "inputs": 2, "skills": 3, "known after four years": 1}
    lines = [
        "| city | hours to Guangzhou | hours to origins "
        "| trips, yuan/100 | suppliers, yuan/100 | skills, yuan/100 | firms that know it, % |",
        "|---|---|---|---|---|---|---|",
    ]
    found = table[table["part"].eq("why")].set_index(["city", "quantity"])["mean"]
    for city in CITIES:
        cells = [" to ".join(f"{found[city, f'hours to Guangzhou, {when}']:.1f}" for when in ("without", "with"))]
        cells += [f"{found[city, one_]:+.{digits}f}" for one_, digits in names.items()]
        lines.append(f"| {name(city)} | " + " | ".join(cells) + " |")
    return lines


TABLES = (corridor_rows, why_rows, grid_rows, plan_rows)
"""What writes the tables of the README."""

if __name__ == "__main__":
    main()
