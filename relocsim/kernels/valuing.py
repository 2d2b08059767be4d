"""The kernels of the choice: firms worth reading, firms under review, contacts.

Their twins are in `phases.hopeful`, `phases.decision`, `phases.awareness` and `phases.promotion`.
"""

from __future__ import annotations

import ctypes

import numpy as np
from scipy import sparse

from relocsim.kernels import Arguments, pointer, structure

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


def worth_going(
    library: ctypes.CDLL, *, value: np.ndarray, either: np.ndarray, firm: np.ndarray, aware: bool, scale: float,
    **of: np.ndarray | None,
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """Return which of the firms under review would rather go somewhere, (m,), and their values of places, (m, P).

    `of` holds, as `value`, `either` and `firm` are, arrays by the names of the kernel's structure; `scale` is lambda.
    """
    given, (segments, places), count = Arguments(), value.shape, len(firm)
    arrays = {"value": value, "either": either, "firm": firm, **of}
    readings = given.structure(
        _Readings, places=places, segments=segments, classes=value.size // either.size, aware=int(aware), scale=scale,
        **{name: array if array is None else (array, _KINDS.get(name, np.float64)) for name, array in arrays.items()},
    )  # fmt: skip
    going, found = np.empty(count, np.int64), np.empty((count, places), np.float32)
    library.worth_going.restype = ctypes.c_int64
    count = library.worth_going(ctypes.byref(readings), _LONG(count), pointer(going), pointer(found))
    return going[:count], found[:count]


def reviewed(
    library: ctypes.CDLL, hazard: np.ndarray, row: np.ndarray, draw: np.ndarray, quarter: int, **of: np.ndarray
) -> np.ndarray:
    """Return the rows, of those in `row` (n,), of the free firms whose `draw` is below the hazard of their segment, (G,).

    `of` holds, by the names of the kernel's structure, the columns of firms.
    """
    given, rows = Arguments(), np.empty(len(row) + 1, np.int64)
    columns = {name: (column, _KINDS.get(name, np.float64)) for name, column in of.items()}
    firms = given.structure(_Firms, hazard=hazard, **columns)
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


def informants(
    library: ctypes.CDLL, partners: sparse.csr_array, plants: np.ndarray, **of: np.ndarray | float
) -> np.ndarray:
    """Return firms known that produce in each place, below zero, (O, S, P), like `plants`.

    `partners` are (S, S); `of` holds the other fields of the kernel's structure of contacts.
    """
    given, out, short = Arguments(), np.empty(plants.shape), np.int32
    origins, sectors, places = plants.shape
    contacts = given.structure(
        _Contacts, origins=origins, sectors=sectors, places=places, begin=(partners.indptr, short),
        partner=(partners.indices, short), weight=partners.data, plants=plants, **of,
    )  # fmt: skip
    library.informants(ctypes.byref(contacts), pointer(out))
    return out
