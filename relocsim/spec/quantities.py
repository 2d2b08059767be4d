"""Numbers in their full form become plain numbers, and a register of where each came from.

A number is bare or `{value, unit, source, grade, range, note}`. A bare one takes what it lacks from the file's
`attributes`, from the one with the nearest enclosing name; a full form overrides that key by key. This module refuses
to judge the numbers themselves (see `validation`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from relocsim.errors import Problem
from relocsim.sources import Grade, Input
from relocsim.spec.nodes import NOWHERE, Mark, Node, Plain, Steps, dotted, leaves, plain, problem
from relocsim.spec.ranges import range_about
from relocsim.spec.shapes import Number, Record, Row, Shape, Table, below, field_names
from relocsim.spec.words import found, near, unknown_keys

PROVENANCE = ("unit", "source", "grade", "range", "note")
_GRADES = tuple(Grade)


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a number comes from: entries of `PROVENANCE`, and where they stand."""

    entries: Mapping[str, Node] = field(default_factory=dict)
    """What is given, by key."""
    steps: Steps = ()
    """Path of the attribute or number that gives it."""
    mark: Mark = NOWHERE
    """Its position."""

    def text(self, key: str) -> str | None:
        """Return an entry that is text."""
        entry = self.entries.get(key)
        return entry.value if entry is not None and isinstance(entry.value, str) else None


class Collapse:
    """Walks trees along their shapes; collects inputs and problems."""

    def __init__(self) -> None:
        self.inputs: list[Input] = []
        self.problems: list[Problem] = []

    def part(self, node: Node, shape: Shape, steps: Steps, attributes: Node | None) -> Plain:
        """Return a part of a world as plain values; every number in it needs a source and a grade."""
        known = {*field_names(shape), *(str(step) for path, _ in leaves(node, steps) for step in path)}
        return _Walk(self, self._attributes(attributes, known), sourced=True).collapse(node, shape, steps, Provenance())

    def entry(self, node: Node, shape: Shape, steps: Steps) -> Plain:
        """Return an entry of a scenario as plain values; its bare numbers need no source."""
        return _Walk(self, {}, sourced=False).collapse(node, shape, steps, Provenance())

    def _attributes(self, node: Node | None, known: Collection[str]) -> dict[str, Provenance]:
        """Return the default provenance of a file by name; `known` are the names that its numbers have."""
        if node is None:
            return {}
        self.problems += unknown_keys(node, ("attributes",), known, "no number has the name")
        if not isinstance(node.value, dict):
            message = f"expected a mapping from names to unit, source, grade and range, found {found(node)}"
            self.problems.append(problem(node.mark, message, steps=("attributes",)))
        return {name: self._attribute(name, entry) for name, entry in node.children.items()}

    def _attribute(self, name: str, node: Node) -> Provenance:
        steps = ("attributes", name)
        if not isinstance(node.value, dict):
            message = f"expected a mapping with unit, source, grade and range, found {found(node)}"
            self.problems.append(problem(node.mark, message, steps=steps))
        self.problems += unknown_keys(node, steps, PROVENANCE)
        return Provenance(node.children, steps, node.key or node.mark)


@dataclass(frozen=True, slots=True)
class _Walk:
    """One walk, with the attributes of its file."""

    out: Collapse
    attributes: Mapping[str, Provenance]
    sourced: bool
    """Whether every number needs a source."""

    def collapse(self, node: Node, shape: Shape, steps: Steps, inherited: Provenance) -> Plain:
        """Return an entry as plain values and register its numbers."""
        if isinstance(shape, Number):
            return self._number(node, shape, steps, inherited)
        if isinstance(shape, Record | Table) and isinstance(node.value, dict):
            if is_spread(node, shape):
                return self._spread(node, shape, steps, inherited)
            return self._mapping(node, shape, steps, inherited)
        if isinstance(shape, Row):
            if node.is_quantity:
                return self._spread(node, shape, steps, inherited)
            if isinstance(node.value, list):
                return [self.collapse(item, shape.item, (*steps, at), inherited) for at, item in enumerate(node.value)]
        return plain(node)

    def _mapping(self, node: Node, shape: Shape, steps: Steps, inherited: Provenance) -> Plain:
        """Return a mapping; a table sorted by id, so that the order in a file cannot matter."""
        children = node.children
        collapsed: dict[str, Plain] = {}
        for key in sorted(children) if isinstance(shape, Table) else children:
            child, inside = children[key], below(shape, key)
            nearest = self.attributes.get(key, inherited)
            collapsed[key] = plain(child) if inside is None else self.collapse(child, inside, (*steps, key), nearest)
        return collapsed

    def _spread(self, node: Node, shape: Shape, steps: Steps, inherited: Provenance) -> Plain:
        """Return a list or a table of numbers that is written with one source for all of them."""
        self.out.problems += unknown_keys(node, steps, ("value", *PROVENANCE))
        own = joined(node, steps, inherited)
        return self.collapse(node.children["value"], shape, steps, own)

    def _number(self, node: Node, shape: Number, steps: Steps, inherited: Provenance) -> Plain:
        """Return a number and register it."""
        written, origin = node, inherited
        if node.is_quantity:
            self.out.problems += unknown_keys(node, steps, ("value", *PROVENANCE))
            written, origin = node.children["value"], joined(node, steps, inherited)
        if written.is_number and (node.is_quantity or self.sourced):
            self._register(float(written.value), shape, steps, origin, node)  # type: ignore[arg-type]
        return plain(written)

    def _register(self, value: float, shape: Number, steps: Steps, origin: Provenance, node: Node) -> None:
        """Note a number in the register, or what its provenance lacks."""
        if shape.unit is None and not origin.entries:
            return
        unit = self._unit(shape, steps, origin)
        source, grade = origin.text("source"), self._grade(origin, steps, node)
        if not source:
            self._lacks("source", steps, origin, node)
        span = self._range(value, shape, origin, grade)
        if source and grade:
            low, high, log = span or (None, None, False)
            self.out.inputs.append(Input(dotted(steps), value, unit, source, grade, low, high, log))

    def _unit(self, shape: Number, steps: Steps, origin: Provenance) -> str:
        """Return the declared unit; another one in the file is a problem that names both."""
        given = origin.entries.get("unit")
        if given is not None and shape.unit is not None and given.value != shape.unit:
            message = f"expected the unit {shape.unit!r} of {steps[-1]}, found {found(given)}"
            self._problem(given.mark, message, (*origin.steps, "unit"), f"write unit: {shape.unit}")
        return shape.unit or ""

    def _grade(self, origin: Provenance, steps: Steps, node: Node) -> Grade | None:
        entry = origin.entries.get("grade")
        if entry is None:
            self._lacks("grade", steps, origin, node)
            return None
        if entry.value not in _GRADES:
            message = f"expected a grade, one of {', '.join(Grade)}; found {found(entry)}"
            self._problem(entry.mark, message, (*origin.steps, "grade"), near(entry.value, list(Grade)))
            return None
        return Grade(str(entry.value))

    def _lacks(self, key: str, steps: Steps, origin: Provenance, node: Node) -> None:
        """Report a number without source or grade: once for an attribute, else at the number."""
        if origin.entries:
            self._problem(origin.mark, f"the {key} is missing", origin.steps, f"add {key}: ...")
        else:
            name = next((step for step in reversed(steps) if isinstance(step, str)), "")
            hint = f"write {{value, unit, source, grade, range}}, or give attributes.{name}"
            self._problem(node.mark, "the number has no source and no grade", steps, hint)

    def _range(self, value: float, shape: Number, origin: Provenance, grade: Grade | None) -> Any:
        """Return the range of a number; an assumed one must have one, or a note that says why not."""
        written = origin.entries.get("range")
        if written is None:
            if grade is Grade.ASSUMED:
                hint = "add a range, or range: none with a note"
                self._problem(origin.mark, "what is assumed needs a range", origin.steps, hint)
            return None
        if written.value == "none" and grade is Grade.ASSUMED and not origin.text("note"):
            hint = "add note: why it is exact"
            self._problem(written.mark, "range: none needs a note", (*origin.steps, "range"), hint)
        try:
            return range_about(value, written, shape)
        except ValueError as error:
            self._problem(written.mark, str(error), (*origin.steps, "range"))
            return None

    def _problem(self, mark: Mark, message: str, steps: Steps, hint: str = "") -> None:
        self.out.problems.append(problem(mark, message, steps=steps, hint=hint))


def joined(node: Node, steps: Steps, inherited: Provenance) -> Provenance:
    """Return the provenance of a full form: its own entries over the inherited ones."""
    own = {key: child for key, child in node.children.items() if key in PROVENANCE}
    return Provenance({**inherited.entries, **own}, steps, node.mark)


def is_spread(node: Node, shape: Shape) -> bool:
    """Whether a table of numbers is written as `{value: {...}, source: ...}`."""
    return isinstance(shape, Table) and node.is_quantity and isinstance(node.children["value"].value, dict)
