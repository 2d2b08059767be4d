"""Screens of batches: how far one is, and its tables. Refuses to compute."""

from __future__ import annotations

import pandas as pd
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from relocsim.batch.plan import Replicates
from relocsim.batch.stored import Status, StoredBatch

_MOST_FAILURES, _MOST_ROWS = 10, 60
"""Rows that a screen shows."""


def status_screen(batch: StoredBatch, status: Status) -> Group:
    """Return the state of a batch: runs, precision, failures."""
    about = batch.manifest.about
    lines: list[RenderableType] = [Text(f"{about['name']}: {about['question'] or 'a batch'}")]
    state = "complete" if status.complete else "not complete: start the batch again to go on"
    points = batch.manifest.extents[-1].points
    lines.append(
        Text(f"{status.finished} of {status.total} runs ({points} points, {status.replicates} replicates), {state}")
    )
    if isinstance(batch.plan.replicates, Replicates):
        until = batch.plan.replicates.until
        known = "not known yet" if status.half_width is None else f"{status.half_width:.3g}"
        lines.append(
            Text(f"half-width of the effect of {until.effect} on {until.on}: {known}, wanted {until.half_width:g}")
        )
    if status.failed:
        lines += [Text(f"{len(status.failed)} failed (--retry-failed plays them again)"), _failures(status)]
    return Group(*lines)


def _failures(status: Status) -> Table:
    table = Table("run", "point", "replicate", "error", "where")
    for one in status.failed[:_MOST_FAILURES]:
        where = one.traceback.splitlines()[-1] if one.traceback else ""
        table.add_row(str(one.run), str(one.point), str(one.replicate), one.error, where)
    return table


def table_screen(frame: pd.DataFrame, name: str) -> Group:
    """Return the first rows of a table."""
    if frame.empty:
        return Group(Text(f"{name}: no rows"))
    table = Table(*map(str, frame.columns))
    for row in frame.head(_MOST_ROWS).itertuples(index=False):
        table.add_row(*(_cell(value) for value in row))
    left = len(frame) - _MOST_ROWS
    return Group(table, *([Text(f"and {left} more rows: --out FILE writes all")] if left > 0 else []))


def _cell(value: object) -> str:
    return f"{value:.5g}" if isinstance(value, float) else str(value)
