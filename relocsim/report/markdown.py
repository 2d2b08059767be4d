"""Tables and figures of pages, in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def table(columns: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Return a table; a number is shown to six digits, spaces are joined and bars escaped."""
    lines = [[_cell(value) for value in row] for row in (columns, *rows)]
    lines.insert(1, ["---"] * len(lines[0]))
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


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
