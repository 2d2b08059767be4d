"""What whole runs say of the chain of electronics: `python experiments/shortest-plank/whole_runs.py results/shortest-plank`.

Reads the batch of plan.yaml, writes whole_runs.csv and prints it.
"""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path

import pandas as pd

from relocsim import StoredBatch
from relocsim.metrics.effects import estimate

HERE = Path(__file__).parent
ARMS = ("nothing", "missing components", "widest input", "inputs that are there")
"""Points of the plan in order."""


def main() -> None:
    """Write the change against nothing, eight cities together (depth: their mean)."""
    table = StoredBatch(sys.argv[1]).cell_table()
    by_run = table.groupby(["point", "replicate"]).agg(investment=("investment", "sum"), depth=("mean_depth", "mean"))
    rows = [
        {
            "arm": arm,
            "figure": name,
            **asdict(estimate((by_run.loc[at, name] - by_run.loc[0, name]).to_numpy(dtype=float))),
        }
        for at, arm in enumerate(ARMS)
        if at
        for name in ("investment", "depth")
    ]
    found = pd.DataFrame(rows).round(4)
    found.to_csv(HERE / "whole_runs.csv", index=False, lineterminator="\n")
    print(by_run.groupby("point").mean().round(4).to_string(), found.to_string(index=False), sep="\n")


if __name__ == "__main__":
    main()
