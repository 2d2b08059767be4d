"""A workbook becomes the trees of a case, which the schema of the project judges, every entry with the address of its cell.

This module refuses to write files.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from relocsim.errors import Problem, SpecError
from relocsim.spec import Spec, shipped
from relocsim.spec.changes import PARTS
from relocsim.spec.files import FORMAT, WorldFiles, part_of, read_kind
from relocsim.spec.loading import load_trees
from relocsim.spec.nodes import Mark, Node, Plain, Steps, dotted, plain, problem
from relocsim.workbook.cells import narrow, text_of
from relocsim.workbook.layout import NOTES, SHEETS, WORLD_SHEET
from relocsim.workbook.rows import UNREAD, Tree, row_problems, shape_for, taken
from relocsim.workbook.sheets import Book, open_book


@dataclass
class ReadCase:
    """What a workbook says."""

    book: Book
    """The workbook."""
    trees: dict[str, Node] = field(default_factory=dict)
    """Content of each sheet of entries, by part."""
    world: dict[str, Node] = field(default_factory=dict)
    """Entries of the sheet of the world."""
    estimates: list[Node] = field(default_factory=list)
    """Files of estimated parameters."""
    comments: dict[str, list[str]] = field(default_factory=dict)
    """Lines of comment of each file."""
    broken: set[str] = field(default_factory=set)
    """Paths of entries whose cells cannot be read."""

    @property
    def own(self) -> list[str]:
        """Parts of the world that the workbook holds."""
        return [part for part in PARTS if part in self.trees]


def read_workbook(path: str | Path) -> tuple[ReadCase, Spec]:
    """Return what a workbook says, and the specification that it is; SpecError with everything wrong, cell by cell."""
    book = open_book(path)
    read = ReadCase(book)
    for part, title in SHEETS.items():
        if book.has(title):
            _take_sheet(read, part, title)
    _take_world(read)
    if book.has(NOTES):
        for name, text, _ in book.pairs(NOTES):
            read.comments.setdefault(narrow(str(name or "scenario")), []).append(text_of("" if text is None else text))
    for title in (SHEETS["scenario"], WORLD_SHEET):
        if not book.has(title):
            book.problems.append(Problem(f"the sheet {title!r} is missing", file=book.name))
    return read, _judged(read)


def _take_sheet(read: ReadCase, part: str, title: str) -> None:
    """Take the entries of one sheet."""
    tree = Tree(Node({}, Mark(f"{read.book.name}: {title}!A1")))
    rows = list(read.book.rows(title))
    shape = shape_for(part, rows)
    seen: dict[Steps, Mark] = {}
    for row in rows:
        entry, problems = taken(row, part, shape)
        problems += row_problems(row, entry.steps if entry else (), seen)
        read.book.problems += problems
        if entry is not None and not problems and entry.node.value != UNREAD:
            tree.put(entry)
        elif entry is not None:
            read.broken.add(dotted((part, *entry.steps) if part not in ("override",) else entry.steps))
    read.book.problems += tree.problems()
    read.trees[part] = tree.root


def _take_world(read: ReadCase) -> None:
    """Take the sheet of the world: its name, what parts extend, leave out or are."""
    known = {"name", "base_year", *(f"{part}.{key}" for part in PARTS for key in ("extends", "without", "include"))}
    for item, value, mark in read.book.pairs(WORLD_SHEET) if read.book.has(WORLD_SHEET) else ():
        name = narrow(str(item or ""))
        if name == "estimates":
            read.estimates.append(Node(text_of(value), mark, mark))
        elif name in read.world or name not in known:
            what = "is given twice" if name in read.world else f"is unknown; expected one of {', '.join(sorted(known))}"
            read.book.problems.append(problem(mark, f"{name!r} {what}"))
        elif value is None:
            read.book.problems.append(problem(mark, f"expected a value of {name!r}, found nothing"))
        else:
            read.world[name] = _item(name, value, mark)


def _item(name: str, value: Any, mark: Mark) -> Node:
    if name.endswith(".without"):
        return Node([Node(narrow(one), mark) for one in text_of(value).split(",") if one.strip()], mark, mark)
    return Node(value if name == "base_year" else text_of(value), mark, mark)


def _judged(read: ReadCase) -> Spec:
    """Return the specification; SpecError with what the cells and what the schema say."""
    problems = list(read.book.problems)
    try:
        files = _world_files(read)
        spec = load_trees(_scenario_tree(read), files)
    except SpecError as error:
        raise SpecError(_without_echoes([*problems, *error.problems], len(problems), read.broken)) from None
    if problems:
        raise SpecError(sorted(problems, key=_place))
    return spec


def _without_echoes(problems: list[Problem], own: int, broken: set[str]) -> list[Problem]:
    """Return problems less what the schema says of entries whose cells could not be read, each once."""
    lost = {one.path for one in problems[own:] if any(f"{path}.".startswith(f"{one.path}.") for path in broken)}
    kept = problems[:own] + [one for one in problems[own:] if not one.path or one.path not in lost]
    return sorted(dict.fromkeys(kept), key=_place)


def _place(one: Problem) -> tuple[str, int, str]:
    """Return where a problem stands: sheet, row, column."""
    found = re.search(r": ([^!]+)!([A-Z]+)(\d+)", one.file)
    return (found[1], int(found[3]), found[2].rjust(3)) if found else ("", 0, "")


def _scenario_tree(read: ReadCase) -> Node:
    mark = Mark(read.book.name)
    children = {
        "format": Node(FORMAT, mark), "kind": Node("scenario", mark), "world": Node("world.yaml", mark),
        "scenario": read.trees.get("scenario", Node({}, mark)), "policies": read.trees.get("policies", Node({}, mark)),
    }  # fmt: skip
    if read.trees.get("override", Node({})).children:
        children["override"] = read.trees["override"]
    if read.estimates:
        children["estimates"] = Node([Node(_absolute(read, one), one.mark) for one in read.estimates], mark)
    return Node(children, mark)


def _absolute(read: ReadCase, node: Node) -> str:
    """Return where a file is that a workbook names, relative to the workbook."""
    name = str(node.value)
    return name if shipped.is_shipped(name) else str(Path(read.book.name).resolve().parent / name)


def _world_files(read: ReadCase) -> WorldFiles:
    """Return the world with what its parts extend; SpecError where one cannot be had."""
    mark = Mark(f"{read.book.name}: {WORLD_SHEET}!A1")
    children: dict[str, Node] = {key: read.world[key] for key in ("name", "base_year") if key in read.world}
    problems = [problem(mark, f"{key!r} is missing") for key in ("name", "base_year") if key not in read.world]
    attributes: dict[str, Node | None] = {}
    for part in PARTS:
        try:
            children[part], attributes[part] = part_of(_part_root(read, part, mark), part)
        except SpecError as error:
            problems += error.problems
    if problems:
        raise SpecError(problems)
    return WorldFiles(Node(children, mark), attributes)


def _part_root(read: ReadCase, part: str, mark: Mark) -> Node:
    """Return the file of a part: what the workbook holds of it, or the file that it names."""
    included = read.world.get(f"{part}.include")
    if part in read.trees:
        if included is not None:
            message = f"the sheet {SHEETS[part]!r} holds this part, and a file is named for it"
            raise SpecError([problem(included.mark, message, hint="delete one of the two")])
        extends, without = read.world.get(f"{part}.extends"), read.world.get(f"{part}.without")
        root = {"format": Node(FORMAT, mark), "kind": Node(part, mark), part: read.trees[part]}
        if extends is not None:
            root["extends"] = Node(_absolute(read, extends), extends.mark, extends.key)
        if without is not None:
            root["without"] = without
        return Node(root, read.trees[part].mark)
    if included is None:
        hint = f"add {part}.include with shipped:chenzhou/{part}.yaml"
        raise SpecError([problem(mark, f"there is neither a sheet {SHEETS[part]!r} nor a file for it", hint=hint)])
    name = _absolute(read, included)
    try:
        return read_kind(str(shipped.located(name)) if shipped.is_shipped(name) else name, (part,))[1]
    except (SpecError, ValueError) as error:
        raise SpecError([problem(included.mark, str(error))]) from None


def files_of(read: ReadCase, folder: Path) -> dict[str, tuple[Mapping[str, Plain], str]]:
    """Return the files that a workbook stands for, by name: content and comment; other files as seen from `folder`."""
    head: dict[str, Plain] = {"format": FORMAT}
    include: dict[str, Plain] = {}
    files: dict[str, tuple[Mapping[str, Plain], str]] = {}
    for part in PARTS:
        if part not in read.own:
            include[part] = _seen_from(read, read.world[f"{part}.include"], folder)
            continue
        include[part] = f"{part}.yaml"
        content = {**head, "kind": part}
        if f"{part}.extends" in read.world:
            content["extends"] = _seen_from(read, read.world[f"{part}.extends"], folder)
        if f"{part}.without" in read.world:
            content["without"] = plain(read.world[f"{part}.without"])
        files[f"{part}.yaml"] = ({**content, part: plain(read.trees[part])}, _comment(read, part))
    world = {
        **head,
        "kind": "world",
        **{key: plain(read.world[key]) for key in ("name", "base_year")},
        "include": include,
    }
    files["world.yaml"] = (world, _comment(read, "world"))
    scenario: dict[str, Plain] = {**head, "kind": "scenario", "world": "world.yaml"}
    if read.estimates:
        scenario["estimates"] = [_seen_from(read, one, folder) for one in read.estimates]
    for key in ("scenario", "policies", "override"):
        if key in read.trees and read.trees[key].children:
            scenario[key] = plain(read.trees[key])
    files["baseline.yaml"] = (scenario, _comment(read, "scenario"))
    return files


def _seen_from(read: ReadCase, node: Node, folder: Path) -> str:
    name = _absolute(read, node)
    return name if shipped.is_shipped(name) else Path(os.path.relpath(name, folder.resolve())).as_posix()


def _comment(read: ReadCase, name: str) -> str:
    return "\n".join(_lines(read.comments.get(name, [])))


def _lines(texts: Iterable[str]) -> list[str]:
    return [line for text in texts for line in (text.splitlines() or [""])]
