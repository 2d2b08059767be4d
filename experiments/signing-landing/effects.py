"""What each policy adds to money signed, in place and in production: `python experiments/signing-landing/effects.py BATCH`.

From the folder of the batch it writes effects.csv.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd

from relocsim.batch.stored import StoredBatch
from relocsim.metrics.effects import estimate
from relocsim.metrics.funnel import PRODUCING, SIGNED, overstatement

HERE = Path(__file__).parent
MONEY = {"signed": "signed_1e8yuan", "in place": "in_place_1e8yuan", "producing": "producing_1e8yuan"}
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


def main() -> None:
    """Write the table and print it."""
    found = effects(levels(StoredBatch(sys.argv[1])))
    found.round(4).to_csv(HERE / "effects.csv", index=False, lineterminator="\n")
    print(found.drop(columns="coverage").round(2).to_string(index=False))


if __name__ == "__main__":
    main()
