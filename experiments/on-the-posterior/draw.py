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
    "incentive-size": "investment, 1e8 yuan",
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


def moved(change: pd.Series) -> bool:
    """Whether a mean differs by more than simulation errors."""
    return bool(abs(change["mean"]) > ERRORS * change["simulation_error"])


def said(ranges: pd.Series, posterior: pd.Series, change: pd.Series) -> str:
    """Return whether a finding stands: the side of its interval, and its size."""
    mean = "larger" if change["mean"] * np.sign(ranges["mean"]) > 0 else "smaller"
    size = f"mean {mean}" if moved(change) else "mean within luck"
    if sign(ranges) != sign(posterior):
        return f"**told from luck now** ({size})" if sign(posterior) else f"**not told from luck any more** ({size})"
    if moved(change):
        return f"**stands, {size}**"
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
    judgements = list(judged())
    flipped = sum(not says.startswith(("stands", "**stands")) for _, _, says in judgements)
    means = sum(moved(row) for _, row in found.loc["change"].iterrows())
    title = (
        f"On the posterior {means or 'none'} of {len(judgements)} means moves by more than two simulation errors; "
        f"{flipped} of their intervals reach zero where they did not, or the other way round"
    )
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
