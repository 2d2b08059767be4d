"""Cells and tables in Markdown, as pages of results write them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from relocsim.report.wording import plain


def number(value: object) -> str:
    """Return a number with three digits or, from one on, as readers write it; `-` where there is none."""
    found = float(str(value))
    return plain(found) if abs(found) >= 1 or found != found else f"{found:.3g}"


def between(low: object, high: object) -> str:
    """Return an interval; nothing where an end is missing."""
    ends = (number(low), number(high))
    return "" if "-" in ends else f"{ends[0]} to {ends[1]}"


def records(table: pd.DataFrame) -> list[dict[str, object]]:
    """Return the rows of a table by column."""
    return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]


def markdown(heads: Sequence[str], rows: Iterator[tuple[str, ...]]) -> Iterator[str]:
    """Yield the lines of a table."""
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    for row in rows:
        cells = (cell.replace("|", "/").replace("\n", " ") for cell in row)
        yield f"| {' | '.join(cells)} |"
