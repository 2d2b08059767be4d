"""What a comparison left in a folder, checked before anything is said of it. Refuses to compute and to mend.

What the story cannot do without is an error where it is missing; what it can do without is listed in `missing`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from relocsim.errors import RelocsimError
from relocsim.metrics.effects import Estimate
from relocsim.report.writing import FORMAT, MANIFEST

_FIGURES = tuple(Estimate.__dataclass_fields__)
NEEDED: Mapping[str, tuple[str, ...]] = {
    "arms": ("arm", "kind", "in_baseline", "start", "changes"),
    "names": ("kind", "id", "origin", "lon", "lat"),
    "effects": ("arm", "measure", "quantity", *_FIGURES),
    "capture": ("arm", "place", "measure", "outside_origins", "quantity", *_FIGURES),
}
"""Tables without which there is no story, with the columns that are read."""
OPTIONAL: Mapping[str, tuple[str, ...]] = {
    "fiscal": ("arm", "quantity", "unit", *_FIGURES),
    "sources": ("arm", "change", "source", "measure", *_FIGURES),
    "windfall": ("arm", "quantity", *_FIGURES),
    "yardsticks": ("arm", "yardstick", "unit", "kind", *_FIGURES),
    "assumptions": ("arm", "factor", "label", "inputs", "assumed", "replicates", "rho", "p_family"),
    "timeline": ("arm", "place", "quarter", "mean", "low", "high"),
    "replicates": ("arm", "replicates", "replicates_needed"),
    "flows": ("origin", "place", *_FIGURES),
    "hours": ("home", "place", *_FIGURES),
    "tracks": ("track", "corridor", "lon", "lat"),
}
"""Tables whose absence the briefing tells."""
SOMETIMES: Mapping[str, tuple[str, ...]] = {
    "combined": ("measure", "quantity", "part", *_FIGURES),
    "changes": ("language", "sentence"),
}
"""Tables that only some comparisons have: what comes of combining needs several policies, and all together; what was
changed is of a what-if."""
_SAID = ("name", "city", "stage", "start", "end", "digest", "seed", "replicates", "inputs", "assumed_share", "ranged")
_AGAIN = "play it again: relocsim compare SCENARIO --out DIR"


class ResultsError(RelocsimError):
    """A folder does not hold what a briefing needs."""


@dataclass(frozen=True)
class Stored:
    """A comparison as it was stored."""

    manifest: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame]
    missing: tuple[str, ...]
    """Names of tables that are not there."""

    def table(self, name: str) -> pd.DataFrame | None:
        """Return a table, none where it is missing or empty."""
        table = self.tables.get(name)
        return None if table is None or table.empty else table


def open_results(folder: Path) -> Stored:
    """Return the comparison in a folder; ResultsError where it is none, is broken or lacks what is needed."""
    manifest = read_manifest(folder, "comparison")
    lacking = [name for name in _SAID if name not in manifest]
    if lacking:
        raise ResultsError(
            f"{folder / MANIFEST} does not say {', '.join(lacking)}: an older version wrote it; {_AGAIN}"
        )
    absent = [name for name in NEEDED if _file(folder, name) is None]
    if absent:
        files = ", ".join(f"{name}.parquet" for name in absent)
        raise ResultsError(f"{folder} lacks {files}, without which there is no briefing; {_AGAIN}")
    held = {**NEEDED, **OPTIONAL, **SOMETIMES}
    tables = {name: read_table(folder, manifest, name, held[name]) for name in held if _file(folder, name) is not None}
    return Stored(manifest, tables, tuple(name for name in OPTIONAL if name not in tables))


def read_manifest(folder: Path, kind: str) -> dict[str, Any]:
    """Return the manifest of a folder of results of a kind; ResultsError where there is none that can be read."""
    if not folder.is_dir():
        raise ResultsError(f"there is no folder {folder}; {_AGAIN}")
    try:
        held = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except OSError:
        raise ResultsError(f"{folder} holds no {MANIFEST}: it is no finished result of relocsim; {_AGAIN}") from None
    except ValueError as error:
        raise ResultsError(f"{folder / MANIFEST} is no JSON ({error}): it is damaged; {_AGAIN}") from None
    if not isinstance(held, dict) or not isinstance(held.get("files"), dict):
        raise ResultsError(f"{folder / MANIFEST} is not as relocsim writes it; {_AGAIN}")
    if held.get("format") != FORMAT:
        raise ResultsError(
            f"{folder} is of format {held.get('format')}, not {FORMAT}: another version wrote it; {_AGAIN}"
        )
    if held.get("kind") != kind:
        raise ResultsError(f"{folder} holds results of the kind {held.get('kind')!r}; expected a {kind}")
    return held


def read_table(folder: Path, manifest: Mapping[str, Any], name: str, columns: tuple[str, ...]) -> pd.DataFrame:
    """Return a stored table, as it was written and with the columns that are read; else ResultsError."""
    path = folder / f"{name}.parquet"
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ResultsError(f"{path} cannot be read: {error.strerror}") from None
    if manifest["files"].get(path.name) != hashlib.sha256(content).hexdigest():
        raise ResultsError(f"{path} is not what the run wrote (another SHA-256 than in {MANIFEST}); {_AGAIN}")
    table = pd.read_parquet(path)
    lacking = [column for column in columns if column not in table]
    if lacking:
        raise ResultsError(f"{path} lacks the columns {', '.join(lacking)}: another version wrote it; {_AGAIN}")
    return table


def _file(folder: Path, name: str) -> Path | None:
    path = folder / f"{name}.parquet"
    return path if path.is_file() else None
