"""Conditional logit is Poisson (Guimaraes, Figueiredo & Woodward 2003), and known coefficients are found again."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from regressions import conditional_logit, poisson, with_place_effects

from relocsim.streams import Streams, identity


def made(seed: int, groups: int = 4, alternatives: int = 6, width: int = 2) -> tuple[np.ndarray, np.ndarray]:
    """Return features and positive counts that no model made."""
    uid = np.arange(groups * alternatives * (width + 1), dtype=np.uint64) + np.uint64(identity(str(seed)) >> 1)
    draws = Streams(seed).lanes("made", uid)[0]
    features = draws[: groups * alternatives * width].reshape(groups, alternatives, width)
    counts = np.ceil(20 * draws[groups * alternatives * width :]).reshape(groups, alternatives)
    return features, counts


@given(st.integers(0, 10_000))
@settings(max_examples=20)
def test_p13_logit_and_poisson_are_one(seed: int) -> None:
    features, counts = made(seed)
    np.testing.assert_allclose(conditional_logit(counts, features), poisson(counts, features), rtol=0, atol=1e-7)


def test_a_count_more_or_less_moves_them_alike_but_moves_them() -> None:
    features, counts = made(1)
    moved = counts.copy()
    moved[0, 0] += 5
    first, second = conditional_logit(counts, features), conditional_logit(moved, features)
    assert np.abs(first - second).max() > 1e-3
    np.testing.assert_allclose(second, poisson(moved, features), rtol=0, atol=1e-7)


def test_known_coefficients_come_back_with_place_effects() -> None:
    features, _ = made(3, groups=8, alternatives=5)
    value = features @ np.array([0.4, -1.0]) + np.array([0.0, 0.5, -0.5, 1.0, 0.2])
    counts = 1000 * np.exp(value) / np.exp(value).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(conditional_logit(counts, with_place_effects(features))[:2], [0.4, -1.0], atol=1e-6)
