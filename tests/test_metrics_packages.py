"""Best packages under a budget, on games small enough to see the answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

import relocsim.metrics
from relocsim.metrics.packages import (
    best_exact,
    best_greedy,
    chance_of_being_best,
    chance_of_highest_mean,
    effect_a_yuan,
    packages_of,
    rank_range,
)
from relocsim.streams import Streams

WORTH = {"land": 6.0, "land x2": 8.0, "money": 5.0, "fair": 3.0}
COST = {"land": 5.0, "land x2": 9.0, "money": 4.0, "fair": 1.0}
OPTIONS = {"land": "land", "land x2": "land", "money": "money", "fair": "fair"}


Found = list[tuple[np.ndarray, np.ndarray]]


def one_by_one(
    one: Callable[[frozenset[str]], tuple[np.ndarray, np.ndarray]],
) -> Callable[[Sequence[frozenset[str]]], Found]:
    return lambda packages: [one(some) for some in packages]


def adding_up(some: frozenset[str]) -> tuple[np.ndarray, np.ndarray]:
    return np.full(3, sum(WORTH[one] for one in some)), np.full(3, sum(COST[one] for one in some))


def locked(some: frozenset[str]) -> tuple[np.ndarray, np.ndarray]:
    """Land is worth something only with money, which alone is worth little."""
    cost = adding_up(some)[1]
    both = {"land", "money"} <= some
    return np.full(3, 10.0 if both else len(some & {"fair"}) * 1.0), cost


def test_a_package_holds_one_size_of_each_policy() -> None:
    found = packages_of(OPTIONS)
    assert len(found) == len(set(found)) == 3 * 2 * 2
    assert found[0] == frozenset()
    assert not any({"land", "land x2"} <= one for one in found)


@pytest.mark.parametrize(
    ("budget", "best"), [(0.5, ()), (1, ("fair",)), (5, ("fair", "money")), (10, ("fair", "land", "money"))]
)
def test_where_effects_add_up_both_find_the_best_of_a_knapsack(budget: float, best: tuple[str, ...]) -> None:
    for search in (best_exact, best_greedy):
        assert search(OPTIONS, one_by_one(adding_up), budget).best.options == set(best)


def test_greedy_is_blind_to_what_works_only_together() -> None:
    assert best_exact(OPTIONS, one_by_one(locked), 9.0).best.options == {"land", "money"}
    assert best_greedy(OPTIONS, one_by_one(locked), 9.0).best.options == {"fair"}


def test_by_effect_a_yuan_the_cheap_fair_wins_whatever_the_budget() -> None:
    for search in (best_exact, best_greedy):
        assert search(OPTIONS, one_by_one(adding_up), 20.0, a_yuan=True).best.options == {"fair"}


def test_nothing_is_better_than_what_harms() -> None:
    def harm(some: frozenset[str]) -> tuple[np.ndarray, np.ndarray]:
        return np.full(2, -1.0 * len(some)), np.zeros(2)

    assert best_exact(OPTIONS, one_by_one(harm), 9.0).best.options == set()
    assert best_greedy(OPTIONS, one_by_one(harm), 9.0).best.options == set()


def test_the_chance_of_being_best_shares_ties() -> None:
    effects = np.array([[1.0, 2.0], [3.0, 2.0], [1.0, 1.0], [5.0, 0.0]])
    np.testing.assert_allclose(chance_of_being_best(effects), [2.5 / 4, 1.5 / 4])
    low, high = rank_range(effects)
    assert (low.tolist(), high.tolist()) == ([1, 1], [2, 2])


def test_the_bootstrap_knows_a_clear_case_and_an_even_one() -> None:
    noise = np.tile([-1.0, 1.0], 20)
    clear = np.stack([noise + 5, noise], axis=1)
    np.testing.assert_allclose(chance_of_highest_mean(clear, Streams(1)), [1, 0])
    even = chance_of_highest_mean(np.stack([noise, -noise], axis=1), Streams(1))
    assert even[0] == pytest.approx(0.5, abs=0.05)
    np.testing.assert_array_equal(even, chance_of_highest_mean(np.stack([noise, -noise], axis=1), Streams(1)))


def test_by_yuan_the_cheaper_has_the_higher_mean_though_its_effect_is_less() -> None:
    effects, costs = np.tile([4.0, 2.0], (20, 1)), np.tile([8.0, 1.0], (20, 1))
    np.testing.assert_allclose(chance_of_highest_mean(effects, Streams(1)), [1, 0])
    np.testing.assert_allclose(chance_of_highest_mean(effects, Streams(1), costs=costs), [0, 1])


def test_a_gain_that_costs_nothing_is_worth_most_and_no_gain_nothing() -> None:
    effect, cost = np.array([2.0, -1.0, 1.0, 0.0, 3.0]), np.array([4.0, 2.0, 0.0, 0.0, -1.0])
    np.testing.assert_array_equal(effect_a_yuan(effect, cost), [0.5, -0.5, np.inf, 0.0, np.inf])


def test_every_public_name_of_metrics_is_there() -> None:
    for name in relocsim.metrics.__all__:
        assert getattr(relocsim.metrics, name).__doc__, name
        assert name in dir(relocsim.metrics)
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        relocsim.metrics.nonsense  # noqa: B018


def test_every_metric_is_in_the_documentation() -> None:
    told = (Path(__file__).parents[1] / "docs" / "metrics.md").read_text(encoding="utf-8")
    missing = [name for name in relocsim.metrics.__all__ if f"`{name}`" not in told]
    assert not missing
