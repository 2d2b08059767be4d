"""The kernels of draws; their twins are in `relocsim.streams`."""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np

from relocsim.kernels import Arguments, pointer

_LONG, _WORD, _POINTER = ctypes.c_int64, ctypes.c_uint32, ctypes.c_void_p


def lanes(
    library: ctypes.CDLL, uid: np.ndarray, place: np.ndarray | int, moment: np.ndarray | int, key: tuple[int, int]
) -> np.ndarray:
    """Return four uniforms an address, (4, n): `uid` is (n,), `place` and `moment` are one for all or (n,)."""
    given, out = Arguments(), np.empty((4, len(uid)))
    library.lanes(
        _LONG(len(uid)), _POINTER(given.at(uid, np.uint64)), *_keys(given, place), *_keys(given, moment),
        _WORD(key[0]), _WORD(key[1]), pointer(out),
    )  # fmt: skip
    return out


def grid(library: ctypes.CDLL, uid: np.ndarray, places: np.ndarray, wanted: int, key: tuple[int, int]) -> np.ndarray:
    """Return the first uniforms an address of the grid identities x places, (wanted, n, m)."""
    given, out = Arguments(), np.empty((wanted, len(uid), len(places)))
    library.grid(
        _LONG(len(uid)), _POINTER(given.at(uid, np.uint64)), _LONG(len(places)), _POINTER(given.at(places, np.uint64)),
        _LONG(wanted), _WORD(key[0]), _WORD(key[1]), pointer(out),
    )  # fmt: skip
    return out


def _keys(given: Arguments, of: np.ndarray | int) -> tuple[Any, ctypes.c_int64]:
    """Return where keys begin and the step to the next: none where one is for all."""
    if isinstance(of, np.ndarray) and of.ndim:
        return _POINTER(given.at(of, np.uint64)), _LONG(1)
    return ctypes.byref(ctypes.c_uint64(int(of))), _LONG(0)
