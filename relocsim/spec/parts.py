"""Parts of a world that extend another world's: what is taken over, what is left out, what is laid over it.

`extends` names a file of the same kind, `without` what of it is left out; the rest is merged entry by entry. Default
provenance holds for both files, so that none may be given twice. This module refuses to read headers (see `files`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from relocsim.errors import Problem, SpecError
from relocsim.spec.merging import entry_at, merged
from relocsim.spec.nodes import Node, Steps, dotted, problem, steps_of
from relocsim.spec.words import found, near

Part = tuple[Node, Node | None]
"""Content and default provenance."""
Read = Callable[[Node], Part]
"""What gives the part that an entry `extends` names."""


def extended(root: Node, part: str, read: Read) -> Part:
    """Return a part with what it extends; SpecError if what it leaves out, or gives anew, is unsound."""
    origin = root.children.get("extends")
    without = root.children.get("without")
    if origin is None:
        if without is not None:
            message = "'without' leaves nothing out: the file extends no other"
            raise SpecError([problem(without.key or without.mark, message, steps=("without",), hint="add extends")])
        return root.children[part], root.children.get("attributes")
    content, attributes = read(origin)
    content = _left_out(content, without)
    return merged(content, root.children[part]), _provenance(attributes, root.children.get("attributes"))


def _left_out(content: Node, without: Node | None) -> Node:
    """Return the content of a part less the entries at the paths that `without` lists."""
    if without is None:
        return content
    if not isinstance(without.value, list):
        message = f"expected a list of what is left out, found {found(without)}"
        raise SpecError([problem(without.mark, message, steps=("without",))])
    problems: list[Problem] = []
    for at, item in enumerate(without.items):
        steps = steps_of(item.value) if isinstance(item.value, str) and item.value else ()
        if not steps or entry_at(content, steps) is None:
            hint = near(item.value, [dotted(path) for path in _entries(content)])
            message = f"the file that is extended has no entry {found(item)}"
            problems.append(problem(item.mark, message, steps=("without", at), hint=hint))
            continue
        content = _removed(content, steps)
    if problems:
        raise SpecError(problems)
    return content


def _entries(content: Node) -> Iterator[Steps]:
    """Yield what one may mean to leave out: entries of a part, and those right below them."""
    for key, child in content.children.items():
        yield (key,)
        for inner in child.children:
            yield (key, inner)


def _removed(node: Node, steps: Steps) -> Node:
    """Return a tree without the entry at `steps`, which is there."""
    step, rest = steps[0], steps[1:]
    if isinstance(node.value, list):
        items = [
            _removed(item, rest) if at == step else item for at, item in enumerate(node.items) if rest or at != step
        ]
        return Node(items, node.mark, node.key)
    children = {key: child for key, child in node.children.items() if key != step}
    if rest:
        children = {key: _removed(child, rest) if key == step else child for key, child in node.children.items()}
    return Node(children, node.mark, node.key)


def _provenance(base: Node | None, own: Node | None) -> Node | None:
    """Return the default provenance of both files; one that both give would hold for the numbers of both."""
    if base is None or own is None:
        return own if base is None else base
    twice = [(name, entry) for name, entry in own.children.items() if name in base.children]
    if twice:
        hint = "write the source with the number itself: {value, source, grade, range}"
        message = "the file that is extended gives this already, for the numbers of both"
        raise SpecError(
            [problem(entry.key or entry.mark, message, steps=("attributes", name), hint=hint) for name, entry in twice]
        )
    return Node({**base.children, **own.children}, own.mark, own.key)
