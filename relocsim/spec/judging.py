"""The files of a world become a world, the inputs that it registers, and all that is wrong with it.

What came of files not long ago is kept, for the whole and part by part: a plan, a page or a comparison loads one world
many times over with another scenario, or with one of its parts changed. Trees are told apart by identity, which holds
because nobody writes to a tree (see `reading`). This module refuses to read files and to know scenarios.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from relocsim.errors import Problem
from relocsim.sources import Input
from relocsim.spec.changes import PARTS, WORLD
from relocsim.spec.crosschecks import world_problems
from relocsim.spec.files import WorldFiles
from relocsim.spec.names import names_in
from relocsim.spec.nodes import Mark, Node, Plain, plain
from relocsim.spec.quantities import Collapse
from relocsim.spec.validation import validated
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


@lru_cache(maxsize=KEPT)
def _whole(given: tuple[tuple[str, Node, Node | None], ...], mark: Mark) -> Judged:
    """Return what comes of entries of a world, each with the default provenance of its file."""
    tree = Node({key: node for key, node, _ in given}, mark)
    values: dict[str, Plain] = {}
    inputs: list[Input] = []
    problems: list[Problem] = []
    for key, node, attributes in given:
        if key in PARTS:
            values[key], registered, wrong = _part(key, node, attributes)
            inputs += registered
            problems += wrong
        else:
            values[key] = plain(node)
    world, wrong = validated(WorldDescription, values, tree)
    across = world_problems(values if world is None else world, tree, names_in(tree))
    return Judged(world, tuple(inputs), (*problems, *wrong, *across))


@lru_cache(maxsize=KEPT * len(PARTS))
def _part(part: str, node: Node, attributes: Node | None) -> tuple[Any, list[Input], list[Problem]]:
    """Return the plain values of a part, which nobody writes to, its inputs and its problems."""
    collapse = Collapse()
    values = collapse.part(node, WORLD.fields[part], (part,), attributes)
    return values, collapse.inputs, collapse.problems
