"""Scenarios over scenarios, changes over worlds: what is laid over what, and what that changed.

Mappings are merged entry by entry; scalars, lists and numbers in full form are replaced whole. Every change is kept,
old and new. This module refuses to judge values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from relocsim.spec.nodes import Node, Plain, Steps, dotted, leaves, plain


@dataclass(frozen=True)
class Difference:
    """One entry that a variant, an override or the command line changed."""

    path: str
    """Dotted path of the entry."""
    old: str
    """What it was, in words."""
    new: str
    """What it is, in words."""
    where: str
    """Where it was changed: file and line, or the command line."""

    def __str__(self) -> str:
        return f"{self.path}: {self.old} -> {self.new} ({self.where})"


def merged(base: Node, over: Node) -> Node:
    """Return `base` with `over` laid over it; neither is changed."""
    if not isinstance(base.value, dict) or not isinstance(over.value, dict) or base.is_quantity or over.is_quantity:
        return over
    children = dict(base.value)
    for key, child in over.value.items():
        children[key] = merged(children[key], child) if key in children else child
    return Node(children, base.mark, base.key)


def placed(root: Node, steps: Steps, leaf: Node) -> Node:
    """Return `root` with the entry at `steps` replaced by `leaf`; mappings on the way are made where they lack."""
    if not steps:
        return Node(leaf.value, leaf.mark, leaf.key or leaf.mark)
    if root.is_quantity:
        return Node({**root.children, "value": placed(root.children["value"], steps, leaf)}, root.mark, root.key)
    step, rest = steps[0], steps[1:]
    if isinstance(step, int):
        items = [placed(item, rest, leaf) if at == step else item for at, item in enumerate(root.items)]
        return Node(items, root.mark, root.key)
    child = root.children.get(step) or Node({}, leaf.mark, leaf.key or leaf.mark)
    return Node({**root.children, step: placed(child, rest, leaf)}, root.mark, root.key)


def entry_at(node: Node, steps: Steps) -> Node | None:
    """Return the entry at `steps`, if it is there (inside the value of a quantity too)."""
    for step in steps:
        inner = node.children["value"] if node.is_quantity else node
        child = inner.child(step)
        if child is None:
            return None
        node = child
    return node


def differences(base: Node, over: Node, default: Callable[[Node, Steps], object]) -> Iterator[Difference]:
    """Yield what changes where `over` is laid over `base`; `default` is the value of what `base` does not say."""
    for steps, leaf in leaves(over):
        if leaf.value != {}:
            yield from difference(steps, entry_at(base, steps), leaf, default=default(base, steps))


def difference(steps: Steps, old: Node | None, leaf: Node, *, default: object = None) -> Iterator[Difference]:
    """Yield the change of one entry, if it is one; `default` is its value where no file gives one."""
    old_words = in_words(value_of(old)) if old is not None else in_words(default)
    new_words = in_words(value_of(leaf))
    if old_words != new_words:
        yield Difference(dotted(steps), old_words, new_words, str(leaf.key or leaf.mark))


def value_of(node: Node) -> Plain:
    """Return the plain value of an entry; of a number in full form the number alone."""
    if node.is_quantity:
        return value_of(node.children["value"])
    if isinstance(node.value, list):
        return [value_of(item) for item in node.value]
    return plain(node)


def in_words(value: object) -> str:
    """Return a plain value as text."""
    if value is None:
        return "not set"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return f"{value:.12g}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(in_words(item) for item in value)}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {in_words(item)}' for key, item in value.items())}}}"
    return " ".join(str(value).split()) or "nothing"
