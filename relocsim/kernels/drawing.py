"""The kernel of draws; its twin is `Streams.lanes`."""

from __future__ import annotations

import ctypes

import numpy as np

from relocsim.kernels import Arguments

_LONG, _WORD, _POINTER = ctypes.c_int64, ctypes.c_uint32, ctypes.c_void_p


def lanes(
    library: ctypes.CDLL, uid: np.ndarray, place: np.ndarray | int, moment: np.ndarray | int, key: tuple[int, int]
) -> np.ndarray:
    """Return four uniforms an address, (4, n): `uid` is (n,), `place` and `moment` are one for all or (n,)."""
    given, out = Arguments(), np.empty((4, len(uid)))
    parts = [part for of in (place, moment) for part in (_POINTER(given.at(of, np.uint64)), _LONG(np.ndim(of)))]
    library.lanes(
        _LONG(len(uid)), _POINTER(given.at(uid, np.uint64)), *parts, _WORD(key[0]), _WORD(key[1]),
        _POINTER(out.ctypes.data),
    )  # fmt: skip
    return out
