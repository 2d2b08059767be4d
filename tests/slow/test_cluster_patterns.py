"""P7: what a leader brings."""

from __future__ import annotations

import numpy as np
import pytest
from patterns import drawn, scenario, surely_between, told

from relocsim.batch.observables_clusters import followers_of, of_leaders, turned_by_place
from relocsim.model import RelocationModel
from relocsim.world.firms import LEADER
from relocsim.world.projects import INTENTION, PRODUCING

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def runs() -> list[RelocationModel]:
    """Runs with inputs drawn; followers count within six years of leaders that broke ground six years before the end."""
    return [RelocationModel(one.spec, foundation=one).run() for one in drawn(scenario(6000), 16)]


def admitted(model: RelocationModel, tier: int) -> float:
    return float(followers_of(model, tier, INTENTION).mean())


def rate(model: RelocationModel, tier: int) -> float:
    """Return the followers over the suppliers of a tier that a leader has."""
    population = model.population
    suppliers = population.weight[population.stock & (population.tier == tier)].sum()
    return admitted(model, tier) * float((population.kind == LEADER).sum()) / float(suppliers)


def test_p7_first_tier_suppliers_follow_and_the_second_tier_hardly(runs: list[RelocationModel]) -> None:
    """At least three to one by rate (Yamashita, Matsuura & Nakajima 2014)."""
    first, second = ([rate(model, tier) for model in runs] for tier in (1, 2))
    told("P7", "first-tier suppliers of a leader that follow it", first, unit="share")
    told("P7", "second-tier suppliers of a leader that follow it", second, unit="share")
    assert np.mean(first) > 3 * np.mean(second)


def test_p7_a_leader_brings_tens_of_suppliers(runs: list[RelocationModel]) -> None:
    """Leaders count whether they came to produce or not; documented ones did, so that their followers are told apart."""
    came = told(
        "P7", "followers of a leader admitted", [admitted(model, 1) for model in runs], unit="firms", band=(10, 30)
    )
    produce = [float(followers_of(model, 1, PRODUCING).mean()) for model in runs]
    told("P7", "followers of a leader that produce", produce, unit="firms", band=(10, 30))
    beside = [float(followers_of(model, 1, PRODUCING)[came_to_produce(model)].mean()) for model in runs]
    told("P7", "followers that produce of a leader that produces", beside, unit="firms", band=(10, 30))
    assert surely_between(came, 10, 30)


def came_to_produce(model: RelocationModel) -> np.ndarray:
    """Return which of the leaders' projects counted in `followers_of` came to produce, (leaders,)."""
    return model.projects.dates[PRODUCING, np.flatnonzero(of_leaders(model))] >= 0


def test_p7_local_firms_turn_to_supplying_leaders(runs: list[RelocationModel]) -> None:
    firms = [turned_by_place(model).sum() / model.places.leaders.sum() for model in runs]
    assert surely_between(told("P7", "local firms that turned, a leader", firms, unit="firms", band=(10, 60)), 10, 60)


def test_p7_goes_away_with_the_mechanisms() -> None:
    spec = scenario(3000, "switches.followers=false", "switches.local_suppliers=false")
    for foundation in drawn(spec, 2):
        model = RelocationModel(foundation.spec, foundation=foundation).run()
        assert not followers_of(model, 1, INTENTION).any()
        assert not model.places.turned.any()
