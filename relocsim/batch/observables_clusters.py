"""Observables of clusters: suppliers that follow, local firms that turn, functions that come after, plants that stay."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from relocsim.metrics.clusters import followers_by_leader
from relocsim.model import RelocationModel
from relocsim.phases import supply
from relocsim.phases.plants import followed
from relocsim.world.firms import LARGE, LEADER
from relocsim.world.projects import BRANCH, EXPANSION, GROUND, INTENTION, PRODUCING, STATE

_LONG_AGO = 24
"""Quarters, six years: leaders' projects that have had the time for their suppliers to follow."""


def of_leaders(model: RelocationModel) -> np.ndarray:
    """Return which projects are leaders' that broke ground six years or more before the end, (n,) bool."""
    projects = model.projects
    began = projects.dates[GROUND]
    old = (began >= 0) & (began <= model.quarter - _LONG_AGO)
    return old & (projects.firm_class == LEADER) & (projects.kind < STATE)


def followers_of(model: RelocationModel, tier: int, stage: int) -> np.ndarray:
    """Return the suppliers of a tier that followed each leader's project and reached a stage in six years, (leaders,)."""
    projects, leading = model.projects, np.flatnonzero(of_leaders(model))
    rows = np.flatnonzero((projects.leader >= 0) & (projects.dates[stage] >= 0))
    rows = rows[model.population.tier[projects.firm[rows]] == tier]
    late = projects.dates[stage, rows] - projects.dates[GROUND, projects.leader[rows]]
    return followers_by_leader(projects.leader[rows], projects.firms[rows], late, leading, most=_LONG_AGO)


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if len(values) else np.nan


def followers(model: RelocationModel, city: int) -> float:
    """First-tier suppliers that followed a leader that had broken ground, within six years, admitted."""
    return _mean(followers_of(model, 1, INTENTION))


def followers_producing(model: RelocationModel, city: int) -> float:
    """First-tier suppliers that followed a leader that had broken ground and came to produce within six years."""
    return _mean(followers_of(model, 1, PRODUCING))


def second_tier(model: RelocationModel, city: int) -> float:
    """Second-tier suppliers that followed a leader that had broken ground, within six years, admitted."""
    return _mean(followers_of(model, 2, INTENTION))


def turned_by_place(model: RelocationModel) -> np.ndarray:
    """Return the local firms that have turned to supplying leaders, by place, (P,)."""
    return (model.places.turned / model.setting.sectors.firm_output).sum(axis=1)


def turned(model: RelocationModel, city: int) -> float:
    """Local firms that have turned to supplying leaders, a place with leaders, at the end."""
    return _mean(turned_by_place(model)[model.places.leaders.sum(axis=1) > 0])


def leaders_here(model: RelocationModel, city: int) -> float:
    """Leaders' plants that produce in the city at the end."""
    return float(model.places.leaders[city].sum())


def depth_of_leaders(model: RelocationModel, city: int) -> float:
    """Depth at the start of the places that leaders intended projects in outside the origins, mean over projects."""
    setting, start = model.setting, model.foundation
    made = start.output[:, setting.sectors.maker] * setting.sectors.made_share
    made[:, len(setting.sectors.ids) :] *= start.presence
    depth = supply.depth(setting, supply.coverage(setting, made))
    projects = model.projects
    outside = np.setdiff1d(np.arange(len(setting.places.ids)), setting.places.origins[setting.places.studied])
    rows = (projects.firm_class == LEADER) & (projects.kind < STATE) & np.isin(projects.place, outside)
    return _mean(depth[projects.sector[rows], projects.place[rows]])


def functions(model: RelocationModel, city: int) -> float:
    """Functions (research, sales, headquarters) that followed branches of large firms and leaders, a hundred branches."""
    projects = model.projects
    rows = (projects.kind == BRANCH) & (projects.firm_class >= LARGE) & (projects.dates[PRODUCING] >= 0)
    return 100 * _mean(followed(projects, np.flatnonzero(rows)))


def expansions(model: RelocationModel, city: int) -> float:
    """Investment in expansions that broke ground in the city."""
    projects = model.projects
    return float(projects.investment[(projects.kind == EXPANSION) & (projects.place == city)].sum())


def expansions_everywhere(model: RelocationModel, city: int) -> float:
    """Investment in expansions that broke ground, everywhere."""
    projects = model.projects
    return float(projects.investment[projects.kind == EXPANSION].sum())


def capacity_lost(model: RelocationModel, city: int) -> float:
    """Share of the city's plants, by output, that have been taken out again by the end."""
    projects = model.projects
    rows = (projects.place == city) & (projects.dates[PRODUCING] >= 0) & (projects.kind != STATE)
    output = projects.output[rows]
    return 100 * float(output @ (1 - projects.running[rows]) / output.sum()) if output.any() else np.nan


CLUSTERS: Mapping[str, tuple[str, Callable[[RelocationModel, int], float]]] = {
    "followers": ("firms per leader", followers),
    "followers that produce": ("firms per leader", followers_producing),
    "second-tier followers": ("firms per leader", second_tier),
    "firms that turned": ("firms per place", turned),
    "leaders": ("plants", leaders_here),
    "depth that leaders choose": ("share", depth_of_leaders),
    "functions that follow": ("per 100 branches", functions),
    "expansions": ("1e8 yuan", expansions),
    "expansions everywhere": ("1e8 yuan", expansions_everywhere),
    "capacity taken out": ("%", capacity_lost),
}
"""Unit and measure by name."""
