"""Patterns P2, P3, P4, P7, P8, P10 and P13 in small, in runs of the toy world, and that each goes with its mechanism.

Directions and identities; levels are for the statistical tests of `tests/slow` to judge. See `test_patterns_small.py`.
"""

from __future__ import annotations

import numpy as np
import pytest
from governing import after, with_rules
from inflows import at, switched
from regressions import conditional_logit, poisson
from runs import changed, found, played, start_of, with_parameters, with_policy, with_scenario, without

from relocsim.metrics.funnel import GROUND, HONOURED, PRODUCING, SIGNED
from relocsim.model import Foundation, RelocationModel, lay_foundation
from relocsim.phases.decision import own_industry
from relocsim.spec import Spec
from relocsim.world.description import Rule
from relocsim.world.projects import BRANCH, ENTRY, MOVE


@pytest.mark.parametrize(("limits", "low", "high"), [(True, -0.01, 0.01), (False, 0.05, 1.0)])
def test_p2_a_package_brings_nothing_where_parks_are_full_and_only_there(
    toy: Spec, limits: bool, low: float, high: float
) -> None:
    """Four runs: what stands at the end in parks that have next to no room, with a large package and without."""
    package = changed(toy.policies["incentives"], start=toy.scenario.start, capital_subsidy=0.8)
    spec = with_policy(with_scenario(toy, firms=600), "incentives", package)
    spec = without(spec, "land_quota", "rival_response", "state_owned_projects")
    stands = np.array([in_a_crowd(lay_foundation(spec, replicate=number), limits) for number in range(4)])
    before, after = stands.sum(axis=0)
    assert before > 0
    assert low < after / before - 1 < high


def in_a_crowd(foundation: Foundation, limits: bool) -> list[float]:
    """Return the room of what stands in beta, which is full at the start, without and with the package."""
    places, beta = foundation.setting.places, at(foundation, "beta")
    full = {"land_occupied": 0.99, "floor_occupied": 0.99, "land_growth": 0.0, "floor_growth": 0.0}
    columns = {name: np.where(beta, value, getattr(places, name)) for name, value in full.items()}
    crowded = switched(foundation, **columns, admission_limits=limits)
    return [room(played(crowded, on)) for on in ([], ["incentives"])]


def room(model: RelocationModel) -> float:
    """Return the room in beta of projects that stand, ha and 1e4 m2 added up."""
    projects = model.projects
    stands = (projects.fell < 0) & at(model.foundation, "beta")[projects.place]
    return float((projects.land + projects.floor)[stands].sum())


def relocated(toy: Spec, rate: float, runs: int) -> tuple[float, np.ndarray]:
    """Return the share of firms that relocate a year over some runs, and firms by kind: branches, entries, full moves."""
    rates, kinds = [], np.zeros(3)
    for number in range(runs):
        spec = with_parameters(with_scenario(toy, firms=600), relocation_rate=rate)
        model = played(lay_foundation(spec, replicate=number))
        projects, population = model.projects, model.population
        arrived = (projects.dates[PRODUCING] >= 8) & model.setting.places.from_studied(projects.origin)
        for at_, kind in enumerate((BRANCH, ENTRY, MOVE)):
            kinds[at_] += projects.firms[arrived & (projects.kind == kind)].sum()
        stock = population.weight[population.stock].sum()
        rates.append(projects.firms[arrived & np.isin(projects.kind, [BRANCH, MOVE])].sum() / stock / 3)
    return float(np.mean(rates)), kinds


def test_p4_a_few_per_cent_relocate_a_year_and_branches_and_entries_outnumber_full_moves(toy: Spec) -> None:
    """The level of the rate is an input, less what is lost on the way: it goes where that goes."""
    rate, kinds = relocated(toy, 0.032, 3)
    assert 0.01 < rate < 0.05
    assert kinds[0] + kinds[1] > kinds[2]
    assert relocated(toy, 0.003, 1)[0] < 0.3 * rate


@pytest.mark.parametrize("on", [True, False])
def test_p7_first_tier_suppliers_follow_and_the_second_hardly_and_local_firms_turn(toy: Spec, on: bool) -> None:
    """A run in which leaders come soon. Tens of followers do not come out even at full size (docs/patterns.md)."""
    soon = {"relocation_rate": 0.1, "review_hazard": 0.3, "produce_hazard": 0.6, "ground_hazard": 0.6}
    spec = with_parameters(with_scenario(toy, firms=600), **soon)
    model = played(lay_foundation(spec if on else without(spec, "followers", "local_suppliers")))
    projects, population = model.projects, model.population
    rates = []
    for tier in (1, 2):
        follows = (projects.leader >= 0) & (population.tier[projects.firm] == tier)
        suppliers = population.weight[population.stock & (population.tier == tier)].sum()
        rates.append(projects.firms[follows].sum() / suppliers)
    assert model.places.leaders.sum() > 0
    assert bool(model.places.turned.any()) is on
    assert rates[0] > 3 * rates[1] if on else rates == [0, 0]


@pytest.mark.parametrize("losses", [True, False])
def test_p8_each_step_loses_projects_and_signing_overstates_what_lands(toy: Spec, losses: bool) -> None:
    """Runs: of what was signed and has come to an end, one way or the other."""
    stages, ended, reached = (HONOURED, GROUND, PRODUCING), 0.0, np.zeros(3)
    for number in range(3):
        foundation = lay_foundation(toy if losses else without(toy, "delivery_losses"), replicate=number)
        projects = played(foundation).projects
        signed = projects.dates[SIGNED] >= 0
        over = signed & ((projects.fell >= 0) | (projects.dates[PRODUCING] >= 0))
        ended += projects.investment[over].sum()
        reached += [projects.investment[over & (projects.dates[stage] >= 0)].sum() for stage in stages]
    if losses:
        assert ended > reached[0] > reached[1] > reached[2]
        assert 1.5 < ended / reached[2] < 5
    else:
        assert ended == reached[0] == reached[1] == reached[2] > 0


def test_p10_land_moves_a_place_short_of_land_and_power_does_not(toy: Spec) -> None:
    """Runs; the same of power is in `test_selection.py`. With the limit off, land counts by the size of the city alone."""
    soon = {"start": toy.scenario.start, "build_years": 0.25}
    spec = with_policy(toy, "park-expansion", changed(toy.policies["park-expansion"], **soon, land=2000.0, floor=200.0))
    spec = with_policy(spec, "power", changed(spec.policies["power"], **soon, power=50.0))
    foundation = lay_foundation(without(spec, "land_quota", "rival_response"))
    places, beta = foundation.setting.places, at(foundation, "beta")
    full = {"land_occupied": 0.99, "floor_occupied": 0.99, "land_growth": 0.0, "floor_growth": 0.0}
    crowded = switched(foundation, **{name: np.where(beta, v, getattr(places, name)) for name, v in full.items()})
    before, land, power = (made(played(crowded, on)) for on in ([], ["park-expansion"], ["power"]))
    assert land > 1.5 * before
    assert power == before
    free = switched(crowded, admission_limits=False, land_readiness=False)
    without_land, with_land = (made(played(free, on)) for on in ([], ["park-expansion"]))
    assert with_land / without_land < land / before / 1.3


def made(model: RelocationModel) -> float:
    """Return the output that came to produce in beta."""
    projects = model.projects
    rows = (projects.stage == PRODUCING) & at(model.foundation, "beta")[projects.place]
    return float(projects.output[rows].sum())


def test_p13_conditional_logit_and_poisson_agree_on_simulated_counts(baseline: RelocationModel) -> None:
    projects, setting = baseline.projects, baseline.setting
    counts = np.zeros((setting.shape[1], setting.shape[3]))
    np.add.at(counts, (projects.sector, projects.place), projects.firms)
    away = setting.places.destination & ~at(baseline.foundation, "alpha")
    state, levers = start_of(baseline.foundation)
    features = np.stack([own_industry(setting, state, levers), found(baseline.foundation).supply.depth], axis=-1)
    one, other = (fit(counts[:, away], features[:, away]) for fit in (conditional_logit, poisson))
    np.testing.assert_allclose(one, other, atol=1e-6)
    assert np.abs(one).max() > 0.01


# ---------------------------------------------------------------- P3: bids


def test_p3_with_bids_off_the_bill_is_that_of_passive_places(foundation: Foundation) -> None:
    """That more bidders raise it, and hardly move the map, is in `test_governments.py`."""
    rivals = ["beta", "gamma", "delta"]
    bills = {}
    for answering in (True, False):
        base = switched(foundation, rival_response=answering)
        for bidders in ([], rivals):
            model = after(with_rules(base, Rule.ASSESSMENT, bidders), 12)
            bills[answering, len(bidders)] = model.places.promised.sum(), model.places.bid.max()
    assert bills[True, 3][0] > bills[True, 0][0]
    assert bills[True, 3][1] > 0
    assert bills[False, 3] == bills[False, 0]
    assert bills[False, 3][1] == 0
