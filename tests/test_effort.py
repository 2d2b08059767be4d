"""Officials' effort, supervision and readiness: what moves the hazards of delivery."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from runs import played, start_of, tuned, without
from test_delivery import enter, opened, roomy, step
from toy import TOY

from relocsim.metrics import funnel
from relocsim.model import Foundation, lay_foundation
from relocsim.observe import PLACE_COLUMNS, in_place_shares, project_table
from relocsim.phases.delivery import advance_hazards, project_hazards
from relocsim.phases.effort import attention, following_effort, winning_effort
from relocsim.phases.readiness import land_readiness
from relocsim.phases.setting import Setting
from relocsim.spec import Spec, load
from relocsim.world.levers import Levers
from relocsim.world.projects import GROUND, HONOURED, INTENTION, PRODUCING, SIGNED, Projects

PROJECTS = 2000


@pytest.fixture(scope="module")
def delivery() -> Spec:
    return load(TOY / "delivery.yaml", settings=["scenario.firms=300"])


def counted(foundation: Foundation, **ratios: float) -> Levers:
    """Return levers under which weights of the assessment are multiplied everywhere."""
    levers = start_of(foundation)[1]
    for name, ratio in ratios.items():
        levers[f"assessed_{name}"][:] = ratio
    return levers


def test_at_the_base_all_efforts_are_one(foundation: Foundation) -> None:
    setting, levers = foundation.setting, start_of(foundation)[1]
    for effort in (winning_effort(setting, levers), *following_effort(setting, levers)):
        np.testing.assert_allclose(effort, 1.0, rtol=1e-12)
        assert effort.shape == (len(setting.places.ids),)


@given(st.lists(st.floats(0.05, 20.0), min_size=4, max_size=4))
def test_effort_goes_where_it_is_counted_and_is_only_shared_out(foundation: Foundation, ratios: list[float]) -> None:
    setting = foundation.setting
    levers = counted(foundation, **dict(zip(("signed", "landed", "in_place", "production"), ratios, strict=True)))
    np.testing.assert_allclose(attention(setting, levers).sum(axis=0), 1.0)
    more = counted(foundation, signed=2 * ratios[0], landed=ratios[1], in_place=ratios[2], production=ratios[3])
    assert np.all(winning_effort(setting, more) > winning_effort(setting, levers))
    for less, before in zip(following_effort(setting, more), following_effort(setting, levers), strict=True):
        assert np.all(less < before)


def test_landing_and_production_are_told_apart(foundation: Foundation) -> None:
    setting = foundation.setting
    landing, producing = following_effort(setting, counted(foundation, landed=3.0))
    assert np.all(landing > 1)
    assert np.all(producing < 1)
    landing, producing = following_effort(setting, counted(foundation, production=3.0))
    assert np.all(landing < 1)
    assert np.all(producing > 1)


def test_efforts_touch_their_stages(foundation: Foundation) -> None:
    setting, state = foundation.setting, roomy(foundation.setting)
    before, lost_before = advance_hazards(setting, state, start_of(foundation)[1])
    levers = start_of(foundation)[1]
    levers["follow_up"][:] = 1.0
    after, lost = advance_hazards(setting, state, levers)
    speed = 2**setting.parameters.following_elasticity
    np.testing.assert_array_equal(after[:, INTENTION], before[:, INTENTION])
    np.testing.assert_allclose(after[:, SIGNED:] / before[:, SIGNED:], speed)
    np.testing.assert_allclose(lost[SIGNED:] / lost_before[SIGNED:], 1 / speed)
    off = tuned(setting, follow_up=False)
    np.testing.assert_array_equal(advance_hazards(off, state, levers)[0], before)


def ends(setting: Setting, levers: Levers, quarters: int = 60) -> Projects:
    projects = opened(setting, "beta", PROJECTS)
    projects.luck[:] = np.linspace(0, 1, PROJECTS)
    for quarter in range(1, quarters + 1):
        step(setting, projects, levers, quarter)
    return projects


@pytest.mark.parametrize("lever", ["follow_up", "supervised_share"])
def test_more_follow_up_never_loses_a_project_in_its_stage_nor_delays_it(foundation: Foundation, lever: str) -> None:
    """Within each stage, from the same draws; a later stage begins earlier, and all that begins it is helped too."""
    setting, found = foundation.setting, []
    for size in (0.0, 0.3, 0.9):
        levers = start_of(foundation)[1]
        levers[lever][:] = size
        found.append(ends(setting, levers))
    for less, more in pairwise(found):
        came = less.dates[PRODUCING] >= 0
        assert np.all(more.dates[PRODUCING][came] >= 0)
        assert np.all(more.dates[PRODUCING][came] <= less.dates[PRODUCING][came])
        assert (more.dates[PRODUCING] >= 0).sum() > came.sum()


def test_only_signed_projects_below_the_share_are_supervised_and_never_slower(foundation: Foundation) -> None:
    setting = tuned(foundation.setting, honour_hazard=0.9, ground_loss=0.0)
    projects = opened(setting, "beta", 400)
    projects.stage[:] = np.arange(400) % 4
    enter(setting, projects, np.arange(400))
    projects.luck[:] = np.linspace(0, 1, 400)
    levers = start_of(foundation)[1]
    free, lost = project_hazards(setting, roomy(setting), projects, projects.open_rows(), levers)
    levers = start_of(foundation)[1]
    levers["supervised_share"][:] = 0.5
    watched, lost_watched = project_hazards(setting, roomy(setting), projects, projects.open_rows(), levers)
    touched = (watched != free) | (lost_watched != lost)
    assert not touched[projects.luck >= 0.5].any()
    assert not touched[projects.stage == INTENTION].any()
    assert np.all(watched >= free)
    assert np.all(lost_watched <= lost)
    assert np.all(watched[projects.stage == SIGNED] == free[projects.stage == SIGNED]), "they were faster already"


def test_ready_plots_run_short_with_room(foundation: Foundation) -> None:
    setting, (state, levers) = foundation.setting, start_of(foundation)
    readiness = []
    for occupied in (0.0, 0.85, 0.95, 1.0, 1.2):
        state.land_used[:] = occupied * state.land_total
        readiness.append(land_readiness(setting, state, levers)[0, setting.places.row("beta")])
    assert readiness[0] == readiness[1] == 1
    assert 1 > readiness[2] > readiness[3] == readiness[4] > 0
    levers["land_added"][:] = 1e6
    assert land_readiness(setting, state, levers)[0, setting.places.row("beta")] == 1
    assert np.all(land_readiness(tuned(setting, land_readiness=False), state, start_of(foundation)[1]) == 1)


def test_a_fund_helps_small_firms_that_build(foundation: Foundation) -> None:
    setting, levers = foundation.setting, start_of(foundation)[1]
    projects = opened(setting, "beta", 400, GROUND)
    projects.firm_class[:] = np.arange(400) % 4
    before, _ = project_hazards(setting, roomy(setting), projects, projects.open_rows(), levers)
    levers = start_of(foundation)[1]
    levers["finance"][:] = 5.0
    after, _ = project_hazards(setting, roomy(setting), projects, projects.open_rows(), levers)
    gain = np.where(projects.firm_class == 0, 1 + setting.parameters.finance_effect, 1.0)
    np.testing.assert_allclose(after / before, gain)
    projects.stage[:] = HONOURED
    same, _ = project_hazards(setting, roomy(setting), projects, projects.open_rows(), levers)
    assert len(np.unique(same)) == 1


# ---------------------------------------------------------------- the funnel


def test_tranches_add_up_to_what_is_in_place() -> None:
    shares = np.array([0.1, 0.2, 0.5, 0.9])
    np.testing.assert_allclose(funnel.tranches(shares), [0, 0.1, 0.1, 0.3, 0.4])
    dates = np.array([[0, 0, 0], [1, 1, -1], [2, -1, -1], [3, -1, -1], [-1, -1, -1]])
    np.testing.assert_allclose(funnel.share_in_place(dates, shares), [0.5, 0.1, 0.0])


def test_rates_overstatement_and_what_is_reported() -> None:
    reached = np.array([[10.0, 1], [8.0, 0], [6.0, 0], [4.0, 0], [2.0, 0]])
    assert funnel.rate_of_signed(reached, funnel.GROUND)[0] == 0.5
    assert np.isnan(funnel.rate_of_signed(reached, funnel.GROUND)[1])
    assert funnel.overstatement(reached)[0] == 4
    attention = np.array([[0.5], [0.5], [0.0], [0.0]])
    assert funnel.reported(reached[:, :1], np.array([3.0]), attention)[0] == 0.5 * 8 + 0.5 * 4


def test_the_record_says_what_projects_say(delivery: Spec) -> None:
    model = played(lay_foundation(delivery), delivery.policies)
    table = project_table(model.setting, model.population, model.projects, delivery.scenario.start)
    table = table[table["kind"] != "expansion"]  # which nobody recruited
    last = model.record.places().groupby("place", sort=False).last()
    assert set(PLACE_COLUMNS) <= set(last.columns)
    in_place = table.groupby("place", observed=False)["in_place"].sum()
    np.testing.assert_allclose(last["in_place_1e8yuan"], in_place.reindex(last.index), rtol=1e-9)
    signed = table[table["signed_at"] != ""].groupby("place", observed=False)["investment"].sum()
    np.testing.assert_allclose(last["signed_1e8yuan"], signed.reindex(last.index, fill_value=0.0), rtol=1e-9)
    assert np.all(last["reported_1e8yuan"] <= last["signed_1e8yuan"] + 1e-9)
    assert np.all(np.diff(in_place_shares(model.setting.parameters)) >= 0)


def test_signing_overstates_what_lands_and_not_where_nothing_is_lost(delivery: Spec) -> None:
    """P8, small: of what was signed in the first half."""
    ratios = []
    for spec in (delivery, without(delivery, "delivery_losses")):
        model = played(lay_foundation(spec))
        projects = model.projects
        early = (projects.dates[SIGNED] >= 0) & (projects.dates[SIGNED] < 8)
        landed = early & (projects.dates[GROUND] >= 0)
        ratios.append(projects.investment[early].sum() / projects.investment[landed].sum())
    assert ratios[0] > 1.5
    assert ratios[1] < 1.15
