"""Changes of single entries: `override` in a scenario and `--set` on the command line.

A change must hit an entry that exists or a field that a model declares; what it sets in a world is assumed, its source
is whoever set it, and it has no range unless one is given. This module refuses to judge values.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from relocsim.errors import Problem, SpecError
from relocsim.policies import catalogue
from relocsim.spec.merging import Difference, difference, entry_at, placed
from relocsim.spec.nodes import Node, Step, Steps, descend, dotted, leaves, problem, steps_of
from relocsim.spec.reading import read_text
from relocsim.spec.scenario import Scenario
from relocsim.spec.shapes import Number, Other, Record, Row, Shape, Table, below
from relocsim.spec.words import found, near
from relocsim.world.description import WorldDescription

WORLD = Record(WorldDescription)
PARTS = ("places", "sectors", "network", "parameters")
_PATH = re.compile(r"[^\s.\[\]=]+(\.[^\s.\[\]=]+|\[\d{1,4}\])*")


@dataclass(frozen=True)
class Change:
    """One entry and what it is set to."""

    steps: Steps
    """Its path."""
    leaf: Node
    """New value."""


class _UnknownStepError(Exception):
    """A path leads nowhere from one of its steps on."""

    def __init__(self, at: int, message: str, hint: str = "") -> None:
        self.at, self.message, self.hint = at, message, hint


def overrides(tree: Node | None) -> list[Change]:
    """Return the changes that an `override` section writes."""
    if tree is None:
        return []
    if not isinstance(tree.value, dict) or tree.is_quantity:
        what = "a number" if tree.is_quantity else found(tree)
        message = f"expected a mapping with {', '.join(PARTS)}; found {what}"
        raise SpecError([problem(tree.mark, message, steps=("override",))])
    return [Change(steps, leaf) for steps, leaf in leaves(tree) if leaf.value != {}]


def estimated(root: Node) -> list[Change]:
    """Return the changes that a file of estimated parameters makes to a world."""
    return [Change(steps, leaf) for steps, leaf in leaves(root) if steps[0] == "parameters" and leaf.value != {}]


def settings_of(texts: Sequence[str]) -> list[Change]:
    """Return the changes that settings such as `scenario.firms=2000` write; SpecError with all that is wrong."""
    problems: list[Problem] = []
    changes: dict[Steps, Change] = {}
    for text in texts:
        try:
            change = _setting(text)
            _refuse_clash(change.steps, changes)
            changes[change.steps] = change
        except SpecError as error:
            problems += error.problems
    if problems:
        raise SpecError(problems)
    return [Change((*c.steps, *steps), leaf) for c in changes.values() for steps, leaf in leaves(c.leaf)]


def _setting(text: str) -> Change:
    """Return the change that one setting writes."""
    path, equals, value = text.partition("=")
    path = path.strip()
    if not equals or not _PATH.fullmatch(path):
        message = f"expected a setting such as scenario.firms=2000, found {text[:80]!r}"
        raise SpecError([Problem(message)])
    try:
        leaf = read_text(value) if value.strip() else Node(None)
    except SpecError as error:
        raise SpecError([Problem(f"--set: {p.message}", path=path, hint=p.hint) for p in error.problems]) from None
    steps = steps_of(path)
    leaf = _unmarked(leaf)
    return Change(("scenario", *steps) if steps[0] == "switches" else steps, leaf)


def _unmarked(node: Node) -> Node:
    """Return a tree without positions: the command line has no lines."""
    if isinstance(node.value, dict):
        return Node({key: _unmarked(child) for key, child in node.value.items()})
    return Node([_unmarked(item) for item in node.value]) if isinstance(node.value, list) else Node(node.value)


def _refuse_clash(steps: Steps, earlier: Mapping[Steps, Change]) -> None:
    """Refuse the same entry set twice, or an entry and one inside it."""
    for other in earlier:
        shorter = min(len(steps), len(other))
        if steps[:shorter] == other[:shorter]:
            pair = f"{dotted(other)} and {dotted(steps)}"
            message = "set twice" if steps == other else f"set together with an entry inside it: {pair}"
            raise SpecError([Problem(f"--set: {message}", path=dotted(steps), hint="keep one of the two")])


def apply_to_world(world: Node, changes: Iterable[Change], over: Node) -> tuple[Node, list[Difference], list[Problem]]:
    """Return the tree of a world with changes, what they changed, and what is wrong with them.

    `over` is the tree that wrote them, for positions (an empty one for the command line).
    """
    notes: list[Difference] = []
    problems: list[Problem] = []
    for change in changes:
        try:
            shape = _target(WORLD, world, change)
        except _UnknownStepError as error:
            problems.append(_unknown(change, error, over))
            continue
        old = entry_at(world, change.steps)
        notes += difference(change.steps, old, change.leaf, default=_default(WORLD, change.steps))
        world = placed(world, change.steps, _sourced(change.leaf, shape))
    return world, notes, problems


def apply_to_scenario(tree: Node, changes: Iterable[Change]) -> tuple[Node, list[Difference], list[Problem]]:
    """Return the tree of a scenario with settings, what they changed, and what is wrong with them."""
    notes: list[Difference] = []
    problems: list[Problem] = []
    for change in changes:
        root = _scenario_shape(tree, change.steps)
        try:
            _target(root, tree, change)
        except _UnknownStepError as error:
            problems.append(_unknown(change, error, Node({})))
            continue
        old = entry_at(tree, change.steps)
        notes += difference(change.steps, old, change.leaf, default=default_in_scenario(tree, change.steps))
        tree = placed(tree, change.steps, change.leaf)
    return tree, notes, problems


def default_in_scenario(tree: Node, steps: Steps) -> object:
    """Return the value of an entry of a scenario that no file gives; none if it has none."""
    return _default(_scenario_shape(tree, steps), steps)


@dataclass(frozen=True)
class _Top:
    """Shape of the top of a scenario file, where each policy has the shape of its kind."""

    fields: Mapping[str, Shape]


def _scenario_shape(tree: Node, steps: Steps) -> _Top:
    """Return the shape of a scenario file as far as one path needs it."""
    entry = entry_at(tree, ("policies", *steps[1:2]))
    kind = entry.children.get("kind") if entry is not None else None
    model = catalogue().get(str(kind.value)) if kind is not None else None
    return _Top({"scenario": Record(Scenario), "policies": Table(Record(model) if model else Table(Other()))})


def _below(shape: Shape | _Top, step: Step) -> Shape | None:
    return shape.fields.get(str(step)) if isinstance(shape, _Top) else below(shape, step)


def _target(shape: Shape | _Top, node: Node | None, change: Change) -> Shape:
    """Return the shape of the entry that a change hits; _UnknownStepError if there is none."""
    for at, step in enumerate(change.steps):
        inner = node.children["value"] if node is not None and node.is_quantity else node
        inside = _below(shape, step)
        child = inner.child(step) if inner is not None else None
        if inside is None or (child is None and _must_exist(shape, inside)):
            raise _unknown_step(at, step, shape, inner)
        shape, node = inside, child
    if isinstance(shape, _Top | Record | Table) and not isinstance(change.leaf.value, dict):
        raise _UnknownStepError(len(change.steps) - 1, f"expected a mapping, found {found(change.leaf)}")
    return shape  # type: ignore[return-value]


def _must_exist(shape: Shape | _Top, inside: Shape) -> bool:
    """Whether an entry can be changed only where it is there: ids of places or lines, items of a list."""
    return isinstance(shape, Row) or (isinstance(shape, Table) and isinstance(inside, Record | Table))


def _unknown_step(at: int, step: Step, shape: Shape | _Top, node: Node | None) -> _UnknownStepError:
    """Return what is wrong with a step that leads nowhere."""
    if isinstance(shape, Number):
        return _UnknownStepError(at, f"a number has no entry {step!r}", "write {value: ..., source: ...}")
    if isinstance(shape, Row):
        count = len(node.items) if node is not None else 0
        return _UnknownStepError(at, f"the list has {count} entries, counted from 0; found [{step}]")
    if isinstance(shape, _Top | Record):
        known = {*shape.fields, *(("switches", *PARTS) if isinstance(shape, _Top) else ())}
    else:
        known = set(node.children) if node is not None else set()
    return _UnknownStepError(at, f"there is no entry {step!r}", near(step, known))


def _unknown(change: Change, error: _UnknownStepError, over: Node) -> Problem:
    """Return the problem of a change that hits nothing, at the key where its path goes wrong."""
    steps = change.steps[: error.at + 1]
    node, taken = descend(over, steps)
    mark = (node.key or node.mark) if taken == steps else change.leaf.mark
    return problem(mark, error.message, steps=steps, hint=error.hint)


def _default(shape: Shape | _Top, steps: Steps) -> object:
    """Return the default of a field that no file gives; none if it has none."""
    for step in steps[:-1]:
        inside = _below(shape, step)
        if inside is None:
            return None
        shape = inside
    if not isinstance(shape, Record):
        return None
    info = shape.model.model_fields.get(str(steps[-1]))
    value = info.default if info is not None else None
    return None if value is PydanticUndefined or isinstance(value, BaseModel) else value


def _sourced(node: Node, shape: Shape) -> Node:
    """Return what a change sets with each number in full form: whoever set it is its source."""
    if isinstance(shape, Number) and shape.unit is not None and node.is_number:
        return _full({"value": node}, node)
    if node.is_quantity:
        return _full(node.children, node)
    if isinstance(shape, Row) and isinstance(node.value, list):
        return Node([_sourced(item, shape.item) for item in node.value], node.mark, node.key)
    return node


def _full(given: dict[str, Node], node: Node) -> Node:
    """Return a number in full form; what is not given says who set it."""
    who = f"set in {node.mark.file}" if node.mark.file else "set on the command line"
    silent = {"source": who, "grade": "assumed", "range": "none", "note": who}
    entries = {key: Node(text, node.mark) for key, text in silent.items()}
    return Node({**entries, **given}, node.mark, node.key)
