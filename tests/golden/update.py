"""A few numbers of the toy world, pinned: `python -m tests.golden.update` writes them anew.

Do so only where results were meant to change, and say why under "Results change" in CHANGELOG.md.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from relocsim.batch.running import Run, run
from relocsim.spec import load

FILE = Path(__file__).with_name("toy.json")
SCENARIO = Path(__file__).parents[1] / "toy" / "toy.yaml"


def numbers() -> dict[str, float]:
    """Return the pinned numbers by name: central values, a drawn replicate, and every policy together."""
    spec = load(SCENARIO)
    runs = {
        "baseline": run(spec),
        "replicate 3": run(spec, replicate=3),
        "all policies": run(spec.with_policies(spec.policies)),
    }
    return {f"{name}: {key}": value for name, one in runs.items() for key, value in _told(one).items()}


def _told(one: Run) -> dict[str, float]:
    model, foundation = one.model, one.model.foundation
    beta = model.setting.places.row("beta")
    capture = one.capture.set_index(["measure", "stage", "place"])
    told = {f"constant {name}": value for name, value in asdict(foundation.choosers.intercepts).items()}
    told |= {f"reference cost {name}": float(cost) for name, cost in zip(
        model.setting.sectors.ids, foundation.reference_cost, strict=True
    )}  # fmt: skip
    told |= {
        "projects": float(len(one.projects)),
        "firms intending": float(one.projects["firms"].sum()),
        "output": float(model.places.output.sum()),
        "treasury of beta": float(model.places.treasury[beta]),
        "wage ratio of beta": float(model.places.wage_ratio[beta]),
        "land used in beta": float(model.places.land_used[beta]),
        "mean depth in beta": float(one.places.query("place == 'beta'")["mean_depth"].iloc[-1]),
    }
    for measure, stage in (("investment", "producing"), ("jobs", "signed")):
        told[f"capture of beta, {measure}, {stage}"] = float(capture.loc[(measure, stage, "beta"), "capture_rate"])
    return told


if __name__ == "__main__":
    FILE.write_text(json.dumps(numbers(), indent=1) + "\n", "utf-8")
