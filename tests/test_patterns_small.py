"""Patterns P1, P2, P5, P6 and P9 in small: the direction of each on the toy world, and that it goes with its mechanism.

No more than direction: levels are for the statistical tests of `tests/slow` to judge. What comes is the choice in closed
form at the start, without luck, in three draws of all ranged inputs. Patterns that show in runs alone are in
`test_patterns_played.py`; those of governments (P1 with bids, P3, P11, P12) in `test_governments.py`.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from inflows import at, inflow, of_map, switched, worth
from runs import start_of

from relocsim.batch.playing import realised
from relocsim.model import Foundation, lay_foundation
from relocsim.spec import Spec

LINE = "alpha-delta-hsr"
"""The high-speed line from the origin over beta to the hub."""


@pytest.fixture(scope="module")
def drawn(toy: Spec) -> list[Foundation]:
    """Three draws of all ranged inputs."""
    return [lay_foundation(realised(toy, number), replicate=number) for number in range(3)]


# ---------------------------------------------------------------- P1 and P2: packages


def test_p1_who_alone_drops_a_package_loses_much_and_when_all_do_the_map_hardly_moves(drawn: list[Foundation]) -> None:
    for foundation in drawn:
        beta, bidders = at(foundation, "beta"), foundation.setting.places.destination
        everybody, all_but_one, nobody = (
            inflow(foundation, worth(foundation, where)) for where in (bidders, bidders & ~beta, bidders & False)
        )
        alone = 1 - all_but_one[:, beta].sum() / everybody[:, beta].sum()
        moved = np.abs(of_map(nobody, foundation) - of_map(everybody, foundation)).sum() / 2
        assert alone > 0.03
        assert moved < alone / 4
        off = switched(foundation, incentives=False)
        np.testing.assert_array_equal(inflow(off, worth(foundation, beta)), inflow(off))


def test_p2_a_package_brings_a_few_to_a_quarter_of_what_comes(drawn: list[Foundation]) -> None:
    for foundation in drawn:
        beta = at(foundation, "beta")
        without_it, with_it = (
            inflow(foundation, worth(foundation, where))[:, beta].sum() for where in (beta & False, beta)
        )
        assert 0.02 < 1 - without_it / with_it < 0.25


# ---------------------------------------------------------------- P5: wages


def test_p5_dearer_labour_costs_a_place_entries(drawn: list[Foundation]) -> None:
    for foundation in drawn:
        beta, wage = at(foundation, "beta"), foundation.setting.places.wage
        falls = []
        for sensitivity in (foundation.setting.parameters.sensitivity, 0.0):
            base = switched(foundation, sensitivity=sensitivity)
            dearer = switched(base, wage=np.where(beta, 1.1, 1.0) * wage)
            falls.append(1 - inflow(dearer)[:, beta].sum() / inflow(base)[:, beta].sum())
        assert 0.002 < falls[0] < 0.1
        assert falls[1] == 0


# ---------------------------------------------------------------- P6: the railway


def gain(foundation: Foundation) -> np.ndarray:
    """Return the change of what beta takes once the line is open, by sector, (S,)."""
    before, after = (inflow(foundation, lines=lines)[:, at(foundation, "beta")].sum(axis=1) for lines in ((), (LINE,)))
    return after / before - 1


def test_p6_what_a_railway_brings_goes_with_trips_and_is_less_where_hubs_draw_skills_off(
    drawn: list[Foundation],
) -> None:
    """The sign by sector and size on the Chenzhou world is in `test_expecting.py`."""
    for foundation in drawn:
        sectors = foundation.setting.sectors
        usual, still = gain(foundation), gain(switched(foundation, coordination=False))
        travelling = replace(foundation.setting, sectors=replace(sectors, trips=2 * sectors.trips))
        assert np.all(gain(replace(foundation, setting=travelling)) > usual)
        assert np.all(usual > still)
        drained = gain(switched(foundation, siphon_strength=4.0, skill_premium=1.0))
        kept = gain(switched(foundation, siphon_strength=0.0, skill_premium=1.0))
        assert np.all(drained < kept)


def test_p6_a_line_is_nothing_where_nobody_travels_searches_or_hears(drawn: list[Foundation]) -> None:
    """Goods do not go by it, so that sectors bound by freight have nothing else to gain from it."""
    for foundation in drawn:
        off = switched(foundation, coordination=False, siphon=False, sourcing_friction=0.0, awareness_proximity=0.0)
        np.testing.assert_array_equal(gain(off), 0.0)


# ---------------------------------------------------------------- P9: agglomeration


def test_p9_own_industry_raises_odds_by_its_elasticity(drawn: list[Foundation]) -> None:
    """Odds of beta against gamma, other things equal; what a regression with place effects finds is for the slow tests."""
    for foundation in drawn:
        sector, more = 0, start_of(foundation)[1]
        here = foundation.output[at(foundation, "beta"), sector].item()
        more["recruited_output"][at(foundation, "beta"), sector] = 0.1 * here
        found = []
        for own_industry in (True, False):
            bare = switched(foundation, supporting_depth=False, own_industry=own_industry)
            odds = [
                flow[:, at(foundation, "beta")] / flow[:, at(foundation, "gamma")]
                for flow in (inflow(bare), inflow(bare, more))
            ]
            found.append(np.log(odds[1] / odds[0])[:, 0] / np.log(1.1))
        terms = foundation.setting.parameters
        assert found[0][sector] == pytest.approx(terms.own_industry_theta / terms.nest_lambda, rel=0.02)
        np.testing.assert_allclose(np.delete(found[0], sector), 0, atol=1e-9)
        np.testing.assert_allclose(found[1], 0, atol=1e-9)


def test_p9_a_package_brings_more_where_supporting_industry_is_deep(drawn: list[Foundation]) -> None:
    """In the same city, before and after its chains are deepened."""
    for foundation in drawn:
        bare = switched(foundation, supporting_depth=False, own_industry=False)
        assert brought(foundation, deep=True) > 1.02 * brought(foundation, deep=False)
        assert brought(bare, deep=True) == pytest.approx(brought(bare, deep=False), rel=1e-9)


def brought(foundation: Foundation, *, deep: bool) -> float:
    """Return the firms that a typical package brings beta, with its chains deepened or not."""
    setting, beta, flows = foundation.setting, at(foundation, "beta"), []
    for where in (beta & False, beta):
        levers = worth(foundation, where)
        if deep:
            levers["component_presence"][beta] = 1.0
            levers["recruited_output"][beta] = np.maximum(setting.national_density - setting.output[beta], 0.0)
        flows.append(inflow(foundation, levers)[:, beta].sum())
    return flows[1] - flows[0]
