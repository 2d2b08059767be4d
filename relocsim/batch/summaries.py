"""Summaries of a batch: observables by point, paired effects of levers, cells by any keys, without loading all of them.

This module refuses to draw and to print.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict

import numpy as np
import pandas as pd
import pyarrow as pa

from relocsim.batch.pairs import Pair, effect_by_replicate, pairs_of
from relocsim.batch.plan import SAMPLED, Level
from relocsim.batch.points import levels_of
from relocsim.batch.stored import StoredBatch
from relocsim.metrics.effects import estimate

_PIECES = 64
"""Partial sums that are held before they are added up."""


def summary(batch: StoredBatch) -> pd.DataFrame:
    """Return one row a point and observable: mean, interval and simulation error over replicates, with the factors."""
    runs = batch.runs
    rows = []
    for point, part in runs.groupby("point", sort=True):
        for name in batch.observables:
            rows.append({"point": point, "observable": name, **asdict(estimate(part[name].to_numpy()))})
    return batch.points.merge(pd.DataFrame(rows, columns=_SUMMARY), on="point")


_SUMMARY = ["point", "observable", "mean", "low", "high", "coverage", "simulation_error", "replicates", "positive"]


def effects(batch: StoredBatch) -> pd.DataFrame:
    """Return one row a lever, level and observable: the paired effect against the first level, all else alike.

    One figure a replicate and uncertain point, mean over the pairs of points with other levers alike; the interval is over
    both, the simulation error over replicates. Empty where no two points differ in one lever alone.
    """
    rows = []
    for lever in batch.plan.levers.factors if batch.plan.levers else ():
        pairs = lever_pairs(batch, lever)
        levels = [level for level in stored_levels(batch, lever) if any(pair.level == level for pair in pairs)]
        for level in levels or list(dict.fromkeys(pair.level for pair in pairs)):
            chosen = [pair for pair in pairs if pair.level == level]
            for name in batch.observables:
                unit = batch.manifest.layout["units"][name]
                key = {"lever": lever, "level": str(level), "observable": name, "unit": unit, "pairs": len(chosen)}
                rows.append({**key, **_estimate(_effect(batch, chosen, name))})
    return pd.DataFrame(rows, columns=["lever", "level", "observable", "unit", "pairs", *_SUMMARY[2:]])


def _estimate(effect: np.ndarray) -> dict[str, object]:
    """Return the estimate of an effect by context and replicate; contexts share luck, so that the error is of replicates."""
    over_all, over_replicates = estimate(effect.ravel()), estimate(effect.mean(axis=0))
    return {**asdict(over_all), "simulation_error": over_replicates.simulation_error}


def lever_pairs(batch: StoredBatch, lever: str) -> list[Pair]:
    """Return the pairs of points that differ in one lever alone; none where its design is a sampled one."""
    plan = batch.plan
    if plan.levers is None or plan.levers.design in SAMPLED:
        return []
    factors = batch.points.drop(columns="point")
    rows = factors.to_dict("records")
    known = plan.uncertainties.factors if plan.uncertainties else {}
    return pairs_of(lever, stored_levels(batch, lever), rows, batch.points["point"].tolist(), list(known))


def stored_levels(batch: StoredBatch, factor: str) -> list[Level]:
    """Return the levels of a factor as the table of points holds them: as text where they are of several kinds."""
    levels, column = levels_of(batch.plan.factors[factor]), batch.points[factor]
    if column.dtype == bool or pd.api.types.is_numeric_dtype(column):
        return list(levels)
    return [str(level).lower() if isinstance(level, bool) else str(level) for level in levels]


def _effect(batch: StoredBatch, pairs: Sequence[Pair], name: str) -> np.ndarray:
    """Return the effect by context and replicate, (contexts, R)."""
    values = by_replicate(batch, name)
    contexts: dict[tuple[object, ...], list[Pair]] = {}
    for pair in pairs:
        contexts.setdefault(pair.context, []).append(pair)
    found = [effect_by_replicate(part, values, part[0].level) for part in contexts.values()]
    return np.array(found)


def by_replicate(batch: StoredBatch, name: str) -> np.ndarray:
    """Return an observable by replicate and point, (R, points); nan where a run is missing or failed."""
    runs = batch.run_columns(["point", "replicate", name])
    values = np.full((int(runs["replicate"].max()) + 1 if len(runs) else 0, len(batch.points)), np.nan)
    values[runs["replicate"], runs["point"]] = runs[name]
    return values


def cell_summary(
    batch: StoredBatch, *, by: Sequence[str] = ("place", "period"), places: Collection[str] = (),
    periods: Collection[str] = (), measures: Sequence[str] = (), runs: Collection[int] | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Return count, mean and standard deviation of measures by any of run, point, replicate, place and period.

    Cells are read a piece at a time: memory holds the groups and one piece.
    """
    names = list(measures or batch.measures)
    pieces: list[pa.Table] = []
    for piece in batch.cell_batches(places=places, periods=periods, measures=names, runs=runs):
        pieces.append(_partial(batch, piece, list(by), names))
        if len(pieces) >= _PIECES:
            pieces = [_added(pieces, list(by), names)]
    if not pieces:
        return pd.DataFrame(columns=[*by, *(f"{name} {what}" for name in names for what in ("mean", "sd")), "count"])
    return _moments(_added(pieces, list(by), names).to_pandas(), list(by), names)


def _partial(batch: StoredBatch, piece: pa.RecordBatch, by: list[str], names: list[str]) -> pa.Table:
    """Return sums and sums of squares of one piece by group."""
    run = piece["run"].to_numpy()
    keys = {
        "run": piece["run"],
        "point": pa.array(batch.ledger.point[run]),
        "replicate": pa.array(batch.ledger.replicate[run]),
        "place": piece["place"].cast(pa.string()),
        "period": piece["period"].cast(pa.string()),
    }
    columns = {key: keys[key] for key in by} | {"count": pa.array(np.ones(len(run), dtype=np.int64))}
    for name in names:
        values = piece[name].to_numpy().astype(np.float64)
        columns |= {f"{name} sum": pa.array(values), f"{name} squares": pa.array(values**2)}
    return _added([pa.table(columns)], by, names)


def _added(pieces: Sequence[pa.Table], by: list[str], names: list[str]) -> pa.Table:
    sums = ["count", *(f"{name} {what}" for name in names for what in ("sum", "squares"))]
    table = pa.concat_tables(pieces).group_by(by, use_threads=False).aggregate([(one, "sum") for one in sums])
    return table.rename_columns([name.removesuffix("_sum") for name in table.column_names])


def _moments(table: pd.DataFrame, by: list[str], names: list[str]) -> pd.DataFrame:
    out = table[by].copy()
    count = table["count"].to_numpy()
    for name in names:
        mean = table[f"{name} sum"].to_numpy() / count
        variance = np.maximum(table[f"{name} squares"].to_numpy() / count - mean**2, 0.0)
        out[f"{name} mean"] = mean
        with np.errstate(invalid="ignore", divide="ignore"):
            out[f"{name} sd"] = np.where(count > 1, np.sqrt(variance * count / (count - 1)), np.nan)
    out["count"] = count
    return out.sort_values(by, ignore_index=True)
