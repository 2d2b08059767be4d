"""Payment of incentives and credibility: what is due is paid, late or broken, and firms believe what they see."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from runs import played, projects_of, start_of, tuned, with_parameters, without
from toy import TOY

from relocsim.model import Foundation, RelocationModel, lay_foundation
from relocsim.phases import credibility, payments
from relocsim.phases.payments import Kept
from relocsim.phases.setting import Setting
from relocsim.spec import Spec, load
from relocsim.world.projects import PRODUCING, Projects
from relocsim.world.state import PlaceState


@pytest.fixture(scope="module")
def delivery() -> Spec:
    return load(TOY / "delivery.yaml", settings=["scenario.firms=300"])


def owing(foundation: Foundation, amount: float) -> tuple[PlaceState, Projects, int]:
    """Return a state in which beta owes one plant an amount once, the table with that plant, and the row of beta."""
    state, setting = start_of(foundation)[0], foundation.setting
    at = setting.places.row("beta")
    projects = projects_of(setting.sectors, 0, 1, place=np.array([at]), upfront=np.array([amount]))
    projects.dates[PRODUCING, 0] = 0
    payments.fall_due(state, projects, np.array([0]))
    return state, projects, at


def poor(foundation: Foundation, share: float = 0.0) -> Setting:
    """Return the setting with a budget for incentives of so much of beta's revenue a year, and firm promises."""
    return tuned(
        foundation.setting, payable_revenue=share, payable_tax=0.0, late_quarters=2.0,
        credibility=np.ones(len(foundation.setting.places.ids)),
    )  # fmt: skip


def test_a_place_with_money_pays_the_share_that_it_means_to_and_breaks_the_rest(foundation: Foundation) -> None:
    state, projects, at = owing(foundation, 0.01)
    setting, levers = foundation.setting, start_of(foundation)[1]
    payments.pay(setting, state, projects, levers, 0)
    meant = setting.places.credibility[at]
    assert state.paid[at] == pytest.approx(0.01 * meant) == -state.treasury[at]
    assert state.broken[at] == pytest.approx(0.01 * (1 - meant))
    assert not state.arrears.any()


def test_without_money_promises_are_late_and_then_broken(foundation: Foundation) -> None:
    state, projects, at = owing(foundation, 1.0)
    setting, levers = poor(foundation), start_of(foundation)[1]
    state.arrears = state.arrears[:2].copy()
    told = []
    for quarter in range(4):
        payments.pay(setting, state, projects, levers, quarter)
        told.append((float(state.paid[at]), float(state.arrears[..., at].sum()), float(state.broken[at])))
    assert told == [(0, 1, 0), (0, 1, 0), (0, 0, 1), (0, 0, 1)]


def test_arrears_are_paid_first_as_far_as_the_budget_goes(foundation: Foundation) -> None:
    state, projects, at = owing(foundation, 1.0)
    revenue = foundation.setting.places.revenue[at]
    setting, levers = poor(foundation, 4 * 0.6 / revenue), start_of(foundation)[1]
    state.arrears = state.arrears[:2].copy()
    payments.pay(setting, state, projects, levers, 0)
    assert state.paid[at] == pytest.approx(0.6)
    payments.fall_due(state, projects, np.array([0]))
    kept = payments.pay(setting, state, projects, levers, 1)
    here = kept.cell % len(setting.places.ids) == at
    assert kept.late[here].sum() == pytest.approx(0.4)
    assert kept.prompt[here].sum() == pytest.approx(0.2)
    assert state.arrears[..., at].sum() == pytest.approx(0.8)


def test_escrow_pays_whatever_the_budget(foundation: Foundation) -> None:
    state, projects, at = owing(foundation, 1.0)
    setting, levers = tuned(foundation.setting, payable_revenue=0.0, payable_tax=0.0), start_of(foundation)[1]
    levers["escrow"][at] = 1.0
    payments.pay(setting, state, projects, levers, 0)
    assert state.paid[at] == pytest.approx(1.0)
    assert state.broken[at] == 0


def test_the_yearly_incentive_falls_due_for_the_quarters_of_the_holiday(foundation: Foundation) -> None:
    setting, levers = tuned(foundation.setting, holiday_years=1.0), start_of(foundation)[1]
    state, projects, at = owing(foundation, 0.0)
    state.refunds[:], projects.yearly[:] = 0.0, 0.4
    payments.fall_due(state, projects, np.array([0]))
    for quarter in range(8):
        payments.pay(setting, state, projects, levers, quarter)
    assert state.fallen_due[at] == pytest.approx(0.4)


@given(
    st.floats(0.0, 0.2), st.floats(0.0, 1.0), st.integers(1, 6), st.floats(0.0, 1.0),
    st.lists(st.floats(0.0, 3.0), min_size=2, max_size=9),
)  # fmt: skip
def test_whatever_fell_due_is_paid_late_or_broken(
    foundation: Foundation, revenue: float, tax: float, late: int, escrow: float, dues: list[float]
) -> None:
    setting = tuned(foundation.setting, payable_revenue=revenue, payable_tax=tax, late_quarters=float(late))
    (state, levers), shape = start_of(foundation), foundation.setting.shape
    state.arrears = np.zeros((payments.arrears_quarters(setting), *state.due.shape))
    levers["escrow"][:] = escrow
    projects, spread = projects_of(setting.sectors, 0, 0), np.linspace(0.0, 1.0, np.prod(state.due.shape))
    for quarter, amount in enumerate(dues):
        state.due[:] = amount * spread.reshape(shape[0], shape[1], shape[3])
        payments.pay(setting, state, projects, levers, quarter)
        owed = state.arrears.sum(axis=(0, 1, 2))
        np.testing.assert_allclose(state.paid + owed + state.broken, state.fallen_due, rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(state.treasury, -state.paid)
        assert min(owed.min(), state.paid.min(), state.broken.min()) >= -1e-12


# ---------------------------------------------------------------- credibility


def seen(foundation: Foundation, *, paid: float, broken: float = 0.0, late: float = 0.0) -> PlaceState:
    """Return a state after firms of the first origin and sector saw so much paid, late or broken by beta."""
    state, at = start_of(foundation)[0], foundation.setting.places.row("beta")
    kept = Kept(np.array([at]), *(np.array([amount]) for amount in (paid, late, broken)))
    credibility.learn(foundation.setting, state, kept)
    return state


def test_peers_learn_most_kin_less_others_little_and_other_places_nothing(foundation: Foundation) -> None:
    setting, at = foundation.setting, foundation.setting.places.row("beta")
    change = seen(foundation, paid=0.0, broken=1.0).credibility - setting.places.credibility
    own, kin, others = change[0, 0, at], change[0, 1, at], change[1, 1, at]
    assert own < kin < others < 0
    assert change[1, 0, at] == pytest.approx(kin)
    assert np.all(np.delete(change, at, axis=2) == 0)


def test_paid_as_expected_belief_stays_and_late_is_between_paid_and_broken(foundation: Foundation) -> None:
    setting, at = foundation.setting, foundation.setting.places.row("beta")
    start = setting.places.credibility[at]
    as_expected = seen(foundation, paid=start, broken=1 - start).credibility[0, 0, at]
    assert as_expected == pytest.approx(start)
    paid, late, broken = (seen(foundation, **{"paid": 0.0, **how}).credibility[0, 0, at] for how in (
        {"paid": 1.0}, {"late": 1.0}, {"broken": 1.0}
    ))  # fmt: skip
    assert paid > late > broken
    more = seen(foundation, paid=0.0, broken=10.0).credibility[0, 0, at]
    assert more < broken, "the more was due, the faster"


def test_escrow_is_believed_in_part_at_once(foundation: Foundation) -> None:
    state, levers = start_of(foundation)
    levers["escrow"][:] = 1.0
    setting = foundation.setting
    doubt = 1 - setting.places.credibility
    believed = credibility.believed(setting, state, levers)
    np.testing.assert_allclose(1 - believed[0, 0], doubt * (1 - setting.parameters.escrow_belief))


def test_credibility_off_stays_at_its_start(delivery: Spec) -> None:
    model = played(lay_foundation(without(delivery, "credibility_feedback")), delivery.policies)
    assert np.all(model.places.credibility == model.setting.places.credibility)


def test_payment_limits_off_nothing_is_late(delivery: Spec) -> None:
    model = played(lay_foundation(without(delivery, "payment_limits")), delivery.policies)
    assert model.places.fallen_due.sum() > 0
    assert not model.places.arrears.any()


def test_promises_that_cannot_be_paid_cost_the_place_its_name(delivery: Spec) -> None:
    ends = []
    for revenue in (0.0, 1.0):
        spec = with_parameters(delivery, payable_revenue=revenue, payable_tax=revenue)
        model = RelocationModel(spec, foundation=lay_foundation(spec), on=["incentives"]).run()
        ends.append(model.places.credibility[..., model.setting.places.row("beta")].mean())
    assert ends[0] < ends[1] - 0.1
