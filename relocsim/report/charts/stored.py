"""Results that were stored, as charts read them: the tables of a folder beside the scenario that they came from."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd

from relocsim.batch.arms import BASELINE, TOGETHER, Arm, plan_arms
from relocsim.errors import RelocsimError
from relocsim.report.writing import MANIFEST
from relocsim.spec import Spec, load

ANSWER = "answer"
"""Folder inside that of a sensitivity that holds its tables."""


class StoredError(RelocsimError):
    """A folder does not hold what a chart needs."""


@dataclass(frozen=True)
class Stored:
    """One folder of results."""

    folder: Path
    manifest: dict[str, Any]

    @property
    def kind(self) -> str:
        """What left it: run, comparison, switchers, synergy, fiscal, sensitivity, batch, ..."""
        return str(self.manifest["kind"])

    def table(self, name: str) -> pd.DataFrame:
        """Return a table of the folder; StoredError where it is not there or cannot be read."""
        path = self.folder / f"{name}.parquet"
        try:
            return pd.read_parquet(path)
        except (OSError, ValueError) as error:
            raise StoredError(f"{path} cannot be read ({error}): play it again") from None

    def table_if_any(self, name: str) -> pd.DataFrame | None:
        """Return a table of the folder; none where the folder has none of that name, or it is empty."""
        if not (self.folder / f"{name}.parquet").is_file():
            return None
        table = self.table(name)
        return None if table.empty else table

    def spec(self, scenario: str | Path | None = None) -> Spec:
        """Return the specification that was played: of the file given, or of one called so here or in `scenarios`."""
        about = self.manifest.get("about", self.manifest)
        name = str(about.get("scenario", ""))
        found = scenario or next((path for path in (Path(name), Path("scenarios") / name) if path.is_file()), None)
        if found is None:
            raise StoredError(
                f"the scenario of {self.folder} ({name}) is not found here: name its file with --scenario"
            )
        planned = self.manifest.get("plan", {}).get("settings", {})  # of a batch
        settings = [*self.manifest.get("settings", []), *(f"{path}={value}" for path, value in planned.items())]
        spec = load(found, settings=settings)
        digest = self.manifest.get("digest")
        if digest and spec.digest != digest:
            message = f"{found} is not the scenario that {self.folder} was played from"
            raise StoredError(
                f"{message} (digest {spec.digest[:8]}, not {str(digest)[:8]}): give that one, or play again"
            )
        return spec


def read_stored(folder: str | Path) -> Stored:
    """Return a folder of results; StoredError says what is wrong with it."""
    where = Path(folder)
    if not (where / MANIFEST).is_file() and (where / ANSWER / MANIFEST).is_file():
        where = where / ANSWER
    try:
        held = json.loads((where / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise StoredError(f"{folder} holds no results: there is no {MANIFEST} in it") from None
    except (OSError, ValueError) as error:
        raise StoredError(f"{where / MANIFEST} cannot be read: {error}") from None
    if not isinstance(held, dict) or "kind" not in held:
        raise StoredError(f"{where / MANIFEST} does not say what it is of: play it again")
    return Stored(where, held)


class StoredComparison:
    """A comparison as its folder tells it; what charts and sentences ask of `batch.Comparison`."""

    def __init__(self, stored: Stored, spec: Spec) -> None:
        self._stored, self.spec = stored, spec
        self.replicates = int(stored.manifest["replicates"])
        self.arms = arms_named(spec, stored.manifest["arms"])

    @cached_property
    def capture(self) -> pd.DataFrame:
        """See `Comparison.capture`."""
        return self._stored.table("capture")

    @cached_property
    def effects(self) -> pd.DataFrame:
        """See `Comparison.effects`."""
        return self._stored.table("effects")

    @cached_property
    def timeline(self) -> pd.DataFrame:
        """See `Comparison.timeline`."""
        return self._stored.table("timeline")


def arms_named(spec: Spec, names: Sequence[str]) -> tuple[Arm, ...]:
    """Return the arms that a comparison played, from their names."""
    given = [name for name in names if name not in (BASELINE, TOGETHER)]
    unknown = [name for name in given if name not in spec.policies and name not in spec.scenario.packages]
    if unknown:
        raise StoredError(f"the scenario has no policy or package {unknown[0]!r}, which the results name")
    if not given:
        return (Arm(BASELINE, frozenset(spec.on), 1),)
    return tuple(
        plan_arms(
            spec,
            with_=[name for name in given if name in spec.policies and name not in spec.on],
            without=[name for name in given if name in spec.on],
            packages=[name for name in given if name not in spec.policies],
        )
    )


def stored_run(stored: Stored, spec: Spec) -> Any:
    """Return what charts ask of a run."""
    return SimpleNamespace(spec=spec, replicate=stored.manifest.get("replicate"), projects=stored.table("projects"))


def stored_switchers(stored: Stored, spec: Spec) -> Any:
    """Return what charts ask of switchers."""
    asked = tuple(stored.manifest["asked"]["with"]) or tuple(name for name in spec.policies if name not in spec.on)
    replicates = int(stored.manifest["replicates"])
    tables = {name: stored.table(name) for name in ("flows", "sums")}
    return SimpleNamespace(spec=spec, policies=asked, replicates=replicates, **tables)


def stored_sensitivity(stored: Stored, spec: Spec) -> Any:
    """Return what charts ask of a sensitivity."""
    asked = stored.manifest["asked"]
    names = ("factors", "screening", "indices", "swings", "ranking")
    tables = {name: stored.table(name) for name in names}
    factors = tables["factors"]
    unit = str(tables["indices"]["unit"].iloc[0]).replace("%", "percentage points")
    held = {"labels": dict(zip(factors["factor"], factors["label"], strict=True)), "unit": unit}
    what = SimpleNamespace(effect=asked["effect"], on=asked["on"], replicates=asked["replicates"])
    return SimpleNamespace(spec=spec, asked=what, **held, **tables)
