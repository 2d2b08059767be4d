"""Passing through, interception and leapfrogging on places along a line, where they can be counted by hand."""

from __future__ import annotations

import numpy as np
import pytest

from relocsim.metrics.passing import interception, leapfrog, on_the_way, pass_through

POSITION = np.array([0.0, 1.0, 2.0, 3.0, -2.0])
"""Origin, interceptor, city, hub behind it, and a place on the other side."""
KM = np.abs(POSITION[:, None] - POSITION)
CITY = 2


def test_between_means_no_longer_than_the_direct_way() -> None:
    assert on_the_way(KM[0, 1], KM[1, 2], KM[0, 2], 0.0)
    assert not on_the_way(KM[0, 4], KM[4, 2], KM[0, 2], 0.25)
    assert on_the_way(np.array(1.2), np.array(1.2), np.array(2.0), 0.25)
    assert not on_the_way(np.array(1.3), np.array(1.3), np.array(2.0), 0.25)


def test_each_firm_along_a_line_passes_stops_short_or_neither() -> None:
    chosen, weight, origin = np.array([1, 2, 3, 4]), np.array([1.0, 2.0, 3.0, 4.0]), np.zeros(4, dtype=int)
    assert pass_through(origin, chosen, weight, KM, city=CITY) == pytest.approx(0.3)
    assert interception(origin, chosen, weight, KM, city=CITY) == pytest.approx(0.1)


def test_passing_depends_on_where_a_firm_comes_from() -> None:
    chosen, weight = np.array([0, 0]), np.ones(2)
    assert pass_through(np.array([3, 4]), chosen, weight, KM, city=CITY) == 0.5


def test_who_stays_or_goes_nowhere_passes_nothing() -> None:
    assert interception(np.zeros(1, dtype=int), np.zeros(1, dtype=int), np.ones(1), KM, city=CITY) == 0
    assert np.isnan(pass_through(np.zeros(0, int), np.zeros(0, int), np.zeros(0), KM, city=CITY))


def test_a_smooth_gradient_has_no_leaps_and_a_cheap_neighbour_makes_them() -> None:
    chosen, weight, distance = np.array([1, 2, 3]), np.ones(3), np.tile(KM[0], (3, 1))
    open_to = np.tile(np.array([False, True, True, True, True]), (3, 1))
    falling = np.tile(np.array([9.0, 5.0, 4.0, 3.0, 9.0]), (3, 1))
    assert leapfrog(chosen, weight, distance, falling, open_to) == 0
    rising = np.tile(np.array([0.0, 1.0, 2.0, 3.0, 9.0]), (3, 1))
    assert leapfrog(chosen, weight, distance, rising, open_to) == pytest.approx(2 / 3)
    closed = open_to & (np.arange(5) != 1)
    assert leapfrog(chosen, weight, distance, rising, closed) == pytest.approx(1 / 3)
