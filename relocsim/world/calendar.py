"""Quarters on a real calendar.

A quarter is written `2010-Q1`. A dated event acts from the first quarter that begins on or after its date: what opens
on 26 December 2009 acts from 2010-Q1.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BeforeValidator, GetCoreSchemaHandler
from pydantic_core import core_schema

_PATTERN = re.compile(r"^(\d{4})-Q([1-4])$")


@dataclass(frozen=True, order=True)
class Quarter:
    """A quarter of a year, counted from year 0."""

    index: int

    @classmethod
    def parse(cls, text: str) -> Quarter:
        """Return the quarter written as `2010-Q1`; ValueError says what was expected."""
        found = _PATTERN.match(text)
        if not found:
            raise ValueError(f"expected a quarter such as 2010-Q1, found {text!r}")
        return cls(int(found[1]) * 4 + int(found[2]) - 1)

    @classmethod
    def acting_from(cls, date: dt.date) -> Quarter:
        """Return the first quarter that begins on or after `date`."""
        quarter = cls(date.year * 4 + (date.month - 1) // 3)
        return quarter if quarter.first_day == date else quarter + 1

    @property
    def year(self) -> int:
        """Calendar year."""
        return self.index // 4

    @property
    def first_day(self) -> dt.date:
        """First day of the quarter."""
        return dt.date(self.year, self.index % 4 * 3 + 1, 1)

    def __add__(self, quarters: int) -> Quarter:
        return Quarter(self.index + quarters)

    def __sub__(self, other: Quarter) -> int:
        return self.index - other.index

    def __str__(self) -> str:
        return f"{self.year}-Q{self.index % 4 + 1}"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(
            _quarter,
            serialization=core_schema.to_string_ser_schema(),
            json_schema_input_schema=core_schema.str_schema(pattern=_PATTERN.pattern),
        )


def _quarter(value: object) -> Quarter:
    """Return `value` as a quarter (a quarter, or text such as `2010-Q1`)."""
    if isinstance(value, Quarter):
        return value
    if isinstance(value, str):
        return Quarter.parse(value)
    raise ValueError(f"expected a quarter such as 2010-Q1, found {value!r}")


def _moment(value: object) -> object:
    """Turn a date into the quarter from which it acts; leave the rest to the quarter's own check."""
    if isinstance(value, str) and re.match(r"^\d{4}-\d{2}-\d{2}$", value):
        value = dt.date.fromisoformat(value)
    if isinstance(value, dt.date):
        return Quarter.acting_from(value)
    return value


Moment = Annotated[Quarter, BeforeValidator(_moment)]
"""A quarter, or a date that acts from the first quarter beginning on or after it."""
