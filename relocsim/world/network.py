"""Dated access: hours and fares of people, cost distance of goods, from the network as it stands on a day.

People and goods travel on different graphs: high-speed rail carries people only, so that what opens there cannot change
freight by a single bit. Lines and points are sorted by id, so that no order in a file matters. Results are cached by
open lines: a policy that opens none costs nothing. This module refuses to read files and to draw.
"""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from relocsim.errors import Problem, SpecError
from relocsim.world.lines import Line, Mode, ModeTerms, Network
from relocsim.world.points import Points, roads_by_rule
from relocsim.world.routes import Floats, Graph, Ints

RAILWAYS = frozenset({Mode.RAIL, Mode.HSR})
"""Modes whose hours stand in railway timetables."""


@dataclass(frozen=True)
class Access:
    """What lies between places, in the order in which the table was given them; read-only."""

    hours: Floats
    """One-way door-to-door hours of a passenger, shape (P, P); 0 within a place."""
    fare: Floats
    """One-way fare of that route, yuan, shape (P, P)."""
    freight_km: Floats
    """Cost distance of goods, in km of road, handling included, shape (P, P)."""
    freight_hours: Floats
    """Hours of goods on that route, terminals included, shape (P, P)."""
    port_km: Floats
    """`freight_km` to the nearest port, shape (P,)."""
    port_hours: Floats
    """Hours of goods to that port, shape (P,)."""
    bulk_km: Floats
    """`freight_km` of bulk goods, by the cheapest mix of modes, shape (P, P)."""
    bulk_port_km: Floats
    """`bulk_km` to the nearest port, shape (P,)."""
    bulk_port_hours: Floats
    """Hours of bulk goods to that port, shape (P,)."""

    def __post_init__(self) -> None:
        for column in vars(self).values():
            column.setflags(write=False)


class AccessTable:
    """Access by the set of open lines, worked out once for each set."""

    def __init__(
        self, network: Network, place_ids: Sequence[str], lon: Floats, lat: Floats,
        *, value_of_time: float,
    ) -> None:  # fmt: skip
        """Prepare points and roads; `value_of_time` in yuan/hour, `lon` and `lat` in degrees, shape (P,)."""
        self.network = network
        self.value_of_time = value_of_time
        self.points = Points(network, place_ids, lon, lat)
        self._roads = roads_by_rule(network, self.points)
        self._on_roads = Travel(network, self.points, value_of_time)
        self._on_roads.add_roads(*self._roads)
        component = self._on_roads.graph.components()[self.points.places]
        self._roads_suffice = bool((component == component[:1]).all())
        self._people: dict[frozenset[str], tuple[Floats, Floats]] = {}
        self._goods: dict[frozenset[str], tuple[Floats, ...]] = {}
        self._access: dict[frozenset[str], Access] = {}

    def open_lines(self, on: dt.date, opened: Mapping[str, dt.date] | None = None) -> frozenset[str]:
        """Return the lines that are open on a day; `opened` holds opening days that policies set (date.max: never)."""
        return open_lines(self.network, on, opened)

    def at(self, open_lines: frozenset[str]) -> Access:
        """Return the access while these lines are open; SpecError names the places that nothing reaches."""
        if open_lines not in self._access:
            modes = self.network.modes
            people = frozenset(name for name in open_lines if modes[self.network.lines[name].mode].passengers)
            goods = frozenset(name for name in open_lines if modes[self.network.lines[name].mode].freight)
            if people not in self._people:
                self._people[people] = self._passengers(people)
            if goods not in self._goods:
                ordinary, bulk = self._freight(goods, bulk=False), self._freight(goods, bulk=True)
                self._goods[goods] = (*ordinary, bulk[0], *bulk[2:])
            self._access[open_lines] = Access(*self._people[people], *self._goods[goods])
        return self._access[open_lines]

    def _passengers(self, lines: frozenset[str]) -> tuple[Floats, Floats]:
        travel = copy.copy(self._on_roads)
        travel.graph = self._on_roads.graph.twin()
        travel.add_lines(lines)
        travel.add_flights()
        if not self._roads_suffice:  # what roads join no line can part
            self._require_connected(travel.graph, "passengers")
        cost, fare = travel.graph.routes(self.points.places, self.points.places)
        return (cost - fare) / self.value_of_time, fare

    def _freight(self, lines: frozenset[str], *, bulk: bool) -> tuple[Floats, Floats, Floats, Floats]:
        graph = _freight_graph(self.network, self.points, lines, self._roads, bulk=bulk)
        self._require_connected(graph, "goods")
        count = len(self.points.places)
        km, hours = graph.routes(self.points.places, np.concatenate([self.points.places, self.points.ports]))
        port = np.argmin(km[:, count:], axis=1)
        row = np.arange(count)
        return km[:, :count], hours[:, :count], km[row, count + port], hours[row, count + port]

    def _require_connected(self, graph: Graph, who: str) -> None:
        component = graph.components()[self.points.places]
        main = np.bincount(component).argmax()
        lost = sorted(self.points.ids[point] for point in self.points.places[component != main])
        if lost:
            message = f"no route for {who} to {', '.join(lost)}"
            hint = "add a line that stops there, or unbar its roads"
            raise SpecError([Problem(message, path="network.lines", hint=hint)])


class Travel:
    """The graph of passengers: doors of points, roads, stops of lines, gates of airports."""

    def __init__(self, network: Network, points: Points, value_of_time: float, *, fares: bool = True) -> None:
        """Begin with the doors; without `fares` only hours count."""
        self.network = network
        self.points = points
        self.value_of_time = value_of_time
        self.fares = float(fares)
        self.graph = Graph()
        for point in range(len(points.ids)):
            self.graph.vertex(("door", point))

    def edge(self, tail: int, head: int, hours: float, fare: float = 0.0) -> None:
        """Add a step that takes time and money."""
        fare *= self.fares
        self.graph.edge(tail, head, hours * self.value_of_time + fare, fare)

    def edges(self, tail: Ints, head: Ints, hours: Floats, fare: Floats) -> None:
        """Add many steps, arrays of one shape (E,)."""
        fare = fare * self.fares
        self.graph.edges(tail, head, hours * self.value_of_time + fare, fare)

    def join_door(self, point: int, mode: Mode, departure: int, arrival: int) -> None:
        """Join a point's door to a vertex where the mode departs and one where it arrives.

        Half of boarding and alighting at either end, so that the way back is as long as the way out.
        """
        terms = self.network.modes[mode]
        door = self.graph.vertex(("door", point))
        half = (terms.board_hours + terms.alight_hours) / 2
        self.edge(door, departure, half, terms.fixed_fare / 2)
        self.edge(arrival, door, half, terms.fixed_fare / 2)

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
        runs = sorted({pair for name, line in lines.items() for other in line.through if other in lines
                       for pair in ((name, other), (other, name))})  # fmt: skip
        split = {(name, stop) for name, other in runs for stop in set(lines[name].stops) & set(lines[other].stops)}
        for name, line in lines.items():
            self._add_rides(name, line, {stop for stop in line.stops if (name, stop) in split}, doors=doors)
        for name, other in runs:
            for stop in sorted(set(lines[name].stops) & set(lines[other].stops)):
                point = self.points.index[stop]
                arrival, departure = self._stop(name, point, "in"), self._stop(other, point, "out")
                self.edge(arrival, departure, self._through(lines[name].mode, lines[other].mode))

    def _through(self, one: Mode, two: Mode) -> float:
        return (self.network.modes[one].through_hours + self.network.modes[two].through_hours) / 2

    def _stop(self, name: str, point: int, side: str) -> int:
        return self.graph.vertex((name, point, side))

    def _add_rides(self, name: str, line: Line, split: set[str], *, doors: bool) -> None:
        terms = self.network.modes[line.mode]
        price = terms.fare if line.fare is None else line.fare
        for stop in line.stops:
            point = self.points.index[stop]
            departure = self._stop(name, point, "out")
            arrival = self._stop(name, point, "in") if stop in split else departure
            if stop in split:
                self.edge(arrival, departure, 0.0)
            change = self.graph.vertex(("change", point))
            self.edge(arrival, change, terms.transfer_hours / 2)
            self.edge(change, departure, terms.transfer_hours / 2)
            if doors:
                self.join_door(point, line.mode, departure, arrival)
        ends = {self.points.index[stop]: "in" if stop in split else "out" for stop in line.stops}
        for (one, two), hours in zip(self.points.links(line), line.hours, strict=True):
            fare = price * terms.detour * float(self.points.km[one, two])
            for tail, head in ((one, two), (two, one)):
                self.edge(self._stop(name, tail, "out"), self._stop(name, head, ends[head]), hours, fare)

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


def open_lines(network: Network, on: dt.date, opened: Mapping[str, dt.date] | None = None) -> frozenset[str]:
    """Return the lines that are open on a day; a day in `opened` takes the place of the line's own."""
    return frozenset(name for name, line in network.lines.items() if _is_open(name, line, on, opened or {}))


def _is_open(name: str, line: Line, on: dt.date, opened: Mapping[str, dt.date]) -> bool:
    if line.closes is not None and on > line.closes:
        return False
    if name in opened:
        return opened[name] <= on
    return not line.planned and (line.opens is None or line.opens <= on)


def rail_hours(
    network: Network, place_ids: Sequence[str], lon: Floats, lat: Floats,
    *, on: dt.date, modes: frozenset[Mode] = RAILWAYS,
) -> Floats:  # fmt: skip
    """Return the shortest hours from station to station on a day's railways, shape (P, P), to compare with timetables.

    In-vehicle hours and changes of train, without the ways to the first station and from the last; inf where no train
    goes, 0 within a place.
    """
    points = Points(network, place_ids, lon, lat)
    travel = Travel(network, points, value_of_time=1.0, fares=False)
    names = [name for name in open_lines(network, on) if network.lines[name].mode in modes]
    travel.add_lines(names, doors=False)
    for name in sorted(names):
        for point in sorted({points.index[stop] for stop in network.lines[name].stops}):
            station = travel.graph.vertex(("station", point))
            travel.edge(station, travel.graph.vertex((name, point, "out")), 0.0)
            end = (name, point, "in") if (name, point, "in") in travel.graph.vertices else (name, point, "out")
            travel.edge(travel.graph.vertex(end), travel.graph.vertex(("terminus", point)), 0.0)
    start = np.array([travel.graph.vertex(("station", point)) for point in points.places.tolist()])
    finish = np.array([travel.graph.vertex(("terminus", point)) for point in points.places.tolist()])
    hours, _ = travel.graph.routes(start, finish)
    np.fill_diagonal(hours, 0.0)
    return hours


def _goods_cost(terms: ModeTerms, *, bulk: bool) -> tuple[float, float]:
    """Return the cost of a kilometre and of handling, km of road; bulk never costs more than other goods."""
    cost, handling = terms.freight_cost, terms.freight_handling_km
    if not bulk:
        return cost, handling
    per_km = cost if terms.bulk_cost is None else min(cost, terms.bulk_cost)
    return per_km, handling if terms.bulk_handling_km is None else min(handling, terms.bulk_handling_km)


def _freight_graph(
    network: Network, points: Points, lines: Iterable[str], roads: tuple[Ints, Ints, Floats], *, bulk: bool
) -> Graph:
    """Return the graph of goods, cost in km of road and hours beside it: one layer a mode, handling to enter and leave.

    Within a mode wagons and ships pass from line to line without handling.
    """
    graph = Graph()
    doors = [graph.vertex(("door", point)) for point in range(len(points.ids))]
    legs = [(line.mode, one, two, float(points.km[one, two]) * network.modes[line.mode].detour)
            for line in (network.lines[name] for name in sorted(lines)) for one, two in points.links(line)]  # fmt: skip
    if network.modes[Mode.ROAD].freight:
        legs += [(Mode.ROAD, one, two, km) for one, two, km in zip(*(part.tolist() for part in roads), strict=True)]
    for mode, point in sorted({(mode, point) for mode, one, two, _ in legs for point in (one, two)}):
        terms, vertex = network.modes[mode], graph.vertex((mode, point))
        half = _goods_cost(terms, bulk=bulk)[1] / 2, terms.freight_handling_hours / 2
        graph.edge(doors[point], vertex, *half)
        graph.edge(vertex, doors[point], *half)
    for mode, one, two, km in legs:
        terms, ends = network.modes[mode], (graph.vertex((mode, one)), graph.vertex((mode, two)))
        for tail, head in (ends, ends[::-1]):
            graph.edge(tail, head, km * _goods_cost(terms, bulk=bulk)[0], km / terms.freight_speed)
    return graph
