"""Where the network stands on the map: places and nodes, the roads that join them, and whether all names hold together.

This module knows no dates and no costs (see `relocsim.world.network`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from itertools import pairwise

import numpy as np

from relocsim.errors import Problem, SpecError
from relocsim.world.lines import Line, Network
from relocsim.world.routes import Floats, Ints, gabriel, great_circle, nearest


class Points:
    """Places and nodes of the network, sorted by id, with the distances between them."""

    def __init__(self, network: Network, place_ids: Sequence[str], lon: Floats, lat: Floats) -> None:
        """Gather the points; SpecError lists every name that the network uses and nobody defines."""
        problems = check(network, place_ids)
        if problems:
            raise SpecError(problems)
        where = {name: (float(x), float(y)) for name, x, y in zip(place_ids, lon, lat, strict=True)}
        where |= {name: (node.lon, node.lat) for name, node in network.nodes.items()}
        self.ids = tuple(sorted(where))
        self.index = {name: row for row, name in enumerate(self.ids)}
        self.places: Ints = np.array([self.index[name] for name in place_ids], dtype=np.int64)
        self.ports: Ints = np.array(sorted(self.index[name] for name in network.ports), dtype=np.int64)
        coordinates = np.array([where[name] for name in self.ids])
        self.km = great_circle(coordinates[:, 0], coordinates[:, 1])

    def links(self, line: Line) -> list[tuple[int, int]]:
        """Return the pairs of neighbouring stops of a line, in order."""
        stops = [self.index[stop] for stop in line.stops]
        return list(pairwise(stops))


def roads_by_rule(network: Network, points: Points) -> tuple[Ints, Ints, Floats]:
    """Return the roads by rule, both ways: tails, heads, km, shape (E,)."""
    joined = gabriel(points.km) | nearest(points.km, network.roads.neighbours)
    for pair in network.roads.barred:
        one, two = (points.index[name] for name in pair)
        joined[one, two] = joined[two, one] = False
    tail, head = np.nonzero(joined)
    return tail, head, points.km[tail, head] * network.roads.detour


def check(network: Network, place_ids: Iterable[str]) -> list[Problem]:
    """Return what does not hold together: unknown stops, ports, hubs, lines, modes; hours that do not match stops."""
    places = set(place_ids)
    known = places | set(network.nodes)
    problems = [Problem(f"{name} is a place already", path=f"network.nodes.{name}")
                for name in sorted(places & set(network.nodes))]  # fmt: skip
    named = {"network.ports": network.ports, "network.airways.hubs": network.airways.hubs}
    named["network.roads.barred"] = tuple(name for pair in network.roads.barred for name in pair)
    for name, line in network.lines.items():
        named[f"network.lines.{name}.stops"] = line.stops
        problems += _check_line(network, name, line)
    problems += [_unknown(item, known, path) for path, items in named.items() for item in items if item not in known]
    return problems


def _check_line(network: Network, name: str, line: Line) -> list[Problem]:
    path = f"network.lines.{name}"
    if line.mode not in network.modes:
        return [Problem(f"mode {line.mode} has no terms", path=f"{path}.mode", hint="add it to network.modes")]
    problems = [_unknown(other, set(network.lines), f"{path}.through") for other in line.through
                if other not in network.lines]  # fmt: skip
    problems += [Problem(f"no common stop with {other!r}, so that no train runs through", path=f"{path}.through")
                 for other in line.through
                 if other in network.lines and not set(line.stops) & set(network.lines[other].stops)]  # fmt: skip
    wanted = len(line.stops) - 1
    if len(line.hours) != wanted and (line.hours or network.modes[line.mode].passengers):
        message = f"{len(line.stops)} stops need {wanted} hours between them, found {len(line.hours)}"
        problems.append(Problem(message, path=f"{path}.hours"))
    return problems


def _unknown(name: str, known: Iterable[str], path: str) -> Problem:
    close = get_close_matches(name, sorted(known), n=1)
    return Problem(f"unknown name {name!r}", path=path, hint=f"did you mean {close[0]!r}?" if close else "")
