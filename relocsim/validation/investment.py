"""Tables of investment by city and year, as they are read and written: city, year, value.

Blanks are unknown and stay so. This module refuses to say whose investment it is.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pandas as pd

from relocsim.errors import RelocsimError
from relocsim.spec.words import near

COLUMNS = ("city", "year", "value")


class InvestmentError(RelocsimError):
    """A table of investment that cannot be read."""


def read_investment(path: str | Path) -> pd.DataFrame:
    """Return a table of investment by city and year; InvestmentError says which row is wrong.

    Lines that begin with # are notes. Values are in any one unit, zero or more; rows without one are left out.
    """
    try:
        table = pd.read_csv(path, comment="#", skipinitialspace=True)
    except FileNotFoundError:
        raise InvestmentError(f"there is no file {str(path)!r}") from None
    except (ValueError, UnicodeDecodeError) as error:
        raise InvestmentError(f"{path} cannot be read as CSV: {str(error).splitlines()[0]}") from None
    lacking = [name for name in COLUMNS if name not in table.columns]
    if lacking:
        found = ", ".join(map(str, table.columns))
        raise InvestmentError(f"{path}: expected the columns {', '.join(COLUMNS)}, found {found}")
    table = table[list(COLUMNS)]
    for name in ("year", "value"):
        number = pd.to_numeric(table[name], errors="coerce")
        wrong = table[number.isna() & table[name].notna() | (number < 0)]
        if len(wrong):
            row = wrong.iloc[0]
            what = f"{row['city']}: expected {name} as a number of zero or more, found {str(row[name])!r}"
            raise InvestmentError(f"{path}: row {wrong.index[0] + 1}: {what}")
        table = table.assign(**{name: number})
    table = table.dropna(subset=["year", "value"]).astype({"year": int})
    twice = table[table.duplicated(["city", "year"])]
    if len(twice):
        raise InvestmentError(f"{path}: {twice.iloc[0]['city']} has two values of {twice.iloc[0]['year']}")
    return table.reset_index(drop=True)


def require_known(table: pd.DataFrame, places: Collection[str], path: str | Path) -> None:
    """Raise InvestmentError where a table names a city that no case has."""
    for city in table["city"].unique():
        if city not in places:
            hint = near(city, places)
            raise InvestmentError(f"{path}: no case has a place {city!r}{f' ({hint})' if hint else ''}")
