"""Tables that the page shows, draws and hands out of a batch: points, places, levels, pairs of levels, periods.

Means and intervals are those of `relocsim results`: one figure a replicate and uncertain point, other levers averaged
over. Printed and reactive charts are drawn of the same tables. Refuses to draw.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import numpy as np
import pandas as pd

from relocsim.app.batch.compared import compared, contexts_of, over_contexts
from relocsim.app.batch.read import (
    Chosen,
    Measure,
    cell_values,
    chosen_points,
    chosen_runs,
    is_ranged,
    levels_in,
    values,
)  # fmt: skip
from relocsim.batch.plan import Level
from relocsim.batch.stored import StoredBatch
from relocsim.batch.summaries import cell_summary
from relocsim.metrics.effects import Estimate, estimates
from relocsim.report.charts.sources import cells_of

MOST_LINES = 6
"""Levels of which the course over time is drawn."""


def points_table(batch: StoredBatch, measure: Measure, chosen: Chosen) -> pd.DataFrame:
    """Return one row a chosen point: factors, and mean, interval and simulation error of a figure over replicates."""
    kept = chosen_points(batch, chosen)
    found = pd.DataFrame(estimates(values(batch, measure, chosen)[:, kept])) if kept.any() else pd.DataFrame()
    table = batch.points[kept].reset_index(drop=True)
    return pd.concat([table, found], axis=1)


def places_table(batch: StoredBatch, places: Sequence[str], periods: Sequence[str], chosen: Chosen) -> pd.DataFrame:
    """Return count, mean and standard deviation of flows and columns by place and period over the chosen runs."""
    runs = chosen_runs(batch, chosen)
    numbers = None if len(runs) == len(batch.ledger) else runs["run"].to_numpy()
    return cell_summary(batch, by=("place", "period"), places=places, periods=periods, runs=numbers)


def _figure(found: np.ndarray, kept: np.ndarray, points: pd.DataFrame, contexts: Sequence[str]) -> Estimate:
    """Return the estimate over some points, (P,) bool: the mean of those of a context counts once a replicate."""
    at = np.flatnonzero(kept)
    keys = list(zip(*(points[name].to_numpy()[at].tolist() for name in contexts), strict=True)) or [()] * len(at)
    groups: dict[tuple[object, ...], list[int]] = {}
    for point, key in zip(at.tolist(), keys, strict=True):
        groups.setdefault(key, []).append(point)
    return over_contexts(np.array([found[:, group].mean(axis=1) for group in groups.values()]))


def factor_levels(batch: StoredBatch, factor: str, chosen: Chosen) -> list[Level]:
    """Return the levels of a factor among the chosen points."""
    there = set(batch.points[factor][chosen_points(batch, chosen)].tolist())
    return [level for level in levels_in(batch, factor) if level in there]


def levels_table(
    batch: StoredBatch, measure: Measure, factor: str, chosen: Chosen, *, change: bool = False
) -> pd.DataFrame:
    """Return one row a level of a factor: the figure, or its paired change against the first level.

    Of a factor with a range one row a point, in order of its value.
    """
    levels = factor_levels(batch, factor, chosen)
    if change:
        rows = [
            {"level": level, **asdict(compared(batch, measure, chosen.at(**{factor: levels[0]}),
                                               chosen.at(**{factor: level})).effect)}
            for level in levels[1:]
        ]  # fmt: skip
        return pd.DataFrame(rows)
    if is_ranged(batch, factor):
        return points_table(batch, measure, chosen).rename(columns={factor: "level"}).sort_values(
            "level", ignore_index=True
        )  # fmt: skip
    found, kept = values(batch, measure, chosen), chosen_points(batch, chosen)
    contexts = contexts_of(batch.plan, list(batch.points.columns), [factor])
    column = batch.points[factor].to_numpy()
    return pd.DataFrame(
        [
            {"level": level, **asdict(_figure(found, kept & (column == level), batch.points, contexts))}
            for level in levels
        ]
    )


def phases_table(
    batch: StoredBatch, measure: Measure, axes: tuple[str, str], effect: str | None, chosen: Chosen
) -> pd.DataFrame:
    """Return one row a pair of levels of two factors: the paired effect of a third, or the change from the lowest of both.

    As `relocsim charts` draws it, of the replicates that are whole at all chosen points.
    """
    kept = np.flatnonzero(chosen_points(batch, chosen))
    found = values(batch, measure, chosen)[:, kept]
    whole = np.flatnonzero(np.isfinite(found).all(axis=1))
    if not len(whole) or not len(kept):
        return pd.DataFrame()
    factors = batch.points.iloc[kept]
    names = [*axes, *([effect] if effect else [])]
    frame = pd.DataFrame({name: np.tile(factors[name].to_numpy(), len(whole)) for name in names})
    frame["replicate"], frame["value"] = np.repeat(whole, len(kept)), found[whole].ravel()
    return _cells(frame, axes, effect)


def _cells(frame: pd.DataFrame, axes: tuple[str, str], effect: str | None) -> pd.DataFrame:
    """Return the cells of a phase diagram; a pair of levels at which the third factor has one level only has none."""
    if effect:
        levels = frame.groupby(list(axes))[effect].transform("nunique")
        frame = frame[levels == frame[effect].nunique()]
        if frame.empty or frame[effect].nunique() < 2:
            return pd.DataFrame()
    return cells_of(frame, *axes, "value", effect)


def course_table(batch: StoredBatch, measure: Measure, factor: str, chosen: Chosen) -> pd.DataFrame:
    """Return one row a period and level of a factor (none: all chosen points): a flow or column of a place over time."""
    periods = [str(one) for one in batch.manifest.layout["periods"]]
    found, kept = cell_values(batch, measure, chosen, periods), chosen_points(batch, chosen)
    contexts = contexts_of(batch.plan, list(batch.points.columns), [factor])
    levels: list[Level] = factor_levels(batch, factor, chosen)[:MOST_LINES] if factor else [""]
    rows = []
    for level in levels:
        part = kept & (batch.points[factor].to_numpy() == level) if factor else kept
        rows += [
            {"level": level, "period": period, **asdict(_figure(found[at], part, batch.points, contexts))}
            for at, period in enumerate(periods)
        ]
    return pd.DataFrame(rows)
