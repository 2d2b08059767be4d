"""Ranges of numbers: as written, checked, within the limits of their field.

`[low, high]` is absolute; `x/2` is a factor, half to double, drawn in logs; `+-20%` is relative; `none` says that the
number needs no range. This module refuses to draw.
"""

from __future__ import annotations

import math
import re
from typing import NamedTuple

from relocsim.spec.nodes import Node
from relocsim.spec.shapes import Number

_FACTOR = re.compile(r"x/ ?(\d+(\.\d+)?)")
_PERCENT = re.compile(r"(\+-|±) ?(\d+(\.\d+)?) ?%")
FORMS = "expected [low, high], a factor such as x/2, a percentage such as +-20%, or none"


class Range(NamedTuple):
    """Ends of a range and how it is drawn."""

    low: float
    """Low end."""
    high: float
    """High end."""
    log: bool
    """Whether it is drawn in logs."""


def range_about(value: float, written: Node, shape: Number) -> Range | None:
    """Return the range that a file gives a number; none for `none`; ValueError says what was expected."""
    if written.items:
        return _inside(_absolute(value, written), shape)
    text = written.value
    if text == "none":
        return None
    if isinstance(text, str) and (found := _FACTOR.fullmatch(text)):
        return _inside(_factor(value, float(found[1])), shape)
    if isinstance(text, str) and (found := _PERCENT.fullmatch(text)):
        return _inside(_percent(value, float(found[2])), shape)
    raise ValueError(f"{FORMS}, found {text!r}" if not isinstance(text, dict | list) else FORMS)


def _absolute(value: float, written: Node) -> Range:
    ends = [item.value for item in written.items if item.is_number]
    if len(ends) != 2 or len(written.items) != 2:
        raise ValueError(FORMS)
    low, high = float(ends[0]), float(ends[1])  # type: ignore[arg-type]
    if not low <= value <= high:
        raise ValueError(f"expected a range [low, high] about the value {value:g}, found [{low:g}, {high:g}]")
    return Range(low, high, log=False)


def _factor(value: float, factor: float) -> Range:
    if factor < 1:
        raise ValueError(f"expected a factor of at least 1 after x/, found {factor:g}")
    ends = sorted((value / factor, value * factor))
    if not math.isfinite(ends[0]) or not math.isfinite(ends[1]):
        raise ValueError("expected a range with finite ends")
    return Range(ends[0], ends[1], log=value != 0)


def _percent(value: float, percent: float) -> Range:
    spread = abs(value) * percent / 100
    if not math.isfinite(spread):
        raise ValueError("expected a range with finite ends")
    return Range(value - spread, value + spread, log=False)


def _inside(found: Range, shape: Number) -> Range:
    """Return the range cut off at the limits of the field (a limit that is excluded stays just outside)."""
    low, high = found.low, found.high
    if shape.low is not None and low <= shape.low:
        low = math.nextafter(shape.low, math.inf) if shape.open_low else float(shape.low)
    if shape.high is not None and high >= shape.high:
        high = math.nextafter(shape.high, -math.inf) if shape.open_high else float(shape.high)
    return Range(low, high, found.log)
