"""Land and parks: what the quota from above lets be made, and how parks grow.

Construction land is rationed from above. A place's quota is its usual growth and a margin, and what consolidation or status
wins; what policies order beyond it waits. Full parks expand by rule where quota and budget allow. Factory floor stands on
land that is there already and needs no quota.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from relocsim.phases.setting import Setting, once
from relocsim.world.levers import Levers
from relocsim.world.state import PlaceState


@dataclass(frozen=True)
class Growth:
    """Land and floor prepared in a quarter, (P,)."""

    land: np.ndarray
    """Usual growth, ha."""
    floor: np.ndarray
    """Usual growth, 1e4 m2."""
    land_extra: np.ndarray
    """What full parks add, ha."""
    floor_extra: np.ndarray
    """What full parks add, 1e4 m2."""


def rationed(setting: Setting, state: PlaceState, orders: Levers) -> Levers:
    """Return the levers with the land that policies order cut to what the quota has allowed so far."""
    if not setting.switches.land_quota or (orders["land_added"] <= state.land_allowance).all():
        return orders
    return orders.twin(land_added=np.minimum(orders["land_added"], state.land_allowance))


def park_growth(setting: Setting, state: PlaceState, levers: Levers, income: np.ndarray) -> Growth:
    """Return how parks grow in a quarter: at their usual rate, and faster where they are full, as far as `income` goes.

    That is the `revenue`, (P,). Land comes first, floor is built with what is left of the budget. Studied origins do not
    expand: room there is no limit.
    """
    usual, terms = usual_growth(setting), setting.parameters
    if not setting.switches.rival_response:
        return Growth(*usual, np.zeros_like(usual[0]), np.zeros_like(usual[1]))
    budget = terms.park_budget_share * income / 4
    land_total, floor_total = state.land_total + levers["land_added"], state.floor_total + levers["floor_added"]
    land = _boost(setting, usual[0], state.land_used, land_total, budget / terms.land_preparation_cost)
    if setting.switches.land_quota:
        land = np.minimum(land, np.maximum(state.land_allowance - levers["land_added"], 0.0))
    left = budget - land * terms.land_preparation_cost
    floor = _boost(setting, usual[1], state.floor_used, floor_total, left / terms.floor_building_cost)
    return Growth(*usual, land, floor)


@once
def usual_growth(setting: Setting) -> tuple[np.ndarray, np.ndarray]:
    """Return the usual growth of land, ha, and of floor, 1e4 m2, in a quarter, (P,)."""
    return setting.places.land_growth / 4, setting.places.floor_growth / 4


@once
def quota(setting: Setting, levers: Levers) -> np.ndarray:
    """Return by how much a quarter's quota exceeds the usual growth of land, ha, (P,)."""
    margin = setting.parameters.land_quota_ratio - 1
    return (margin * setting.places.land_growth + levers["quota_added"]) / 4


def _boost(
    setting: Setting, usual: np.ndarray, used: np.ndarray, total: np.ndarray, affordable: np.ndarray
) -> np.ndarray:
    """Return what full parks add to their usual growth, no more than the budget affords, (P,)."""
    full = (used > setting.parameters.park_full * total) & setting.places.open_to_rivalry
    return np.where(full, np.minimum(setting.parameters.park_boost * usual, affordable), 0.0)


def revenue(setting: Setting, state: PlaceState) -> np.ndarray:
    """Return a year's revenue: that of the start, and the taxes of plants that came less the incentives due, (P,)."""
    brought = state.tax_base * setting.parameters.local_tax_share - state.refunds.sum(axis=(0, 1))
    return np.maximum(setting.places.revenue + brought, 0.0)


def book_land(setting: Setting, state: PlaceState, levers: Levers, growth: Growth, ordered: np.ndarray) -> np.ndarray:
    """Let parks grow, account for the quota, and return what preparing room costs in the quarter, 1e8 yuan, (P,).

    Local firms grow into the usual growth of parks at the occupancy of the start and pay for it; the rest is new room. A
    policy's outlay is for all the land it `ordered`; what the quota holds back is paid for when it is made.
    """
    places, terms = setting.places, setting.parameters
    state.land_total += growth.land + growth.land_extra
    state.land_used += growth.land * places.land_occupied
    state.floor_total += growth.floor + growth.floor_extra
    state.floor_used += growth.floor * places.floor_occupied
    state.land_extra += growth.land_extra
    state.floor_extra += growth.floor_extra
    state.land_allowance += quota(setting, levers)
    state.land_allowance -= growth.land_extra
    made = levers["land_added"]
    late = np.maximum(made - state.land_made, 0.0) - np.maximum(ordered - state.land_ordered, 0.0)
    state.land_ordered[:], state.land_made[:] = ordered, made
    prepared = growth.land * (1 - places.land_occupied) + growth.land_extra + late
    return prepared * terms.land_preparation_cost + growth.floor_extra * terms.floor_building_cost
