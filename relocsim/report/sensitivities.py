"""A sensitivity on the screen and as files. Refuses to compute."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from relocsim.report.results import about
from relocsim.report.screens.answers import frame
from relocsim.report.wording import percent
from relocsim.report.writing import write_chart, write_manifest, write_table
from relocsim.sensitivity.answering import Sensitivity
from relocsim.sensitivity.planning import Asked
from relocsim.spec import Spec

_SHARES = ("best_in", "best_low", "best_high", "above_zero")


def sensitivity_identity(spec: Spec, asked: Asked) -> dict[str, Any]:
    """Return what makes a sensitivity this one."""
    found = {"relocsim": version("relocsim"), "digest": spec.digest, "seed": spec.scenario.seed}
    sizes = {name: getattr(asked, name) for name in ("trajectories", "samples", "keep", "replicates")}
    sizes |= {name: list(getattr(asked, name)) for name in ("only", "policies")}
    return {"kind": "sensitivity", **found, "asked": {"effect": asked.effect, "on": asked.on, **sizes}}


def write_sensitivity(
    folder: Path, found: Sensitivity, path: str | Path, settings: Sequence[str], *, charts: bool
) -> None:
    """Write tables, charts and manifest."""
    from relocsim.report.charts.sensitivity import sensitivity_charts

    for name, table in found.tables.items():
        write_table(folder, name, table)
    for name, figure in (sensitivity_charts(found) if charts else {}).items():
        write_chart(folder, name, figure)
    write_manifest(folder, sensitivity_identity(found.spec, found.asked), about(found.spec, path, settings))


def sensitivity_screen(found: Sensitivity) -> RenderableType:
    """Return indices, swings and ranking."""
    asked, labels = found.asked, found.labels
    kept = found.screening[found.screening["kept"]]
    idle = int((found.screening["mu_star"] == 0).sum())
    lines = [
        f"effect of {asked.effect} on {asked.on}, {found.unit}; replicates, alike at all points: {asked.replicates}",
        f"screening: {len(found.screening)} families of {int(found.factors['inputs'].sum())} ranged inputs, "
        f"{asked.trajectories} trajectories; {len(kept)} kept, {idle} do nothing at all",
    ]
    luck = float(found.indices["luck"].iloc[0])
    if luck == luck:
        lines.append(f"luck that replicates do not share makes {percent(luck)} of the variance over the design")
    indices = found.indices.assign(label=found.indices["factor"].map(labels)).merge(
        kept[["factor", "mu_star"]], on="factor", sort=False
    )
    swings = found.swings.assign(label=found.swings["factor"].map(labels))
    shares = found.ranking.assign(**{name: [percent(one) for one in found.ranking[name]] for name in _SHARES})
    ranks = {
        "policy": "policy", "mean": "mean", "low": "low", "high": "high", "best_in": "best in", "best_low": "low",
        "best_high": "high", "rank_low": "rank from", "rank_high": "to", "above_zero": "above zero",
    }  # fmt: skip
    ends = {"first_order": "first order", "first_order_low": "low", "first_order_high": "high"}
    ends |= {"total": "total", "total_low": "low", "total_high": "high", "mu_star": "mu*"}
    thirds = {"lower": "in its lower third", "upper": "in its upper third"}
    thirds |= {"swing": "difference", "swing_low": "low", "swing_high": "high"}
    return Group(
        Text("\n".join(lines) + "\n"),
        frame("Share of the variance of the effect", indices, {"label": "inputs", **ends}, top=20),
        frame("Mean effect where an input is low or high", swings, {"label": "inputs", **thirds}, top=20),
        frame("Does the best stay the best", shares, ranks, top=len(shares)),
    )
