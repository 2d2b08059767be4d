"""Generations are played by the layer of batches: each draw one run a case, with luck and other inputs of its own.

A finished run goes into a journal before the next is counted, so that a generation goes on where it was stopped. The bits
of a run depend on its draw alone, whoever plays it. This module refuses to propose draws.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import ndtr

from relocsim.batch.bundles import Bench, Bundle, Failure, Packed
from relocsim.batch.crew import play_all
from relocsim.batch.folder import BatchError, write_text
from relocsim.batch.identity import code_version, differences
from relocsim.batch.journal import Journal
from relocsim.batch.recording import Reading
from relocsim.calibration.measures import SHAPE, Gauge
from relocsim.calibration.planning import Calibration, Case
from relocsim.calibration.tolerances import Aim
from relocsim.spec.assigning import Values
from relocsim.spec.grouping import GROUP, Groups
from relocsim.spec.nodes import steps_of

MANIFEST = "generation.json"
Tick = Callable[[str, int, int], None]
"""Told the name of a generation, finished runs and all its runs."""


@dataclass(frozen=True)
class Draws:
    """Draws that are played together."""

    name: str
    """Folder of the generation."""
    number: np.ndarray
    """Numbers of the draws, (n,), which are their replicates."""
    z: np.ndarray
    """Parameters on the probit scale, (n, K), in the order of `names`."""
    names: tuple[str, ...]


@dataclass(frozen=True)
class Played:
    """What a generation showed."""

    draws: Draws
    values: np.ndarray
    """Readings of targets, then of held-out figures, (n, A); nan where there was nothing or the run failed."""
    failed: int
    """Runs that failed."""
    error: str = ""
    """What the first of them said."""


@dataclass(frozen=True)
class Table:
    """A calibration whose generations are played into a folder."""

    calibration: Calibration
    folder: Path
    jobs: int = 1
    executor: Executor | None = None
    tick: Tick | None = None

    def played(self, draws: Draws) -> Played:
        """Play the draws, or what is left of them, and return what they showed.

        Raises
        ------
        BatchError
            Where the folder holds other draws, or runs of other code or scenarios.
        """
        folder = self.folder / draws.name
        folder.mkdir(parents=True, exist_ok=True)
        _require_same(folder, self.calibration, draws)
        aims = [*self.calibration.aims, *self.calibration.held_out]
        values = np.full((len(draws.number), len(aims)), np.nan)
        failures: list[Failure] = []
        total = len(draws.number) * len(self.calibration.cases)
        before = 0
        for case in self.calibration.cases:
            columns = [at for at, aim in enumerate(aims) if aim.case == case.name]
            found = self._case(folder, case, draws, [aims[at] for at in columns], before, total)
            before += len(draws.number)
            for row, outcome in found.items():
                if isinstance(outcome, Reading):
                    values[row, columns] = outcome.values
                else:
                    failures.append(outcome)
        return Played(draws, values, len(failures), failures[0].error if failures else "")

    def _case(
        self, folder: Path, case: Case, draws: Draws, aims: Sequence[Aim], before: int, total: int
    ) -> dict[int, Reading | Failure]:
        """Return what the run of each draw showed, by its row."""
        path = folder / f"{case.name}.journal"
        held = {one.run: one for one in Journal.read(path, SHAPE)}
        found = {run: one.outcome for run, one in held.items() if run < len(draws.number)}
        journal = Journal(path, SHAPE)
        try:
            journal.keep(held.values())  # without what was cut off at its end
            left = [row for row in range(len(draws.number)) if row not in found]
            for finished in play_all(_bundles(case, draws, aims, left), jobs=self.jobs, executor=self.executor):
                for one in finished:
                    journal.add(one)
                    found[one.run] = one.outcome
                if self.tick:
                    self.tick(draws.name, before + len(found), total)
        finally:
            journal.close()
        return found


def _bundles(case: Case, draws: Draws, aims: Sequence[Aim], rows: Sequence[int]) -> Iterator[Bundle]:
    """Yield one run a draw."""
    members = {one.name: one.inputs for one in case.families}
    paths = tuple(steps_of(entry.path) for group in members.values() for entry in group)
    gauge: Any = Gauge(tuple(aim.ratio for aim in aims))
    bench = Packed.of(Bench(case.spec, gauge, True, paths, Groups.of(members)))
    columns = [(name, draws.names.index(name)) for name in members]
    quantiles = ndtr(draws.z)
    for row in rows:
        values: Values = {(GROUP, name): float(quantiles[row, column]) for name, column in columns}
        yield Bundle(bench, int(draws.number[row]), (row,), (values,))


def _digest(z: np.ndarray) -> str:
    return hashlib.sha256(np.ascontiguousarray(z, dtype="<f8").tobytes()).hexdigest()


def _require_same(folder: Path, calibration: Calibration, draws: Draws) -> None:
    """Raise BatchError where a folder holds other runs; say in it what these are."""
    wanted = identity_of(calibration)
    path = folder / MANIFEST
    if path.exists():
        held = json.loads(path.read_text(encoding="utf-8"))
        told = differences(held["identity"], wanted)
        count = held["draws"]
        if not told and (count > len(draws.number) or held["digest"] != _digest(draws.z[:count])):
            told = ["other draws: they follow from targets, tolerances, and how much was played before"]
        if told:
            what = "\n  ".join(told)
            raise BatchError(
                f"{folder} holds runs of another calibration; what differs:\n  {what}\n"
                "choose another folder, or remove this generation and those after it"
            )
        if count == len(draws.number):
            return
    content = {"identity": wanted, "draws": len(draws.number), "digest": _digest(draws.z)}
    write_text(path, json.dumps(content, indent=2, ensure_ascii=False) + "\n")


def identity_of(calibration: Calibration) -> dict[str, Any]:
    """Return what a run of a calibration depends on beside its draw; values of targets are no part of it."""
    reading = Path(__file__).with_name("measures.py").read_bytes().replace(b"\r\n", b"\n")
    aims = [*calibration.aims, *calibration.held_out]
    measured = {
        aim.name: {
            "case": aim.case,
            "measure": aim.ratio.measure.model_dump(mode="json"),
            "over": aim.ratio.over.model_dump(mode="json") if aim.ratio.over else None,
        }
        for aim in aims
    }
    return {
        **code_version(),
        "reading": hashlib.sha256(reading).hexdigest(),
        "cases": {
            case.name: {"digest": case.spec.digest, "seed": case.spec.scenario.seed} for case in calibration.cases
        },
        "parameters": {one.name: [entry.path for entry in one.inputs] for one in calibration.families},
        "measured": measured,
    }
