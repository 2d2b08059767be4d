"""P10: the shortest plank. Strengthening it moves a constrained city, lengthening a longer one does nothing there.

Eight inland cities are made short of one thing from the start; policies add land or power in all of them.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from patterns import CHENZHOU, INLAND, at, drawn, scenario, surely_between, told
from runs import changed, played, tuned, with_policy

from relocsim.model import Foundation
from relocsim.spec import Spec, load
from relocsim.world.projects import PRODUCING

pytestmark = pytest.mark.slow
REPLICATES = 8
START = "2008-Q1"
"""Policies act from the start, so that nothing but the shortage is in the way."""


def with_planks(spec: Spec) -> Spec:
    """Return the scenario with more land, and more power, ready at once in all eight cities."""
    land = changed(spec.policies["park-expansion"], city=INLAND, start=START, build_years=0.25, land=2000, floor=0)
    power = changed(
        whole().policies["power-supply"], city=INLAND, start=START, build_years=0.25, power=200, treatment=0
    )
    return with_policy(with_policy(spec, "park-expansion", land), "power-supply", power)


def whole() -> Spec:
    """Return the scenario that holds every policy."""
    return load(CHENZHOU.with_stem("chenzhou-whole"))


def short_of_land(foundation: Foundation) -> Foundation:
    """Return the foundation with parks of the eight cities full of others' plants and no longer growing."""
    places, here = foundation.setting.places, at(foundation, *INLAND)
    full = {
        "land_occupied": np.where(here, 0.98, places.land_occupied),
        "floor_occupied": np.where(here, 0.98, places.floor_occupied),
        "land_growth": np.where(here, 0.0, places.land_growth),
        "floor_growth": np.where(here, 0.0, places.floor_growth),
    }
    return replace(foundation, setting=tuned(foundation.setting, **full))


def short_of_power(foundation: Foundation) -> Foundation:
    """Return the foundation with little power to spare, and no more to come."""
    return replace(foundation, setting=tuned(foundation.setting, power_headroom=0.05, power_growth=0.0))


def came(foundation: Foundation, *on: str) -> float:
    """Return the output that came to produce in the eight cities in a whole run."""
    projects = played(foundation, on).projects
    rows = (projects.stage == PRODUCING) & at(foundation, *INLAND)[projects.place]
    return float(projects.output[rows].sum())


def gains(foundation: Foundation) -> tuple[float, float]:
    """Return what more land and what more power add to that, as shares of it."""
    before = came(foundation)
    return came(foundation, "park-expansion") / before - 1, came(foundation, "power-supply") / before - 1


@pytest.fixture(scope="module")
def found() -> dict[str, np.ndarray]:
    """Gains from land and power where land is short, where power is, and where the limit is switched off."""
    settings = ("switches.land_quota=false", "switches.rival_response=false")
    rows: dict[str, list[tuple[float, float]]] = {"land": [], "power": [], "land off": [], "power off": []}
    for foundation in drawn(with_planks(scenario(8000, *settings)), REPLICATES):
        land, power = short_of_land(foundation), short_of_power(foundation)
        rows["land"].append(gains(land))
        rows["power"].append(gains(power))
        off = {"admission_limits": False, "land_readiness": False}
        rows["land off"].append(gains(replace(land, setting=tuned(land.setting, **off))))
        rows["power off"].append(gains(replace(power, setting=tuned(power.setting, power_limit=False))))
    return {name: np.array(values) for name, values in rows.items()}


def test_p10_land_moves_cities_that_are_short_of_land_and_power_does_not(found: dict[str, np.ndarray]) -> None:
    land, power = found["land"].T
    gain = told("P10", "gain from land where land is short", 100 * land, unit="%")
    idle = told("P10", "gain from power where land is short", 100 * power, unit="%")
    assert surely_between(gain, 30, 1000)
    assert surely_between(idle, -2, 2)


def test_p10_power_moves_cities_that_are_short_of_power_and_land_does_not(found: dict[str, np.ndarray]) -> None:
    land, power = found["power"].T
    gain = told("P10", "gain from power where power is short", 100 * power, unit="%")
    idle = told("P10", "gain from land where power is short", 100 * land, unit="%")
    assert surely_between(gain, 30, 1000)
    assert abs(idle.mean) < gain.mean / 5


def test_p10_goes_away_when_the_limit_is_off(found: dict[str, np.ndarray]) -> None:
    """Land then still counts through the size of a city; power does nothing at all."""
    land = told("P10", "gain from land where land is short, limits off", 100 * found["land off"].T[0], unit="%")
    power = told("P10", "gain from power where power is short, limit off", 100 * found["power off"].T[1], unit="%")
    assert land.mean < 100 * found["land"].T[0].mean() / 2
    assert power.mean == power.low == power.high == 0
