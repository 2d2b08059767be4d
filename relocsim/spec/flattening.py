"""Entries of a file as rows, one a value, each number with the whole of its provenance.

What stands in a file's `attributes`, or once for a whole list, is written out at each number, so that a row says all by
itself. This module refuses to judge values and to know tables or cells.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from relocsim.spec.nodes import Node, Plain, Steps, plain
from relocsim.spec.quantities import PROVENANCE, Provenance, is_spread, joined
from relocsim.spec.shapes import Number, Record, Row, Shape, Table, below


@dataclass(frozen=True, slots=True)
class Entry:
    """One value of a file."""

    steps: Steps
    """Its path."""
    value: Plain
    """The value: a scalar, a list of what are no numbers, or an empty mapping."""
    provenance: Mapping[str, Plain] = field(default_factory=dict)
    """Of a number: unit, source, grade, range and note, those that are given."""


def flattened(node: Node, shape: Shape, attributes: Node | None = None, steps: Steps = ()) -> Iterator[Entry]:
    """Yield the entries of a tree in its order.

    Parameters
    ----------
    node
        Content.
    shape
        What belongs where in it.
    attributes
        Default provenance of the file, by name.
    steps
        Path of the content itself.
    """
    known = {name: Provenance(entry.children) for name, entry in (attributes.children if attributes else {}).items()}
    yield from _walk(node, shape, steps, known, Provenance())


def _walk(
    node: Node, shape: Shape, steps: Steps, attributes: Mapping[str, Provenance], inherited: Provenance
) -> Iterator[Entry]:
    if isinstance(shape, Number):
        origin = joined(node, steps, inherited) if node.is_quantity else inherited
        written = node.children["value"] if node.is_quantity else node
        yield Entry(
            steps, plain(written), {key: plain(origin.entries[key]) for key in PROVENANCE if key in origin.entries}
        )
    elif node.children and isinstance(shape, Record | Table) and not is_spread(node, shape):
        for key, child in node.children.items():
            inside, nearest = below(shape, key), attributes.get(key, inherited)
            if inside is None:
                yield Entry((*steps, key), plain(child))
            else:
                yield from _walk(child, inside, (*steps, key), attributes, nearest)
    elif isinstance(shape, Table | Row) and node.is_quantity:
        own = joined(node, steps, inherited)
        yield from _walk(node.children["value"], shape, steps, attributes, own)
    elif isinstance(shape, Row) and isinstance(shape.item, Number) and node.items:
        for at, item in enumerate(node.items):
            yield from _walk(item, shape.item, (*steps, at), attributes, inherited)
    else:
        yield Entry(steps, plain(node))
