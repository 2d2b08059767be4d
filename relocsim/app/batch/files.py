"""What can be taken away of a batch: a table as CSV, Parquet or XLSX, a printed chart as PNG or SVG."""

from __future__ import annotations

import io
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pandas as pd

from relocsim.app.batch.listed import Listed, whole_table
from relocsim.app.whatif.downloads import DRAWING
from relocsim.batch.folder import BatchError
from relocsim.batch.stored import StoredBatch
from relocsim.language import Words
from relocsim.report.writing import write_chart

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.figure import Figure

TABLES = ("csv", "parquet", "xlsx")
CHARTS = ("png", "svg")
LONGEST_SHEET = 200_000
"""Rows that go into a workbook; of more, CSV and Parquet are asked for."""


def table_file(batch: StoredBatch, asked: Listed, ending: str, words: Words) -> bytes:
    """Return a table of a batch as a file."""
    return table_bytes(whole_table(batch, asked), ending, words)


def table_bytes(table: pd.DataFrame, ending: str, words: Words) -> bytes:
    """Return a table as a file; BatchError where it is too long for a workbook."""
    out = io.BytesIO()
    if ending == "csv":
        table.to_csv(out, index=False, lineterminator="\n")
    elif ending == "parquet":
        table.to_parquet(out, index=False, engine="pyarrow")
    else:
        if len(table) > LONGEST_SHEET:
            raise BatchError(
                words(
                    "{count} rows are too many for a workbook: filter them, or take CSV or Parquet.", count=len(table)
                )
            )
        _workbook(table, out)
    return out.getvalue()


def _workbook(table: pd.DataFrame, out: io.BytesIO) -> None:
    """Write a workbook row by row; what is no number is an empty cell, and text is never read as a formula."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet("runs")
    sheet.freeze_panes = "A2"
    sheet.append([str(name) for name in table.columns])
    for row in table.astype(object).where(table.notna(), None).itertuples(index=False):
        cells = []
        for value in row:
            cell = WriteOnlyCell(sheet, value=value.item() if hasattr(value, "item") else value)
            if isinstance(value, str):
                cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)
    book.save(out)


def chart_bytes(draw: Callable[[Words], Figure], ending: str, words: Words) -> bytes:
    """Return a printed chart as a file, in the language where the machine has letters for it, else in English."""
    from relocsim.report.fonts import readable

    spoken, _ = readable(words)
    with DRAWING, TemporaryDirectory() as held:
        write_chart(Path(held), "chart", draw(spoken))
        return (Path(held) / f"chart.{ending}").read_bytes()
