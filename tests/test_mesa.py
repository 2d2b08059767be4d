"""Mesa's side: a model that is a mesa.Model, agents as views made when somebody asks, collectors that work."""

import gc
import weakref
from dataclasses import replace

import mesa
import numpy as np
import pytest

from relocsim.agents import City, Firm
from relocsim.batch.variants import play_variants
from relocsim.model import Foundation, RelocationModel


@pytest.fixture
def model(foundation: Foundation) -> RelocationModel:
    return RelocationModel(foundation.spec, foundation=foundation)


def held(model: RelocationModel) -> int:
    """Return how many Mesa agents have been made, without asking for them."""
    return len(mesa.Model.agents.fget(model))


def test_it_is_a_mesa_model(model: RelocationModel) -> None:
    assert isinstance(model, mesa.Model)
    assert model.running
    model.run()
    assert model.steps == model.quarter == model.spec.scenario.quarters
    assert not model.running


def test_no_agent_is_made_unless_somebody_asks(model: RelocationModel) -> None:
    model.run()
    assert held(model) == 0
    assert len(model.agents) > 0
    assert held(model) == len(model.agents)


def test_agents_are_the_places_and_the_firms_born_so_far(model: RelocationModel) -> None:
    for _ in range(6):
        model.step()
    cities, firms = model.agents.select(agent_type=City), model.agents.select(agent_type=Firm)
    assert sorted(city.name for city in cities) == list(model.setting.places.ids)
    assert len(firms) == np.sum(model.population.born < 6)
    assert len({agent.unique_id for agent in model.agents}) == len(cities) + len(firms)


def test_agents_are_made_once_and_new_ones_are_added(model: RelocationModel) -> None:
    model.step()
    before = set(model.agents)
    assert set(model.agents) == before
    model.run()
    assert before < set(model.agents)
    assert sum(isinstance(agent, City) for agent in model.agents) == len(model.setting.places.ids)


def test_agents_by_type_are_there_without_asking_for_all_agents_first(model: RelocationModel) -> None:
    assert len(model.agents_by_type[City]) == len(model.setting.places.ids)


def test_views_show_the_columns_as_they_are_now(model: RelocationModel) -> None:
    cities, firms = model.agents.select(agent_type=City), model.agents.select(agent_type=Firm)
    model.run()
    places, population = model.places, model.population
    for city in cities:
        assert city.output == pytest.approx(places.output[city.row].sum())
        assert city.jobs == places.jobs[city.row]
        assert city.treasury == places.treasury[city.row]
        assert city.vacant_land == pytest.approx(places.land_total[city.row] - places.land_used[city.row])
    for firm in list(firms)[::20]:
        assert firm.uid == population.uid[firm.row]
        assert firm.weight == model.firms.weight[firm.row]
        assert firm.moved == model.firms.moved[firm.row]
        assert firm.branches == model.firms.branches[firm.row]
        assert firm.origin == "alpha"
        assert firm.sector == model.setting.sectors.ids[population.sector[firm.row]]
        assert firm.firm_class in ("small", "medium", "large", "leader")


def test_agent_sets_add_up(model: RelocationModel) -> None:
    model.run()
    firms = model.agents.select(agent_type=Firm)
    assert firms.agg("weight", sum) == pytest.approx(model.firms.weight.sum())


def test_a_data_collector_sees_models_and_agents(model: RelocationModel) -> None:
    collector = mesa.DataCollector(
        model_reporters={"quarter": "quarter", "projects": lambda model: len(model.projects)},
        agent_reporters={"weight": lambda agent: getattr(agent, "weight", None)},
        agenttype_reporters={City: {"jobs": "jobs", "name": "name"}},
    )
    for _ in range(3):
        collector.collect(model)
        model.step()
    models = collector.get_model_vars_dataframe()
    assert models["quarter"].tolist() == [0, 1, 2]
    assert models["projects"].is_monotonic_increasing
    assert set(collector.get_agenttype_vars_dataframe(City)["name"]) == set(model.setting.places.ids)
    agents = collector.get_agent_vars_dataframe()
    born = [np.sum(model.population.stock | (model.population.born < quarter)) for quarter in range(3)]
    assert agents["weight"].notna().sum() == sum(born)


def test_looking_at_agents_changes_no_result(model: RelocationModel, baseline: RelocationModel) -> None:
    while not model.finished:
        assert len(model.agents)
        model.step()
    np.testing.assert_array_equal(model.projects.uid, baseline.projects.uid)
    np.testing.assert_array_equal(model.places.output, baseline.places.output)


def test_finished_runs_go_once_they_are_read(foundation: Foundation) -> None:
    spec = foundation.spec
    seen: list[weakref.ref[RelocationModel]] = []
    name, policy = next(iter(spec.policies.items()))
    variants = [
        replace(spec, policies={**spec.policies, name: policy.model_copy(update={"on": on})}) for on in (True, False)
    ]
    collecting = gc.isenabled()
    gc.disable()
    try:
        play_variants(variants, replicate=0, read=lambda model: seen.append(weakref.ref(model)))
        assert len(seen) == 2
        assert all(model() is None for model in seen)
    finally:
        if collecting:
            gc.enable()
