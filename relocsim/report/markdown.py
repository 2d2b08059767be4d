"""Tables and figures of pages, in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from relocsim.report.wording import plain


def table(columns: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Return a table; a number is shown to six digits, spaces are joined and bars escaped."""
    lines = [[_cell(value) for value in row] for row in (columns, *rows)]
    lines.insert(1, ["---"] * len(lines[0]))
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def lines_of(columns: Iterable[str], rows: Iterable[Iterable[object]]) -> list[str]:
    """Return the lines of a table."""
    return table(columns, rows).splitlines()


def _cell(value: object) -> str:
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return " ".join(text.split()).replace("|", "\\|")


def figures(found: Mapping[str, Any], digits: int, *, sign: bool = True) -> str:
    """Return `mean (low to high; simulation error)` of an estimate with so many decimals; zero has no sign."""
    mean, low, high = (_number(float(found[name]), digits, sign=sign) for name in ("mean", "low", "high"))
    error = float(found["simulation_error"])
    return f"{mean} ({low} to {high}; {_number(error, digits, sign=False)})"


def _number(value: float, digits: int, *, sign: bool) -> str:
    text = f"{value:,.{digits}f}"
    if not text.strip("-0.,"):
        return text.lstrip("-")
    return f"+{text}" if sign and value > 0 else text


def quantity(value: object) -> str:
    """Return a number with three digits or, from one on, as readers write it; `-` where there is none."""
    found = float(str(value))
    return plain(found) if abs(found) >= 1 or found != found else f"{found:.3g}"


def between(low: object, high: object) -> str:
    """Return an interval; nothing where an end is missing."""
    ends = (quantity(low), quantity(high))
    return "" if "-" in ends else f"{ends[0]} to {ends[1]}"


def records(found: pd.DataFrame) -> list[dict[str, object]]:
    """Return the rows of a table by column."""
    return [{str(key): value for key, value in row.items()} for row in found.to_dict("records")]
