"""Points on the map, roads by rule, and least-cost routes with what adds up along them.

Pure functions of arrays; this module knows neither modes nor dates (see `relocsim.world.network`).
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

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


@dataclass
class Graph:
    """A directed graph under construction: vertices by key, two numbers an edge."""

    vertices: dict[Hashable, int] = field(default_factory=dict)
    """Number of each vertex."""
    tails: list[Ints] = field(default_factory=list)
    heads: list[Ints] = field(default_factory=list)
    costs: list[Floats] = field(default_factory=list)
    """What the route minimises."""
    others: list[Floats] = field(default_factory=list)
    """What adds up beside it."""
    loose: list[tuple[int, int, float, float]] = field(default_factory=list)
    """Edges added one by one."""

    def twin(self) -> Graph:
        """Return a graph that may grow on its own from what is here."""
        grown = Graph(self.vertices.copy(), self.tails.copy(), self.heads.copy())
        grown.costs, grown.others, grown.loose = self.costs.copy(), self.others.copy(), self.loose.copy()
        return grown

    def vertex(self, key: Hashable) -> int:
        """Return the number of `key`, numbered by first mention."""
        return self.vertices.setdefault(key, len(self.vertices))

    def edge(self, tail: int, head: int, cost: float, other: float) -> None:
        """Add one edge."""
        self.loose.append((tail, head, cost, other))

    def edges(self, tail: Ints, head: Ints, cost: Floats, other: Floats) -> None:
        """Add many edges, arrays of one shape (E,)."""
        self.tails.append(tail)
        self.heads.append(head)
        self.costs.append(cost)
        self.others.append(other)

    def arrays(self) -> tuple[Ints, Ints, Floats, Floats]:
        """Return tails, heads, costs, others, shape (E,), sorted, of parallel edges only the cheapest."""
        loose = np.array(self.loose, dtype=float).reshape(-1, 4)
        tail = np.concatenate([*self.tails, loose[:, 0].astype(np.int64)])
        head = np.concatenate([*self.heads, loose[:, 1].astype(np.int64)])
        cost = np.concatenate([*self.costs, loose[:, 2]])
        other = np.concatenate([*self.others, loose[:, 3]])
        order = np.lexsort((other, cost, head, tail))
        tail, head, cost, other = tail[order], head[order], cost[order], other[order]
        first = np.ones(len(tail), dtype=bool)
        first[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
        return tail[first], head[first], cost[first], other[first]

    def routes(self, sources: Ints, targets: Ints) -> tuple[Floats, Floats]:
        """Return cost and the other number along the cheapest routes, shape (S, T); both inf where there is none."""
        tail, head, cost, other = self.arrays()
        size = len(self.vertices)
        matrix = self._matrix(tail, head, cost)
        least, before = dijkstra(matrix, indices=sources, return_predecessors=True)
        return least[:, targets], _along(before, sources, tail * size + head, other)[:, targets]

    def _matrix(self, tail: Ints, head: Ints, values: Floats) -> csr_array:
        """Return the graph as a sparse matrix with the 32-bit indices that scipy's graph routines ask for."""
        size = len(self.vertices)
        where = (tail.astype(np.int32), head.astype(np.int32))
        return csr_array((values, where), shape=(size, size))

    def components(self) -> Ints:
        """Return the number of each vertex's connected component, shape (V,)."""
        tail, head, cost, _ = self.arrays()
        matrix = self._matrix(tail, head, np.ones_like(cost))
        return connected_components(matrix, directed=False)[1].astype(np.int64)


def _along(before: NDArray[np.int32], sources: Ints, keys: Ints, other: Floats) -> Floats:
    """Return what `other` adds up to from each row's source, shape (S, V), by pointer jumping over predecessors.

    `before` holds predecessors (negative at a source and where nothing leads); `keys` are the sorted edge codes.
    """
    size = before.shape[1]
    here = np.arange(size)
    reached = before >= 0
    pointer = np.where(reached, before, here).astype(np.int64)
    step = np.where(reached, other[np.searchsorted(keys, np.where(reached, pointer * size + here, keys[0]))], 0.0)
    while True:
        onward = np.take_along_axis(pointer, pointer, axis=1)
        if np.array_equal(onward, pointer):
            break
        step += np.take_along_axis(step, pointer, axis=1)
        pointer = onward
    return np.where(pointer == sources[:, None], step, np.inf)
