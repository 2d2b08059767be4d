"""Switchers, windfall and contested capture on firms that can be counted by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from relocsim.metrics.capture import capture_rate, contested_rate, group_rate, of_capacity_at_risk, tally
from relocsim.metrics.switching import (
    OTHERWISE,
    flow_between,
    gained_from,
    lost_to,
    tipped_by,
    windfall,
    windfall_share,
)

CITY, RIVAL, HUB = 0, 1, 2
WITHOUT = np.array([[0.0, 5, 0], [0, 0, 0], [4, 0, 0], [3, 0, 0], [0, 0, 2]])
WITH = np.array([[5.0, 0, 0], [2, 0, 0], [4, 0, 0], [0, 1, 0], [0, 0, 2]])
"""Diverted from the rival; newly mobile; came anyway; lost in part to the rival, in part to nothing; never concerned."""


def test_each_firm_is_diverted_new_or_lost() -> None:
    gained, lost = gained_from(WITHOUT, WITH, CITY), lost_to(WITHOUT, WITH, CITY)
    np.testing.assert_allclose(gained, [[0, 5, 0, 0], [0, 0, 0, 2], [0] * 4, [0] * 4, [0] * 4])
    np.testing.assert_allclose(lost[3], [0, 1, 0, 2])
    np.testing.assert_allclose(lost[[0, 1, 2, 4]], 0)


def test_the_matrix_of_flows_by_hand() -> None:
    found = flow_between(WITHOUT, WITH)
    expected = np.zeros((4, 4))
    expected[RIVAL, CITY], expected[-1, CITY], expected[CITY, RIVAL], expected[CITY, -1] = 5, 2, 1, 2
    np.testing.assert_allclose(found, expected)


def test_a_gain_out_of_two_losses_is_shared_in_proportion() -> None:
    found = gained_from(np.array([[0.0, 3, 1]]), np.array([[2.0, 0, 0]]), CITY)
    np.testing.assert_allclose(found, [[0, 1.5, 0.5, 0]])


AMOUNTS = arrays(float, (6, 4), elements=st.floats(0, 10))


@given(AMOUNTS, AMOUNTS)
def test_sums_are_exact_whatever_firms_do(without: np.ndarray, with_: np.ndarray) -> None:
    net = (with_ - without).sum(axis=0)
    gained, lost = gained_from(without, with_, CITY), lost_to(without, with_, CITY)
    assert gained.sum() - lost.sum() == pytest.approx(net[CITY], abs=1e-9)
    assert (gained >= -1e-12).all()
    found = flow_between(without, with_)
    np.testing.assert_allclose(found.sum(axis=0)[:-1] - found.sum(axis=1)[:-1], net, atol=1e-9)
    np.testing.assert_allclose(found[:, CITY], gained.sum(axis=0), atol=1e-9)


def test_what_tips_a_firm_is_what_the_policy_lowered_here_and_not_there() -> None:
    here = np.array([[1.0, 3.0], [1.0, 3.0], [0.0, -1.0]])
    there = np.array([[0.0, 0.0], [0.0, 2.5], [0.0, 0.0]])
    cause, size = tipped_by(here, there)
    assert cause.tolist() == [1, 0, OTHERWISE]
    np.testing.assert_allclose(size, [3, 1, 0])


def test_windfall_goes_to_those_who_would_have_come_anyway() -> None:
    paid = np.array([1.0, 2.0, 4.0, 0.0, 0.0])
    assert windfall(paid, WITHOUT[:, CITY], WITH[:, CITY]) == 4.0
    np.testing.assert_allclose(windfall_share(np.array([1.0, 3, 0, 1]), np.array([2.0, 2, 2, 0])), [0.5, 1, 0, np.nan])


def test_amounts_are_summed_by_sector_and_place() -> None:
    amount, sector, place = np.array([1.0, 2.0, 4.0]), np.array([0, 0, 1]), np.array([1, 1, 0])
    found = tally(amount, (2, 3), sector, place)
    np.testing.assert_allclose(found, [[0, 3, 0], [4, 0, 0]])
    np.testing.assert_allclose(capture_rate(found, np.array([True, True, False]))[:, 1], [1, 0])
    assert tally(np.zeros(0), (2, 3), np.zeros(0, int), np.zeros(0, int)).sum() == 0


def test_a_group_takes_what_its_members_take() -> None:
    assert group_rate(np.array([0.2, 0.3, 0.5]), np.array([True, False, True])) == pytest.approx(0.7)


def test_contested_capture_is_among_firms_that_knew_the_city() -> None:
    amount, place = np.array([1.0, 2.0, 4.0, 8.0]), np.array([CITY, RIVAL, RIVAL, HUB])
    knew, outside = np.array([True, True, False, True]), np.array([True, True, False])
    assert contested_rate(amount, place, knew, outside, CITY) == pytest.approx(1 / 3)
    assert contested_rate(amount, place, np.ones(4, bool), outside, CITY) == pytest.approx(1 / 7)
    assert np.isnan(contested_rate(amount, place, np.zeros(4, bool), outside, HUB))


def test_levels_stand_over_a_base_that_no_arm_changes() -> None:
    np.testing.assert_allclose(of_capacity_at_risk(np.array([2.0, 3.0]), np.array(10.0)), [0.2, 0.3])
