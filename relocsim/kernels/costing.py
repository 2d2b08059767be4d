"""The kernels of costs: premiums of inputs, what inputs cost, unit cost, and what places are worth by them.

Their twins are in `phases.supply`, `phases.cost`, `phases.plants`, `phases.segments` and `phases.decision`.
"""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np
from scipy import sparse

from relocsim.kernels import Arguments, Fixed, pointer, structure

_LONG, _POINTER = ctypes.c_int64, ctypes.c_void_p
_Hauls = structure(
    "Hauls",
    "inputs places origins sectors thin* source* first* freight* distance* delay* origin* begin* input* need* newcomer~",
)
_Segments = structure(
    "Segments",
    "origins sectors classes places beta~ by_class* inputs* lost* trips* trip* promise* belief* share~ lacking* premium*",
)


def hauls(
    needs: sparse.csr_array, origin: np.ndarray, source: np.ndarray, first: np.ndarray, **of: np.ndarray | float
) -> Fixed:
    """Return what `premium` goes by as long as no line opens.

    `needs` are (S, X), `origin` (O,), `source` and `first` as in `supply.Haul`; `of` holds its `distance` and `delay`,
    `freight` (X,) and the cost of a newcomer.
    """
    whole, short, (sectors, inputs) = np.int64, np.int32, needs.shape
    return Fixed(
        _Hauls, inputs=inputs, places=len(first) - 1, origins=len(origin), sectors=sectors, source=(source, whole),
        first=(first, whole), origin=(origin, whole), begin=(needs.indptr, short), input=(needs.indices, short),
        need=needs.data, **of,
    )  # fmt: skip


def premium(library: ctypes.CDLL, by: Fixed, thin: np.ndarray, origins: int, sectors: int) -> np.ndarray:
    """Return the premium of the best other source, (O, S, P), by `hauls`, where `thin` is (P, X)."""
    given, out = Arguments(), np.empty((origins, sectors, len(thin)))
    library.premium(ctypes.byref(by.along(given, thin=thin)), pointer(out))
    return out


def bought(library: ctypes.CDLL, lacking: np.ndarray, premium: np.ndarray, tradable: np.ndarray) -> np.ndarray:
    """Return the cost of inputs, (O, S, P), of which `lacking` (S, P) costs the premium (O, S, P)."""
    given, cost = Arguments(), np.empty(premium.shape)
    operands = (given.at(lacking), given.at(premium), given.at(tradable))
    library.bought(*map(_LONG, cost.shape), *map(_POINTER, operands), pointer(cost))
    return cost


def relative_cost(
    library: ctypes.CDLL, by_class: np.ndarray, inputs: np.ndarray, often: np.ndarray, trip: np.ndarray,
    destinations: np.ndarray,
) -> np.ndarray:  # fmt: skip
    """Return the unit cost of one class less the mean of destinations, (O, S, P).

    `by_class` is (S, P), `inputs` (O, S, P), the number of trips (S,) and the cost of one (O, P).
    """
    given, cost = Arguments(), np.empty(inputs.shape)
    operands = [given.at(part) for part in (by_class, inputs, often, trip)]
    library.relative_cost(
        _POINTER(given.at(np.array(cost.shape), np.int64)), *map(_POINTER, operands), _LONG(len(destinations)),
        _POINTER(given.at(destinations, np.int64)), pointer(cost),
    )  # fmt: skip
    return cost


def worth(
    library: ctypes.CDLL, beta: float, by_class: np.ndarray, inputs: np.ndarray, lost: np.ndarray, costs: Any
) -> np.ndarray:
    """Return the worth of places, (O, S, Z, P), by what is the same to all classes and the `SegmentCosts`."""
    given, value = Arguments(), np.empty((len(lost), *costs.promise.shape))
    origins, sectors, classes, places = value.shape
    joint = costs.joint and {name: getattr(costs.joint, name) for name in ("share", "lacking", "premium")}
    segments = given.structure(
        _Segments, origins=origins, sectors=sectors, classes=classes, places=places, beta=beta, by_class=by_class,
        inputs=inputs, lost=lost, trips=costs.trips, trip=costs.trip, promise=costs.promise, belief=costs.belief,
        **(joint or {}),
    )  # fmt: skip
    library.worth(ctypes.byref(segments), pointer(value))
    return value
