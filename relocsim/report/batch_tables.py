"""Tables of a batch by name, and as files. Cells go to a file a piece at a time. Refuses to print."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from relocsim.batch.folder import BatchError
from relocsim.batch.indices import indices
from relocsim.batch.stored import StoredBatch
from relocsim.batch.summaries import cell_summary, effects, summary
from relocsim.spec.words import near

TABLES: dict[str, Callable[[StoredBatch], pd.DataFrame]] = {
    "effects": effects,
    "summary": summary,
    "runs": lambda batch: batch.runs,
    "points": lambda batch: batch.points,
    "failures": lambda batch: batch.failures,
}
"""Tables that fit into memory."""
CELLS, CELL_SUMMARY, INDICES = "cells", "cell-summary", "indices"
_SUFFIXES = (".csv", ".parquet")


def batch_table(
    batch: StoredBatch,
    table: str,
    *,
    places: Collection[str] = (),
    periods: Collection[str] = (),
    by: Sequence[str] = (),
    on: Sequence[str] = (),
) -> pd.DataFrame:
    """Return a table of a batch as a data frame; BatchError where there is none of that name."""
    known = (*TABLES, INDICES, CELLS, CELL_SUMMARY)
    if table not in known:
        meant = near(table, known)
        raise BatchError(f"there is no table {table!r} ({meant or 'tables are ' + ', '.join(known)})")
    _require_keys(by)
    if table == INDICES:
        return indices(batch, on=on)
    if table == CELLS:
        return batch.cell_table(places=places, periods=periods)
    if table == CELL_SUMMARY:
        return cell_summary(batch, by=by or ("place", "period"), places=places, periods=periods)
    return TABLES[table](batch)


def _require_keys(by: Sequence[str]) -> None:
    known = ("run", "point", "replicate", "place", "period")
    wrong = [key for key in by if key not in known]
    if wrong:
        raise BatchError(f"cells have no key {wrong[0]!r}; keys are {', '.join(known)}")


def write_batch_table(
    batch: StoredBatch, table: str, path: Path, *, places: Collection[str] = (), periods: Collection[str] = (),
    by: Sequence[str] = (), on: Sequence[str] = (),
) -> None:  # fmt: skip
    """Write a table of a batch as CSV or Parquet, by the name of the file; it is there whole or not at all."""
    if path.suffix not in _SUFFIXES:
        raise BatchError(f"{path} should end with one of {', '.join(_SUFFIXES)}")
    fresh = path.with_name(f"{path.name}.new")
    try:
        if table == CELLS:
            _write_cells(batch, fresh, path.suffix, places, periods)
        else:
            _write_frame(batch_table(batch, table, places=places, periods=periods, by=by, on=on), fresh, path.suffix)
        fresh.replace(path)
    except OSError as error:
        raise BatchError(f"{path} cannot be written: {error.strerror or error}") from None
    finally:
        fresh.unlink(missing_ok=True)


def _write_frame(frame: pd.DataFrame, path: Path, suffix: str) -> None:
    if suffix == ".csv":
        frame.to_csv(path, index=False, lineterminator="\n")
    else:
        frame.to_parquet(path, index=False, engine="pyarrow")


def _write_cells(
    batch: StoredBatch, path: Path, suffix: str, places: Collection[str], periods: Collection[str]
) -> None:
    """Write cells with point and replicate, a piece at a time."""
    writer: Any = None
    try:
        for piece in batch.cell_batches(places=places, periods=periods):
            table = _with_keys(batch, piece)
            if writer is None:
                writer = (
                    pacsv.CSVWriter(path, table.schema) if suffix == ".csv" else pq.ParquetWriter(path, table.schema)
                )
            writer.write_table(table)
    finally:
        if writer is not None:
            writer.close()


def _with_keys(batch: StoredBatch, piece: pa.RecordBatch) -> pa.Table:
    run = piece["run"].to_numpy()
    columns = {
        "run": piece["run"],
        "point": pa.array(batch.ledger.point[run]),
        "replicate": pa.array(batch.ledger.replicate[run]),
    }
    columns |= {name: piece[name].cast(pa.string()) for name in ("place", "period")}
    return pa.table({**columns, **{name: piece[name] for name in batch.measures}})
