"""Nothing appears or vanishes: firms, output, jobs, land, floor and money add up after every quarter."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from runs import append, examples, with_parameters, with_scenario, without
from shared import WHOLE

from relocsim.batch.playing import realised
from relocsim.model import Foundation, RelocationModel, lay_foundation
from relocsim.phases.delivery import Progress
from relocsim.phases.land import rationed
from relocsim.phases.limits import total_at_start
from relocsim.phases.plants import followed
from relocsim.phases.reviews import Low, reviewed
from relocsim.policies.national_status import NationalStatus
from relocsim.spec import Spec, load
from relocsim.world.levers import CLASSES
from relocsim.world.projects import BRANCH, ENTRY, EXPANSION, GROUND, MOVE, PRODUCING, STATE

NEAR = {"rtol": 1e-9, "atol": 1e-6}


def summed(at: np.ndarray, values: np.ndarray, size: int) -> np.ndarray:
    return np.bincount(at, values, minlength=size)


class Account:
    """What projects and firms say by themselves, to hold against the books."""

    def __init__(self, model: RelocationModel) -> None:
        self.model, self.start = model, model.foundation
        self.projects, self.population = model.projects, model.population
        self.open = (self.projects.fell < 0) & (self.projects.stage < PRODUCING)
        self.produces = (self.projects.stage == PRODUCING) & (self.projects.gone < 0)
        self.agents, self.places = len(self.population), len(model.setting.places.ids)

    def of_firms(self, rows: np.ndarray, values: np.ndarray) -> np.ndarray:
        """Return what `values` of the projects in `rows` add up to by firm."""
        rows = rows & (self.projects.kind != STATE)
        return summed(self.projects.firm[rows], values[rows], self.agents)

    def of_places(self, rows: np.ndarray, values: np.ndarray) -> np.ndarray:
        """Return what `values` of the projects in `rows` add up to by place."""
        return summed(self.projects.place[rows], values[rows], self.places)

    @property
    def come_home(self) -> np.ndarray:
        """Firms standing at their origin, less those that stood there at the start, by agent."""
        population, firms = self.population, self.model.firms
        entries = self.of_firms(self.open & (self.projects.kind == ENTRY), self.projects.firms)
        here = np.where(firms.settled, firms.weight - entries, 0.0)
        return here - np.where(population.stock, population.weight, 0.0)

    def at_origins(self, per_output: np.ndarray) -> np.ndarray:
        """Return what those firms make (or take) at their origins, (P,), given it for each agent's output."""
        origin = self.model.setting.places.origins[self.population.origin]
        return summed(origin, self.come_home * self.population.output * per_output, self.places)

    def functions(self, each: np.ndarray) -> np.ndarray:
        """Return what functions that followed plants brought to places and took from origins, given it by project, (P,)."""
        amount = each * followed(self.projects, np.arange(len(self.projects)))
        origin = self.model.setting.places.origins[self.projects.origin]
        return self.of_places(self.produces, amount) - summed(origin[self.produces], amount[self.produces], self.places)


def check_firms(account: Account) -> None:
    firms, population, projects = account.model.firms, account.population, account.projects
    total = firms.weight + firms.moved + firms.abroad + firms.closed
    np.testing.assert_allclose(total, population.weight, **NEAR)
    for column in (firms.weight, firms.moved, firms.abroad, firms.closed, firms.pending, firms.branches):
        assert column.min() >= -1e-9
    away = projects.kind != BRANCH
    np.testing.assert_allclose(firms.pending, account.of_firms(account.open & away, projects.firms), **NEAR)
    np.testing.assert_array_equal(firms.open_projects, account.of_firms(account.open, np.ones(len(projects))))
    np.testing.assert_allclose(firms.moved, account.of_firms(account.produces & away, projects.firms), **NEAR)
    np.testing.assert_allclose(firms.branches, account.of_firms(account.produces & ~away, projects.firms), **NEAR)


def check_output_and_jobs(account: Account) -> None:
    model, population, sectors = account.model, account.population, account.model.setting.sectors
    output = account.start.output.copy()
    for sector in range(len(sectors.ids)):
        output[:, sector] += account.at_origins((population.sector == sector).astype(float))
        rows = account.produces & (account.projects.sector == sector)
        output[:, sector] += account.of_places(rows, account.projects.output * account.projects.running)
    np.testing.assert_allclose(model.places.output, output, **NEAR)
    jobs = account.at_origins(sectors.workers[population.sector])
    jobs += account.of_places(account.produces, account.projects.jobs * account.projects.running)
    jobs += account.functions(account.projects.jobs * model.setting.parameters.function_jobs)
    np.testing.assert_allclose(model.places.jobs, jobs, rtol=1e-9, atol=1e-3)


def check_room(account: Account) -> None:
    model, population, projects = account.model, account.population, account.projects
    places, sectors, years = model.setting.places, model.setting.sectors, model.quarter / 4
    stands, sector = projects.fell < 0, population.sector
    land = places.land_occupied * (places.land + places.land_growth * years)
    land += account.of_places(stands, projects.land * projects.running) + account.at_origins(
        sectors.land_use[sector] * ~population.rents
    )
    np.testing.assert_allclose(model.places.land_used, land, **NEAR)
    floor = places.floor_occupied * (places.floor + places.floor_growth * years)
    floor += account.of_places(stands, projects.floor * projects.running) + account.at_origins(
        sectors.floor_use[sector] * population.rents
    )
    np.testing.assert_allclose(model.places.floor_used, floor, **NEAR)
    land, floor = model.places.land_total - model.places.land_extra, model.places.floor_total - model.places.floor_extra
    np.testing.assert_allclose(land, places.land + places.land_growth * years, **NEAR)
    np.testing.assert_allclose(floor, places.floor + places.floor_growth * years, **NEAR)


def check_factors(account: Account) -> None:
    """Power, emissions and labour: what the start used, firms at home more or less, and projects that stand."""
    model, projects = account.model, account.projects
    stands, years = projects.fell < 0, model.quarter / 4
    start, terms = account.start.output, model.setting.parameters
    growth = (terms.power_growth, terms.environment_growth, 0.0)
    held = total_at_start(model.setting)
    for factor, use in enumerate(model.setting.factor_use):
        used = start @ use + account.at_origins(use[account.population.sector])
        used += account.of_places(stands, projects.output * projects.running * use[projects.sector])
        np.testing.assert_allclose(model.places.factor_used[factor], used, **NEAR)
        total = held[factor] + years * growth[factor] * (start @ use)
        np.testing.assert_allclose(model.places.factor_total[factor], total, **NEAR)


def quarters(spec: Spec, replicate: int) -> Iterator[RelocationModel]:
    """Yield a run with every policy in force after each quarter, inputs drawn as in a replicate."""
    drawn = realised(spec, replicate)
    model = RelocationModel(drawn, foundation=lay_foundation(drawn, replicate=replicate), on=spec.policies)
    while not model.finished:
        model.step()
        yield model


def add_up(model: RelocationModel, fallen: np.ndarray) -> tuple[Account, np.ndarray]:
    """Check all books of a quarter; return them, and what has fallen due, which is never less than `fallen`."""
    account = Account(model)
    check_firms(account)
    check_output_and_jobs(account)
    check_room(account)
    check_factors(account)
    check_stages(account)
    return account, check_promises(model, fallen)


@given(st.integers(0, 2**40), st.integers(0, 1000))
@settings(max_examples=examples(3))
def test_firms_output_jobs_and_room_add_up_after_every_quarter(toy: Spec, seed: int, replicate: int) -> None:
    fallen = np.zeros(len(toy.world.places))
    for model in quarters(with_scenario(toy, seed=seed), replicate):
        account, fallen = add_up(model, fallen)
    assert account.produces.sum() > 5


@given(st.integers(0, 2**40), st.integers(0, 1000))
@settings(max_examples=examples(2))
def test_they_add_up_in_a_world_of_many_places(chenzhou: Spec, seed: int, replicate: int) -> None:
    fallen = np.zeros(len(chenzhou.world.places))
    for model in quarters(with_scenario(chenzhou, seed=seed), replicate):
        _, fallen = add_up(model, fallen)


@pytest.mark.slow
@pytest.mark.parametrize("path", sorted(WHOLE.parent.glob("*.yaml")), ids=lambda path: path.stem)
def test_they_add_up_in_every_scenario(path: Path) -> None:
    """Every quarter, with every policy of the scenario on."""
    spec = load(path, settings=["scenario.firms=300"])
    spec, fallen = spec.with_policies(spec.policies), np.zeros(len(spec.world.places))
    for model in quarters(spec, 0):
        _, fallen = add_up(model, fallen)


@pytest.mark.parametrize("replicate", [0, pytest.param(1, marks=pytest.mark.slow)])
def test_nothing_turns_negative(replicate: int) -> None:
    """Neither output nor land nor floor, to the end of the scenario: an origin cannot lose more than it has."""
    for model in quarters(load(WHOLE, settings=["scenario.firms=300"]), replicate):
        for name in ("output", "land_used", "floor_used"):
            assert getattr(model.places, name).min() >= -1e-6, name


def test_parks_do_not_take_in_more_than_they_hold(toy: Spec) -> None:
    """Of places outside the origins; what settles at home asks nobody."""
    for model in quarters(toy, 0):
        places, levers = model.setting.places, model.levers
        away = np.setdiff1d(np.arange(len(places.ids)), places.origins)
        assert np.all((model.places.land_used <= model.places.land_total + levers["land_added"] + 1e-6)[away])
        assert np.all((model.places.floor_used <= model.places.floor_total + levers["floor_added"] + 1e-6)[away])


# ---------------------------------------------------------------- money


def treasury(model: RelocationModel, *, land_prices: np.ndarray) -> np.ndarray:
    """Return receipts less payments by place, from the projects; `land_prices` are (T, P), yuan/m2."""
    account, setting, projects = Account(model), model.setting, model.projects
    terms, last = setting.parameters, model.quarter
    ground, began = projects.dates[GROUND], projects.dates[PRODUCING]
    sold = projects.land * 1e4 / 1e8 * land_prices[np.maximum(ground, 0), projects.place]
    running = (last - began) / 4
    tax = projects.output * setting.sectors.tax[projects.sector] * terms.local_tax_share * running
    money = account.of_places(ground >= 0, sold) + account.of_places(account.produces, tax) - model.places.paid
    money += grants(model) - preparation(model)
    for policy in model.in_force.values():
        start = policy.start - model.spec.scenario.start
        for city in policy.payers():
            outlays = sum(policy.spends(terms, quarter - start) for quarter in range(max(start, 0), last))
            money[setting.places.row(city)] -= outlays
    return money


def falling_due(model: RelocationModel) -> np.ndarray:
    """Return the incentives that have fallen due in the last quarter by place, from the projects as they run."""
    account, projects = Account(model), model.projects
    quarters = model.quarter - 1 - projects.dates[PRODUCING]
    once = projects.upfront * (quarters == 0)
    yearly = projects.yearly * (quarters < round(4 * model.setting.parameters.holiday_years))
    return account.of_places(account.produces, once + yearly * projects.running / 4)


def check_promises(model: RelocationModel, before: np.ndarray) -> np.ndarray:
    """Whatever fell due is paid, in arrears or broken, and nothing else is; return what has fallen due so far."""
    places, fallen = model.places, before + falling_due(model)
    np.testing.assert_allclose(places.fallen_due, fallen, **NEAR)
    owed = places.arrears.sum(axis=(0, 1, 2))
    np.testing.assert_allclose(places.paid + owed + places.broken, places.fallen_due, **NEAR)
    for column in (places.paid, places.arrears, places.broken):
        assert column.min() >= -1e-9
    assert places.credibility.min() >= 0
    assert places.credibility.max() <= 1
    return fallen


def check_stages(account: Account) -> None:
    """Money and firms at each stage are those of the projects that reached it, and never fewer than at the next."""
    projects, places = account.projects, account.model.places
    for stage, reached in enumerate((projects.dates >= 0) & (projects.kind != EXPANSION)):
        np.testing.assert_allclose(places.stage_money[stage], account.of_places(reached, projects.investment), **NEAR)
        np.testing.assert_allclose(places.stage_firms[stage], account.of_places(reached, projects.firms), **NEAR)
    assert np.all(np.diff(places.stage_money, axis=0) <= 1e-9)


def grants(model: RelocationModel) -> np.ndarray:
    """Return the money that national status brought, (P,)."""
    money = np.zeros(len(model.setting.places.ids))
    for policy in model.in_force.values():
        begun = model.quarter - max(policy.start - model.spec.scenario.start, 0)
        for city in policy.payers() if isinstance(policy, NationalStatus) else ():
            money[model.setting.places.row(city)] += policy.grant * begun / 4
    return money


def preparation(model: RelocationModel) -> np.ndarray:
    """Return what preparing room cost beside what policies' outlays hold, (P,)."""
    places, terms, state = model.setting.places, model.setting.parameters, model.places
    new = places.land_growth * model.quarter / 4 * (1 - places.land_occupied)
    held_back = state.land_ordered - state.land_made
    land = new + state.land_extra - held_back
    return land * terms.land_preparation_cost + state.floor_extra * terms.floor_building_cost


def land_prices(model: RelocationModel) -> np.ndarray:
    """Return the price of land in each quarter: that at the start, with the trend and the ratio of the quarter before."""
    setting, quarters = model.setting, model.quarter
    ratio = model.record.places()["land_price_ratio"].to_numpy().reshape(quarters, -1)
    ratio = np.vstack([np.ones(ratio.shape[1]), ratio[:-1]])
    terms = setting.parameters
    growth = np.where(setting.places.coast, terms.land_price_growth_coast, terms.land_price_growth_inland)
    return setting.places.land_price * ratio * (1 + growth) ** (np.arange(quarters) / 4)[:, None]


LATER = ("expansion", "staged_transfer")
"""What changes the tax of a plant after it has opened (the plain second implementation checks that)."""
FLAT = {"land_price_growth_coast": 0.0, "land_price_growth_inland": 0.0}


def test_the_treasury_is_what_projects_brought_and_were_paid(toy: Spec) -> None:
    """With land prices that have no trend and a holiday longer than the run."""
    foundation = lay_foundation(with_parameters(without(toy, *LATER), holiday_years=8.0, **FLAT))
    model = RelocationModel(foundation.spec, foundation=foundation, on=toy.policies).run()
    np.testing.assert_allclose(model.places.treasury, treasury(model, land_prices=land_prices(model)), **NEAR)
    assert model.places.treasury[model.setting.places.row("beta")] < 0


def test_the_yearly_incentive_is_paid_for_the_years_of_the_holiday(toy: Spec) -> None:
    foundation = lay_foundation(with_parameters(without(toy, *LATER), holiday_years=1.0, **FLAT))
    model = RelocationModel(foundation.spec, foundation=foundation, on=toy.policies).run()
    np.testing.assert_allclose(model.places.treasury, treasury(model, land_prices=land_prices(model)), **NEAR)


def test_land_is_sold_at_the_price_of_the_day(toy: Spec) -> None:
    """The price that firms reckon with: that at the start, its trend and its ratio."""
    foundation = lay_foundation(with_parameters(without(toy, *LATER), holiday_years=8.0))
    model = RelocationModel(foundation.spec, foundation=foundation, on=toy.policies).run()
    np.testing.assert_allclose(model.places.treasury, treasury(model, land_prices=land_prices(model)), **NEAR)


def test_what_is_promised_is_what_was_offered_when_the_project_was_intended(everything: RelocationModel) -> None:
    """Terms are fixed at signing: the sums of a project are the offer of its quarter times its output."""
    again = RelocationModel(everything.spec, foundation=everything.foundation, on=everything.in_force)
    projects, offers = everything.projects, []
    while not again.finished:
        again.levers = rationed(again.setting, again.places, again.pull_levers())
        offers.append(again.look_around(again.quarter / 4).promised)
        again.step()
    for row in np.flatnonzero(projects.kind != STATE)[::7]:
        offer = offers[projects.dates[0, row]]
        at = projects.sector[row], projects.firm_class[row], projects.place[row]
        if projects.kind[row] == EXPANSION:
            assert projects.upfront[row] == projects.yearly[row] == 0
            continue
        assert projects.upfront[row] == pytest.approx(offer.upfront[at] * projects.output[row] / 100)
        assert projects.yearly[row] == pytest.approx(offer.yearly[at] * projects.output[row] / 100)


# ---------------------------------------------------------------- what a project is


def test_a_branch_leaves_the_origin_as_it_is_and_a_move_takes_its_firms_away(baseline: RelocationModel) -> None:
    projects, population = baseline.projects, baseline.population
    terms = baseline.setting.parameters
    part = np.where(projects.kind == BRANCH, terms.branch_share, 1.0)
    expected = projects.firms * population.output[projects.firm] * part
    came = ~np.isin(projects.kind, [STATE, EXPANSION])
    np.testing.assert_allclose(projects.output[came], expected[came], rtol=1e-12)
    assert not projects.firms[projects.kind == EXPANSION].any()
    assert {BRANCH, MOVE, ENTRY, STATE} <= set(np.unique(projects.kind))


def reviews(model: RelocationModel) -> np.ndarray:
    """Return which projects come from reviews: not from following a leader, a plant that expands, or the state."""
    return (model.projects.leader < 0) & ~np.isin(model.projects.kind, [STATE, EXPANSION])


def test_a_firm_has_no_two_projects_of_different_quarters_open_at_once(baseline: RelocationModel) -> None:
    projects, own = baseline.projects, reviews(baseline)
    ended = np.where(projects.fell >= 0, projects.fell, projects.dates[PRODUCING])
    ended = np.where(ended < 0, baseline.quarter, ended)
    for firm in np.unique(projects.firm[own]):
        mine = (projects.firm == firm) & own
        begun = projects.dates[0][mine]
        for quarter in np.unique(begun):
            before = ended[mine][begun < quarter]
            assert np.all(before < quarter)


def test_after_a_branch_a_firm_waits(baseline: RelocationModel) -> None:
    projects, wait = baseline.projects, round(4 * baseline.setting.parameters.branch_wait)
    settled = baseline.population.stock[projects.firm] & (projects.kind != STATE)
    for firm in np.unique(projects.firm[settled]):
        mine = (projects.firm == firm) & reviews(baseline)
        branches = np.unique(projects.dates[0][mine & (projects.kind == BRANCH)])
        later = np.unique(projects.dates[0][mine])
        for quarter in branches:
            assert not np.any((later > quarter) & (later < quarter + wait))


def test_leaders_place_projects_whole(chenzhou: Spec) -> None:
    foundation = lay_foundation(chenzhou)
    model = RelocationModel(chenzhou, foundation=foundation).run()
    leaders = (model.projects.firm_class == CLASSES.index("leader")) & (model.projects.kind < STATE)
    assert leaders.sum() > 20
    np.testing.assert_allclose(model.projects.firms[leaders], 1.0, rtol=1e-6)


def test_what_rounding_leaves_of_a_firm_that_has_gone_is_not_reviewed(foundation: Foundation) -> None:
    model = RelocationModel(foundation.spec, foundation=foundation)
    firm = np.zeros(2, dtype=int)
    model.firms.weight[0], model.firms.pending[0], model.firms.open_projects[0] = 1.0, 1.0, 2
    rows = append(model.projects, 0, 2, firm=firm, place=np.array([1, 3]), kind=firm + MOVE, firms=np.array([0.7, 0.3]))
    model.projects.stage[rows] = GROUND
    none = np.array([], dtype=int)
    model.books.progress(Progress(rows, none, none, none.astype(float), none.astype(float)), 1)
    assert model.firms.moved[0] == pytest.approx(1.0)
    certain, low = (
        np.ones(model.setting.shape[:2]),
        Low(np.arange(len(model.population)), np.zeros(len(model.population))),
    )
    assert 0 not in reviewed(model.population, model.firms, certain, low, 0)
