"""What a file says, entry by entry, and where it says it.

A tree of plain values, each with its position, which merging carries along: a problem found later can still name the
line. This module refuses to know what any entry means.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from relocsim.errors import Problem

Scalar: TypeAlias = str | int | float | bool | None
Step: TypeAlias = str | int
Steps: TypeAlias = tuple[Step, ...]
Plain: TypeAlias = "dict[str, Plain] | list[Plain] | Scalar"


class Mark(NamedTuple):
    """A position in a file; the command line has none."""

    file: str = ""
    """File as the user named it; empty for the command line."""
    line: int | None = None
    """1-based line."""
    column: int | None = None
    """1-based column."""

    def __str__(self) -> str:
        return ":".join(str(part) for part in self if part) or "the command line"


NOWHERE = Mark()
"""The command line."""


@dataclass(slots=True, eq=False)
class Node:
    """One entry: a mapping, a list or a scalar, with its position."""

    value: dict[str, Node] | list[Node] | Scalar
    """Children by key, children in order, or a plain value."""
    mark: Mark = NOWHERE
    """Where the value begins."""
    key: Mark | None = None
    """Where its key stands, in a mapping."""

    @property
    def children(self) -> dict[str, Node]:
        """Children by key; none if it is not a mapping."""
        return self.value if isinstance(self.value, dict) else {}

    @property
    def items(self) -> list[Node]:
        """Children in order; none if it is not a list."""
        return self.value if isinstance(self.value, list) else []

    @property
    def is_quantity(self) -> bool:
        """Whether it is a number in its full form: a mapping with `value`."""
        return isinstance(self.value, dict) and "value" in self.value

    @property
    def is_number(self) -> bool:
        """Whether it is a bare number."""
        return isinstance(self.value, int | float) and not isinstance(self.value, bool)

    def child(self, step: Step) -> Node | None:
        """Return the child at a key or an index, if there is one."""
        if isinstance(step, int):
            return self.items[step] if 0 <= step < len(self.items) else None
        return self.children.get(step)


def plain(node: Node) -> Plain:
    """Return the values of a tree without their positions."""
    if isinstance(node.value, dict):
        return {key: plain(child) for key, child in node.value.items()}
    if isinstance(node.value, list):
        return [plain(child) for child in node.value]
    return node.value


def descend(node: Node, steps: Sequence[Step]) -> tuple[Node, Steps]:
    """Return the deepest entry on the way along `steps`, and the steps that led to it.

    Steps that lead nowhere are passed over (pydantic names the branches of a union among them).
    """
    taken: list[Step] = []
    for step in steps:
        child = (node.children["value"] if node.is_quantity else node).child(step)
        if child is not None:
            node = child
            taken.append(step)
    return node, tuple(taken)


def leaves(node: Node, steps: Steps = ()) -> Iterator[tuple[Steps, Node]]:
    """Yield every entry that is replaced as a whole: scalars, lists, quantities, empty mappings."""
    if not node.children or node.is_quantity:
        yield steps, node
        return
    for key, child in node.children.items():
        yield from leaves(child, (*steps, key))


def dotted(steps: Sequence[Step]) -> str:
    """Return steps as a path, such as `network.lines.beijing-guangzhou-rail.hours[3]`."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    return text.removeprefix(".")


def steps_of(path: str) -> Steps:
    """Return the steps of a dotted path."""
    words = path.replace("[", ".[").split(".")
    return tuple(int(word[1:-1]) if word.startswith("[") and word.endswith("]") else word for word in words)


def problem(mark: Mark, message: str, *, steps: Sequence[Step] = (), hint: str = "") -> Problem:
    """Return a problem at a position."""
    return Problem(message, file=mark.file, line=mark.line, column=mark.column, path=dotted(steps), hint=hint)
