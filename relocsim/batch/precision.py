"""Replicates until an effect is known well enough.

The precision is looked at after a round of replicates is complete at all points, so that the number of replicates is the
same whoever plays them and however often the batch was interrupted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from relocsim.batch.pairs import Pair, effect_by_replicate, half_width, last_level, pairs_of
from relocsim.batch.plan import Level, Plan, Replicates
from relocsim.batch.points import Points, levels_of
from relocsim.errors import Problem, SpecError


@dataclass(frozen=True)
class Rounds:
    """Looks at the precision between rounds of replicates."""

    terms: Replicates
    pairs: tuple[Pair, ...]
    level: Level
    """Level whose effect is watched."""

    def looks(self) -> Iterator[int]:
        """Yield the numbers of replicates after which the precision is looked at."""
        yield from range(self.terms.least, self.terms.most, self.terms.step)
        yield self.terms.most

    def half_width(self, values: np.ndarray) -> float:
        """Return the half-width of the effect from the observable by replicate and point, (R, points)."""
        return half_width(effect_by_replicate(self.pairs, values, self.level))

    def replicates(self, values: Callable[[int], np.ndarray | None]) -> tuple[int, float]:
        """Return how many replicates are wanted, and the half-width so far (inf before the first look).

        `values` gives the observable of the first replicates, or none where some of them are not finished.
        """
        last = float("inf")
        for look in self.looks():
            found = values(look)
            if found is None:
                return look, last
            last = self.half_width(found)
            if last <= self.terms.until.half_width:
                return look, last
        return self.terms.most, last


def rounds_of(plan: Plan, points: Points, numbers: Mapping[str, int]) -> Rounds | None:
    """Return the rounds of a plan that runs to a precision, else none."""
    if not isinstance(plan.replicates, Replicates):
        return None
    lever = plan.replicates.until.effect
    levels = levels_of(plan.factors[lever])
    known = [numbers[points.digests[at]] for at in points.point]
    pairs = pairs_of(lever, levels, points.rows, known)
    if not pairs:
        message = f"no two points differ in the lever {lever!r} alone, so that its effect cannot be seen"
        raise SpecError(
            [Problem(message, path="replicates.until.effect", hint="add such points, or a number of replicates")]
        )
    return Rounds(plan.replicates, tuple(pairs), last_level(pairs, levels))
