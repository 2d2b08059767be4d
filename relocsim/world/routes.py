"""Points on the map, roads by rule, and least-cost routes with what adds up along them.

Of routes of equal cost the one counts that has least of what adds up beside it. What edges cost is rounded to a very small
number, of which sums are exact: no order of adding or of looking matters. This module knows neither modes nor dates (see
`relocsim.world.network`).
"""

from __future__ import annotations

from collections.abc import Collection, Hashable
from ctypes import CDLL
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

from relocsim import kernels
from relocsim.kernels.routing import Labels, Ways

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

EARTH_RADIUS_KM = 6371.0
"""Mean radius of the Earth."""


def great_circle(lon: Floats, lat: Floats) -> Floats:
    """Return the distances between points, km, shape (N, N), exactly symmetric (haversine formula)."""
    x, y = np.radians(lon), np.radians(lat)
    half_x, half_y = (x[:, None] - x) / 2, (y[:, None] - y) / 2
    haversine = np.sin(half_y) ** 2 + np.cos(y)[:, None] * np.cos(y) * np.sin(half_x) ** 2
    km = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(haversine, 0, 1)))
    return np.minimum(km, km.T)


def gabriel(km: Floats) -> NDArray[np.bool_]:
    """Return which pairs are Gabriel neighbours: no third point within the circle on their connection, shape (N, N).

    Source: Gabriel & Sokal 1969, Systematic Zoology 18(3). It holds the minimum spanning tree, so that it is connected.
    """
    square = km**2
    joined = np.ones(km.shape, dtype=bool)
    for third in square:
        joined &= ~(third[:, None] + third < square)
    np.fill_diagonal(joined, val=False)
    return joined


def nearest(km: Floats, neighbours: int) -> NDArray[np.bool_]:
    """Return which pairs are joined because one is among the other's nearest `neighbours`, shape (N, N)."""
    count = len(km)
    distance = km.copy()
    np.fill_diagonal(distance, np.inf)
    order = np.argsort(distance, axis=1, kind="stable")[:, : min(neighbours, count - 1)]
    joined = np.zeros((count, count), dtype=bool)
    joined[np.arange(count)[:, None], order] = True
    return joined | joined.T


ALWAYS = -1
"""Number of no line: what is there whatever is open."""
GRAIN = 2.0**-30
"""What costs and what adds up beside them are whole multiples of: sums below eight million are then exact."""


@dataclass
class Graph:
    """A directed graph under construction: vertices by key; of an edge two numbers and the two lines that it needs."""

    vertices: dict[Hashable, int] = field(default_factory=dict)
    """Number of each vertex."""
    parts: list[Floats] = field(default_factory=list)
    """Edges added together, each (6, E): tails, heads, what the route minimises, what adds up beside it, the lines."""
    loose: list[tuple[float, ...]] = field(default_factory=list)
    """Edges added one by one, in the same columns."""

    def vertex(self, key: Hashable) -> int:
        """Return the number of `key`, numbered by first mention."""
        return self.vertices.setdefault(key, len(self.vertices))

    def edge(self, tail: int, head: int, cost: float, other: float, line: int = ALWAYS, onto: int = ALWAYS) -> None:
        """Add one edge, which is there while the line numbered `line` and the one it runs `onto` are open."""
        self.loose.append((tail, head, cost, other, line, onto))

    def edges(self, tail: Ints, head: Ints, cost: Floats, other: Floats, line: Ints | None = None) -> None:
        """Add many edges, arrays of one shape (E,), which are there while the line of each is open, by default always."""
        always = np.full(len(tail), float(ALWAYS))
        self.parts.append(np.stack([tail, head, cost, other, always if line is None else line, always]))

    def laid(self) -> Routes:
        """Return the routes of the finished graph."""
        loose = np.array(self.loose, dtype=float).reshape(-1, 6).T
        columns = np.concatenate([*self.parts, loose], axis=1)
        columns[2:4] = np.round(columns[2:4] / GRAIN) * GRAIN
        tail, head, cost, other, *_ = columns
        return Routes(len(self.vertices), columns[:, np.lexsort((other, cost, head, tail))])


class Routes:
    """Least-cost routes of a graph, while some of its lines are open."""

    def __init__(self, size: int, columns: Floats) -> None:
        """Take the number of vertices and the edges (6, E), sorted by tail, head, cost and what adds up beside it."""
        self.size = size
        self.tail, self.head = (column.astype(np.int64) for column in columns[:2])
        self.cost, self.other = columns[2:4]
        self.lines = columns[4:].astype(np.int64)
        self._ways = Ways(size, self.tail, self.head, self.cost, self.other)
        self._other_of = np.empty((size, size))  # written and read where edges are there only
        self._known: dict[str, tuple[Ints, Labels]] = {}  # "last": the last sources, and the labels from these

    def there(self, lines: Collection[int]) -> NDArray[np.bool_]:
        """Return whether each edge is there while `lines` are open, (E,)."""
        is_open = np.zeros(max(self.lines.max(initial=ALWAYS), *lines, ALWAYS) + 2, dtype=bool)
        is_open[[*lines, ALWAYS]] = True
        line, onto = is_open[self.lines]
        return line & onto

    def edges(self, lines: Collection[int]) -> Ints:
        """Return the edges that are there while `lines` are open, of parallel ones the cheapest only, (E,)."""
        there = np.flatnonzero(self.there(lines))
        tail, head = self.tail[there], self.head[there]
        first = np.ones(len(there), dtype=bool)
        first[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
        return there[first]

    def between(self, sources: Ints, targets: Ints, lines: Collection[int] = ()) -> tuple[Floats, Floats]:
        """Return cost and the other number along the cheapest routes, shape (S, T); both inf where there is none."""
        if kernels.library:
            known = self._labels(kernels.library, self.there(lines), sources)
            return known.to[:, targets], known.beside[:, targets]
        least, beside = self._found_anew(self.edges(lines), sources)
        return least[:, targets], beside[:, targets]

    def _labels(self, library: CDLL, there: NDArray[np.bool_], sources: Ints) -> Labels:
        """Return labels, which go on from those of the last set of edges: bits do not depend on which these were."""
        known = self._known.pop("last", None)  # taken out while they change, so that no other thread goes on from them
        last = known[1] if known and np.array_equal(known[0], sources) else None
        found = self._ways.labels(library, there, sources, last)
        self._known["last"] = sources, found
        return found

    def _found_anew(self, edges: Ints, sources: Ints) -> tuple[Floats, Floats]:
        """Return cost and the other number from `sources` to all vertices, (S, V) each, over `edges`, (E,)."""
        tail, head, cost, other = (column[edges] for column in (self.tail, self.head, self.cost, self.other))
        least, before = dijkstra(self._matrix(edges, cost), indices=sources, return_predecessors=True)
        self._other_of[tail, head] = other
        beside = self._along(before)
        row, edge = _tied(least, tail, head, cost)
        ends = row * self.size + head[edge]
        while True:
            offered = beside[row, tail[edge]] + other[edge]
            less = np.flatnonzero(offered < beside.flat[ends])
            if not len(less):
                beside[np.isinf(least)] = np.inf
                return least, beside
            less = less[np.argsort(-offered[less], kind="stable")]  # the least is written last
            before.flat[ends[less]] = tail[edge[less]]
            beside = self._along(before)

    def components(self, lines: Collection[int] = ()) -> Ints:
        """Return the number of each vertex's connected component, shape (V,)."""
        edges = self.edges(lines)
        return connected_components(self._matrix(edges, np.ones(len(edges))), directed=False)[1].astype(np.int64)

    def _matrix(self, edges: Ints, values: Floats) -> csr_array:
        """Return the graph as a sparse matrix with the 32-bit indices that scipy's graph routines ask for."""
        ends = np.searchsorted(self.tail[edges], np.arange(self.size + 1)).astype(np.int32)
        return csr_array((values, self.head[edges].astype(np.int32), ends), shape=(self.size, self.size))

    def _along(self, before: NDArray[np.int32]) -> Floats:
        """Return what `other` adds up to along the routes, shape (S, V), by pointer jumping over predecessors.

        `before`, (S, V), holds predecessors, negative at a source and where nothing leads.
        """
        here, row = np.arange(self.size), np.arange(len(before))[:, None] * self.size
        reached = before >= 0
        last = np.where(reached, before, here)
        step = np.where(reached, self._other_of[last, here], 0.0).ravel()
        pointer = (last + row).ravel()
        while True:
            onward = pointer.take(pointer)
            if np.array_equal(onward, pointer):
                return step.reshape(before.shape)
            step += step.take(pointer)
            pointer = onward


def _tied(least: Floats, tail: Ints, head: Ints, cost: Floats) -> tuple[Ints, Ints]:
    """Return the pairs of source and edge, (N,) each, by which a vertex is reached at least cost that several so reach."""
    by_vertex = np.ascontiguousarray(least.T)
    onward = by_vertex.take(tail, axis=0)
    onward += cost[:, None]
    edge, row = np.nonzero((onward == by_vertex.take(head, axis=0)) & (onward < np.inf))
    ends = row * len(by_vertex) + head[edge]
    several = np.bincount(ends, minlength=least.size)[ends] > 1
    return row[several], edge[several]
