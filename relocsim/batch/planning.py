"""A plan's file becomes a checked plan on a checked scenario, or every problem with its place in the file.

Each level of each factor is loaded as a setting once, so that a wrong path or value is told before anything is played. This
module refuses to expand designs.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from relocsim.batch.plan import Factor, Level, Plan
from relocsim.batch.planchecks import plan_problems, spec_problems
from relocsim.batch.points import levels_of
from relocsim.errors import Problem, SpecError
from relocsim.spec import Spec, load
from relocsim.spec.files import beside, read_kind
from relocsim.spec.nodes import Node, Steps, descend, plain, problem
from relocsim.spec.validation import validated

KIND = "plan"


@dataclass(frozen=True)
class PlannedBatch:
    """A plan and the scenario that it is on."""

    plan: Plan
    spec: Spec
    """The scenario with the settings of all runs, policies as written."""


def load_plan(path: str | Path, *, posterior: str | Path | None = None) -> PlannedBatch:
    """Return a plan with its scenario; SpecError with every problem found.

    `posterior` takes the place of the one that the plan or its scenario names.
    """
    _, root = read_kind(path, (KIND,))
    content = Node({key: child for key, child in root.children.items() if key not in ("format", "kind")}, root.mark)
    plan, problems = validated(Plan, plain(content), content)
    if plan is None:
        raise SpecError(problems)
    problems = plan_problems(plan, content)
    try:
        spec = _scenario(plan, content, posterior)
        problems += [*spec_problems(plan, spec, content), *_level_problems(plan, content)]
    except SpecError as error:
        problems += error.problems
    if problems:
        raise SpecError(sorted(dict.fromkeys(problems), key=lambda p: (p.line or 0, p.column or 0)))
    return PlannedBatch(plan, spec)


def check_plan(path: str | Path) -> list[Problem]:
    """Return what is wrong with a plan's file."""
    try:
        load_plan(path)
    except SpecError as error:
        return error.problems
    return []


def is_plan(path: str | Path) -> bool:
    """Whether a file says that it is a plan."""
    try:
        read_kind(path, (KIND,))
    except SpecError:
        return False
    return True


def setting(path: str, value: Level | Sequence[Level]) -> str:
    """Return a value of a plan as a setting of the command line."""
    return f"{path}={json.dumps(value, ensure_ascii=False)}"


def settings_of_plan(plan: Plan) -> list[str]:
    """Return the settings of all runs."""
    return [setting(path, value) for path, value in plan.settings.items()]


def _scenario(plan: Plan, content: Node, posterior: str | Path | None) -> Spec:
    """Return the scenario with the settings of all runs, its inputs drawn by a posterior where one is named."""
    named, own = content.children["scenario"], content.children.get("posterior")
    joint = posterior or (beside(own, ("posterior",)) if own is not None and plan.posterior else None)
    try:
        return load(beside(named, ("scenario",)), settings=settings_of_plan(plan), posterior=joint)
    except SpecError as error:
        raise SpecError([placed(p, named, content.children.get("settings", named)) for p in error.problems]) from None


def placed(told: Problem, named: Node, settings: Node, way: Steps = ()) -> Problem:
    """Return a problem of the scenario where the plan caused it: at its settings, or where it names the file."""
    if told.line:
        return told
    if told.file:
        return problem(named.mark, f"{told.file}: {told.message}", steps=(*way, "scenario"), hint=told.hint)
    node = settings.children.get(told.path.removeprefix("scenario.")) or settings.children.get(told.path) or settings
    return problem(node.mark, _said(told), steps=(*way, "settings"), hint=told.hint)


def _said(told: Problem) -> str:
    message = told.message.removeprefix("--set: ")
    return f"{told.path}: {message}" if told.path else message


@dataclass(frozen=True)
class _Trial:
    """A value of a factor that is to be tried, and where the plan writes it."""

    path: str
    value: Level
    steps: Steps


def _level_problems(plan: Plan, content: Node) -> list[Problem]:
    """Return what is wrong with the values of factors, tried as settings of the scenario: first together, then alone."""
    ranks: dict[int, list[_Trial]] = {}
    for name, factor in plan.factors.items():
        for rank, trial in enumerate(_trials(plan, name, factor)):
            ranks.setdefault(rank, []).append(trial)
    problems: list[Problem] = []
    for trials in ranks.values():
        if _refusals(plan, content, trials):
            problems += [_at(content, trial, p) for trial in trials for p in _refusals(plan, content, [trial])]
    return problems


def _trials(plan: Plan, name: str, factor: Factor) -> Iterator[_Trial]:
    """Yield the values that a factor takes, of a range its ends."""
    if factor.path is None or factor.range == "declared":
        return
    part = "levers" if plan.levers and name in plan.levers.factors else "uncertainties"
    ranged = factor.range if isinstance(factor.range, tuple) else ()
    ends: Sequence[Level] = [int(end) if end.is_integer() else end for end in ranged] or levels_of(factor)
    entry = "range" if factor.range is not None else "levels"
    for at, value in enumerate(ends):
        yield _Trial(factor.path, value, (part, "factors", name, entry, at))
    points: Sequence[Mapping[str, Level]] = getattr(plan, part).points
    for at, point in enumerate(points):
        if name in point:
            yield _Trial(factor.path, point[name], (part, "points", at, name))


def _refusals(plan: Plan, content: Node, trials: Sequence[_Trial]) -> list[Problem]:
    """Return what `load` says to some values."""
    settings = {**plan.settings, **{trial.path: trial.value for trial in trials}}
    scenario = beside(content.children["scenario"], ("scenario",))
    try:
        load(scenario, settings=[setting(path, value) for path, value in settings.items()])
    except SpecError as error:
        return error.problems
    return []


def _at(content: Node, trial: _Trial, told: Problem) -> Problem:
    """Return a problem of a value where the plan writes it."""
    steps = (*trial.steps[:3], "path") if told.message.startswith("there is no entry") else trial.steps
    node, _ = descend(content, steps)
    return problem(node.mark, _said(told), steps=steps, hint=told.hint)
