"""Picture and table of the page, from effects.csv (see experiments/pages.py)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from relocsim.report import markdown
from relocsim.report.intervals import Look, draw_intervals
from relocsim.report.theme import BLUE, GREEN, ORANGE, canvas, styled, zero_line
from relocsim.report.wording import interval_name

HERE = Path(__file__).parent
STAGES = {
    "signed": ("money signed", ORANGE),
    "in place": ("money in place", BLUE),
    "producing": ("in production", GREEN),
}
TARGET = "target on signed money"


def kept() -> pd.DataFrame:
    """Return changes in per cent, and of signed over producing, by figure and policy, as the plan lists these."""
    table = pd.read_csv(HERE / "effects.csv")
    shares = table[table["unit"].str.startswith("%") | table["figure"].eq("overstatement")]
    return shares[shares["policy"] != "as written"].set_index(["figure", "policy"])


def tables() -> Iterator[str]:
    """Yield the table of the page; bold where the interval lies on one side of zero."""
    found = kept()
    rows = [[name, *(cell(found.loc[stage, name]) for stage in (*STAGES, "overstatement"))] for name in policies(found)]
    yield markdown.table(["policy", "signed", "in place", "in production", "signed over producing"], rows)


def policies(found: pd.DataFrame) -> list[str]:
    """Return the policies in the order of the plan."""
    return list(found.loc["signed"].index)


def cell(row: pd.Series) -> str:
    """Return one figure of the table."""
    spelled = markdown.figures(row, 1)
    return f"**{spelled}**" if row["low"] > 0 or row["high"] < 0 else spelled


def headline(found: pd.DataFrame) -> str:
    """Return what the figures say of follow-up and of the target."""
    row = found.loc["producing", TARGET]
    less = f"{row['replicates'] - row['positive']:.0f} of {row['replicates']:.0f}"
    return (
        "Follow-up and supervision bring more into production and sign nothing more; "
        f"a {TARGET} signs more and, in {less} replicates, brings no more into production"
    )


def picture() -> Figure:
    """Return the picture: a panel a kind of money, a row a policy."""
    found = kept()
    replicates, names = int(found["replicates"].max()), policies(found)
    at = -np.arange(len(names))
    caption = (
        "Paired change of what Chenzhou has by the end of 2019, % of the mean without the policy. Dot: mean; "
        f"thick bar: its simulation error; line: {interval_name(found['coverage'].max(), replicates)} over {replicates} "
        "draws of all inputs and luck. Money of all investors; stages are cumulated. "
        "Source: experiments/signing-landing/effects.csv."
    )
    with styled():
        figure = canvas(10.5, 5.8, headline(found), caption)
        panels = figure.subplots(1, 3, sharey=True, sharex=True)
        for axes, (stage, (title, colour)) in zip(panels, STAGES.items(), strict=True):
            zero_line(axes)
            draw_intervals(axes, found.loc[stage].loc[names], at, Look(colour))
            axes.set_title(title)
            axes.set_xlabel("change, %")
        panels[0].set_yticks(at, names)
    return figure
