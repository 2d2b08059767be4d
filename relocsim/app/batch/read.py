"""What is read off a batch: the points and replicates that are chosen, and one figure of each of their runs.

Filters go down to the files, of which only the columns that are needed are read: a batch of a hundred thousand runs costs
megabytes. Refuses to summarise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np
import pandas as pd

from relocsim.batch.parts import CELLS, KEYS, part_paths
from relocsim.batch.plan import Level
from relocsim.batch.stored import StoredBatch

MOST_LEVELS = 24
"""Levels of a factor that are chosen one by one; of more a range is chosen."""
MOST_NAMED = 2_000
"""Points that are named to the reader of files; of more all are read and the others passed over."""


@dataclass(frozen=True)
class Chosen:
    """Points by levels of factors, and replicates."""

    levels: Mapping[str, tuple[Level, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """Levels that are kept, by factor; of a factor that is not named all are."""
    ranges: Mapping[str, tuple[float, float]] = field(default_factory=lambda: MappingProxyType({}))
    """Low and high end of what is kept, by factor."""
    replicates: tuple[int, int] | None = None
    """First and last replicate; none: all."""

    def at(self, **levels: Level) -> Chosen:
        """Return the same with one level of some factors."""
        return self.with_levels({name: (level,) for name, level in levels.items()})

    def with_levels(self, levels: Mapping[str, tuple[Level, ...]]) -> Chosen:
        """Return the same with other levels of some factors; none of them: all."""
        held = {name: tuple(kept) for name, kept in {**self.levels, **levels}.items() if kept}
        ranges = {name: ends for name, ends in self.ranges.items() if name not in levels}
        return replace(self, levels=held, ranges=ranges)

    def of(self, name: str) -> object:
        """Return what is chosen of a factor, to be compared with another choice."""
        return (frozenset(self.levels.get(name, ())), self.ranges.get(name))


@dataclass(frozen=True)
class Measure:
    """A figure of a run: an observable, or a flow or column at a place in a period."""

    name: str
    place: str = ""
    period: str = ""


def levels_in(batch: StoredBatch, factor: str) -> list[Level]:
    """Return the levels of a factor that are in the batch, sorted."""
    found: list[Level] = sorted(batch.points[factor].unique().tolist())
    return found


def is_ranged(batch: StoredBatch, factor: str) -> bool:
    """Whether a factor has more values than are chosen one by one."""
    column = batch.points[factor]
    return column.nunique() > MOST_LEVELS and column.dtype != bool and pd.api.types.is_numeric_dtype(column)


def chosen_points(batch: StoredBatch, chosen: Chosen) -> np.ndarray:
    """Return which points are chosen, (P,), bool."""
    kept = np.ones(len(batch.points), dtype=bool)
    for name, levels in chosen.levels.items():
        if levels:
            kept &= batch.points[name].isin(list(levels)).to_numpy()
    for name, (low, high) in chosen.ranges.items():
        kept &= batch.points[name].between(low, high).to_numpy()
    return kept


def measures_of(batch: StoredBatch) -> tuple[list[str], list[str]]:
    """Return the names of observables, and those of flows and columns by place."""
    return batch.observables, batch.measures


def unit_of(batch: StoredBatch, name: str) -> str:
    """Return the unit of an observable, flow or column; none where the batch does not say."""
    return str(batch.manifest.layout["units"].get(name, ""))


def replicates_in(batch: StoredBatch) -> int:
    """Return how many replicates the batch may have."""
    return max(extent.replicates for extent in batch.manifest.extents)


def _among(batch: StoredBatch, chosen: Chosen) -> list[int] | None:
    """Return the points to be named to the reader of files; none: all, or too many to be named."""
    kept = chosen_points(batch, chosen)
    return None if kept.all() or kept.sum() > MOST_NAMED else np.flatnonzero(kept).tolist()


def chosen_runs(batch: StoredBatch, chosen: Chosen, *columns: str) -> pd.DataFrame:
    """Return run, point, replicate and some columns of the chosen runs that are in a part, by number."""
    names = ["point", "replicate", *columns]
    runs = batch.run_columns(names, points=_among(batch, chosen), replicates=chosen.replicates)
    kept = chosen_points(batch, chosen)
    return runs if kept.all() else runs[kept[runs["point"].to_numpy(dtype=np.int64)]].reset_index(drop=True)


def values(batch: StoredBatch, measure: Measure, chosen: Chosen) -> np.ndarray:
    """Return a figure by replicate and point, (R, P); nan where a run is not chosen, missing or failed."""
    if measure.place:
        return cell_values(batch, measure, chosen, [measure.period])[0]
    runs = chosen_runs(batch, chosen, measure.name)
    out = np.full((replicates_in(batch), len(batch.points)), np.nan)
    out[runs["replicate"].to_numpy(dtype=np.int64), runs["point"].to_numpy(dtype=np.int64)] = runs[measure.name]
    return out


def cell_values(batch: StoredBatch, measure: Measure, chosen: Chosen, periods: list[str]) -> np.ndarray:
    """Return a figure of a place by period, replicate and point, (T, R, P)."""
    out = np.full((len(periods), replicates_in(batch), len(batch.points)), np.nan)
    kept, (first, last) = chosen_points(batch, chosen), chosen.replicates or (0, out.shape[1])
    at = {period: index for index, period in enumerate(periods)}
    for piece in batch.cell_batches(places=[measure.place], periods=periods, measures=[measure.name]):
        run = piece["run"].to_numpy()
        point, replicate = batch.ledger.point[run], batch.ledger.replicate[run]
        when = np.array([at[one] for one in piece["period"].to_pylist()], dtype=np.int64)
        wanted = kept[point] & (replicate >= first) & (replicate <= last)
        read = piece[measure.name].to_numpy(zero_copy_only=False).astype(np.float64)
        out[when[wanted], replicate[wanted], point[wanted]] = read[wanted]
    return out


def run_page(
    batch: StoredBatch, chosen: Chosen, *, sort: str = "run", descending: bool = False, first: int = 0, count: int = 50
) -> tuple[int, pd.DataFrame]:
    """Return how many runs are chosen, and some of them in order: keys, factors, observables.

    All that is read of the others is the column that they are sorted by.
    """
    of_runs = sort in (*KEYS, *batch.observables)
    order = chosen_runs(batch, chosen, *([sort] if of_runs and sort not in ("run", "point", "replicate") else []))
    if not of_runs:
        order[sort] = batch.points[sort].to_numpy()[order["point"].to_numpy(dtype=np.int64)]
    order = order.sort_values([sort, "run"], ascending=[not descending, True], kind="stable", ignore_index=True)
    numbers = order["run"].iloc[first : first + count].tolist()
    page = runs_numbered(batch, numbers)
    return len(order), page.set_index("run").loc[numbers].reset_index()


def runs_numbered(batch: StoredBatch, numbers: list[int] | None) -> pd.DataFrame:
    """Return runs by number: keys, factors, observables, as `relocsim results --table runs` has them."""
    runs = batch.run_columns([*KEYS, *batch.observables], numbers=numbers)
    factors = batch.points.drop(columns="point").iloc[runs["point"].to_numpy(dtype=np.int64)].reset_index(drop=True)
    return pd.concat([runs[list(KEYS)], factors, runs[batch.observables]], axis=1)


def last_period(batch: StoredBatch) -> str:
    """Return the last period of which flows and columns are kept; none where there are none."""
    periods = batch.manifest.layout["periods"]
    return str(periods[-1]) if periods else ""


def has_cells(batch: StoredBatch) -> bool:
    """Whether flows or columns of places can be read."""
    return bool(batch.measures) and bool(part_paths(batch.folder, CELLS))
