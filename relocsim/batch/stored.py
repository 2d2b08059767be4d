"""What a batch left in its folder, as tables; nothing needs the scenario or the plan's file any more.

Runs are a data frame; cells, of which there may be hundreds of millions, are a pyarrow dataset that is read in pieces. This
module refuses to write into the folder.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from relocsim.batch.bundles import Failure, Finished
from relocsim.batch.folder import POINTS, BatchError, Manifest, read_manifest
from relocsim.batch.journal import Journal
from relocsim.batch.ledger import Ledger, ledger_of
from relocsim.batch.pairs import effect_by_replicate, half_width, last_level
from relocsim.batch.parts import CELLS, FAILED, KEYS, RUNS, TOLD, part_paths
from relocsim.batch.plan import Plan
from relocsim.batch.recording import Reading
from relocsim.batch.store import JOURNAL


@dataclass(frozen=True)
class Failed:
    """A run that failed."""

    run: int
    point: int
    replicate: int
    error: str
    traceback: str


class StoredBatch:
    """The tables of a batch."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        self.manifest: Manifest = read_manifest(self.folder)

    def __repr__(self) -> str:
        return f"StoredBatch({str(self.folder)!r}, {len(self.ledger)} runs)"

    @cached_property
    def plan(self) -> Plan:
        """The plan as played."""
        return Plan.model_validate(self.manifest.plan)

    @cached_property
    def ledger(self) -> Ledger:
        """Point and replicate of every run, those that a precision made needless included."""
        return ledger_of(self.manifest.extents)

    @property
    def observables(self) -> list[str]:
        """Names of the recorded observables."""
        return list(self.manifest.layout["observables"])

    @property
    def measures(self) -> list[str]:
        """Names of the recorded flows and columns."""
        return list(self.manifest.layout["measures"])

    @cached_property
    def design(self) -> pd.DataFrame:
        """One row a row of the design: its point, digest, settings, and a column a factor."""
        return pq.read_table(self.folder / POINTS).to_pandas()

    @cached_property
    def points(self) -> pd.DataFrame:
        """One row a point: a column a factor."""
        factors = self.design.drop(columns=["digest", "settings"])
        return factors.drop_duplicates("point").sort_values("point", ignore_index=True)

    @cached_property
    def runs(self) -> pd.DataFrame:
        """One row a run that is in a part: keys, status, factors, observables (nan where it failed)."""
        names = [*KEYS, *self.observables]
        parts = [pq.read_table(path, columns=names) for path in part_paths(self.folder, RUNS)]
        if not parts:
            return pd.DataFrame(columns=[*KEYS, *self.plan.factors, *self.observables])
        table = pa.concat_tables(parts).to_pandas().sort_values("run", ignore_index=True)
        factors = self.points.set_index("point").loc[table["point"]].reset_index(drop=True)
        return pd.concat([table[list(KEYS)], factors, table[self.observables]], axis=1)

    def run_columns(
        self,
        columns: Sequence[str],
        *,
        points: Collection[int] | None = None,
        replicates: tuple[int, int] | None = None,
        numbers: Collection[int] | None = None,
    ) -> pd.DataFrame:
        """Return some columns of the runs that are in a part, by number; what is not asked for is passed over on reading.

        `replicates` are the first and the last; none named: all points, replicates, numbers.
        """
        paths = [str(path) for path in part_paths(self.folder, RUNS)]
        names = list(dict.fromkeys(["run", *columns]))
        if not paths:
            return pd.DataFrame({name: pd.Series(dtype="int64" if name in KEYS[:3] else "object") for name in names})
        wanted = None
        for column, held in (("point", points), ("run", numbers)):
            if held is not None:
                wanted = _both(wanted, pc.field(column).isin(pa.array(sorted(held), pa.int64())))
        if replicates is not None:
            among = (pc.field("replicate") >= replicates[0]) & (pc.field("replicate") <= replicates[1])
            wanted = _both(wanted, among)
        table = ds.dataset(paths, format="parquet").to_table(columns=names, filter=wanted)
        return table.to_pandas().sort_values("run", ignore_index=True)

    @cached_property
    def failures(self) -> pd.DataFrame:
        """One row a run in a part that failed: error, traceback, and what it set."""
        parts = [
            pq.read_table(path, columns=[*KEYS, *TOLD], filters=[("status", "=", FAILED)])
            for path in part_paths(self.folder, RUNS)
        ]
        if not parts:
            return pd.DataFrame(columns=[*KEYS, *TOLD])
        return pa.concat_tables(parts).to_pandas().sort_values("run", ignore_index=True)

    @property
    def cells(self) -> ds.FileSystemDataset:
        """All cells, unread: run, place, period and a column a measure, sorted by place within each part."""
        return self._cells(coded=False)

    def _cells(self, *, coded: bool) -> ds.FileSystemDataset:
        """Return the cells; with names as codes, which reads all of them faster, but cannot pass over places."""
        paths = [str(path) for path in part_paths(self.folder, CELLS)]
        if not paths:
            raise BatchError(
                f"{self.folder} holds no cells: the plan records no flows and no columns, or no part is whole"
            )
        options = ds.ParquetReadOptions(dictionary_columns={"place", "period"} if coded else set())
        return ds.dataset(paths, format=ds.ParquetFileFormat(read_options=options))

    def cell_batches(
        self, *, places: Collection[str] = (), periods: Collection[str] = (), measures: Sequence[str] = (),
        runs: Collection[int] | None = None,
    ) -> Iterator[pa.RecordBatch]:  # fmt: skip
        """Yield the cells of some places, periods (none named: all) and runs, a piece at a time."""
        self._require("place", places, self.manifest.layout["places"])
        self._require("period", periods, self.manifest.layout["periods"])
        self._require("measure", measures, self.measures)
        wanted = None
        for column, names in (("place", places), ("period", periods)):
            if names:
                one = pc.field(column).isin(pa.array(list(names), pa.string()))
                wanted = _both(wanted, one)
        if runs is not None:
            wanted = _both(wanted, pc.field("run").isin(pa.array(list(runs), pa.int32())))
        columns = ["run", "place", "period", *(measures or self.measures)]
        for part in self._cells(coded=wanted is None).get_fragments():  # one at a time: a scan of all reads far ahead
            yield from part.to_batches(columns=columns, filter=wanted, batch_readahead=1)

    def cell_table(
        self, *, places: Collection[str] = (), periods: Collection[str] = (), measures: Sequence[str] = ()
    ) -> pd.DataFrame:
        """Return the cells of some places and periods as a data frame with point, replicate and factors."""
        batches = list(self.cell_batches(places=places, periods=periods, measures=measures))
        table = pa.Table.from_batches(batches).to_pandas().sort_values(["run", "place", "period"], ignore_index=True)
        run = table["run"].to_numpy()
        point = self.ledger.point[run]
        factors = self.points.set_index("point").loc[point].reset_index(drop=True)
        keys = pd.DataFrame({"run": run, "point": point, "replicate": self.ledger.replicate[run]})
        return pd.concat([keys, factors, table.drop(columns="run")], axis=1)

    def _require(self, what: str, names: Collection[str], known: Collection[str]) -> None:
        wrong = sorted(set(names) - set(known))
        if wrong:
            raise BatchError(f"the batch has no {what} {wrong[0]!r}; it has {', '.join(known)}")

    def held(self) -> list[Finished]:
        """Return the finished runs that are in no part yet."""
        layout = self.manifest.layout
        shape = (len(layout["measures"]), len(layout["periods"]), len(layout["places"]))
        return list(Journal.read(self.folder / JOURNAL, shape))


def _both(wanted: pc.Expression | None, one: pc.Expression) -> pc.Expression:
    return one if wanted is None else wanted & one


@dataclass(frozen=True)
class Status:
    """How far a batch is."""

    total: int
    """Runs that are wanted, by what is known now."""
    finished: int
    """Runs that are stored, failed ones included."""
    failed: tuple[Failed, ...]
    """Runs that failed."""
    complete: bool
    """Whether nothing was left to play when it was last worked on."""
    replicates: int
    """Replicates that are wanted, by what is known now."""
    half_width: float | None
    """Half-width of the effect over the replicates that are complete at all points, where they run to a precision."""


def status_of(batch: StoredBatch) -> Status:
    """Return how far a batch is, whether or not somebody is working on it."""
    ledger, held = batch.ledger, batch.held()
    finished, failed = np.zeros(len(ledger), dtype=bool), {}
    finished[batch.run_columns(["run"])["run"].to_numpy(dtype=np.int64)] = True
    for row in batch.failures.itertuples():
        failed[row.run] = Failed(row.run, row.point, row.replicate, row.error, row.traceback)
    for one in held:
        finished[one.run] = True
        failed.pop(one.run, None)
        if isinstance(one.outcome, Failure):
            at = int(ledger.point[one.run]), int(ledger.replicate[one.run])
            failed[one.run] = Failed(one.run, *at, one.outcome.error, one.outcome.traceback)
    replicates, width = batch.plan.most, None
    if not isinstance(batch.plan.replicates, int):
        complete = _complete_replicates(ledger, finished)
        width = _half_width(batch, held, complete)
        replicates = complete if batch.manifest.complete else batch.plan.most
    total = int((ledger.replicate < replicates).sum())
    rows = tuple(failed[run] for run in sorted(failed))
    return Status(total, int(finished.sum()), rows, batch.manifest.complete, replicates, width)


def _complete_replicates(ledger: Ledger, finished: np.ndarray) -> int:
    """Return how many replicates, from the first on, are finished at all points."""
    missing = ledger.replicate[~finished]
    return int(missing.min()) if len(missing) else int(ledger.replicate.max()) + 1


def _half_width(batch: StoredBatch, held: Sequence[Finished], replicates: int) -> float | None:
    """Return the half-width of the effect that the replicates run for, over the first replicates."""
    from relocsim.batch.summaries import lever_pairs, stored_levels

    until = batch.plan.replicates.until  # type: ignore[union-attr]
    values = np.full((replicates, len(batch.points)), np.nan)
    rows = batch.run_columns(["point", "replicate", until.on], replicates=(0, replicates - 1))
    values[rows["replicate"], rows["point"]] = rows[until.on]
    at = batch.observables.index(until.on)
    for one in held:
        replicate = batch.ledger.replicate[one.run]
        if replicate < replicates and isinstance(one.outcome, Reading):
            values[replicate, batch.ledger.point[one.run]] = one.outcome.values[at]
    pairs, levels = lever_pairs(batch, until.effect), stored_levels(batch, until.effect)
    width = half_width(effect_by_replicate(pairs, values, last_level(pairs, levels)))
    return width if np.isfinite(width) else None
