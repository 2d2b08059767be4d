"""What is wrong with a table of choices, each with the row and the chooser: all at once, as far as it can be told.

Rows are counted from 1 after the heading. This module refuses to mend anything: nothing is dropped or filled in silently.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from relocsim.errors import Problem
from relocsim.estimation.columns import Columns
from relocsim.estimation.table import ChoiceTableError, Source
from relocsim.spec.words import near

_FEW = 3
"""Cases that are named of many."""


def attribute_parts(name: str, table: pd.DataFrame) -> tuple[str, str | None]:
    """Return the column of an attribute and the alternative to which `column@alternative` confines it, if it does."""
    if name in table.columns or "@" not in name:
        return name, None
    column, _, alternative = name.rpartition("@")
    return column, alternative


def checked(table: pd.DataFrame, columns: Columns, source: Source) -> pd.DataFrame:
    """Return the columns that are used, `chosen` as bool; ChoiceTableError with what is wrong, stage by stage."""
    stages = (_columns, _names, _values, _choices)
    for stage in stages:
        problems = [
            Problem(problem.message, file=source.file or source.name, path=problem.path, hint=problem.hint)
            for problem in stage(table, columns)
        ]
        if problems:
            raise ChoiceTableError(problems)
    wanted = dict.fromkeys([*columns.used, *(attribute_parts(name, table)[0] for name in columns.attributes)])
    kept = table[list(wanted)].reset_index(drop=True)
    return kept.assign(**{columns.chosen: _indicator(table[columns.chosen]).to_numpy() == 1})


def _columns(table: pd.DataFrame, columns: Columns) -> Iterator[Problem]:
    """Yield columns that are not there, and a table without rows."""
    known = [str(name) for name in table.columns]
    for name in columns.used:
        if name not in table.columns:
            yield Problem(f"there is no column {name!r}", hint=near(name, known) or f"columns are {', '.join(known)}")
    for name in columns.attributes:
        column, _ = attribute_parts(name, table)
        if column not in table.columns:
            hint = near(column, known) or f"columns are {', '.join(known)}"
            yield Problem(f"there is no column {column!r} for the attribute {name!r}", hint=hint)
    twice = sorted({name for name in columns.attributes if columns.attributes.count(name) > 1})
    if twice:
        yield Problem(f"attributes named twice: {', '.join(twice)}", hint="name each once")
    unknown = [name for name in columns.logs if name not in columns.attributes]
    if unknown:
        yield Problem(f"logs of what is no attribute: {', '.join(unknown)}", hint=near(unknown[0], columns.attributes))
    if not len(table):
        yield Problem("the table has no rows")


def _names(table: pd.DataFrame, columns: Columns) -> Iterator[Problem]:
    """Yield empty names, alternatives that do not exist, and rows that say the same thing twice."""
    for name in (columns.chooser, columns.alternative, columns.nests, columns.cluster):
        if name is not None and table[name].isna().any():
            rows = np.flatnonzero(table[name].isna())
            yield Problem(f"nothing stands in {_rows(rows)}", path=name, hint="every row needs it")
    alternatives = {str(name) for name in table[columns.alternative].dropna().unique()}
    for name in columns.attributes:
        _, confined = attribute_parts(name, table)
        if confined is not None and confined not in alternatives:
            yield Problem(f"there is no alternative {confined!r}", path=name, hint=near(confined, alternatives))
    if columns.base is not None and columns.base not in alternatives:
        yield Problem(f"there is no alternative {columns.base!r}", path="base", hint=near(columns.base, alternatives))
    if len(alternatives) == 1:
        hint = "a choice needs the alternatives that were not chosen too, one row each"
        yield Problem(f"there is one alternative, {next(iter(alternatives))!r}", path=columns.alternative, hint=hint)
    doubled = np.flatnonzero(table.duplicated([columns.chooser, columns.alternative], keep="first"))
    if len(doubled):
        yield Problem(
            f"chooser and alternative stand there before: {_cases(table, columns, doubled)}",
            path=columns.alternative, hint="one row for each alternative of a chooser",
        )  # fmt: skip


def _values(table: pd.DataFrame, columns: Columns) -> Iterator[Problem]:
    """Yield what is no number where one is needed, and what is neither 0 nor 1 where a choice is told."""
    wrong = np.flatnonzero(~_indicator(table[columns.chosen]).isin([0, 1]))
    if len(wrong):
        found = table[columns.chosen].iloc[wrong[0]]
        shown = "nothing" if pd.isna(found) else repr(found)
        message = f"expected 1 or 0 (true or false), found {shown} in {_cases(table, columns, wrong)}"
        yield Problem(message, path=columns.chosen)
    numbers = [attribute_parts(name, table)[0] for name in columns.attributes]
    numbers += [name for name in (columns.offset, columns.sample_by) if name is not None]
    for name in dict.fromkeys(numbers):
        yield from _number(table, columns, name)


def _number(table: pd.DataFrame, columns: Columns, name: str) -> Iterator[Problem]:
    column = table[name]
    if not pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
        numbers = pd.to_numeric(column.astype(object).where(column.isna(), column.astype(str)), errors="coerce")
        rows = np.flatnonzero(numbers.isna() & column.notna())
        if len(rows):
            message = f"expected a number, found {column.iloc[rows[0]]!r} in {_cases(table, columns, rows)}"
            yield Problem(message, path=name, hint="an attribute in words needs a column of 0 and 1 for each word")
            return
        column = numbers
    values = column.to_numpy(dtype=float, na_value=np.nan)
    for rows, what in ((np.flatnonzero(np.isnan(values)), "nothing"), (np.flatnonzero(np.isinf(values)), "infinity")):
        if len(rows):
            message = f"expected a number, found {what} in {_cases(table, columns, rows)}"
            yield Problem(message, path=name, hint="fill it in, or leave the chooser or the attribute out")
    low = np.flatnonzero(values <= 0)
    if name == columns.sample_by and len(low):
        yield Problem(f"expected a weight above 0 in {_cases(table, columns, low)}", path=name)


def _indicator(column: pd.Series) -> pd.Series:
    """Return a column of choices as numbers; words that are neither true nor false stay missing."""
    if pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column):
        return column.astype(float)
    words = {"true": 1.0, "false": 0.0, "1": 1.0, "0": 0.0, "yes": 1.0, "no": 0.0, "1.0": 1.0, "0.0": 0.0}
    return column.map(lambda value: words.get(str(value).strip().lower(), np.nan)).astype(float)


def _choices(table: pd.DataFrame, columns: Columns) -> Iterator[Problem]:
    """Yield choosers without a choice, with two, with one alternative; what stands in two nests or two clusters."""
    chosen = _indicator(table[columns.chosen]).to_numpy() == 1
    code, choosers = pd.factorize(table[columns.chooser])
    count, size = np.bincount(code, chosen), np.bincount(code)
    told = (
        (count == 0, columns.chosen, "nothing is chosen", "one row of each chooser must be 1"),
        (count > 1, columns.chosen, "more than one alternative is chosen", "each choice needs a chooser of its own"),
        (
            size == 1,
            columns.chooser,
            "there is one alternative",
            "leave these choosers out, or add what they passed by",
        ),
    )
    for which, path, message, hint in told:
        if which.any():
            yield Problem(f"{message}: {_choosers(choosers[which], code, which)}", path=path, hint=hint)
    if columns.nests is not None:
        yield from _one_each(table, columns.alternative, columns.nests, "alternative", "nest")
    if columns.cluster is not None:
        yield from _one_each(table, columns.chooser, columns.cluster, "chooser", "cluster")
        if table[columns.cluster].nunique() < 2:
            yield Problem("there is one cluster", path=columns.cluster, hint="leave it out, or name smaller groups")


def _one_each(table: pd.DataFrame, key: str, value: str, one: str, other: str) -> Iterator[Problem]:
    pairs = table[[key, value]].drop_duplicates()
    twice = pairs[pairs.duplicated(key, keep=False)]
    if len(twice):
        name = twice[key].iloc[0]
        held = ", ".join(repr(found) for found in twice.loc[twice[key] == name, value].iloc[:_FEW])
        yield Problem(f"{one} {name!r} stands in more than one {other}: {held}", path=value, hint=f"one {other} each")


def _choosers(names: Sequence[object], code: np.ndarray, which: np.ndarray) -> str:
    first = np.unique(code, return_index=True)[1]
    rows = first[which][:_FEW] + 1
    shown = ", ".join(f"chooser {name!s} (row {row})" for name, row in zip(names, rows, strict=False))
    return shown + (f" and {len(names) - _FEW} more" if len(names) > _FEW else "")


def _rows(rows: np.ndarray) -> str:
    shown = ", ".join(f"row {row + 1}" for row in rows[:_FEW])
    return shown + (f" and {len(rows) - _FEW} more" if len(rows) > _FEW else "")


def _cases(table: pd.DataFrame, columns: Columns, rows: Sequence[int] | np.ndarray) -> str:
    shown = ", ".join(
        f"row {row + 1} (chooser {table[columns.chooser].iloc[row]}, alternative {table[columns.alternative].iloc[row]})"
        for row in rows[:_FEW]
    )
    return shown + (f" and {len(rows) - _FEW} more" if len(rows) > _FEW else "")
