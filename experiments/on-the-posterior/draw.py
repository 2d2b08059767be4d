"""Picture and table of the page, from findings.csv (see experiments/pages.py)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from relocsim.report import markdown
from relocsim.report.intervals import Look, draw_intervals
from relocsim.report.theme import BLUE, ORANGE, canvas, styled, zero_line
from relocsim.report.wording import interval_name

HERE = Path(__file__).parent
DIGITS = {"chenzhou-policies": 3, "incentive-size": 1, "signing-landing": 1, "yibin-questions": 1}
PANELS = {
    "chenzhou-policies": "Chenzhou's capture, pp",
    "incentive-size": "investment in Chenzhou, 1e8 yuan",
    "signing-landing": "Chenzhou's money, %",
    "yibin-questions": "Yibin's expected share, %",
}
LOOKS = {"ranges": Look(BLUE), "posterior": Look(ORANGE)}
ERRORS = 2.0
"""Simulation errors beyond which two means differ."""


def kept() -> pd.DataFrame:
    """Return estimates by way of drawing, experiment and finding, in the order in which they were written."""
    return pd.read_csv(HERE / "findings.csv").set_index(["inputs", "experiment", "finding"])


def sign(row: pd.Series) -> int:
    """Return on which side of zero an interval lies; 0: on both."""
    return int(row["low"] > 0) - int(row["high"] < 0)


def said(ranges: pd.Series, posterior: pd.Series, change: pd.Series) -> str:
    """Return whether a finding stands: the side of its interval, and its size."""
    if sign(ranges) != sign(posterior):
        return "**told from luck now**" if sign(posterior) else "**not told from luck any more**"
    if abs(change["mean"]) > ERRORS * change["simulation_error"]:
        return "**stands, larger**" if change["mean"] * np.sign(ranges["mean"]) > 0 else "**stands, smaller**"
    return "stands" if sign(ranges) else "stands: not told from luck"


def judged() -> Iterator[tuple[str, str, str]]:
    """Yield experiment, finding, and whether it stands."""
    found = kept()
    for experiment, finding in found.loc["ranges"].index:
        yield experiment, finding, said(*(found.loc[inputs, experiment, finding] for inputs in (*LOOKS, "change")))


def tables() -> Iterator[str]:
    """Yield the table of the page."""
    found, rows = kept(), []
    for experiment, finding, says in judged():
        cells = []
        for inputs in LOOKS:
            row = found.loc[inputs, experiment, finding]
            cells += [markdown.figures(row, DIGITS[experiment]), f"{row['positive']:.0f} of {row['replicates']:.0f}"]
        rows.append([experiment, finding, *cells, says])
    heads = ["experiment", "finding", "on the ranges", "above zero", "on the posterior", "above zero ", "says"]
    yield markdown.table([*heads], rows)


def picture() -> Figure:
    """Return the picture: a panel an experiment, ranges above posterior."""
    found = kept()
    replicates = int(found["replicates"].max())
    changed = sum(not says.startswith("stands") for _, _, says in judged())
    title = f"On the posterior {changed} of {sum(1 for _ in judged())} findings change in what they say" if changed else (
        "On the posterior every finding stands as on the ranges"
    )  # fmt: skip
    caption = (
        "Blue: inputs drawn from their independent ranges; orange: from the posterior of experiments/calibration. Dot: "
        f"mean; thick bar: its simulation error; line: {interval_name(found['coverage'].max(), replicates)} over "
        f"{replicates} draws. Source: experiments/on-the-posterior/findings.csv."
    )
    with styled():
        figure = canvas(11.0, 7.2, title, caption)
        for axes, (experiment, says) in zip(figure.subplots(2, 2).ravel(), PANELS.items(), strict=True):
            zero_line(axes)
            names = list(found.loc["ranges"].loc[experiment].index)
            at = -np.arange(len(names), dtype=float)
            for shift, (inputs, look) in zip((0.17, -0.17), LOOKS.items(), strict=True):
                draw_intervals(axes, found.loc[inputs].loc[experiment].loc[names], at + shift, look)
            axes.set_yticks(at, names)
            axes.set_xlabel(f"change of {says}")
            axes.set_title(experiment)
    return figure
