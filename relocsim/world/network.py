"""Dated access: hours and fares of people, cost distance of goods, from the network as it stands on a day.

People and goods travel on different graphs: high-speed rail carries people only, so that what opens there cannot change
freight by a single bit. Lines and points are sorted by id, so that no order in a file matters. Results are cached by
open lines: a policy that opens none costs nothing. This module refuses to read files and to draw.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from relocsim.errors import Problem, SpecError
from relocsim.world.journeys import Travel, goods_graph, goods_legs
from relocsim.world.lines import Line, Mode, Network
from relocsim.world.points import Points, roads_by_rule
from relocsim.world.routes import Floats, Ints, Routes

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

    kept: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What phases keep that depends on access."""

    def __post_init__(self) -> None:
        for column in vars(self).values():
            if isinstance(column, np.ndarray):
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
        self._line = {name: at for at, name in enumerate(sorted(network.lines))}
        self._by_people = self._laid_for_people()
        legs = goods_legs(network, self.points, self._line, self._roads)
        self._by_goods = [goods_graph(network, self.points, legs, bulk=bulk).laid() for bulk in (False, True)]
        component = self._by_people.components()[self.points.places]
        self._roads_suffice = bool((component == component[:1]).all())
        self._people: dict[frozenset[str], tuple[Floats, Floats]] = {}
        self._goods: dict[frozenset[str], tuple[Floats, ...]] = {}
        self._access: dict[frozenset[str], Access] = {}
        self._open: dict[tuple[dt.date, frozenset[tuple[str, dt.date]]], frozenset[str]] = {}

    def open_lines(self, on: dt.date, opened: Mapping[str, dt.date] | None = None) -> frozenset[str]:
        """Return the lines that are open on a day; `opened` holds opening days that policies set (date.max: never)."""
        key = (on, frozenset((opened or {}).items()))
        if key not in self._open:
            self._open[key] = open_lines(self.network, on, opened)
        return self._open[key]

    def at(self, open_lines: frozenset[str]) -> Access:
        """Return the access while these lines are open; SpecError names the places that nothing reaches."""
        if open_lines not in self._access:
            modes = self.network.modes
            people = frozenset(name for name in open_lines if modes[self.network.lines[name].mode].passengers)
            goods = frozenset(name for name in open_lines if modes[self.network.lines[name].mode].freight)
            if people not in self._people:
                self._people[people] = self._passengers(people)
            if goods not in self._goods:
                ordinary, bulk = (self._freight(goods, laid) for laid in self._by_goods)
                self._goods[goods] = (*ordinary, bulk[0], *bulk[2:])
            self._access[open_lines] = Access(*self._people[people], *self._goods[goods])
        return self._access[open_lines]

    def _laid_for_people(self) -> Routes:
        travel = Travel(self.network, self.points, self.value_of_time, self._line)
        travel.add_roads(*self._roads)
        travel.add_lines(name for name in self._line if self.network.modes[self.network.lines[name].mode].passengers)
        travel.add_flights()
        return travel.graph.laid()

    def _passengers(self, names: frozenset[str]) -> tuple[Floats, Floats]:
        lines = [self._line[name] for name in names]
        if not self._roads_suffice:  # what roads and flights join no line can part
            self._require_connected(self._by_people.components(lines), "passengers")
        cost, fare = self._by_people.between(self.points.places, self.points.places, lines)
        return (cost - fare) / self.value_of_time, fare

    def _freight(self, names: frozenset[str], laid: Routes) -> tuple[Floats, Floats, Floats, Floats]:
        lines = [self._line[name] for name in names]
        self._require_connected(laid.components(lines), "goods")
        count = len(self.points.places)
        km, hours = laid.between(self.points.places, np.concatenate([self.points.places, self.points.ports]), lines)
        port = np.argmin(km[:, count:], axis=1)
        row = np.arange(count)
        return km[:, :count], hours[:, :count], km[row, count + port], hours[row, count + port]

    def _require_connected(self, components: Ints, who: str) -> None:
        component = components[self.points.places]
        main = np.bincount(component).argmax()
        lost = sorted(self.points.ids[point] for point in self.points.places[component != main])
        if lost:
            message = f"no route for {who} to {', '.join(lost)}"
            hint = "add a line that stops there, or unbar its roads"
            raise SpecError([Problem(message, path="network.lines", hint=hint)])


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
    names = sorted(name for name in open_lines(network, on) if network.lines[name].mode in modes)
    number = {name: at for at, name in enumerate(names)}
    travel = Travel(network, points, 1.0, number, fares=False)
    travel.add_lines(names, doors=False)
    for name in names:
        for point in sorted({points.index[stop] for stop in network.lines[name].stops}):
            train = travel.graph.vertex((name, point))
            travel.edge(travel.graph.vertex(("station", point)), train, 0.0)
            travel.edge(train, travel.graph.vertex(("terminus", point)), 0.0)
    start = np.array([travel.graph.vertex(("station", point)) for point in points.places.tolist()])
    finish = np.array([travel.graph.vertex(("terminus", point)) for point in points.places.tolist()])
    hours, _ = travel.graph.laid().between(start, finish, number.values())
    np.fill_diagonal(hours, 0.0)
    return hours
