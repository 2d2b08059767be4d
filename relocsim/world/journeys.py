"""How people and goods get about: the graphs of their journeys, with the time and money of every step.

This module knows no dates: an edge says which lines it needs (see `relocsim.world.network`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np

from relocsim.world.lines import Line, Mode, ModeTerms, Network
from relocsim.world.points import Points
from relocsim.world.routes import ALWAYS, Floats, Graph, Ints


class Travel:
    """The graph of passengers: doors of points, roads, stops of lines, gates of airports."""

    def __init__(
        self, network: Network, points: Points, value_of_time: float, line: Mapping[str, int], *, fares: bool = True
    ) -> None:
        """Begin with the doors; `line` numbers the lines; without `fares` only hours count."""
        self.network = network
        self.points = points
        self.value_of_time = value_of_time
        self.line = line
        self.fares = float(fares)
        self.graph = Graph()
        for point in range(len(points.ids)):
            self.graph.vertex(("door", point))

    def edge(self, tail: int, head: int, hours: float, fare: float = 0.0, *lines: int) -> None:
        """Add a step that takes time and money, there while `lines` (two at most) are open."""
        fare *= self.fares
        self.graph.edge(tail, head, hours * self.value_of_time + fare, fare, *lines)

    def edges(self, tail: Ints, head: Ints, hours: Floats, fare: Floats) -> None:
        """Add many steps, arrays of one shape (E,)."""
        fare = fare * self.fares
        self.graph.edges(tail, head, hours * self.value_of_time + fare, fare)

    def join_door(self, point: int, mode: Mode, departure: int, arrival: int, *lines: int) -> None:
        """Join a point's door to a vertex where the mode departs and one where it arrives.

        Half of boarding and alighting at either end, so that the way back is as long as the way out.
        """
        terms = self.network.modes[mode]
        door = self.graph.vertex(("door", point))
        half = (terms.board_hours + terms.alight_hours) / 2
        self.edge(door, departure, half, terms.fixed_fare / 2, *lines)
        self.edge(arrival, door, half, terms.fixed_fare / 2, *lines)

    def add_roads(self, tail: Ints, head: Ints, km: Floats) -> None:
        """Add the roads, where people may use them."""
        terms = self.network.modes[Mode.ROAD]
        if terms.passengers:
            first = np.array([self.graph.vertex(("road", point)) for point in range(len(self.points.ids))])
            for point, vertex in enumerate(first.tolist()):
                self.join_door(point, Mode.ROAD, vertex, vertex)
            self.edges(first[tail], first[head], km / self.network.roads.speed, km * terms.fare)

    def add_lines(self, names: Iterable[str], *, doors: bool = True) -> None:
        """Add lines: rides, runs through to other lines, changes, and the ways to and from the doors."""
        lines = {name: self.network.lines[name] for name in sorted(names)}
        onto: dict[str, set[str]] = {name: set() for name in lines}
        for name, line in lines.items():
            for other in onto.keys() & set(line.through):
                onto[name].add(other)
                onto[other].add(name)
        for name, line in lines.items():
            self._add_stops(name, line, doors=doors)
            self._add_rides(name, line, {other: lines[other] for other in sorted(onto[name])})

    def _stop(self, name: str, point: int) -> int:
        return self.graph.vertex((name, point))

    def _add_stops(self, name: str, line: Line, *, doors: bool) -> None:
        terms, number = self.network.modes[line.mode], self.line[name]
        for stop in line.stops:
            point = self.points.index[stop]
            train, change = self._stop(name, point), self.graph.vertex(("change", point))
            self.edge(train, change, terms.transfer_hours / 2, 0.0, number)
            self.edge(change, train, terms.transfer_hours / 2, 0.0, number)
            if doors:
                self.join_door(point, line.mode, train, train, number)

    def _add_rides(self, name: str, line: Line, onto: Mapping[str, Line]) -> None:
        """Add the rides of a line; who arrives may stay on a train that runs through `onto` another line."""
        terms, number = self.network.modes[line.mode], self.line[name]
        price = terms.fare if line.fare is None else line.fare
        runs = [(self.points.index[stop], other, (terms.through_hours + self.network.modes[by.mode].through_hours) / 2)
                for other, by in onto.items() for stop in line.stops if stop in by.stops]  # fmt: skip
        for (one, two), hours in zip(self.points.links(line), line.hours, strict=True):
            fare = price * terms.detour * float(self.points.km[one, two])
            for tail, head in ((one, two), (two, one)):
                train = self._stop(name, tail)
                self.edge(train, self._stop(name, head), hours, fare, number)
                for at, other, stopping in runs:
                    if at == head:
                        self.edge(train, self._stop(other, head), hours + stopping, fare, number, self.line[other])

    def add_flights(self) -> None:
        """Add flights between all pairs of hubs that are far enough apart, and changes at the hubs."""
        airways, terms = self.network.airways, self.network.modes.get(Mode.AIR)
        hubs = np.array(sorted(self.points.index[hub] for hub in airways.hubs), dtype=np.int64)
        if terms is None or not terms.passengers or not len(hubs):
            return
        gates = np.array([[self.graph.vertex(("gate", hub, side)) for side in ("out", "in")] for hub in hubs.tolist()])
        for hub, (departure, arrival) in zip(hubs.tolist(), gates.tolist(), strict=True):
            self.join_door(hub, Mode.AIR, departure, arrival)
            self.edge(arrival, departure, terms.transfer_hours, terms.fixed_fare)
        km = self.points.km[np.ix_(hubs, hubs)]
        one, two = np.nonzero((km >= airways.least_km) & (km > 0))
        hours = airways.fixed_hours + km[one, two] / airways.speed
        self.edges(gates[one, 0], gates[two, 1], hours, km[one, two] * terms.detour * terms.fare)


def _goods_cost(terms: ModeTerms, *, bulk: bool) -> tuple[float, float]:
    """Return the cost of a kilometre and of handling, km of road; bulk never costs more than other goods."""
    cost, handling = terms.freight_cost, terms.freight_handling_km
    if not bulk:
        return cost, handling
    per_km = cost if terms.bulk_cost is None else min(cost, terms.bulk_cost)
    return per_km, handling if terms.bulk_handling_km is None else min(handling, terms.bulk_handling_km)


class Legs(NamedTuple):
    """Ways of goods from one point to another, and back, within a mode, (E,) each."""

    mode: Ints
    """Position of the mode among the network's, sorted."""
    one: Ints
    two: Ints
    km: Floats
    line: Ints
    """Number of the line, `ALWAYS` for roads."""


def goods_legs(network: Network, points: Points, number: Mapping[str, int], roads: tuple[Ints, Ints, Floats]) -> Legs:
    """Return the legs of the lines, which `number` numbers, and the roads, as far as they carry goods."""
    modes, terms = sorted(network.modes), network.modes
    lines = {name: network.lines[name] for name in sorted(number) if terms[network.lines[name].mode].freight}
    legs = [(modes.index(line.mode), one, two, number[name], terms[line.mode].detour)
            for name, line in lines.items() for one, two in points.links(line)]  # fmt: skip
    *whole, detour = np.array(legs, dtype=float).reshape(-1, 5).T
    mode, one, two, line = (column.astype(np.int64) for column in whole)
    by_line = Legs(mode, one, two, points.km[one, two] * detour, line)
    if not terms[Mode.ROAD].freight:
        return by_line
    road, always = (np.full(len(roads[0]), of) for of in (modes.index(Mode.ROAD), ALWAYS))
    return Legs(*(np.concatenate(pair) for pair in zip(by_line, Legs(road, *roads, always), strict=True)))


def goods_graph(network: Network, points: Points, legs: Legs, *, bulk: bool) -> Graph:
    """Return the graph of goods, cost in km of road and hours beside it: one layer a mode, handling to enter and leave.

    Within a mode wagons and ships pass from line to line without handling.
    """
    graph, size = Graph(), len(points.ids)
    stops, at = np.unique(np.stack([legs.one, legs.two]) + legs.mode * size, return_inverse=True)
    for key in [*(("door", point) for point in range(size)), *(("stop", stop) for stop in stops.tolist())]:
        graph.vertex(key)
    terms = [network.modes[mode] for mode in sorted(network.modes)]
    per_km, handling = np.array([_goods_cost(one, bulk=bulk) for one in terms]).T
    hours, speed = np.array([(one.freight_handling_hours, one.freight_speed) for one in terms]).T
    (mode, door), inside, ends = np.divmod(stops, size), size + np.arange(len(stops)), size + at.reshape(2, -1)
    for tail, head in ((door, inside), (inside, door)):
        graph.edges(tail, head, handling[mode] / 2, hours[mode] / 2)
    for tail, head in (ends, ends[::-1]):
        graph.edges(tail, head, legs.km * per_km[legs.mode], legs.km / speed[legs.mode], legs.line)
    return graph
