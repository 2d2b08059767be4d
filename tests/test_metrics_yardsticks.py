"""Yardsticks of officials, chances of meeting them, path dependence, clusters, prospects: closed forms and hands."""

from __future__ import annotations

import numpy as np
import pytest

from relocsim.metrics.chances import (
    chance_interval,
    chance_of_meeting,
    cheapest_change,
    paired_shift,
    shift_sign,
    size_for_chance,
)
from relocsim.metrics.clusters import depth_of, followers_per_leader, weakest_links
from relocsim.metrics.effects import paired_effect, replicates_needed
from relocsim.metrics.paths import lead_by_date, persistence, swapped_share
from relocsim.metrics.prospects import brought_by_contacts, told
from relocsim.metrics.yardsticks import large_projects, money_by_quarter, outside_of, tax_per_hectare, yearly

SHARES = np.array([0.1, 0.2, 0.5, 1.0])


def test_money_comes_in_tranches_on_the_dates_of_stages() -> None:
    dates = np.array([[0, 0], [1, 1], [1, -1], [2, -1], [3, -1]])
    found = money_by_quarter(np.array([10.0, 20.0]), dates, np.array([0, 1]), SHARES, quarters=4, places=2)
    np.testing.assert_allclose(found, [[0, 0], [2, 2], [3, 0], [5, 0]])


def test_from_outside_the_city_and_outside_the_province() -> None:
    province, city = np.array([0, 0, 1]), np.arange(3)
    came_from, place = np.array([0, 1, 2, -1]), np.zeros(4, dtype=int)
    assert outside_of(came_from, place, city).tolist() == [False, True, True, True]
    assert outside_of(came_from, place, province).tolist() == [False, False, True, True]


def test_large_projects_are_large_by_firm_and_not_by_what_a_row_stands_for() -> None:
    found = large_projects(np.array([6.0, 6.0, 0.6, 0.0]), np.array([2.0, 12.0, 0.4, 0.0]))
    np.testing.assert_allclose(found, [2, 0, 0.4, 0])


def test_tax_over_land() -> None:
    np.testing.assert_allclose(tax_per_hectare(np.array([3.0, 3.0]), np.array([6.0, 0.0])), [0.5, np.nan])


def test_quarters_add_up_to_calendar_years() -> None:
    years, sums = yearly(np.arange(6.0)[:, None], 2010 * 4 + 2)
    assert years.tolist() == [2010, 2011]
    np.testing.assert_allclose(sums[:, 0], [1, 14])


def test_the_chance_of_meeting_a_target_is_a_share_of_replicates() -> None:
    values = np.array([[1.0, 5.0], [2.0, np.nan], [3.0, 5.0], [4.0, 1.0]])
    np.testing.assert_allclose(chance_of_meeting(values, 3.0), [0.5, 0.5])


def test_the_interval_of_a_chance_is_that_of_clopper_and_pearson() -> None:
    assert chance_interval(0, 10) == pytest.approx((0.0, 1 - 0.025 ** (1 / 10)))
    assert chance_interval(10, 10) == pytest.approx((0.025 ** (1 / 10), 1.0))
    low, high = chance_interval(5, 10)
    assert (low, high) == pytest.approx((0.1871, 0.8129), abs=1e-4)


def test_the_cheapest_change_that_is_likely_enough() -> None:
    chances, costs = np.array([0.2, 0.9, 0.8, 0.95]), np.array([0.0, 5.0, 3.0, 3.0])
    assert cheapest_change(chances, costs, 0.7) == 3
    assert cheapest_change(chances, costs, 0.1) == 0
    assert cheapest_change(chances, costs, 0.99) is None


def test_the_size_that_is_likely_enough_lies_between_those_tried() -> None:
    sizes, chances = np.array([0.0, 1.0, 2.0]), np.array([0.2, 0.6, 0.5])
    assert size_for_chance(sizes, chances, 0.4) == pytest.approx(0.5)
    assert size_for_chance(sizes, chances, 0.1) == 0
    assert np.isnan(size_for_chance(sizes, chances, 0.7))


def test_replicates_needed_by_the_formula() -> None:
    values = np.tile([-1.0, 1.0], 500)
    needed = replicates_needed(values, 0.1)
    assert needed is not None
    assert needed == pytest.approx((1.96 / 0.1) ** 2, rel=0.02)
    assert replicates_needed(values, 0.05) == pytest.approx(4 * needed, rel=0.02)
    assert replicates_needed(np.ones(3), 0.1) == 2
    assert replicates_needed(np.ones(1), 0.1) is None


def test_a_paired_effect_is_the_estimate_of_differences() -> None:
    found = paired_effect(np.array([3.0, 5.0]), np.array([1.0, 2.0]))
    assert (found.mean, found.low, found.high, found.positive) == (2.5, 2.0, 3.0, 2)


def test_who_is_ahead_early_stays_ahead() -> None:
    early = np.array([1.0, 2.0, 3.0])
    assert persistence(early, 5 + 2 * early) == pytest.approx(1)
    assert persistence(early, np.array([1.0, -2.0, 1.0])) == pytest.approx(0)
    assert np.isnan(persistence(early, np.ones(3)))


def test_a_gap_goes_with_the_date_or_with_the_city() -> None:
    assert swapped_share(np.array(4.0), np.array(-4.0)) == 1
    assert swapped_share(np.array(4.0), np.array(4.0)) == 0
    assert lead_by_date(np.array(5.0), np.array(-1.0)) == (3, 2)
    assert swapped_share(np.array(5.0), np.array(-1.0)) == pytest.approx(0.6)


def test_followers_count_for_leaders_that_had_the_time() -> None:
    leader, firms, lag = np.array([0, 0, 1, -1, 0]), np.array([2.0, 3, 7, 9, 5]), np.array([1, 24, 3, 0, 25])
    assert followers_per_leader(leader, firms, lag, np.array([0, 2]), most=24) == pytest.approx(2.5)
    assert np.isnan(followers_per_leader(leader, firms, lag, np.zeros(0, int), most=24))


def test_one_missing_link_caps_the_chain() -> None:
    covered, need = np.array([1.0, 0.01]), np.array([[0.5, 0.5], [1.0, 0.0]])
    assert depth_of(covered, need, 1.0).tolist() == pytest.approx([0.505, 1.0])
    assert depth_of(covered, need, -1.0)[0] == pytest.approx(2 / 101)
    assert depth_of(covered, need, 0.0)[0] == pytest.approx(0.1)
    weakest, raised = weakest_links(covered, need, -1.0)
    assert weakest[0] == 1
    np.testing.assert_allclose(raised, 1.0)
    others = np.array([[True, False], [True, True]])
    named, at = weakest_links(covered, need, -1.0, others)
    assert named[0] == 0
    assert at[0] == pytest.approx(2 / 101)


def test_contacts_tell_those_who_did_not_know() -> None:
    assert told(np.array(0.0), np.array(1.0)) == pytest.approx(1 - np.exp(-1))
    assert told(np.array(50.0), np.array(1.0)) == pytest.approx(0, abs=1e-20)


def test_where_going_is_certain_contacts_bring_the_plain_logit_share() -> None:
    nothing, everything = np.zeros(1), np.array([1e9])
    found = brought_by_contacts(nothing, everything, np.array([3.0]), np.array([1.0]), np.array([-1e3]), 0.5)
    assert found == pytest.approx(3 / 4)


def test_few_contacts_with_few_who_go_bring_their_part_of_it() -> None:
    """To first order odds over rest, times the chance to go, times those told."""
    odds, rest, outside = np.array([0.01]), np.array([1.0]), np.array([3.0])
    found = brought_by_contacts(np.zeros(1), np.array([1e-3]), odds, rest, outside, 0.5)
    assert found == pytest.approx(1e-3 * 0.01 / (1 + np.exp(3.0)), rel=1e-2)


def test_a_chance_is_raised_where_turning_replicates_tell_so() -> None:
    before, after = np.array([True, False, False, True]), np.array([True, True, True, False])
    assert paired_shift(before, after) == (2, 1)
    assert [shift_sign(gained, lost) for gained, lost in ((0, 0), (5, 0), (6, 0), (0, 6), (7, 1), (8, 1), (50, 50))] == [
        0, 0, 1, -1, 0, 1, 0,
    ]  # fmt: skip
    # two-sided sign test: 6 of 6 has p = 1/32, 8 of 9 p = 20/512
    assert all(2 * 0.5**n > 0.05 for n in range(1, 6))
