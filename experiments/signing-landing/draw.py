"""What each policy adds to money signed, in place and in production: `python experiments/signing-landing/draw.py [BATCH]`.

From the folder of the batch it writes effects.csv; from that table it draws docs/img/signing-landing.png.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relocsim.batch.stored import StoredBatch
from relocsim.metrics.effects import estimate
from relocsim.metrics.funnel import PRODUCING, SIGNED, overstatement
from relocsim.report.theme import BLUE, GREEN, ORANGE, canvas, styled, zero_line
from relocsim.report.writing import write_chart

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
TABLE = HERE / "effects.csv"
MONEY = {"signed": "signed_1e8yuan", "in place": "in_place_1e8yuan", "producing": "producing_1e8yuan"}
COLOURS = {"signed": ORANGE, "in place": BLUE, "producing": GREEN}
COMPARED = {
    "visits": (1, 0),
    "target on signed money": (2, 0),
    "visits and that target": (3, 0),
    "incentive package": (4, 0),
    "guarantee": (5, 0),
    "guarantee, with the package": (6, 4),
    "administrative reform": (7, 0),
    "follow-up, effort": (8, 0),
    "supervision of a quarter, beside it": (9, 8),
    "target on what lands": (10, 0),
    "reform, follow-up, target on what lands": (11, 0),
}
"""Points of the plan, with and without, in the order in which it lists them."""
_STEP = 0.1
"""A target: a tenth more than as written."""


def levels(batch: StoredBatch) -> dict[str, np.ndarray]:
    """Return the figures of the city at the end of the run, by replicate and point, (R, points)."""
    cells = batch.cell_table(places=["chenzhou"], periods=["2019"])
    found = {name: cells.pivot(index="replicate", columns="point", values=MONEY[name]).to_numpy() for name in MONEY}
    reached = np.zeros((5, *found["signed"].shape))
    reached[SIGNED], reached[PRODUCING] = found["signed"], found["producing"]
    runs = batch.runs.pivot(index="replicate", columns="point", values="treasury").to_numpy()
    return {**found, "overstatement": overstatement(reached), "treasury": runs}


def effects(found: dict[str, np.ndarray]) -> pd.DataFrame:
    """Return one row a comparison and figure: the paired change with interval; of money also in per cent and a target."""
    rows = []
    for figure, values in found.items():
        unit = "signed over producing" if figure == "overstatement" else "1e8 yuan"
        rows.append({"policy": "as written", "figure": figure, "unit": unit, **estimate(values[:, 0]).__dict__})
        for name, (with_, without) in COMPARED.items():
            change = values[:, with_] - values[:, without]
            rows.append({"policy": name, "figure": figure, "unit": unit, **estimate(change).__dict__})
            if figure in MONEY:
                share = 100 * change / values[:, without].mean()
                row = {"policy": name, "figure": figure, "unit": "% of the mean without", **estimate(share).__dict__}
                met = float((values[:, with_] >= (1 + _STEP) * values[:, without]).mean())
                rows.append({**row, "a_tenth_more_in": met})
    return pd.DataFrame(rows)


def drawn(table: pd.DataFrame) -> Figure:
    """Return the picture: a panel a kind of money, a row a policy."""
    some = table[table["unit"] == "% of the mean without"]
    replicates = int(some["replicates"].max())
    coverage = float(some["coverage"].max())
    caption = (
        f"Paired change of what Chenzhou has by the end of 2019, % of the mean without the policy. Dot: mean; "
        f"thick bar: its simulation error; line: interval over draws of all inputs and luck ({replicates} replicates, "
        f"expected to cover {100 * coverage:.0f} %). Money of all investors; stages are cumulated. "
        "Source: experiments/signing-landing/effects.csv."
    )
    with styled():
        figure = canvas(10.5, 5.8, TITLE, caption)
        panels = figure.subplots(1, 3, sharey=True)
        for axes, name in zip(panels, MONEY, strict=True):
            _rows(axes, some[some["figure"] == name].set_index("policy"), COLOURS[name])
            axes.set_title({"signed": "money signed", "in place": "money in place", "producing": "in production"}[name])
            axes.set_xlabel("change, %")
        panels[0].set_yticks([-at for at in range(len(COMPARED))], list(COMPARED))
        low = min(axes.get_xlim()[0] for axes in panels)
        high = max(axes.get_xlim()[1] for axes in panels)
        for axes in panels:
            axes.set_xlim(low, high)
    return figure


TITLE = (
    "Follow-up and supervision bring more into production and sign nothing more; "
    "a target on signed money signs more and brings less into production"
)


def _rows(axes: Axes, table: pd.DataFrame, colour: str) -> None:
    zero_line(axes)
    for at, name in enumerate(COMPARED):
        one, y = table.loc[name], [-at, -at]
        axes.plot([one["low"], one["high"]], y, color=colour, linewidth=1.5, solid_capstyle="butt")
        error = one["simulation_error"]
        axes.plot(
            [one["mean"] - error, one["mean"] + error], y, color=colour, linewidth=7, alpha=0.5, solid_capstyle="butt"
        )
        axes.plot(one["mean"], -at, marker="o", color=colour, markeredgecolor="white")


def main() -> None:
    """Write the table where a batch is named, and draw."""
    if len(sys.argv) > 1:
        effects(levels(StoredBatch(sys.argv[1]))).round(4).to_csv(TABLE, index=False)
    write_chart(ROOT / "docs" / "img", "signing-landing", drawn(pd.read_csv(TABLE)))


if __name__ == "__main__":
    main()
