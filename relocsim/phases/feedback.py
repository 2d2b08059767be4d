"""Feedback: what settlement did to wages, rents, parks and budgets. Writes to the places' state."""

from __future__ import annotations

import numpy as np

from relocsim.phases.land import book_land
from relocsim.phases.limits import labour_pool, usual_growth
from relocsim.phases.rivals import Answer
from relocsim.phases.setting import Setting, quarterly
from relocsim.world.levers import Levers
from relocsim.world.state import PlaceState

_LEAST_OCCUPANCY = 0.05
"""Occupancy below which rents no longer fall: keeps the power function away from zero."""
_LEAST_JOBS = 0.2
"""Likewise for the wage where a place has lost jobs."""


def scarcity(used: np.ndarray, total: np.ndarray, at_start: np.ndarray, elasticity: float) -> np.ndarray:
    """Return the price of space over that at the start, (P,): occupancy over that at the start, to an elasticity.

    Where there is no space there is no price, and the ratio stays one.
    """
    ratio = (_bounded(used / np.maximum(total, 1e-9)) / _bounded(at_start)) ** elasticity
    return np.where(total > 0, ratio, 1.0)


def _bounded(occupancy: np.ndarray) -> np.ndarray:
    """Return occupancy as far as it has a price, (P,)."""
    return np.minimum(np.maximum(occupancy, _LEAST_OCCUPANCY), 1.0)


def turning(setting: Setting, state: PlaceState) -> np.ndarray:
    """Return the output of local firms that supply leaders in the end, 1e8 yuan/year, (P, S).

    So many firms for each leader that produces in the place, in the sectors that supply it, as far as a share of the place's
    own industry goes. It is depth without capture: they stay what they are, and no output, job or firm is added.
    """
    terms, sectors = setting.parameters, setting.sectors
    wanted = terms.local_suppliers_per_leader * sectors.firm_output * (state.leaders @ setting.bought)
    return np.minimum(wanted, terms.local_suppliers_most * np.maximum(state.output, 0.0))


def feed_back(
    setting: Setting, state: PlaceState, levers: Levers, answer: Answer, ordered: np.ndarray, outlay: np.ndarray,
    quarter: int,
) -> None:  # fmt: skip
    """Update wages, rents, parks, budgets and bids at the end of `quarter`.

    Policies `ordered` so much land, ha, and cost so much in the quarter, `outlay`, 1e8 yuan, both (P,).
    """
    terms, places = setting.parameters, setting.places
    if setting.switches.wage_feedback:
        pool = np.maximum(labour_pool(setting, levers), 1.0)
        state.wage_ratio[:] = np.maximum(1 + state.jobs / pool, _LEAST_JOBS) ** terms.wage_tightness
    if setting.switches.rent_feedback:
        land, floor = state.land_total + levers["land_added"], state.floor_total + levers["floor_added"]
        elasticity = terms.rent_occupancy
        state.land_price_ratio[:] = scarcity(state.land_used, land, places.land_occupied, elasticity)
        state.rent_ratio[:] = scarcity(state.floor_used, floor, places.floor_occupied, elasticity)
    state.factor_total += usual_growth(setting)
    if setting.switches.local_suppliers and setting.switches.depth_feedback:
        state.turned += quarterly(terms.turning_rate) * (turning(setting, state) - state.turned)
    tax = state.tax_base * setting.local_tax_share(quarter / 4)
    state.treasury += (tax + levers["grant"]) / 4 - outlay
    state.treasury -= book_land(setting, state, levers, answer.growth, ordered)
    state.bid[:] = answer.bid
