"""The store: one writer that keeps every finished run, and parts that come out the same however it was interrupted.

A finished run goes to the journal at once. When all runs of a part are there the part is written and the journal lets go of
them. Memory holds the runs of open parts and nothing else. This module refuses to know plans.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType

import numpy as np
import pyarrow.parquet as pq

from relocsim.batch.bundles import Failure, Finished
from relocsim.batch.journal import Journal
from relocsim.batch.ledger import Ledger
from relocsim.batch.parts import CELLS, FAILED, RUNS, Entry, part_path, part_paths, read_part, write_part
from relocsim.batch.recording import Reader, Reading
from relocsim.spec.assigning import Values

JOURNAL = "journal"


class Store(AbstractContextManager["Store"]):
    """Finished runs of a batch in its folder."""

    def __init__(
        self, folder: Path, ledger: Ledger, reader: Reader, *, seed: int, size: int, digests: Sequence[str],
        values: Sequence[Values],
    ) -> None:  # fmt: skip
        self._folder, self._ledger, self._reader = folder, ledger, reader
        self._seed, self._size = seed, size
        self._digests, self._values = digests, values
        self._open: dict[int, dict[int, Finished]] = {}
        """Runs that are in no part yet, by part and number."""
        self.finished, self.failed = np.zeros(len(ledger), dtype=bool), np.zeros(len(ledger), dtype=bool)
        _drop_half_written(folder)
        for run, failed in stored_runs(folder):
            self.finished[run], self.failed[run] = True, failed
        for one in Journal.read(folder / JOURNAL, reader.shape):
            self._take(one)
        self._journal = Journal(folder / JOURNAL, reader.shape)
        self._journal.keep(self._held())

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._journal.close()
        if not self._held():
            (self._folder / JOURNAL).unlink(missing_ok=True)

    def forget_failures(self) -> None:
        """Count runs that failed as not yet played; their rows stay until they have been."""
        self.finished[self.failed] = False
        self.failed[:] = False
        for runs in self._open.values():
            for run in [run for run, one in runs.items() if isinstance(one.outcome, Failure)]:
                del runs[run]
        self._journal.keep(self._held())

    def add(self, finished: Iterable[Finished]) -> None:
        """Keep finished runs; parts that they complete are written."""
        touched = set()
        for one in finished:
            self._journal.add(one)
            touched.add(self._take(one))
        for part in sorted(touched):
            if self.finished[self._span(part)].all():
                self._write(part)

    def observable(self, name: str) -> np.ndarray:
        """Return an observable of every run, nan where it is not finished or failed, (runs,)."""
        values = np.full(len(self._ledger), np.nan)
        for path in part_paths(self._folder, RUNS):
            table = pq.read_table(path, columns=["run", name])
            values[table["run"].to_numpy()] = table[name].to_numpy()
        at = self._reader.observables.index(name)
        for one in self._held():
            values[one.run] = one.outcome.values[at] if isinstance(one.outcome, Reading) else np.nan
        return values

    def finish(self) -> None:
        """Write the parts that are open, whole or not."""
        for part in sorted(self._open):
            if self._open[part]:
                self._write(part)

    def _take(self, one: Finished) -> int:
        part = one.run // self._size
        self._open.setdefault(part, {})[one.run] = one
        self.finished[one.run], self.failed[one.run] = True, isinstance(one.outcome, Failure)
        return part

    def _span(self, part: int) -> slice:
        return slice(part * self._size, (part + 1) * self._size)

    def _held(self) -> list[Finished]:
        return [one for part in sorted(self._open) for _, one in sorted(self._open[part].items())]

    def _write(self, part: int) -> None:
        there = part_path(self._folder, RUNS, part).exists()
        runs = read_part(self._folder, part, self._reader) if there else {}
        runs |= self._open[part]
        write_part(self._folder, part, [self._entry(runs[run]) for run in sorted(runs)], self._reader, self._seed)
        del self._open[part]
        self._journal.keep(self._held())

    def _entry(self, one: Finished) -> Entry:
        point, replicate = int(self._ledger.point[one.run]), int(self._ledger.replicate[one.run])
        return Entry(one, point, replicate, self._digests[point], self._values[point])


def stored_runs(folder: Path) -> Iterable[tuple[np.ndarray, np.ndarray]]:
    """Yield the numbers of the runs of each part, and which of them failed."""
    for path in part_paths(folder, RUNS):
        table = pq.read_table(path, columns=["run", "status"])
        yield table["run"].to_numpy(), np.array(table["status"].to_pylist()) == FAILED


def _drop_half_written(folder: Path) -> None:
    """Remove what an ended process had not finished writing."""
    for path in [*folder.glob("*.new"), *(folder / RUNS).glob("*.new"), *(folder / CELLS).glob("*.new")]:
        path.unlink()
