"""The rows of a workbook as entries with the address of each cell, and everything in a sheet that cannot be read.

This module refuses to judge what the entries say.
"""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from relocsim.errors import Problem, SpecError
from relocsim.spec.nodes import Mark, problem
from relocsim.workbook.cells import narrow
from relocsim.workbook.layout import COLUMNS

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

MAX_BYTES, MAX_ROWS = 50_000_000, 200_000
_NEEDED = ("entry", "field", "value", "low", "high", "spread", "grade", "source", "note", "unit")


class Uncalculated:
    """A formula that was never calculated; what is wrong has been noted."""


@dataclass(frozen=True)
class SheetRow:
    """One row of a sheet."""

    cells: Mapping[str, Any]
    """Content by column; blank ones are none."""
    marks: Mapping[str, Mark]
    """Address of each."""


@dataclass
class Book:
    """An opened workbook, and the problems found in it."""

    name: str
    """File as the user named it."""
    formulas: Workbook
    """Sheets as they are written."""
    values: Workbook | None = None
    """Sheets with what formulas last gave, opened where there is one."""
    problems: list[Problem] = field(default_factory=list)
    """What cannot be read."""

    def mark(self, sheet: str, address: str) -> Mark:
        """Return the position of a cell."""
        return Mark(f"{self.name}: {sheet}!{address}")

    def has(self, sheet: str) -> bool:
        """Whether there is such a sheet."""
        return sheet in self.formulas.sheetnames

    def rows(self, title: str) -> Iterator[SheetRow]:
        """Yield the rows of a sheet of entries that are not blank."""
        sheet = self.formulas[title]
        self._refuse_merged(sheet)
        columns = self._columns(sheet)
        if columns is None:
            return
        for line in range(2, self._last(sheet) + 1):
            marks = {key: self.mark(title, f"{letter}{line}") for key, letter in columns.items()}
            cells = {key: self._content(sheet, f"{letter}{line}") for key, letter in columns.items()}
            if any(value is not None for key, value in cells.items() if key not in ("meaning", "unit")):
                yield SheetRow(cells, marks)

    def pairs(self, title: str) -> Iterator[tuple[Any, Any, Mark]]:
        """Yield the first two columns of a sheet, and the address of the second."""
        sheet = self.formulas[title]
        self._refuse_merged(sheet)
        for line in range(2, self._last(sheet) + 1):
            first, second = self._content(sheet, f"A{line}"), self._content(sheet, f"B{line}")
            if first is not None or second is not None:
                yield first, second, self.mark(title, f"B{line}")

    def _last(self, sheet: Worksheet) -> int:
        if sheet.max_row > MAX_ROWS:
            message = f"the sheet has {sheet.max_row} rows; at most {MAX_ROWS} are read"
            self.problems.append(problem(self.mark(sheet.title, f"A{sheet.max_row}"), message))
            return 1
        return int(sheet.max_row)

    def _columns(self, sheet: Worksheet) -> dict[str, str] | None:
        """Return the letter of each column by its heading, wherever it was moved."""
        known = {column.key for column in COLUMNS}
        found: dict[str, str] = {}
        for cell in sheet[1]:
            word = narrow(str(cell.value or "")).split(" ")[-1]
            if word in known and word in found:
                message = f"two columns are headed {word!r}: {found[word]} and {cell.column_letter}"
                self.problems.append(problem(self.mark(sheet.title, cell.coordinate), message, hint="delete one"))
            elif word in known:
                found[word] = cell.column_letter
        missing = [key for key in _NEEDED if key not in found]
        if missing:
            message = f"expected headings in row 1, found none for {', '.join(missing)}"
            hint = "head the columns as relocsim workbook write does"
            self.problems.append(problem(self.mark(sheet.title, "A1"), message, hint=hint))
            return None
        return found

    def _content(self, sheet: Worksheet, address: str) -> Any:
        """Return what a cell holds; of a formula what it last gave."""
        cell = sheet[address]
        value = cell.value
        if cell.data_type == "f":
            value = self._calculated(sheet.title, address, value)
        return None if isinstance(value, str) and not value.strip() else value

    def _calculated(self, title: str, address: str, formula: Any) -> Any:
        if self.values is None:
            self.values = _opened(self.name, calculated=True)
        value = self.values[title][address].value
        if value is None:
            text = getattr(formula, "text", formula)
            message = f"expected a value, found the formula {str(text)[:60]!r} that was never calculated"
            hint = "open and save the workbook in Excel, or write the value"
            self.problems.append(problem(self.mark(title, address), message, hint=hint))
            return Uncalculated()
        return value

    def _refuse_merged(self, sheet: Worksheet) -> None:
        for span in sheet.merged_cells.ranges:
            message = f"the cells {span.coord} are merged: it cannot be told which rows they mean"
            where = self.mark(sheet.title, span.coord.split(":")[0])
            self.problems.append(problem(where, message, hint="unmerge them and fill in each"))


def open_book(path: str | Path) -> Book:
    """Return a workbook; SpecError if the file is none that can be read."""
    file = Path(path)
    try:
        size = file.stat().st_size
    except OSError as error:
        raise SpecError([Problem(f"cannot read the file: {error.strerror}", file=str(path))]) from None
    if size > MAX_BYTES:
        message = f"the file has {size / 1e6:.0f} MB; at most {MAX_BYTES / 1e6:.0f} are read"
        raise SpecError([Problem(message, file=str(path))])
    return Book(str(path), _opened(str(path)))


def _opened(path: str, *, calculated: bool = False) -> Workbook:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of features of Excel that do not concern values
            return load_workbook(path, data_only=calculated)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError, EOFError, TypeError) as error:
        message = "expected an Excel workbook (.xlsx) that is not protected by a password"
        why = str(error).splitlines()[0][:80] if str(error) else type(error).__name__
        raise SpecError([Problem(f"{message}; found a file that cannot be opened ({why})", file=path)]) from None
