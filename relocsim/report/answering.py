"""What an answer leaves in a folder: its tables and a manifest. Refuses to choose what is shown on the screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from relocsim.report.results import about
from relocsim.report.writing import write_manifest, write_table
from relocsim.spec import Spec


def answer_identity(kind: str, spec: Spec, replicates: int, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return what makes an answer this answer: its kind, the specification, the replicates and what was asked."""
    found = {"relocsim": version("relocsim"), "digest": spec.digest, "seed": spec.scenario.seed}
    return {"kind": kind, **found, "replicates": replicates, "asked": dict(asked)}


def write_answer(
    folder: Path, tables: Mapping[str, pd.DataFrame], identity: Mapping[str, Any], spec: Spec, path: str | Path,
    settings: Sequence[str],
) -> None:  # fmt: skip
    """Write the tables of an answer and its manifest."""
    for name, table in tables.items():
        write_table(folder, name, table)
    write_manifest(folder, identity, about(spec, path, settings))
