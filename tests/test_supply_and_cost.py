"""Supporting industry and the cost sheet: what enters which component, and by how much."""

from dataclasses import fields, replace
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from runs import found, start_of, tuned

from relocsim.model import Conditions, Foundation, choice_values, conditions
from relocsim.phases import cost, decision, supply
from relocsim.phases.setting import Setting
from relocsim.streams import Streams, members
from relocsim.world.levers import LEVERS, Change, Levers
from relocsim.world.network import Access

COMPONENTS = set(cost.COMPONENTS)


def changed_components(one: Conditions, other: Conditions) -> set[str]:
    """Return the components of the cost sheet in which two conditions differ by a bit."""
    return {
        name
        for name, array in one.sheet.components.items()
        if not np.array_equal(array, other.sheet.components[name])
    }  # fmt: skip


def moved(foundation: Foundation, *changes: Change) -> Levers:
    _, levers = start_of(foundation)
    levers.apply(changes)
    return levers


def beta(foundation: Foundation) -> int:
    return foundation.setting.places.row("beta")


# ---------------------------------------------------------------- the sheet


def test_components_add_up_to_unit_cost(foundation: Foundation) -> None:
    here = found(foundation, years=3.0)
    assert set(here.sheet.components) == COMPONENTS
    added = sum(np.broadcast_to(part, foundation.setting.shape) for part in here.sheet.components.values())
    np.testing.assert_allclose(here.unit_cost, added, rtol=1e-13)


def test_nothing_but_what_relieves_is_negative(foundation: Foundation) -> None:
    for name, part in found(foundation, years=3.0).sheet.components.items():
        assert np.all(part <= 0 if name in ("incentive", "joint moves") else part >= 0), name


LEVERS_AND_COMPONENTS = {
    "capital_subsidy": (0.1, {"incentive"}),
    "rent_relief": (0.5, {"incentive"}),
    "tax_holiday": (0.3, {"incentive"}),
    "job_subsidy": (2000.0, {"incentive"}),
    "leader_award": (0.2, {"incentive"}),
    "approval_days": (0.5, {"administration"}),
    "fees": (0.7, {"administration"}),
    "clearance_days": (0.5, {"clearance"}),
    "port_access": (0.5, {"freight"}),
    "talent": (0.2, {"skills"}),
    "talent_projects": (10.0, {"inputs", "joint moves"}),
    "power_tariff": (0.9, {"power"}),
    "resource_price": (0.9, {"resources"}),
    "rent_push": (0.9, {"land and buildings"}),
    "wage_push": (0.9, {"labour", "skills"}),
    "recruited_output": (30.0, {"inputs", "joint moves"}),
    "component_presence": (1.0, {"inputs", "joint moves"}),
    "land_added": (500.0, set()),
    "floor_added": (50.0, set()),
}  # fmt: skip


@pytest.mark.parametrize("lever", LEVERS_AND_COMPONENTS)
def test_a_lever_lowers_its_own_component_and_touches_no_other(foundation: Foundation, lever: str) -> None:
    value, expected = LEVERS_AND_COMPONENTS[lever]
    where = (beta(foundation), *[slice(None)] * (len(LEVERS[lever].axes) - 1))
    before, after = found(foundation), found(foundation, levers=moved(foundation, Change(lever, where, value)))
    assert changed_components(before, after) == expected
    fall = (before.unit_cost - after.unit_cost)[..., beta(foundation)]
    assert np.all(fall >= -1e-12)
    assert bool(expected) == (fall.max() > 1e-6)
    if "inputs" not in expected:
        others = np.arange(foundation.setting.shape[3]) != beta(foundation)
        np.testing.assert_array_equal(after.unit_cost[..., others], before.unit_cost[..., others])


def test_an_award_for_leaders_is_for_leaders(foundation: Foundation) -> None:
    after = found(foundation, levers=moved(foundation, Change("leader_award", (beta(foundation), slice(None)), 0.2)))
    change = after.unit_cost - found(foundation).unit_cost
    assert np.all(change[:, :, :-1] == 0)
    assert np.all(change[:, :, -1, beta(foundation)] < 0)


def test_an_incentive_is_worth_its_annuity_at_the_place_s_credibility(foundation: Foundation) -> None:
    setting, at = foundation.setting, beta(foundation)
    levers = moved(foundation, Change("capital_subsidy", (at, slice(None), slice(None)), 0.1))
    gain = (found(foundation).unit_cost - found(foundation, levers=levers).unit_cost)[0, :, 0, at]
    terms = setting.parameters
    years = np.arange(1, round(terms.horizon) + 1)
    present = ((1 + terms.interest) ** -years).sum()
    worth = 100 * setting.sectors.capital_ratio * 0.1 / present * setting.places.credibility[at]
    np.testing.assert_allclose(gain, worth, rtol=1e-9)


def test_nobody_is_paid_for_staying(foundation: Foundation) -> None:
    origins = foundation.setting.places.origins
    levers = moved(foundation, Change("capital_subsidy", (origins, slice(None), slice(None)), 0.1))
    before, after = found(foundation), found(foundation, levers=levers)
    np.testing.assert_array_equal(after.sheet.at_home, before.sheet.at_home)
    cheaper = np.all(after.unit_cost < before.unit_cost, axis=(1, 2))
    np.testing.assert_array_equal(
        cheaper[:, origins], ~np.eye(len(origins), dtype=bool), "firms of other origins count on it"
    )


def test_no_more_than_all_the_tax_and_all_the_rent_is_waived(foundation: Foundation) -> None:
    where = (beta(foundation), slice(None), slice(None))
    one, two = (
        moved(foundation, Change("tax_holiday", where, size), Change("rent_relief", where, size)) for size in (1.0, 3.0)
    )
    np.testing.assert_array_equal(found(foundation, levers=one).unit_cost, found(foundation, levers=two).unit_cost)


def test_the_mean_wage_pays_the_labour_share_of_the_table(foundation: Foundation) -> None:
    setting = foundation.setting
    state, levers = start_of(foundation)
    level = np.full_like(setting.places.wage, 20_000.0)
    even = replace(setting, places=replace(setting.places, wage=level, wage_growth=0 * level), reference_wage=20_000.0)
    np.testing.assert_allclose(cost.labour(even, state, levers, 0.0), 100 * setting.sectors.labour[:, None] + 0 * level)


@pytest.mark.parametrize("eta", [0.0, 0.4, 1.0])
def test_a_wage_gap_counts_to_the_power_of_what_is_not_skill(foundation: Foundation, eta: float) -> None:
    setting = tuned(foundation.setting, wage_eta=eta)
    state, levers = start_of(foundation)
    before = cost.labour(setting, state, levers, 0.0)
    dearer = replace(setting, places=replace(setting.places, wage=setting.places.wage * 1.1))
    np.testing.assert_allclose(cost.labour(dearer, state, levers, 0.0) / before, 1.1 ** (1 - eta), rtol=1e-12)


def test_a_lost_same_day_return_is_a_step_of_one_night(foundation: Foundation) -> None:
    setting = foundation.setting
    access = found(foundation).access
    with_night = cost.trip_cost(setting, access)
    without = cost.trip_cost(tuned(setting, same_day_step=False), access)
    hours = access.hours[setting.places.origins]
    night, terms = with_night - without, setting.parameters
    assert np.all((night >= 0) & (night <= terms.overnight_cost))
    near, far = hours < terms.same_day_hours - 3, hours > terms.same_day_hours + 3
    assert near.any()
    assert far.any()
    assert night[near].max() < 0.01 * terms.overnight_cost
    assert night[far].min() > 0.99 * terms.overnight_cost


def test_a_high_speed_line_leaves_freight_and_all_but_trips_and_inputs_alone(foundation: Foundation) -> None:
    lines = foundation.routes.open_lines(foundation.spec.scenario.start.first_day)
    before, after = found(foundation, lines=lines), found(foundation, lines=lines | {"alpha-delta-hsr"})
    assert changed_components(before, after) == {"coordination", "inputs", "joint moves", "skills"}
    assert np.array_equal(before.access.freight_km, after.access.freight_km)
    still = tuned(foundation.setting, siphon=False)
    before, after = (found(foundation, setting=still, lines=there) for there in (lines, lines | {"alpha-delta-hsr"}))
    assert changed_components(before, after) == {"coordination", "inputs", "joint moves"}
    assert np.all(after.unit_cost <= before.unit_cost + 1e-12)


# ---------------------------------------------------------------- supporting industry


def chain(setting: Setting, coverage: np.ndarray, rho: float) -> np.ndarray:
    return supply.depth(tuned(setting, weakest_link_rho=rho), coverage)


@given(st.sampled_from([-3.0, -1.0, -0.2, 0.0, 0.5, 1.0]), st.integers(0, 99))
def test_depth_lies_between_the_worst_and_the_best_link(foundation: Foundation, rho: float, seed: int) -> None:
    setting = foundation.setting
    needs = setting.sectors.need
    covered = 0.05 + 0.95 * Streams(seed).lanes("coverage", members("x", needs.shape[1]))
    deep = chain(setting, covered.T, rho)
    for at, need in enumerate(needs):
        links = covered[:, need > 0]
        assert np.all(deep[at] >= links.min(axis=1) - 1e-12)
        assert np.all(deep[at] <= links.max(axis=1) + 1e-12)


def test_depth_lies_in_zero_and_one_in_every_place(foundation: Foundation) -> None:
    for switch in (True, False):
        depth = found(foundation, setting=tuned(foundation.setting, weakest_link=switch)).supply.depth
        assert np.all((depth > 0) & (depth <= 1))


def test_a_missing_component_caps_a_chain_of_weakest_links_and_not_one_of_means(foundation: Foundation) -> None:
    setting = foundation.setting
    sector = setting.sectors.ids.index("electronics")
    part = len(setting.sectors.ids) + setting.sectors.components.index("electronics.circuit-boards")
    covered = np.ones((setting.sectors.need.shape[1], 1))
    covered[part] = 1e-3
    need = setting.sectors.need[sector, part]
    assert chain(setting, covered, 1.0)[sector, 0] == pytest.approx(1 - need * (1 - 1e-3))
    assert chain(setting, covered, -1.0)[sector, 0] == pytest.approx(1 / (1 - need + need / 1e-3))
    assert chain(setting, covered, -3.0)[sector, 0] < 0.01


def test_the_exponent_zero_is_the_limit_of_small_ones(foundation: Foundation) -> None:
    covered = found(foundation).supply.coverage
    at_zero = chain(foundation.setting, covered, 0.0)
    for rho in (-1e-6, 1e-6):
        np.testing.assert_allclose(chain(foundation.setting, covered, rho), at_zero, rtol=1e-4)


def test_half_of_a_need_is_covered_by_kappa_of_the_nation_s_output(foundation: Foundation) -> None:
    setting = tuned(foundation.setting, coverage_floor=0.0)
    setting = replace(setting, near=np.eye(len(setting.places.ids)))
    kappa = np.full(setting.sectors.need.shape[1], setting.parameters.component_kappa)
    kappa[: len(setting.sectors.ids)] = setting.parameters.coverage_kappa
    made = kappa * setting.national * setting.places.sites[:, None]
    np.testing.assert_allclose(supply.coverage(setting, made), 0.5)
    assert not supply.coverage(setting, 0 * made).any()


def test_what_a_place_lacks_it_makes_once_recruited(foundation: Foundation) -> None:
    setting, at = foundation.setting, beta(foundation)
    part = setting.sectors.components.index("electronics.circuit-boards")
    row = len(setting.sectors.ids) + part
    state, levers = start_of(foundation)
    assert supply.local_output(setting, state, levers)[at, row] == 0
    levers.apply([Change("component_presence", (at, part), 0.7)])
    made = supply.local_output(setting, state, levers)[at]
    electronics = setting.sectors.ids.index("electronics")
    assert made[row] == pytest.approx(0.7 * 0.03 * made[electronics])


def test_nearness_to_the_origin_stands_in_for_depth(foundation: Foundation) -> None:
    """Inputs never cost more than those brought from the origin's own suppliers."""
    setting, here = foundation.setting, found(foundation)
    origins = setting.places.origins
    thin = (1 - here.supply.coverage[:, origins]) * setting.parameters.sourcing_friction
    haul = supply.haul_premium(setting, here.access)
    by_input = thin[:, :, None] + supply.freight_of_inputs(setting)[:, None, None] * haul.distance[origins]
    by_input += np.where(np.isfinite(haul.delay), haul.delay, 1e9)[origins]
    from_home = np.einsum("sx,xop->sop", setting.sectors.need, by_input)
    assert np.all(here.supply.premium <= from_home + 1e-12)
    assert np.isfinite(here.supply.premium).all()


def test_with_depth_switched_off_inputs_cost_the_same_everywhere(foundation: Foundation) -> None:
    here = found(foundation, setting=tuned(foundation.setting, supporting_depth=False))
    assert np.ptp(here.sheet.components["inputs"], axis=(0, 2, 3)).max() == 0


# ---------------------------------------------------------------- size: a place split in two


def halved(foundation: Foundation, place: str) -> tuple[Foundation, Access]:
    """Return a foundation in which a place is two halves on one spot (the second last), and the access there."""
    setting, at = foundation.setting, foundation.setting.places.row(place)
    extensive = {"sites", "gdp", "population", "industry", "land", "land_growth", "floor", "floor_growth", "revenue"}

    def twice(array: np.ndarray, *, axes: tuple[int, ...] = (0,), half: bool = False) -> np.ndarray:
        for axis in axes:
            array = np.concatenate([array, np.take(array, [at], axis=axis)], axis=axis)
        if half:
            array = array.copy()
            array[[at, -1]] /= 2
        return array

    places, same = setting.places, {"ids", "origins", "studied"}
    columns = {
        f.name: twice(getattr(places, f.name), axes=(0, 1) if f.name == "km" else (0,), half=f.name in extensive)
        for f in fields(places)
        if f.name not in same
    }
    both = replace(places, ids=(*places.ids, f"{place}-2"), **columns)
    near, pooled = (twice(array, axes=(0, 1)) for array in (setting.near, setting.pooled))
    if places.sites[at] > 1:  # a composite's prefectures are no neighbours of each other
        pooled[:, -1] = 0.0
    whole = found(foundation).access
    access = Access(
        **{
            f.name: twice(getattr(whole, f.name), axes=tuple(range(getattr(whole, f.name).ndim)))
            for f in fields(Access)
            if f.init
        }
    )
    site = replace(foundation.site, places=both.ids)
    output, presence = twice(foundation.output, half=True), twice(foundation.presence)
    setting = replace(
        setting, places=both, near=near, pooled=pooled, output=output, start_pull=twice(setting.start_pull)
    )
    return replace(foundation, setting=setting, site=site, output=output, presence=presence), access


def odds(foundation: Foundation, access: Access) -> np.ndarray:
    """Return exp(value / lambda) of every place by segment, (G, P)."""
    state, levers = start_of(foundation)
    here = conditions(foundation.setting, state, levers, access, supply.haul_premium(foundation.setting, access), 0.0)
    values = choice_values(foundation.setting, state, levers, here.sheet, foundation.reference_cost)
    either = np.repeat(decision.modes(foundation.setting).either.reshape(values.place.shape[0] // 4, -1), 4, axis=0)
    return np.exp((values.place + either) / foundation.setting.parameters.nest_lambda)


@pytest.mark.parametrize("place", ["gamma", "delta"])
def test_a_place_split_in_two_keeps_its_odds_and_changes_nobody_else_s(foundation: Foundation, place: str) -> None:
    """Supporting depth apart, for which see below."""
    flat = replace(foundation, setting=tuned(foundation.setting, supporting_depth=False))
    at = flat.setting.places.row(place)
    whole = odds(flat, found(flat).access)
    halves = odds(*halved(flat, place))
    halves[:, at] += halves[:, -1]
    np.testing.assert_allclose(halves[:, :-1], whole, rtol=1e-11)


def test_a_place_split_in_two_keeps_its_supporting_depth(foundation: Foundation) -> None:
    split, access = halved(foundation, "gamma")
    state, levers = start_of(split)
    after = supply.supply(split.setting, state, levers, supply.haul_premium(split.setting, access))
    np.testing.assert_allclose(after.depth[:, :-1], found(foundation).supply.depth, rtol=1e-9)


def test_a_place_of_twice_the_size_has_twice_the_odds(foundation: Foundation) -> None:
    setting, at = foundation.setting, beta(foundation)
    state, levers = start_of(foundation)
    before = decision.size(setting, state, levers)
    state.land_total[at] *= 2
    state.floor_total[at] *= 2
    doubled = partial(np.multiply, np.where(np.arange(len(before)) == at, 2.0, 1.0))
    larger = replace(setting, places=replace(setting.places, population=doubled(setting.places.population)))
    gain = np.exp((decision.size(larger, state, levers) - before) / setting.parameters.nest_lambda)
    np.testing.assert_allclose(gain, doubled(1.0), rtol=1e-12)


def test_own_industry_has_a_floor(foundation: Foundation) -> None:
    setting = foundation.setting
    state, levers = start_of(foundation)
    state.output[beta(foundation)] = 0
    own = decision.own_industry(setting, state, levers)[:, beta(foundation)]
    np.testing.assert_allclose(
        own, setting.parameters.own_industry_theta * np.log(setting.parameters.own_industry_floor)
    )
