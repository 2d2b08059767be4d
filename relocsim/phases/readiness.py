"""Readiness: what else must be there for ground to be broken and production to start - plots, finance, factors.

Each is a factor on a hazard of advance, one where nothing is short.
"""

from __future__ import annotations

import numpy as np

from relocsim.phases.limits import factor_total
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
    terms, ready = setting.parameters, np.ones((2, len(setting.places.ids)))
    if not setting.switches.land_readiness:
        return ready
    used, total = np.array([[state.land_used, state.floor_used], [state.land_total, state.floor_total]])
    total += [levers["land_added"], levers["floor_added"]]
    free = np.maximum(1 - used / np.maximum(total, 1e-9), _LEAST_FREE)
    return np.power(np.minimum(1.0, free / terms.ready_vacancy), terms.ready_elasticity, out=ready, where=total > 0)


def finance_readiness(setting: Setting, projects: Projects, rows: np.ndarray, levers: Levers) -> np.ndarray:
    """Return the factor on starting production for projects in `rows`, (n,): a fund helps small firms that build."""
    helped = (projects.stage.take(rows) == GROUND) & (projects.firm_class.take(rows) == SMALL)
    covered = np.minimum(1.0, levers["finance"])[projects.place.take(rows), projects.sector.take(rows)]
    return 1 + setting.parameters.finance_effect * covered * helped * setting.switches.finance


def factor_readiness(setting: Setting, state: PlaceState, levers: Levers, projects: Projects) -> np.ndarray:
    """Return the factor on starting production, (P,): the least that power, environment and labour allow each by itself.

    It is the shortest plank that counts; what is plentiful does not make up for it.
    """
    if not setting.switches.shortest_plank:
        return np.ones(len(setting.places.ids))
    return planks(setting, state, levers, projects).min(axis=0)


def planks(setting: Setting, state: PlaceState, levers: Levers, projects: Projects) -> np.ndarray:
    """Return the factors on starting production that power, environment and labour would each allow, (3, P).

    Lines, allowances and recruits come in lots: plants under construction can draw on a share of what is free without delay,
    and all start more slowly where they need more. Free is what does not serve plants at work: what projects have reserved
    is free until they produce. Where a place is overdrawn (its own firms settle without asking), all plants share what there
    is, so that of what is reserved only a part is there.
    """
    reserved, needed = takes(setting, projects)
    total, used = factor_total(setting, state, levers), state.factor_used
    covered = np.minimum(total / np.maximum(used, 1e-9), 1.0)
    free = np.maximum(total - used, 0.0) + covered * reserved
    ready = setting.parameters.mobilisation * free / np.where(needed > 0, needed, 1.0)
    return np.where(needed > 0, np.minimum(ready, 1.0), 1.0)


def takes(setting: Setting, projects: Projects) -> tuple[np.ndarray, np.ndarray]:
    """Return the factors that projects under way, and those under construction among them, take by place, (3, P) both."""
    rows, size = projects.open_rows(), len(setting.places.ids)
    place, building = projects.place.take(rows), projects.stage.take(rows) == GROUND
    amounts = setting.factor_use[:, projects.sector.take(rows)] * projects.output.take(rows)
    all_, some = (np.stack([np.bincount(place, one, size) for one in each]) for each in (amounts, amounts * building))
    return all_, some
