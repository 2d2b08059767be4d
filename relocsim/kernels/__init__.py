"""Compiled twins of what a run spends its time in, used where they have been built and never needed.

Every kernel has a plain numpy twin where it is called, which says what it does; both give the same bits (tested), since sums
are taken in the same order and no kernel holds a transcendental function. `library` is None where nothing was built, where
the environment says RELOCSIM_KERNELS=off, or where what was built is not of these sources. Refuses to know the model: it
takes arrays and gives arrays.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from relocsim.kernels.building import HERE, LIBRARY, digest

SWITCH = "RELOCSIM_KERNELS"
"""Variable of the environment that leaves the kernels unused where it is "off"."""


def opened(path: Path) -> ctypes.CDLL | None:
    """Return the library at `path`; none where there is none, or one of other sources or another machine."""
    try:
        found = ctypes.CDLL(str(path))
        made_of = (ctypes.c_char * 17).in_dll(found, "sources").value.decode()
    except (OSError, ValueError):
        return None
    return found if made_of == digest() else None


library: ctypes.CDLL | None = None if os.environ.get(SWITCH) == "off" else opened(HERE / LIBRARY)


@contextmanager
def using(other: ctypes.CDLL | None) -> Iterator[None]:
    """Use another library for a while, or none."""
    global library
    before, library = library, other
    try:
        yield
    finally:
        library = before


def _asked(array: np.ndarray) -> int:
    """Return where the numbers of an array begin."""
    return int(array.ctypes.data)


def _read(array: np.ndarray) -> int:
    """Return the same, read from the array's own structure, behind its head (numpy's C interface): six times as fast."""
    return _there(id(array) + _HEAD).value or 0


_HEAD, _there = object.__basicsize__, ctypes.c_void_p.from_address


def _laid_out_as_documented() -> bool:
    return sys.implementation.name == "cpython" and all(
        _read(one) == _asked(one) for one in (np.empty(3), np.empty(5)[1:])
    )


address = _read if _laid_out_as_documented() else _asked


def pointer(array: np.ndarray) -> ctypes.c_void_p:
    """Return a pointer to an array that a kernel writes to."""
    return ctypes.c_void_p(address(array))


class Arguments:
    """Arrays on their way to a kernel, kept as long as it runs."""

    def __init__(self) -> None:
        self._kept: list[np.ndarray] = []

    def at(self, array: np.ndarray, kind: Any = np.float64) -> int:
        """Return the address of an array in rows without gaps and of this type, a copy where it is not so."""
        array = np.ascontiguousarray(array, kind)
        self._kept.append(array)
        return address(array)

    def structure(self, of: type[ctypes.Structure], **fields: Any) -> Any:
        """Return a structure whose pointers are arrays or (array, type), and whose other fields are numbers."""
        return of(**self.addressed(fields))

    def addressed(self, fields: dict[str, Any]) -> dict[str, Any]:
        """Return `fields` of a structure with addresses in the place of arrays."""
        for name, value in fields.items():  # thousands of fields a run: what `at` does, without the call
            if type(value) is np.ndarray:
                array = np.ascontiguousarray(value, np.float64)
            elif type(value) is tuple:
                array = np.ascontiguousarray(*value)
            else:
                continue
            self._kept.append(array)
            fields[name] = address(array)
        return fields


class Fixed:
    """Fields of a structure that stay as they are from one call to the next: their arrays are looked up once.

    A copy, or what another process gets, looks them up anew.
    """

    def __init__(self, of: type[ctypes.Structure], **fields: Any) -> None:
        """Take fields as `Arguments.structure` does."""
        self._made_of: tuple[str, str] = vars(of)["made_of"]
        self._fields = fields
        self._known: tuple[Arguments, ctypes.Structure] | None = None

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "_known": None}  # addresses mean nothing elsewhere

    def along(self, given: Arguments, **fields: Any) -> Any:
        """Return a structure of these fields and `fields`, whose arrays are kept by `given`."""
        if self._known is None:
            mine = Arguments()
            self._known = mine, mine.structure(structure(*self._made_of), **self._fields)
        whole = type(self._known[1]).from_buffer_copy(self._known[1])
        for name, value in given.addressed(fields).items():
            setattr(whole, name, value)
        return whole


@cache  # one class for one description, whoever asks
def structure(name: str, fields: str) -> type[ctypes.Structure]:
    """Return a C structure: fields by name, those with * are pointers, with ~ doubles, the others 64-bit whole numbers."""
    kinds = {"*": ctypes.c_void_p, "~": ctypes.c_double}
    listed = [(field.rstrip("*~"), kinds.get(field[-1], ctypes.c_int64)) for field in fields.split()]
    return type(name, (ctypes.Structure,), {"_fields_": listed, "made_of": (name, fields)})
