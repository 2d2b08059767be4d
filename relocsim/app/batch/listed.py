"""Which table of a batch is asked for, and the rows of it. Refuses to build a page."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from relocsim.app.batch.figures import places_table, points_table
from relocsim.app.batch.read import Chosen, Measure, chosen_runs, run_page, runs_numbered
from relocsim.batch.stored import StoredBatch

RUNS, POINTS, PLACES = "runs", "points", "places"
ESTIMATE = ("mean", "low", "high", "coverage", "simulation_error", "replicates", "positive")
"""Columns of a figure over replicates."""


@dataclass(frozen=True)
class Listed:
    """A table, what of the batch is in it, and its order."""

    kind: str
    chosen: Chosen
    measure: Measure | None = None
    """Of points."""
    places: tuple[str, ...] = ()
    """Of places; none: all."""
    periods: tuple[str, ...] = ()
    sort: str = ""
    descending: bool = False


def page_of(batch: StoredBatch, asked: Listed, first: int, count: int) -> tuple[int, pd.DataFrame]:
    """Return how many rows a table has, and some of them; of runs only these are read whole."""
    if asked.kind == RUNS:
        return run_page(
            batch, asked.chosen, sort=asked.sort or "run", descending=asked.descending, first=first, count=count
        )
    table = whole_table(batch, asked)
    return len(table), table.iloc[first : first + count]


def whole_table(batch: StoredBatch, asked: Listed) -> pd.DataFrame:
    """Return a table whole, in its order."""
    table = _table(batch, asked)
    if asked.sort in table:
        table = table.sort_values(asked.sort, ascending=not asked.descending, kind="stable", ignore_index=True)
    return table


def _table(batch: StoredBatch, asked: Listed) -> pd.DataFrame:
    if asked.kind == RUNS:  # as `relocsim results --table runs` has them
        return runs_numbered(batch, chosen_runs(batch, asked.chosen)["run"].tolist())
    if asked.kind == PLACES:
        return places_table(batch, asked.places, asked.periods, asked.chosen)
    return pd.DataFrame() if asked.measure is None else points_table(batch, asked.measure, asked.chosen)
