"""Rows of a sheet become entries of a tree, each with the address of its cell. This module refuses to judge the entries."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from relocsim.errors import Problem
from relocsim.spec.changes import PARTS
from relocsim.spec.nodes import Mark, Node, Plain, Steps, dotted, problem, steps_of
from relocsim.spec.shapes import Number, Record, Shape, below, shape_at
from relocsim.spec.words import near
from relocsim.workbook.cells import decoded, narrow, span, text_of
from relocsim.workbook.layout import GRADES_ZH, SHAPES
from relocsim.workbook.meanings import policy_shape
from relocsim.workbook.sheets import SheetRow, Uncalculated

PREFIXED = ("scenario", "parameters")
"""Sheets whose rows have no entries of their own: the first column names the sheet."""
_WORDS = ("unit", "grade", "source", "note")
_RANGE = ("low", "high", "spread")
UNREAD = "\0"
"""Stands for a value that could not be read and about which a problem has been noted already."""
Shapes = Callable[[Steps], Shape | None]
"""Gives what belongs at a path of a sheet."""


@dataclass(frozen=True)
class Placed:
    """An entry of a sheet."""

    steps: Steps
    """Its path within the part."""
    node: Node
    """Its value, with the address of its cell."""


def shape_for(part: str, rows: Sequence[SheetRow]) -> Shapes:
    """Return what belongs where in a sheet; in that of policies it goes by the kind that a row of theirs gives."""
    if part != "policies":
        return lambda steps: shape_at(SHAPES[part], steps)
    kinds = {
        narrow(str(row.cells["entry"])): narrow(str(row.cells["value"]))
        for row in rows
        if narrow(str(row.cells["field"] or "")) == "kind"
    }
    return lambda steps: shape_at(policy_shape(kinds.get(str(steps[0]))), steps[1:])


def taken(row: SheetRow, part: str, shapes: Shapes) -> tuple[Placed | None, list[Problem]]:
    """Return the entry of a row (none where it has no name), and what of its cells cannot be read."""
    cells, marks = row.cells, row.marks
    if any(isinstance(cells[key], Uncalculated) for key in ("entry", "field")):
        return None, []
    if cells["entry"] is None:
        return None, [problem(marks["entry"], "expected the id of an entry, found nothing", hint="or delete the row")]
    words = [narrow(text_of(cells[key])) for key in ("entry", "field") if cells[key] is not None]
    steps = steps_of(".".join(words))
    path = steps
    if part in PREFIXED:
        if steps[0] != part:
            return None, [problem(marks["entry"], f"expected {part!r}, found {str(steps[0])!r}")]
        steps = steps[1:]
    if any(step == "" for step in steps) or not steps:
        return None, [problem(marks["field"], f"expected an id and a field, found {dotted(path)!r}")]
    shape = shapes(steps)
    if shape is None and part != "policies":
        return Placed(steps, Node(None, marks["field"])), [_unknown(row, part, steps)]
    if any(isinstance(value, Uncalculated) for value in cells.values()):
        return Placed(steps, Node(UNREAD, marks["value"])), []
    node, problems = _value(row, shape, dotted((part, *steps)))
    if part in PARTS and isinstance(shape, Number) and shape.unit is not None:
        problems += _unfounded(row, dotted((part, *steps)))
    return Placed(steps, node), problems


def _unknown(row: SheetRow, part: str, steps: Steps) -> Problem:
    """Return what is wrong with a row whose field the schema does not know."""
    shape, lost = SHAPES[part], ""
    for step in steps:
        inner = below(shape, step)
        if inner is None:
            lost = str(step)
            break
        shape = inner
    known = list(shape.fields) if isinstance(shape, Record) else []
    message = f"there is no figure {lost!r} of {str(steps[0])!r}"
    return _at(
        row.marks["field"], message, dotted((part, *steps)), near(lost, known) or "use a field of the sheet as written"
    )


def _value(row: SheetRow, shape: Shape | None, path: str) -> tuple[Node, list[Problem]]:
    """Return the value of a row with its provenance, and what of its cells cannot be read."""
    cells, marks = row.cells, row.marks
    if cells["value"] is None:
        message = "expected a value, found nothing"
        return Node(None, marks["value"]), [_at(marks["value"], message, path, "delete the whole row to leave it out")]
    problems: list[Problem] = []
    try:
        value = decoded(cells["value"], shape)
    except ValueError as error:
        return Node(None, marks["value"]), [_at(marks["value"], str(error), path)]
    node = _noded(value, marks["value"], marks["field"])
    if not isinstance(shape, Number):
        return node, _stray(row, path)
    given = {key: Node(_word(key, cells[key]), marks[key], marks[key]) for key in _WORDS if cells[key] is not None}
    try:
        reach = span(*(cells[key] for key in _RANGE))
    except ValueError as error:
        problems.append(_at(marks["low"], str(error), path))
        reach = None
    if reach is not None:
        where = marks["low" if isinstance(reach, list) else "spread"]
        given["range"] = _noded(reach, where, where)
    if set(given) <= {"unit"}:
        return node, problems
    return Node({"value": node, **given}, marks["value"], marks["field"]), problems


def _word(key: str, value: Any) -> str:
    """Return the text of a cell of provenance; grades may be in Chinese."""
    text = text_of(value)
    if key != "grade":
        return text
    plain_text = narrow(text)
    return next((str(grade) for grade, chinese in GRADES_ZH.items() if plain_text == chinese), plain_text.lower())


def _unfounded(row: SheetRow, path: str) -> list[Problem]:
    """Return which of source and grade a figure of the world lacks; the file that is extended would lend its own unseen."""
    return [
        _at(row.marks[key], f"expected a {key}, found nothing", path, "a figure has a source and a grade")
        for key in ("source", "grade")
        if row.cells[key] is None
    ]


def _stray(row: SheetRow, path: str) -> list[Problem]:
    """Return what is given with a value that is no number and has no range."""
    message = "a range belongs to a number, and the value is none"
    return [_at(row.marks[key], message, path, "clear it") for key in _RANGE if row.cells[key] is not None]


def _at(mark: Mark, message: str, path: str, hint: str = "") -> Problem:
    return Problem(message, file=mark.file, path=path, hint=hint)


def _noded(value: Plain, mark: Mark, key: Mark | None) -> Node:
    """Return a value as a tree whose entries all stand in one cell."""
    if isinstance(value, dict):
        return Node({name: _noded(child, mark, mark) for name, child in value.items()}, mark, key)
    if isinstance(value, list):
        return Node([_noded(child, mark, None) for child in value], mark, key)
    return Node(value, mark, key)


def row_problems(row: SheetRow, steps: Steps, seen: dict[Steps, Mark]) -> list[Problem]:
    """Return what is wrong with a row beside others: the same figure given twice."""
    if not steps:
        return []
    first = seen.setdefault(steps, row.marks["value"])
    if first is row.marks["value"]:
        return []
    message = f"{dotted(steps)!r} is given twice: here and at {first.file.rpartition(': ')[2]}"
    return [problem(row.marks["field"], message, hint="delete one of the two rows")]


@dataclass
class Tree:
    """Entries gathered into a tree; lists are put together at the end, whatever the order of their rows."""

    root: Node
    """What is gathered so far; lists are mappings from position to entry."""
    lists: list[tuple[Steps, Node]] = field(default_factory=list)
    """Lists under way."""
    clashes: list[Problem] = field(default_factory=list)
    """Entries that are both a value and something with entries of its own."""

    def put(self, entry: Placed) -> None:
        """Add an entry."""
        holder = self.root
        for at, (step, after) in enumerate(zip(entry.steps, entry.steps[1:], strict=False)):
            child = holder.children.get(step)  # type: ignore[arg-type]
            if child is None:
                child = Node({}, entry.node.mark, entry.node.key)
                holder.children[step] = child  # type: ignore[index]
                if isinstance(after, int):
                    self.lists.append((entry.steps[: at + 1], child))
            holder = child
            if not isinstance(holder.value, dict) or holder.is_quantity:
                message = f"{dotted(entry.steps[: at + 1])!r} is a value of its own, and has entries below it"
                self.clashes.append(problem(entry.node.key or entry.node.mark, message))
                return
        holder.children[entry.steps[-1]] = entry.node  # type: ignore[index]

    def problems(self) -> list[Problem]:
        """Put lists together and return what keeps them from it."""
        found = list(self.clashes)
        for steps, node in reversed(self.lists):
            items: dict[Any, Node] = dict(node.children)
            if set(items) != set(range(len(items))):
                lacking = next((at for at in range(len(items)) if at not in items), len(items))
                found.append(problem(node.mark, f"{dotted((*steps, lacking))!r} is missing between the others"))
            node.value = (
                [items[at] for at in sorted(items, key=str)]
                if any(isinstance(at, str) for at in items)
                else [items[at] for at in sorted(items)]
            )
        return found
