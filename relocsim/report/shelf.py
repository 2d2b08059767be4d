"""Results for charts: taken from folders, else played once and kept, so that every chart can be drawn again from tables."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from relocsim.answers.telling import TELLING, tables_told
from relocsim.batch.comparing import Comparison, compare
from relocsim.batch.running import Run, run
from relocsim.report.charts.stored import (
    Stored,
    StoredComparison,
    StoredError,
    read_stored,
    stored_run,
    stored_sensitivity,
    stored_switchers,
)
from relocsim.report.writing import MANIFEST
from relocsim.spec import Spec

_SAID = ("digest", "seed", "replicates", "replicate", "arms", "asked", "settings", "plan")
"""What a manifest of charts repeats of the results that they are drawn from."""


@dataclass
class Shelf:
    """Results for charts."""

    spec: Spec
    stored: Mapping[str, Stored] = field(default_factory=dict)
    """Folders by kind."""
    others: Mapping[str, Any] = field(default_factory=dict)
    """Comparisons of further scenarios, by name."""
    targets: Mapping[str, float] = field(default_factory=dict)
    """Targets of the funnel: shares of what was signed, by stage."""
    replicates: int = 20
    jobs: int = 1
    tell: Callable[[str], None] = lambda text: None
    """Called with what is about to be played."""
    scenario: str = ""
    """File of the scenario."""
    settings: Sequence[str] = ()
    """What was set in it."""

    @cached_property
    def comparison(self) -> Comparison:
        """The comparison of all policies."""
        if "comparison" in self.stored:
            return StoredComparison(self.stored["comparison"], self.spec)  # type: ignore[return-value]
        self._say("compare", self.replicates)
        return compare(self.spec, replicates=self.replicates, jobs=self.jobs, beside=TELLING)

    def told(self, name: str) -> pd.DataFrame | None:
        """Return a table that the comparison kept beside its effects; none where there is none, or no comparison."""
        if "comparison" in self.stored:
            return self.stored["comparison"].table_if_any(name)
        return tables_told(self.comparison).get(name) if "comparison" in self.__dict__ else None

    @cached_property
    def run(self) -> Run:
        """One run at central inputs, or the one that was stored."""
        if "run" in self.stored:
            return stored_run(self.stored["run"], self.spec)
        self._say("run", 1)
        return run(self.spec)

    @cached_property
    def switchers(self) -> Any:
        """Switchers of all policies that are off."""
        if "switchers" in self.stored:
            return stored_switchers(self.stored["switchers"], self.spec)
        from relocsim.answers.switching import switchers

        self._say("switchers", self.replicates)
        return switchers(self.spec, replicates=self.replicates, jobs=self.jobs)

    @cached_property
    def synergy(self) -> pd.DataFrame:
        """Shapley shares of all policies that are off: the table."""
        if "synergy" in self.stored:
            return self.stored["synergy"].table("table")
        from relocsim.answers.synergies import synergy

        self._say("synergy", self.replicates)
        return synergy(self.spec, replicates=self.replicates, jobs=self.jobs).table

    @cached_property
    def fiscal(self) -> pd.DataFrame:
        """Accounts of all policies: the table, which a comparison keeps too."""
        if "fiscal" in self.stored:
            return self.stored["fiscal"].table("table")
        kept = self.told("fiscal")
        if kept is not None:
            return kept
        from relocsim.answers.costing import fiscal

        self._say("fiscal", self.replicates)
        return fiscal(self.spec, replicates=self.replicates, jobs=self.jobs).table

    @cached_property
    def sensitivity(self) -> Any:
        """A stored sensitivity."""
        return stored_sensitivity(self.needed("sensitivity"), self.spec)

    def needed(self, kind: str) -> Stored:
        """Return the folder of a kind that charts do not play; StoredError where none is given."""
        if kind not in self.stored:
            raise StoredError(f"this chart is drawn from a {kind}: give the folder that relocsim {kind} --out left")
        return self.stored[kind]

    def _say(self, what: str, replicates: int) -> None:
        self.tell(
            f"playing relocsim {what} ({replicates} replicate{'s' if replicates > 1 else ''}): no stored one is given"
        )

    def write_played(self, folder: Path) -> None:
        """Leave the tables of all that was played in folders of its own, as the commands named after the kinds do."""
        from relocsim.report import results
        from relocsim.report.answering import answer_identity, write_answer

        about = (self.scenario, self.settings)
        for kind in self._played():
            where = folder / kind
            where.mkdir(parents=True)
            found = getattr(self, kind)
            if kind == "comparison":
                results.write_comparison(where, found, *about, charts=False)
            elif kind == "run":
                results.write_run(where, found, *about)
            else:
                tables = found.tables if kind == "switchers" else {"table": found}
                identity = answer_identity(kind, self.spec, self.replicates, _ASKED[kind])
                write_answer(where, tables, identity, self.spec, *about)

    def sources(self, played: Path) -> dict[str, Any]:
        """Return what each kind of results is, by kind: the name of the folder that was given, or where it is kept."""
        folders = {kind: (one.folder.name, one) for kind, one in self.stored.items()}
        for kind in self._played():
            folders[kind] = (f"{played.name}/{kind}", read_stored(played / kind))
        return {
            kind: {
                "folder": name,
                "manifest": hashlib.sha256((one.folder / MANIFEST).read_bytes()).hexdigest(),
                **{key: one.manifest[key] for key in _SAID if key in one.manifest},
            }
            for kind, (name, one) in sorted(folders.items())
        }

    def _played(self) -> Iterator[str]:
        for kind in ("comparison", "run", "switchers", "synergy", "fiscal"):
            kept = kind == "fiscal" and "fiscal" not in self.stored and self.told("fiscal") is not None
            if kind in self.__dict__ and kind not in self.stored and not kept:
                yield kind


_ASKED: Mapping[str, Mapping[str, Any]] = {
    "switchers": {"with": []}, "synergy": {"with": [], "pairs": 20},
    "fiscal": {"with_": [], "without": [], "packages": [], "rate": None},
}  # fmt: skip
"""What the commands are asked where nothing is named."""
