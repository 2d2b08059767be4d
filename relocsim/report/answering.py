"""What an answer leaves in a folder: its tables and a manifest. Refuses to choose what is shown on the screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from relocsim.answers.switching import Switchers
from relocsim.report.results import about
from relocsim.report.writing import write_chart, write_manifest, write_table
from relocsim.spec import Spec


def answer_identity(kind: str, spec: Spec, replicates: int, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return what makes an answer this answer: its kind, the specification, the replicates and what was asked."""
    found = {"relocsim": version("relocsim"), "digest": spec.digest, "seed": spec.scenario.seed}
    return {"kind": kind, **found, "replicates": replicates, "asked": dict(asked)}


def answer_charts(found: Switchers) -> dict[str, Figure]:
    """Return the charts of an answer by file name."""
    from relocsim.report.charts.switchers import switchers_chart

    return {"flows": switchers_chart(found)}


def write_answer(
    folder: Path, tables: Mapping[str, pd.DataFrame], identity: Mapping[str, Any], spec: Spec, path: str | Path,
    settings: Sequence[str], *, charts: Mapping[str, Figure] = MappingProxyType({}),
) -> None:  # fmt: skip
    """Write the tables of an answer, its charts and its manifest."""
    for name, figure in charts.items():
        write_chart(folder, name, figure)
    for name, table in tables.items():
        write_table(folder, name, table)
    write_manifest(folder, identity, about(spec, path, settings))
