"""What a comparison that was played already says beyond its effects: what only comes of combining, and replicates needed."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
import pandas as pd

from relocsim.batch.arms import TOGETHER, Arm
from relocsim.batch.comparing import Comparison
from relocsim.metrics.capture import MEASURES
from relocsim.metrics.effects import estimate, replicates_needed

_PRECISION = 0.1
"""Half-width of the simulation error that is asked for, over the mean effect."""


def combined(comparison: Comparison) -> pd.DataFrame:
    """Return what all additions do together beyond the sum of each alone, with interval; empty without such arms.

    One row a measure, quantity and part: `alone` (the sum of the paired effects of each policy, alone), `together`,
    `synergy` (their difference), of the amount in the city at the stage under study (firms, 1e8 yuan, jobs) and of its
    capture rate by investment (share). Packages count where no policy stands in two arms.
    """
    at = _additions(comparison.arms)
    columns = ["measure", "quantity", "part", *asdict(estimate(np.zeros(1)))]
    if not at:
        return pd.DataFrame(columns=columns)
    quantities = [("amount", m, comparison.amounts) for m in range(len(MEASURES))]
    quantities.append(("capture_rate", MEASURES.index("investment"), comparison.rates))
    rows = []
    for quantity, m, held in quantities:
        values = held[:, :, m, comparison.stage, comparison.city]
        alone = (values[:, at] - values[:, :1]).sum(axis=1)
        together = values[:, len(comparison.arms) - 1] - values[:, 0]
        named = {"measure": MEASURES[m], "quantity": quantity}
        parts = {"alone": alone, "together": together, "synergy": together - alone}
        rows += [{**named, "part": part, **asdict(estimate(found))} for part, found in parts.items()]
    return pd.DataFrame(rows, columns=columns)


def _additions(arms: tuple[Arm, ...]) -> list[int]:
    """Return the arms that make up the arm of all together, which is the last; none where they overlap or it is missing."""
    base = arms[0].on
    if arms[-1].name != TOGETHER:
        return []
    at = [row for row, arm in enumerate(arms[1:-1], start=1) if arm.sign > 0]
    added = [arms[row].on - base for row in at]
    return at if sum(len(one) for one in added) == len(arms[-1].on - base) else []


def replicates_wanted(comparison: Comparison) -> pd.DataFrame:
    """Return how many replicates bring the simulation error of each effect (95 %) to a tenth of it; empty if not known."""
    rows = []
    for a, arm in enumerate(comparison.arms[1:], start=1):
        change = arm.sign * (comparison.rates[:, a] - comparison.rates[:, 0])[:, 1, comparison.stage, comparison.city]
        known = change[np.isfinite(change)]
        wanted = replicates_needed(known, _PRECISION * abs(float(known.mean()))) if len(known) else None
        rows.append({"arm": arm.name, "replicates": len(change), "replicates_needed": wanted})
    return pd.DataFrame(rows).astype({"replicates_needed": "Int64"}) if rows else pd.DataFrame()
