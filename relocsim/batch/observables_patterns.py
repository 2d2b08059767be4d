"""Observables that tell of patterns of the whole: how many relocate, how, and how much of what is signed lands."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from relocsim.batch.reached import outside, ratio, reached, studied
from relocsim.model import RelocationModel
from relocsim.world.projects import BRANCH, ENTRY, MOVE, PRODUCING, SIGNED

_YEAR = 4


def relocations(model: RelocationModel, city: int) -> float:
    """Firms of the studied origins of which a branch or move comes to produce, a year and over those of the start."""
    projects, population = model.projects, model.population
    began = projects.dates[PRODUCING]
    rows = studied(model) & np.isin(projects.kind, (BRANCH, MOVE)) & (began >= 3 * _YEAR)
    years = (model.quarter - 3 * _YEAR) / _YEAR
    stock = population.stock & model.setting.places.studied[population.origin]
    return 100 * ratio(float(projects.firms[rows].sum()), years * float(population.weight[stock].sum()))


def branches_over_moves(model: RelocationModel, city: int) -> float:
    """Branches and new plants of firms of the studied origins over their full moves, of those that came to produce."""
    projects, rows = model.projects, reached(model, PRODUCING)
    new = projects.firms[rows & np.isin(projects.kind, (BRANCH, ENTRY))].sum()
    return ratio(float(new), float(projects.firms[rows & (projects.kind == MOVE)].sum()))


def signed_over_produced(model: RelocationModel, city: int) -> float:
    """Investment signed in the first half of the run outside the studied origins over what of it came to produce."""
    projects = model.projects
    signed = projects.dates[SIGNED]
    early = studied(model) & outside(model)[projects.place] & (signed >= 0) & (signed < model.quarter // 2)
    came = early & (projects.dates[PRODUCING] >= 0)
    return ratio(float(projects.investment[early].sum()), float(projects.investment[came].sum()))


PATTERNS: Mapping[str, tuple[str, Callable[[RelocationModel, int], float]]] = {
    "relocations": ("% a year", relocations),
    "branches over moves": ("ratio", branches_over_moves),
    "signed over produced": ("ratio", signed_over_produced),
}
"""Unit and measure by name."""
