"""Readiness: what else must be there for ground to be broken and production to start - plots, finance, factors.

Each is a factor on a hazard of advance, one where nothing is short.
"""

from __future__ import annotations

import numpy as np

from relocsim.phases.setting import Setting
from relocsim.world.firms import SMALL
from relocsim.world.levers import Levers
from relocsim.world.projects import GROUND, Projects
from relocsim.world.state import PlaceState

_LEAST_FREE = 0.02
"""Free share of room below which readiness no longer falls: projects that were admitted hold their plot."""


def land_readiness(setting: Setting, state: PlaceState, levers: Levers) -> np.ndarray:
    """Return the factor on breaking ground, (2, P): for projects that build on land, and for those that rent floor.

    One while the free share of the place's room is at least `ready_vacancy`; below, the share over that, to an elasticity.
    """
    terms = setting.parameters
    used = np.stack([state.land_used, state.floor_used])
    total = np.stack([state.land_total + levers["land_added"], state.floor_total + levers["floor_added"]])
    if not setting.switches.land_readiness:
        return np.ones_like(used)
    free = np.maximum(1 - used / np.maximum(total, 1e-9), _LEAST_FREE)
    ready = np.minimum(1.0, free / terms.ready_vacancy) ** terms.ready_elasticity
    return np.where(total > 0, ready, 1.0)


def finance_readiness(setting: Setting, projects: Projects, rows: np.ndarray, levers: Levers) -> np.ndarray:
    """Return the factor on starting production for projects in `rows`, (n,): a fund helps small firms that build."""
    helped = (projects.stage[rows] == GROUND) & (projects.firm_class[rows] == SMALL)
    covered = np.minimum(1.0, levers["finance"])[projects.place[rows], projects.sector[rows]]
    return 1 + setting.parameters.finance_effect * covered * helped * setting.switches.finance


def factor_readiness(setting: Setting, state: PlaceState, levers: Levers) -> np.ndarray:
    """Return the factor on starting production from labour, power and environment, (P,): one, nothing is short yet."""
    return np.ones(len(setting.places.ids))
