"""The choice: the draw has exactly the shares of the nested logit, and every value is monotone in every V."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from runs import choosing, found, start_of, tuned, with_scenario
from scipy.special import expit, logsumexp, softmax

from relocsim.model import Foundation, RelocationModel, choice_values, lay_foundation
from relocsim.phases import decision
from relocsim.phases.decision import ABROAD, CLOSE, STAY, Choosers, Intercepts, Modes, Values, decide
from relocsim.phases.reviews import Low, Reviews, reviewed
from relocsim.phases.setting import Setting
from relocsim.spec import Spec
from relocsim.world.projects import BRANCH, MOVE

FIRMS = 60_000
PLACES = ("beta", "delta", "gamma")


def within(seen: np.ndarray | float, share: np.ndarray | float, firms: int = FIRMS) -> bool:
    """Whether shares seen among so many firms lie within four standard errors of what they should be."""
    share = np.asarray(share)
    return bool(np.all(np.abs(seen - share) <= 4 * np.sqrt(share * (1 - share) / firms) + 1e-12))


def nest(foundation: Foundation, **terms: float) -> Setting:
    """Return the toy setting with a nest of its own and every place known."""
    return tuned(foundation.setting, awareness=False, **terms)


def unheard(setting: Setting) -> np.ndarray:
    """Return no contacts at all, (G, P): with awareness switched off every place is known all the same."""
    return np.zeros((int(np.prod(setting.shape[:3])), setting.shape[3]))


def values_of(setting: Setting, place: list[float], home: float) -> Values:
    """Return values in which every segment is alike: those of the three places that may be chosen, and of home."""
    origins, sectors, classes, places = setting.shape
    row = np.full(places, -np.inf)
    row[[setting.places.row(name) for name in PLACES]] = place
    segments = origins * sectors * classes
    return Values(np.tile(row, (segments, 1)), np.full(segments, home))


def modes_of(setting: Setting, branch: list[float], move: list[float]) -> Modes:
    """Return what branching and moving add in the three places, the same for every origin and sector."""
    origins, sectors, _, places = setting.shape
    both = np.zeros((2, places))
    both[:, [setting.places.row(name) for name in PLACES]] = [branch, move]
    mu = setting.parameters.mode_mu
    gap, either = both[0] - both[1], mu * logsumexp(both / mu, axis=0)
    shape = (origins, sectors, places)
    chance = decision.branch_chance(setting, gap)
    return Modes(*(np.broadcast_to(part, shape) for part in (gap, either, chance)))


PLACE, HOME, BRANCHING, MOVING = [0.2, 1.1, -0.4], 0.9, [0.3, 0.0, 0.5], [0.6, -1.0, 0.1]
INTERCEPTS = Intercepts(elsewhere=-0.3, abroad=-0.5, close=0.2, entry=-0.7)
NESTS = [
    {"nest_lambda": 0.5, "mode_mu": 0.3},
    {"nest_lambda": 0.8, "mode_mu": 0.8},
    {"nest_lambda": 1.0, "mode_mu": 1.0},
]


def simulated(
    setting: Setting, values: Values, ways: Modes, *, origin: int = 0, born: int = 0, quarter: int = 0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return places (-1: none), modes and what else of many firms of one origin."""
    population, tastes = choosing(setting, FIRMS, origin=origin, born=born)
    choosers = Choosers(population, tastes, ways, INTERCEPTS)
    decided = decide(setting, choosers, np.arange(FIRMS), values, unheard(setting), quarter)
    place = np.where(np.isfinite(decided.of_all().max(axis=1)), decided.of_all().argmax(axis=1), -1)
    gap = ways.gap[origin, 0][place]
    mode = np.where(decided.mode_draw < decision.branch_chance(setting, gap), BRANCH, MOVE)
    return place, mode, decided.outside


@pytest.mark.parametrize("terms", NESTS, ids=str)
def test_shares_are_those_of_the_nested_logit(foundation: Foundation, terms: dict[str, float]) -> None:
    setting = nest(foundation, **terms)
    scale, mu = terms["nest_lambda"], terms["mode_mu"]
    ways = modes_of(setting, BRANCHING, MOVING)
    place, mode, outside = simulated(setting, values_of(setting, PLACE, HOME), ways)

    both = np.array([BRANCHING, MOVING])
    inland = (np.array(PLACE) + mu * logsumexp(both / mu, axis=0)) / scale
    away = INTERCEPTS.elsewhere + scale * logsumexp(inland)
    options = softmax([HOME, INTERCEPTS.abroad, INTERCEPTS.close, away])
    for option in (STAY, ABROAD, CLOSE):
        assert within(np.mean((place < 0) & (outside == option)), options[option])
    rows = [setting.places.row(name) for name in PLACES]
    by_mode = softmax(inland) * softmax(both / mu, axis=0) * options[-1]
    for kind in (BRANCH, MOVE):
        seen = np.array([np.mean((place == row) & (mode == kind)) for row in rows])
        assert within(seen, by_mode[kind])


def test_with_lambda_and_mu_one_shares_are_those_of_the_plain_logit(foundation: Foundation) -> None:
    setting = nest(foundation, nest_lambda=1.0, mode_mu=1.0)
    ways = modes_of(setting, BRANCHING, MOVING)
    place, mode, outside = simulated(setting, values_of(setting, PLACE, HOME), ways)
    going = [PLACE[at] + add[at] + INTERCEPTS.elsewhere for add in (BRANCHING, MOVING) for at in range(3)]
    share = softmax([*going, HOME, INTERCEPTS.abroad, INTERCEPTS.close])
    rows = [setting.places.row(name) for name in PLACES]
    seen = [np.mean((place == row) & (mode == kind)) for kind in (BRANCH, MOVE) for row in rows]
    seen += [np.mean((place < 0) & (outside == option)) for option in (STAY, ABROAD, CLOSE)]
    assert within(np.array(seen), share)


@pytest.mark.parametrize("terms", NESTS, ids=str)
def test_the_expected_best_is_the_log_sum(foundation: Foundation, terms: dict[str, float]) -> None:
    setting, scale = nest(foundation, **terms), terms["nest_lambda"]
    ways = modes_of(setting, BRANCHING, MOVING)
    population, tastes = choosing(setting, FIRMS)
    never = Intercepts(elsewhere=0.0, abroad=-np.inf, close=-np.inf, entry=0.0)
    values = values_of(setting, PLACE, -1e9)
    decided = decide(setting, Choosers(population, tastes, ways, never), np.arange(FIRMS), values, unheard(setting), 0)
    best = scale * decided.of_all().max(axis=1).astype(float) + decided.shift
    both = np.array(PLACE) + np.array([BRANCHING, MOVING])
    inclusive = scale * logsumexp(terms["mode_mu"] * logsumexp(both / terms["mode_mu"], axis=0) / scale)
    assert best.mean() == pytest.approx(inclusive + np.euler_gamma, abs=4 * best.std() / np.sqrt(FIRMS))


def test_new_firms_stay_or_go_to_a_place_and_do_nothing_else(foundation: Foundation) -> None:
    setting = nest(foundation, nest_lambda=0.6)
    place, _, outside = simulated(
        setting, values_of(setting, PLACE, HOME), modes_of(setting, BRANCHING, MOVING), born=3, quarter=3
    )
    away = INTERCEPTS.entry + 0.6 * logsumexp(np.array(PLACE) / 0.6)
    assert within(np.mean(place >= 0), expit(away - HOME))
    assert np.all(outside[place < 0] == STAY)


def test_inland_investors_always_go_somewhere(foundation: Foundation) -> None:
    setting = nest(foundation)
    (homeless,) = np.flatnonzero(~setting.places.studied)
    ways = modes_of(setting, BRANCHING, MOVING)
    place, _, outside = simulated(
        setting, values_of(setting, PLACE, 50.0), ways, origin=homeless, born=3, quarter=3
    )  # fmt: skip
    assert np.all(place >= 0)
    assert np.all(outside == CLOSE)
    rows = [setting.places.row(name) for name in PLACES]
    shares = softmax(np.array(PLACE) / setting.parameters.nest_lambda)
    assert within(np.array([np.mean(place == row) for row in rows]), shares)


def test_draws_of_two_quarters_are_independent_given_tastes(foundation: Foundation) -> None:
    setting = nest(foundation)
    values, ways = values_of(setting, PLACE, HOME), modes_of(setting, BRANCHING, MOVING)
    one, _, first = simulated(setting, values, ways, quarter=0)
    two, _, second = simulated(setting, values, ways, quarter=1)
    home = ((one < 0) & (first == STAY)).astype(float), ((two < 0) & (second == STAY)).astype(float)
    assert np.corrcoef(*home)[0, 1] > -4 / np.sqrt(FIRMS)
    both = (one >= 0) & (two >= 0)
    assert np.mean(one[both] == two[both]) > 0.7, "tastes persist"


# ---------------------------------------------------------------- monotone in every V


def chosen(setting: Setting, values: Values, contact: float) -> np.ndarray:
    """Return the place (-1: none) that each of a few firms asks first."""
    population, tastes = choosing(setting, 200)
    choosers = Choosers(population, tastes, modes_of(setting, BRANCHING, MOVING), INTERCEPTS)
    return first_choice(decide(setting, choosers, np.arange(200), values, unheard(setting) + contact, 0).of_all())


def first_choice(value: np.ndarray) -> np.ndarray:
    return np.where(np.isfinite(value.max(axis=1)), value.argmax(axis=1), -1)


@given(
    st.lists(st.floats(-3, 3), min_size=3, max_size=3), st.floats(-3, 3), st.floats(0, 2), st.integers(0, 2),
    st.floats(0.05, 1.0), st.floats(0, 3),
)  # fmt: skip
def test_raising_one_place_s_value_never_loses_it_an_applicant(
    foundation: Foundation, place: list[float], home: float, more: float, at: int, scale: float, contact: float
) -> None:
    setting = tuned(foundation.setting, nest_lambda=scale, mode_mu=scale)
    raised = [value + more * (index == at) for index, value in enumerate(place)]
    before = chosen(setting, values_of(setting, place, home), contact)
    after = chosen(setting, values_of(setting, raised, home), contact)
    row = setting.places.row(PLACES[at])
    assert np.all(after[before == row] == row)
    assert np.all((after == before) | (after == row)), "who changes, changes to the place that rose"


def test_more_incentive_never_loses_a_city_an_applicant(toy: Spec) -> None:
    """With promises certain and before admission, among first reviews of the whole stock."""
    foundation = lay_foundation(with_scenario(toy, firms=5_000))
    setting = tuned(foundation.setting, credibility=np.ones(foundation.setting.shape[3]))
    foundation = replace(foundation, setting=setting)
    at, asked = setting.places.row("beta"), []
    heard = RelocationModel(foundation.spec, foundation=foundation).hear(found(foundation).access)
    contact = np.broadcast_to(heard, setting.shape).reshape(-1, setting.shape[3])
    rows = np.flatnonzero(foundation.population.stock)
    for subsidy in (0.0, 0.02, 0.1, 0.3):
        state, levers = start_of(foundation)
        levers["capital_subsidy"][at] += subsidy
        sheet = found(foundation, levers=levers).sheet
        values = choice_values(setting, state, levers, sheet, foundation.reference_cost)
        asked.append(first_choice(decide(setting, foundation.choosers, rows, values, contact, 0).of_all()) == at)
    for less, more in pairwise(asked):
        assert np.all(more >= less)
    assert asked[-1].sum() > asked[0].sum()


# ---------------------------------------------------------------- who is reviewed, and what the values are


def test_firms_that_are_busy_resting_gone_or_unsettled_are_not_reviewed(foundation: Foundation) -> None:
    model = RelocationModel(foundation.spec, foundation=foundation)
    population, firms = model.population, model.firms
    certain = np.ones(model.setting.shape[:2])
    low = Low(np.arange(len(population)), np.zeros(len(population)))
    stock = np.flatnonzero(population.stock)
    firms.open_projects[stock[0]] = 1
    firms.rests_until[stock[1]] = 1
    firms.weight[stock[2]] = 0
    firms.settled[stock[3]] = False
    np.testing.assert_array_equal(reviewed(population, firms, certain, low, 0), stock[4:])
    firms.rests_until[stock[1]] = 0
    assert stock[1] in reviewed(population, firms, certain, low, 0)


def test_reviews_come_at_their_hazard(foundation: Foundation) -> None:
    stock = int(foundation.population.stock.sum())
    seen = np.zeros((20, stock))
    for quarter, of_quarter in enumerate(seen):
        low = foundation.reviews.low(quarter, 0.1)
        of_quarter[low.row[(low.row < stock) & (low.draw < 0.1)]] = 1.0
    assert within(np.mean(seen), 0.1, np.size(seen))
    correlation = np.corrcoef(seen) - np.eye(20)
    assert np.abs(correlation).max() < 5 / np.sqrt(stock)


@given(asked=st.lists(st.tuples(st.integers(0, 9), st.floats(0.0, 1.0)), min_size=1, max_size=8))
def test_whatever_was_asked_before_all_draws_below_are_there(
    foundation: Foundation, asked: list[tuple[int, float]]
) -> None:
    population, streams = foundation.population, foundation.setting.streams
    reviews = Reviews(streams, population)
    for quarter, most in asked:
        there = population.born_before(4 * (quarter // 4 + 1))
        draws = streams.lanes("review", population.uid[:there], 0, quarter // 4)[quarter % 4]
        low = reviews.low(quarter, most)
        np.testing.assert_array_equal(low.row[low.draw < most], np.flatnonzero(draws < most))
        np.testing.assert_array_equal(low.draw, draws[low.row])


def test_review_draws_of_few_firms_are_all_kept_and_of_many_the_last(
    foundation: Foundation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kept() -> list[int]:
        found = Reviews(foundation.setting.streams, foundation.population)
        for quarter in range(0, 20, 4):
            found.low(quarter, 0.1)
        return list(found._known)

    assert kept() == [0, 1, 2, 3, 4]
    monkeypatch.setattr("relocsim.phases.reviews._ROOM", 0)
    assert kept() == [4]
    low = [Reviews(foundation.setting.streams, foundation.population).low(at, 0.1) for at in range(12, 20)]
    monkeypatch.setattr("relocsim.phases.reviews._ROOM", sum(one.row.nbytes + one.draw.nbytes for one in low))
    assert kept() == [3, 4], "as many years as there is room for"


def test_new_firms_decide_in_the_quarter_of_their_birth_and_once(foundation: Foundation) -> None:
    model = RelocationModel(foundation.spec, foundation=foundation)
    never = np.zeros(model.setting.shape[:2])
    low = Low(np.arange(len(model.population)), np.ones(len(model.population)))
    for quarter in range(4):
        rows = reviewed(model.population, model.firms, never, low, quarter)
        np.testing.assert_array_equal(rows, np.flatnonzero((model.population.born == quarter) & (quarter > 0)))


def test_the_own_origin_and_what_is_no_destination_are_no_choice(foundation: Foundation) -> None:
    setting, (state, levers) = foundation.setting, start_of(foundation)
    values = choice_values(setting, state, levers, found(foundation).sheet, foundation.reference_cost)
    origins, sectors, classes, places = setting.shape
    by_origin = values.place.reshape(origins, sectors * classes, places)
    for origin, row in enumerate(setting.places.origins):
        closed = ~setting.places.destination | (np.arange(places) == row)
        assert np.all(np.isneginf(by_origin[origin][:, closed]))
        assert np.all(np.isfinite(by_origin[origin][:, ~closed]))
    assert np.all(np.isfinite(values.home))


def test_a_yuan_is_worth_the_sensitivity_everywhere(foundation: Foundation) -> None:
    setting, (state, levers) = foundation.setting, start_of(foundation)
    sheet = found(foundation).sheet
    dearer = replace(sheet, plain={**sheet.plain, "other": sheet.plain["other"] + 1.0})
    values, dearer = (choice_values(setting, state, levers, one, foundation.reference_cost) for one in (sheet, dearer))
    fall = values.place[np.isfinite(values.place)] - dearer.place[np.isfinite(dearer.place)]
    np.testing.assert_allclose(fall, setting.parameters.sensitivity, rtol=1e-9)
    np.testing.assert_allclose(values.home - dearer.home, setting.parameters.sensitivity, rtol=1e-9)


def test_full_moves_like_the_own_province_and_dislike_distance_and_capital(foundation: Foundation) -> None:
    setting, terms = foundation.setting, foundation.setting.parameters
    ways, places = decision.modes(setting), setting.places
    near = places.province[places.origins, None] == places.province
    distance = terms.move_distance * places.km[places.origins] / 1000
    lost = setting.sectors.capital_ratio * 100 * (terms.moving_cost + terms.sunk_share)
    sunk = terms.sensitivity * lost * setting.annuity(terms.horizon)
    expected = ((terms.own_province_branch - terms.own_province_move) * near + distance)[:, None, :] + sunk[:, None]
    np.testing.assert_allclose(ways.gap, expected, rtol=1e-12)
    mu = terms.mode_mu
    branch = np.broadcast_to((terms.own_province_branch * near)[:, None, :], ways.gap.shape)
    either = mu * logsumexp(np.stack([branch, branch - ways.gap]) / mu, axis=0)
    np.testing.assert_allclose(ways.either, either, rtol=1e-12)


def test_a_border_through_a_district_takes_no_own_industry_away(foundation: Foundation) -> None:
    setting = foundation.setting
    state, levers = start_of(foundation)
    whole, half = 0, 1
    output = np.zeros_like(state.output)
    output[whole], output[[half, half + 1]] = setting.national_density, setting.national_density / 2
    sites = np.ones_like(setting.places.sites)
    pooled = np.eye(len(sites))
    pooled[half, half + 1] = pooled[half + 1, half] = 1.0  # two halves on one spot
    even = replace(setting, places=replace(setting.places, sites=sites), pooled=pooled)
    own = decision.own_industry(even, replace(state, output=output), levers)
    np.testing.assert_allclose(own[:, half], own[:, whole], rtol=1e-12)
    apart = decision.own_industry(replace(even, pooled=np.eye(len(sites))), replace(state, output=output), levers)
    assert np.all(apart[:, half] < apart[:, whole])


def test_neighbours_own_industry_thins_out_with_distance(foundation: Foundation) -> None:
    setting = foundation.setting
    away = ~np.eye(len(setting.places.ids), dtype=bool)
    reach = setting.parameters.pooling_decay
    np.testing.assert_allclose(setting.pooled[away], np.exp(-((setting.places.km[away] / reach) ** 2)), rtol=1e-12)
    assert np.all(setting.pooled[~away] == 1)
