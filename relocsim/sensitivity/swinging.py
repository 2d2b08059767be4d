"""One at a time: how far an effect moves where a family of inputs is low, and where it is high, all else as it was drawn.

The quick look before `relocsim sensitivity`: a few replicates, each with its own luck and its own draw of all other inputs,
the same at both ends. It sees no input in company of another, and says so by being what it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from functools import partial

import numpy as np
import pandas as pd
from scipy import stats

from relocsim.batch.between import Pair, arms_of
from relocsim.batch.comparing import gather
from relocsim.batch.playing import input_draws, outcome
from relocsim.batch.variants import play_variants
from relocsim.batch.workers import over_replicates
from relocsim.metrics.effects import LEVEL
from relocsim.sensitivity.families import Family
from relocsim.sensitivity.planning import QUANTILES
from relocsim.spec import Spec

_INVESTMENT = 1
"""Row of the measure."""


def swings_one_at_a_time(
    pair: Pair, found: Sequence[Family], *, replicates: int = 2, jobs: int = 1, executor: Executor | None = None,
    tick: Callable[[], None] | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Return one row a family, the largest swing first: the effect on the capture rate at both ends, and their difference.

    Columns as of `reading.swings`: `mean` where all is as drawn, `lower` and `upper` where the family is at the 5th and the
    95th percentile of its range, `swing` with the Student interval of its mean over replicates (nan for one replicate).
    """
    points: list[tuple[tuple[str, ...], float]] = [((), 0.0)]
    for family in found:
        points += [(tuple(entry.path for entry in family.inputs), end) for end in QUANTILES]
    calls = [(replicate, at) for replicate in range(replicates) for at in range(len(points))]
    one = partial(_effect, pair, points, calls)
    effects = np.array(over_replicates(one, len(calls), jobs=jobs, executor=executor, tick=tick))
    whole = len(effects) // len(points)
    return swing_table(effects[: whole * len(points)].reshape(whole, len(points)), found)


def swing_table(effects: np.ndarray, found: Sequence[Family]) -> pd.DataFrame:
    """Return the table of swings from effects, (R, 1 + 2 F): as drawn, then low and high of each family."""
    rows = []
    mean = effects.mean(axis=0)
    for at, family in enumerate(found):
        low, high = effects[:, 1 + 2 * at], effects[:, 2 + 2 * at]
        half = _half(high - low)
        swing = float((high - low).mean())
        ends = {f"{name}_{end}": np.nan for name in ("lower", "upper") for end in ("low", "high")}
        rows.append(
            {"factor": family.name, "mean": float(mean[0]), "lower": float(low.mean()), "upper": float(high.mean()), **ends,
             "swing": swing, "swing_low": swing - half, "swing_high": swing + half, "replicates": len(effects)}
        )  # fmt: skip
    table = pd.DataFrame(rows)
    return table.sort_values("swing", key=np.abs, ascending=False, kind="stable", ignore_index=True)


def _half(values: np.ndarray) -> float:
    """Return half of the Student interval of a mean."""
    count = len(values)
    if count < 2:
        return float("nan")
    return float(stats.t.ppf((1 + LEVEL) / 2, count - 1) * values.std(ddof=1) / np.sqrt(count))


def _effect(
    pair: Pair, points: Sequence[tuple[tuple[str, ...], float]], calls: Sequence[tuple[int, int]], number: int
) -> float:
    """Return the effect on the city's capture rate in one replicate at one point."""
    replicate, at = calls[number]
    members, end = points[at]
    specs = [_at(spec, replicate, frozenset(members), end) for spec in (pair.baseline, pair.whatif)]
    outcomes = play_variants(specs, replicate=replicate, read=outcome)
    found = gather(pair.whatif, arms_of(pair), [outcomes])
    without, with_ = found.rates[0, :, _INVESTMENT, found.stage, found.city]
    return float(with_ - without)


def _at(spec: Spec, replicate: int, members: frozenset[str], end: float) -> Spec:
    """Return a specification with its inputs as drawn in a replicate, but a family at a quantile of its range."""
    drawn = input_draws(spec, replicate)
    return spec.drawn(lambda path: end if path in members else drawn(path))
