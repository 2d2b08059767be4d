"""A case is written as a workbook: a sheet for each part, a row for each figure.

This module refuses to read workbooks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from relocsim.errors import RelocsimError
from relocsim.sources import Grade
from relocsim.spec.flattening import Entry
from relocsim.spec.nodes import Plain, Steps, dotted
from relocsim.spec.shapes import Number, Shape, shape_at
from relocsim.workbook.case import Case
from relocsim.workbook.cells import LONGEST, encoded
from relocsim.workbook.guide import GUIDE_LINES
from relocsim.workbook.layout import (
    COLUMNS,
    FONT,
    GUIDE,
    NOTES,
    SHAPES,
    SHEETS,
    TITLES_ZH,
    WORLD_SHEET,
    Column,
    heading,
)
from relocsim.workbook.meanings import choices, meaning, policy_shape

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

Row = tuple[Steps, Entry, Shape | None, Steps]
"""Path as the sheet shows it, entry, shape of the whole, path below that shape."""
_FILL_IN, _FIXED, _HEAD = "FFF9E5", "F2F2F2", "1F4E79"
_OPEN = ("value", "low", "high", "spread", "grade", "source", "note")
"""Columns that are filled in."""
_WRAPPED = ("meaning", "source", "note")


def _style(column: Column) -> str:
    """Return the name of the style of a column."""
    kind = "open" if column.key in _OPEN else "fixed"
    return f"{kind}-{'wrapped' if column.key in _WRAPPED else 'short'}"


_STYLES = [_style(column) for column in COLUMNS]


def workbook_of(case: Case) -> Workbook:
    """Return the workbook of a case."""
    from openpyxl import Workbook

    book = Workbook()
    _add_styles(book)
    guide = book.active
    guide.title = GUIDE
    _plain_sheet(guide, [(line,) for line in GUIDE_LINES], [110])
    for part in ("places", "network"):
        if part in case.parts:
            _entry_sheet(book, SHEETS[part], list(_part_rows(case, part)))
    _entry_sheet(
        book, SHEETS["scenario"], [(("scenario", *e.steps), e, SHAPES["scenario"], e.steps) for e in case.scenario]
    )
    _entry_sheet(book, SHEETS["policies"], list(_policy_rows(case)))
    for part in ("sectors", "parameters"):
        if part in case.parts:
            _entry_sheet(book, SHEETS[part], list(_part_rows(case, part)))
    if case.override:
        _entry_sheet(book, SHEETS["override"], [(e.steps, e, SHAPES["override"], e.steps) for e in case.override])
    _plain_sheet(book.create_sheet(WORLD_SHEET), _world_rows(case), [28, 90], head=("条目 item", "内容 value"))
    _plain_sheet(book.create_sheet(NOTES), case.notes, [14, 130], head=("文件 file", "备注 note"))
    return book


def _part_rows(case: Case, part: str) -> Iterable[Row]:
    for entry in case.parts[part].entries:
        shown = (part, *entry.steps) if part == "parameters" else entry.steps
        yield shown, entry, SHAPES[part], entry.steps


def _policy_rows(case: Case) -> Iterable[Row]:
    for name, entries in case.policies.items():
        shape = policy_shape(next((entry.value for entry in entries if entry.steps == ("kind",)), None))
        for entry in entries:
            yield (name, *entry.steps), entry, shape, entry.steps


def _world_rows(case: Case) -> list[tuple[Plain, ...]]:
    rows: list[tuple[Plain, ...]] = list(case.world.items())
    for part, own in case.parts.items():
        if own.extends:
            rows.append((f"{part}.extends", own.extends))
        if own.without:
            rows.append((f"{part}.without", ", ".join(own.without)))
    rows += [(f"{part}.include", name) for part, name in case.included.items()]
    return rows + [("estimates", name) for name in case.estimates]


def _entry_sheet(book: Workbook, title: str, rows: Sequence[Row]) -> None:
    """Write a sheet of entries: headings with comments, rows, lists of words, frozen panes."""
    from openpyxl.comments import Comment

    sheet = book.create_sheet(title)
    _head(sheet, [heading(column) for column in COLUMNS], [column.width for column in COLUMNS])
    for at, column in enumerate(COLUMNS, start=1):
        sheet.cell(1, at).comment = Comment(column.about, "relocsim", width=320, height=110)
    stops = {entry.steps[:2]: entry.value for _, entry, _, _ in rows if entry.steps[-1:] == ("stops",)}
    seen: set[str] = set()
    for line, (shown, entry, shape, steps) in enumerate(rows, start=2):
        about = _between(stops, steps) + meaning(shape, steps)
        _entry_row(sheet, line, _cells(shown, entry, shape, steps, about))
        name = next((str(step) for step in reversed(steps) if isinstance(step, str)), "")
        if name not in seen and about:
            sheet.cell(line, 4).comment = Comment(about, "relocsim", width=320, height=110)
            seen.add(name)
    _lists(sheet, rows)
    sheet.freeze_panes = "D2"
    sheet.auto_filter.ref = f"A1:{sheet.cell(1, len(COLUMNS)).column_letter}{max(2, len(rows) + 1)}"


def _between(stops: dict[Steps, Plain], steps: Steps) -> str:
    """Return between which stops an hour of a line lies."""
    line, at = stops.get(steps[:2]), steps[-1] if steps else None
    if not isinstance(line, list) or not isinstance(at, int) or "hours" not in steps or at + 1 >= len(line):
        return ""
    return f"{line[at]} → {line[at + 1]}: "


def _cells(shown: Steps, entry: Entry, shape: Shape | None, steps: Steps, about: str) -> dict[str, Any]:
    """Return what stands in each column of a row."""
    depth = min(2 if shown[0] in ("nodes", "lines", "modes") else 1, max(1, len(shown) - 1))
    at = shape_at(shape, steps)
    given = dict(entry.provenance)
    span = given.pop("range", None)
    unit = given.get("unit") or (at.unit if isinstance(at, Number) else None)
    cells = {
        "entry": dotted(shown[:depth]), "field": dotted(shown[depth:]), "meaning": about, "value": encoded(entry.value, at),
        "unit": unit, "grade": given.get("grade"), "source": given.get("source"), "note": given.get("note"),
    }  # fmt: skip
    if isinstance(span, list):
        cells |= {"low": span[0], "high": span[-1]}
    elif span is not None:
        cells["spread"] = span
    return cells


def _add_styles(book: Workbook) -> None:
    """Add a style for each kind of cell: filled in or fixed, long text or not."""
    from openpyxl.styles import Alignment, Font, NamedStyle, PatternFill

    for kind, colour in (("open", _FILL_IN), ("fixed", _FIXED)):
        for wrap in (False, True):
            book.add_named_style(
                NamedStyle(
                    f"{kind}-{'wrapped' if wrap else 'short'}",
                    font=Font(name=FONT, charset=134, size=10),
                    fill=PatternFill("solid", fgColor=colour),
                    alignment=Alignment(vertical="top", wrap_text=wrap),
                )
            )


def _entry_row(sheet: Worksheet, line: int, cells: dict[str, Any]) -> None:
    for at, column in enumerate(COLUMNS, start=1):
        cell = sheet.cell(line, at)
        _put(cell, cells.get(column.key))
        cell.style = _STYLES[at - 1]


def _put(cell: Any, value: Any) -> None:
    """Put a value in a cell; text that begins like a formula stays text."""
    from openpyxl.utils.exceptions import IllegalCharacterError

    if isinstance(value, str) and len(value) > LONGEST:
        raise RelocsimError(f"{cell.coordinate}: a cell holds at most {LONGEST} characters, found {len(value)}")
    try:
        cell.value = value
    except IllegalCharacterError:
        raise RelocsimError(f"{cell.coordinate}: a control character, which a cell cannot hold, in {value!r}") from None
    if isinstance(value, str) and value:
        cell.data_type = "s"


def _lists(sheet: Worksheet, rows: Sequence[Row]) -> None:
    """Add lists of words to choose from: grades, and for fields that have a few words."""
    cells: dict[tuple[str, ...], list[str]] = {}
    grade = sheet.cell(1, [column.key for column in COLUMNS].index("grade") + 1).column_letter
    value = sheet.cell(1, [column.key for column in COLUMNS].index("value") + 1).column_letter
    cells[tuple(Grade)] = [f"{grade}2:{grade}{len(rows) + 200}"]
    for line, (_, _, shape, steps) in enumerate(rows, start=2):
        words = choices(shape, steps)
        if words and len(",".join(words)) < 250:
            cells.setdefault(words, []).append(f"{value}{line}")
    for words, where in cells.items():
        _list(sheet, words, where)


def _list(sheet: Worksheet, words: Sequence[str], where: Sequence[str]) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation

    rule = DataValidation(type="list", formula1='"' + ",".join(words) + '"', allow_blank=True)
    rule.errorTitle, rule.error = "relocsim", f"expected one of 请选择: {', '.join(words)}"
    for one in where:
        rule.add(one)
    sheet.add_data_validation(rule)


def _head(sheet: Worksheet, words: Sequence[str], widths: Sequence[int]) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    for at, (word, width) in enumerate(zip(words, widths, strict=True), start=1):
        cell = sheet.cell(1, at, word)
        cell.font = Font(name=FONT, charset=134, size=10, bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor=_HEAD)
        cell.alignment = Alignment(vertical="center")
        sheet.column_dimensions[get_column_letter(at)].width = width
    sheet.row_dimensions[1].height = 22


def _plain_sheet(
    sheet: Worksheet, rows: Iterable[Sequence[Plain]], widths: Sequence[int], head: Sequence[str] = ()
) -> None:
    """Write a sheet of text."""
    from openpyxl.styles import Alignment, Font

    _head(sheet, head or [f"{TITLES_ZH[sheet.title]} {sheet.title}"], widths)
    for line, row in enumerate(rows, start=2):
        for at, value in enumerate(row, start=1):
            cell = sheet.cell(line, at)
            _put(cell, value)
            cell.font, cell.alignment = Font(name=FONT, charset=134, size=10), Alignment(vertical="top", wrap_text=True)
    sheet.freeze_panes = "A2"
