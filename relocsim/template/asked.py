"""What a user says of a new world, and the shipped world that it is built on.

This module refuses to derive figures and to write files.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from relocsim.errors import Problem, SpecError
from relocsim.sources import Register
from relocsim.spec import shipped
from relocsim.spec.loading import load_world
from relocsim.spec.words import near
from relocsim.world.description import Place, WorldDescription

GIVEN = ("gdp", "population", "secondary_share", "wage")
"""Figures that may be given; others follow from them by rules."""


@dataclass(frozen=True)
class Base:
    """The shipped world that a new one extends."""

    name: str
    """Its folder below the shipped worlds."""
    world: WorldDescription
    """Its content."""
    register: Register
    """Where its numbers come from."""


@dataclass(frozen=True)
class City:
    """A new place: where it is, and what is given of it."""

    id: str
    """Its id."""
    name: str
    """English name."""
    name_zh: str
    """Chinese name."""
    lon: float
    """Longitude."""
    lat: float
    """Latitude."""
    province: str
    """Province."""
    given: Mapping[str, float] = field(default_factory=dict)
    """Figures that are given, of `GIVEN`."""


@dataclass(frozen=True)
class Asked:
    """What is asked for."""

    base: Base
    """World that is extended."""
    city: City
    """The city under study."""
    like: str
    """Place whose figures are taken over."""
    rivals: tuple[str, ...]
    """Ids of rivals, places of the base or new ones."""
    new_rivals: tuple[City, ...] = ()
    """Rivals that are new places."""
    taken_from: str | None = None
    """Composite that the new places are taken out of; none: they come on top."""
    lines: tuple[str, ...] = ()
    """Lines that get a stop at the city."""

    @property
    def cities(self) -> tuple[City, ...]:
        """All new places."""
        return (self.city, *self.new_rivals)

    @property
    def pattern(self) -> Place:
        """Return the place whose figures are taken over."""
        return self.base.world.places[self.like]


@cache
def base_world(name: str) -> Base:
    """Return a shipped world; SpecError if there is none of that name."""
    known = sorted(path.parent.name for path in shipped.folder().glob("*/world.yaml"))
    if name not in known:
        raise refusal(
            "--based-on", f"expected a shipped world, one of {', '.join(known)}; found {name!r}", near(name, known)
        )
    world, register = load_world(shipped.folder() / name / "world.yaml")
    return Base(name, world, register)


def refusal(option: str, message: str, hint: str = "") -> SpecError:
    """Return the error of one option."""
    return SpecError([Problem(f"{option}: {message}", hint=hint)])


def identifier(name: str) -> str:
    """Return the id of a place by its name; SpecError where the name gives none."""
    found = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    if not re.fullmatch(r"[a-z][a-z0-9_-]{0,59}", found):
        raise refusal("NAME", f"expected a name in Latin letters, found {name!r}", "give the Chinese one by --name-zh")
    return found


def asked(  # noqa: PLR0913 - one argument an option
    name: str,
    *,
    based_on: str = "chenzhou",
    like: str = "hengyang",
    name_zh: str | None = None,
    province: str | None = None,
    lon: float | None = None,
    lat: float | None = None,
    given: Mapping[str, float | None] | None = None,
    rivals: Sequence[str] = (),
    taken_from: str | None = None,
    lines: Sequence[str] = (),
) -> Asked:
    """Return what is asked for, checked against the world that it is built on; SpecError if it does not fit."""
    base, place_id = base_world(based_on), identifier(name)
    _refuse_taken(base, place_id, name)
    pattern = _pattern(base, like)
    node = base.world.network.nodes.get(place_id)
    where = (
        lon if lon is not None else getattr(node, "lon", None),
        lat if lat is not None else getattr(node, "lat", None),
    )
    if where[0] is None or where[1] is None:
        raise refusal(
            "--lon and --lat", f"expected the position of {name}, which is no station of the world", "in degrees"
        )
    figures = {key: float(value) for key, value in (given or {}).items() if value is not None}
    city = City(place_id, name, name_zh or name, where[0], where[1], province or pattern.province, figures)
    _refuse_figures(city)
    new, ids = _rivals(base, city, rivals)
    for line in lines:
        if line not in base.world.network.lines:
            raise refusal("--line", f"there is no line {line!r}", near(line, base.world.network.lines))
    whole = _composite(base, city, taken_from)
    return Asked(base, city, like, ids, new, whole, tuple(lines))


def _pattern(base: Base, like: str) -> Place:
    places = base.world.places
    if like not in places:
        raise refusal("--like", f"there is no place {like!r} in the world", near(like, places))
    if places[like].sites > 1 or not places[like].destination:
        raise refusal("--like", f"{like!r} stands for many cities, or nobody may choose it", "name a single city")
    return places[like]


def _refuse_taken(base: Base, place_id: str, name: str) -> None:
    if place_id in base.world.places:
        hint = f"write a scenario with study.city: {place_id} on the shipped world, and correct its figures by override"
        raise refusal("NAME", f"{name} is a place of the world {base.name} already", hint)


def _refuse_figures(city: City) -> None:
    """Refuse figures that no city has, before anything is derived from them."""
    for key, value in {"gdp": 1.0, "population": 1.0, "wage": 1.0, "secondary_share": 1.0, **city.given}.items():
        bad = not 0 < value <= 1 if key == "secondary_share" else not 0 < value < 1e7
        if bad:
            raise refusal(
                f"--{key.replace('_', '-')}", f"expected a number above 0, found {value:g}", "a share is at most 1"
            )
    if not (-180 <= city.lon <= 180 and -90 <= city.lat <= 90):
        raise refusal("--lon and --lat", f"expected degrees, found {city.lon:g}, {city.lat:g}")


def _rivals(base: Base, city: City, texts: Sequence[str]) -> tuple[tuple[City, ...], tuple[str, ...]]:
    """Return the rivals that are new places, and the ids of all; `Shaoyang@111.47,27.24` is a new one."""
    new: list[City] = []
    ids: list[str] = []
    for text in texts:
        name, at, position = text.partition("@")
        rival = identifier(name)
        if rival in (city.id, *ids):
            raise refusal("--rival", f"{name!r} is named twice")
        ids.append(rival)
        if rival in base.world.places:
            continue
        node = base.world.network.nodes.get(rival)
        degrees = [part.strip() for part in position.split(",")] if at else []
        if not at and node is not None:
            degrees = [str(node.lon), str(node.lat)]
        try:
            lon, lat = (float(part) for part in degrees)
        except ValueError:
            hint = near(rival, base.world.places) or "a new rival needs its position, such as Shaoyang@111.47,27.24"
            raise refusal("--rival", f"{name!r} is no place of the world", hint) from None
        new.append(City(rival, name, name, lon, lat, city.province))
        _refuse_figures(new[-1])
    if not ids:
        raise refusal(
            "--rival", "expected at least one rival", "a place of the world, or a new one: Shaoyang@111.47,27.24"
        )
    return tuple(new), tuple(ids)


def _composite(base: Base, city: City, named: str | None) -> str | None:
    """Return the composite that new places are taken out of: the one that is named, or that of the province."""
    if named == "none":
        return None
    whole = [name for name, place in base.world.places.items() if place.sites > 1]
    if named is not None:
        if named not in whole:
            raise refusal("--from", f"expected a composite of the world or none, found {named!r}", near(named, whole))
        return named
    same = [name for name in whole if city.province in base.world.places[name].province.split(" and ")]
    if len(same) != 1:
        hint = f"name one of {', '.join(whole)}; or none, and the city comes on top"
        raise refusal("--from", f"the world has no single composite of {city.province}", hint)
    return same[0]
