"""What a plain word of YAML means: the rules of YAML 1.2, a little stricter.

Only `true` and `false` are booleans (YAML 1.1 read `no`, `yes`, `on` and `off` so); `1e8` is a number; `010`, `1:30`
and `1_000` are text, which a field that wants a number then refuses; dates stay text until a field asks for a date.
"""

from __future__ import annotations

import math
import re

from relocsim.spec.nodes import Scalar

_WORDS: dict[str, Scalar] = {"true": True, "false": False, "": None, "~": None, "null": None}
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,19})")
_NUMBER = re.compile(r"[-+]?(0|[1-9][0-9]*)?(\.[0-9]*)?([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_STARTS = frozenset("+-.0123456789")


def resolve(text: str) -> Scalar:
    """Return the value of an unquoted word; ValueError where it is a number that is not finite."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _STARTS:
        return text
    if _INTEGER.fullmatch(text):
        return int(text)
    if _NUMBER.fullmatch(text) and any(character.isdigit() for character in text):
        return _finite(text)
    if _NOT_FINITE.fullmatch(text):
        raise ValueError(f"expected a finite number, found {text}")
    return text


def _finite(text: str) -> float | str:
    """Return the number that `text` writes, or the text where the exponent has no mantissa (`e5`, `.e5`)."""
    try:
        number = float(text)
    except ValueError:
        return text
    if not math.isfinite(number):
        raise ValueError(f"expected a finite number, found {text[:40]}")
    return number
