"""The kernels of the choice: firms worth reading, firms under review, contacts.

Their twins are in `phases.hopeful`, `phases.decision`, `phases.awareness` and `phases.promotion`.
"""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np
from scipy import sparse

from relocsim.kernels import Arguments, Fixed, pointer, structure

_LONG, _REAL, _POINTER = ctypes.c_int64, ctypes.c_double, ctypes.c_void_p
_Readings = structure(
    "Readings",
    "places segments classes value* either* contact* by_owner* taste* threshold* highest* segment* owner* firm* entering* "
    "bar* scale~ aware",
)
_Firms = structure("Firms", "hazard* segment* settled* weight* open_projects* rests_until*")

_Contacts = structure(
    "Contacts",
    "origins sectors places plants* output* peers* kin* standing* studied* begin* partner* weight* of_sector~ of_origin~ "
    "of_partners~",
)


_KINDS = {
    "taste": np.float32, "threshold": np.float32, "highest": np.float32, "bar": np.float32, "segment": np.int32,
    "owner": np.int8, "firm": np.int64, "entering": np.bool_, "settled": np.bool_, "open_projects": np.int16,
    "rests_until": np.int16,
}  # fmt: skip


def _typed(of: dict[str, Any]) -> dict[str, Any]:
    return {name: (value, _KINDS.get(name, np.float64)) if isinstance(value, np.ndarray) else value
            for name, value in of.items()}  # fmt: skip


def readings(**of: np.ndarray) -> Fixed:
    """Return what `worth_going` reads that stays as it is: arrays by the names of the kernel's structure."""
    return Fixed(_Readings, **_typed(of))


def worth_going(
    library: ctypes.CDLL, by: Fixed, classes: int, *, value: np.ndarray, firm: np.ndarray, **of: Any
) -> tuple[np.ndarray, np.ndarray]:
    """Return which of the firms under review would rather go somewhere, (m,), and their values of places, (m, P).

    `by` are the `readings`; `of` holds, as `value` and `firm` are, the other fields of the kernel's structure; `scale` is
    lambda.
    """
    given, (segments, places), count = Arguments(), value.shape, len(firm)
    sizes = {"places": places, "segments": segments, "classes": classes}
    all_read = by.along(given, **sizes, **_typed({"value": value, "firm": firm, **of}))
    going, found = np.empty(count, np.int64), np.empty((count, places), np.float32)
    library.worth_going.restype = ctypes.c_int64
    count = library.worth_going(ctypes.byref(all_read), _LONG(count), pointer(going), pointer(found))
    return going[:count], found[:count]


def reviewed(
    library: ctypes.CDLL, hazard: np.ndarray, row: np.ndarray, draw: np.ndarray, quarter: int, **of: np.ndarray
) -> np.ndarray:
    """Return the rows, of those in `row` (n,), of the free firms whose `draw` is below the hazard of their segment, (G,).

    `of` holds, by the names of the kernel's structure, the columns of firms.
    """
    given, rows = Arguments(), np.empty(len(row) + 1, np.int64)
    firms = given.structure(_Firms, hazard=hazard, **_typed(of))
    library.reviewed.restype = ctypes.c_int64
    count = library.reviewed(
        ctypes.byref(firms), _LONG(len(row)), _POINTER(given.at(row, np.int64)), _POINTER(given.at(draw)), _LONG(quarter),
        pointer(rows),
    )  # fmt: skip
    return rows[:count]


def remember(
    library: ctypes.CDLL, kept: float, contact: np.ndarray, heard: np.ndarray, shape: tuple[int, int, int, int]
) -> None:
    """Keep a part of `contact`, (G, P), and add what is heard to it, broadcastable to (O, S, Z, P)."""
    given, (origins, sectors, classes, places) = Arguments(), shape
    by_class = heard.shape[2] == classes
    heard = np.broadcast_to(heard, (origins, sectors, classes if by_class else 1, places))
    library.remember(
        *map(_LONG, (origins * sectors, classes, places)), _REAL(kept), _POINTER(given.at(heard)), _LONG(by_class),
        pointer(contact),
    )  # fmt: skip


def tell(library: ctypes.CDLL, told: np.ndarray, weight: float, beside: np.ndarray) -> None:
    """Turn the chance that nobody tells, (O, S, P), into `weight` times that somebody does, and add (O, P) `beside`."""
    given = Arguments()
    library.tell(*map(_LONG, told.shape), _REAL(weight), _POINTER(given.at(beside)), pointer(told))


def acquaintances(partners: sparse.csr_array, **of: np.ndarray | float) -> Fixed:
    """Return what `informants` goes by: `partners` (S, S), and other fields of the kernel's structure of contacts."""
    short = np.int32
    return Fixed(
        _Contacts, begin=(partners.indptr, short), partner=(partners.indices, short), weight=partners.data, **of
    )


def informants(library: ctypes.CDLL, by: Fixed, plants: np.ndarray, output: np.ndarray) -> np.ndarray:
    """Return firms known that produce in each place, below zero, (O, S, P), like `plants` and their `output`."""
    given, out = Arguments(), np.empty(plants.shape)
    origins, sectors, places = plants.shape
    contacts = by.along(given, origins=origins, sectors=sectors, places=places, plants=plants, output=output)
    library.informants(ctypes.byref(contacts), pointer(out))
    return out
