"""Figures of evidence files by id, as targets name them. Refuses to compare them with anything.

Of a file only what a target needs is read: of each entry of `figures` (a list with `id`, or a mapping by id) `value`, `use`
and `source`; what else a file says is for others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from relocsim.errors import Problem, SpecError
from relocsim.spec.nodes import Node, problem
from relocsim.spec.reading import read_file
from relocsim.spec.words import found, near

CALIBRATE = "calibrate"
USES = (CALIBRATE, "validate", "mechanism")


@dataclass(frozen=True)
class Figure:
    """A published figure."""

    values: tuple[float, ...]
    use: str
    """calibrate, validate or mechanism."""
    source: str


Evidence: TypeAlias = Mapping[str, Figure]


def evidence_of(files: Sequence[str]) -> tuple[Evidence, list[Problem]]:
    """Return the figures of some files by id, and what is wrong with the files."""
    figures: dict[str, Figure] = {}
    problems: list[Problem] = []
    for file in files:
        try:
            entries = list(_entries(read_file(file)))
        except SpecError as error:
            problems += error.problems
            continue
        for name, node in entries:
            try:
                figure = _figure(name, node)
            except SpecError as error:
                problems += error.problems
                continue
            if name in figures:
                problems.append(problem(node.mark, f"there is another figure {name!r}", hint="an id is given once"))
            figures[name] = figure
    return figures, problems


def _entries(root: Node) -> Iterator[tuple[str, Node]]:
    """Yield the entries of a file by id."""
    table = root.children.get("figures")
    if table is None or not (table.items or table.children):
        raise SpecError([problem(root.mark, "there are no figures in it", hint="name a file of evidence")])
    yield from table.children.items()
    for node in table.items:
        named = node.children.get("id")
        if named is None or not isinstance(named.value, str):
            raise SpecError([problem(node.mark, "'id' is missing", hint="give every figure an id")])
        yield named.value, node


def _figure(name: str, node: Node) -> Figure:
    """Return a figure; SpecError where it says no number or no use."""
    value, use = node.children.get("value"), node.children.get("use")
    numbers = [value, *value.items] if value is not None else []
    values = tuple(float(one.value) for one in numbers if one.is_number)  # type: ignore[arg-type]
    if not values:
        message = f"expected a number or a list of numbers as the value of {name!r}, found {found(value)}"
        raise SpecError([problem((value or node).mark, message)])
    if use is None or use.value not in USES:
        message = f"expected the use of {name!r}: one of {', '.join(USES)}, found {found(use)}"
        raise SpecError([problem((use or node).mark, message, hint=near(use.value, USES) if use else "")])
    told = node.children.get("source") or node.children.get("what")
    return Figure(values, str(use.value), str(told.value) if told else name)
