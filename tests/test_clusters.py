"""Leaders and their suppliers, local firms that turn, functions that follow, plants that expand, shrink and leave."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from runs import append, found, start_of, tuned, with_parameters, with_scenario, without
from toy import TOY

from relocsim.model import Foundation, RelocationModel, lay_foundation
from relocsim.phases.aftermath import shared
from relocsim.phases.cost import CostSheet
from relocsim.phases.delivery import project_hazards
from relocsim.phases.feedback import turning
from relocsim.phases.followers import Following, follow_value, following
from relocsim.phases.limits import vacancy
from relocsim.phases.plants import Outlook, unrest
from relocsim.phases.supply import joint_moves, local_output
from relocsim.spec import Spec, load
from relocsim.world.firms import LARGE, LEADER, Population
from relocsim.world.projects import BRANCH, EXPANSION, FUNCTIONS, GROUND, HONOURED, PRODUCING, STATE, Projects
from relocsim.world.suppliers import TIERS, buying, tiers

RESTLESS = {
    "relocation_rate": 0.1, "review_hazard": 0.3, "produce_hazard": 0.6, "ground_hazard": 0.6, "follow_constant": 1.0,
    "expansion_rate": 0.5, "departure_rate": 0.2, "function_hazard": 0.9, "headquarters_at_once": 0.3,
}  # fmt: skip


@pytest.fixture(scope="module")
def busy(toy: Spec) -> RelocationModel:
    """The toy scenario where much happens, run to its end."""
    return RelocationModel(with_parameters(with_scenario(toy, firms=600), **RESTLESS)).run()


# ---------------------------------------------------------------- suppliers


def test_suppliers_are_firms_of_their_leader_s_origin_in_the_sectors_that_supply_it(foundation: Foundation) -> None:
    population, sectors = foundation.population, foundation.setting.sectors
    supplies = np.flatnonzero(population.customer >= 0)
    leader = population.customer[supplies]
    assert (population.kind[leader] == LEADER).all()
    np.testing.assert_array_equal(population.origin[leader], population.origin[supplies])
    np.testing.assert_array_equal(population.tier > 0, population.customer >= 0)
    first = supplies[population.tier[supplies] == 1]
    bought = buying(sectors)[population.sector[population.customer[first]], population.sector[first]]
    assert (bought > 0).all()


def test_the_stock_with_its_suppliers_makes_what_each_origin_and_sector_makes(foundation: Foundation) -> None:
    population, places = foundation.population, foundation.setting.places
    stock = np.flatnonzero(population.stock)
    made = np.zeros(foundation.output.shape)
    at = places.origins[population.origin[stock]], population.sector[stock]
    np.add.at(made, at, population.weight[stock] * population.output[stock])
    studied = places.origins[places.studied]
    np.testing.assert_allclose(made[studied], foundation.output[studied], rtol=1e-9)


@pytest.mark.parametrize("firms", [300, 3000])
def test_leaders_have_as_many_suppliers_however_many_agents_there_are(toy: Spec, firms: int) -> None:
    population = lay_foundation(with_scenario(toy, firms=firms)).population
    leaders = np.flatnonzero(population.kind == LEADER)
    first = population.stock & (population.tier == 1)
    served = np.bincount(population.customer[first], population.weight[first], len(population))[leaders]
    np.testing.assert_allclose(served, 30.0)
    assert np.bincount(population.customer[first])[leaders].min() >= 3


def test_where_firms_are_few_leaders_have_fewer_suppliers(foundation: Foundation) -> None:
    sectors, terms = foundation.setting.sectors, foundation.setting.parameters
    leaders = np.array([[0.0, 8.0, 0.0]])
    plenty, scarce = (tiers(sectors, terms, np.full((1, 3), firms), leaders, 10.0) for firms in (1000.0, 100.0))
    for many, few in zip(plenty, scarce, strict=True):
        assert (few.firms <= many.firms + 1e-9).all()
    assert sum(tier.firms for tier in scarce).max() <= terms.suppliers_most * 100 + 1e-9
    assert plenty[0].firms.sum() == pytest.approx(8 * terms.tier1_per_leader)
    assert [tier.number for tier in plenty] == list(TIERS)


# ---------------------------------------------------------------- followers


def called(foundation: Foundation, quarter: int) -> tuple[Following, Projects, Population]:
    """Return who follows in a quarter the leaders that all broke ground in beta in quarter 4."""
    population, setting = foundation.population, foundation.setting
    leaders = np.flatnonzero(population.kind == LEADER)
    projects, beta = Projects(setting.sectors), setting.places.row("beta")
    zeros = np.zeros(len(leaders), dtype=int)
    rows = append(
        projects, 4, len(leaders), firm=leaders, place=zeros + beta, firm_class=zeros + LEADER, kind=zeros + BRANCH,
        uid=population.uid[leaders], origin=population.origin[leaders],
    )  # fmt: skip
    projects.dates[GROUND, rows], projects.stage[rows] = 4, GROUND
    firms = RelocationModel(foundation.spec, foundation=foundation).firms
    haul = found(foundation).haul
    return following(setting, population, firms, projects, haul, quarter), projects, population


def test_suppliers_choose_within_the_window_and_follow_their_own_leader(foundation: Foundation) -> None:
    """Nobody admits them here, so that those who would follow ask again every quarter."""
    terms = foundation.setting.parameters
    begins = 4 + round(terms.follow_lag)
    ends = begins + round(terms.follow_window)
    seen: set[int] = set()
    for quarter in range(ends + 4):
        who, projects, population = called(foundation, quarter)
        if not begins <= quarter < ends:
            assert not len(who.firm)
        np.testing.assert_array_equal(projects.firm[who.leader], population.customer[who.firm])
        np.testing.assert_array_equal(projects.place[who.leader], who.place)
        asking = set(who.firm.tolist())
        assert len(asking) == len(who.firm)
        assert not begins <= quarter < ends or asking >= seen
        seen |= asking
    assert len(seen) > 50
    share = [np.mean(np.isin(np.flatnonzero(population.tier == tier), list(seen))) for tier in TIERS]
    assert share[0] > 3 * share[1]


def test_who_has_followed_is_not_asked_again(busy: RelocationModel) -> None:
    projects = busy.projects
    rows = np.flatnonzero(projects.leader >= 0)
    pairs = np.stack([projects.firm[rows], projects.leader[rows]])
    assert len(np.unique(pairs, axis=1).T) == len(rows) > 10


def test_an_order_in_hand_keeps_a_follower_and_goes_with_the_leader(foundation: Foundation) -> None:
    setting, (state, levers) = foundation.setting, start_of(foundation)
    projects, zero = Projects(setting.sectors), np.zeros(3, int)
    rows = append(projects, 0, 3, origin=zero, place=zero + 1, leader=np.array([-1, 0, -1]))
    projects.stage[rows] = HONOURED
    usual, kept, _ = project_hazards(setting, state, projects, rows, levers)[1]
    assert kept == pytest.approx(setting.parameters.follow_loss * usual)
    projects.fell[0] = 1
    assert project_hazards(setting, state, projects, rows, levers)[1].tolist() == [usual, 1.0, usual]
    safe = tuned(setting, delivery_losses=False)
    assert not project_hazards(safe, state, projects, rows, levers)[1].any()


def test_a_higher_premium_loses_no_follower(foundation: Foundation) -> None:
    dear = replace(foundation, setting=tuned(foundation.setting, follow_premium=18.0))
    fewer, more = (set(called(one, 8)[0].firm.tolist()) for one in (foundation, dear))
    assert fewer < more


def test_the_order_is_what_makes_suppliers_follow(foundation: Foundation) -> None:
    population, places = foundation.population, foundation.setting.places
    row = np.flatnonzero(population.tier > 0)
    beta = np.full(len(row), places.row("beta"))
    value = follow_value(foundation.setting, population, row, found(foundation).haul, beta)
    second = population.tier[row] == 2
    assert value[~second].min() > value[second].max()
    near = np.full(len(row), places.row("gamma"))
    haul = found(foundation).haul
    origin = places.origins[population.origin[row]]
    freight = 100 * foundation.setting.sectors.freight[population.sector[row]]
    dearer = haul.cost(freight, origin, beta) > haul.cost(freight, origin, near)
    other = follow_value(foundation.setting, population, row, haul, near)
    np.testing.assert_array_equal((value > other)[~second], dearer[~second])


def test_followers_are_branches_with_a_contract_in_their_leader_s_place(busy: RelocationModel) -> None:
    projects = busy.projects
    rows = np.flatnonzero(projects.leader >= 0)
    leader = projects.leader[rows]
    assert len(rows) > 10
    assert (projects.kind[rows] == BRANCH).all()
    assert (projects.firm_class[leader] == LEADER).all()
    np.testing.assert_array_equal(projects.place[rows], projects.place[leader])
    np.testing.assert_array_equal(projects.dates[HONOURED, rows], projects.dates[0, rows])
    lag = projects.dates[0, rows] - projects.dates[GROUND, leader]
    terms = busy.setting.parameters
    assert lag.min() >= round(terms.follow_lag)
    assert lag.max() < round(terms.follow_lag) + round(terms.follow_window)


def test_with_followers_off_nobody_follows_and_the_firms_are_the_same(toy: Spec) -> None:
    model = RelocationModel(without(with_parameters(toy, **RESTLESS), "followers")).run()
    assert (model.projects.leader < 0).all()
    with_them = lay_foundation(with_parameters(toy, **RESTLESS)).population
    np.testing.assert_array_equal(model.population.uid, with_them.uid)


# ---------------------------------------------------------------- local firms, joint moves


def test_local_firms_that_turn_count_in_depth_and_in_nothing_else(foundation: Foundation) -> None:
    setting, (state, levers) = foundation.setting, start_of(foundation)
    beta, electronics = setting.places.row("beta"), setting.sectors.ids.index("electronics")
    before, output = local_output(setting, state, levers), state.output.copy()
    state.leaders[beta, electronics] = 2.0
    state.turned += turning(setting, state)
    np.testing.assert_array_equal(state.output, output)
    gained = local_output(setting, state, levers) - before
    assert gained[beta, electronics] > 0
    assert not np.delete(gained, beta, axis=0).any()
    assert (state.turned <= setting.parameters.local_suppliers_most * output + 1e-9).all()
    firms = state.turned / setting.sectors.firm_output
    assert firms.sum() <= 2 * setting.parameters.local_suppliers_per_leader + 1e-9


def test_only_leaders_reckon_with_suppliers_that_come_along_and_not_at_home(foundation: Foundation) -> None:
    setting, here = foundation.setting, found(foundation)
    saved = -here.sheet.components["joint moves"]
    assert saved.shape == setting.shape
    assert not saved[:, :, :LEADER].any()
    assert (saved[:, :, LEADER] >= 0).all()
    for origin, place in enumerate(setting.places.origins):
        assert not saved[origin, :, :, place].any()
    lacking = here.sheet.components["inputs"][:, :, 0] - 100 * setting.sectors.tradable[:, None]
    away = np.ones(saved[:, :, LEADER].shape, bool)
    away[np.arange(len(away)), :, setting.places.origins] = False
    np.testing.assert_allclose(saved[:, :, LEADER][away], setting.parameters.joint_share * lacking[away], atol=1e-9)
    for mechanism in ("joint_moves", "followers", "supporting_depth"):
        assert joint_moves(tuned(setting, **{mechanism: False}), here.supply) is None


# ---------------------------------------------------------------- plants


def test_functions_follow_in_order_after_production_and_only_branches_of_large_firms(busy: RelocationModel) -> None:
    projects = busy.projects
    dates = np.stack([getattr(projects, name) for name in FUNCTIONS])
    has = dates >= 0
    assert has.any(axis=1).all()
    rows = has.any(axis=0)
    assert (projects.kind[rows] == BRANCH).all()
    assert (projects.firm_class[rows] >= LARGE).all()
    assert (np.where(has, dates, 999).min(axis=0)[rows] >= projects.dates[PRODUCING, rows]).all()
    research, sales, headquarters = dates
    assert (research[has[1]] >= 0).all()
    assert (sales[has[1]] > research[has[1]]).all()
    at_once = headquarters == projects.dates[PRODUCING]
    assert at_once[has[2]].any()
    later = has[2] & ~at_once
    assert (headquarters[later] > sales[later]).all()
    assert (sales[later] >= 0).all()


def test_what_a_plant_is_does_not_change_what_it_was(busy: RelocationModel) -> None:
    projects = busy.projects
    gone = projects.gone >= 0
    assert gone.sum() > 10
    assert (projects.running[gone] == 0).all()
    assert set(np.unique(projects.running)) == {0.0, 0.5, 1.0}
    assert (projects.stage[gone] == PRODUCING).all()
    assert (projects.gone[gone] > projects.dates[PRODUCING, gone]).all()
    assert not (gone & (projects.kind == STATE)).any()
    assert not projects.expansions[projects.kind == EXPANSION].any()


def watched(foundation: Foundation, dearer: float, *, quarter: int = 8, yearly: float = 0.0) -> tuple[float, float]:
    """Return the hazards that a plant gathers which has come to cost so much more than it expected."""
    setting, here = foundation.setting, found(foundation)
    _, levers = start_of(foundation)
    projects, one = Projects(setting.sectors), np.ones(1)
    row = append(projects, 0, 1, origin=np.zeros(1, int), place=np.ones(1, int), output=one, yearly=yearly * one)
    projects.dates[:, row], projects.stage[row] = 0, PRODUCING
    projects.begin_to_produce(row)
    outlook = Outlook(here.outlook.relative + dearer, here.outlook.belief)
    projects.expected[row] = here.outlook.reckoned(setting, projects, row)
    seen = unrest(setting, projects, levers, here.access, here.supply, here.talent, outlook, quarter)
    return float(seen.growth[0]), float(seen.parting[0])


def test_plants_that_cost_more_than_expected_part_sooner_and_grow_later(foundation: Foundation) -> None:
    terms = foundation.setting.parameters
    growth, parting = watched(foundation, 0.0)
    assert growth == pytest.approx(-np.log(1 - terms.expansion_rate) / 4)
    assert parting == pytest.approx(-np.log(1 - terms.departure_rate) / 4)
    for dearer in (-4.0, 3.0):
        other = watched(foundation, dearer)
        assert other[0] == pytest.approx(growth * np.exp(-terms.cost_response * dearer))
        assert other[1] == pytest.approx(parting * np.exp(terms.cost_response * dearer))


def test_partings_rise_when_the_holiday_ends_for_those_who_had_one(foundation: Foundation) -> None:
    terms = foundation.setting.parameters
    ends = round(4 * terms.holiday_years)
    usual = watched(foundation, 0.0)[1]
    during, after, later = (
        watched(foundation, 0.0, quarter=quarter, yearly=0.1)[1]
        for quarter in (ends - 1, ends, ends + round(terms.holiday_window))
    )
    assert (during, after, later) == pytest.approx((usual, terms.holiday_cliff * usual, usual))
    assert watched(foundation, 0.0, quarter=ends)[1] == pytest.approx(usual)


def test_a_fall_of_credibility_disappoints_those_who_were_promised_something(foundation: Foundation) -> None:
    setting, here = foundation.setting, found(foundation)
    projects, one = Projects(setting.sectors), np.ones(1)
    zero = np.zeros(1, int)
    rows = append(projects, 0, 1, origin=zero, place=zero + 1, output=one, upfront=0.2 * one)
    less = Outlook(here.outlook.relative, 0.5 * here.outlook.belief)
    assert less.reckoned(setting, projects, rows) > here.outlook.reckoned(setting, projects, rows)


def test_aftercare_keeps_plants_and_lets_them_grow(toy: Spec) -> None:
    spec = load(TOY / "clusters.yaml", settings=["scenario.firms=600"])
    foundation = lay_foundation(with_parameters(spec, **{**RESTLESS, "departure_rate": 0.3}))
    without_it, with_it = (
        RelocationModel(foundation.spec, foundation=foundation, on=on).run() for on in ([], ["aftercare"])
    )
    gamma = foundation.setting.places.row("gamma")
    assert with_it.places.left[gamma] < without_it.places.left[gamma]
    grown = [model.projects.output[(model.projects.kind == EXPANSION) & (model.projects.place == gamma)].sum()
             for model in (without_it, with_it)]  # fmt: skip
    assert grown[1] > grown[0]


def test_expansions_find_no_more_than_the_room_that_is_left() -> None:
    room, at, need = np.array([3.0, 0.0, 5.0]), np.array([0, 0, 1, 2, 2]), np.array([4.0, 2.0, 1.0, 1.0, 0.0])
    np.testing.assert_allclose(shared(room, at, need), [0.5, 0.5, 0.0, 1.0, 1.0])


def test_places_hold_no_more_than_they_have_when_plants_expand(busy: RelocationModel) -> None:
    state, setting = busy.places, busy.setting
    away = np.setdiff1d(np.arange(len(setting.places.ids)), setting.places.origins)
    left = vacancy(setting, state, busy.levers)
    assert left is not None
    assert (state.land_used <= state.land_total + busy.levers["land_added"] + 1e-6)[away].all()
    assert (state.floor_used <= state.floor_total + busy.levers["floor_added"] + 1e-6)[away].all()


# ---------------------------------------------------------------- leaders wanted


def test_leader_recruitment_makes_a_place_cheaper_to_leaders_of_the_target_alone() -> None:
    foundation = lay_foundation(load(TOY / "clusters.yaml", settings=["scenario.firms=300"]))
    policy, (_, levers) = foundation.spec.policies["leaders"], start_of(foundation)
    levers.apply(policy.changes(foundation.site, 0))
    before, after = (incentive(found(foundation, levers=one).sheet) for one in (None, levers))
    gained = np.argwhere(before - after > 1e-9)
    places, electronics = foundation.setting.places, foundation.setting.sectors.ids.index("electronics")
    assert set(gained[:, 1].tolist()) == {electronics}
    assert set(gained[:, 2].tolist()) == {LEADER}
    assert set(gained[:, 3].tolist()) == {places.row("beta"), places.row("gamma")}
    told = np.argwhere(levers["contacts"] > 0)
    assert set(told[:, 2].tolist()) == {LEADER}


def incentive(sheet: CostSheet) -> np.ndarray:
    return sheet.components["incentive"]
