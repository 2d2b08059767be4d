"""A plan's file becomes a checked calibration, or every problem with its place in the file. Refuses to play."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from relocsim.batch.planning import placed, setting
from relocsim.calibration.plan import CalibrationPlan, CaseOf, PlanOfCases
from relocsim.calibration.targeting import aims_of
from relocsim.calibration.tolerances import Aim
from relocsim.errors import Problem, SpecError
from relocsim.sensitivity.families import Family, families
from relocsim.spec import Spec, load
from relocsim.spec.changes import PARTS
from relocsim.spec.crosschecks import At
from relocsim.spec.evidence import Evidence, evidence_of
from relocsim.spec.files import beside, read_kind
from relocsim.spec.nodes import Node, plain
from relocsim.spec.posterior import range_of
from relocsim.spec.validation import validated
from relocsim.spec.words import near

KIND = "calibration"
Plan = TypeVar("Plan", bound=PlanOfCases)
_ALL = "all "


@dataclass(frozen=True)
class Case:
    """A scenario of a calibration."""

    name: str
    spec: Spec
    families: tuple[Family, ...]
    """Families of inputs that are calibrated and that the scenario has."""


@dataclass(frozen=True)
class Calibration:
    """A calibration that is ready to be played."""

    plan: CalibrationPlan
    cases: tuple[Case, ...]
    aims: tuple[Aim, ...]
    """Targets."""
    held_out: tuple[Aim, ...]

    @property
    def families(self) -> list[Family]:
        """Families of all cases, each once, by name; members of all cases together."""
        found: dict[str, Family] = {}
        for case in self.cases:
            for one in case.families:
                other = found.get(one.name, one)
                members = {entry.path: entry for entry in (*other.inputs, *one.inputs)}
                patterns = tuple(dict.fromkeys((*other.patterns, *one.patterns)))
                inputs = tuple(members[path] for path in sorted(members))
                found[one.name] = Family(one.name, one.label, patterns, inputs)
        return [found[name] for name in sorted(found)]

    @property
    def seed(self) -> int:
        """Seed of the draws of parameters: that of the first case."""
        return self.cases[0].spec.scenario.seed


def load_calibration(path: str | Path) -> Calibration:
    """Return a calibration; SpecError with every problem found."""
    plan, content, specs = opened(path, KIND, CalibrationPlan)
    at = At(content)
    chosen, problems = _chosen(plan, specs, at)
    evidence, more = figures_of(content)
    aims, told = aims_of(plan.targets, "targets", specs, evidence, at)
    held, also = aims_of(plan.held_out, "held_out", specs, evidence, at)
    problems += [*more, *told, *also, *_ambiguous(chosen, at)]
    if not plan.targets:
        problems.append(at(("targets",), "there are no targets", "name figures that a run is compared with"))
    require_none(problems)
    cases = tuple(Case(name, spec, tuple(chosen[name])) for name, spec in specs.items())
    return Calibration(plan, cases, tuple(aims), tuple(held))


def opened(path: str | Path, kind: str, form: type[Plan]) -> tuple[Plan, Node, dict[str, Spec]]:
    """Return a plan of cases, its content and the scenarios of its cases; SpecError with what keeps it from being read."""
    _, root = read_kind(path, (kind,))
    content = Node({key: child for key, child in root.children.items() if key not in ("format", "kind")}, root.mark)
    plan, problems = validated(form, plain(content), content)
    if plan is None:
        raise SpecError(problems)
    specs, problems = _specs_of(plan.cases, content)
    require_none(problems)
    return plan, content, specs


def check_calibration(path: str | Path) -> list[Problem]:
    """Return what is wrong with a plan's file."""
    try:
        load_calibration(path)
    except SpecError as error:
        return error.problems
    return []


def is_calibration(path: str | Path) -> bool:
    """Whether a file says that it is a plan of a calibration."""
    try:
        read_kind(path, (KIND,))
    except SpecError:
        return False
    return True


def require_none(problems: Sequence[Problem]) -> None:
    """Raise SpecError where there are problems, each once, in the order of the files."""
    if problems:
        raise SpecError(sorted(dict.fromkeys(problems), key=lambda p: (p.file, p.line or 0, p.column or 0)))


def _specs_of(cases: Mapping[str, CaseOf], content: Node) -> tuple[dict[str, Spec], list[Problem]]:
    """Return the scenarios with the settings of their cases."""
    specs: dict[str, Spec] = {}
    problems: list[Problem] = []
    for name, case in cases.items():
        node = content.children["cases"].children[name]
        named, way = node.children["scenario"], ("cases", name)
        settings = [setting(path, value) for path, value in case.settings.items()]
        try:
            spec = load(beside(named, (*way, "scenario")), settings=settings)
            specs[name] = spec.variant(on=case.on) if case.on else spec
        except SpecError as error:
            set_ = node.children.get("settings", named)
            problems += [placed(p, named, set_, way) for p in error.problems]
            continue
        if spec.register.joint is not None:
            at = At(content)
            message = "the scenario draws inputs by a posterior already"
            problems.append(at((*way, "scenario"), message, "take the scenario without it"))
    return specs, problems


def _chosen(plan: CalibrationPlan, specs: Mapping[str, Spec], at: At) -> tuple[dict[str, list[Family]], list[Problem]]:
    """Return the families of each case that the plan names."""
    known = {name: families(spec) for name, spec in specs.items()}
    chosen: dict[str, dict[str, Family]] = {name: {} for name in specs}
    problems = []
    for number, wanted in enumerate(plan.parameters):
        found = False
        for name, spec in specs.items():
            for one in _named(wanted, spec, known[name]):
                chosen[name].setdefault(one.name, one)
                found = True
        if not found:
            labels = [one.label for every in known.values() for one in every]
            paths = [entry.path for spec in specs.values() for entry in spec.register.ranged()]
            hint = near(wanted, labels) or near(wanted, paths) or "relocsim sensitivity --dry lists none, docs do"
            hint = hint if "lists none" not in hint else f"a path, a family such as {labels[0]!r}, or 'all parameters'"
            problems.append(at(("parameters", number), f"no input with a range is called {wanted!r}", hint))
    return {name: sorted(found.values(), key=lambda one: one.name) for name, found in chosen.items()}, problems


def _named(wanted: str, spec: Spec, known: Sequence[Family]) -> Iterator[Family]:
    """Yield the families that an entry of the plan names."""
    if wanted.startswith(_ALL) and wanted.removeprefix(_ALL) in (*PARTS, "policies"):
        part = wanted.removeprefix(_ALL)
        yield from (one for one in known if one.inputs[0].path.partition(".")[0] == part)
        return
    entry = spec.register.inputs.get(wanted)
    if entry is not None and entry.ranged:
        alone = [one for one in known if len(one.inputs) == 1 and one.inputs[0].path == wanted]
        yield alone[0] if alone else Family(_plain(wanted), wanted, (wanted,), (entry,))
        return
    yield from (one for one in known if fnmatch.fnmatchcase(one.label, wanted))


def _plain(path: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in path.lower()).strip("-")


def _ambiguous(chosen: Mapping[str, Sequence[Family]], at: At) -> Iterator[Problem]:
    """Yield inputs that two parameters move, or that have other ranges in another case."""
    seen: dict[str, tuple[str, str, dict[str, object]]] = {}
    told: set[tuple[str, str]] = set()
    for case, found in chosen.items():
        for family in found:
            for entry in family.inputs:
                label, other, held = seen.setdefault(entry.path, (family.label, case, range_of(entry)))
                if label != family.label and (label, family.label) not in told:
                    told.add((label, family.label))
                    message = f"{entry.path} is moved by {label!r} in {other!r} and by {family.label!r} in {case!r}"
                    yield at(("parameters",), message, "leave one of the two out", key=True)
                elif held != range_of(entry) and (case, other) not in told:
                    told.add((case, other))
                    message = f"{entry.path} has another range in {case!r} than in {other!r}"
                    yield at(("parameters",), message, "leave it out, or make them the same", key=True)


def figures_of(content: Node) -> tuple[Evidence, list[Problem]]:
    """Return the figures of the files of evidence."""
    node = content.children.get("evidence")
    if node is None:
        return {}, []
    named = node.items or [node]
    return evidence_of([beside(one, ("evidence",)) for one in named])
