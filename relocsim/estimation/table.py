"""Tables of choices: read, and their digest. Judging them is for `tablechecks`."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import pandas as pd

from relocsim.errors import Problem, SpecError

Table: TypeAlias = "str | Path | pd.DataFrame"
"""A file of choices in CSV or Parquet, or what was read from one."""


class ChoiceTableError(SpecError):
    """Everything wrong with a table of choices."""


@dataclass(frozen=True)
class Source:
    """Where choices come from."""

    name: str
    """Name of the file without its folder, or `a data frame`."""
    digest: str
    """SHA-256 of the file, or of the values of a data frame."""
    file: str = ""
    """File as it was named; empty for a data frame."""


def read_table(table: Table) -> tuple[pd.DataFrame, Source]:
    """Return a table and where it comes from; ChoiceTableError where it cannot be had."""
    if isinstance(table, pd.DataFrame):
        values = pd.util.hash_pandas_object(table, index=False).to_numpy().tobytes()
        names = "\0".join(str(name) for name in table.columns).encode()
        return table, Source("a data frame", hashlib.sha256(names + values).hexdigest())
    path = Path(table)
    try:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        read = _parquet(path) if path.suffix.lower() in (".parquet", ".pq") else pd.read_csv(path, low_memory=False)
    except FileNotFoundError:
        raise _refusal(path, "there is no such file") from None
    except OSError as error:
        raise _refusal(path, f"cannot read the file: {error.strerror or error}") from None
    except (ValueError, pd.errors.ParserError) as error:
        message = " ".join(str(error).split())[:200]
        raise _refusal(path, f"expected a table in CSV (or Parquet, by the name *.parquet): {message}") from None
    return read, Source(path.name, digest, str(table))


def _parquet(path: Path) -> pd.DataFrame:
    import pyarrow as pa

    try:
        return pd.read_parquet(path, engine="pyarrow")
    except pa.ArrowInvalid as error:
        raise ValueError(str(error)) from None


def _refusal(path: Path, message: str) -> ChoiceTableError:
    return ChoiceTableError([Problem(message, file=str(path))])
