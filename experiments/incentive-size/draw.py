"""Picture and table of the page, from figures.csv (see experiments/pages.py)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from relocsim.report import markdown
from relocsim.report.intervals import Look, draw_intervals
from relocsim.report.theme import BLUE, VERMILLION, canvas, styled, zero_line
from relocsim.report.wording import interval_name

HERE = Path(__file__).parent
LOOKS = {"0.012": Look(BLUE), "0.055": Look(VERMILLION, "s")}
"""By sensitivity, 1/(yuan/100)."""


def kept() -> pd.DataFrame:
    """Return changes by figure, sensitivity and subsidy."""
    table = pd.read_csv(HERE / "figures.csv", dtype={"sensitivity": str})
    return table[table["subsidy"] > 0].set_index(["figure", "sensitivity", "subsidy"]).sort_index()


def tables() -> Iterator[str]:
    """Yield the table of the page."""
    found = kept()
    rows = []
    for step in found.index.unique("subsidy"):
        cells = []
        for sensitivity in LOOKS:
            row = found.loc["inflow", sensitivity, step]
            cells += [markdown.figures(row, 1), f"{row['positive']} of {row['replicates']}"]
        rows.append([f"{100 * step:g} %", *cells, markdown.figures(found.loc["treasury", "both", step], 1)])
    heads = [head for sensitivity in LOOKS for head in (f"sensitivity {sensitivity}", "above zero")]
    yield markdown.table(["subsidy", *heads, "both: treasury"], rows)


def headline(found: pd.DataFrame) -> str:
    """Return which subsidies are told from luck, by sensitivity."""
    clear = found.loc["inflow"]["low"] > 0
    little, much = ([step for step, told in clear.loc[one].items() if told] for one in LOOKS)
    told = [
        f"of {' and '.join(f'{100 * step:g} %' for step in steps)}" if steps else "none" for steps in (much, little)
    ]
    return (
        f"Where firms make much of costs subsidies {told[0]} are told from luck in what they bring; "
        f"where they make little of them, {told[1]}"
    )


def picture() -> Figure:
    """Return the chart: what each step adds to what comes and to the treasury."""
    found = kept()
    steps = found.index.unique("subsidy")
    replicates = int(found["replicates"].max())
    caption = (
        "Paired change by a capital subsidy of so much of investment, against the incentive package without one, in "
        "Chenzhou until the end of 2019. Dot: mean; thick bar: its simulation error; line: "
        f"{interval_name(found['coverage'].max(), replicates)} over {replicates} draws of all other inputs and luck. "
        "20,000 agents; 70 % of the inputs assumed. Source: experiments/incentive-size/figures.csv."
    )
    panels = {"inflow": "investment that comes to produce", "treasury": "treasury"}
    with styled():
        figure = canvas(9.5, 4.2, headline(found), caption)
        both = figure.subplots(1, 2, sharey=True)
        for axes, (name, title) in zip(both, panels.items(), strict=True):
            zero_line(axes)
            for shift, (sensitivity, look) in zip((0.15, -0.15), LOOKS.items(), strict=True):
                at = -np.arange(len(steps)) + shift
                draw_intervals(
                    axes, found.loc[name, sensitivity].loc[steps], at, look, label=f"sensitivity {sensitivity}"
                )
            axes.set_yticks(-np.arange(len(steps)), [f"{100 * step:g} %" for step in steps])
            axes.set_xlabel("change, 1e8 yuan")
            axes.set_title(title)
        both[0].legend(frameon=False, fontsize=8.5, loc="upper right")
    return figure
