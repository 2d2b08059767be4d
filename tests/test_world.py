"""The world as columns, its calendar and levers, and how a population is made."""

import datetime as dt
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from runs import append, projects_of, with_scenario

from relocsim.model import Foundation, RelocationModel, lay_foundation
from relocsim.spec import Spec
from relocsim.streams import Streams, members
from relocsim.world.calendar import Quarter
from relocsim.world.columns import places_of, sectors_of
from relocsim.world.firms import LEADER, class_sizes, real_firms, synthesise
from relocsim.world.initial import initial_output
from relocsim.world.levers import LEVERS, Change, Levers
from relocsim.world.projects import GROUND, INTENTION, PRODUCING
from relocsim.world.state import sealed

# ---------------------------------------------------------------- calendar


@given(st.dates(dt.date(1990, 1, 1), dt.date(2050, 12, 31)))
def test_a_date_acts_from_the_first_quarter_that_begins_on_or_after_it(date: dt.date) -> None:
    quarter = Quarter.acting_from(date)
    assert (quarter + -1).first_day < date <= quarter.first_day


def test_the_line_of_boxing_day_2009_acts_from_2010() -> None:
    assert str(Quarter.acting_from(dt.date(2009, 12, 26))) == "2010-Q1"


@given(st.integers(1900 * 4, 2100 * 4), st.integers(-400, 400))
def test_quarters_count_and_read_back(index: int, step: int) -> None:
    quarter = Quarter(index)
    assert Quarter.parse(str(quarter)) == quarter
    assert (quarter + step) - quarter == step


@pytest.mark.parametrize("text", ["2010", "2010-Q5", "2010-Q0", "10-Q1", "2010-q1", "2010-Q1 "])
def test_what_is_not_a_quarter_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected a quarter such as 2010-Q1"):
        Quarter.parse(text)


# ---------------------------------------------------------------- columns


def test_rows_are_sorted_by_id(foundation: Foundation) -> None:
    site = foundation.site
    for names in (site.places, site.sectors, site.components, site.lines):
        assert list(names) == sorted(names)


def test_output_at_the_start_adds_up_to_each_place_s_industry(toy: Spec) -> None:
    places, sectors = places_of(toy.world), sectors_of(toy.world)
    in_2010 = initial_output(toy.world, places, sectors, 2010)
    np.testing.assert_allclose(in_2010.sum(axis=1), places.industry, rtol=1e-12)
    in_2008 = initial_output(toy.world, places, sectors, 2008)
    np.testing.assert_allclose(in_2010, in_2008 * (1 + toy.world.parameters.organic_growth) ** 2, rtol=1e-12)


def test_location_quotients_tilt_the_national_mix(toy: Spec) -> None:
    places, sectors = places_of(toy.world), sectors_of(toy.world)
    output = initial_output(toy.world, places, sectors, 2010)[places.row("beta")] / sectors.gross_output
    at = {name: sectors.ids.index(name) for name in sectors.ids}
    assert output[at["electronics"]] / output[at["apparel"]] == pytest.approx(0.4)
    assert output[at["metal_products"]] / output[at["apparel"]] == pytest.approx(1.3)


def test_the_inputs_of_a_chain_weigh_one_and_components_are_carved_out_of_their_maker_s(toy: Spec) -> None:
    sectors = sectors_of(toy.world)
    np.testing.assert_allclose(sectors.need.sum(axis=1), 1, rtol=1e-12)
    electronics, maker = sectors.ids.index("electronics"), sectors.ids.index("metal_products")
    part = len(sectors.ids) + sectors.components.index("electronics.electroplating")
    direct = 0.1 / (0.56 + 0.1)  # apparel is a small input
    assert sectors.need[electronics, part] == pytest.approx(0.02)
    assert sectors.need[electronics, maker] + sectors.need[electronics, part] == pytest.approx(direct)


# ---------------------------------------------------------------- population


def cells(foundation: Foundation, values: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """Return what `values` of the chosen agents add up to by origin and sector, (O, S)."""
    population, out = foundation.population, np.zeros(foundation.setting.shape[:2])
    np.add.at(out, (population.origin[chosen], population.sector[chosen]), values[chosen])
    return out


def test_the_stock_stands_for_the_real_firms_of_each_cell(foundation: Foundation) -> None:
    population, setting = foundation.population, foundation.setting
    firms, leaders = real_firms(foundation.output[setting.places.origins], setting.sectors, setting.parameters)
    studied = setting.places.studied[:, None]
    lead = population.kind == LEADER
    ordinary = cells(foundation, population.weight, population.stock & ~lead)
    np.testing.assert_allclose(ordinary, firms * studied, rtol=1e-12)
    np.testing.assert_allclose(cells(foundation, population.weight, lead), leaders * studied, rtol=1e-12)
    np.testing.assert_allclose(population.weight[lead], 1)


@pytest.mark.parametrize("agents", [100, 300, 3000])
def test_the_stock_makes_the_output_of_its_cell(toy: Spec, agents: int) -> None:
    """Or else an origin can lose more than it has, and its output and supplies turn negative."""
    foundation = lay_foundation(with_scenario(toy, firms=agents))
    population, places = foundation.population, foundation.setting.places
    made = cells(foundation, population.weight * population.output, population.stock)
    np.testing.assert_allclose(made, foundation.output[places.origins] * places.studied[:, None], rtol=1e-9)


def test_leaders_are_taken_out_of_the_cell_s_output(foundation: Foundation) -> None:
    sectors, parameters = foundation.setting.sectors, foundation.setting.parameters
    firms, leaders = real_firms(foundation.output, sectors, parameters)
    made = (firms + leaders * parameters.leader_size) * sectors.firm_output
    np.testing.assert_allclose(made, foundation.output, rtol=1e-12)
    assert leaders.sum() > 0


def test_entrants_come_at_their_rates(toy: Spec) -> None:
    foundation = lay_foundation(toy)
    population, terms = foundation.population, foundation.setting.parameters
    studied = foundation.setting.places.studied[population.origin]
    ordinary = population.weight[population.stock & (population.kind != LEADER)].sum()
    quarters = toy.scenario.quarters - 1
    one = population.weight.max()
    for rate, origin in ((terms.entry_rate, studied), (terms.inland_entry_rate, ~studied)):
        born = population.weight[origin & ~population.stock].sum()
        assert born == pytest.approx(ordinary * rate / 4 * quarters, abs=2 * one * np.sqrt(quarters))


def test_the_population_does_not_depend_on_policies_or_on_how_long_the_run_is(
    toy: Spec, foundation: Foundation
) -> None:
    long = lay_foundation(with_scenario(toy, end=toy.scenario.end + 4)).population
    here, born = foundation.population, long.born < toy.scenario.quarters
    for field in fields(here):
        np.testing.assert_array_equal(getattr(long, field.name)[born], getattr(here, field.name))


def test_identities_are_not_shared(foundation: Foundation) -> None:
    assert len(np.unique(foundation.population.uid)) == len(foundation.population)


def test_sizes_have_mean_one_and_classes_their_conditional_means(toy: Spec) -> None:
    places, sectors, terms = places_of(toy.world), sectors_of(toy.world), toy.world.parameters
    output = initial_output(toy.world, places, sectors, 2010)
    many = synthesise(places, sectors, terms, output, agents=40_000, quarters=1, streams=Streams(5))
    ratio, ordinary = many.output / sectors.firm_output[many.sector], many.kind != LEADER
    error = ratio[ordinary].std() / np.sqrt(ordinary.sum())
    assert ratio[ordinary].mean() == pytest.approx(1, abs=4 * error)
    for kind, size in enumerate(class_sizes(terms)):
        seen = ratio[many.kind == kind]
        assert seen.mean() == pytest.approx(size, abs=4 * seen.std() / np.sqrt(len(seen)) + 1e-12)
    rents = [many.rents[ordinary & (many.sector == at)] for at in range(len(sectors.ids))]
    for seen, share in zip(rents, sectors.rents_floor, strict=True):
        assert seen.mean() == pytest.approx(share, abs=4 * seen.std() / np.sqrt(len(seen)))
    assert not many.rents[~ordinary].any()


# ---------------------------------------------------------------- levers

SIZES = {"place": 3, "sector": 2, "class": 4, "component": 2, "line": 2, "origin": 2, "owner": 4}


@st.composite
def change(draw: st.DrawFn) -> Change:
    name = draw(st.sampled_from(sorted(LEVERS)))
    index = tuple(draw(st.integers(0, SIZES[axis] - 1)) for axis in LEVERS[name].axes)
    return Change(name, index, draw(st.floats(0, 10)))


@given(st.lists(change(), max_size=12).flatmap(lambda found: st.tuples(st.just(found), st.permutations(found))))
def test_the_order_of_changes_does_not_matter(orders: tuple[list[Change], list[Change]]) -> None:
    first, second = Levers(SIZES), Levers(SIZES)
    first.apply(orders[0])
    second.apply(orders[1])
    for name in LEVERS:
        np.testing.assert_array_equal(first[name], second[name])


@given(st.lists(change(), max_size=6), st.lists(change(), max_size=6), st.booleans())
def test_levers_know_which_of_them_are_pulled(first: list[Change], then: list[Change], replaced: bool) -> None:
    root = Levers(SIZES)
    root.apply(first)
    twin = root.twin(**({"contacts": np.ones_like(root["contacts"])} if replaced else {}))
    twin.apply(then)
    for levers in (root, twin, twin.twin()):
        assert {name for name in LEVERS if levers.pulled(name)} == {name for name in LEVERS if levers[name].any()}


def test_each_lever_combines_by_its_own_rule() -> None:
    levers = Levers(SIZES)
    levers.apply([Change("land_added", (1,), 2.0), Change("land_added", (slice(None),), 3.0)])
    levers.apply([Change("fees", (np.array([0, 2]),), 0.5), Change("fees", (0,), 0.5)])
    levers.apply([Change("leader_award", (0, 0), 0.3), Change("leader_award", (0, slice(None)), 0.2)])
    assert levers["land_added"].tolist() == [3, 5, 3]
    assert levers["fees"].tolist() == [0.25, 1, 0.5]
    assert levers["leader_award"].tolist() == [[0.3, 0.2], [0, 0], [0, 0]]


# ---------------------------------------------------------------- projects and seals


@given(st.lists(st.integers(0, 400), max_size=4))
def test_projects_keep_their_columns_as_the_table_grows(foundation: Foundation, lots: list[int]) -> None:
    projects = projects_of(foundation.setting.sectors, 0, 0)
    uid, at = members("projects", sum(lots)), 0
    for quarter, size in enumerate(lots):
        part = np.arange(at, at + size)
        rows = append(projects, quarter, size, uid=uid[part], place=part % 100, output=part / 3)
        np.testing.assert_array_equal(rows, part)
        at += size
    np.testing.assert_array_equal(projects.uid, uid)
    np.testing.assert_array_equal(projects.place, np.arange(at) % 100)
    np.testing.assert_array_equal(projects.output, np.arange(at) / 3)
    np.testing.assert_array_equal(projects.dates[INTENTION], np.repeat(np.arange(len(lots)), lots))
    assert (projects.dates[INTENTION + 1 :] == -1).all()
    assert len(projects.open_rows()) == len(projects) == at


def test_open_projects_neither_produce_nor_fell(foundation: Foundation) -> None:
    projects = projects_of(foundation.setting.sectors, 0, 3)
    projects.stage[:] = [GROUND, PRODUCING, GROUND]
    projects.fell[2] = 4
    assert projects.open_rows().tolist() == [0]


def test_a_phase_that_writes_by_mistake_fails_loudly(foundation: Foundation) -> None:
    model = RelocationModel(foundation.spec, foundation=foundation)
    with sealed(model.places, model.firms), pytest.raises(ValueError, match="read-only"):
        model.places.jobs += 1
    model.places.jobs += 1


def test_the_seal_is_lifted_when_a_phase_fails(foundation: Foundation) -> None:
    model = RelocationModel(foundation.spec, foundation=foundation)
    with pytest.raises(RuntimeError, match="a phase"), sealed(model.firms):
        raise RuntimeError("a phase")
    model.firms.weight += 1
