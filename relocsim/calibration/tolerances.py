"""Targets as numbers: on which scale a figure is compared, and what it may be off.

A tolerance that is a factor compares logs; any other compares values. Refuses to read files.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from relocsim.calibration.measures import Ratio

FORMS = "expected a number above 0, a percentage such as +-20%, or a factor such as x/1.5"
_FACTOR = re.compile(r"x/ ?(\d+(\.\d+)?)")
_PERCENT = re.compile(r"(\+-|±) ?(\d+(\.\d+)?) ?%")


@dataclass(frozen=True)
class Aim:
    """A target that is ready to be compared."""

    name: str
    case: str
    ratio: Ratio
    value: float
    """In the unit of what is read."""
    error: float
    """Standard deviation on the scale that is compared: of the value, or of its log."""
    log: bool
    source: str
    note: str

    def scaled(self, values: np.ndarray) -> np.ndarray:
        """Return values on the scale that is compared; what has no log (zero and less) becomes nan."""
        if not self.log:
            return values
        return np.log(np.where(values > 0, values, np.nan))

    def unscaled(self, values: np.ndarray) -> np.ndarray:
        """Return what `scaled` came from."""
        return np.exp(values) if self.log else values

    @property
    def at(self) -> float:
        """The value on the scale that is compared."""
        return math.log(self.value) if self.log else self.value


def error_of(tolerance: float | str, value: float) -> tuple[float, bool]:
    """Return a tolerance as a standard deviation and whether it is one of logs; ValueError says what was expected."""
    if isinstance(tolerance, str):
        if found := _FACTOR.fullmatch(tolerance):
            if float(found[1]) <= 1 or value <= 0:
                raise ValueError(f"a factor is above 1 and of a value above 0, found {tolerance!r} of {value:g}")
            return math.log(float(found[1])), True
        if found := _PERCENT.fullmatch(tolerance):
            tolerance = abs(value) * float(found[2]) / 100
        else:
            raise ValueError(f"{FORMS}, found {tolerance!r}")
    if not tolerance > 0:
        raise ValueError(f"{FORMS}, found {tolerance:g}")
    return float(tolerance), False


def scaled(aims: Sequence[Aim], values: np.ndarray) -> np.ndarray:
    """Return readings, (n, K), on the scales that are compared."""
    columns = [aim.scaled(values[:, at]) for at, aim in enumerate(aims)]
    return np.column_stack(columns) if columns else np.zeros((len(values), 0))
