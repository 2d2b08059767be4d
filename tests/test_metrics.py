"""Metrics in closed form: capture, but-for share, and estimates with their intervals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from relocsim.metrics.capture import but_for_share, capture_rate, flows
from relocsim.metrics.effects import Estimate, estimate, estimates
from relocsim.streams import Streams, gumbel, members


def test_flows_put_each_project_where_and_when_it_reached_a_stage() -> None:
    amounts = np.array([[1.0, 2.0, 4.0, 8.0], [10.0, 20.0, 40.0, 80.0]])
    dates = np.array([[0, 0, 1, 1], [1, -1, 2, 1]])
    place, counted = np.array([0, 1, 1, 1]), np.array([True, True, True, False])
    flow = flows(amounts, dates, place, counted, quarters=3, places=2)
    assert flow.shape == (2, 2, 3, 2)
    assert flow[0, 0].tolist() == [[1, 2], [0, 4], [0, 0]]
    assert flow[0, 1].tolist() == [[0, 0], [1, 0], [0, 4]]
    np.testing.assert_array_equal(flow[1], 10 * flow[0])


@given(st.integers(0, 200), st.integers(0, 10**6))
def test_flows_lose_nothing(projects: int, seed: int) -> None:
    draws = Streams(seed).lanes("projects", members("projects", projects))
    dates = np.where(draws[1] < 0.3, -1, (draws[2] * 7).astype(int))[None]
    counted = draws[3] < 0.5
    flow = flows(draws[:1], dates, (draws[0] * 5).astype(int), counted, quarters=7, places=5)
    assert flow.sum() == pytest.approx(draws[0][counted & (dates[0] >= 0)].sum())


def test_capture_is_the_share_of_what_left_the_origins() -> None:
    flow, outside = np.array([[6.0, 1.0, 3.0]]), np.array([False, True, True])
    np.testing.assert_allclose(capture_rate(flow, outside), [[1.5, 0.25, 0.75]])


def test_capture_of_nothing_is_not_a_number() -> None:
    rate = capture_rate(np.array([[0.0, 0.0], [5.0, 0.0]]), np.array([False, True]))
    assert np.isnan(rate).all()


@given(st.lists(st.floats(0.01, 100), min_size=2, max_size=8))
def test_captures_of_the_places_outside_add_up_to_one(amounts: list[float]) -> None:
    outside = np.arange(len(amounts)) > 0
    assert capture_rate(np.array(amounts), outside)[outside].sum() == pytest.approx(1)


def test_the_but_for_share_is_what_would_not_have_come() -> None:
    share = but_for_share(np.array([10.0, 10.0, 0.0]), np.array([8.0, 12.0, 5.0]))
    np.testing.assert_allclose(share, [0.2, -0.2, np.nan])


# ---------------------------------------------------------------- estimates


@pytest.mark.parametrize(("replicates", "coverage"), [(2, 1 / 3), (9, 0.8), (20, 19 / 21), (38, 37 / 39), (39, 0.95)])
def test_few_replicates_cover_less_than_95_per_cent_and_say_so(replicates: int, coverage: float) -> None:
    found = estimate(np.arange(replicates, dtype=float))
    assert found.coverage == pytest.approx(coverage)
    assert (found.low, found.high) == pytest.approx((0, replicates - 1)), "the whole range"
    assert found.replicates == replicates


def test_many_replicates_give_the_interval_of_their_order_statistics() -> None:
    found = estimate(np.arange(1.0, 200.0)[::-1])
    assert found.coverage == 0.95
    assert (found.low, found.high) == pytest.approx((5, 195))
    assert found.mean == 100
    assert found.simulation_error == pytest.approx(np.arange(1.0, 200.0).std(ddof=1) / np.sqrt(199))


def test_the_interval_covers_a_new_replicate_as_often_as_stated() -> None:
    drawn = gumbel(Streams(1).grid("replicates", members("batches", 4000), np.arange(21))[0])
    for count in (5, 20):
        inside = [found.low <= row[-1] <= found.high for row in drawn for found in [estimate(row[:count])]]
        stated = (count - 1) / (count + 1)
        assert np.mean(inside) == pytest.approx(stated, abs=4 * np.sqrt(stated * (1 - stated) / len(drawn)))


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=80), st.floats(-1e3, 1e3), st.floats(0.01, 100))
def test_estimates_move_with_the_figure_and_not_with_its_order(values: list[float], shift: float, scale: float) -> None:
    array = np.array(values)
    one, other = estimate(array), estimate(scale * array[::-1] + shift)
    room = 1e-9 * (1 + scale * np.abs(array).max() + abs(shift))
    for name in ("mean", "low", "high"):
        assert getattr(other, name) == pytest.approx(scale * getattr(one, name) + shift, abs=room)
    assert one.low <= one.high


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=40))
def test_the_interval_of_a_symmetric_figure_holds_its_mean(values: list[float]) -> None:
    array = np.array(values)
    found = estimate(np.concatenate([array, -array]))
    assert found.low <= found.mean + 1e-6
    assert found.mean <= found.high + 1e-6
    assert found.low == pytest.approx(-found.high)


def test_figures_that_are_not_finite_are_left_out_and_counted() -> None:
    found = estimate(np.array([1.0, np.nan, 3.0, np.inf, -np.inf]))
    assert (found.mean, found.replicates, found.positive) == (2.0, 2, 2)


def test_no_figure_at_all_has_no_estimate() -> None:
    found = estimate(np.array([np.nan]))
    assert np.isnan([found.mean, found.low, found.high, found.simulation_error]).all()
    assert (found.coverage, found.replicates, found.positive) == (0.0, 0, 0)
    assert not found.sign_is_clear


def test_one_figure_has_no_spread() -> None:
    found = estimate(np.array([2.0]))
    assert (found.mean, found.low, found.high, found.coverage) == (2.0, 2.0, 2.0, 0.0)
    assert np.isnan(found.simulation_error)


@pytest.mark.parametrize(("low", "high", "clear"), [(0.1, 2, True), (-2, -0.1, True), (-1, 1, False), (0.0, 1, False)])
def test_a_sign_is_clear_when_the_interval_keeps_off_zero(low: float, high: float, clear: bool) -> None:
    assert Estimate(0.5, low, high, 0.95, 0.1, 40, 20).sign_is_clear is clear


def test_many_figures_at_once_are_the_same_as_one_by_one() -> None:
    for replicates in (1, 7, 60):
        values = np.sin(np.arange(replicates * 6.0) ** 2).reshape(replicates, 6)
        values[0, 2], values[:, 4] = np.nan, np.inf
        found = estimates(values)
        for column, one in enumerate(map(estimate, values.T)):
            for name, figures in found.items():
                np.testing.assert_array_equal(figures[column], getattr(one, name), err_msg=name)
