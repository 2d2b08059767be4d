"""P1 and P2: incentives of one bidder and of all, and what a typical package brings."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from patterns import (
    CITY,
    INLAND,
    PACKAGE,
    at,
    drawn,
    expected,
    room_taken,
    scenario,
    share,
    simulated,
    surely_between,
    told,
    with_columns,
    worth,
)
from runs import changed, with_policy

from relocsim.model import Foundation, RelocationModel, lay_foundation
from relocsim.spec import Spec

pytestmark = pytest.mark.slow


def test_expected_flows_are_those_that_come() -> None:
    """The closed form that patterns rest on, against the first quarter of runs of many agents."""
    expected_flow, seen, weight = 0.0, 0.0, 0.0
    for number in range(6):
        foundation = lay_foundation(scenario(30_000, "switches.admission_limits=false"), replicate=number)
        stock = foundation.population.stock
        model = RelocationModel(foundation.spec, foundation=foundation, on=())
        model.step()
        expected_flow = expected_flow + expected(foundation, entries=False).sum(axis=0) / 4
        seen = seen + np.bincount(model.projects.place, model.projects.firms, len(foundation.site.places))
        weight = foundation.population.weight[stock].max()
    error = np.sqrt(expected_flow * weight)
    standard = (seen - expected_flow)[expected_flow > 0] / error[expected_flow > 0]
    assert np.abs(standard).max() < 5
    assert np.mean(standard**2) < 2
    assert seen.sum() == pytest.approx(expected_flow.sum(), abs=4 * np.sqrt(expected_flow.sum() * weight))


def test_p1_one_city_dropping_its_package_loses_much_and_all_dropping_theirs_hardly_move_the_map() -> None:
    alone, together, moved = [], [], []
    for foundation in drawn(scenario(3000), 40):
        bidders, city = foundation.setting.places.destination, at(foundation, CITY)
        all_bid = expected(foundation, levers=worth(foundation, PACKAGE, bidders)).sum(axis=0)
        all_but_one = expected(foundation, levers=worth(foundation, PACKAGE, bidders & ~city)).sum(axis=0)
        nobody = expected(foundation).sum(axis=0)
        alone.append(1 - (all_but_one[city] / all_bid[city]).item())
        together.append(1 - (share(nobody, foundation)[city] / share(all_bid, foundation)[city]).item())
        moved.append(np.abs(share(nobody, foundation) - share(all_bid, foundation)).sum() / 2)
    assert surely_between(told("P1", "inflow lost by one city that drops a typical package", alone), 0.05, 0.3)
    told("P1", "share lost by the same city when all drop it", together)
    assert np.max(np.abs(together)) < 0.2 * np.min(alone)
    assert told("P1", "share of all inflow that goes elsewhere when all drop it", moved).high < 0.02


def test_p1_holds_for_the_usual_packages_too() -> None:
    """Which differ between places, so that the map moves a little when all are dropped."""
    alone, together, moved = [], [], []
    for foundation in drawn(scenario(3000), 40):
        city, usual = at(foundation, CITY), expected(foundation).sum(axis=0)
        one, none = (dropped(foundation, where) for where in (city, np.ones_like(city)))
        alone.append(1 - (one[city] / usual[city]).item())
        together.append(abs(1 - (share(none, foundation)[city] / share(usual, foundation)[city]).item()))
        moved.append(np.abs(share(none, foundation) - share(usual, foundation)).sum() / 2)
    lost = told("P1", "inflow lost by one city that drops its usual package", alone)
    kept = told("P1", "change of its share when all drop theirs", together)
    assert lost.mean > 2 * kept.mean
    assert told("P1", "share of all inflow that goes elsewhere", moved).high < 0.02


def dropped(foundation: Foundation, where: np.ndarray) -> np.ndarray:
    """Return expected flows by place when some places drop their usual package, (P,)."""
    places = foundation.setting.places
    columns = {name: np.where(where, 0.0, getattr(places, name)) for name in ("capital_subsidy", "tax_holiday")}
    return expected(with_columns(foundation, **columns)).sum(axis=0)


def test_p2_a_typical_package_brings_a_few_to_a_quarter_of_the_inflow_in_expectation() -> None:
    shares = []
    for foundation in drawn(scenario(3000), 40):
        city = at(foundation, CITY)
        with_it = expected(foundation, levers=worth(foundation, PACKAGE, city)).sum(axis=0)
        shares.append(1 - (expected(foundation).sum(axis=0)[city] / with_it[city]).item())
    found = told("P2", "but-for share of a typical package, expected", shares, band=(0.02, 0.25))
    assert surely_between(found, 0.02, 0.25)
    assert found.high < 0.25
    assert found.low > 0.02


def but_for(
    spec: Spec, replicates: int, inflow: Callable[[Foundation, Iterable[str]], np.ndarray], **columns: float
) -> np.ndarray:
    """Return the but-for share of a typical package of several inland cities over whole runs, by replicate."""
    shares = []
    for foundation in drawn(spec, replicates):
        cities, places = at(foundation, *INLAND), foundation.setting.places
        changes = {name: np.where(cities, value, getattr(places, name)) for name, value in columns.items()}
        foundation = with_columns(foundation, **changes)
        needed = worth(foundation, PACKAGE, cities)["capital_subsidy"][cities].mean()
        package: Any = foundation.spec.policies["incentives"]
        nothing = dict.fromkeys(("rent_relief", "tax_holiday", "job_subsidy", "leader_award"), 0.0)
        flat = changed(package, city=INLAND, start=spec.scenario.start, capital_subsidy=min(needed, 1.0), **nothing)
        foundation = replace(foundation, spec=with_policy(foundation.spec, "incentives", flat))
        without, with_it = (inflow(foundation, on)[cities].sum() for on in ([], ["incentives"]))
        shares.append(1 - without / with_it)
    return np.array(shares)


def test_p2_holds_in_whole_runs_where_land_does_not_bind() -> None:
    found = told(
        "P2", "but-for share of a typical package, simulated", but_for(scenario(6000), 20, simulated), band=(0.02, 0.25)
    )
    assert surely_between(found, 0.02, 0.25)


def test_p2_the_package_brings_next_to_nothing_where_land_binds() -> None:
    full = {"land_occupied": 0.999, "floor_occupied": 0.999, "land_growth": 0.0, "floor_growth": 0.0}
    found = told("P2", "but-for share where parks are full", but_for(scenario(6000), 60, room_taken, **full))
    assert surely_between(found, -0.05, 0.05)
