"""Delivery: hazards make the shares and times of each stage, and faster approvals only help."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from runs import examples, projects_of, start_of, tuned, without

from relocsim.foundation import first_state
from relocsim.model import Foundation, RelocationModel, lay_foundation
from relocsim.phases import anchor
from relocsim.phases.delivery import Progress, advance_hazards, deliver, enter_stages, project_hazards
from relocsim.phases.setting import Setting
from relocsim.spec import Spec
from relocsim.streams import members
from relocsim.world.levers import Levers
from relocsim.world.projects import EXPANSION, GROUND, HONOURED, INTENTION, PRODUCING, SIGNED, STAGES, Projects
from relocsim.world.state import PlaceState

PROJECTS = 20_000
LAST = PRODUCING


def opened(setting: Setting, place: str, count: int = PROJECTS, stage: int = INTENTION) -> Projects:
    """Return projects in a place that have just reached a stage."""
    uid, at = members("projects", count), setting.places.row(place)
    projects = projects_of(setting.sectors, 0, count, uid=uid, place=np.full(count, at))
    projects.stage[:] = stage
    enter(setting, projects, np.arange(count))
    return projects


def enter(setting: Setting, projects: Projects, rows: np.ndarray) -> None:
    enter_stages(setting, projects, rows, -1)


def step(setting: Setting, projects: Projects, levers: Levers, quarter: int) -> Progress:
    """Play one quarter of delivery as settlement books it, places apart."""
    done = deliver(setting, roomy(setting), projects, levers)
    projects.gathered[done.waiting], projects.worn[done.waiting] = done.gathered, done.worn
    projects.stage[done.advanced] += 1
    projects.dates[projects.stage[done.advanced], done.advanced] = quarter
    projects.gathered[done.advanced] = projects.worn[done.advanced] = 0.0
    enter(setting, projects, done.advanced)
    projects.fell[done.fallen] = quarter
    return done


def delivered(
    setting: Setting, levers: Levers, place: str = "beta", quarters: int = 120, count: int = PROJECTS
) -> Projects:
    projects = opened(setting, place, count)
    for quarter in range(1, quarters + 1):
        step(setting, projects, levers, quarter)
    return projects


def roomy(setting: Setting) -> PlaceState:
    """Return the state of places at the start with all their room free, and factors without end."""
    state = first_state(setting, setting.output, np.ones((len(setting.places.ids), len(setting.sectors.components))))
    state.land_used[:] = state.floor_used[:] = 0.0
    state.factor_total[:] = 1e15
    return state


def hazards(setting: Setting, levers: Levers, place: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the hazards of projects that build on land in a place with room, by stage, each (4,)."""
    advance, loss = advance_hazards(setting, roomy(setting), levers)
    return advance[0, :, setting.places.row(place)], loss[:, setting.places.row(place)]


@pytest.mark.parametrize("place", ["beta", "gamma"])
def test_hazards_make_the_share_that_passes_and_the_time_it_takes(foundation: Foundation, place: str) -> None:
    setting, (_, levers) = foundation.setting, start_of(foundation)
    projects = delivered(setting, levers, place)
    assert not len(projects.open_rows())
    for stage, h, loss in zip(range(LAST), *hazards(setting, levers, place), strict=True):
        reached, passed = projects.dates[stage] >= 0, projects.dates[stage + 1] >= 0
        leave = h + (1 - h) * loss
        share = h / leave
        error = np.sqrt(share * (1 - share) / reached.sum())
        assert passed.sum() / reached.sum() == pytest.approx(share, abs=4 * error)
        took = (projects.dates[stage + 1] - projects.dates[stage])[passed]
        assert took.min() >= 1
        assert took.mean() == pytest.approx(1 / leave, abs=4 * took.std() / np.sqrt(len(took)))


def test_waiting_times_are_geometric(foundation: Foundation) -> None:
    setting, (_, levers) = foundation.setting, start_of(foundation)
    h, loss = (term[INTENTION] for term in hazards(setting, levers, "beta"))
    leave = h + (1 - h) * loss
    projects, here = opened(setting, "beta"), PROJECTS
    for quarter in range(1, 6):
        done = step(setting, projects, levers, quarter)
        moved = np.sum(projects.dates[SIGNED] == quarter) + np.sum((projects.fell == quarter) & (projects.stage == 0))
        assert moved / here == pytest.approx(leave, abs=4 * np.sqrt(leave * (1 - leave) / here))
        here -= moved
        assert len(done.advanced) + len(done.fallen) + len(done.waiting) > 0


def test_at_reference_days_all_stages_together_pass_the_share_that_the_anchor_counts_on(foundation: Foundation) -> None:
    setting, (_, levers) = foundation.setting, start_of(foundation)
    at = setting.places.row("beta")
    levers["approval_days"][at] = setting.parameters.approval_reference / setting.places.approval_days[at]
    share, _ = anchor.arrival(setting)
    seen = np.mean(delivered(setting, levers).stage == PRODUCING)
    assert seen == pytest.approx(share, abs=4 * np.sqrt(share * (1 - share) / PROJECTS))


@settings(max_examples=examples(15))
@given(st.floats(0.0, 2.0), st.floats(0.0, 1.0), st.floats(0.0, 0.6))
def test_faster_approvals_never_delay_or_lose_a_project_in_its_stage(
    foundation: Foundation, slow: float, faster: float, elasticity: float
) -> None:
    setting = tuned(foundation.setting, approval_elasticity=elasticity)
    ends = []
    for days in (slow, slow * faster):
        _, levers = start_of(foundation)
        levers["approval_days"][:] = days
        projects = opened(setting, "beta", 300, HONOURED)
        for quarter in range(1, 30):
            rows = np.flatnonzero((projects.stage == HONOURED) & (projects.fell < 0))
            done = deliver(setting, roomy(setting), projects, levers)
            projects.gathered[done.waiting], projects.worn[done.waiting] = done.gathered, done.worn
            out = np.intersect1d(rows, done.advanced)
            projects.stage[out], projects.dates[GROUND, out] = GROUND, quarter
            projects.fell[np.intersect1d(rows, done.fallen)] = quarter
        ends.append(projects)
    before, after = ends
    broke = before.dates[GROUND] >= 0
    assert np.all(after.dates[GROUND][broke] >= 0)
    assert np.all(after.dates[GROUND][broke] <= before.dates[GROUND][broke])


def test_faster_approvals_never_delay_production_where_nothing_is_lost(foundation: Foundation) -> None:
    setting = tuned(foundation.setting, delivery_losses=False)
    dates = []
    for days in (1.0, 0.4):
        _, levers = start_of(foundation)
        levers["approval_days"][:] = days
        dates.append(delivered(setting, levers, count=3000).dates[PRODUCING])
    assert np.all(dates[1] <= dates[0])
    assert dates[1].mean() < dates[0].mean() - 0.2


def test_approvals_touch_the_breaking_of_ground_alone(foundation: Foundation) -> None:
    setting, (_, usual), (_, levers) = foundation.setting, start_of(foundation), start_of(foundation)
    before, loss = advance_hazards(setting, roomy(setting), usual)
    levers["approval_days"][setting.places.row("beta")] = 0.5
    after, same = advance_hazards(setting, roomy(setting), levers)
    raised = after / before
    expected = np.ones_like(raised)
    expected[:, HONOURED, setting.places.row("beta")] = 0.5**-setting.parameters.approval_elasticity
    np.testing.assert_allclose(raised, expected, rtol=1e-12)
    np.testing.assert_array_equal(loss, same)


def test_no_hazard_exceeds_one_however_fast_approvals_are(foundation: Foundation) -> None:
    setting, (_, levers) = tuned(foundation.setting, approval_elasticity=3.0), start_of(foundation)
    levers["approval_days"][:] = 0.0
    projects = opened(setting, "beta", 10, HONOURED)
    advance, _ = project_hazards(setting, roomy(setting), projects, projects.open_rows(), levers)
    assert advance.max() == 1.0
    assert np.all(delivered(setting, levers, count=500).dates[GROUND] != 0)


def test_with_losses_switched_off_every_project_comes_to_produce(foundation: Foundation) -> None:
    _, levers = start_of(foundation)
    projects = delivered(tuned(foundation.setting, delivery_losses=False), levers)
    assert np.all(projects.stage == PRODUCING)
    assert np.all(projects.fell < 0)


def test_a_run_without_losses_loses_no_project(toy: Spec) -> None:
    foundation = lay_foundation(without(toy, "delivery_losses"))
    model = RelocationModel(foundation.spec, foundation=foundation).run()
    assert len(model.projects) > 100
    assert np.all(model.projects.fell < 0)


def test_dates_of_a_run_follow_each_other(everything: RelocationModel) -> None:
    projects = everything.projects
    for stage in range(1, len(STAGES)):
        reached = projects.dates[stage] >= 0
        assert np.all(projects.dates[stage - 1][reached] >= 0)
        at_once = (
            (projects.leader >= 0) | (projects.kind == EXPANSION) if stage <= GROUND else np.zeros(len(reached), bool)
        )
        assert np.all((projects.dates[stage] > projects.dates[stage - 1])[reached & ~at_once])
        assert np.all((projects.dates[stage] >= projects.dates[stage - 1])[reached])
        np.testing.assert_array_equal(reached, projects.stage >= stage)
    assert np.all(projects.stage[projects.fell >= 0] < PRODUCING)
    last = np.array([projects.dates[stage, row] for row, stage in enumerate(projects.stage)])
    assert np.all(projects.fell[projects.fell >= 0] > last[projects.fell >= 0])
