"""The kernels of values: places, firms worth reading, contacts, premiums of inputs.

Their twins are in `phases.segments`, `phases.hopeful`, `phases.awareness` and `phases.supply`.
"""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np
from scipy import sparse

from relocsim.kernels import Arguments, pointer, structure

_LONG, _REAL, _POINTER = ctypes.c_int64, ctypes.c_double, ctypes.c_void_p
_Readings = structure(
    "Readings", "places table* taste* threshold* by_segment* by_owner* row* firm* segment* owner* bar* aware"
)
_Hauls = structure(
    "Hauls",
    "inputs places origins sectors thin* way* source* first* freight* distance* delay* origin* begin* input* need* "
    "newcomer~",
)

_Firms = structure("Firms", "classes hazard* segment* settled* weight* open_projects* rests_until*")

_Contacts = structure(
    "Contacts",
    "origins sectors places plants* output* peers* kin* standing* studied* begin* partner* weight* of_sector~ of_origin~ "
    "of_partners~",
)


def worth(
    library: ctypes.CDLL, beta: float, to_all: np.ndarray, trips: np.ndarray, trip: np.ndarray, promise: np.ndarray,
    belief: np.ndarray, joint: np.ndarray | None,
) -> np.ndarray:  # fmt: skip
    """Return the worth of places, (O, S, Z, P), given what they are `to_all` classes, (O, S, P), and costs."""
    given, value = Arguments(), np.empty((len(belief), *promise.shape))
    shape = given.at(np.array(value.shape), np.int64)
    operands = [given.at(part) for part in (to_all, trips, trip, promise, belief)]
    saved = None if joint is None else given.at(joint)
    library.worth(_POINTER(shape), _REAL(beta), *map(_POINTER, operands), _POINTER(saved), pointer(value))
    return value


def over_lambda(
    library: ctypes.CDLL, value: np.ndarray, either: np.ndarray, scale: float, out: np.ndarray
) -> np.ndarray:
    """Write (value + either) / scale to `out`, (G, P) float32, and return the highest of each row, (G,).

    `either` has a row for each few that follow one another.
    """
    given, highest = Arguments(), np.empty(len(value), np.float32)
    rows, places = value.shape
    classes = rows // (either.size // places)
    sizes, operands = (rows, classes, places), (given.at(value), given.at(either))
    library.over_lambda(
        *map(_LONG, sizes), *map(_POINTER, operands), _REAL(scale), pointer(out),
        pointer(highest),
    )  # fmt: skip
    return highest


def worth_going(
    library: ctypes.CDLL, some: np.ndarray, *, places: int, aware: bool, by_owner: np.ndarray | None, **of: Any
) -> tuple[np.ndarray, np.ndarray]:
    """Return which of the firms `some` would rather go somewhere, (m,), and their values of places, (m, P).

    `of` holds, by the names of the kernel's structure: table and by_segment (G, P), taste and threshold (F, P), all
    float32; row, firm (n,) of the table and of the population; segment and owner (F,); bar (n,).
    """
    given, going, value = Arguments(), np.empty(len(some), np.int64), np.empty((len(some), places), np.float32)
    single, owned = np.float32, None if by_owner is None else (by_owner, np.float32)
    kinds = {"row": np.int64, "firm": np.int64, "segment": np.int32, "owner": np.int8}
    arrays = {name: (array, kinds.get(name, single)) for name, array in of.items()}
    readings = given.structure(_Readings, places=places, aware=int(aware), by_owner=owned, **arrays)
    library.worth_going.restype = ctypes.c_int64
    count = library.worth_going(
        ctypes.byref(readings), _LONG(len(some)), _POINTER(given.at(some, np.int64)), pointer(going),
        pointer(value),
    )  # fmt: skip
    return going[:count], value[:count]


def reviewed(
    library: ctypes.CDLL, hazard: np.ndarray, draws: np.ndarray, quarter: int, classes: int, **of: np.ndarray
) -> np.ndarray:
    """Return the rows of the free firms whose draw, (n,), is below the hazard of their segment, (O, S).

    `of` holds, by the names of the kernel's structure, the columns of firms.
    """
    given, rows = Arguments(), np.empty(len(draws), np.int64)
    kinds = {"segment": np.int32, "settled": np.bool_, "open_projects": np.int16, "rests_until": np.int16}
    columns = {name: (column, kinds.get(name, np.float64)) for name, column in of.items()}
    firms = given.structure(_Firms, classes=classes, hazard=hazard, **columns)
    library.reviewed.restype = ctypes.c_int64
    count = library.reviewed(
        ctypes.byref(firms),
        _LONG(len(draws)),
        _POINTER(given.at(draws)),
        _REAL(hazard.max()),
        _LONG(quarter),
        pointer(rows),
    )
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


def premium(
    library: ctypes.CDLL, needs: sparse.csr_array, thin: np.ndarray, origin: np.ndarray, newcomer: float, **of: Any
) -> np.ndarray:
    """Return the premium of the best other source, (S, O, P).

    `needs` are (S, X), `thin` (X, P), `origin` (O,); `of` holds the fields of `supply.Haul`, and `freight` (X,).
    """
    given, (inputs, places), (sectors, _) = Arguments(), thin.shape, needs.shape
    whole, short = np.int64, np.int32
    hauls = given.structure(
        _Hauls, inputs=inputs, places=places, origins=len(origin), sectors=sectors, thin=thin, way=of["way"],
        source=(of["source"], whole), first=(np.append(of["first"], len(of["source"])), whole), freight=of["freight"],
        distance=of["distance"], delay=of["delay"], origin=(origin, whole), begin=(needs.indptr, short),
        input=(needs.indices, short), need=needs.data, newcomer=newcomer,
    )  # fmt: skip
    best, out = np.empty((inputs, len(origin), places)), np.empty((sectors, len(origin), places))
    library.premium(ctypes.byref(hauls), pointer(best), pointer(out))
    return out
