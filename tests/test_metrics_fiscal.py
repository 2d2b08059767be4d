"""Cost a job, payback, present value and what is only moved about, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from relocsim.metrics.fiscal import cost_per, diverted_shares, gained, net_present_value, payback


def test_cost_a_job_and_a_but_for_job() -> None:
    np.testing.assert_allclose(cost_per(np.array([6.0, 6.0]), np.array([3.0, 0.0])), [2, np.nan])
    rounded = 0.1 + 0.2
    assert rounded > 0.3
    np.testing.assert_array_equal(gained(np.array([rounded, 5.0]), np.array([0.3, 3.0])), [0.0, 2.0])
    assert np.isnan(cost_per(np.array(6.0), gained(rounded, 0.3))), "a sum in another order brings no job"
    assert cost_per(np.array(6.0), np.array(12.0)) == 0.5


def test_a_year_later_a_yuan_is_worth_a_year_of_discount_less() -> None:
    flow = np.zeros((2, 9))
    flow[0, 4], flow[1, 8] = 1.1, 1.1**2
    np.testing.assert_allclose(net_present_value(flow, 0.1), 1)
    assert net_present_value(np.array([-1.0, 0.5, 0.5]), 0.0) == 0


def test_a_perpetual_yearly_yuan_is_worth_one_over_the_rate_and_the_first() -> None:
    flow = np.zeros(4 * 600)
    flow[::4] = 1
    assert net_present_value(flow, 0.05) == pytest.approx(1.05 / 0.05)


def test_payback_counts_to_the_quarter_from_which_it_is_never_below_again() -> None:
    flow = np.array([[-4.0, 1, 1, 2, 0, 0], [-4, 5, -2, 1, 0, 0], [-1, 0, 0, 0, 0, 0], [0, 1, 1, 1, 1, 1]])
    np.testing.assert_allclose(payback(flow), [3 / 4, 3 / 4, np.inf, 0])


def test_a_gain_is_taken_from_rivals_from_origins_or_is_new() -> None:
    found = diverted_shares(np.array(10.0), np.array(-6.0), np.array(-3.0))
    assert {name: float(value) for name, value in found.items()} == pytest.approx(
        {"from_rivals": 0.6, "from_origins": 0.3, "new": 0.1}
    )
    assert np.isnan(diverted_shares(np.array(0.0), np.array(1.0), np.array(0.0))["new"])
