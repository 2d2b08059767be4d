"""A posterior as a table: one row a draw, in the form in which scenarios and batches draw inputs from it. Refuses to fit."""

from __future__ import annotations

from typing import Any

import pandas as pd
from scipy.special import ndtr

from relocsim.calibration.answering import Calibrated
from relocsim.spec.drawing import draw
from relocsim.spec.posterior import WEIGHT, range_of

DISTANCE = "distance"


def posterior_table(found: Calibrated) -> pd.DataFrame:
    """Return one row a draw.

    A column a parameter with the quantile of the ranges of its inputs, one more a parameter of a single input with the value
    by its path, `weight` (sum 1) and `distance` from the targets before the adjustment.
    """
    quantiles = ndtr(found.fit.z)
    columns: dict[str, Any] = {}
    for at, family in enumerate(found.calibration.families):
        columns[family.name] = quantiles[:, at]
        if len(family.inputs) == 1:
            entry = family.inputs[0]
            columns[entry.path] = [draw(entry, float(u)) for u in quantiles[:, at]]
    return pd.DataFrame({**columns, WEIGHT: found.fit.kept.weight, DISTANCE: found.fit.distance})


def about_posterior(found: Calibrated) -> dict[str, Any]:
    """Return what a posterior must say of itself to be used: which inputs each column is for, under which ranges."""
    families = found.calibration.families
    return {
        "question": found.calibration.plan.question,
        "cases": {case.name: case.spec.digest for case in found.calibration.cases},
        "targets": {aim.name: [aim.value, aim.error, aim.log] for aim in found.calibration.aims},
        "families": {one.name: one.label for one in families},
        "inputs": {
            entry.path: {"column": one.name, **range_of(entry)} for one in families for entry in one.inputs
        },
    }  # fmt: skip
