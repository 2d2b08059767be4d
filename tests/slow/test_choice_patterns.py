"""P9 and P13: agglomeration as an econometrician would find it, incentives and depth, and exact identities."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from patterns import CITY, PACKAGE, at, drawn, expected, outside, scenario, surely_between, told, worth
from regressions import conditional_logit, poisson, with_place_effects
from runs import found as found_at_start
from runs import played, start_of, tuned

from relocsim.model import Foundation
from relocsim.phases import decision

pytestmark = pytest.mark.slow


def own_industry(foundation: Foundation, where: np.ndarray) -> np.ndarray:
    """Return ln of a sector's output a prefecture over the national mean, floored as in the choice, (S, n places)."""
    setting, (state, levers) = foundation.setting, start_of(foundation)
    on = tuned(setting, own_industry=True)
    return (decision.own_industry(on, state, levers) / setting.parameters.own_industry_theta)[:, where]


def elasticities(foundation: Foundation, counts: np.ndarray, where: np.ndarray) -> tuple[float, float]:
    """Return the elasticity of odds to own-industry output, with place effects and without."""
    features, held = own_industry(foundation, where)[:, :, None], counts[:, where]
    some = held.sum(axis=0) > 0
    features, held = features[:, some], held[:, some]
    return (
        float(conditional_logit(held, with_place_effects(features))[0]),
        float(conditional_logit(held, features)[0]),
    )


def without_own_industry(foundation: Foundation) -> Foundation:
    """Return the foundation with the mechanism off; constants stay."""
    return replace(foundation, setting=tuned(foundation.setting, own_industry=False))


@pytest.fixture(scope="module")
def fits() -> dict[str, list[float]]:
    """Elasticities of odds to own-industry output by draw: with and without place effects, the mechanism on and off."""
    told_: dict[str, list[float]] = {name: [] for name in ("on", "on, bare", "off", "off, bare")}
    for foundation in drawn(scenario(3000), 20):
        where = outside(foundation)
        for name, one in (("on", foundation), ("off", without_own_industry(foundation))):
            with_effects, without = elasticities(foundation, expected(one), where)
            told_[name].append(with_effects)
            told_[f"{name}, bare"].append(without)
    return told_


def test_p9_own_industry_raises_the_odds_as_published_and_only_place_effects_find_it(
    fits: dict[str, list[float]],
) -> None:
    found = told("P9", "elasticity of odds to own industry, place effects", fits["on"], band=(0.3, 0.7))
    assert surely_between(found, 0.3, 0.7)
    told("P9", "the same without place effects", fits["on, bare"])
    gone = told("P9", "the same with the mechanism off, place effects", fits["off"])
    assert abs(gone.mean) < 0.15
    assert found.low > gone.high
    spurious = told("P9", "with the mechanism off and without place effects", fits["off, bare"])
    error = np.hypot(spurious.simulation_error, gone.simulation_error)
    assert spurious.mean > gone.mean + 3 * error, "without place effects more of the figure is spurious"


@pytest.mark.xfail(reason="1.7 times since neighbours' own industry counts by distance; 3.5 times before")
def test_p9_without_place_effects_twice_as_much_is_spurious(fits: dict[str, list[float]]) -> None:
    assert abs(np.mean(fits["off, bare"])) > 2 * abs(np.mean(fits["off"]))


def test_p9_the_fit_on_simulated_choices_finds_what_the_expected_shares_hold() -> None:
    gaps = []
    for foundation in drawn(scenario(20_000), 8):
        where = outside(foundation)
        projects = played(foundation).projects
        rows = foundation.setting.places.from_studied(projects.origin)
        counts = np.zeros((len(foundation.site.sectors), len(foundation.site.places)))
        np.add.at(counts, (projects.sector[rows], projects.place[rows]), projects.firms[rows])
        simulated = elasticities(foundation, counts, where)[0]
        gaps.append(simulated - elasticities(foundation, expected(foundation), where)[0])
    found = told("P9", "simulated less expected elasticity", gaps)
    assert abs(found.mean) < 0.1, "twelve years of feedback, admission and railways move it a little"


def test_p9_the_same_package_brings_more_where_supporting_industry_is_deep() -> None:
    """In the same city, before and after its chains are deepened: cities differ in much else."""
    ratios, gained = [], []
    for foundation in drawn(scenario(3000), 40):
        ratios.append(gain(foundation, deep=True) / gain(foundation, deep=False))
        bare = replace(foundation, setting=tuned(foundation.setting, own_industry=False, supporting_depth=False))
        gained.append(gain(bare, deep=True) / gain(bare, deep=False))
    found = told(
        "P9", "gain from a package where chains are deep over that where they are thin", ratios, band=(1.0, 3.0)
    )
    assert found.low > 1.05
    np.testing.assert_allclose(gained, 1.0, rtol=1e-9)


def gain(foundation: Foundation, *, deep: bool) -> float:
    """Return the firms a year that a typical package brings the city, with its chains deepened or not.

    Deep: all key components are made there and every sector has the output that it has in the mean place, at least.
    """
    setting, city = foundation.setting, at(foundation, CITY)
    offers = [np.zeros_like(city), city]
    flows = []
    for where in offers:
        levers = worth(foundation, PACKAGE, where)
        if deep:
            levers["component_presence"][city] = 1.0
            levers["recruited_output"][city] = np.maximum(setting.national_density - setting.output[city], 0.0)
        flows.append(expected(foundation, levers=levers).sum(axis=0)[city].item())
    return flows[1] - flows[0]


def found_depth(foundation: Foundation) -> np.ndarray:
    """Return supporting depth at the start, the mechanism on or off, (S, P)."""
    return found_at_start(foundation).supply.depth


def test_p13_conditional_logit_and_poisson_agree_on_simulated_counts() -> None:
    gaps = []
    for foundation in drawn(scenario(6000), 4):
        where = outside(foundation)
        projects = played(foundation).projects
        counts = np.zeros((len(foundation.site.sectors), len(foundation.site.places)))
        np.add.at(counts, (projects.sector, projects.place), projects.firms)
        counts = counts[:, where]
        features = np.stack([own_industry(foundation, where), found_depth(foundation)[:, where]], axis=-1)
        gaps.append(np.abs(conditional_logit(counts, features) - poisson(counts, features)).max())
    assert told("P13", "largest gap of logit and Poisson coefficients", gaps).high < 1e-6
