"""A number with unit, source, grade and range: the register of every input.

The description of a world holds plain floats; this register says, path by path, where each came from. This module
refuses to read files and to draw (see `relocsim.spec` and `relocsim.streams`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np


class Grade(StrEnum):
    """How well founded a number is."""

    DOCUMENT = "document"
    STATISTIC = "statistic"
    LITERATURE = "literature"
    ASSUMED = "assumed"


@dataclass(frozen=True)
class Input:
    """One number of the model and where it comes from."""

    path: str
    """Dotted path in the resolved specification, such as `places.chenzhou.wage`."""
    value: float
    """Central value."""
    unit: str
    """Unit of the value."""
    source: str
    """Publication, document or reasoning behind it."""
    grade: Grade
    """How well founded it is."""
    low: float | None = None
    """Low end of the range; none: taken as exact."""
    high: float | None = None
    """High end of the range."""
    log: bool = False
    """Whether the range is a factor (drawn in logs)."""

    @property
    def ranged(self) -> bool:
        """Whether the number is drawn anew in every replicate."""
        return self.low is not None and self.high is not None and self.low < self.high


@dataclass(frozen=True, eq=False)
class JointDraws:
    """Rows of a posterior, by which some inputs are drawn together in place of one by one."""

    digest: str
    """SHA-256 of rows, weights and ranges."""
    column: Mapping[str, int]
    """Column of each input, by path; inputs of one family share one."""
    rows: np.ndarray
    """Quantiles of the ranges of the inputs, (R, K)."""
    upto: np.ndarray
    """Cumulated weights of rows, (R,), the last 1."""

    def at(self, u: float) -> dict[str, float]:
        """Return the quantile of each input by path, of the row that the uniform number `u` falls on."""
        row = self.rows[min(int(np.searchsorted(self.upto, u, side="right")), len(self.rows) - 1)]
        return {path: float(row[column]) for path, column in self.column.items()}


@dataclass(frozen=True)
class Register:
    """All inputs by path."""

    inputs: Mapping[str, Input] = field(default_factory=dict)
    joint: JointDraws | None = None
    """Posterior by which inputs are drawn; none: each independently."""

    def __iter__(self) -> Iterator[Input]:
        return iter(self.inputs.values())

    def __len__(self) -> int:
        return len(self.inputs)

    def ranged(self) -> list[Input]:
        """Return the inputs that have a range, by path."""
        return [self.inputs[path] for path in sorted(self.inputs) if self.inputs[path].ranged]

    def assumed_share(self) -> float:
        """Return the share of inputs whose grade is `assumed` (0 when there are none)."""
        if not self.inputs:
            return 0.0
        return sum(entry.grade is Grade.ASSUMED for entry in self.inputs.values()) / len(self.inputs)
