"""Picture and table of the page, from figures.csv (see experiments/pages.py)."""

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
NAMES = {
    "approvals": "administrative reform",
    "incentives": "incentive package",
    "park-expansion": "park expansion",
    "hsr": "high-speed rail",
    "supplier-cultivation": "supplier cultivation",
    "all together": "all together",
}
DIGITS = {"capture rate": 3, "but-for share": 0, "treasury": 1}
PANELS = {"capture rate": "capture rate, percentage points", "treasury": "treasury, 1e8 yuan"}


def kept() -> pd.DataFrame:
    """Return effects by figure and policy, the largest on the capture rate first, all together last."""
    found = pd.read_csv(HERE / "figures.csv").set_index(["figure", "arm"])
    alone = found.loc["capture rate"].drop(index=["baseline", "all together"]).sort_values("mean", ascending=False)
    order = [*alone.index, "all together"]
    return pd.concat({figure: found.loc[figure].loc[order] for figure in DIGITS})


def tables() -> Iterator[str]:
    """Yield the table of the page."""
    found = kept()
    rows = []
    for arm in found.loc["capture rate"].index:
        rate = found.loc["capture rate", arm]
        rows.append([
            NAMES[arm], *(markdown.figures(found.loc[figure, arm], digits) for figure, digits in DIGITS.items()),
            f"{rate['positive']:.0f} of {rate['replicates']:.0f}",
        ])  # fmt: skip
    yield markdown.table(["policy", "capture rate, pp", "but-for share, %", "treasury, 1e8 yuan", "above zero"], rows)


def title(rates: pd.DataFrame) -> str:
    """Return what the figures say, whatever they are."""
    clear = [NAMES[arm] for arm, row in rates.iterrows() if row["low"] > 0 or row["high"] < 0]
    told = f"Told from luck: {', '.join(clear)}" if clear else "No policy is told from luck"
    return f"{told}; {NAMES[rates.index[0]]} has the highest mean effect on Chenzhou's capture"


def picture() -> Figure:
    """Return the chart: what each policy adds to the capture rate and to the treasury."""
    found = kept()
    rates = found.loc["capture rate"]
    replicates = int(rates["replicates"].max())
    caption = (
        "Paired change by each policy, with less without, in Chenzhou 2008 to 2019. Dot: mean; thick bar: its simulation "
        f"error; line: {interval_name(rates['coverage'].max(), replicates)} over {replicates} draws of all inputs and "
        "luck. 20,000 agents; 70 % of the inputs assumed. Source: experiments/chenzhou-policies/figures.csv."
    )
    with styled():
        figure = canvas(9.5, 4.4, title(rates), caption)
        at = -np.arange(len(rates))
        for axes, (name, says) in zip(figure.subplots(1, 2, sharey=True), PANELS.items(), strict=True):
            zero_line(axes)
            draw_intervals(axes, found.loc[name].iloc[:-1], at[:-1], Look(BLUE))
            draw_intervals(axes, found.loc[name].iloc[-1:], at[-1:], Look(ORANGE))
            axes.set_yticks(at, [NAMES[arm] for arm in rates.index])
            axes.set_xlabel(f"change of {says}")
    return figure
