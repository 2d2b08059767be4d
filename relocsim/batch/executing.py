"""A plan is played: what is stored already is left alone, what is new is played and stored, and the folder says what it is.

This module refuses to print; who wants to see progress gives a function that is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

import numpy as np

from relocsim.batch.bundles import BUNDLE, Bench, Bundle, Packed
from relocsim.batch.crew import play_all
from relocsim.batch.folder import MANIFEST, locked, sums, write_text
from relocsim.batch.ledger import Ledger, ledger_of
from relocsim.batch.opening import Opened, known_rows, opened
from relocsim.batch.planning import PlannedBatch, load_plan
from relocsim.batch.points import Points, members_of, points_of, targets_of
from relocsim.batch.precision import Rounds, rounds_of
from relocsim.batch.recording import Reader, reader_of
from relocsim.batch.store import Store
from relocsim.spec.assigning import Values
from relocsim.spec.grouping import Groups


@dataclass(frozen=True)
class Progress:
    """How far a batch is."""

    total: int
    """Runs, as far as is known."""
    finished: int
    """Runs that are stored, failed ones included."""
    failed: int
    """Runs that failed."""
    half_width: float | None = None
    """Half-width of the effect at the last look, where replicates run to a precision."""


Tick = Callable[[Progress], None]


def run_batch(
    plan: str | Path | PlannedBatch, out: str | Path, *, jobs: int = 1, executor: Executor | None = None,
    retry_failed: bool = False, tick: Tick | None = None,
) -> Path:  # fmt: skip
    """Play a plan into a folder, or what is left of it, and return the folder.

    Parameters
    ----------
    plan
        A plan's file, or what was loaded from one.
    out
        The folder. It may hold the same batch, unfinished or finished, or one that this plan extends.
    jobs
        Processes; the bytes of the results do not depend on it.
    executor
        Any executor, in place of processes of this machine.
    retry_failed
        Play again what failed.
    tick
        Told the progress whenever runs are stored.

    Raises
    ------
    SpecError, BatchError, OutputExistsError
        Where the plan is unsound, or the folder holds something else.
    """
    planned = plan if isinstance(plan, PlannedBatch) else load_plan(plan)
    folder = Path(out)
    with locked(folder):
        points = points_of(planned.plan, planned.spec, known=known_rows(folder, planned))
        at_work = _AtWork(folder, planned, points, opened(folder, planned, points))
        with at_work.store as store:
            if retry_failed:
                store.forget_failures()
            at_work.play(jobs=jobs, executor=executor, tick=tick)
    return folder


class _AtWork:
    """A batch that is being played."""

    def __init__(self, folder: Path, planned: PlannedBatch, points: Points, found: Opened) -> None:
        self._folder, self._manifest = folder, found.manifest
        self._ledger: Ledger = ledger_of(found.manifest.extents)
        self._rounds: Rounds | None = rounds_of(planned.plan, points, found.numbers)
        self._replicates = planned.plan.most
        reader = reader_of(planned.plan.record, planned.spec)
        digests = sorted(found.numbers, key=lambda digest: found.numbers[digest])
        by_digest = dict(zip(points.digests, points.values, strict=True))
        self._values: list[Values] = [by_digest[digest] for digest in digests]
        self.store = Store(
            folder, self._ledger, reader, seed=planned.spec.scenario.seed, size=found.manifest.part_size,
            digests=digests, values=self._values,
        )  # fmt: skip
        self._bench = _packed(planned, reader)

    def play(self, *, jobs: int, executor: Executor | None, tick: Tick | None) -> None:
        """Play what is left, round by round, and close the folder when nothing is."""
        target, half_width = self._target()
        if self._manifest.complete and not self._left(target).size:
            return
        unfinished = replace(self._manifest, complete=False, files=None)
        write_text(self._folder / MANIFEST, unfinished.text())
        while (left := self._left(target)).size:
            for finished in play_all(self._bundles(left, jobs), jobs=jobs, executor=executor):
                self.store.add(finished)
                if tick:
                    tick(self._progress(target, half_width))
            target, half_width = self._target()
        self.store.finish()
        done = replace(self._manifest, complete=True, files=sums(self._folder))
        write_text(self._folder / MANIFEST, done.text())

    def _target(self) -> tuple[int, float | None]:
        """Return how many replicates are wanted by what is known now, and the half-width that says so."""
        if self._rounds is None:
            return self._replicates, None
        return self._rounds.replicates(self._observed)

    def _observed(self, replicates: int) -> np.ndarray | None:
        """Return the watched observable of the first replicates, (R, points); none where one is not finished."""
        rows = self._ledger.replicate < replicates
        if self._rounds is None or not self.store.finished[rows].all():
            return None
        table = np.full((replicates, len(self._values)), np.nan)
        values = self.store.observable(self._rounds.terms.until.on)
        table[self._ledger.replicate[rows], self._ledger.point[rows]] = values[rows]
        return table

    def _left(self, replicates: int) -> np.ndarray:
        """Return the runs of the first replicates that are to be played."""
        return np.flatnonzero((self._ledger.replicate < replicates) & ~self.store.finished)

    def _progress(self, replicates: int, half_width: float | None) -> Progress:
        rows = self._ledger.replicate < replicates
        finished, failed = int(self.store.finished[rows].sum()), int(self.store.failed[rows].sum())
        known = half_width if half_width is not None and np.isfinite(half_width) else None
        return Progress(int(rows.sum()), finished, failed, known)

    def _bundles(self, runs: np.ndarray, jobs: int) -> Iterator[Bundle]:
        """Yield the runs in bundles of one replicate each, none so large that a worker would be left without at the end."""
        most, left = min(BUNDLE, -(-len(runs) // (2 * jobs))), len(runs)
        replicate, point = self._ledger.replicate, self._ledger.point
        for number, group in groupby(runs.tolist(), key=lambda run: int(replicate[run])):
            members = list(group)
            while members:
                size = min(most, -(-left // jobs))
                chosen, members = tuple(members[:size]), members[size:]
                left -= len(chosen)
                yield Bundle(self._bench, number, chosen, tuple(self._values[point[run]] for run in chosen))


def _packed(planned: PlannedBatch, reader: Reader) -> Packed:
    factors = planned.plan.factors.values()
    paths = tuple(steps for factor in factors for steps in targets_of(factor, planned.spec))
    groups = Groups.of(members_of(planned.plan, planned.spec))
    return Packed.of(Bench(planned.spec, reader, planned.plan.inputs == "drawn", paths, groups))
