"""What stands in a cell becomes a value of a file, and back.

Numbers typed as text, full-width digits, percent signs and separators of thousands are read; what could be meant in two
ways is refused. This module refuses to know sheets and to open workbooks.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import re
import unicodedata
from typing import Any

from relocsim.errors import SpecError
from relocsim.spec.nodes import Plain, plain
from relocsim.spec.reading import read_text
from relocsim.spec.scalars import resolve
from relocsim.spec.shapes import Number, Row, Shape
from relocsim.spec.writing import is_plain_text

ERRORS = ("#N/A", "#DIV/0!", "#REF!", "#NAME?", "#NULL!", "#NUM!", "#VALUE!")
"""What Excel shows where a formula fails."""
LONGEST = 32_000
"""Characters that a cell holds, less some."""
_THOUSANDS = re.compile(r"[-+]?\d{1,3}(,\d{3})+(\.\d+)?")
_SEPARATORS = re.compile(r"[,，、;；]")
_TRUTHS = {"true": True, "false": False, "是": True, "否": False}
_PARTS = ("share", "ratio")


def encoded(value: Plain, shape: Shape | None) -> str | int | float | bool:
    """Return what a cell shows for a value; text that would be read as something else is put in quotes."""
    if value is None:
        return "null"
    if isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return value if _stays(value) else json.dumps(value, ensure_ascii=False)
    if isinstance(value, list) and value and isinstance(shape, Row) and all(_simple(item) for item in value):
        return ", ".join(str(item) for item in value)
    return json.dumps(value, ensure_ascii=False)


def _stays(text: str) -> bool:
    known = text.lower() in _TRUTHS or text.startswith(("[", "{", '"', "=", "#"))
    return bool(text) and text == " ".join(text.split()) and is_plain_text(text) and not known


def _simple(item: Plain) -> bool:
    return isinstance(item, str) and _stays(item) and not _SEPARATORS.search(item) and item == narrow(item)


def decoded(value: Any, shape: Shape | None) -> Plain:
    """Return the value that a cell holds.

    Parameters
    ----------
    value
        What the workbook gives: text, a number, a truth value or a date.
    shape
        What belongs there; none where no such entry can be.

    Raises
    ------
    ValueError
        With what was found and expected.
    """
    if isinstance(value, str) and value.strip() in ERRORS:
        raise ValueError(f"expected a value, found the error {value.strip()} of a formula")
    if isinstance(shape, Number):
        return number(value, shape)
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, str):
        return _worded(value.strip(), shape)
    return whole(value)


def _worded(text: str, shape: Shape | None) -> Plain:
    """Return the value that text stands for where no number belongs."""
    if text.startswith('"') or text.startswith(("[", "{")):
        try:
            return plain(read_text(text))
        except SpecError as error:
            raise ValueError(f"{error.problems[0].message}, found {_shown(text)}") from None
    if isinstance(shape, Row):
        return [_read_word(narrow(item)) for item in _SEPARATORS.split(text) if item.strip()]
    if text.lower() in _TRUTHS:
        return _TRUTHS[text.lower()]
    return _read_word(text)


def _read_word(text: str) -> Plain:
    try:
        return resolve(text)
    except ValueError:
        return text


def number(value: Any, shape: Number) -> Plain:
    """Return the number that a cell holds; ValueError where it holds none."""
    if isinstance(value, bool):
        raise ValueError(f"expected a number, found {str(value).upper()}")
    if isinstance(value, int | float):
        if not math.isfinite(value):
            raise ValueError(f"expected a finite number, found {value}")
        return whole(value)
    if isinstance(value, dt.date | dt.datetime | dt.time | dt.timedelta):
        raise ValueError(f"expected a number, found a date or time ({value}): set the format of the cell to General")
    text = narrow(str(value))
    if text == "null":
        return None
    share = text.endswith("%")
    digits = text.removesuffix("%").strip()
    if _THOUSANDS.fullmatch(digits):
        digits = digits.replace(",", "")
    found = resolve(digits) if digits else None
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise ValueError(f"expected a number, found {_shown(str(value))}")
    if not share:
        return found
    if shape.unit is not None and not shape.unit.startswith(_PARTS):
        raise ValueError(f"expected a number in {shape.unit}, found a percentage {_shown(str(value))}")
    return found / 100


def whole(value: Any) -> Any:
    """Return a number without a fraction that a workbook gave as a float as an integer."""
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 2**53 else value


def narrow(text: str) -> str:
    """Return text with full-width letters, digits and signs as plain ones, without blanks at its ends."""
    return unicodedata.normalize("NFKC", text).replace("−", "-").strip()


def text_of(value: Any) -> str:
    """Return the text of a cell in which text belongs: a year typed as a number is text."""
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    return str(whole(value)).strip()


def span(low: Any, high: Any, spread: Any) -> Plain:
    """Return the range that the three cells of a row write; none where they are blank; ValueError if they clash."""
    ends = [narrow(one) if isinstance(one, str) else one for one in (low, high)]
    given = [one is not None and one != "" for one in ends]
    word = narrow(text_of(spread)) if spread is not None and str(spread).strip() else ""
    if word and any(given):
        raise ValueError(f"expected low and high, or a spread; found both (spread {word!r}): clear one of them")
    if word:
        return word.replace("±", "+-")
    if not any(given):
        return None
    if not all(given):
        missing = "low" if not given[0] else "high"
        raise ValueError(f"expected low and high together, found {missing} blank")
    return [number(one, Number(unit="share")) for one in ends]


def _shown(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:60] + "...")
