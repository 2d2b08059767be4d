"""Swings in words: which families of inputs are worth a look first, what swings the effect most, the tornado of it."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from relocsim.app.charts.parts import Drawn
from relocsim.app.charts.tornado import Said, tornado
from relocsim.app.why.effects import POINTS
from relocsim.batch.between import Pair
from relocsim.language import Words
from relocsim.metrics.effects import LEVEL, Estimate
from relocsim.report.charts.comparison import caption_of, names_of
from relocsim.report.effects import title_of
from relocsim.report.labels import family_label
from relocsim.report.tables import records
from relocsim.sensitivity.drawn import correlated, mean_quantiles
from relocsim.sensitivity.families import Family, families
from relocsim.spec import Spec

_DUST = 0.05
"""Share of the largest effect below which one of the other sign is not told as a turn."""


def plays(width: int, replicates: int) -> int:
    """Return how many pairs of runs it takes: as drawn once, and both ends of each family, in every replicate."""
    return replicates * (1 + 2 * width)


def first_families(pair: Pair, effects: np.ndarray | None) -> list[Family]:
    """Return the families in the order in which they are worth a look.

    By rank correlation with the effects of replicates, (R,), where these are given; else inputs of the policies that are
    changed, then single parameters, the widest range first, then all others.
    """
    found = families(pair.whatif)
    if effects is not None:
        drawn = mean_quantiles(pair.whatif, found, len(effects))
        order = correlated(effects, drawn, found)["factor"].tolist()
        by_name = {one.name: one for one in found}
        return [by_name[name] for name in order]
    both = pair.baseline.policies, pair.whatif.policies
    changed = {name for name in {*both[0], *both[1]} if both[0].get(name) != both[1].get(name)}
    return sorted(found, key=lambda one: (_rank(one, changed), -_width(one), one.name))


def _rank(family: Family, changed: set[str]) -> int:
    steps = family.inputs[0].path.split(".")
    if steps[0] == "policies":
        return 0 if steps[1] in changed else 3
    return 1 if steps[0] == "parameters" and len(family.inputs) == 1 else 2


def _width(family: Family) -> float:
    """Return the greatest ratio of the ends of a range in a family; infinite where one reaches zero."""
    return max(_ratio(entry.low, entry.high) for entry in family.inputs)


def _ratio(low: float | None, high: float | None) -> float:
    if low is None or high is None:
        return 1.0
    small, large = sorted((abs(low), abs(high)))
    return large / small if small else math.inf


def swings_title(swings: pd.DataFrame, labels: dict[str, str], words: Words) -> str:
    """Return what swings the effect most; a swing whose interval crosses zero, or has none, is said to be not clear."""
    row = records(swings)[0]
    told = {
        "input": labels[row["factor"]],
        "low": words.signed(POINTS * row["lower"]),
        "high": words.signed(POINTS * row["upper"]),
    }
    if row["swing_low"] > 0 or row["swing_high"] < 0:
        text = words("{input} swings the effect most: {low} where it is low, {high} where it is high (points)", **told)
    else:
        text = words(
            "No single input swings the effect clearly; furthest {input}: {low} where it is low, {high} where it is high",
            **told,
        )
    least = _DUST * swings[["lower", "upper", "mean"]].abs().to_numpy().max()
    held = [one for one in records(swings) if one["lower"] * one["upper"] < 0]
    turning = [labels[one["factor"]] for one in held if min(abs(one["lower"]), abs(one["upper"])) > least]
    return text + (
        words("; the sign turns with {inputs}", inputs=words.listed(words.first(turning, 3))) if turning else ""
    )


def swings_drawn(spec: Spec, swings: pd.DataFrame, labels: dict[str, str], words: Words) -> Drawn:
    """Return the tornado of swings, percentage points."""
    count = int(swings["replicates"].iloc[0])
    what = words(
        "Means of n = {count} paired replicates at the 5th and the 95th percentile of each family, one at a time; {shown} "
        "of {all} families; intervals of the swing are in the table",
        count=count, shown=len(swings), all=len(families(spec)),
    )  # fmt: skip
    centre = POINTS * float(swings["mean"].iloc[0])
    said = Said(
        title=swings_title(swings, labels, words),
        caption=caption_of(spec, what, words),
        axis=words("effect on the capture rate, percentage points (as drawn: {mean})", mean=words.plain(centre)),
        lower=words("5th percentile of the input"),
        upper=words("95th percentile of the input"),
    )
    return tornado(swings, said, labels, words, scale=POINTS)


def family_name(label: str, spec: Spec, words: Words) -> str:
    """Return the name of a family of inputs, places and policies in it by theirs."""
    names = names_of(spec, words) | {name: title_of(spec, name, words) for name in spec.policies}
    return family_label(words, label, names)


def labels_of(found: Sequence[Family], spec: Spec, words: Words) -> dict[str, str]:
    """Return the names of families by id."""
    return {one.name: family_name(one.label, spec, words) for one in found}


def swing_rows(swings: pd.DataFrame, found: Sequence[Family], labels: dict[str, str], words: Words) -> list[list[str]]:
    """Return one row a family in words, percentage points."""
    numbers = {one.name: len(one.inputs) for one in found}
    rows = []
    for row in records(swings):
        ends = (
            (row["swing_low"], row["swing_high"]) if math.isfinite(row["swing_low"]) else (row["swing"], row["swing"])
        )
        swing = words.span(Estimate(row["swing"], *ends, LEVEL, 0.0, 1, 1), POINTS)
        low, high = (words.signed(POINTS * row[name]) for name in ("lower", "upper"))
        rows.append([labels[row["factor"]], words.plain(numbers[row["factor"]], 0), low, high, swing])
    return rows
