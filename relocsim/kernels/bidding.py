"""The kernels of bids: their twins are in `phases.bidding`."""

from __future__ import annotations

import ctypes

import numpy as np

from relocsim.kernels import Arguments, pointer, structure

_Market = structure("Market", "rows places apart value* either* contact* scale~ odds* highest* unheard*")


def log_odds(
    library: ctypes.CDLL, value: np.ndarray, contact: np.ndarray, either: np.ndarray, scale: float, of_class: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return places' log odds over the highest of a row, (O, S, P), that, (O, S), and contacts below zero, (O, S, P).

    Of one class of firms: `value` and `contact` are those of all, (G, P); `either` is (O, S, P).
    """
    given, (*rows, places) = Arguments(), either.shape
    odds, highest, unheard = np.empty(either.shape), np.empty(rows), np.empty(either.shape)
    classes = len(value) // highest.size
    market = given.structure(
        _Market, rows=highest.size, places=places, apart=classes * places, value=value[of_class:],
        contact=contact[of_class:], either=either, scale=scale, odds=odds, highest=highest, unheard=unheard,
    )  # fmt: skip
    library.log_odds(ctypes.byref(market))
    return odds, highest, unheard


def reached(library: ctypes.CDLL, odds: np.ndarray, unknown: np.ndarray) -> np.ndarray:
    """Multiply odds by the chance that a place is known, `unknown` below zero, (O, S, P) both; return sums, (O, S)."""
    *rows, places = odds.shape
    total = np.empty(rows)
    shape = ctypes.c_int64(total.size), ctypes.c_int64(places)
    library.reached(*shape, pointer(unknown), pointer(odds), pointer(total))
    return total
