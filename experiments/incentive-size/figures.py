"""What each step of subsidy adds, by sensitivity: `python experiments/incentive-size/figures.py results/incentive-size`.

Reads the batch of plan.yaml, writes figures.csv and prints it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pandas as pd

from relocsim import StoredBatch
from relocsim.metrics.effects import estimate

HERE = Path(__file__).parent
MEASURED = {"inflow": "1e8 yuan", "treasury": "1e8 yuan", "capture": "%"}


def figures(batch: StoredBatch) -> Iterator[dict[str, object]]:
    """Yield the change by each step against no subsidy, by sensitivity and over both, and levels without a subsidy."""
    points = batch.points.set_index(["sensitivity", "subsidy"])["point"]
    sensitivities, steps = (list(level) for level in points.index.levels)
    for name, unit in MEASURED.items():
        runs = batch.runs.pivot(index="replicate", columns="point", values=name).astype(float)
        by_step: dict[float, list[np.ndarray]] = {step: [] for step in steps}
        for sensitivity in sensitivities:
            without = runs[points[sensitivity, 0.0]].to_numpy()
            for step in steps:
                value = runs[points[sensitivity, step]].to_numpy() - (without if step else 0)
                by_step[step].append(value)
                key = {"sensitivity": f"{sensitivity:g}", "subsidy": step, "figure": name, "unit": unit}
                yield key | asdict(estimate(value))
        for step, values in by_step.items():
            key = {"sensitivity": "both", "subsidy": step, "figure": name, "unit": unit}
            yield key | asdict(estimate(np.mean(values, axis=0)))


def main() -> None:
    """Write the figures and print them."""
    found = pd.DataFrame(figures(StoredBatch(sys.argv[1]))).round(4)
    found.to_csv(HERE / "figures.csv", index=False, lineterminator="\n")
    print(found.drop(columns="coverage").to_string(index=False))


if __name__ == "__main__":
    main()
