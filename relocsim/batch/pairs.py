"""Pairs of points that differ in one lever alone, and the paired effects read off them.

The effect of a lever is a level less its first one, all else alike, within a replicate (and an uncertain point), where
firms, tastes, luck and inputs are the same. This module refuses to know how runs are stored.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from relocsim.batch.plan import Level

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Pair:
    """Two points that differ in one lever."""

    level: Level
    """Value in the second."""
    first: int
    second: int
    context: tuple[Level, ...]
    """Values of the uncertainties, the same in both."""


def pairs_of(
    lever: str, levels: Sequence[Level], rows: Sequence[Mapping[str, Level]], point: Sequence[int],
    uncertainties: Sequence[str] = (),
) -> list[Pair]:  # fmt: skip
    """Return the pairs of a lever, each level with the first one (of those that are played), contexts in order."""
    groups: dict[tuple[Level, ...], dict[Level, int]] = {}
    contexts: dict[tuple[Level, ...], tuple[Level, ...]] = {}
    for row, number in zip(rows, point, strict=True):
        others = tuple(value for name, value in row.items() if name != lever)
        groups.setdefault(others, {})[row[lever]] = number
        contexts[others] = tuple(row[name] for name in uncertainties)
    rank = {level: at for at, level in enumerate(levels)}
    found = []
    for others, group in groups.items():
        first, *rest = sorted(group, key=lambda level: rank.get(level, -1))
        found += [Pair(level, group[first], group[level], contexts[others]) for level in rest]
    return found


def last_level(pairs: Sequence[Pair], levels: Sequence[Level]) -> Level:
    """Return the last of `levels` that some pair has; of a range the last that was met."""
    rank = {level: at for at, level in enumerate(levels)}
    return sorted(pairs, key=lambda pair: rank.get(pair.level, -1))[-1].level


def effect_by_replicate(pairs: Sequence[Pair], values: np.ndarray, level: Level) -> np.ndarray:
    """Return the mean effect of a level over its pairs, (R,), from values (R, points); nan where a run is missing."""
    chosen = [pair for pair in pairs if pair.level == level]
    changes = [values[:, pair.second] - values[:, pair.first] for pair in chosen]
    return np.mean(changes, axis=0) if changes else np.full(len(values), np.nan)


def half_width(effect: np.ndarray) -> float:
    """Return half of the 95 % confidence interval of the mean (Student), of the finite effects; inf with fewer than two."""
    known = effect[np.isfinite(effect)]
    if len(known) < 2:
        return float("inf")
    quantile = float(stats.t.ppf((1 + CONFIDENCE) / 2, len(known) - 1))
    return quantile * float(known.std(ddof=1)) / float(np.sqrt(len(known)))
