"""Concentration metrics against closed forms."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from relocsim.metrics.concentration import ellison_glaeser, herfindahl, mean_concentration


@given(st.integers(1, 40), st.floats(0.1, 1e6))
def test_even_shares_give_one_over_n_and_one_place_gives_one(places: int, amount: float) -> None:
    even, alone = np.full(places, amount), np.eye(places)[0] * amount
    assert herfindahl(even) == pytest.approx(1 / places)
    assert herfindahl(alone) == pytest.approx(1.0)


def test_herfindahl_of_known_shares_and_of_nothing() -> None:
    found = herfindahl(np.array([[3.0, 1.0], [0.0, 0.0]]))
    assert found[0] == pytest.approx(10 / 16)
    assert np.isnan(found[1])


def test_the_mean_weighs_sectors_by_what_they_have_and_passes_over_empty_ones() -> None:
    assert mean_concentration(np.array([[3.0, 0.0], [0.5, 0.5], [0.0, 0.0]])) == pytest.approx((3 * 1 + 1 * 0.5) / 4)
    assert np.isnan(mean_concentration(np.zeros((2, 2))))


def test_ellison_glaeser_is_one_where_all_stands_together() -> None:
    """In the limit of many small places, of which one has the whole sector."""
    size = np.full(1000, 1.0)
    assert ellison_glaeser(np.eye(1000)[:1], size, np.array([0.05])) == pytest.approx(1.0, abs=2e-3)


def test_ellison_glaeser_of_two_places_by_hand() -> None:
    found = ellison_glaeser(np.array([[0.8, 0.2]]), np.array([1.0, 1.0]), np.array([0.1]))
    assert found[0] == pytest.approx((2 * 0.3**2 / 0.5 - 0.1) / 0.9)


def test_ellison_glaeser_is_zero_on_average_where_plants_fall_at_random() -> None:
    """Every way to spread two equal plants over two places of shares 0.3 and 0.7, with its chance."""
    size, mean = np.array([0.3, 0.7]), 0.0
    for first in range(2):
        for second in range(2):
            amounts = (np.eye(2)[first] + np.eye(2)[second])[None] / 2
            mean += size[first] * size[second] * ellison_glaeser(amounts, size, np.array([0.5]))[0]
    assert mean == pytest.approx(0.0, abs=1e-12)
