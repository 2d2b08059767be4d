"""How a new place is reached: it takes the place of a station that is there, or a line gets a stop.

Roads need nothing: the rule of the world joins each place to its neighbours. This module refuses to write files.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from relocsim.spec.nodes import Plain
from relocsim.template.asked import Asked, City, refusal
from relocsim.world.lines import Line

FARTHEST_KM = 60.0
"""How far around by the new stop a line may be."""
_EARTH_KM = 6371.0


def network_entries(asked: Asked) -> tuple[dict[str, Plain], list[str]]:
    """Return what the network gains, and the stations of the base that are places now."""
    stations = [city.id for city in asked.cities if city.id in asked.base.world.network.nodes]
    lines: dict[str, Plain] = {name: _with_stop(asked, name, asked.city) for name in asked.lines}
    return ({"lines": lines} if lines else {}), [f"nodes.{name}" for name in stations]


def lines_near(asked: Asked, city: City, most: int = 5) -> list[tuple[str, float]]:
    """Return lines that carry people and pass near a city without a stop, and how far around it is, km, nearest first."""
    found = []
    for name, line in asked.base.world.network.lines.items():
        if line.hours and city.id not in line.stops and line.mode in ("rail", "hsr"):
            found.append((name, _detour(asked, line, city)[1]))
    return sorted((one for one in found if one[1] <= FARTHEST_KM), key=lambda one: one[1])[:most]


def _positions(asked: Asked) -> Mapping[str, tuple[float, float]]:
    world = asked.base.world
    nodes = {name: (node.lon, node.lat) for name, node in world.network.nodes.items()}
    return nodes | {name: (place.lon, place.lat) for name, place in world.places.items()}


def _detour(asked: Asked, line: Line, city: City) -> tuple[int, float, float]:
    """Return between which stops a city lies best, how far around it is, km, and its share of that way."""
    at, here = _positions(asked), (city.lon, city.lat)
    best = (0, math.inf, 0.5)
    for leg, (a, b) in enumerate(zip(line.stops, line.stops[1:], strict=False)):
        before, after = _km(at[a], here), _km(here, at[b])
        around = before + after - _km(at[a], at[b])
        if around < best[1] and before + after > 0:
            best = (leg, around, before / (before + after))
    return best


def _with_stop(asked: Asked, name: str, city: City) -> Plain:
    """Return the stops and hours of a line with a stop at a city; SpecError where it passes too far away."""
    line = asked.base.world.network.lines[name]
    if city.id in line.stops:
        raise refusal("--line", f"{name!r} stops at {city.name} already", "leave it out")
    leg, around, share = _detour(asked, line, city)
    if around > FARTHEST_KM or not 0 < share < 1:
        hint = f"near lines: {', '.join(one for one, _ in lines_near(asked, city)) or 'none'}"
        raise refusal(
            "--line", f"{name!r} would go {around:.0f} km around by {city.name}; at most {FARTHEST_KM:g}", hint
        )
    stops = [*line.stops[: leg + 1], city.id, *line.stops[leg + 1 :]]
    entry: dict[str, Plain] = {"stops": list(stops)}
    if line.hours:
        kept = [_hour(asked, name, at, value) for at, value in enumerate(line.hours)]
        parts = [_split(line, leg, part) for part in (share, 1 - share)]
        entry["hours"] = [*kept[:leg], *parts, *kept[leg + 1 :]]
    return entry


def _hour(asked: Asked, name: str, at: int, value: float) -> Plain:
    """Return the hours between two stops as the base has them, with their provenance."""
    known = asked.base.register.inputs[f"network.lines.{name}.hours[{at}]"]
    reach: Plain = [known.low, known.high] if known.ranged else "none"
    given: dict[str, Plain] = {"unit": known.unit, "source": known.source, "grade": str(known.grade)}
    note = {"note": "exact in the shipped world"} if reach == "none" else {}
    return {"value": value, **given, "range": reach, **note}


def _split(line: Line, leg: int, part: float) -> Plain:
    a, b = line.stops[leg], line.stops[leg + 1]
    rule = f"Rule: the {line.hours[leg]:g} hours from {a} to {b}, parted by distance; the stop itself takes no time"
    source = "No source yet: parted by distance"
    value = float(f"{max(line.hours[leg] * part, 0.02):.3g}")
    return {"value": value, "unit": "hours", "source": source, "grade": "assumed", "range": "+-25%", "note": rule}


def _km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Return the great-circle distance of two points in degrees, km."""
    (lon, lat), (lon2, lat2) = ([math.radians(one) for one in point] for point in (a, b))
    inner = math.sin((lat2 - lat) / 2) ** 2 + math.cos(lat) * math.cos(lat2) * math.sin((lon2 - lon) / 2) ** 2
    return 2 * _EARTH_KM * math.asin(math.sqrt(inner))
