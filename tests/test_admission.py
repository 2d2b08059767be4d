"""Admission: places fill no further than they can, and nobody envies whom a place ranks lower."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from runs import choosing, start_of

from relocsim.model import Foundation
from relocsim.phases.admission import Admitted, admit
from relocsim.phases.claims import Applicants
from relocsim.phases.decision import Choosers, Decisions, branch_chance
from relocsim.phases.limits import Vacancy
from relocsim.phases.rationing import down_a_list_of_several, factor_demand
from relocsim.phases.selection import BUILDS, RENTS, Preferences, preferences
from relocsim.phases.setting import Setting
from relocsim.streams import Streams, members
from relocsim.world.firms import LEADER, MEDIUM
from relocsim.world.projects import BRANCH, ENTRY, MOVE

SLACK = 1e-6


@dataclass(frozen=True)
class Instance:
    """Applicants with their orders of places, and room."""

    setting: Setting
    choosers: Choosers
    decisions: Decisions
    mass: np.ndarray
    vacancy: Vacancy | None
    preferences: Preferences

    def admitted(self) -> np.ndarray:
        """Return the claims admitted; places in the firms' values are left as they were."""
        return self.answered().claims

    def answered(self) -> Admitted:
        """Return what is admitted and refused."""
        fresh = replace(self.decisions, value=self.decisions.value.copy())
        return admit(Applicants(self.setting, self.choosers, fresh, self.mass, self.preferences), self.vacancy)

    def reordered(self, order: np.ndarray) -> Instance:
        """Return the same instance with applicants in another order."""
        decisions = Decisions(*(getattr(self.decisions, name)[order] for name in self.decisions.__dataclass_fields__))
        decisions = replace(decisions, going=np.arange(len(order)))
        return replace(self, decisions=decisions, mass=self.mass[order])

    @property
    def leaders(self) -> np.ndarray:
        """Whether each applicant is a leader."""
        return self.choosers.population.kind[self.decisions.firm] == LEADER

    @property
    def rooms(self) -> np.ndarray:
        """Room by market: land and floor of each place in turn."""
        assert self.vacancy
        return self.vacancy.spaces


def instance(
    foundation: Foundation,
    firms: int,
    seed: int,
    *,
    leaders: float = 0.0,
    room: float = 3.0,
    full: float = 0.2,
    factors: float = 1e9,
) -> Instance:
    """Return a random instance.

    `room` is about what places have over what each place's applicants need, `factors` the same of factors.
    """
    setting, places = foundation.setting, foundation.setting.shape[3]
    streams, uid = Streams(seed), members("applicants", firms)
    one, two, values = (
        streams.lanes("one", uid),
        streams.lanes("two", uid),
        streams.grid("value", uid, np.arange(places)),
    )
    population, tastes = choosing(setting, firms)
    sector = (one[0] * setting.shape[1]).astype(int)
    population = replace(
        population,
        sector=sector,
        kind=np.where(one[1] < leaders, LEADER, MEDIUM),
        output=np.exp(2 * one[2]),
        rents=(one[3] < 0.4) & (one[1] >= leaders),
    )
    decisions = Decisions(
        firm=np.arange(firms),
        new=two[0] < 0.2,
        going=np.arange(firms),
        value=np.where(values[1] < 0.7, values[0], -np.inf),
        shift=np.zeros(firms),
        outside=np.zeros(firms, dtype=int),
        mode_draw=two[1],
        tie_draw=two[2],
        follows=np.full(firms, -1),
    )
    spaces = streams.grid("room", np.arange(2, dtype=np.uint64), np.arange(places))
    rooms = room * firms / places * np.where(spaces[1] < full, 0.0, spaces[0])
    choosers = Choosers(population, tastes, foundation.choosers.ways, foundation.choosers.intercepts)
    use, held = setting.factor_use, streams.grid("factors", np.arange(3, dtype=np.uint64), np.arange(places))[0]
    held = held * factors * firms / places * use.mean(axis=1)[:, None]
    preferred = preferences(setting, *start_of(foundation))
    return Instance(setting, choosers, decisions, np.exp(two[3]), Vacancy(rooms[0], rooms[1], held, use), preferred)


def used(claims: np.ndarray, markets: int) -> np.ndarray:
    return np.bincount(claims["market"], claims["need"] * claims["share"], minlength=markets)


def shares(claims: np.ndarray, firms: int, places: int) -> np.ndarray:
    """Return the part of each firm that each place admitted, (n, P)."""
    out = np.zeros((firms, places))
    np.add.at(out, (claims["agent"], claims["place"]), claims["share"])
    return out


INSTANCE = {"firms": st.integers(1, 40), "seed": st.integers(0, 10**6), "room": st.floats(0, 6)}


FACTORS = st.sampled_from([0.2, 1.0, 5.0, 1e9])


@given(**INSTANCE, leaders=st.sampled_from([0.0, 0.2, 1.0]), factors=FACTORS)
def test_no_place_takes_more_than_it_can(
    foundation: Foundation, firms: int, seed: int, room: float, leaders: float, factors: float
) -> None:
    case = instance(foundation, firms, seed, leaders=leaders, room=room, factors=factors)
    claims, held = case.admitted(), case.vacancy
    assert held
    assert np.all(used(claims, len(case.rooms)) <= case.rooms * (1 + SLACK) + SLACK)
    assert np.all(factor_demand(claims, held) <= held.factors * (1 + SLACK) + SLACK)


@given(**INSTANCE, leaders=st.sampled_from([0.0, 0.2, 1.0]), factors=FACTORS)
def test_no_firm_is_admitted_more_than_once_over_or_where_it_did_not_ask(
    foundation: Foundation, firms: int, seed: int, room: float, leaders: float, factors: float
) -> None:
    case = instance(foundation, firms, seed, leaders=leaders, room=room, factors=factors)
    placed = shares(case.admitted(), firms, case.setting.shape[3])
    assert np.all(placed.sum(axis=1) <= 1 + SLACK)
    assert not placed[np.isneginf(case.decisions.value)].any()


@given(**INSTANCE, factors=FACTORS)
def test_leaders_are_taken_whole_or_not_at_all(
    foundation: Foundation, firms: int, seed: int, room: float, factors: float
) -> None:
    case = instance(foundation, firms, seed, leaders=0.4, room=room, factors=factors)
    placed = shares(case.admitted(), firms, case.setting.shape[3])[case.leaders]
    assert np.all((placed == 0) | (placed > 1 - SLACK))


@given(**INSTANCE)
def test_nobody_prefers_a_place_that_has_room_or_took_somebody_it_ranks_lower(
    foundation: Foundation, firms: int, seed: int, room: float
) -> None:
    """A stable match; without leaders, whose size may leave room that nobody fits in."""
    case = instance(foundation, firms, seed, room=room)
    claims, value = case.admitted(), case.decisions.value
    placed = shares(claims, firms, value.shape[1])
    left = case.rooms - used(claims, len(case.rooms))
    population, rank = case.choosers.population, standing(case)
    for agent in range(firms):
        for place in np.flatnonzero(np.isfinite(value[agent])):
            content = placed[agent, value[agent] >= value[agent, place]].sum()
            if content > 1 - SLACK:
                continue
            market = 2 * place + population.rents[agent]
            assert left[market] < SLACK * (1 + case.rooms[market])
            holders = claims[(claims["market"] == market) & (claims["share"] > SLACK) & (claims["agent"] != agent)]
            assert all(rank[other, place] < rank[agent, place] for other in holders["agent"])


def standing(case: Instance) -> np.ndarray:
    """Return every applicant's position in each place's order, (n, P): lower is preferred."""
    population = case.choosers.population
    score = case.preferences.score[population.rents.astype(int), population.sector]
    score = np.where(case.leaders[:, None], np.inf, score)
    orders = [np.lexsort((case.decisions.tie_draw, -column)) for column in score.T]
    return np.argsort(np.stack(orders, axis=1), axis=0)


@given(**INSTANCE, leaders=st.sampled_from([0.0, 0.3]), factors=FACTORS, data=st.data())
def test_the_order_of_applicants_does_not_matter(
    foundation: Foundation, firms: int, seed: int, room: float, leaders: float, factors: float, data: st.DataObject
) -> None:
    case = instance(foundation, firms, seed, leaders=leaders, room=room, factors=factors)
    order = np.array(data.draw(st.permutations(range(firms))))
    places = case.setting.shape[3]
    here = shares(case.admitted(), firms, places)
    there = shares(case.reordered(order).admitted(), firms, places)
    np.testing.assert_allclose(there, here[order], atol=1e-9)


@given(firms=st.integers(1, 40), seed=st.integers(0, 10**6), leaders=st.sampled_from([0.0, 0.3]))
def test_with_ample_room_everybody_gets_the_first_choice(
    foundation: Foundation, firms: int, seed: int, leaders: float
) -> None:
    case = instance(foundation, firms, seed, leaders=leaders, room=1e6, full=0.0)
    value = case.decisions.value
    asks = np.isfinite(value.max(axis=1))
    placed = shares(case.admitted(), firms, value.shape[1])
    expected = np.zeros_like(placed)
    expected[asks, value.argmax(axis=1)[asks]] = 1
    np.testing.assert_array_equal(placed, expected)
    without_limits = replace(case, vacancy=None).admitted()
    np.testing.assert_array_equal(shares(without_limits, *placed.shape), expected)


@given(**INSTANCE)
def test_a_leader_gets_the_best_place_in_which_it_fits_whoever_else_applies(
    foundation: Foundation, firms: int, seed: int, room: float
) -> None:
    case = instance(foundation, firms, seed, room=room)
    population = case.choosers.population
    kind, rents = population.kind.copy(), population.rents.copy()
    kind[0], rents[0] = LEADER, False
    case = replace(case, choosers=replace(case.choosers, population=replace(population, kind=kind, rents=rents)))
    assert case.vacancy
    endless, use = np.full(5, 1e9), case.vacancy.factor_use
    alone = replace(case.reordered(np.array([0])), vacancy=Vacancy(endless, endless, np.full((3, 5), 1e9), use))
    value = case.decisions.value[0].copy()
    for place in np.argsort(-value):
        only = np.where(np.arange(len(value)) == place, value[place], -np.inf)
        wish = replace(alone, decisions=replace(alone.decisions, value=only[None]))
        if np.isfinite(value[place]) and used(wish.admitted(), len(case.rooms))[2 * place] > case.vacancy.land[place]:
            value[place] = -np.inf
    expected = np.isfinite(value) & (np.arange(len(value)) == value.argmax())
    np.testing.assert_allclose(shares(case.admitted(), firms, len(value))[0], expected, atol=SLACK)


@given(**INSTANCE)
def test_more_room_in_all_places_never_leaves_more_of_the_firms_unplaced(
    foundation: Foundation, firms: int, seed: int, room: float
) -> None:
    case = instance(foundation, firms, seed, room=room)
    assert case.vacancy
    wider = replace(case, vacancy=replace(case.vacancy, land=2 * case.vacancy.land, floor=2 * case.vacancy.floor))
    places = case.setting.shape[3]
    before, after = (shares(one.admitted(), firms, places).sum(axis=1) for one in (case, wider))
    assert np.all(after >= before - SLACK)


def test_a_firm_needs_land_or_floor_by_its_size_and_way_of_going(foundation: Foundation) -> None:
    case = instance(foundation, 200, 1, leaders=0.1, room=1e6, full=0.0)
    claims, population, sectors = case.admitted(), case.choosers.population, case.setting.sectors
    agent = claims["agent"]
    sector = population.sector[agent]
    gap = case.choosers.ways.gap[population.origin[agent], sector, claims["place"]]
    branches = case.decisions.mode_draw[agent] < branch_chance(case.setting, gap)
    kind = np.where(case.decisions.new[agent], ENTRY, np.where(branches, BRANCH, MOVE))
    np.testing.assert_array_equal(claims["kind"], kind)
    assert set(kind) == {BRANCH, MOVE, ENTRY}
    use = np.where(population.rents[agent], sectors.floor_use[sector], sectors.land_use[sector])
    part = np.where(kind == BRANCH, case.setting.parameters.branch_share, 1.0)
    np.testing.assert_allclose(claims["need"], population.output[agent] * case.mass[agent] * use * part)
    np.testing.assert_array_equal(claims["market"], 2 * claims["place"] + population.rents[agent])


def test_admission_leaves_the_decisions_as_they_were(foundation: Foundation) -> None:
    case = instance(foundation, 30, 5, leaders=0.2, room=1.0, full=0.5)
    before = case.decisions.value.copy()
    admit(Applicants(case.setting, case.choosers, case.decisions, case.mass, case.preferences), case.vacancy)
    np.testing.assert_array_equal(case.decisions.value, before)


# ---------------------------------------------------------------- several limits


def test_who_needs_what_is_used_up_is_passed_over_and_others_go_on(foundation: Foundation) -> None:
    """In one place: a list of five, of whom the second uses up the land and the fourth the power."""
    place, whole = np.zeros(5, dtype=int), np.zeros(5, dtype=bool)
    amounts = np.array([[4.0, 0.0, 1.0], [8.0, 0.0, 1.0], [3.0, 0.0, 1.0], [0.0, 2.0, 4.0], [0.0, 1.0, 1.0]])
    part = down_a_list_of_several(place, amounts, whole, np.array([[10.0, 9.0, 3.75]]))
    np.testing.assert_allclose(part, [1.0, 0.75, 0.0, 0.5, 0.0])


def test_a_leader_that_breaks_any_limit_is_passed_over_and_leaves_the_room_to_others(foundation: Foundation) -> None:
    place, whole = np.zeros(3, dtype=int), np.array([True, True, False])
    amounts = np.array([[1.0, 5.0], [1.0, 3.0], [1.0, 2.0]])
    part = down_a_list_of_several(place, amounts, whole, np.array([[10.0, 4.0]]))
    np.testing.assert_allclose(part, [0.0, 1.0, 0.5])


@given(**INSTANCE, leaders=st.sampled_from([0.0, 0.3]))
def test_a_list_of_several_resources_is_taken_down_one_by_one(
    foundation: Foundation, firms: int, seed: int, room: float, leaders: float
) -> None:
    """The vectorised rule against the plain one: claim after claim, place after place."""
    draws = Streams(seed).lanes("several", members("claims", 5 * firms)).reshape(4, 5, firms)
    place, whole = np.sort((draws[0, 0] * 3).astype(int)), draws[0, 1] < leaders
    amounts = np.where(draws[1] < 0.3, 0.0, draws[2]).T
    rooms = room * draws[3, :, :3].T if firms >= 3 else np.full((3, 5), room / 3)
    part = down_a_list_of_several(place, amounts, whole, rooms)
    left = rooms.copy()
    for row, at in enumerate(place):
        asks = amounts[row] > 0
        expected = min(1.0, (left[at, asks] / amounts[row, asks]).min()) if asks.any() else 1.0
        if whole[row] and expected < 1 - 1e-9:
            expected = 0.0
        assert part[row] == pytest.approx(expected, abs=1e-9)
        left[at] = np.maximum(left[at] - part[row] * amounts[row], 0.0)


def test_without_factors_that_bind_they_change_nothing(foundation: Foundation) -> None:
    case = instance(foundation, 200, 3, leaders=0.05, room=0.5)
    assert case.vacancy
    ample = replace(case, vacancy=replace(case.vacancy, factors=case.vacancy.factors * 10))
    np.testing.assert_array_equal(case.admitted(), ample.admitted())


def test_who_is_unfit_is_refused_whatever_the_room_and_goes_to_its_next_choice(foundation: Foundation) -> None:
    case = instance(foundation, 200, 4, room=1e6, full=0.0)
    unfit = np.zeros_like(case.preferences.unfit)
    unfit[BUILDS, :, 1] = True
    strict = replace(case, preferences=replace(case.preferences, unfit=unfit))
    rents, value = case.choosers.population.rents, case.decisions.value.copy()
    value[~rents, 1] = -np.inf
    expected = np.where(np.isfinite(value.max(axis=1)), value.argmax(axis=1), -1)
    claims = strict.admitted()
    found = np.full(200, -1)
    found[claims["agent"]] = claims["place"]
    np.testing.assert_array_equal(found, expected)
    assert (case.admitted()["place"] == 1)[~rents[case.admitted()["agent"]]].any()


def test_what_its_first_choice_refuses_is_counted_by_the_reason(foundation: Foundation) -> None:
    case = instance(foundation, 200, 4, room=0.3)
    unfit = np.zeros_like(case.preferences.unfit)
    unfit[RENTS, :, 1] = True
    case = replace(case, preferences=replace(case.preferences, unfit=unfit))
    answer, population, value = case.answered(), case.choosers.population, case.decisions.value
    free = replace(case, vacancy=None, preferences=replace(case.preferences, unfit=np.zeros_like(unfit))).admitted()
    ratio = case.setting.sectors.capital_ratio
    placed = shares(answer.claims, 200, value.shape[1])
    expected = np.zeros((2, value.shape[1]))
    for claim in free:
        agent, place = claim["agent"], claim["place"]
        reason = 0 if population.rents[agent] and place == 1 else 1
        expected[reason, place] += (1 - placed[agent, place]) * claim["output"] * ratio[claim["sector"]]
    np.testing.assert_allclose(answer.refused, expected, atol=1e-9)
    assert (expected.sum(axis=1) > 0).all()
