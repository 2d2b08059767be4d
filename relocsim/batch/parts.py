"""Parts: finished runs as Parquet, many to a file, the same bytes for the same runs.

`runs/part-N.parquet` has one row a run, `cells/part-N.parquet` one row a place, run and period, sorted by place, so that a
question about one city reads a part of each file. A file comes into place whole. This module refuses to know which
runs belong to a part.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from relocsim.batch.bundles import Failure, Finished
from relocsim.batch.recording import Reader, Reading
from relocsim.spec.assigning import Values
from relocsim.spec.nodes import dotted

RUNS, CELLS = "runs", "cells"
OK, FAILED = "ok", "failed"
KEYS = ("run", "point", "replicate", "seed", "digest", "status")
"""Columns of runs before the observables."""
TOLD = ("error", "traceback", "settings")
"""Columns of runs behind the observables, empty where all went well."""
_ROWS = 32_768
"""Rows of cells that are read at once: those of a place, or of several where they are fewer."""


@dataclass(frozen=True)
class Entry:
    """A run that goes into a part."""

    finished: Finished
    point: int
    replicate: int
    digest: str
    values: Values
    """What its point sets."""


def part_path(folder: Path, table: str, number: int) -> Path:
    """Return the file of one part of a table."""
    return folder / table / f"part-{number:06d}.parquet"


def part_paths(folder: Path, table: str) -> list[Path]:
    """Return the files of a table, in order."""
    return sorted((folder / table).glob("part-*.parquet"))


def write_part(folder: Path, number: int, entries: Sequence[Entry], reader: Reader, seed: int) -> None:
    """Write runs, in order, as a part; the table of runs last, which makes the part one that is there."""
    if reader.measures:
        a_place = max(1, len(entries) * len(reader.periods))
        rows = max(1, _ROWS // a_place) * a_place
        write_whole(
            part_path(folder, CELLS, number), _cells_table(entries, reader), row_group_size=rows,
            use_dictionary=["place", "run", "period"], compression="zstd",
        )  # fmt: skip
    runs = _runs_table(entries, reader, seed)
    texts = [field.name for field in runs.schema if field.type == pa.string()]
    write_whole(part_path(folder, RUNS, number), runs, use_dictionary=texts, compression="zstd")


def _runs_table(entries: Sequence[Entry], reader: Reader, seed: int) -> pa.Table:
    values = np.array([_values(entry.finished, len(reader.observables)) for entry in entries])
    failures = [entry.finished.outcome if isinstance(entry.finished.outcome, Failure) else None for entry in entries]
    columns: dict[str, pa.Array] = {
        "run": pa.array([entry.finished.run for entry in entries], pa.int64()),
        "point": pa.array([entry.point for entry in entries], pa.int32()),
        "replicate": pa.array([entry.replicate for entry in entries], pa.int32()),
        "seed": pa.array([seed] * len(entries), pa.int64()),
        "digest": pa.array([entry.digest for entry in entries], pa.string()),
        "status": pa.array([FAILED if failure else OK for failure in failures], pa.string()),
        **{name: pa.array(values[:, at], pa.float64()) for at, name in enumerate(reader.observables)},
        "error": pa.array([failure.error if failure else None for failure in failures], pa.string()),
        "traceback": pa.array([failure.traceback if failure else None for failure in failures], pa.string()),
        "settings": pa.array(
            [told(entry.values) if failure else None for entry, failure in zip(entries, failures, strict=True)],
            pa.string(),
        ),
    }
    return pa.table(columns)


def told(values: Values) -> str:
    """Return what a point sets as JSON, path by path."""
    return json.dumps({dotted(steps): value for steps, value in sorted(values.items())}, ensure_ascii=False)


def _values(finished: Finished, count: int) -> np.ndarray:
    return finished.outcome.values if isinstance(finished.outcome, Reading) else np.full(count, np.nan)


def _cells_table(entries: Sequence[Entry], reader: Reader) -> pa.Table:
    """Return one row a place, run and period."""
    read = [(entry.finished.run, entry.finished.outcome.cells) for entry in entries if _is_ok(entry)]  # type: ignore[union-attr]
    measures, periods, places = reader.shape
    cells = np.array([one for _, one in read], dtype=np.float32).reshape(len(read), measures, periods, places)
    by_place = np.moveaxis(cells, 3, 0)
    shape = (places, len(read), periods)
    runs = np.array([run for run, _ in read], dtype=np.int32)
    columns: dict[str, pa.Array] = {
        "run": pa.array(np.broadcast_to(runs[:, None], shape).ravel()),
        "place": _names(reader.places, np.arange(places)[:, None, None], shape),
        "period": _names(reader.periods, np.arange(periods), shape),
        **{name: pa.array(by_place[:, :, at].ravel()) for at, name in enumerate(reader.measures)},
    }
    return pa.table(columns)


def _is_ok(entry: Entry) -> bool:
    return isinstance(entry.finished.outcome, Reading)


def _names(names: Sequence[str], at: np.ndarray, shape: tuple[int, ...]) -> pa.Array:
    codes = pa.array(np.broadcast_to(at, shape).ravel().astype(np.int32))
    return pa.DictionaryArray.from_arrays(codes, pa.array(names, pa.string())).cast(pa.string())


def write_whole(path: Path, table: pa.Table, **options: object) -> None:
    """Write a Parquet file that is there whole or not at all; text repeats and is kept as codes, numbers are not."""
    path.parent.mkdir(exist_ok=True)
    fresh = path.with_name(f"{path.name}.new")
    pq.write_table(table, fresh, **options)
    with fresh.open("r+b") as file:
        os.fsync(file.fileno())
    fresh.replace(path)


def read_part(folder: Path, number: int, reader: Reader) -> dict[int, Finished]:
    """Return the runs of a part by number, as they were when they finished."""
    table = pq.read_table(part_path(folder, RUNS, number))
    cells = _read_cells(folder, number, reader, table)
    values = np.column_stack([table[name].to_numpy() for name in reader.observables] or [np.zeros((len(table), 0))])
    found: dict[int, Finished] = {}
    for at, (run, status) in enumerate(zip(table["run"].to_pylist(), table["status"].to_pylist(), strict=True)):
        if status == FAILED:
            failure = Failure(table["error"][at].as_py(), table["traceback"][at].as_py())
            found[run] = Finished(run, failure)
        else:
            found[run] = Finished(run, Reading(values[at], cells[run]))
    return found


def _read_cells(folder: Path, number: int, reader: Reader, runs: pa.Table) -> Mapping[int, np.ndarray]:
    """Return the cells of the runs of a part that went well, (M, periods, places) each."""
    numbers = [
        run for run, status in zip(runs["run"].to_pylist(), runs["status"].to_pylist(), strict=True) if status == OK
    ]
    measures, periods, places = reader.shape
    if not measures:
        return {run: np.zeros(reader.shape, dtype=np.float32) for run in numbers}
    table = pq.read_table(part_path(folder, CELLS, number), columns=["run", *reader.measures])
    there = table["run"].to_numpy().reshape(places, -1, periods)[0, :, 0]
    cube = np.stack([table[name].to_numpy() for name in reader.measures])
    cube = cube.reshape(measures, places, len(there), periods)
    return {int(run): np.moveaxis(cube[:, :, at], 1, 2) for at, run in enumerate(there)}
