"""One table: every figure of the evidence with what the model shows, or why it says nothing. Refuses to play."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from relocsim.calibration.tolerances import Aim
from relocsim.spec.evidence import Figure
from relocsim.validation.planning import Validation
from relocsim.validation.playing import Shown

_ENDS = (0.025, 0.5, 0.975)
INSIDE, NEAR, OUTSIDE, WIDE = "inside", "only with its error", "outside", "too wide to tell"
"""What is said of a comparison."""
_TOLD_NOTHING = 20.0
"""Ratio of the ends of an interval from which it holds nearly any value."""


def comparisons(validation: Validation, shown: Mapping[str, Shown]) -> pd.DataFrame:
    """Return one row a comparison, a finding of a pattern, or a figure that the model is silent about.

    Columns: figure, comparison, place, date, what, unit, value, value_low, value_high (tolerance or band), median, low, high
    (95 % of replicates; of a pattern as its test found it), use, verdict, readable (share of replicates in which there was
    something to read), reason, source, seen.
    """
    rows = [*_compared(validation, shown), *_patterns(validation), *_silent(validation)]
    return pd.DataFrame(rows)


def _compared(validation: Validation, shown: Mapping[str, Shown]) -> Iterator[dict[str, object]]:
    at: dict[str, int] = {}
    for aim in validation.aims:
        column = at.setdefault(aim.case, 0)
        at[aim.case] += 1
        target = validation.plan.comparisons[aim.name]
        figure = validation.figures.get(str(target.figure))
        low, median, high, readable = _interval(aim, shown[aim.case].values[:, column])
        value_low, value_high = (float(aim.unscaled(np.array(aim.at + side * 1.96 * aim.error))) for side in (-1, 1))
        meets = readable > 0 and low <= value_high and high >= value_low
        wide = aim.log and low > 0 and high / low > _TOLD_NOTHING
        yield {
            **_about(figure, str(target.figure or aim.name)),
            "comparison": aim.name,
            "case": aim.case,
            "unit": aim.ratio.unit,
            "value": aim.value,
            "value_low": value_low,
            "value_high": value_high,
            "median": median,
            "low": low,
            "high": high,
            "verdict": (WIDE if wide else INSIDE if low <= aim.value <= high else NEAR) if meets else OUTSIDE,
            "readable": readable,
            "reason": target.note,
            "source": aim.source,
        }


def _interval(aim: Aim, values: np.ndarray) -> tuple[float, float, float, float]:
    """Return the ends and the median of replicates, and in what share of them there was something to read."""
    there = np.isfinite(values)
    if not there.any():
        return np.nan, np.nan, np.nan, 0.0
    low, median, high = np.quantile(values[there], _ENDS)
    return float(low), float(median), float(high), float(there.mean())


def _patterns(validation: Validation) -> Iterator[dict[str, object]]:
    for name, figure in validation.figures.items():
        for one in figure.findings:
            pattern, _, what = one.partition(": ")
            found = validation.findings.get(pattern, {}).get(what)
            if found is None:
                continue
            band = figure.band or found.get("band") or ()
            low, high = float(found["low"]), float(found["high"])
            sides = sorted(abs(end) for end in band)  # falls are told as positive numbers by the patterns
            said = (INSIDE if low <= sides[1] and high >= sides[0] else OUTSIDE) if sides else ""
            yield {
                **_about(figure, name),
                "comparison": one,
                "case": "patterns",
                "value": figure.values[0] if len(figure.values) == 1 else np.nan,
                "value_low": sides[0] if sides else np.nan,
                "value_high": sides[1] if sides else np.nan,
                "median": float(found["mean"]),
                "low": low,
                "high": high,
                "verdict": said,
                "readable": 1.0,
                "reason": figure.note,
            }


def _silent(validation: Validation) -> Iterator[dict[str, object]]:
    compared = {one.figure for one in validation.plan.comparisons.values()}
    for name, figure in validation.figures.items():
        if name in compared or figure.findings:
            continue
        reason = figure.silent or "it shapes rules and is no number to compare"
        value = figure.values[0] if len(figure.values) == 1 else np.nan
        yield {**_about(figure, name), "comparison": "", "case": "", "value": value, "verdict": "", "reason": reason}


def _about(figure: Figure | None, name: str) -> dict[str, object]:
    if figure is None:
        return {"figure": name, "place": "", "date": "", "what": "", "unit": "", "use": "", "source": "", "seen": ""}
    return {
        "figure": name,
        "place": figure.place,
        "date": figure.date,
        "what": figure.what,
        "unit": figure.unit,
        "use": figure.use,
        "source": figure.source,
        "seen": figure.seen,
    }
