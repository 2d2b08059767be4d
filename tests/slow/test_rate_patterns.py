"""P4 and P5: how many relocate, and what wages do."""

from __future__ import annotations

import numpy as np
import pytest
from patterns import CITY, INLAND, at, drawn, expected, scenario, simulated, surely_between, told, with_columns

from relocsim.model import RelocationModel
from relocsim.world.projects import BRANCH, ENTRY, MOVE, PRODUCING

pytestmark = pytest.mark.slow


def test_p4_a_few_per_cent_of_firms_relocate_a_year_and_branches_and_entries_outnumber_moves() -> None:
    rates, ratios = [], []
    for foundation in drawn(scenario(3000), 20):
        model, standing = RelocationModel(foundation.spec, foundation=foundation), []
        settled = foundation.setting.places.studied[model.population.origin]
        while not model.finished:
            model.step()
            standing.append(model.firms.weight[settled & model.firms.settled].sum())
        projects, began = model.projects, model.projects.dates[PRODUCING]
        arrived = foundation.setting.places.from_studied(projects.origin) & (began >= 12)
        relocated = projects.firms[arrived & (projects.kind != ENTRY)].sum()
        rates.append(4 * relocated / np.sum(standing[12:]))
        firms = [projects.firms[arrived & (projects.kind == kind)].sum() for kind in (BRANCH, MOVE, ENTRY)]
        ratios.append((firms[BRANCH] + firms[ENTRY]) / firms[MOVE])
    assert surely_between(
        told("P4", "firms that relocate a year, after three years", rates, band=(0.02, 0.045)), 0.02, 0.045
    )
    assert told("P4", "branches and entries over full moves", ratios).low > 1


def test_p5_a_tenth_more_wage_costs_one_to_five_per_cent_of_entries_in_expectation() -> None:
    falls = []
    for foundation in drawn(scenario(3000), 40):
        city = at(foundation, CITY)
        dearer = with_columns(foundation, wage=np.where(city, 1.1, 1.0) * foundation.setting.places.wage)
        before, after = (expected(one).sum(axis=0)[city].item() for one in (foundation, dearer))
        falls.append(1 - after / before)
    assert surely_between(told("P5", "fall of entries at wages +10 %, expected", falls, band=(0.01, 0.05)), 0.01, 0.05)


def test_p5_holds_in_whole_runs() -> None:
    falls = []
    for foundation in drawn(scenario(6000), 40):
        cities = at(foundation, *INLAND)
        dearer = with_columns(foundation, wage=np.where(cities, 1.1, 1.0) * foundation.setting.places.wage)
        falls.append(1 - simulated(dearer)[cities].sum() / simulated(foundation)[cities].sum())
    found = told("P5", "fall of entries at wages +10 %, simulated", falls, band=(0.01, 0.05))
    assert surely_between(found, 0.01, 0.05)
