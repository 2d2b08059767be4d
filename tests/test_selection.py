"""Whom places prefer and refuse, what they hold beside space, and what the shortest plank does."""

from __future__ import annotations

import numpy as np
import pytest
from runs import changed, played, start_of, tuned, with_parameters, with_policy, with_scenario, without

from relocsim.model import Foundation, RelocationModel, lay_foundation
from relocsim.phases.feedback import feed_back
from relocsim.phases.land import park_growth, revenue
from relocsim.phases.limits import LABOUR, POWER, factor_total, labour_pool, total_at_start, vacancy
from relocsim.phases.readiness import factor_readiness, planks
from relocsim.phases.rivals import Answer
from relocsim.phases.selection import BUILDS, RENTS, chain_fit, links, merit, place_score, preferences, unfit
from relocsim.phases.setting import Setting
from relocsim.spec import Spec
from relocsim.world.levers import Change, Levers
from relocsim.world.projects import GROUND, PRODUCING, Projects
from relocsim.world.state import PlaceState

# ---------------------------------------------------------------- ranking


def alone(setting: Setting, **weights: float) -> Setting:
    """Return a setting in which places look at these criteria alone."""
    names = ("investment", "tax", "jobs", "chain", "pollution")
    return tuned(setting, **{f"selection_{name}": weights.get(name, 0.0) for name in names})


@pytest.mark.parametrize(
    ("criterion", "column", "sign"),
    [("investment", "capital_ratio", 1), ("tax", "tax", 1), ("jobs", "workers", 1), ("pollution", "pollution", -1)],
)
def test_each_criterion_counts_per_hectare_over_its_mean(
    foundation: Foundation, criterion: str, column: str, sign: int
) -> None:
    setting, sectors = alone(foundation.setting, **{criterion: 2.0}), foundation.setting.sectors
    figure = getattr(sectors, column)
    mean = np.average(figure / sectors.land_use, weights=sectors.gross_output)
    np.testing.assert_allclose(merit(setting)[BUILDS], sign * 2 * figure / sectors.land_use / mean)
    under = sectors.floor_use / setting.parameters.floor_per_land
    np.testing.assert_allclose(merit(setting)[RENTS], sign * 2 * figure / under / mean)


def test_what_is_bought_and_sold_are_shares(foundation: Foundation) -> None:
    buys, sells = links(foundation.setting)
    np.testing.assert_allclose(buys.sum(axis=1), 1)
    sold = sells.sum(axis=1)
    assert np.all(np.isclose(sold, 1) | (sold == 0))


def test_a_sector_fits_better_where_its_suppliers_are_strong(foundation: Foundation) -> None:
    setting, (state, levers) = foundation.setting, start_of(foundation)
    metal, beta = (setting.sectors.ids.index("metal_products"), setting.places.row("beta"))
    before = chain_fit(setting, state, levers)
    state.output[beta, metal] *= 3
    after = chain_fit(setting, state, levers)
    buyers = links(setting)[0][:, metal] + links(setting)[1][:, metal]
    assert after[buyers.argmax(), beta] > before[buyers.argmax(), beta]
    others = np.arange(len(setting.places.ids)) != beta
    np.testing.assert_array_equal(after[:, others], before[:, others])
    assert ((after >= 0) & (after < 1)).all()


def test_recruited_suppliers_count_in_the_chain(foundation: Foundation) -> None:
    setting, (state, levers) = foundation.setting, start_of(foundation)
    metal, beta = (setting.sectors.ids.index("metal_products"), setting.places.row("beta"))
    before = chain_fit(setting, state, levers)[metal, beta]
    levers["recruited_output"][beta, metal] = 1000
    assert chain_fit(setting, state, levers)[metal, beta] > before


def test_with_selection_off_all_rank_alike_and_nobody_is_refused(foundation: Foundation) -> None:
    setting, (state, levers) = tuned(foundation.setting, selection=False), start_of(foundation)
    for name in ("pollution_threshold", "investment_threshold", "output_threshold"):
        levers[name][:] = 1.0
    assert not place_score(setting, state, levers).any()
    assert not unfit(setting, levers).any()


# ---------------------------------------------------------------- thresholds


def test_without_thresholds_nobody_is_refused(foundation: Foundation) -> None:
    assert not unfit(foundation.setting, start_of(foundation)[1]).any()


def test_a_pollution_threshold_refuses_the_dirtiest_first(foundation: Foundation) -> None:
    setting = foundation.setting
    dirty = setting.sectors.pollution / setting.sectors.pollution.max()
    for strictness in (0.0, 0.05, 0.5, 0.9, 1.0):
        _, levers = start_of(foundation)
        levers["pollution_threshold"][:] = strictness
        expected = np.broadcast_to((dirty > 1 - strictness)[:, None], unfit(setting, levers)[BUILDS].shape)
        for way in (BUILDS, RENTS):
            np.testing.assert_array_equal(unfit(setting, levers)[way], expected)


def test_thresholds_a_hectare_look_at_the_land_under_a_plant(foundation: Foundation) -> None:
    setting, (_, levers) = foundation.setting, start_of(foundation)
    sectors, beta = setting.sectors, setting.places.row("beta")
    land = {BUILDS: sectors.land_use, RENTS: sectors.floor_use / setting.parameters.floor_per_land}
    levers["investment_threshold"][beta] = 0.3
    for way, under in land.items():
        np.testing.assert_array_equal(unfit(setting, levers)[way, :, beta], sectors.capital_ratio / under < 0.3)
    levers = start_of(foundation)[1]
    levers["output_threshold"][beta] = 0.8
    for way, under in land.items():
        np.testing.assert_array_equal(unfit(setting, levers)[way, :, beta], 1 / under < 0.8)
    assert unfit(setting, levers)[:, :, beta].any()
    assert not np.delete(unfit(setting, levers), beta, axis=2).any()


def test_a_threshold_turns_away_what_falls_below_it_and_nothing_else(toy: Spec) -> None:
    policy = changed(toy.policies["threshold"], start="2008-Q1", pollution=0.1, investment=0.0, yearly_output=0.0)
    foundation = lay_foundation(with_policy(with_scenario(toy, firms=1000), "threshold", policy))
    strict, free = played(foundation, ["threshold"]), played(foundation)
    beta, sectors = foundation.setting.places.row("beta"), foundation.setting.sectors
    dirty = sectors.pollution > 0.9 * sectors.pollution.max()
    arrived = [run.projects.sector[run.projects.place == beta] for run in (free, strict)]
    assert dirty[arrived[0]].any()
    assert not dirty[arrived[1]].any()
    assert strict.places.refused[0, beta] > 0 == free.places.refused[0].sum()
    assert strict.places.refused[0].sum() == strict.places.refused[0, beta]


# ---------------------------------------------------------------- what places hold


def test_places_hold_what_their_industry_uses_and_some_to_spare(foundation: Foundation) -> None:
    setting, terms, places = foundation.setting, foundation.setting.parameters, foundation.setting.places
    total, used = total_at_start(setting), foundation.output @ setting.factor_use.T
    np.testing.assert_allclose(total[0], used[:, 0] * (1 + terms.power_headroom))
    np.testing.assert_allclose(total[1], used[:, 1] * (1 + terms.environment_headroom))
    spare = terms.labour_slack * terms.labour_pool_share * places.population * 1e4
    np.testing.assert_allclose(total[2], used[:, 2] + spare)


def test_power_costs_what_it_takes_at_the_mean_tariff(foundation: Foundation) -> None:
    setting = foundation.setting
    mean = np.average(setting.places.power_tariff, weights=setting.places.industry)
    np.testing.assert_allclose(setting.factor_use[POWER] * mean, setting.sectors.electricity)


def test_levers_add_to_the_factor_of_their_name(foundation: Foundation) -> None:
    setting, (state, levers) = foundation.setting, start_of(foundation)
    before = factor_total(setting, state, start_of(foundation)[1])
    levers["power_added"][1], levers["environment_added"][2], levers["labour_added"][3] = 5.0, 0.2, 700.0
    added = factor_total(setting, state, levers) - before
    expected = np.zeros_like(added)
    expected[0, 1], expected[2, 3] = 5.0, 700.0
    expected[1, 2] = 0.2 * foundation.output[2] @ setting.sectors.pollution
    np.testing.assert_allclose(added, expected, atol=1e-6)


def test_a_limit_that_is_off_has_no_end(foundation: Foundation) -> None:
    state, levers = start_of(foundation)
    for at, name in enumerate(("power_limit", "environment_limit", "labour_limit")):
        left = vacancy(tuned(foundation.setting, **{name: False}), state, levers)
        assert left
        assert np.isinf(left.factors).all(axis=1).tolist() == [row == at for row in range(3)]


def test_workers_brought_in_serve_size_and_ease_wages(foundation: Foundation) -> None:
    setting = foundation.setting
    pools = []
    for workers in (0.0, 50_000.0):
        state, levers = start_of(foundation)
        levers["labour_added"][:] = workers
        state.jobs[:] = 20_000.0
        none, growth = np.zeros(setting.shape[3]), park_growth(setting, state, levers, revenue(setting, state))
        feed_back(setting, state, levers, Answer(none, growth), none, none, 0)
        pools.append((labour_pool(setting, levers), state.wage_ratio.copy()))
    (small, tight), (large, eased) = pools
    np.testing.assert_allclose(large - small, 50_000)
    real = setting.places.population > 0
    assert np.all(eased[real] < tight[real])


# ---------------------------------------------------------------- the shortest plank


def under_construction(setting: Setting, place: int, output: float) -> Projects:
    """Return one project under construction in a place."""
    projects = Projects(setting.sectors)
    columns = {name: np.zeros(1, column.dtype) for name, column in projects._store.items() if name != "dates"}
    del columns["stage"], columns["fell"]
    columns["place"][0], columns["output"][0] = place, output
    projects.append(0, columns)
    projects.stage[0] = GROUND
    return projects


def reserved(foundation: Foundation, place: int, output: float) -> tuple[PlaceState, Levers, Projects]:
    state, levers = start_of(foundation)
    state.factor_used[:, place] += foundation.setting.factor_use[:, 0] * output
    return state, levers, under_construction(foundation.setting, place, output)


def test_nothing_is_slowed_where_there_is_plenty(foundation: Foundation) -> None:
    state, levers, projects = reserved(foundation, 1, 0.01)
    np.testing.assert_array_equal(factor_readiness(foundation.setting, state, levers, projects), 1.0)


def test_the_scarcest_factor_alone_decides(foundation: Foundation) -> None:
    setting = foundation.setting
    state, levers, projects = reserved(foundation, 1, 10.0)
    needs = 10.0 * setting.factor_use[:, 0]
    free = np.array([0.3, 0.6, 5.0]) * needs / setting.parameters.mobilisation
    state.factor_total[:, 1] = state.factor_used[:, 1] - needs + np.maximum(free, needs)
    ready = planks(setting, state, levers, projects)[:, 1]
    wanted = np.minimum(1.0, np.maximum(free, needs) * setting.parameters.mobilisation / needs)
    np.testing.assert_allclose(ready, wanted)
    before = factor_readiness(setting, state, levers, projects)[1]
    levers.apply([Change("labour_added", (1,), 1e6)])
    assert factor_readiness(setting, state, levers, projects)[1] == before == wanted.min() < 1
    levers.apply([Change(name, (1,), 1e6) for name in ("power_added", "environment_added")])
    assert factor_readiness(setting, state, levers, projects)[1] == 1.0


def test_where_a_place_is_overdrawn_what_is_reserved_is_there_in_part(foundation: Foundation) -> None:
    setting = foundation.setting
    state, levers, projects = reserved(foundation, 1, 10.0)
    state.factor_total[LABOUR, 1] = 0.8 * state.factor_used[LABOUR, 1]
    expected = 0.8 * setting.parameters.mobilisation
    assert factor_readiness(setting, state, levers, projects)[1] == pytest.approx(expected)
    assert factor_readiness(tuned(setting, labour_limit=False), state, levers, projects)[1] > expected
    assert factor_readiness(tuned(setting, shortest_plank=False), state, levers, projects)[1] == 1.0


def test_more_of_a_factor_never_slows_production(foundation: Foundation) -> None:
    setting = foundation.setting
    state, _, projects = reserved(foundation, 1, 10.0)
    state.factor_total[POWER, 1] = 0.5 * state.factor_used[POWER, 1]
    ready = []
    for more in np.linspace(0, 1.2, 25) * state.factor_used[POWER, 1]:
        _, levers = start_of(foundation)
        levers["power_added"][1] = more
        ready.append(factor_readiness(setting, state, levers, projects)[1])
    assert np.all(np.diff(ready) >= 0)
    assert ready[0] < 0.5 < ready[-1] == 1.0


def produced(spec: Spec, city: str, on: list[str]) -> float:
    """Return the output that comes to produce in a city."""
    run = RelocationModel(spec, foundation=lay_foundation(spec), on=on).run()
    rows = (run.projects.stage == PRODUCING) & (run.projects.place == run.setting.places.row(city))
    return float(run.projects.output[rows].sum())


def short_of_power(toy: Spec) -> Spec:
    """Return the toy scenario, where beta has hardly any power to spare."""
    spec = with_parameters(with_scenario(toy, firms=3000), power_headroom=0.02, power_growth=0.0)
    power = changed(spec.policies["power"], start="2008-Q1", power=20.0, treatment=0.0, build_years=0.25)
    treatment = changed(spec.policies["power"], start="2008-Q1", power=0.0, treatment=0.5, build_years=0.25)
    return with_policy(with_policy(spec, "power", power), "treatment", treatment)


def test_strengthening_the_shortest_plank_moves_a_constrained_city_and_a_longer_one_does_not(toy: Spec) -> None:
    """Where power has no limit the same policy does nothing at all."""
    spec = short_of_power(toy)
    before, short, longer = (produced(spec, "beta", on) for on in ([], ["power"], ["treatment"]))
    assert short > 1.5 * before
    assert longer == before
    free = without(spec, "power_limit")
    assert produced(free, "beta", ["power"]) == produced(free, "beta", [])


def test_preferences_hold_both(foundation: Foundation) -> None:
    found = preferences(foundation.setting, *start_of(foundation))
    assert (
        found.score.shape == found.unfit.shape == (2, len(foundation.setting.sectors.ids), foundation.setting.shape[3])
    )
