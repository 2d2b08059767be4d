"""Observables of the corridor: who passes through the city, stops before it, leaps over nearer places; skills it lacks."""

from __future__ import annotations

import numpy as np

from relocsim.batch.reached import outside, reached
from relocsim.metrics import passing
from relocsim.model import RelocationModel
from relocsim.world.projects import INTENTION


def _went(model: RelocationModel) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return origin (place), place and firms of the projects intended outside the origins, (n,) each."""
    projects, places = model.projects, model.setting.places
    rows = np.flatnonzero(reached(model, INTENTION) & outside(model)[projects.place])
    return places.origins[projects.origin[rows]], projects.place[rows], projects.firms[rows]


def passed_through(model: RelocationModel, city: int) -> float:
    """Share of the firms going outside the origins that had the city on their way and chose a place further along."""
    return 100 * passing.pass_through(*_went(model), model.setting.places.km, city=city)


def intercepted(model: RelocationModel, city: int) -> float:
    """Share of the firms going outside the origins that stopped at a place on the way to the city."""
    return 100 * passing.interception(*_went(model), model.setting.places.km, city=city)


def leaps(model: RelocationModel, city: int) -> float:
    """Share of the firms going outside the origins beyond a nearer place of lower unit cost (costs of the end)."""
    projects, setting = model.projects, model.setting
    rows = np.flatnonzero(reached(model, INTENTION) & outside(model)[projects.place])
    segment = projects.origin[rows], projects.sector[rows], projects.firm_class[rows]
    cost = model.look_around(model.quarter / 4).unit_cost[segment]
    distance = setting.places.km[setting.places.origins[projects.origin[rows]]]
    open_to = np.broadcast_to(outside(model), cost.shape)
    return 100 * passing.leapfrog(projects.place[rows], projects.firms[rows], distance, cost, open_to)


def skill_gap(model: RelocationModel, city: int) -> float:
    """Share of skilled posts that the city cannot fill on the spot, at the end."""
    return 100 * (1 - float(model.look_around(model.quarter / 4).talent[city]))
