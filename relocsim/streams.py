"""The only place that makes random numbers: each has an address.

A draw is a pure function of (seed, replicate, purpose, identity, place, quarter), through the counter-based generator
Philox4x32-10 (Salmon, Moraes, Dror & Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3", SC11), here on whole numpy
arrays. numpy's own Philox is a sequential stream and cannot be addressed by row. Nothing here depends on the order of
rows, on how many others drew, or on the number of processes.
"""

from __future__ import annotations

import hashlib
from functools import cache, lru_cache

import numpy as np
from numpy.random import SeedSequence

from relocsim import kernels
from relocsim.kernels import drawing

_MULTIPLIERS = np.array([[0xD2511F53], [0xCD9E8D57]], dtype=np.uint64)
_WEYL = np.array([[0x9E3779B9], [0xBB67AE85]], dtype=np.uint64)
_LOW, _SHIFT = np.uint64(0xFFFFFFFF), np.uint64(32)
_ROUNDS = 10
_CHUNK = 1 << 14
"""Blocks a pass: the working arrays of a chunk stay in the processor's cache."""


@lru_cache(maxsize=1 << 16)  # every replicate asks for the same names
def identity(text: str) -> int:
    """Return the 64-bit identity of a name."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")


def key32(text: str) -> int:
    """Return the 32-bit key of a name (places, which are few)."""
    return identity(text) & 0xFFFFFFFF


def members(name: str, count: int) -> np.ndarray:
    """Return the identities, (count,) uint64, of the numbered members of a named group."""
    return members_of(np.array([identity(name)], dtype=np.uint64), np.array([count]))


def members_of(groups: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Return the identities, (sum of counts,) uint64, of the numbered members of groups of these identities (SplitMix64)."""
    group = np.repeat(groups, counts)
    ends = np.cumsum(counts)
    number = np.arange(1, len(group) + 1) - np.repeat(ends - counts, counts)
    with np.errstate(over="ignore"):
        return _mix(group + number.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15))


def derived(identities: np.ndarray, salt: np.ndarray | int) -> np.ndarray:
    """Return new identities, one for each pair of identity and salt (a project of a firm in a quarter)."""
    with np.errstate(over="ignore"):
        return _mix(identities ^ _mix(np.asarray(salt, dtype=np.uint64) + np.uint64(0x9E3779B97F4A7C15)))


def _mix(value: np.ndarray) -> np.ndarray:
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


@cache
def _subkeys(key: tuple[int, int]) -> tuple[np.ndarray, ...]:
    """Return the key of every round, each (2, 1): a handful of purposes and replicates ask again and again."""
    words = np.array(key, dtype=np.uint64)[:, None]
    return tuple((words + np.uint64(turn) * _WEYL) & _LOW for turn in range(_ROUNDS))


def philox(counter: np.ndarray, key: tuple[int, int]) -> np.ndarray:
    """Return Philox4x32-10 of `counter`, (4, n) uint64 holding 32-bit words, as (4, n) words."""
    even, odd = counter[::2], counter[1::2].copy()
    for subkey in _subkeys(key):
        product = even * _MULTIPLIERS
        odd ^= (product >> _SHIFT)[::-1]
        odd ^= subkey
        product &= _LOW
        even, odd = odd, product[::-1]
    words = np.empty_like(counter)
    words[::2], words[1::2] = even, odd
    return words


def unit(words: np.ndarray) -> np.ndarray:
    """Return 32-bit words as float64 strictly inside (0, 1)."""
    return (words.astype(np.float64) + 0.5) * 2.0**-32


class Streams:
    """Addressed draws of one replicate of one seed."""

    def __init__(self, seed: int, replicate: int = 0) -> None:
        self.seed, self.replicate = seed, replicate

    @cache  # noqa: B019 - a handful of purposes, and a replicate lives as long as its streams
    def _key(self, purpose: str) -> tuple[int, int]:
        words = SeedSequence([self.seed, self.replicate, identity(purpose)]).generate_state(2, np.uint32)
        return int(words[0]), int(words[1])

    def lanes(
        self, purpose: str, uid: np.ndarray, place: np.ndarray | int = 0, moment: np.ndarray | int = 0
    ) -> np.ndarray:
        """Return four independent uniforms on (0, 1) an address, (4, n).

        `uid` is (n,) uint64; `place` and `moment` are 32-bit keys, one for all or (n,).
        """
        count = len(uid)
        out = np.empty((4, count))
        if not count:
            return out
        if kernels.library:
            return drawing.lanes(kernels.library, uid, place, moment, self._key(purpose))
        for start in range(0, count, _CHUNK):
            part = slice(start, start + _CHUNK)
            words = uid[part]
            counter = np.empty((4, len(words)), dtype=np.uint64)
            counter[0], counter[1] = words & _LOW, words >> _SHIFT
            counter[2] = place if np.ndim(place) == 0 else place[part]  # type: ignore[index]
            counter[3] = moment if np.ndim(moment) == 0 else moment[part]  # type: ignore[index]
            out[:, part] = unit(philox(counter, self._key(purpose)))
        return out

    def uniform(self, purpose: str, name: str) -> float:
        """Return one uniform on (0, 1) addressed by a name (an input of the model)."""
        return float(self.lanes(purpose, np.array([identity(name)], dtype=np.uint64))[0, 0])

    def uniforms(self, purpose: str, names: list[str]) -> np.ndarray:
        """Return one uniform on (0, 1) a name, (n,)."""
        return self.lanes(purpose, np.array([identity(name) for name in names], dtype=np.uint64))[0]

    def grid(self, purpose: str, uid: np.ndarray, places: np.ndarray, *, lanes: int = 4) -> np.ndarray:
        """Return the first of the four uniforms an address of the grid identities x places, (lanes, n, m)."""
        shape = len(uid), len(places)
        if kernels.library:
            return drawing.grid(kernels.library, uid, places, lanes, self._key(purpose))
        drawn = self.lanes(purpose, np.repeat(uid, shape[1]), np.tile(places, shape[0]))
        return drawn[:lanes].reshape(lanes, *shape)


def gumbel(uniform: np.ndarray) -> np.ndarray:
    """Return standard Gumbel variates from uniforms."""
    return -np.log(-np.log(uniform))


def log_positive_stable(index: float, angle: np.ndarray, exponential: np.ndarray) -> np.ndarray:
    """Return the log of positive stable variates with Laplace transform exp(-s**index).

    Kanter (1975, Annals of Probability 3): `angle` is uniform on (0, 1), `exponential` is standard exponential. At index 1
    the variate is the constant 1.
    """
    if index == 1.0:
        return np.zeros_like(angle)
    theta = np.pi * angle
    first = np.log(np.sin(index * theta)) - np.log(np.sin(theta)) / index
    return first + (1 - index) / index * (np.log(np.sin((1 - index) * theta)) - np.log(exponential))
