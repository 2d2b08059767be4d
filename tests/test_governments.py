"""Governments: bids by rule, groups; and the patterns that follow, in small."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from governing import ASSIGNED, COUNTIES, after, inflow, rows_of, shares, with_counties, with_rules
from runs import changed, found, start_of, tuned, with_parameters, with_policy, with_scenario, without

from relocsim.metrics.concentration import mean_concentration
from relocsim.model import Foundation, RelocationModel, choice_values, lay_foundation
from relocsim.phases import awareness, promotion
from relocsim.phases.bidding import Market, best_bids, expected_market, grid
from relocsim.phases.land import revenue
from relocsim.phases.rivals import answering, imitated
from relocsim.phases.setting import Setting
from relocsim.policies import catalogue
from relocsim.spec import Spec
from relocsim.world.columns import RULES
from relocsim.world.description import Rule
from relocsim.world.levers import Levers
from relocsim.world.state import PlaceState

RICH = {"bid_budget_share": 1.0, "bid_limit": 0.3}
"""Budgets and limits that do not bind."""


@pytest.fixture(scope="module")
def wide(chenzhou: Spec) -> Foundation:
    """The small Chenzhou scenario, in which every place may bid what it likes."""
    return lay_foundation(with_parameters(chenzhou, **RICH))


@pytest.fixture(scope="module")
def rivals(wide: Foundation) -> list[str]:
    return [wide.site.places[at] for at in np.flatnonzero(wide.setting.places.open_to_rivalry)]


@pytest.fixture(scope="module")
def bidding(wide: Foundation) -> Callable[[list[str]], RelocationModel]:
    """Three years in which some places bid as their officials are assessed, by these places; asking leaves no trace."""
    known: dict[tuple[str, ...], RelocationModel] = {}

    def played(places: list[str]) -> RelocationModel:
        key = tuple(places)
        if key not in known:
            known[key] = after(with_rules(wide, Rule.ASSESSMENT, places), 12)
        return known[key]

    return played


def at_start(foundation: Foundation, levers: Levers | None = None) -> tuple[PlaceState, Levers, Market]:
    """Return state, levers and what is expected to come at the start, with no policy in force."""
    model = RelocationModel(foundation.spec, foundation=foundation, on=())
    state, neutral = start_of(foundation)
    model.levers = levers or neutral
    here = model.look_around(0.0)
    values = choice_values(model.setting, state, model.levers, here.sheet, foundation.reference_cost)
    contact = usual_contact(foundation)
    return state, model.levers, expected_market(model.setting, foundation.choosers, values, contact)


def usual_contact(foundation: Foundation) -> np.ndarray:
    """Return the contacts of the start, (G, P)."""
    setting, access = foundation.setting, found(foundation).access
    usual = awareness.past_years(setting) * awareness.contact_rate(setting, access)
    return np.repeat(usual, np.prod(setting.shape[1:3]), axis=0)


def bids_of(
    setting: Setting, state: PlaceState, levers: Levers, market: Market, value: np.ndarray, rows: np.ndarray
) -> np.ndarray:
    """Return the best bids of the places in `rows`, given the state of all."""
    return best_bids(setting, levers, market, value, rows, bid=state.bid, income=revenue(setting, state))


def everybody(foundation: Foundation) -> np.ndarray:
    return np.flatnonzero(foundation.setting.places.open_to_rivalry)


# ---------------------------------------------------------------- bids


def test_the_city_under_study_keeps_to_its_orders_unless_it_is_named(toy: Spec) -> None:
    def rule(city: str, **rivals: object) -> str:
        model = type(toy.scenario.rivals).model_validate({"rule": "assessment", "exceptions": {}, **rivals})
        places = lay_foundation(with_scenario(toy, rivals=model)).setting.places
        return RULES[places.rule[places.row(city)]].value

    assert rule("beta") == "passive"
    assert rule("gamma") == "assessment"
    assert rule("beta", exceptions={"beta": "imitate"}) == "imitate"


def test_what_their_usual_package_reveals_makes_it_the_best_answer_at_the_start(wide: Foundation) -> None:
    state, levers, market = at_start(wide)
    bids = bids_of(wide.setting, state, levers, market, wide.revealed_value, everybody(wide))
    np.testing.assert_array_equal(bids, 0.0)


def test_officials_assessed_on_what_is_signed_bid_more(wide: Foundation, rivals: list[str]) -> None:
    state, levers, market = at_start(wide)
    assessed = with_rules(wide, Rule.ASSESSMENT, rivals).setting
    bids = bids_of(assessed, state, levers, market, wide.revealed_value, everybody(wide))
    assert np.all(bids >= 0)
    assert np.median(bids) > 0.03


def test_a_regime_that_counts_what_lands_lowers_bids_of_assessed_officials(wide: Foundation, rivals: list[str]) -> None:
    state, levers, market = at_start(wide)
    assessed, rows = with_rules(wide, Rule.ASSESSMENT, rivals).setting, everybody(wide)
    landing = levers.twin(assessed_signed=np.full(len(wide.site.places), 0.3))
    usual, landed = (bids_of(assessed, state, one, market, wide.revealed_value, rows) for one in (levers, landing))
    assert np.all(landed <= usual)
    assert landed.mean() < 0.8 * usual.mean()
    selfless = tuned(assessed, assessment=False)
    np.testing.assert_array_equal(bids_of(selfless, state, landing, market, wide.revealed_value, rows), usual)


def test_a_place_bids_no_more_than_its_budget_and_never_less_than_minus_its_usual_package(wide: Foundation) -> None:
    poor = tuned(wide.setting, bid_budget_share=0.0, revenue=np.full(len(wide.site.places), 1.0))
    poor = replace(poor, places=replace(poor.places, rule=np.full(len(wide.site.places), 3)))
    state, levers, market = at_start(wide)
    assert np.all(bids_of(poor, state, levers, market, wide.revealed_value, everybody(wide)) <= 0)
    worthless = np.full(len(wide.site.places), -10.0)
    least = bids_of(wide.setting, state, levers, market, worthless, everybody(wide))
    np.testing.assert_array_equal(least, -wide.setting.places.capital_subsidy[everybody(wide)])
    assert grid(wide.setting).min() >= -wide.setting.places.capital_subsidy.max()


def test_the_change_of_inflow_that_a_place_expects_is_that_of_the_choice(wide: Foundation) -> None:
    """The closed form that bids rest on against the choice worked out anew with the bid in the cost sheet."""
    model = RelocationModel(wide.spec, foundation=wide, on=())
    _, levers, before = at_start(wide)
    at, bid, setting = wide.setting.places.row("changsha"), 0.2, wide.setting
    model.places.bid[at] = bid
    here = model.look_around(0.0)
    values = choice_values(setting, model.places, levers, here.sheet, wide.reference_cost)
    contact = usual_contact(wide)
    now = expected_market(setting, wide.choosers, values, contact)
    terms, share = setting.parameters, before.share[:, at]
    counted = 100 * setting.sectors.capital_ratio * setting.annuity(terms.horizon) * setting.places.credibility[at]
    odds = np.exp(terms.sensitivity / terms.nest_lambda * counted * bid)
    closed = odds * (1 - share + share * odds) ** (terms.nest_lambda - 1)
    np.testing.assert_allclose(now.inflow[:, at] / before.inflow[:, at], closed, rtol=0.01)
    assert np.all(closed > 1.03)


def test_nobody_imitates_where_nothing_has_changed(chenzhou: Spec, wide: Foundation, rivals: list[str]) -> None:
    one, two = with_rules(wide, Rule.IMITATE, rivals), wide
    quiet, passive = after(one, 8), after(two, 8)
    assert not quiet.places.bid.any()
    assert quiet.places.output.tobytes() == passive.places.output.tobytes()


def test_neighbours_answer_a_part_of_a_change_and_far_places_nothing(wide: Foundation) -> None:
    setting, changes = wide.setting, np.zeros(len(wide.site.places))
    changes[setting.places.row("chenzhou")] = 0.1
    answer = imitated(setting, changes)
    nearest, far = setting.places.row("hengyang"), setting.places.row("chengdu")
    assert 0 < answer[nearest] < setting.parameters.rival_reaction * 0.1
    assert answer[far] < 1e-6
    together = imitated(setting, np.full(len(wide.site.places), 0.1))
    assert together.max() == pytest.approx(setting.parameters.rival_reaction * 0.1)


def test_an_order_is_answered_by_those_that_imitate(chenzhou: Spec) -> None:
    imitating = type(chenzhou.scenario.rivals).model_validate({"rule": "imitate", "exceptions": {}})
    foundation = lay_foundation(with_scenario(chenzhou, rivals=imitating))
    bids = after(foundation, 16, ["incentives"]).places.bid
    near, far, city = rows_of(foundation, ["hengyang", "chengdu", "chenzhou"])
    assert bids[near] > 0.005
    assert abs(bids[far]) < 1e-4
    assert bids[city] == 0
    off = lay_foundation(without(foundation.spec, "rival_response"))
    assert not after(off, 16, ["incentives"]).places.bid.any()


def test_each_place_answers_once_a_year_and_not_all_together(wide: Foundation, rivals: list[str]) -> None:
    setting = with_rules(wide, Rule.IMITATE, rivals).setting
    turns = np.array([answering(setting, quarter) for quarter in range(8)])
    np.testing.assert_array_equal(turns[:4].sum(axis=0), setting.places.open_to_rivalry)
    np.testing.assert_array_equal(turns[:4], turns[4:])
    assert turns[:4].sum(axis=1).max() < 0.5 * len(rivals)


# ---------------------------------------------------------------- groups


@pytest.fixture(scope="module")
def counties(toy: Spec) -> Foundation:
    """A city of three counties, which may promote jointly."""
    joint = catalogue()["joint_promotion"].model_validate(
        {"kind": "joint_promotion", "start": toy.scenario.start, "assigned": ASSIGNED}
    )
    return lay_foundation(with_policy(with_counties(toy), "joint", joint))


def test_a_member_that_weighs_what_siblings_lose_bids_less(counties: Foundation) -> None:
    state, levers, market = at_start(counties)
    joint = levers.twin(bids_jointly=np.ones(len(counties.site.places)))
    rows = rows_of(counties, COUNTIES)
    setting = with_rules(counties, Rule.ASSESSMENT, COUNTIES).setting
    alone, together = (bids_of(setting, state, one, market, counties.revealed_value, rows) for one in (levers, joint))
    assert np.all(together < alone)
    off = tuned(setting, groups=False)
    np.testing.assert_array_equal(bids_of(off, state, joint, market, counties.revealed_value, rows), alone)


def test_a_member_offers_nothing_in_the_sectors_of_others(counties: Foundation) -> None:
    model = after(counties, 1, ["joint"])
    promised = model.look_around(0.0).promised
    sectors = counties.site.sectors
    for county in COUNTIES:
        at = model.setting.places.row(county)
        for s, sector in enumerate(sectors):
            offers = promised.upfront[s, :, at].max() > 0
            assert offers == (sector in ASSIGNED[county])


def test_what_visitors_learn_of_another_s_sector_is_passed_on(counties: Foundation) -> None:
    setting, policy, (_, levers) = counties.setting, counties.spec.policies["joint"], start_of(counties)
    rows, sectors = rows_of(counties, COUNTIES), counties.site.sectors
    levers["contacts"][..., rows] = [1.0, 2.0, 3.0]
    alone = promotion.by_campaigns(setting, levers)
    levers.apply(policy.changes(counties.site, 0))
    told = promotion.by_campaigns(setting, levers)
    for at, county in zip(rows, COUNTIES, strict=True):
        own = [sector in ASSIGNED[county] for sector in sectors]
        np.testing.assert_array_equal((told[0, :, 0, at] > 0), own)
    assigned = [sectors.index(one) for own in ASSIGNED.values() for one in own]
    np.testing.assert_allclose(told[:, assigned].sum(axis=-1), alone[:, assigned].sum(axis=-1))
    np.testing.assert_array_equal(promotion.by_campaigns(tuned(setting, groups=False), levers), alone)


def test_where_the_assignment_binds_a_member_refuses_the_sectors_of_others(counties: Foundation) -> None:
    binding = changed(counties.spec.policies["joint"], binding=True)
    model = after(replace(counties, spec=with_policy(counties.spec, "joint", binding)), 12, ["joint"])
    projects, sectors = model.projects, counties.site.sectors
    for at, county in zip(rows_of(counties, COUNTIES), COUNTIES, strict=True):
        came = (projects.place == at) & (projects.firm >= 0)
        assert {sectors[s] for s in projects.sector[came]} == set(ASSIGNED[county])


# ---------------------------------------------------------------- patterns in small


def test_p1_staying_out_of_the_bidding_costs_a_city_and_an_end_to_it_hardly_moves_the_map(
    wide: Foundation, rivals: list[str], bidding: Callable[[list[str]], RelocationModel]
) -> None:
    all_bid, all_but_one, nobody = (
        inflow(bidding(places)) for places in (rivals, [name for name in rivals if name != "chenzhou"], [])
    )
    at = wide.setting.places.row("chenzhou")
    alone = 1 - all_but_one[:, at].sum() / all_bid[:, at].sum()
    together = 1 - shares(nobody, wide)[at] / shares(all_bid, wide)[at]
    assert alone > 0.01
    assert abs(together) < alone / 3


def test_p1_goes_away_where_incentives_do_not_count(wide: Foundation, rivals: list[str]) -> None:
    off = replace(wide, setting=tuned(wide.setting, incentives=False))
    one, two = (inflow(after(with_rules(off, Rule.ASSESSMENT, places), 8)) for places in (rivals, []))
    np.testing.assert_array_equal(one, two)


def test_p3_more_bidders_raise_the_bill_and_hardly_move_the_map(
    wide: Foundation, rivals: list[str], bidding: Callable[[list[str]], RelocationModel]
) -> None:
    bills, maps = [], []
    for bidders in ([], rivals[::4], rivals[::2], rivals):
        model = bidding(bidders)
        bills.append(model.places.promised.sum())
        maps.append(shares(inflow(model), wide))
    assert bills == sorted(bills)
    assert bills[-1] > 1.2 * bills[0]
    assert max(np.abs(one - maps[0]).sum() / 2 for one in maps) < 0.05


def test_p12_counties_that_bid_alone_pay_more_and_split_their_clusters(counties: Foundation) -> None:
    rows, found = rows_of(counties, COUNTIES), {}
    for groups in (True, False):
        base = replace(counties, setting=tuned(counties.setting, groups=groups))
        for on in ((), ("joint",)):
            model = after(with_rules(base, Rule.ASSESSMENT, COUNTIES), 16, on)
            found[groups, on] = model.places.promised[rows].sum(), mean_concentration(inflow(model)[:, rows])
    alone, joint = found[True, ()], found[True, ("joint",)]
    assert joint[0] < 0.8 * alone[0]
    assert joint[1] > alone[1]
    without_groups = found[False, ("joint",)][0] / found[False, ()][0]
    assert without_groups > 0.9, "with the mechanism off nothing is withheld and nobody weighs siblings"


def test_p11_what_has_gathered_in_a_place_draws_more_and_only_through_feedback(toy: Spec) -> None:
    """The mechanism of a lasting lead; whether it makes one in whole runs is for the slow tests to say."""

    def drawn(spec: Spec) -> float:
        flows = []
        for gathered in (0.0, 30.0):
            model = after(lay_foundation(spec), 1)
            at = model.setting.places.row("beta")
            model.places.output[at] += gathered
            flows.append(inflow(model)[:, at].sum())
        return flows[1] / flows[0] - 1

    assert drawn(toy) > 0.005
    assert drawn(without(toy, "depth_feedback")) == 0


def test_a_member_tells_only_firms_of_its_own_sectors(counties: Foundation) -> None:
    _, levers = start_of(counties)
    levers["contacts"][:] = 1.0
    beta, metal = counties.site.places.index("beta"), counties.site.sectors.index(ASSIGNED["beta"][0])
    levers["bid_off"][beta] = 1.0
    levers["bid_off"][beta, metal] = 0.0
    model = RelocationModel(counties.spec, foundation=counties)
    usual = np.zeros((counties.setting.shape[0], counties.setting.shape[3]))
    heard = promotion.heard(counties.setting, model.places, levers, model.look_around(0.0).access, usual)
    every = np.broadcast_to(heard, counties.setting.shape)[counties.setting.places.studied]
    told = every[0, :, 0, beta] > 0
    assert told.tolist() == [sector == ASSIGNED["beta"][0] for sector in counties.site.sectors]
