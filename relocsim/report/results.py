"""What a run, a comparison or an ablation leaves in a folder. Refuses to choose what is shown on the screen."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from relocsim.answers.comparisons import combined, replicates_wanted
from relocsim.answers.telling import tables_told
from relocsim.batch.ablation import Ablation
from relocsim.batch.arms import Arm
from relocsim.batch.comparing import Comparison
from relocsim.batch.running import Run
from relocsim.observe import PLACE_COLUMNS
from relocsim.report.writing import write_chart, write_manifest, write_table
from relocsim.spec import Spec

UNITS = {
    "projects": {
        "firms": "real firms", "output": "1e8 yuan/year", "investment": "1e8 yuan", "jobs": "persons", "land": "ha",
        "floor": "1e4 m2", "upfront": "1e8 yuan", "yearly": "1e8 yuan/year",
    },
    "places": PLACE_COLUMNS,
    "capture": {"amount": "real firms, 1e8 yuan or persons, by measure", "capture_rate": "share"},
}  # fmt: skip
"""Units of the columns of tables."""


def run_identity(spec: Spec, replicate: int | None) -> dict[str, Any]:
    """Return what makes a run this run."""
    return {"kind": "run", **_identity(spec), "replicate": replicate}


def comparison_identity(spec: Spec, arms: Sequence[Arm], replicates: int) -> dict[str, Any]:
    """Return what makes a comparison this comparison."""
    return {"kind": "comparison", **_identity(spec), "replicates": replicates, "arms": [arm.name for arm in arms]}


def ablation_identity(
    spec: Spec, switches: Sequence[str], observables: Sequence[str], replicates: int
) -> dict[str, Any]:
    """Return what makes an ablation this ablation."""
    looked_at = {"mechanisms": list(switches), "observables": list(observables)}
    return {"kind": "ablation", **_identity(spec), "replicates": replicates, **looked_at}


def _identity(spec: Spec) -> dict[str, Any]:
    return {"relocsim": version("relocsim"), "digest": spec.digest, "seed": spec.scenario.seed}


def about(spec: Spec, path: str | Path, settings: Sequence[str]) -> dict[str, Any]:
    """Return what else a manifest says: the scenario, its period, what was set, what is assumed."""
    return {
        "scenario": Path(path).name,
        "name": spec.scenario.name,
        "name_zh": spec.scenario.name_zh,
        "question": spec.scenario.question,
        "question_zh": spec.scenario.question_zh,
        "start": str(spec.scenario.start),
        "end": str(spec.scenario.end),
        "city": spec.scenario.study.city,
        "stage": spec.scenario.study.stage,
        "policies_on": sorted(spec.on),
        "settings": list(settings),
        "differences": [f"{change.path}: {change.old} -> {change.new}" for change in spec.differences],
        "inputs": len(spec.register),
        "ranged": len(spec.register.ranged()),
        "assumed_share": round(spec.register.assumed_share(), 6),
        **({"posterior": spec.register.joint.digest} if spec.register.joint else {}),
    }


def write_run(folder: Path, run: Run, path: str | Path, settings: Sequence[str]) -> None:
    """Write the tables and the manifest of a run."""
    for name in ("projects", "places", "capture"):
        write_table(folder, name, getattr(run, name))
    write_manifest(folder, run_identity(run.spec, run.replicate), {**about(run.spec, path, settings), "units": UNITS})


def write_comparison(
    folder: Path, comparison: Comparison, path: str | Path, settings: Sequence[str], *, charts: bool
) -> None:
    """Write the tables, the charts and the manifest of a comparison; that of its scenario may be there already."""
    for name in ("capture", "effects", "timeline", "by_replicate"):
        write_table(folder, name, getattr(comparison, name))
    for name, table in (("combined", combined(comparison)), ("replicates", replicates_wanted(comparison))):
        if not table.empty:
            write_table(folder, name, table)
    told = told_tables(comparison)
    for name, table in told.items():
        write_table(folder, name, table)
    if charts:
        from relocsim.report.charts.comparison import comparison_charts

        write_cost_sheet(folder, comparison.spec)
        for name, figure in comparison_charts(comparison, told=told).items():
            write_chart(folder, name, figure)
    identity = comparison_identity(comparison.spec, comparison.arms, comparison.replicates)
    write_manifest(folder, identity, about(comparison.spec, path, settings))


def told_tables(comparison: Comparison) -> dict[str, pd.DataFrame]:
    """Return the tables that a briefing needs beside the effects: names of arms and places, and what else was kept."""
    from relocsim.report.naming import arm_table, name_table, track_table
    from relocsim.sensitivity.drawn import drawn_with

    named = {"arms": arm_table(comparison), "names": name_table(comparison.spec)}
    told = tables_told(comparison)
    if not told:
        return named
    return named | told | {"assumptions": drawn_with(comparison), "tracks": track_table(comparison.spec)}


def write_cost_sheet(folder: Path, spec: Spec) -> None:
    """Write the chart of a scenario at central inputs that no run is needed for, unless it is there."""
    from relocsim.report.charts.comparison import cost_chart

    if not (folder / "cost-sheet.svg").exists():
        write_chart(folder, "cost-sheet", cost_chart(spec))


def write_ablation(folder: Path, ablation: Ablation, path: str | Path, settings: Sequence[str]) -> None:
    """Write the tables and the manifest of an ablation."""
    for name in ("table", "clearest"):
        write_table(folder, name, getattr(ablation, name))
    identity = ablation_identity(ablation.spec, ablation.switches, ablation.named, ablation.replicates)
    write_manifest(folder, identity, about(ablation.spec, path, settings))
