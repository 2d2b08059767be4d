"""The dated transport network as its file describes it: modes, lines, roads, airways, ports."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from relocsim.world.described import Described, Identifier, Name, number


class Mode(StrEnum):
    """Mode of transport of a line."""

    ROAD = "road"
    RAIL = "rail"
    HSR = "hsr"
    RIVER = "river"
    SEA = "sea"
    AIR = "air"


class ModeTerms(Described):
    """What a mode costs and how it is boarded."""

    passengers: bool
    """Whether it carries people."""
    freight: bool
    """Whether it carries goods."""
    board_hours: Annotated[float, number("hours", ge=0)]
    """From the city's centre to a seat: access, queue and half a wait."""
    alight_hours: Annotated[float, number("hours", ge=0)]
    """From the seat to the other city's centre."""
    transfer_hours: Annotated[float, number("hours", ge=0)]
    """From one train (ship, flight) to the next where lines meet."""
    through_hours: Annotated[float, number("hours", ge=0)]
    """Stop of a through train where it passes from one line to another (`Line.through`)."""
    fare: Annotated[float, number("yuan/km", ge=0)]
    """Fare of a person."""
    fixed_fare: Annotated[float, number("yuan", ge=0)]
    """Part of the fare that does not depend on distance."""
    freight_cost: Annotated[float, number("ratio to road", ge=0)]
    """Cost of carrying goods a kilometre, road = 1 (not used where the mode carries none)."""
    freight_handling_km: Annotated[float, number("km of road", ge=0)]
    """Cost of loading on and off the mode, in kilometres of road."""
    bulk_cost: Annotated[float, number("ratio to road", ge=0)] | None = None
    """The cost of carrying bulk goods a kilometre where it is lower than that of other goods; none: the same."""
    bulk_handling_km: Annotated[float, number("km of road", ge=0)] | None = None
    """The cost of loading bulk goods where it is lower than that of other goods; none: the same."""
    freight_handling_hours: Annotated[float, number("hours", ge=0)]
    """Time in terminals, loading and unloading together."""
    freight_speed: Annotated[float, number("km/hour", gt=0)]
    """Speed of goods between terminals (not used where the mode carries none)."""
    detour: Annotated[float, number("ratio", ge=1)]
    """Length of a line over the great circle, where no length is given."""


class Node(Described):
    """A station, port or junction that is not itself a place under study."""

    name: Name
    """English name."""
    lon: Annotated[float, number("degree", ge=-180, le=180)]
    """Longitude."""
    lat: Annotated[float, number("degree", ge=-90, le=90)]
    """Latitude."""


class Line(Described):
    """A line: neighbouring stops in order, and the hours between them."""

    name: Name
    """English name."""
    name_zh: Name
    """Chinese name."""
    mode: Mode
    """Mode of transport."""
    opens: dt.date | None = None
    """Opening date; none: it was there before any scenario."""
    closes: dt.date | None = None
    """Last day of the timetable, where a faster one replaces it."""
    planned: bool = False
    """Not built in the baseline: opens only by a policy."""
    stops: Annotated[tuple[Identifier, ...], Field(min_length=2)]
    """Places or nodes in order."""
    hours: tuple[Annotated[float, number("hours", gt=0)], ...] = ()
    """In-vehicle hours between neighbouring stops, stops on the way included; one fewer than `stops` (none where the
    mode carries goods only: they go at the mode's speed)."""
    fare: Annotated[float, number("yuan/km", ge=0)] | None = None
    """Fare of a person, where it differs from the mode's (D trains are cheaper than G trains)."""
    through: tuple[Identifier, ...] = ()
    """Lines onto which trains run through at a common stop, so that nobody changes there (holds both ways)."""


class Roads(Described):
    """Rule for the road network, which joins neighbouring places and nodes."""

    speed: Annotated[float, number("km/hour", gt=0)]
    """Speed of a car or coach between cities, stops included."""
    detour: Annotated[float, number("ratio", ge=1)]
    """Length of a road over the great circle."""
    neighbours: Annotated[int, Field(ge=1, le=20)]
    """Each place is joined to so many nearest others, and to its neighbours in the Gabriel graph."""
    barred: tuple[tuple[Identifier, Identifier], ...] = ()
    """Pairs that the rule would join but that open water parts."""


class Airways(Described):
    """Rule for scheduled flights: every pair of hubs far enough apart."""

    hubs: tuple[Identifier, ...] = ()
    """Places or nodes with an airport that serves most of the others daily."""
    speed: Annotated[float, number("km/hour", gt=0)]
    """Cruising speed over the great circle."""
    fixed_hours: Annotated[float, number("hours", ge=0)]
    """Taxiing, climb and descent, beyond cruising."""
    least_km: Annotated[float, number("km", ge=0)]
    """Hubs nearer than this have no flights between them."""


class Network(Described):
    """The dated transport network."""

    modes: dict[Mode, ModeTerms]
    """Terms of each mode."""
    roads: Roads
    """The road network."""
    airways: Airways
    """Flights between hubs."""
    nodes: dict[Identifier, Node] = Field({})
    """Stations, ports and junctions that are not places."""
    ports: tuple[Identifier, ...]
    """Places or nodes where exports leave the country."""
    lines: dict[Identifier, Line]
    """Lines by id."""
