"""The effect of each policy, gathered from the tidy table of a comparison. Refuses to estimate (see `metrics.effects`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from relocsim.batch.arms import BASELINE, TOGETHER, Arm
from relocsim.batch.comparing import Comparison
from relocsim.errors import RelocsimError
from relocsim.language import ENGLISH, Words
from relocsim.metrics.effects import ROUNDING, Estimate
from relocsim.spec import Spec
from relocsim.world.calendar import Quarter

_FIGURES = {
    "rate": ("investment", "capture_rate"), "investment": ("investment", "amount"), "jobs": ("jobs", "amount"),
    "but_for": ("investment", "but_for_share"), "treasury": ("money", "treasury"),
}  # fmt: skip
"""Measure and quantity of the figures of a change."""


class FigureError(RelocsimError):
    """A table does not hold the one figure that is asked for."""


@dataclass(frozen=True)
class Change:
    """What one policy, package or all together does for the city under study, paired, with less without."""

    arm: str
    in_baseline: bool
    """Whether it is in force in the baseline: the effect is then what would be lost without it."""
    start: Quarter | None
    """First quarter in which the arm differs from the baseline."""
    rate: Estimate
    """Capture rate by investment, share."""
    investment: Estimate
    """1e8 yuan."""
    jobs: Estimate
    """Persons."""
    but_for: Estimate
    """Share of the investment with the policy that would not have come without."""
    treasury: Estimate
    """The city's receipts less payments over the run, 1e8 yuan."""

    @property
    def clear(self) -> bool:
        """Whether the interval of the capture rate lies on one side of zero."""
        return sign_is_clear(self.rate)

    @property
    def inert(self) -> bool:
        """Whether it changes the city's capture in no replicate."""
        return self.rate.low == self.rate.high == 0.0


@dataclass(frozen=True)
class Effect(Change):
    """A change and its name in one language."""

    title: str
    """Name for sentences, such as `Park expansion`."""


def sign_is_clear(estimate: Estimate) -> bool:
    """Return whether an interval lies on one side of zero; an end that is zero but for rounding touches it."""
    ends = sorted((abs(estimate.low), abs(estimate.high)))
    return estimate.sign_is_clear and ends[0] > ROUNDING * ends[1]


def effects_of(comparison: Comparison, words: Words = ENGLISH) -> list[Effect]:
    """Return the effects of all arms but the baseline, largest on the capture rate first, all together last."""
    found = [_effect(comparison, arm, words) for arm in comparison.arms[1:]]
    return sorted(found, key=lambda effect: (effect.arm == TOGETHER, -effect.rate.mean, effect.arm))


def _effect(comparison: Comparison, arm: Arm, words: Words) -> Effect:
    return Effect(
        arm=arm.name,
        title=title_of(comparison.spec, arm.name, words),
        in_baseline=arm.sign < 0,
        start=_start(comparison, arm),
        **figures_of(comparison.effects, arm.name),
    )


def figures_of(effects: pd.DataFrame, arm: str) -> dict[str, Estimate]:
    """Return the figures of a change by name; FigureError where the table does not hold one of each."""
    own = effects[effects["arm"] == arm]
    return {
        name: one_estimate(
            own[(own["measure"] == measure) & (own["quantity"] == quantity)],
            f"effect of {arm} on {quantity} ({measure})",
        )
        for name, (measure, quantity) in _FIGURES.items()
    }


def one_estimate(rows: pd.DataFrame, what: str) -> Estimate:
    """Return the estimate of a table that should have one row; FigureError where it has another number."""
    if len(rows) != 1:
        raise FigureError(f"the stored tables hold {len(rows)} figures for the {what}, not one: they are damaged")
    return estimate_of(rows.iloc[0])


def estimate_of(row: Mapping[str, Any] | pd.Series) -> Estimate:
    """Return the estimate that a row of a tidy table holds."""
    return Estimate(**{name: row[name] for name in Estimate.__dataclass_fields__})


def _start(comparison: Comparison, arm: Arm) -> Quarter | None:
    changed = arm.on ^ comparison.arms[0].on
    return min((comparison.spec.policies[name].start for name in changed), default=None)


def title_of(spec: Spec, arm: str, words: Words = ENGLISH) -> str:
    """Return the name of an arm for readers: the policy's title, with its id where two share a title."""
    if arm == BASELINE:
        return words("Baseline")
    if arm == TOGETHER:
        return words("All together")
    policy = spec.policies.get(arm)
    if policy is None:
        return words("Package {name}", name=arm)
    titles = [other.title for other in spec.policies.values()]
    title = words.name(policy)
    return title if titles.count(policy.title) == 1 else words("{policy} ({name})", policy=title, name=arm)
