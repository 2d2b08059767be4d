"""Accounts of a finished model: what came to the city under study, and what it cost, as small arrays to keep."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from relocsim.batch.playing import outcome
from relocsim.batch.reached import outside
from relocsim.metrics.capture import capture_rate
from relocsim.model import RelocationModel
from relocsim.world.projects import STAGES


@dataclass(frozen=True)
class Accounts:
    """What one arm of one replicate came to, for the city under study unless said otherwise."""

    city: int
    """Row of the city."""
    amount: np.ndarray
    """Firms, 1e8 yuan, jobs of studied origins at the stage under study, by place, (M, P)."""
    rate: np.ndarray
    """Capture rates, (M, P)."""
    at_risk: np.ndarray
    """Capacity at risk in the studied origins at the start, (M,)."""
    treasury: np.ndarray
    """Receipts less payments of the quarter, 1e8 yuan, (T,)."""
    outlay: np.ndarray
    """What the city spends on its policies in the quarter, 1e8 yuan, (T,)."""
    paid: np.ndarray
    """Incentives paid in the quarter, 1e8 yuan, (T,)."""
    promised: float
    """Incentives promised, 1e8 yuan."""
    jobs: np.ndarray
    """Jobs that came less those that left, everybody's, by place, persons, (P,)."""
    output: np.ndarray
    """Output by place at the end, 1e8 yuan/year, (P,)."""

    @property
    def cost(self) -> float:
        """Public cost over the run: outlays on policies and incentives paid, 1e8 yuan, before taxes and land sales."""
        return float(self.outlay.sum() + self.paid.sum())


def accounts(model: RelocationModel) -> Accounts:
    """Return the accounts of a finished model."""
    study, places = model.spec.scenario.study, model.setting.places
    city, stage = places.row(study.city), STAGES.index(study.stage)
    total = outcome(model).flow[:, stage].sum(axis=1)
    seen = model.record.places()
    seen = seen[seen["place"] == study.city]
    return Accounts(
        city=city,
        amount=total,
        rate=capture_rate(total, outside(model)),
        at_risk=model.foundation.at_risk,
        treasury=_by_quarter(seen["treasury_1e8yuan"].to_numpy()),
        outlay=outlays(model, study.city),
        paid=_by_quarter(seen["incentives_paid_1e8yuan"].to_numpy()),
        promised=float(model.places.promised[city]),
        jobs=model.places.jobs.copy(),
        output=model.places.output.sum(axis=1),
    )


def outlays(model: RelocationModel, city: str) -> np.ndarray:
    """Return what a city spends on the policies in force, by quarter, 1e8 yuan, (T,)."""
    start, terms = model.spec.scenario.start, model.setting.parameters
    out = np.zeros(model.quarter)
    for policy in model.in_force.values():
        if city in policy.payers():
            quarters = [t for t in range(model.quarter) if policy.in_force(start + t)]
            out[quarters] += [policy.spends(terms, start + t - policy.start) for t in quarters]
    return out


def _by_quarter(cumulated: np.ndarray) -> np.ndarray:
    return np.diff(cumulated, prepend=0.0)
