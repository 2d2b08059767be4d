"""Results that are kept by the trees that they were made of, which nobody writes to.

A scenario that is varied many times meets the same changes of its world again; what the world comes to is then known too
(see `judging`). This module refuses to know what is kept.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

Found = TypeVar("Found")
KEPT = 24
"""Results that are kept: a world in the state of a few changes."""


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
