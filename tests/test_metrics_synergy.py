"""Shapley shares and interactions of games with known answers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from relocsim.metrics.synergy import interactions, orders, sampled_shapley, shapley_values, subsets
from relocsim.streams import Streams

GLOVES = np.array([0.0, 0, 0, 0, 0, 1, 1, 1])
"""One left glove (the third player) and two right ones: worth one as soon as there is a pair. 1/6, 1/6, 2/3."""


def test_subsets_are_in_the_order_of_their_bits() -> None:
    assert subsets(2).tolist() == [[False, False], [True, False], [False, True], [True, True]]


def test_the_game_of_gloves() -> None:
    np.testing.assert_allclose(shapley_values(GLOVES), [1 / 6, 1 / 6, 2 / 3])


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=5))
def test_what_only_adds_up_is_shared_as_it_is_and_does_not_interact(alone: list[float]) -> None:
    worth = 7 + subsets(len(alone)) @ np.array(alone)
    np.testing.assert_allclose(shapley_values(worth), alone, atol=1e-9)
    np.testing.assert_allclose(interactions(worth), 0, atol=1e-9)


def test_shares_sum_to_the_whole_in_every_replicate() -> None:
    worth = np.arange(32.0).reshape(4, 8) ** 1.5
    np.testing.assert_allclose(shapley_values(worth).sum(axis=-1), worth[:, -1] - worth[:, 0])


def test_a_product_of_two_is_shared_evenly_and_is_all_interaction() -> None:
    worth = np.array([0.0, 1, 2, 3 + 4])
    np.testing.assert_allclose(shapley_values(worth), [3, 4])
    np.testing.assert_allclose(interactions(worth), [[0, 4], [4, 0]])


def test_too_few_subsets_are_refused() -> None:
    with pytest.raises(ValueError, match="all 2"):
        shapley_values(np.zeros(6))


def test_sampled_shares_sum_to_the_whole_and_come_near_the_exact_ones() -> None:
    def worth(some: frozenset[int]) -> np.ndarray:
        return np.array(GLOVES[sum(1 << one for one in some)])

    found = sampled_shapley(worth, 3, pairs=400, streams=Streams(1))
    assert found.values.sum() == pytest.approx(1)
    assert found.orders == 800
    assert (np.abs(found.values - shapley_values(GLOVES)) < 4 * found.error + 1e-9).all()
    assert (found.error < 0.02).all()


def test_orders_do_not_depend_on_how_many_are_taken() -> None:
    few, more = orders(5, 2, Streams(3)), orders(5, 4, Streams(3))
    assert [one.tolist() for one in few] == [one.tolist() for one in more[:4]]
    assert few[1].tolist() == few[0].tolist()[::-1]


def test_a_set_is_asked_for_once() -> None:
    asked: list[frozenset[int]] = []

    def worth(some: frozenset[int]) -> np.ndarray:
        asked.append(some)
        return np.array(float(len(some)))

    sampled_shapley(worth, 4, pairs=20, streams=Streams(1))
    assert len(asked) == len(set(asked)) <= 16
