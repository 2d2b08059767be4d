"""A calibration on the screen and as files. Refuses to compute."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from rich.console import Group, RenderableType
from rich.text import Text

from relocsim.calibration.answering import Calibrated
from relocsim.calibration.planning import Calibration
from relocsim.calibration.posterior import about_posterior, posterior_table
from relocsim.calibration.recovering import Recovery
from relocsim.calibration.summarising import NARROWER
from relocsim.report.screens.answers import frame
from relocsim.report.wording import listed, percent, plain
from relocsim.report.writing import write_chart, write_manifest, write_table
from relocsim.spec.posterior import write_posterior

POSTERIOR = "posterior"
_PAIRS = 10


def calibration_identity(calibration: Calibration, recovery: int) -> dict[str, Any]:
    """Return what makes a calibration this one."""
    return {
        "kind": "calibration",
        "relocsim": version("relocsim"),
        "cases": {case.name: case.spec.digest for case in calibration.cases},
        "seed": calibration.seed,
        "parameters": [one.label for one in calibration.families],
        "targets": {aim.name: [aim.value, aim.error] for aim in (*calibration.aims, *calibration.held_out)},
        "runs": calibration.plan.runs.model_dump(),
        "recovery": recovery,
    }


def tables_of(found: Calibrated) -> Mapping[str, pd.DataFrame]:
    """Return all tables of a calibration by name, the posterior aside."""
    tables = {name: getattr(found, name) for name in ("generations", "parameters", "correlations", "targets")}
    if found.recovery is not None:
        labels = found.recovery.table["label"].to_list()
        tables |= {"recovery": found.recovery.table, "ranks": pd.DataFrame(found.recovery.ranks, columns=labels)}
    return tables


def write_calibration(
    folder: Path, found: Calibrated, identity: Mapping[str, Any], plan: str | Path, *, charts: bool
) -> None:
    """Write the posterior, tables, charts and manifest."""
    from relocsim.report.charts.calibration import calibration_charts

    table = posterior_table(found)
    write_posterior(folder / f"{POSTERIOR}.parquet", table, about_posterior(found))
    table.to_csv(folder / f"{POSTERIOR}.csv", index=False, lineterminator="\n")
    for name, one in tables_of(found).items():
        write_table(folder, name, one)
    for name, figure in (calibration_charts(found) if charts else {}).items():
        write_chart(folder, name, figure)
    about = {"plan": Path(plan).name, "question": found.calibration.plan.question, "played": found.runs}
    write_manifest(folder, identity, about)


def calibration_screen(found: Calibrated) -> RenderableType:
    """Return what was played, parameters, what they go with, targets, recovery."""
    last = found.generations.iloc[-1]
    lines = [
        f"{found.runs:,} runs ({found.failed} failed); the nearest {int(last['kept'])} of {int(last['draws'])} draws kept,",
        f"worth {plain(last['effective'], 0)} of equal weight, the farthest {plain(last['distance'], 2)} spreads away",
        identified_sentence(found.parameters),
    ]
    out = unreached(found.targets)
    if out:
        lines.append(f"out of reach of nearly all draws of the prior: {listed(out)}")
    parts: list[RenderableType] = [
        Text("\n".join(lines) + "\n"),
        _parameters(found.parameters),
        _targets(found.targets),
    ]
    if len(found.correlations):
        columns = {"one": "of", "other": "with", "correlation": "correlation"}
        parts.append(frame("Parameters that go together", found.correlations, columns, left=2, top=_PAIRS))
    if found.recovery is not None:
        parts.append(_recovery(found.recovery))
    return Group(*parts)


def identified_sentence(parameters: pd.DataFrame) -> str:
    """Return which parameters the targets narrow and how many they leave open, in words."""
    known = parameters.loc[parameters["identified"], "label"].to_list()
    left = len(parameters) - len(known)
    rule = f"90 % interval at most {percent(NARROWER)} as wide as the prior's"
    if not known:
        return f"the targets identify none of {left} parameters ({rule})"
    return f"the targets identify {listed(known)} ({rule}), and not the other {left}"


def unreached(targets: pd.DataFrame, end: float = 0.01) -> list[str]:
    """Return the figures that hardly a draw of the prior reaches from its side."""
    rows = targets[(targets["below"] < end) | (targets["below"] > 1 - end)]
    return [str(name) for name in rows["figure"]]


def _parameters(table: pd.DataFrame) -> RenderableType:
    columns = {
        "label": "parameter", "prior_median": "prior", "prior_low": "from", "prior_high": "to", "median": "posterior",
        "low": "from ", "high": "to ", "width": "width", "moved": "moved", "found": "identified",
    }  # fmt: skip
    shown = table.assign(found=np.where(table["identified"], "yes", "no"))
    return frame("Parameters: median and 90 % interval; width over the prior's", shown, columns, top=len(table))


def _targets(table: pd.DataFrame) -> RenderableType:
    columns = {
        "figure": "figure", "use": "use", "value": "value", "prior_median": "prior", "prior_low": "from",
        "prior_high": "to", "posterior_median": "posterior", "posterior_low": "from ", "posterior_high": "to ",
        "within": "inside", "wide": "with its error",
    }  # fmt: skip
    words = {"within": table["inside"], "wide": table["inside_with_error"]}
    shown = table.assign(**{name: np.where(one, "yes", "no") for name, one in words.items()})
    return frame("Figures: median and 95 % of runs", shown, columns, left=2, top=len(table))


def _recovery(test: Recovery) -> RenderableType:
    columns = {
        "label": "parameter", "p": "p (chi-square)", "band": "within the band", "coverage_50": "50 % interval holds",
        "coverage_90": "90 % interval holds", "variance_removed": "variance removed",
    }  # fmt: skip
    shown = test.table.assign(band=np.where(test.table["within_band"], "yes", "no"))
    for name in ("coverage_50", "coverage_90", "variance_removed"):
        shown[name] = [percent(value) for value in test.table[name]]
    return frame(f"Recovery of known parameters, {test.trials} trials", shown, columns, top=len(shown))
