"""What one entry of a world says of another: ids exist, lists fit each other, ends come in order.

This module refuses to check single values (see `validation`) and what a scenario says (see `policychecks`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from relocsim.errors import Problem
from relocsim.spec.names import Names
from relocsim.spec.nodes import Node, Step, Steps, descend, problem
from relocsim.spec.validation import accepted
from relocsim.spec.words import near
from relocsim.world.description import Place, Sector, WorldDescription
from relocsim.world.lines import Line, Mode, ModeTerms, Network
from relocsim.world.parameters import Parameters

Values: TypeAlias = Mapping[str, Any] | WorldDescription


class At:
    """Makes problems at the entries of a tree."""

    def __init__(self, tree: Node) -> None:
        self._tree = tree

    def __call__(self, steps: Iterable[Step], message: str, hint: str = "", *, key: bool = False) -> Problem:
        """Return a problem at the entry at `steps` (at its key if `key`)."""
        steps = tuple(steps)
        node, _ = descend(self._tree, steps)
        return problem((node.key if key else None) or node.mark, message, steps=steps, hint=hint)

    def unknown(
        self, what: str, steps: Steps, name: str, known: Collection[str], *, key: bool = False
    ) -> list[Problem]:
        """Return the problem of a name that points at nothing; nothing if it is known."""
        return [] if name in known else [self(steps, f"there is no {what} {name!r}", near(name, known), key=key)]


def world_problems(values: Values, tree: Node, names: Names) -> list[Problem]:
    """Return what does not fit together in a world; entries that are unsound by themselves are passed over.

    `values` are those of the tree, or the world itself where it is sound: its entries need not be made again.
    """
    at = At(tree)
    problems = [*_places(values, names, at), *_sectors(values, names, at), *_shared_ids(names, at)]
    problems += _resources(values, names, at)
    modes = _sound(ModeTerms, values, ("network", "modes"))
    goods_only = frozenset(mode for mode, terms in modes if not terms.passengers)
    for name, line in _sound(Line, values, ("network", "lines")):
        problems += _line(("network", "lines", name), line, names, at)
        problems += _hours(("network", "lines", name), line, goods_only, at)
    problems += _network(values, names, at)
    for _, parameters in _sound(Parameters, values, ("parameters",), single=True):
        problems += _parameters(parameters, at)
    return problems


def _sound(model: Any, values: Values, steps: Sequence[str], *, single: bool = False) -> Iterator[tuple[str, Any]]:
    """Yield the entries of a table that are sound by themselves."""
    table: Any = values
    for step in steps:
        table = table.get(step) if isinstance(table, Mapping) else getattr(table, step, None)
    entries = {"": table} if single else table
    if isinstance(entries, Mapping):
        for name, entry in entries.items():
            found = entry if isinstance(entry, model) else accepted(model, entry)
            if found is not None:
                yield name, found


def _places(values: Values, names: Names, at: At) -> Iterator[Problem]:
    origins = destinations = 0
    for name, place in _sound(Place, values, ("places",)):
        steps = ("places", name)
        origins += place.origin
        destinations += place.destination
        for sector in place.specialisation:
            yield from at.unknown("sector", (*steps, "specialisation", sector), sector, names.sectors, key=True)
        if sum(place.owners.values()) > 1:
            yield at(
                (*steps, "owners"), f"expected shares that add up to at most 1, found {sum(place.owners.values()):g}"
            )
        for index, component in enumerate(place.lacks):
            yield from at.unknown("component", (*steps, "lacks", index), component, names.bare_components)
        yield from _repeated(place.lacks, (*steps, "lacks"), at)
    if names.places and not origins:
        yield at(("places",), "expected at least one place with origin: true")
    if names.places and not destinations:
        yield at(("places",), "expected at least one place that is a destination")


def _resources(values: Values, names: Names, at: At) -> Iterator[Problem]:
    """Yield endowments with what is no raw material, or has no cost of haulage."""
    raw = names.suppliers - names.sectors
    priced: set[str] = set()
    for _, parameters in _sound(Parameters, values, ("parameters",), single=True):
        priced |= set(parameters.resource_freight)
        for name in parameters.resource_freight:
            yield from at.unknown("raw material", ("parameters", "resource_freight", name), name, raw, key=True)
    for place_id, place in _sound(Place, values, ("places",)):
        for name in place.resources:
            steps = ("places", place_id, "resources", name)
            unknown = at.unknown("raw material", steps, name, raw, key=True)
            yield from unknown
            if not unknown and priced and name not in priced:
                yield at(steps, f"{name!r} has no parameters.resource_freight", "say what hauling it costs", key=True)


def _sectors(values: Values, names: Names, at: At) -> Iterator[Problem]:
    for name, sector in _sound(Sector, values, ("sectors",)):
        steps = ("sectors", name)
        for supplier in sector.inputs:
            yield from at.unknown("supplying sector", (*steps, "inputs", supplier), supplier, names.suppliers, key=True)
        for component, entry in sector.components.items():
            path = (*steps, "components", component, "made_by")
            yield from at.unknown("sector", path, entry.made_by, names.sectors)
    if not names.sectors:
        yield at(("sectors",), "expected at least one sector")


def _shared_ids(names: Names, at: At) -> Iterator[Problem]:
    """Yield ids that two entries share though they must be told apart by id alone."""
    for bare, count in Counter(name.split(".", 1)[1] for name in names.components).items():
        if count > 1:
            last = [name for name in names.components if name.split(".", 1)[1] == bare][-1]
            path = ("sectors", last.split(".")[0], "components", bare)
            yield at(path, f"{count} sectors have a component {bare!r}", "give each its own id", key=True)
    for name in sorted(names.places & names.nodes):
        yield at(("network", "nodes", name), f"{name!r} is a place already", "stop at the place itself", key=True)


def _network(values: Values, names: Names, at: At) -> Iterator[Problem]:
    for _, network in _sound(Network, values, ("network",), single=True):
        for index, port in enumerate(network.ports):
            yield from at.unknown("place or node", ("network", "ports", index), port, names.stops)
        yield from _repeated(network.ports, ("network", "ports"), at)
        for index, hub in enumerate(network.airways.hubs):
            yield from at.unknown("place or node", ("network", "airways", "hubs", index), hub, names.stops)
        for index, pair in enumerate(network.roads.barred):
            for end, stop in enumerate(pair):
                yield from at.unknown("place or node", ("network", "roads", "barred", index, end), stop, names.stops)
        if not network.ports:
            yield at(("network", "ports"), "expected at least one port")
        if Mode.ROAD not in network.modes:
            yield at(("network", "modes"), "expected the terms of mode 'road'", "add modes.road")
        for name, line in network.lines.items():
            if line.mode not in network.modes:
                yield at(("network", "lines", name, "mode"), f"there are no terms for mode {line.mode.value!r}")


def _line(steps: Steps, line: Line, names: Names, at: At) -> Iterator[Problem]:
    for index, stop in enumerate(line.stops):
        yield from at.unknown("place or node", (*steps, "stops", index), stop, names.stops)
        if index and stop == line.stops[index - 1]:
            yield at((*steps, "stops", index), f"the line stops at {stop!r} twice running")
    for index, other in enumerate(line.through):
        yield from at.unknown("line", (*steps, "through", index), other, names.lines)
    if line.opens and line.closes and line.closes < line.opens:
        yield at((*steps, "closes"), f"the line closes on {line.closes} before it opens on {line.opens}")


def _hours(steps: Steps, line: Line, goods_only: Collection[str], at: At) -> Iterator[Problem]:
    """Yield a list of hours that does not fit the stops (goods go at the speed of their mode and need none)."""
    wanted = len(line.stops) - 1
    if len(line.hours) != wanted and (line.hours or line.mode not in goods_only):
        message = f"expected {wanted} hours for {len(line.stops)} stops, found {len(line.hours)}"
        yield at((*steps, "hours"), message, "give one for each pair of neighbouring stops")


def _parameters(parameters: Parameters, at: At) -> Iterator[Problem]:
    p = parameters
    if p.mode_mu > p.nest_lambda:
        message = f"expected at most nest_lambda ({p.nest_lambda:g}), found {p.mode_mu:g}"
        yield at(("parameters", "mode_mu"), message)
    if p.small_below > p.large_above:
        message = f"expected at most large_above ({p.large_above:g}), found {p.small_below:g}"
        yield at(("parameters", "small_below"), message)


def _repeated(items: Iterable[str], steps: Steps, at: At) -> Iterator[Problem]:
    """Yield the entries of a list that were there before."""
    seen: set[str] = set()
    for index, item in enumerate(items):
        if item in seen:
            yield at((*steps, index), f"{item!r} is listed twice", "keep one of the two")
        seen.add(item)
