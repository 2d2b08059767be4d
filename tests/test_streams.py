"""Draws have an address: what they are, and what they must not depend on."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kstest

from relocsim.streams import Streams, derived, gumbel, identity, log_positive_stable, members, philox, unit

UIDS = members("test", 40_000)

KNOWN_ANSWERS = {  # counter, key, answer: kat_vectors of Random123, philox4x32 10
    "zeros": ("00000000 " * 4, "00000000 " * 2, "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    "ones": ("ffffffff " * 4, "ffffffff " * 2, "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    "pi": ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
}  # fmt: skip


def words(text: str) -> list[int]:
    return [int(word, 16) for word in text.split()]


@pytest.mark.parametrize("name", KNOWN_ANSWERS)
def test_philox_gives_the_known_answers(name: str) -> None:
    counter, key, answer = map(words, KNOWN_ANSWERS[name])
    column = np.array(counter, dtype=np.uint64)[:, None]
    assert philox(column, (key[0], key[1]))[:, 0].tolist() == answer


def test_philox_takes_each_column_by_itself() -> None:
    counters = np.array([words(counter) for counter, _, _ in KNOWN_ANSWERS.values()], dtype=np.uint64).T
    together = philox(counters, (1, 2))
    apart = [philox(counters[:, [at]], (1, 2))[:, 0] for at in range(3)]
    np.testing.assert_array_equal(together.T, apart)


@given(st.permutations(range(50)), st.integers(1, 50))
def test_a_draw_does_not_depend_on_its_row_or_on_who_else_draws(order: list[int], some: int) -> None:
    streams, uid, place = Streams(3), UIDS[:50], np.arange(50)
    whole = streams.lanes("p", uid, place, 9)
    chosen = np.array(order[:some])
    np.testing.assert_array_equal(streams.lanes("p", uid[chosen], place[chosen], 9), whole[:, chosen])


def test_a_draw_does_not_depend_on_chunks() -> None:
    whole = Streams(3).lanes("p", UIDS, 1, 2)
    parts = [Streams(3).lanes("p", part, 1, 2) for part in np.split(UIDS, [1, 777, 16_384, 16_385, 33_000])]
    np.testing.assert_array_equal(np.concatenate(parts, axis=1), whole)


def test_a_grid_is_its_addresses_one_by_one() -> None:
    streams, places = Streams(3), np.array([5, 7, 11], dtype=np.uint64)
    grid = streams.grid("p", UIDS[:4], places)
    for column, place in enumerate(places):
        np.testing.assert_array_equal(grid[:, :, column], streams.lanes("p", UIDS[:4], place))


ADDRESSES = {
    "seed": Streams(4).lanes("p", UIDS, 1, 2),
    "replicate": Streams(3, 1).lanes("p", UIDS, 1, 2),
    "purpose": Streams(3).lanes("q", UIDS, 1, 2),
    "identity": Streams(3).lanes("p", UIDS + np.uint64(1), 1, 2),
    "place": Streams(3).lanes("p", UIDS, 2, 2),
    "moment": Streams(3).lanes("p", UIDS, 1, 3),
    "place and moment swapped": Streams(3).lanes("p", UIDS, 2, 1),
    "seed and replicate swapped": Streams(0, 3).lanes("p", UIDS, 1, 2),
}


@pytest.mark.parametrize("changed", ADDRESSES)
def test_draws_at_different_addresses_are_independent(changed: str) -> None:
    drawn, other = Streams(3).lanes("p", UIDS, 1, 2), ADDRESSES[changed]
    for one in drawn:
        for two in other:
            assert abs(np.corrcoef(one, two)[0, 1]) < 5 / np.sqrt(len(UIDS))


def test_lanes_are_uniform_and_independent() -> None:
    lanes = Streams(3).lanes("p", UIDS, 1, 2)
    assert min(kstest(lane, "uniform").pvalue for lane in lanes) > 1e-3
    assert np.abs(np.corrcoef(lanes) - np.eye(4)).max() < 5 / np.sqrt(len(UIDS))


def test_uniforms_stay_inside_the_open_interval() -> None:
    low, high = unit(np.array([0, 2**32 - 1], dtype=np.uint64))
    assert 0 < low < high < 1
    assert np.all(np.isfinite(gumbel(np.array([low, high]))))


def test_names_make_identities_that_do_not_collide() -> None:
    assert len(np.unique(UIDS)) == len(UIDS)
    assert members("test", 5).tolist() == members("test", 9)[:5].tolist()
    projects = [derived(UIDS, salt) for salt in (0, 1, 1 << 16)]
    assert len(np.unique(np.concatenate([UIDS, *projects]))) == 4 * len(UIDS)
    assert identity("a") != identity("b")


def test_gumbel_variates_have_the_gumbel_law() -> None:
    assert kstest(gumbel(Streams(3).lanes("p", UIDS)[0]), "gumbel_r").pvalue > 1e-3


@pytest.mark.parametrize("index", [0.3, 0.5, 0.8, 0.99])
@pytest.mark.parametrize("at", [0.1, 1.0, 5.0])
def test_positive_stable_variates_have_their_laplace_transform(index: float, at: float) -> None:
    lanes = Streams(3).lanes("stable", UIDS)
    seen = np.exp(-at * np.exp(log_positive_stable(index, lanes[0], -np.log(lanes[1]))))
    error = seen.std() / np.sqrt(len(seen))
    assert seen.mean() == pytest.approx(np.exp(-(at**index)), abs=4 * error)


def test_a_positive_stable_variate_of_index_one_is_one() -> None:
    lanes = Streams(3).lanes("stable", UIDS[:100])
    assert not log_positive_stable(1.0, lanes[0], -np.log(lanes[1])).any()


@pytest.mark.parametrize("scale", [0.3, 0.7, 1.0])
def test_a_gumbel_of_the_nest_and_a_stable_shift_make_a_standard_gumbel(scale: float) -> None:
    lanes, taste = Streams(3).lanes("stable", UIDS), Streams(3).lanes("taste", UIDS)[0]
    shifted = scale * gumbel(taste) + scale * log_positive_stable(scale, lanes[0], -np.log(lanes[1]))
    assert kstest(shifted, "gumbel_r").pvalue > 1e-3
