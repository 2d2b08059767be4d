"""Routes and what lies along them: closed forms, and laws on drawn graphs, with compiled kernels and without."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relocsim import kernels
from relocsim.world.routes import Graph, gabriel, great_circle, nearest


def test_great_circle_of_a_degree() -> None:
    assert great_circle(np.array([0.0, 0.0]), np.array([0.0, 1.0]))[0, 1] == pytest.approx(111.19, abs=0.01)


def test_gabriel_neighbours_have_nobody_between_them() -> None:
    km = np.abs(np.subtract.outer([0.0, 1.0, 2.0], [0.0, 1.0, 2.0]))
    assert gabriel(km).tolist() == [[False, True, False], [True, False, True], [False, True, False]]
    assert nearest(km, 2).sum() == 6


EDGES = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(1, 4), st.integers(0, 4), st.integers(-1, 3)),
    max_size=25,
)


def drawn_graph(edges: list[tuple[int, int, int, int, int]]) -> Graph:
    """Return a graph of six vertices: tail, head, cost, what adds up beside it, line."""
    graph = Graph()
    for vertex in range(6):
        graph.vertex(vertex)
    for tail, head, cost, other, needs in edges:
        graph.edge(tail, head, float(cost), float(other), needs)
    return graph


@settings(max_examples=60, deadline=None)
@given(EDGES)
def test_routes_add_up_what_lies_along_the_cheapest(edges: list[tuple[int, int, int, int, int]]) -> None:
    """As by Floyd-Warshall on pairs: least cost, and of routes that cost the same the least of what adds up beside it."""
    edges = [*edges, (0, 1, 50, 50, -1)]
    least = [[(0.0, 0.0) if i == j else (np.inf, np.inf) for j in range(6)] for i in range(6)]
    for tail, head, *pair, _ in edges:
        least[tail][head] = min(least[tail][head], tuple(map(float, pair)))  # type: ignore[type-var]
    for k, i, j in product(range(6), repeat=3):
        (to, beside), (cost, other) = least[i][k], least[k][j]
        least[i][j] = min(least[i][j], (to + cost, beside + other))
    for library in (kernels.library, None):
        with kernels.using(library):
            cost, other = drawn_graph(edges).laid().between(np.arange(6), np.arange(6), range(4))
        np.testing.assert_array_equal(np.stack([cost, other], axis=-1), least)


def test_of_routes_that_cost_the_same_the_lesser_fare_counts_whatever_their_order() -> None:
    """Two ways from 0 to 3 at the same cost, through 1 or 2, in either order of mention."""
    by_one, by_two = [(0, 1, 2, 3, -1), (1, 3, 2, 1, -1)], [(0, 2, 1, 1, -1), (2, 3, 3, 1, -1)]
    for edges, library in product((by_one + by_two, by_two + by_one), (kernels.library, None)):
        with kernels.using(library):
            cost, other = drawn_graph(edges).laid().between(np.arange(6), np.arange(6))
        assert (cost[0, 3], other[0, 3]) == (4.0, 2.0)
