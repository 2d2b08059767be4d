"""Two specifications compared replicate by replicate: the same world or another, inputs drawn by the same luck.

What one asks of a what-if: does the advice stand where a number is another, where rivals behave otherwise or do the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from relocsim.batch.arms import BASELINE, Arm
from relocsim.batch.comparing import Comparison, gather
from relocsim.batch.playing import Outcome, outcome, realised
from relocsim.batch.variants import play_variants
from relocsim.batch.workers import over_replicates
from relocsim.metrics.effects import Estimate
from relocsim.policies import CityPolicy
from relocsim.spec import Spec

WHATIF = "what-if"
"""Name of the second arm."""


@dataclass(frozen=True)
class Pair:
    """A specification with policies and the one that it is held against."""

    baseline: Spec
    whatif: Spec
    rivals: tuple[str, ...] = ()
    """Cities that match what the what-if changes (see `matched`)."""


def effects_between(
    pairs: Mapping[str, Pair], *, replicates: int = 20, jobs: int = 1, executor: Executor | None = None,
    tick: Callable[[], None] | None = None,
) -> dict[str, Comparison]:  # fmt: skip
    """Return the comparison of each pair over the same replicates, by name; what is named twice is played once.

    The arms of each are `baseline` and `what-if`; bits are those of `relocsim.compare` of the same specifications.
    """
    sides = [side for pair in pairs.values() for side in ((pair, False), (pair, True))]
    keys = [_key(*side) for side in sides]
    distinct = dict(zip(keys, sides, strict=True))
    at = {key: number for number, key in enumerate(distinct)}
    one = partial(_outcomes, tuple(distinct.values()))
    found = over_replicates(one, replicates, jobs=jobs, executor=executor, tick=tick)
    made = {}
    for number, (name, pair) in enumerate(pairs.items()):
        first, second = (at[key] for key in keys[2 * number : 2 * number + 2])
        made[name] = gather(pair.whatif, arms_of(pair), [[row[first], row[second]] for row in found])
    return made


def _key(pair: Pair, second: bool) -> tuple[object, ...]:
    return (
        (pair.whatif.digest, pair.baseline.digest if pair.rivals else "", pair.rivals)
        if second
        else (pair.baseline.digest,)
    )


def arms_of(pair: Pair) -> list[Arm]:
    """Return the two arms of a pair."""
    return [Arm(BASELINE, pair.baseline.on, 1), Arm(WHATIF, pair.whatif.on, 1)]


def _outcomes(sides: Sequence[tuple[Pair, bool]], replicate: int) -> list[Outcome]:
    drawn = [_drawn(pair, second, replicate) for pair, second in sides]
    return play_variants(drawn, replicate=replicate, read=outcome)


def _drawn(pair: Pair, second: bool, replicate: int) -> Spec:
    if not second:
        return realised(pair.baseline, replicate)
    whatif = realised(pair.whatif, replicate)
    return matched(realised(pair.baseline, replicate), whatif, pair.rivals) if pair.rivals else whatif


def matched(baseline: Spec, whatif: Spec, rivals: Sequence[str]) -> Spec:
    """Return a what-if in which rivals pursue every policy of cities that it has on and the baseline has not, or otherwise.

    Apply it after inputs are drawn, so that rivals have the draws of the policy.
    """
    added = {
        f"{name} in rivals": policy.model_copy(update={"city": tuple(rivals)})
        for name, policy in whatif.policies.items()
        if isinstance(policy, CityPolicy) and policy.on and baseline.policies.get(name) != policy
    }
    return replace(whatif, policies=dict(sorted({**whatif.policies, **added}.items())))


def effect_of(found: Comparison, quantity: str = "capture_rate", measure: str = "investment") -> Estimate:
    """Return the paired effect of the what-if on the city."""
    table = found.effects
    row = table[(table["quantity"] == quantity) & (table["measure"] == measure) & (table["arm"] == WHATIF)].iloc[0]
    return Estimate(**{name: row[name] for name in Estimate.__dataclass_fields__})


def verdict(effect: Estimate) -> int:
    """Return what an effect advises: 1 for it, -1 against it, 0 where its sign is not clear."""
    if not effect.sign_is_clear or not np.isfinite(effect.mean):
        return 0
    return 1 if effect.mean > 0 else -1
