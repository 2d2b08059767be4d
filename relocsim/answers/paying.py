"""Incentives by firm: what fell due to each in a place, and the share of it that the place paid."""

from __future__ import annotations

import numpy as np

from relocsim.model import RelocationModel
from relocsim.phases.payments import holiday_quarters
from relocsim.world.projects import PRODUCING


def paid_by_project(model: RelocationModel) -> np.ndarray:
    """Return the incentives paid to each project so far, 1e8 yuan, (n,).

    The upfront part and the quarters of the holiday since production, as far as the plant still runs, times the share
    that its place has paid of all that fell due there: the model pays by place, origin and sector, not by firm.
    """
    projects, places = model.projects, model.places
    began = projects.dates[PRODUCING]
    quarters = np.clip(model.quarter - began, 0, holiday_quarters(model.setting))
    due = projects.upfront + projects.yearly * projects.running * quarters / 4
    kept = np.divide(places.paid, places.fallen_due, out=np.zeros(len(places.paid)), where=places.fallen_due > 0)
    return np.where(began >= 0, due * kept[projects.place], 0.0)


def paid_by_firm(model: RelocationModel, firms: np.ndarray, city: int) -> np.ndarray:
    """Return what a city paid to each of `firms` (rows of the population, sorted), 1e8 yuan, (n,)."""
    projects, amount = model.projects, paid_by_project(model)
    rows = np.flatnonzero((projects.place == city) & np.isin(projects.firm, firms))
    return np.bincount(np.searchsorted(firms, projects.firm[rows]), amount[rows], len(firms))
