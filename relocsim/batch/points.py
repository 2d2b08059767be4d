"""Points of a plan: the values of its factors, and the specification that each stands for.

A point is an assignment of values to paths. Levers are crossed with uncertainties; levers vary fastest, so that runs which
share a foundation follow one another. This module refuses to read files and to play.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from relocsim.batch.designs import Axis, Point, design_points
from relocsim.batch.plan import Factor, Factors, Level, Plan
from relocsim.sources import Input
from relocsim.spec import Spec
from relocsim.spec.assigning import Assigner, Values, value_at
from relocsim.spec.drawing import draw
from relocsim.spec.grouping import GROUP, Signer, matching
from relocsim.spec.nodes import Steps, steps_of

ON = "on"


@dataclass(frozen=True)
class Points:
    """The points of a plan, each different specification once."""

    factors: Mapping[str, Factor]
    rows: tuple[Mapping[str, Level], ...]
    """Rows of the design: a value of every factor."""
    point: tuple[int, ...]
    """For each row the number of its specification."""
    values: tuple[Values, ...]
    """For each specification what is set, by path."""
    digests: tuple[str, ...]
    """For each specification its digest."""


def points_of(plan: Plan, spec: Spec, *, known: Sequence[str] = ()) -> Points:
    """Return the points of a plan on its scenario; SpecError where a combination of values is none that a model allows.

    `known` are the digests of the rows of the design, where they have been worked out before.
    """
    factors = plan.factors
    targets = {name: targets_of(one, spec) for name, one in factors.items()}
    signer = Signer(Assigner(spec, [steps for target in targets.values() for steps in target]), members_of(plan, spec))
    written = {name: as_written(one, spec) for name, one in factors.items() if not one.inputs}
    keys = {name: ((GROUP, name),) if one.inputs else targets[name] for name, one in factors.items()}
    rows, numbers, values = [], [], []
    digests: dict[str, int] = {}
    chosen_rows = list(crossed(_part(plan.uncertainties, spec), _part(plan.levers, spec)))
    for at, chosen in enumerate(chosen_rows):
        setting = {steps: value for name, value in chosen.items() for steps in keys[name]}
        digest = known[at] if len(known) == len(chosen_rows) else signer.digest(setting)
        if digest not in digests:
            digests[digest] = len(digests)
            values.append(setting)
        rows.append({**written, **chosen})
        numbers.append(digests[digest])
    return Points(factors, tuple(rows), tuple(numbers), tuple(values), tuple(digests))


def crossed(outer: Sequence[Point], inner: Sequence[Point]) -> Iterable[Point]:
    """Yield every point of `inner` at every point of `outer`."""
    for one in outer:
        for other in inner:
            yield {**one, **other}


def _part(part: Factors | None, spec: Spec) -> Sequence[Point]:
    """Return the points of levers or of uncertainties; the scenario as written where there are none."""
    if part is None:
        return [{}]
    if part.design == "list":
        return part.points
    axes = [axis_of(name, one, spec) for name, one in part.factors.items()]
    return design_points(part.design, axes, samples=part.samples, seed=spec.scenario.seed)


def targets_of(factor: Factor, spec: Spec) -> tuple[Steps, ...]:
    """Return the entries that a factor sets: one, those that put the policies of a package on, or a group of inputs."""
    if factor.inputs:
        return tuple(steps_of(entry.path) for entry in matching(spec.register, factor.inputs))
    if factor.policy is not None:
        return tuple(("policies", name, ON) for name in sorted(spec.members([factor.policy])))
    return (canonical_steps(str(factor.path)),)


def members_of(plan: Plan, spec: Spec) -> dict[str, list[Input]]:
    """Return the inputs of each factor that is a group of them."""
    return {name: matching(spec.register, one.inputs) for name, one in plan.factors.items() if one.inputs}


def canonical_steps(path: str) -> Steps:
    """Return the steps of a path as settings understand it: switches belong to the scenario."""
    steps = steps_of(path)
    return ("scenario", *steps) if steps[0] == "switches" else steps


def levels_of(factor: Factor) -> tuple[Level, ...]:
    """Return the levels of a factor; none where it is a range."""
    return factor.levels or (() if factor.range is not None or factor.policy is None else (False, True))


def axis_of(name: str, factor: Factor, spec: Spec) -> Axis:
    """Return a factor as a design sees it."""
    levels = levels_of(factor)
    if levels:
        return Axis(name, levels, None)
    if factor.inputs:
        low, high = factor.range if isinstance(factor.range, tuple) else (0.0, 1.0)
        return Axis(name, (), partial(_between, low, high, False, False))
    whole = isinstance(value_at(spec, canonical_steps(str(factor.path))), int)
    if factor.range == "declared":
        return Axis(name, (), partial(_drawn, spec.register.inputs[str(factor.path)], whole))
    low, high = factor.range  # type: ignore[misc]
    return Axis(name, (), partial(_between, low, high, factor.log, whole))


def _drawn(entry: Input, whole: bool, coordinate: float) -> float:
    """Return the draw of an input at a coordinate of [0, 1], as replicates draw it."""
    value = draw(entry, coordinate)
    return round(value) if whole else value


def _between(low: float, high: float, log: bool, whole: bool, coordinate: float) -> float:
    """Return the value at a coordinate of [0, 1], ends exact; a whole number where the entry is one."""
    value = _spread(low, high, log, coordinate)
    return round(value) if whole else value


def _spread(low: float, high: float, log: bool, coordinate: float) -> float:
    if coordinate in (0.0, 1.0):
        return high if coordinate else low
    if log:
        return math.exp(math.log(low) + coordinate * (math.log(high) - math.log(low)))
    return low + coordinate * (high - low)


def as_written(factor: Factor, spec: Spec) -> Level:
    """Return what the scenario says of a factor: of a package whether all its policies are on."""
    values = [value_at(spec, steps) for steps in targets_of(factor, spec)]
    if factor.policy is not None:
        return all(values)
    return values[0] if isinstance(values[0], bool | int | float | str) else str(values[0])
