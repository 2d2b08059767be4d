"""What the inputs rest on: how many are assumed, by part of the model, and which ranges are widest."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from relocsim.sources import Grade, Input, Register

_BY_ID = {"places", "sectors"}
"""Parts whose second step is the id of a place or a sector."""
_TABLES = {"specialisation", "inputs", "components", "lines", "modes", "nodes"}
"""Fields whose next step is an id."""


def inputs_by_part(register: Register) -> pd.DataFrame:
    """Return one row a part of the model (and one for all): inputs by grade, how many have a range, share assumed."""
    entries = pd.DataFrame(
        {
            "part": [entry.path.split(".", 1)[0] for entry in register],
            "grade": [str(entry.grade) for entry in register],
            "ranged": [entry.ranged for entry in register],
        }
    )
    rows = [(part, group) for part, group in entries.groupby("part", sort=True)]
    return pd.DataFrame([_counts(str(part), group) for part, group in [*rows, ("all", entries)]])


def _counts(part: str, group: pd.DataFrame) -> dict[str, object]:
    grades = {str(grade): int((group["grade"] == grade).sum()) for grade in Grade}
    share = grades["assumed"] / len(group) if len(group) else 0.0
    return {"part": part, "inputs": len(group), **grades, "ranged": int(group["ranged"].sum()), "assumed_share": share}


def widest_ranges(register: Register) -> pd.DataFrame:
    """Return one row a kind of input, such as `places.*.floor_space`, widest range first.

    `width` is the mean over the inputs of that kind of the factor high / low, infinite where a range reaches zero.
    """
    table = pd.DataFrame(
        [
            (pattern(entry.path), entry.unit, _factor(entry), entry.value, entry.low, entry.high)
            for entry in register.ranged()
        ],
        columns=["input", "unit", "width", "value", "low", "high"],
    )
    groups = table.groupby(["input", "unit"], sort=True).agg(
        count=("width", "size"),
        width=("width", "mean"),
        value=("value", "median"),
        low=("low", "min"),
        high=("high", "max"),
    )
    return groups.reset_index().sort_values(
        ["width", "count", "input"], ascending=[False, False, True], ignore_index=True
    )


def pattern(path: str) -> str:
    """Return the path of an input with ids and positions replaced by `*`."""
    steps = path.split("[", 1)[0].split(".")
    masked = list(steps)
    if steps[0] in _BY_ID and len(steps) > 2:
        masked[1] = "*"
    for at, step in enumerate(steps[:-1]):
        if step in _TABLES and at > 0:
            masked[at + 1] = "*"
    return ".".join(masked)


def _factor(entry: Input) -> float:
    low, high = float(entry.low or 0.0), float(entry.high or 0.0)
    if low * high <= 0:
        return math.inf
    return float(np.max(np.abs([low, high])) / np.min(np.abs([low, high])))
