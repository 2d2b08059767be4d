"""Two sets of points compared: paired wherever pairs exist.

Points of the two sets are pairs where all factors are alike but those by which the sets were chosen; where there are none,
replicates are still pairs, which have the same luck and inputs. Only where no replicate is in both sets are means
of each set set against each other, and then nothing is said of the sign. Refuses to read files.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np
import pandas as pd

from relocsim.app.batch.read import Chosen, Measure, chosen_points, values
from relocsim.batch.plan import Plan
from relocsim.batch.stored import StoredBatch
from relocsim.metrics.effects import Estimate, estimate

PAIRS, REPLICATES, APART, SAME, NOTHING = "pairs", "replicates", "apart", "same", "nothing"


@dataclass(frozen=True)
class Compared:
    """The second set less the first."""

    kind: str
    """What was paired: points, replicates, nothing (`apart`); or that the sets are the same, or one has no runs."""
    effect: Estimate
    first: Estimate
    second: Estimate
    pairs: int = 0
    """Groups of points that are alike but for what the sets differ in."""
    left_out: tuple[int, int] = (0, 0)
    """Points of each set that have no counterpart in the other."""


def contexts_of(plan: Plan, factors: Sequence[str], but: Sequence[str] = ()) -> list[str]:
    """Return the uncertain factors that tell one context from another."""
    known = plan.uncertainties.factors if plan.uncertainties else {}
    return [name for name in factors if name in known and name not in but]


def over_contexts(found: np.ndarray) -> Estimate:
    """Return the estimate of figures by context and replicate, (C, R); contexts share luck: the error is of replicates."""
    if not len(found):
        return estimate(np.array([]))
    whole = estimate(found.ravel())
    return replace(whole, simulation_error=estimate(found.mean(axis=0)).simulation_error)


def compared(batch: StoredBatch, measure: Measure, first: Chosen, second: Chosen) -> Compared:
    """Return a figure of the runs of the second set less that of the first."""
    one, two = values(batch, measure, first), values(batch, measure, second)
    kept = chosen_points(batch, first), chosen_points(batch, second)
    if (kept[0] == kept[1]).all() and first.replicates == second.replicates:
        return _only(SAME)
    factors = [name for name in batch.points.columns if name != "point"]
    differing = [name for name in factors if first.of(name) != second.of(name)]
    contexts = contexts_of(batch.plan, factors, differing)
    return set_against(one, two, _sides(batch.points, kept, factors, differing), batch.points, contexts)


def _only(kind: str) -> Compared:
    none = estimate(np.array([]))
    return Compared(kind, none, none, none)


Groups = dict[tuple[object, ...], tuple[list[int], list[int]]]


def _sides(
    points: pd.DataFrame, kept: tuple[np.ndarray, np.ndarray], factors: Sequence[str], differing: Sequence[str]
) -> Groups:
    """Return the points of both sets by the values of the factors in which the sets do not differ."""
    alike = [name for name in factors if name not in differing]
    keys = list(zip(*(points[name].tolist() for name in alike), strict=True)) if alike else [()] * len(points)
    groups: Groups = {}
    for at in np.flatnonzero(kept[0] | kept[1]).tolist():
        sides = groups.setdefault(keys[at], ([], []))
        for side in (0, 1):
            if kept[side][at]:
                sides[side].append(at)
    return groups


def set_against(
    one: np.ndarray, two: np.ndarray, groups: Groups, points: pd.DataFrame, contexts: Sequence[str]
) -> Compared:
    """Return the second set less the first; figures by replicate and point, (R, P), are nan where there is none."""
    matched = [sides for sides in groups.values() if sides[0] and sides[1]]
    if matched:
        found = _paired(one, two, matched, points, contexts)
        if found.effect.replicates:
            left = [sum(len(sides[at]) for sides in groups.values() if not sides[1 - at]) for at in (0, 1)]
            return replace(found, left_out=(left[0], left[1]))
    every = [[point for sides in groups.values() for point in sides[at]] for at in (0, 1)]
    if not every[0] or not every[1]:
        return _only(NOTHING)
    means = one[:, every[0]].mean(axis=1), two[:, every[1]].mean(axis=1)
    figures = estimate(means[0]), estimate(means[1])
    if not figures[0].replicates or not figures[1].replicates:
        return _only(NOTHING)
    effect = estimate(means[1] - means[0])
    if effect.replicates:
        both = np.isfinite(means[0]) & np.isfinite(means[1])
        return Compared(REPLICATES, effect, estimate(means[0][both]), estimate(means[1][both]))
    return Compared(APART, _apart(*figures), *figures)


def _paired(
    one: np.ndarray, two: np.ndarray, matched: Sequence[tuple[list[int], list[int]]], points: pd.DataFrame,
    contexts: Sequence[str],
) -> Compared:  # fmt: skip
    by_context: dict[tuple[object, ...], list[tuple[np.ndarray, np.ndarray]]] = {}
    held = [points[name].tolist() for name in contexts]
    for first, second in matched:
        key = tuple(column[first[0]] for column in held)
        by_context.setdefault(key, []).append((one[:, first].mean(axis=1), two[:, second].mean(axis=1)))
    parts = by_context.values()
    effect = np.array([np.mean([after - before for before, after in part], axis=0) for part in parts])
    known = np.isfinite(effect)
    sides = [np.where(known, [np.mean([pair[at] for pair in part], axis=0) for part in parts], np.nan) for at in (0, 1)]
    return Compared(PAIRS, over_contexts(effect), over_contexts(sides[0]), over_contexts(sides[1]), pairs=len(matched))


def _apart(first: Estimate, second: Estimate) -> Estimate:
    """Return the difference of two means with its simulation error and no interval."""
    error = float(np.hypot(first.simulation_error, second.simulation_error))
    both = {**asdict(first), "mean": second.mean - first.mean, "low": np.nan, "high": np.nan, "simulation_error": error}
    return Estimate(**{**both, "coverage": 0.0, "replicates": 0, "positive": 0})
