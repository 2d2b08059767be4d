"""A case - a scenario with its world - as the entries of its own files, and what it takes from others.

A part of the world that lies beside the world's file is the case's own and is written out; one that lies elsewhere is
named. This module refuses to know cells.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from relocsim.spec import shipped
from relocsim.spec.changes import PARTS
from relocsim.spec.files import beside, part_of, read_kind, read_scenario
from relocsim.spec.flattening import Entry, flattened
from relocsim.spec.nodes import Node, Plain, plain
from relocsim.spec.shapes import Shape
from relocsim.workbook.layout import SHAPES
from relocsim.workbook.meanings import policy_shape


@dataclass(frozen=True)
class OwnPart:
    """A part of the world that is the case's own."""

    entries: tuple[Entry, ...]
    """Its own entries, without those of what it extends."""
    extends: str = ""
    """File that it extends; empty: none."""
    without: tuple[str, ...] = ()
    """What it leaves out of that file."""


@dataclass(frozen=True)
class Case:
    """A scenario with its world."""

    world: Mapping[str, Plain]
    """Name and base year of the world."""
    parts: Mapping[str, OwnPart]
    """Parts that are the case's own."""
    included: Mapping[str, str]
    """Files of the parts that are not."""
    scenario: tuple[Entry, ...]
    """What the scenario says."""
    policies: Mapping[str, tuple[Entry, ...]]
    """Entries of each policy."""
    override: tuple[Entry, ...] = ()
    """What the scenario changes of its world."""
    estimates: tuple[str, ...] = ()
    """Files of estimated parameters."""
    notes: tuple[tuple[str, str], ...] = field(default=())
    """Comments that head the files: name of the file, line."""


def read_case(path: str | Path, folder: Path) -> Case:
    """Return a case as its files say it, names of other files relative to `folder`; SpecError if they cannot be read."""
    tree, _ = read_scenario(path)
    file = beside(tree.children["world"], ("world",))
    world = read_kind(file, ("world",))[1]
    parts, included = {}, {}
    notes = [("scenario", line) for line in _comment(Path(path))] + [("world", line) for line in _comment(Path(file))]
    for part in PARTS:
        named = Path(beside(world.children["include"].children[part], ("include", part)))
        if named.resolve().parent == Path(file).resolve().parent:
            parts[part] = _own_part(part, named, folder)
            notes += [(part, line) for line in _comment(named)]
        else:
            included[part] = name_from(named, folder)
    estimates = tree.children.get("estimates", Node([]))
    return Case(
        {key: plain(world.children[key]) for key in ("name", "base_year") if key in world.children},
        parts,
        included,
        tuple(_under(tree, "scenario", SHAPES["scenario"])),
        {name: _policy(entry) for name, entry in tree.children.get("policies", Node({})).children.items()},
        tuple(_under(tree, "override", SHAPES["override"])),
        tuple(name_from(Path(beside(one, ("estimates", at))), folder) for at, one in enumerate(estimates.items)),
        tuple(notes),
    )


def _under(tree: Node, key: str, shape: Shape) -> tuple[Entry, ...]:
    node = tree.children.get(key)
    return tuple(flattened(node, shape)) if node is not None and node.value is not None else ()


def _policy(node: Node) -> tuple[Entry, ...]:
    """Return the entries of a policy, its kind first."""
    kind = node.children.get("kind")
    shape = policy_shape(kind.value if kind is not None else None)
    entries = tuple(flattened(node, shape)) if shape is not None else ()
    return tuple(sorted(entries, key=lambda entry: entry.steps != ("kind",)))


def _own_part(part: str, file: Path, folder: Path) -> OwnPart:
    root = read_kind(file, (part,))[1]
    attributes = part_of(root, part)[1]
    origin, without = root.children.get("extends"), root.children.get("without", Node([]))
    return OwnPart(
        tuple(flattened(root.children[part], SHAPES[part], attributes)),
        name_from(Path(beside(origin, ("extends",))), folder) if origin is not None else "",
        tuple(str(item.value) for item in without.items),
    )


def name_from(path: Path, folder: Path) -> str:
    """Return the name of a file as seen from a folder; one that comes with relocsim is called so."""
    name = shipped.named(path)
    if name is not None:
        return name
    try:
        return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()
    except ValueError:  # another drive
        return path.resolve().as_posix()


def _comment(file: Path) -> list[str]:
    """Return the lines of comment that head a file."""
    lines = []
    for line in file.read_text(encoding="utf-8-sig").splitlines():
        if not line.startswith("#"):
            break
        lines.append(line.removeprefix("#").strip())
    return lines
