"""What is read of a comparison: the paired effect of an arm on the city, by quantity, and what it costs. Refuses to play."""

from __future__ import annotations

import numpy as np
import pandas as pd

from relocsim.answers.costing import Fiscal
from relocsim.batch.comparing import Comparison
from relocsim.metrics.capture import MEASURES
from relocsim.metrics.effects import Estimate

QUANTITIES = {
    "capture_rate": ("investment", "capture_rate"),
    "investment": ("investment", "amount"),
    "jobs": ("jobs", "amount"),
    "but_for_share": ("investment", "but_for_share"),
    "treasury": ("money", "treasury"),
}
"""Measure and quantity of the table of effects."""


def effect_of(comparison: Comparison, arm: str | None = None) -> dict[str, Estimate]:
    """Return the paired effect of an arm (none: the last) on the city, by quantity."""
    name = arm or comparison.arms[-1].name
    table = comparison.effects.set_index(["arm", "measure", "quantity"])
    return {key: _estimate(table.loc[(name, *place)]) for key, place in QUANTITIES.items()}


def fiscal_of(comparison: Comparison, arm: str | None = None) -> pd.DataFrame:
    """Return what an arm (none: the last) costs and brings, one row a quantity."""
    at = [one.name for one in comparison.arms].index(arm) if arm else len(comparison.arms) - 1
    kept = tuple((pairs.accounts[0], pairs.accounts[at]) for pairs in comparison.beside)
    spec, arms = comparison.spec, (comparison.arms[0], comparison.arms[at])
    return Fiscal(spec, arms, kept, spec.world.parameters.interest).table


def of_table(table: pd.DataFrame, quantity: str) -> Estimate:
    """Return one quantity of a table of what is paid."""
    return _estimate(table.set_index("quantity").loc[quantity])


def _estimate(row: pd.Series) -> Estimate:
    mean, low, high, coverage, error = (
        float(row[name]) for name in ("mean", "low", "high", "coverage", "simulation_error")
    )
    return Estimate(mean, low, high, coverage, error, int(row["replicates"]), int(row["positive"]))


def by_replicate(comparison: Comparison, quantity: str) -> np.ndarray:
    """Return the paired effect of the last arm by replicate, (R,)."""
    at = len(comparison.arms) - 1
    measure, name = QUANTITIES[quantity]
    if quantity == "treasury":
        return comparison.treasury[:, at, comparison.city] - comparison.treasury[:, 0, comparison.city]
    return comparison.effects_by_replicate(at, MEASURES.index(measure))[name]
