"""The files of a world become a world, the inputs that it registers, and all that is wrong with it.

What came of files not long ago is kept, for the whole and part by part: a plan, a page or a comparison loads one world
many times over with another scenario, or with one of its parts changed. Trees are told apart by identity, which holds
because nobody writes to a tree (see `reading`). This module refuses to read files and to know scenarios.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pydantic import ValidationError

from relocsim.errors import Problem
from relocsim.sources import Input
from relocsim.spec.changes import PARTS, WORLD
from relocsim.spec.crosschecks import world_problems
from relocsim.spec.files import WorldFiles
from relocsim.spec.names import names_in
from relocsim.spec.nodes import Mark, Node, Plain, plain
from relocsim.spec.quantities import Collapse
from relocsim.spec.validation import accepted, validated
from relocsim.world.description import WorldDescription

KEPT = 8
"""Worlds that are kept: about a megabyte each."""


@dataclass(frozen=True, eq=False)
class Judged:
    """What came of the files of a world."""

    world: WorldDescription | None
    """The world; none if it is unsound by itself."""
    inputs: tuple[Input, ...]
    """Its numbers, in the order in which they are written."""
    problems: tuple[Problem, ...]
    """All that is wrong with it."""


def world_of(files: WorldFiles) -> Judged:
    """Return what comes of the files of a world."""
    given = tuple((key, node, files.attributes.get(key)) for key, node in files.tree.children.items())
    return _whole(given, files.tree.mark)


@dataclass(frozen=True, eq=False)
class _Part:
    """What came of one part of a world."""

    values: Plain
    """Its plain values, which nobody writes to."""
    inputs: list[Input]
    problems: list[Problem]
    model: Any
    """The part itself; none if it is unsound."""


@lru_cache(maxsize=KEPT)
def _whole(given: tuple[tuple[str, Node, Node | None], ...], mark: Mark) -> Judged:
    """Return what comes of entries of a world, each with the default provenance of its file."""
    tree = Node({key: node for key, node, _ in given}, mark)
    parts = {key: _part(key, node, attributes) for key, node, attributes in given if key in PARTS}
    head = {key: plain(node) for key, node, _ in given if key not in PARTS}
    inputs = [entry for part in parts.values() for entry in part.inputs]
    problems = [problem for part in parts.values() for problem in part.problems]
    world = _of_parts({**head, **{key: part.model for key, part in parts.items()}})
    values = {**head, **{key: part.values for key, part in parts.items()}}
    if world is None:
        world, wrong = validated(WorldDescription, values, tree)
        problems += wrong
    problems += world_problems(values if world is None else world, tree, names_in(tree))
    return Judged(world, tuple(inputs), tuple(problems))


@lru_cache(maxsize=KEPT * len(PARTS))
def _part(part: str, node: Node, attributes: Node | None) -> _Part:
    """Return what comes of a part by itself; why it is unsound is told of the world as a whole."""
    collapse = Collapse()
    values = collapse.part(node, WORLD.fields[part], (part,), attributes)
    model = accepted(WorldDescription.model_fields[part].annotation, values)
    return _Part(values, collapse.inputs, collapse.problems, model)


def _of_parts(entries: dict[str, Any]) -> WorldDescription | None:
    """Return a world of parts that are made already; none where one of them, its name or its year is unsound."""
    try:
        return WorldDescription.model_validate(entries, strict=True)
    except ValidationError:
        return None
