"""Worlds that are collapsed and judged once, however often a scenario on them is varied.

A part is known again by its tree, which nobody writes to: a change of a policy meets the whole world again, a change of a
parameter all parts but one. Only what is sound is kept. This module refuses to say what is wrong (see `loading`).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from pydantic import ValidationError

from relocsim.sources import Input
from relocsim.spec.changes import PARTS, WORLD
from relocsim.spec.crosschecks import world_problems
from relocsim.spec.files import WorldFiles
from relocsim.spec.names import names_in
from relocsim.spec.nodes import Node, Plain, plain
from relocsim.spec.quantities import Collapse
from relocsim.spec.validation import validated
from relocsim.world.description import WorldDescription

Found = TypeVar("Found")
KEPT = 24
"""Results that are kept: a world in the state of a few changes, each of its parts in as many."""


class Keep:
    """Results by the trees that they were made of."""

    def __init__(self, most: int = KEPT) -> None:
        self._most = most
        self._held: OrderedDict[Hashable, tuple[object, Any]] = OrderedDict()

    def once(self, what: str, trees: tuple[object, ...], make: Callable[[], Found | None]) -> Found | None:
        """Return what `make` gives for these trees, from an earlier call where there was one; none is not kept."""
        key = (what, *(id(tree) for tree in trees))
        held = self._held.get(key)
        if held is None:
            made = make()
            if made is None:
                return None
            # the trees are held too, so that no other takes their identity
            held = self._held[key] = (trees, made)
            if len(self._held) > self._most:
                self._held.popitem(last=False)
        self._held.move_to_end(key)
        found: Found = held[1]
        return found

    def world(self, files: WorldFiles) -> tuple[WorldDescription, list[Input]] | None:
        """Return a world and its inputs; none where anything is wrong with it."""
        trees = (*files.tree.children.values(), *files.attributes.values())
        return self.once("world", trees, lambda: self._world(files))

    def _world(self, files: WorldFiles) -> tuple[WorldDescription, list[Input]] | None:
        head: dict[str, Any] = {}
        values: dict[str, Plain] = {}
        inputs: list[Input] = []
        for key, node in files.tree.children.items():
            if key not in PARTS:
                head[key] = values[key] = plain(node)
                continue
            part = self._part(key, node, files.attributes[key])
            if part is None:
                return None
            head[key], values[key] = part[0], part[1]
            inputs += part[2]
        world = _described(head)
        if world is None or world_problems(values, files.tree, names_in(files.tree)):
            return None
        return world, inputs

    def _part(self, key: str, node: Node, attributes: Node | None) -> tuple[Any, Plain, list[Input]] | None:
        """Return a part as model and as plain values, and its inputs; none where anything is wrong with it."""

        def make() -> tuple[Any, Plain, list[Input]] | None:
            collapse = Collapse()
            values = collapse.part(node, WORLD.fields[key], (key,), attributes)
            model, problems = validated(WorldDescription.model_fields[key].annotation, values, node, (key,))
            return None if collapse.problems or problems else (model, values, collapse.inputs)

        return self.once(key, (node, attributes), make)


def _described(head: dict[str, Any]) -> WorldDescription | None:
    """Return a world of its parts; none where its name or year is unsound, which `loading` then says."""
    try:
        return WorldDescription.model_validate(head, strict=True)
    except ValidationError:
        return None
