"""Talent, the siphon, and what lacking skills cost; the programme that brings talent in."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from runs import found, played, start_of, tuned, with_parameters

from relocsim.foundation import lay_foundation
from relocsim.model import Foundation
from relocsim.phases import skills, supply
from relocsim.phases.setting import Setting
from relocsim.world.levers import Change, Levers
from relocsim.world.network import Access

RAILWAY = "alpha-delta-hsr"


def first_access(foundation: Foundation) -> Access:
    return found(foundation).access


def with_railway(foundation: Foundation) -> Access:
    lines = foundation.routes.open_lines(foundation.spec.scenario.start.first_day)
    return foundation.routes.at(lines | {RAILWAY})


def talent(setting: Setting, levers: Levers, access: Access) -> np.ndarray:
    return skills.talent(setting, levers, access, setting.start_wage)


def test_the_pull_of_a_hub_is_nearness_times_wage_gap_times_how_much_larger_it_is(foundation: Foundation) -> None:
    setting, access = foundation.setting, first_access(foundation)
    places = setting.places
    beta, alpha = places.row("beta"), places.row("alpha")
    wage = np.ones(len(places.ids))
    wage[alpha] = np.e
    larger = 1 - (places.gdp[beta] / places.sites[beta]) / (places.gdp[alpha] / places.sites[alpha])
    expected = np.exp(-0.7 * access.hours[beta, alpha]) * larger
    found_here = skills.pull(skills.reach(places, access, 0.7), wage)
    assert found_here[beta] == pytest.approx(expected)
    assert found_here[alpha] == 0, "nothing pulls at the largest hub with the highest wage"


def test_equal_wages_pull_nobody(foundation: Foundation) -> None:
    setting = foundation.setting
    even = np.full(len(setting.places.ids), 20_000.0)
    assert not skills.pull(skills.reach(setting.places, first_access(foundation), 0.5), even).any()


def test_talent_at_the_start_is_what_is_stated(foundation: Foundation) -> None:
    _, levers = start_of(foundation)
    here = talent(foundation.setting, levers, first_access(foundation))
    np.testing.assert_array_equal(here, foundation.setting.places.talent)


def test_a_railway_to_hubs_thins_talent_by_the_strength_of_the_siphon(foundation: Foundation) -> None:
    _, levers = start_of(foundation)
    near = with_railway(foundation)
    drawn = []
    for strength in (0.0, 1.0, 3.0):
        setting = tuned(foundation.setting, siphon_strength=strength)
        drawn.append(np.log(setting.places.talent / talent(setting, levers, near)))
    beta = foundation.setting.places.row("beta")
    assert not drawn[0].any()
    assert drawn[1][beta] > 0
    np.testing.assert_allclose(drawn[2], 3 * drawn[1], atol=1e-12)
    off = tuned(foundation.setting, siphon=False, siphon_strength=3.0)
    np.testing.assert_array_equal(talent(off, levers, near), off.places.talent)


def test_the_hub_itself_loses_nothing(foundation: Foundation) -> None:
    _, levers = start_of(foundation)
    setting = tuned(foundation.setting, siphon_strength=4.0)
    alpha = setting.places.row("alpha")
    assert talent(setting, levers, with_railway(foundation))[alpha] == setting.places.talent[alpha]


def test_lacking_skills_cost_their_premium_on_the_skilled_part_of_the_wage_bill(foundation: Foundation) -> None:
    setting = foundation.setting
    labour = np.full((len(setting.sectors.ids), len(setting.places.ids)), 8.0)
    here = np.linspace(0, 1, len(setting.places.ids))
    cost = skills.skills(setting, labour, here)
    expected = 8.0 * setting.sectors.skilled[:, None] * setting.parameters.skill_premium * (1 - here)
    np.testing.assert_allclose(cost, expected)
    assert not skills.skills(tuned(setting, skills=False), labour, here).any()


def test_talent_brought_in_never_fills_more_than_every_post(foundation: Foundation) -> None:
    setting = foundation.setting
    _, levers = start_of(foundation)
    levers.apply([Change("talent", (slice(None),), 5.0)])
    assert np.all(talent(setting, levers, first_access(foundation)) == 1)


def test_startups_of_talent_add_to_local_output(foundation: Foundation) -> None:
    setting = foundation.setting
    state, levers = start_of(foundation)
    beta, sector = setting.places.row("beta"), setting.sectors.ids.index("electronics")
    before = supply.local_output(setting, state, levers)[beta, sector]
    levers.apply([Change("talent_projects", (beta, sector), 4.0)])
    gain = supply.local_output(setting, state, levers)[beta, sector] - before
    assert gain == pytest.approx(4 * setting.parameters.startup_size * setting.sectors.firm_output[sector])


def test_startups_are_no_projects_of_movers(foundation: Foundation) -> None:
    """They are counted by themselves: the record names them, capture does not know them."""
    tiny = lay_foundation(with_parameters(foundation.spec, startup_size=0.0, skill_premium=0.0))
    with_it, without = played(tiny, ["talent"]), played(tiny, [])
    assert with_it.projects.place.tobytes() == without.projects.place.tobytes()
    count = with_it.record.places().query("place == 'beta'")["talent_projects"].to_numpy()
    assert count[-1] > count[8] > 0
    assert not without.record.places()["talent_projects"].any()


def test_a_smaller_place_s_talent_is_not_touched_by_a_smaller_place(foundation: Foundation) -> None:
    setting, access = foundation.setting, first_access(foundation)
    places = setting.places
    small = replace(places, gdp=np.where(np.array(places.ids) == "gamma", 1.0, places.gdp))
    wage = np.where(np.array(places.ids) == "gamma", 9e5, 2e4)
    assert not skills.pull(skills.reach(small, access, 0.5), wage)[places.row("beta")]
