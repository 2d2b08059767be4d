"""What one entry of a plan says of another, of the scenario and of what can be recorded.

This module refuses to check single values (see `relocsim.spec.validation`) and levels (see `planning`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from relocsim.batch.observables import OBSERVABLES
from relocsim.batch.plan import SAMPLED, Factor, Factors, Plan, Replicates
from relocsim.batch.points import canonical_steps, targets_of
from relocsim.errors import Problem
from relocsim.observe import PLACE_COLUMNS
from relocsim.spec import Spec
from relocsim.spec.crosschecks import At
from relocsim.spec.grouping import matching
from relocsim.spec.nodes import Node, Steps
from relocsim.spec.words import near

_PARTS = ("levers", "uncertainties")


def plan_problems(plan: Plan, tree: Node) -> list[Problem]:
    """Return what does not fit together within a plan."""
    at = At(tree)
    problems = [p for part, factors in _parts(plan) for p in _factors(part, factors, at)]
    if plan.posterior and plan.inputs == "central":
        problems.append(at(("posterior",), "a posterior is drawn from, and inputs are central", "leave one out"))
    return [*problems, *_twice(plan, at), *_until(plan, at), *_record(plan, at)]


def spec_problems(plan: Plan, spec: Spec, tree: Node) -> list[Problem]:
    """Return what does not fit the scenario."""
    at = At(tree)
    problems = list(_unknown("place", ("record", "places"), plan.record.places, spec.world.places, at))
    switchable = {*spec.policies, *spec.scenario.packages}
    for part, factors in _parts(plan):
        for name, factor in factors.factors.items():
            steps = (part, "factors", name)
            if factor.policy is not None:
                problems += at.unknown("policy or package", (*steps, "policy"), factor.policy, switchable)
            elif factor.inputs:
                problems += _ranged(steps, factor, spec, at)
            elif factor.range == "declared":
                problems += _declared(steps, str(factor.path), spec, at)
    return problems or list(_shared(plan, spec, at))


def _parts(plan: Plan) -> list[tuple[str, Factors]]:
    return [(part, factors) for part in _PARTS if (factors := getattr(plan, part)) is not None]


def _factors(part: str, factors: Factors, at: At) -> Iterator[Problem]:
    """Yield what is wrong with a design and its factors."""
    listed, sampled = factors.design == "list", factors.design in SAMPLED
    if sampled and factors.samples is None:
        yield at((part,), f"the design {factors.design!r} needs a number of samples", "add samples: 64", key=True)
    if not sampled and factors.samples is not None:
        yield at((part, "samples"), f"the design {factors.design!r} takes no samples", "leave it out")
    if listed != bool(factors.points):
        message = "a list needs points" if listed else f"the design {factors.design!r} takes no points"
        yield at((part, "points"), message, "add points: [{...}]" if listed else "leave them out")
    for number, point in enumerate(factors.points):
        yield from _unknown("factor", (part, "points", number), point, factors.factors, at, keyed=True)
    for name, factor in factors.factors.items():
        if factor.inputs:
            yield from _group((part, "factors", name), factor, sampled, at)
        else:
            yield from _factor((part, "factors", name), factor, listed, at)


def _factor(steps: Steps, factor: Factor, listed: bool, at: At) -> Iterator[Problem]:
    """Yield what is wrong with one factor."""
    if (factor.path is None) == (factor.policy is None):
        yield at(steps, "expected one of path and policy, or inputs", "name what is varied", key=True)
        return
    if factor.levels and factor.range is not None:
        yield at((*steps, "range"), "a factor has levels or a range, not both", "leave one out", key=True)
    if factor.policy is not None:
        yield from _switch(steps, factor, at)
    elif not factor.levels and factor.range is None and not listed:
        yield at(steps, "expected levels or a range", "add levels: [...] or range: [low, high]", key=True)
    if len({*map(repr, factor.levels)}) < len(factor.levels):
        yield at((*steps, "levels"), "a level is given twice", "keep one of the two")
    if isinstance(factor.range, tuple):
        low, high = factor.range
        if low >= high or (factor.log and low <= 0):
            wanted = "positive ends, the lower first" if factor.log else "the lower end first"
            yield at((*steps, "range"), f"expected {wanted}, found [{low:g}, {high:g}]")


def _group(steps: Steps, factor: Factor, sampled: bool, at: At) -> Iterator[Problem]:
    """Yield what is wrong with a factor that is a group of inputs."""
    if factor.path is not None or factor.policy is not None or factor.levels:
        yield at(steps, "inputs stand without path, policy and levels", "leave the others out", key=True)
    if not sampled:
        yield at(
            (*steps, "inputs"), "inputs move together on sampled designs only", f"use {', '.join(SAMPLED)}", key=True
        )
    low, high = factor.range if isinstance(factor.range, tuple) else (0.0, 1.0)
    if not 0 <= low < high <= 1 or factor.log:
        yield at((*steps, "range"), f"expected quantiles such as [0.05, 0.95], found [{low:g}, {high:g}]")


def _ranged(steps: Steps, factor: Factor, spec: Spec, at: At) -> Iterator[Problem]:
    """Yield a problem for each pattern that names no input with a range."""
    for number, pattern in enumerate(factor.inputs):
        if not matching(spec.register, [pattern.removeprefix("!")]):
            hint = near(pattern, [entry.path for entry in spec.register.ranged()])
            yield at((*steps, "inputs", number), f"no input with a range is called {pattern!r}", hint)


def _shared(plan: Plan, spec: Spec, at: At) -> Iterator[Problem]:
    """Yield a problem for each group of inputs of which another factor sets some."""
    if not any(factor.inputs for factor in plan.factors.values()):
        return
    seen: dict[Steps, str] = {}
    for part, factors in _parts(plan):
        for name, factor in factors.factors.items():
            targets = targets_of(factor, spec)
            twice = sorted({seen[steps] for steps in targets if steps in seen})
            if twice:
                yield at(
                    (part, "factors", name), f"some of its inputs are set by {twice[0]!r} too", "keep one", key=True
                )
            seen |= dict.fromkeys(targets, name)


def _switch(steps: Steps, factor: Factor, at: At) -> Iterator[Problem]:
    if factor.range is not None or any(not isinstance(level, bool) for level in factor.levels):
        yield at(steps, "a policy is off or on", "write levels: [false, true], or leave them out", key=True)


def _twice(plan: Plan, at: At) -> Iterator[Problem]:
    """Yield factors that share a name, or set the same entry as another or as the settings."""
    seen: dict[object, str] = {canonical_steps(path): "settings" for path in plan.settings}
    names: set[str] = set()
    for part, factors in _parts(plan):
        for name, factor in factors.factors.items():
            steps = (part, "factors", name)
            if name in names:
                yield at(steps, f"there is a lever called {name!r} too", "call one of the two otherwise", key=True)
            names.add(name)
            if factor.inputs:
                continue
            target = canonical_steps(factor.path) if factor.path else ("policies", str(factor.policy), "on")
            if target in seen:
                yield at(steps, f"set by {seen[target]!r} too", "keep one of the two", key=True)
            seen[target] = name


def _until(plan: Plan, at: At) -> Iterator[Problem]:
    """Yield what is wrong with a precision."""
    if not isinstance(plan.replicates, Replicates):
        return
    until, steps = plan.replicates.until, ("replicates", "until")
    levers = plan.levers.factors if plan.levers else {}
    yield from at.unknown("lever", (*steps, "effect"), until.effect, levers)
    yield from at.unknown("recorded observable", (*steps, "on"), until.on, plan.record.observables)
    if plan.levers and plan.levers.design in SAMPLED:
        message = f"the design {plan.levers.design!r} has no pairs of points that differ in one lever alone"
        yield at((*steps, "effect"), message, "use a factorial, one at a time, or a number of replicates")
    if plan.replicates.most < plan.replicates.least:
        yield at(("replicates", "most"), f"expected at least {plan.replicates.least}, as many as 'least'")


def _record(plan: Plan, at: At) -> Iterator[Problem]:
    record = plan.record
    yield from _unknown("observable", ("record", "observables"), record.observables, OBSERVABLES, at)
    yield from _unknown("column of places", ("record", "columns"), record.columns, PLACE_COLUMNS, at)
    for name in ("observables", "columns", "flows", "places"):
        entries = getattr(record, name)
        if len(set(entries)) < len(entries):
            yield at(("record", name), "an entry is given twice", "keep one of the two")
    if not (record.observables or record.flows or record.columns):
        yield at(("record",), "nothing is recorded", "name observables, flows or columns", key=True)


def _unknown(
    what: str, steps: Steps, names: Iterable[str], known: Collection[str], at: At, *, keyed: bool = False
) -> Iterator[Problem]:
    """Yield a problem for each name of a list (or key of a mapping) that points at nothing."""
    for number, name in enumerate(names):
        yield from at.unknown(what, (*steps, name if keyed else number), name, known, key=keyed)


def _declared(steps: Steps, path: str, spec: Spec, at: At) -> Iterator[Problem]:
    entry = spec.register.inputs.get(path)
    if entry is None:
        yield at((*steps, "path"), f"there is no input {path!r}", near(path, spec.register.inputs))
    elif not entry.ranged:
        yield at((*steps, "range"), f"{path!r} has no range in the world", "write range: [low, high]")
