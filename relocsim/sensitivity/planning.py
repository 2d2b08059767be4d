"""The two batches of a sensitivity: Morris's over all families, Sobol's over those it keeps. Refuses to play."""

from __future__ import annotations

import fnmatch
from collections.abc import Sequence
from dataclasses import dataclass

from relocsim.batch.observables import OBSERVABLES
from relocsim.batch.plan import Factor, Factors, Level, Plan, Recording
from relocsim.batch.planning import PlannedBatch
from relocsim.errors import Problem, SpecError
from relocsim.sensitivity.families import Family
from relocsim.spec import Spec
from relocsim.spec.words import near

MOST_KEPT = 20
"""Families that the screening keeps at most."""
QUANTILES = (0.05, 0.95)
"""Quantiles of their ranges between which families move: a triangular law hardly ever comes to its ends."""


@dataclass(frozen=True)
class Asked:
    """What is asked, and how much is played for it."""

    effect: str
    """Policy or package whose effect is meant: with less without."""
    on: str
    """Observable that it is read on."""
    against: tuple[str, ...] = ()
    """Policies or packages that it is ranked with."""
    trajectories: int = 10
    """Trajectories of Morris's design."""
    samples: int = 64
    """Base samples of Sobol's design, a power of two."""
    keep: int = MOST_KEPT
    """Families that the screening keeps at most."""
    replicates: int = 2
    """Replicates, the same luck at all points."""

    only: tuple[str, ...] = ()
    """Labels of the families that are looked at, `*` for anything; none named: all."""

    @property
    def policies(self) -> tuple[str, ...]:
        """All that are ranked, the effect first."""
        return tuple(dict.fromkeys((self.effect, *self.against)))


def require_sound(spec: Spec, asked: Asked) -> None:
    """Raise SpecError with all that is wrong with what is asked."""
    known = sorted({*spec.policies, *spec.scenario.packages})
    problems = []
    for option, names in (("--effect", (asked.effect,)), ("--against", asked.against)):
        for name in names:
            if name not in known:
                hint = near(name, known) or f"the scenario has: {', '.join(known) or 'none'}"
                problems.append(Problem(f"there is no policy or package {name!r}", path=option, hint=hint))
    if asked.on not in OBSERVABLES:
        hint = near(asked.on, OBSERVABLES) or "docs/model.md lists them"
        problems.append(Problem(f"there is no observable {asked.on!r}", path="--on", hint=hint))
    if asked.samples < 2 or asked.samples & (asked.samples - 1):
        message = f"expected a power of two of at least 2, found {asked.samples}"
        problems.append(Problem(message, path="--samples", hint="take 32, 64, 128, ..."))
    if not 1 <= asked.keep <= MOST_KEPT:
        problems.append(Problem(f"expected 1 to {MOST_KEPT} factors, found {asked.keep}", path="--keep"))
    if not spec.register.ranged():
        problems.append(Problem("the scenario has no input with a range, so that nothing is uncertain"))
    if problems:
        raise SpecError(problems)


def chosen(found: Sequence[Family], asked: Asked) -> list[Family]:
    """Return the families that are asked for; SpecError where a label or pattern names none."""
    if not asked.only:
        return list(found)
    labels = [family.label for family in found]
    idle = [one for one in asked.only if not fnmatch.filter(labels, one)]
    if idle:
        hint = near(idle[0], labels)
        raise SpecError([Problem(f"no family of inputs is called {one!r}", path="--only", hint=hint) for one in idle])
    return [family for family in found if any(fnmatch.fnmatch(family.label, one) for one in asked.only)]


def screening(spec: Spec, asked: Asked, found: Sequence[Family], scenario: str) -> PlannedBatch:
    """Return Morris's design over all families, with and without the policy."""
    levers = Factors(design="full factorial", factors={asked.effect: Factor(policy=asked.effect)})
    unknowns = Factors(design="morris", samples=asked.trajectories, factors=_moved(found))
    question = f"Which inputs might the effect of {asked.effect} on {asked.on} depend on?"
    return _planned(spec, asked, levers, unknowns, scenario=scenario, question=question)


def decomposition(spec: Spec, asked: Asked, kept: Sequence[Family], scenario: str) -> PlannedBatch:
    """Return Sobol's design over the families kept, of the scenario as written and with each policy switched."""
    factors = {name: Factor(policy=name) for name in asked.policies}
    switched: list[dict[str, Level]] = [{name: not _is_on(spec, name)} for name in asked.policies]
    levers = Factors(design="list", factors=factors, points=({}, *switched))
    unknowns = Factors(design="sobol", samples=asked.samples, factors=_moved(kept))
    question = (
        f"What does the effect of {asked.effect} on {asked.on} depend on, and does the ranking of policies stand?"
    )
    return _planned(spec, asked, levers, unknowns, scenario=scenario, question=question)


def _is_on(spec: Spec, name: str) -> bool:
    return all(spec.policies[one].on for one in spec.members([name]))


def _moved(found: Sequence[Family]) -> dict[str, Factor]:
    return {family.name: Factor(inputs=family.patterns, range=QUANTILES) for family in found}


def _planned(
    spec: Spec, asked: Asked, levers: Factors, unknowns: Factors, *, scenario: str, question: str
) -> PlannedBatch:
    plan = Plan(
        question=question,
        scenario=scenario,
        settings={},
        levers=levers,
        uncertainties=unknowns,
        replicates=asked.replicates,
        record=Recording(observables=(asked.on,)),
    )
    return PlannedBatch(plan, spec)


def runs_of(asked: Asked, count: int) -> tuple[int, int]:
    """Return how many runs the screening of so many families takes, and Sobol's design at most."""
    first = asked.trajectories * (count + 1) * 2 * asked.replicates
    second = asked.samples * (min(asked.keep, count) + 2) * (1 + len(asked.policies)) * asked.replicates
    return first, second
