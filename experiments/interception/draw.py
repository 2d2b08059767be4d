"""Draws docs/img/interception.png from table.csv and prints the tables of the page.

`python experiments/interception/draw.py`
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relocsim.report.theme import BLUE, GREY, INK, LIGHT, VERMILLION, canvas, styled
from relocsim.report.writing import write_chart

HERE = Path(__file__).parent
NEAR = ("near parks", "near incentives", "near expansion", "near, all three")
OWN = ("own park", "own incentives", "own expansion", "own, all three")
BOTH, UNKNOWN = "both, all three", "the three unknown to all"
OUTPUT, TAKEN, NEW = "output, city", "lost by Chenzhou of 100 that the three gain", "new of 100 that the three gain"
BOUND = "all that other places lose, of what Chenzhou has"
BANDS = ("0 to 450 km", "450 to 900 km", "900 to 3000 km")
TITLE = "Parks nearer the coast take little from Chenzhou; what it does itself counts for far more"
CAPTION = (
    "Expected first choices along paired runs, 2008 to 2019, as output of firms of nineteen coastal cities; dot: "
    "mean; line: interval over 20 draws of all inputs (their whole range, 90 %), no luck of the choice. The three: "
    "Shaoguan, Qingyuan, Heyuan. Policies from 2009 on, the same on both sides. Source: experiments/interception, "
    "table.csv; 70 % of the inputs assumed."
)


def main() -> None:
    """Draw the picture and print the tables."""
    table = pd.read_csv(HERE / "table.csv")
    write_chart(HERE.parents[1] / "docs" / "img", "interception", drawn(table))
    for rows in TABLES:
        print("\n".join(rows(table)), end="\n\n")


def drawn(table: pd.DataFrame) -> Figure:
    """Return the picture."""
    with styled():
        figure = canvas(12.5, 9.5, TITLE, CAPTION)
        grid = figure.add_gridspec(3, 2, height_ratios=[1, 1, 0.8], width_ratios=[1, 1])
        dots(
            figure.add_subplot(grid[0, 0]),
            table,
            (*NEAR, UNKNOWN),
            VERMILLION,
            "When the three act: Chenzhou loses tenths of a per cent",
        )
        dots(
            figure.add_subplot(grid[1, 0]),
            table,
            (*OWN, BOTH),
            BLUE,
            "When Chenzhou acts: it gains, whether the three do so or not",
        )
        stopping(figure.add_subplot(grid[2, 0]), table)
        by_sector(figure.add_subplot(grid[:, 1]), table)
    return figure


def one(table: pd.DataFrame, arm: str, quantity: str, by: str = "all", part: str = "expected") -> pd.DataFrame:
    """Return the rows of one arm and quantity, by category."""
    rows = table["part"].eq(part) & table["arm"].eq(arm) & table["quantity"].eq(quantity) & table["by"].eq(by)
    return table[rows].set_index("of")


def dots(axes: Axes, table: pd.DataFrame, arms: tuple[str, ...], colour: str, title: str) -> None:
    """Draw the change of what comes to Chenzhou, arm by arm."""
    found = [one(table, arm, OUTPUT).loc["all"] for arm in arms]
    at = -np.arange(len(arms))
    axes.axvline(0, color=INK, linewidth=1)
    axes.hlines(at, [row["low"] for row in found], [row["high"] for row in found], color=colour, linewidth=1.8)
    axes.plot([row["mean"] for row in found], at, "o", color=colour, markeredgecolor="white")
    for y, row in zip(at, found, strict=True):
        axes.annotate(
            f"{row['mean']:+.1f}", (row["mean"], y), (0, 6), textcoords="offset points", ha="center", fontsize=8.5
        )
    axes.set_yticks(at, arms, fontsize=9)
    axes.set_ylim(-len(arms) + 0.4, 0.7)
    axes.set_xlabel("change of what would choose Chenzhou, %")
    axes.set_title(title)


def stopping(axes: Axes, table: pd.DataFrame) -> None:
    """Draw the share of firms that stop at the three, by distance of the origin, as written and when the three act."""
    name = "intercepted at the three"
    level = one(table, "as written", name, "distance", "level").loc[list(BANDS)]
    change = one(table, "near, all three", name, "distance").loc[list(BANDS)]
    at = -np.arange(len(BANDS))
    axes.barh(at, level["mean"], color=LIGHT, height=0.55, label="as written")
    axes.barh(at, change["mean"], left=level["mean"], color=VERMILLION, height=0.55, label="added by near, all three")
    axes.hlines(at, level["low"], level["high"], color=GREY, linewidth=1.8)
    axes.set_yticks(at, [f"origins at {band}" for band in BANDS], fontsize=9)
    axes.set_xlabel("share of the firms going outside that stop at the three, %")
    axes.set_title("Nearly all who stop there come from the Pearl River Delta")
    axes.legend(frameon=False, fontsize=8.5, loc="lower right")


def by_sector(axes: Axes, table: pd.DataFrame) -> None:
    """Draw the change of what comes to Chenzhou by sector and by distance of the origin, when the three act."""
    sector, band = one(table, "near, all three", OUTPUT, "sector"), one(table, "near, all three", OUTPUT, "distance")
    rows = pd.concat([band.loc[list(BANDS)], sector.sort_values("mean", ascending=False)])
    at = -np.arange(len(rows)) - (np.arange(len(rows)) >= len(BANDS))
    axes.axvline(0, color=INK, linewidth=1)
    axes.hlines(at, rows["low"], rows["high"], color=VERMILLION, linewidth=1.8)
    axes.plot(rows["mean"], at, "o", color=VERMILLION, markeredgecolor="white")
    labels = [f"origins at {of}" if of in BANDS else of.replace("_", " ") for of in rows.index]
    axes.set_yticks(at, labels, fontsize=8.5)
    axes.set_ylim(at[-1] - 0.7, 0.7)
    axes.set_xlabel("change of what would choose Chenzhou: near, all three, %")
    axes.set_title("Who is intercepted: near origins first")


def figures(row: pd.Series, digits: int) -> str:
    """Return mean, interval and simulation error."""
    mean, low, high, error = (f"{row[key]:+.{digits}f}" for key in ("mean", "low", "high", "simulation_error"))
    return f"{mean} ({low} to {high}; {error.lstrip('+')})"


def arm_rows(table: pd.DataFrame) -> list[str]:
    """Return the table of the arms."""
    lines = [
        "| policy | Chenzhou, % | below zero | the three, % | stop at the three, pp "
        "| intercepted, pp | passed through, pp |",
        "|---|---|---|---|---|---|---|",
    ]
    for arm in (*NEAR, UNKNOWN, *OWN, BOTH):
        city = one(table, arm, OUTPUT).loc["all"]
        cells = [figures(city, 2), f"{city['replicates'] - city['positive']} of {city['replicates']}"]
        cells += [figures(one(table, arm, name).loc["all"], digits) for name, digits in (
            ("output, three", 1), ("intercepted at the three", 2), ("intercepted", 2), ("passed through", 2))]  # fmt: skip
        lines.append(f"| {arm} | " + " | ".join(cells) + " |")
    return lines


def whence_rows(table: pd.DataFrame) -> list[str]:
    """Return the table of where what the three gain comes from."""
    lines = [
        "| policy | Chenzhou loses of 100 that the three gain | new of 100 that the three gain "
        "| all that other places lose, % of what Chenzhou has |",
        "|---|---|---|---|",
    ]
    for arm in (*NEAR, UNKNOWN):
        cells = [
            figures(one(table, arm, name).loc["all"], digits) for name, digits in ((TAKEN, 2), (NEW, 0), (BOUND, 0))
        ]
        lines.append(f"| {arm} | " + " | ".join(cells) + " |")
    return lines


def distance_rows(table: pd.DataFrame) -> list[str]:
    """Return the table by distance of the origin."""
    lines = [
        "| origins at | stop at the three as written, % | with near, all three, pp | Chenzhou, near, all three, % "
        "| Chenzhou, own, all three, % |",
        "|---|---|---|---|---|",
    ]
    for band in BANDS:
        level = one(table, "as written", "intercepted at the three", "distance", "level").loc[band]
        cells = [f"{level['mean']:.1f} ({level['low']:.1f} to {level['high']:.1f})"]
        for arm, name in (
            ("near, all three", "intercepted at the three"),
            ("near, all three", OUTPUT),
            ("own, all three", OUTPUT),
        ):
            cells.append(figures(one(table, arm, name, "distance").loc[band], 2))
        lines.append(f"| {band} | " + " | ".join(cells) + " |")
    return lines


def sector_rows(table: pd.DataFrame) -> list[str]:
    """Return the three sectors intercepted most and least."""
    lines = [
        "| sector | Chenzhou, near, all three, % | Chenzhou, own, all three, % | stop at the three, near, all three, pp |",
        "|---|---|---|---|",
    ]
    found = one(table, "near, all three", OUTPUT, "sector").sort_values("mean")
    for sector in (*found.index[:4], *found.index[-4:]):
        cells = [figures(one(table, arm, name, "sector").loc[sector], 2) for arm, name in (
            ("near, all three", OUTPUT), ("own, all three", OUTPUT),
            ("near, all three", "intercepted at the three"))]  # fmt: skip
        lines.append(f"| {sector.replace('_', ' ')} | " + " | ".join(cells) + " |")
    return lines


def played_rows(table: pd.DataFrame) -> list[str]:
    """Return the table of the runs with all their luck."""
    lines = [
        "| policy | intended in Chenzhou, 1e8 yuan | in the three, 1e8 yuan | intercepted, pp | passed through, pp "
        "| capture, pp |",
        "|---|---|---|---|---|---|",
    ]
    names = (
        ("investment intended, city", 0),
        ("investment intended, three", 0),
        ("intercepted", 3),
        ("passed through", 3),
        ("capture", 3),
    )
    level = [one(table, "as written", name, part="played level").loc["all"] for name, _ in names]
    shown = [
        f"{row['mean']:.{d}f} ({row['low']:.{d}f} to {row['high']:.{d}f})"
        for row, d in zip(level, (0, 0, 1, 1, 2), strict=True)
    ]
    lines.append("| as written | " + " | ".join(shown) + " |")
    for arm in ("near parks", "near, all three", "own park", "own, all three", BOTH):
        cells = [figures(one(table, arm, name, part="played").loc["all"], digits) for name, digits in names]
        lines.append(f"| {arm} | " + " | ".join(cells) + " |")
    return lines


def contested_rows(table: pd.DataFrame) -> list[str]:
    """Return capture and contested capture of the intended investment, and what changes them."""
    lines = ["| | captured, % | contested, % |", "|---|---|---|"]
    for part in ("captures", "captures, change"):
        for arm in table.loc[table["part"].eq(part), "arm"].drop_duplicates():
            cells = [
                figures(one(table, arm, name, part=part).loc["all"], 3) for name in ("capture_rate", "contested_rate")
            ]
            lines.append(f"| {arm}{', change, pp' if 'change' in part else ''} | " + " | ".join(cells) + " |")
    return lines


TABLES = (arm_rows, whence_rows, distance_rows, sector_rows, played_rows, contested_rows)
"""What writes the tables of the README."""

if __name__ == "__main__":
    main()
