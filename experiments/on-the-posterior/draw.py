"""Picture and tables of the page, from findings.csv (see experiments/pages.py)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relocsim.report import markdown
from relocsim.report.intervals import Look, draw_intervals
from relocsim.report.theme import BLUE, ORANGE, canvas, rows, styled, zero_line
from relocsim.report.wording import interval_name

HERE = Path(__file__).parent
DIGITS = {"chenzhou-policies": 3, "shortest-plank": 3, "leader-first": 2, "interception": 2}
"""Decimals of figures by experiment, one where nothing is said."""
PLAYED = {"chenzhou-policies", "incentive-size", "signing-landing", "best-package", "leader-first"}
"""Experiments of which whole runs were played."""
COLUMNS = (
    ("chenzhou-policies", "incentive-size", "signing-landing", "best-package", "leader-first", "incentive-race"),
    ("interception", "rail-and-depth", "railway-sign", "shortest-plank", "chenzhou-questions", "yibin-questions"),
)
"""Panels of the picture."""
INPUTS = ("ranges", "posterior", "change")
LOOKS = {"ranges": Look(BLUE, bar=5.0), "posterior": Look(ORANGE, bar=5.0)}
ERRORS = 2.0
"""Simulation errors beyond which two means differ."""
ROOM = 1.4
"""Rows that the title of a panel takes."""


def kept() -> pd.DataFrame:
    """Return estimates by way of drawing, experiment and finding, in the order in which they were written."""
    return pd.read_csv(HERE / "findings.csv").set_index(["inputs", "experiment", "finding"])


def sign(row: pd.Series) -> int:
    """Return on which side of zero an interval lies; 0: on both."""
    return int(row["low"] > 0) - int(row["high"] < 0)


def moved(change: pd.Series) -> bool:
    """Whether a mean differs by more than simulation errors."""
    return bool(abs(change["mean"]) > ERRORS * change["simulation_error"])


def said(ranges: pd.Series, posterior: pd.Series, change: pd.Series) -> str:
    """Return whether a finding stands: the side of its interval, and its size."""
    mean = "larger" if change["mean"] * np.sign(ranges["mean"]) > 0 else "smaller"
    size = f"mean {mean}" if moved(change) else "mean within error"
    if sign(ranges) != sign(posterior):
        return f"**{'one sign' if sign(posterior) else 'either sign'} now** ({size})"
    side = "" if sign(ranges) else ": either sign"
    return f"**stands{side}, {size}**" if moved(change) else f"stands{side}"


def judged() -> Iterator[tuple[str, str, str]]:
    """Yield experiment, finding, and whether it stands."""
    found = kept()
    for experiment, finding in found.loc["ranges"].index:
        yield experiment, finding, said(*(found.loc[inputs, experiment, finding] for inputs in INPUTS))


def reversed_side(says: str) -> bool:
    """Whether an interval has come to lie on another side of zero, or on both."""
    return "now" in says


def tables() -> Iterator[str]:
    """Yield the tables of the page: what changes by experiment, and all findings."""
    found = kept()
    judgements = pd.DataFrame(judged(), columns=["experiment", "finding", "says"])
    judgements["moved"] = [moved(found.loc["change", one.experiment, one.finding]) for one in judgements.itertuples()]
    judgements["other side"] = judgements["says"].map(reversed_side)
    counts = []
    for experiment, part in judgements.groupby("experiment", sort=False):
        draws = found.xs(("ranges", experiment), level=("inputs", "experiment"))["replicates"].max()
        how = f"{draws} {'whole runs' if experiment in PLAYED else 'draws, no luck'}"
        counts.append([experiment, how, len(part), part["moved"].sum(), part["other side"].sum()])
    counts.append(["all", "", len(judgements), judgements["moved"].sum(), judgements["other side"].sum()])
    heads = [
        "experiment ",
        "how",
        "findings",
        "means moved by more than two errors",
        "intervals on another side of zero",
    ]
    yield markdown.table(heads, counts)
    yield of_findings(found)


def of_findings(found: pd.DataFrame) -> str:
    """Return the table of all findings."""
    lines = []
    for experiment, finding, says in judged():
        cells = []
        for inputs in LOOKS:
            row = found.loc[inputs, experiment, finding]
            cells += [
                markdown.figures(row, DIGITS.get(experiment, 1)),
                f"{row['positive']:.0f} of {row['replicates']:.0f}",
            ]
        lines.append([experiment, finding, row["unit"], *cells, says])
    heads = ["experiment", "finding", "unit", "on the ranges", "above zero", "on the posterior", "above zero ", "says"]
    return markdown.table(heads, lines)


def picture() -> Figure:
    """Return the picture: a panel an experiment, ranges above posterior, every finding on a scale of its own."""
    found, judgements = kept(), list(judged())
    flipped = sum(reversed_side(says) for _, _, says in judgements)
    means = sum(moved(row) for _, row in found.loc["change"].iterrows())
    title = (
        f"On the posterior {means or 'none'} of {len(judgements)} means {'moves' if means == 1 else 'move'} by more than "
        f"two simulation errors; {flipped} intervals reach zero where they did not, or the other way round"
    )
    intervals = found.groupby("replicates")["coverage"].max()
    lines = "; ".join(
        f"with {count} draws {interval_name(coverage, int(count))}" for count, coverage in intervals.items()
    )
    caption = (
        "Blue: inputs drawn from their independent ranges; orange: from the posterior of experiments/calibration. Dot: "
        f"mean; thick bar: its simulation error; line: {lines}. Every finding has a scale of its own: one is the farther "
        "end of its two intervals. Bold: the mean moves, or the interval lies on another side of zero. Source: "
        "experiments/on-the-posterior/findings.csv."
    )
    bold = {(experiment, finding) for experiment, finding, says in judgements if "**" in says}
    with styled():
        figure = canvas(12.0, 12.5, title, caption)
        sides = figure.add_gridspec(1, len(COLUMNS))
        for side, experiments in zip(sides, COLUMNS, strict=True):
            parts = {one: part for one, part in found.groupby("experiment") if one in experiments}
            shown = [one for one in experiments if one in parts]
            heights = [len(parts[one]) / len(INPUTS) + ROOM for one in shown]
            for cell, one in zip(side.subgridspec(len(shown), 1, height_ratios=heights), shown, strict=True):
                axes = figure.add_subplot(cell)
                panel(axes, one, parts[one].droplevel("experiment"), bold)
            axes.set_xticks([-1, -0.5, 0, 0.5, 1], ["-1", "", "0", "", "1"])
    return figure


def panel(axes: Axes, experiment: str, found: pd.DataFrame, bold: set[tuple[str, str]]) -> None:
    """Draw the findings of one experiment, each over the farther end of its intervals."""
    names = list(found.loc["ranges"].index)
    ends = found.loc[[*LOOKS], ["low", "high"]].abs().max(axis=1)
    scale = ends.groupby("finding").max()
    zero_line(axes)
    for shift, (inputs, look) in zip((-0.17, 0.17), LOOKS.items(), strict=True):
        figures = found.loc[inputs, ["mean", "low", "high", "simulation_error"]].loc[names]
        draw_intervals(axes, figures.div(scale.loc[names], axis=0), np.arange(len(names)) + shift, look)
    rows(axes, names, room=0.6)
    for name, label in zip(names, axes.get_yticklabels(), strict=True):
        label.set_fontweight("bold" if (experiment, name) in bold else "normal")
    axes.set_xlim(-1.05, 1.05)
    axes.set_xticks([-1, -0.5, 0, 0.5, 1], [])
    axes.tick_params(labelsize=9, length=0)
    axes.set_title(experiment)
