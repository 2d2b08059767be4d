"""The kernel of least-cost routes; its twin is `world.routes._found_anew`."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Any

import numpy as np

from relocsim.kernels import Arguments, structure

_Map = structure(
    "Map",
    "vertices sources tail* head* begin* back_begin* back* cost* other* there* lost* added* added_count any_lost to* "
    "beside* by* heap* place* state*",
)


@dataclass(frozen=True)
class Labels:
    """What is known of the routes from some vertices while some edges are there."""

    there: np.ndarray
    """Whether each edge is there, (E,)."""
    to: np.ndarray
    """Least cost, (S, V)."""
    beside: np.ndarray
    """The other number along the route, (S, V)."""
    by: np.ndarray
    """The edge by which each vertex is reached, below 0 for none, (S, V) int32."""


class Ways:
    """The edges of a graph as the kernel reads them, sorted by tail."""

    def __init__(self, size: int, tail: np.ndarray, head: np.ndarray, cost: np.ndarray, other: np.ndarray) -> None:
        """Take the number of vertices and the columns of the edges, (E,) each."""
        self.size = size
        back = np.argsort(head, kind="stable")
        begin, back_begin = (np.searchsorted(ends, np.arange(size + 1)) for ends in (tail, head[back]))
        whole = {"tail": tail, "head": head, "begin": begin, "back_begin": back_begin, "back": back}
        self._columns: dict[str, Any] = {name: (column.astype(np.int32), np.int32) for name, column in whole.items()}
        self._columns |= {"cost": cost, "other": other}

    def labels(
        self, library: ctypes.CDLL, there: np.ndarray, sources: np.ndarray, known: Labels | None = None
    ) -> Labels:
        """Return the labels from `sources` while the edges `there`, (E,), are there.

        `known` are those while others were: what is the same stays as it is, in the same arrays.
        """
        shape = (len(sources), self.size)
        if known is None:
            to, beside, by = np.full(shape, np.inf), np.full(shape, np.inf), np.full(shape, -1, np.int32)
            to[np.arange(len(sources)), sources] = beside[np.arange(len(sources)), sources] = 0.0
            lost, added = np.zeros(len(there), bool), np.empty(0, np.int32)
        else:
            to, beside, by = known.to, known.beside, known.by
            lost, added = known.there & ~there, np.flatnonzero(there & ~known.there).astype(np.int32)
        given = Arguments()
        of = given.structure(
            _Map, vertices=self.size, sources=len(sources), **self._columns, there=(there, np.bool_), lost=(lost, np.bool_),
            added=(added, np.int32), added_count=len(added), any_lost=int(lost.any()), to=to, beside=beside,
            by=(by, np.int32), heap=(np.empty(self.size, np.int32), np.int32),
            place=(np.empty(self.size, np.int32), np.int32), state=(np.empty(self.size, np.uint8), np.uint8),
        )  # fmt: skip
        begin = given.at(sources, np.int32) if known is None else None
        library.routes(ctypes.byref(of), ctypes.c_void_p(begin))
        return Labels(there, to, beside, by)
