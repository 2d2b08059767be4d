"""Picture and tables of the page, from table.csv (see experiments/pages.py)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relocsim.report import markdown
from relocsim.report.intervals import Look, draw_intervals
from relocsim.report.tables import records
from relocsim.report.theme import BLUE, GREY, LIGHT, VERMILLION, canvas, styled, zero_line
from relocsim.report.wording import interval_name

HERE = Path(__file__).parent
NEAR = ("near parks", "near incentives", "near expansion", "near, all three")
OWN = ("own park", "own incentives", "own expansion", "own, all three")
BOTH, UNKNOWN = "both, all three", "the three unknown to all"
OUTPUT, TAKEN, NEW = "output, city", "lost by Chenzhou of 100 that the three gain", "new of 100 that the three gain"
BOUND = "all that other places lose, of what Chenzhou has"
STOPS = "intercepted at the three"
BANDS = ("0 to 450 km", "450 to 900 km", "900 to 3000 km")
TITLE = "Parks nearer the coast take little from Chenzhou; what it does itself counts for far more"


def tables() -> Iterator[str]:
    """Yield the tables of the page."""
    table = pd.read_csv(HERE / "table.csv")
    for rows in (arm_rows, whence_rows, distance_rows, sector_rows, played_rows, contested_rows):
        yield rows(table)


def picture() -> Figure:
    """Return the picture."""
    table = pd.read_csv(HERE / "table.csv")
    drawn = one(table, "near, all three", OUTPUT).loc["all"]
    caption = (
        "Expected first choices along paired runs, 2008 to 2019, as output of firms of nineteen coastal cities; dot: "
        f"mean; line: {interval_name(drawn['coverage'], drawn['replicates'])} over {drawn['replicates']} draws of all "
        "inputs, no luck of the choice. The three: Shaoguan, Qingyuan, Heyuan. Policies from 2009 on, the same on both "
        "sides. Source: experiments/interception, table.csv; 70 % of the inputs assumed."
    )
    with styled():
        figure = canvas(12.5, 9.5, TITLE, caption)
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
    found = pd.DataFrame([one(table, arm, OUTPUT).loc["all"] for arm in arms])
    at = -np.arange(len(arms))
    zero_line(axes)
    draw_intervals(axes, found, at, Look(colour))
    for y, row in zip(at, records(found), strict=True):
        axes.annotate(
            f"{row['mean']:+.1f}", (row["mean"], y), (0, 6), textcoords="offset points", ha="center", fontsize=8.5
        )
    axes.set_yticks(at, arms, fontsize=9)
    axes.set_ylim(-len(arms) + 0.4, 0.7)
    axes.set_xlabel("change of what would choose Chenzhou, %")
    axes.set_title(title)


def stopping(axes: Axes, table: pd.DataFrame) -> None:
    """Draw the share of firms that stop at the three, by distance of the origin, as written and when the three act."""
    level = one(table, "as written", STOPS, "distance", "level").loc[list(BANDS)]
    change = one(table, "near, all three", STOPS, "distance").loc[list(BANDS)]
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
    zero_line(axes)
    draw_intervals(axes, rows, at, Look(VERMILLION))
    labels = [f"origins at {of}" if of in BANDS else of.replace("_", " ") for of in rows.index]
    axes.set_yticks(at, labels, fontsize=8.5)
    axes.set_ylim(at[-1] - 0.7, 0.7)
    axes.set_xlabel("change of what would choose Chenzhou: near, all three, %")
    axes.set_title("Who is intercepted: near origins first")


def cells(table: pd.DataFrame, arm: str, names: dict[str, int], part: str = "expected") -> list[str]:
    """Return figures of an arm by name and decimals."""
    return [markdown.figures(one(table, arm, name, part=part).loc["all"], digits) for name, digits in names.items()]


def arm_rows(table: pd.DataFrame) -> str:
    """Return the table of the arms."""
    names = {"output, three": 1, "intercepted at the three": 2, "intercepted": 2, "passed through": 2}
    rows = []
    for arm in (*NEAR, UNKNOWN, *OWN, BOTH):
        city = one(table, arm, OUTPUT).loc["all"]
        below = f"{city['replicates'] - city['positive']} of {city['replicates']}"
        rows.append([arm, markdown.figures(city, 2), below, *cells(table, arm, names)])
    columns = ["policy", "Chenzhou, %", "below zero", "the three, %", "stop at the three, pp", "intercepted, pp",
               "passed through, pp"]  # fmt: skip
    return markdown.table(columns, rows)


def whence_rows(table: pd.DataFrame) -> str:
    """Return the table of where what the three gain comes from."""
    rows = [[arm, *cells(table, arm, {TAKEN: 2, NEW: 0, BOUND: 0})] for arm in (*NEAR, UNKNOWN)]
    columns = ["policy", "Chenzhou loses of 100 that the three gain", "new of 100 that the three gain",
               "all that other places lose, % of what Chenzhou has"]  # fmt: skip
    return markdown.table(columns, rows)


def distance_rows(table: pd.DataFrame) -> str:
    """Return the table by distance of the origin."""
    shown = (("near, all three", STOPS), ("near, all three", OUTPUT), ("own, all three", OUTPUT))
    rows = []
    for band in BANDS:
        level = one(table, "as written", STOPS, "distance", "level").loc[band]
        changes = [markdown.figures(one(table, arm, name, "distance").loc[band], 2) for arm, name in shown]
        rows.append([band, f"{level['mean']:.1f} ({level['low']:.1f} to {level['high']:.1f})", *changes])
    columns = ["origins at", "stop at the three as written, %", "with near, all three, pp", "Chenzhou, near, all three, %",
               "Chenzhou, own, all three, %"]  # fmt: skip
    return markdown.table(columns, rows)


def sector_rows(table: pd.DataFrame) -> str:
    """Return the four sectors intercepted most and least."""
    shown = (("near, all three", OUTPUT), ("own, all three", OUTPUT), ("near, all three", STOPS))
    found = one(table, "near, all three", OUTPUT, "sector").sort_values("mean")
    rows = [
        [
            sector.replace("_", " "),
            *(markdown.figures(one(table, arm, name, "sector").loc[sector], 2) for arm, name in shown),
        ]
        for sector in (*found.index[:4], *found.index[-4:])
    ]
    columns = ["sector", "Chenzhou, near, all three, %", "Chenzhou, own, all three, %",
               "stop at the three, near, all three, pp"]  # fmt: skip
    return markdown.table(columns, rows)


def played_rows(table: pd.DataFrame) -> str:
    """Return the table of the runs with all their luck."""
    names = {"investment intended, city": 0, "investment intended, three": 0, "intercepted": 3, "passed through": 3,
             "capture": 3}  # fmt: skip
    levels = [one(table, "as written", name, part="played level").loc["all"] for name in names]
    shown = [
        f"{row['mean']:.{digits}f} ({row['low']:.{digits}f} to {row['high']:.{digits}f})"
        for row, digits in zip(levels, (0, 0, 1, 1, 2), strict=True)
    ]
    arms = ("near parks", "near, all three", "own park", "own, all three", BOTH)
    rows = [["as written", *shown], *([arm, *cells(table, arm, names, "played")] for arm in arms)]
    columns = ["policy", "intended in Chenzhou, 1e8 yuan", "in the three, 1e8 yuan", "intercepted, pp", "passed through, pp",
               "capture, pp"]  # fmt: skip
    return markdown.table(columns, rows)


def contested_rows(table: pd.DataFrame) -> str:
    """Return capture and contested capture of the intended investment, and what changes them."""
    rows = [
        [f"{arm}{words}", *cells(table, arm, {"capture_rate": 3, "contested_rate": 3}, part)]
        for part, words in (("captures", ""), ("captures, change", ", change, pp"))
        for arm in table.loc[table["part"].eq(part), "arm"].drop_duplicates()
    ]
    return markdown.table(["intended investment", "captured, %", "contested, %"], rows)
