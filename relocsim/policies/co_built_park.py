"""Co-built park: a park run jointly with an origin, which makes the place familiar there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal, Self

import numpy as np
from pydantic import model_validator

from relocsim.policies.base import CityPolicy, Site
from relocsim.world.described import Identifier, Share, number
from relocsim.world.description import OutsideOwner
from relocsim.world.levers import Change


class CoBuiltPark(CityPolicy):
    """Land and standard factories as in a park expansion, and a partner at the origin who makes them known among its firms.

    The place becomes as familiar in the partner origins as if it lay near, and the partner's zone and chambers contact the
    firms of all sectors: those of the origin, or those in the hands of an owner (Hong Kong and Taiwan capital) wherever they
    stand. Partnerships of development zones bring firms less directly. A Hong Kong park at Ganzhou had over
    200 letters of intent and some twenty firms settled (2009): a figure to compare with, nothing was set from it.
    """

    title: ClassVar[str] = "Co-built park"
    title_zh: ClassVar[str] = "共建园区"
    moves: ClassVar[tuple[str, ...]] = ("land_added", "floor_added", "familiarity", "contacts", "owner_contacts")
    example: ClassVar[dict[str, object]] = {
        "kind": "co_built_park", "city": "chenzhou", "start": "2010-Q1", "origins": ["shenzhen"],
        "owners": ["hong_kong_taiwan"], "land": 300, "floor": 30,
    }  # fmt: skip

    kind: Literal["co_built_park"]
    """Kind of policy."""
    origins: tuple[Identifier, ...] = ()
    """Origins that share in the park."""
    owners: tuple[OutsideOwner, ...] = ()
    """Owners whose chambers share in it (a Hong Kong or Taiwan park), with their firms in all origins."""
    land: Annotated[float, number("ha", ge=0, le=100_000)] = 300.0
    """Serviced industrial land in all: a park of three square kilometres, assumed."""
    floor: Annotated[float, number("1e4 m2", ge=0, le=10_000)] = 30.0
    """Standard factory floor in all, assumed."""
    build_years: Annotated[float, number("years", ge=0.25, le=20)] = 2.0
    """Time over which it is prepared; the partner's name and contacts count from the first lot."""
    familiarity: Share = 0.4
    """Proximity of the place in the partner origins, as far as knowing it goes, where it is farther (1: at no distance);
    assumed (0.2 to 0.7)."""
    contacts: Annotated[float, number("contact intensity a firm and year", ge=0, le=10)] = 0.2
    """What the partner tells each firm of its origin or owner; assumed (0.05 to 0.5)."""
    land_cost: Annotated[float, number("1e8 yuan/ha", ge=0, le=1)] = 0.015
    """Cost of clearing and servicing a hectare (150 yuan/m2; assumed, as in a park expansion)."""
    floor_cost: Annotated[float, number("1e8 yuan/1e4 m2", ge=0, le=10)] = 0.1
    """Cost of building standard factories (1,000 yuan/m2; assumed)."""
    partner_outlay: Annotated[float, number("1e8 yuan/year", ge=0, le=10)] = 0.03
    """Yearly cost in one city of the joint company and its offices; assumed (0.01 to 0.1)."""

    def _done(self, elapsed: int) -> float:
        """Return the share that is ready `elapsed` quarters after the start (the first lot is ready at once)."""
        return min(1.0, (elapsed + 1) / (4 * self.build_years))

    @model_validator(mode="after")
    def _has_a_partner(self) -> Self:
        """Refuse a park that nobody shares in."""
        if not (self.origins or self.owners):
            raise ValueError("a co-built park needs a partner: give origins or owners")
        return self

    def changes(self, site: Site, elapsed: int) -> list[Change]:
        """Return land and floor ready so far, and what the partner does for the place."""
        cities, ready = site.at("places", self.cities()), self.intensity * self._done(elapsed)
        built = [
            Change("land_added", (cities,), self.land * ready),
            Change("floor_added", (cities,), self.floor * ready),
        ]
        return [*built, *self._told(site, cities)]

    def _told(self, site: Site, cities: np.ndarray) -> Iterator[Change]:
        """Yield what partners tell their firms."""
        everybody, told = slice(None), self.intensity * self.contacts
        if self.origins:
            origins = site.at("origins", self.origins)
            yield Change("familiarity", (cities, origins), min(1.0, self.intensity * self.familiarity))
            yield Change("contacts", (origins, everybody, everybody, cities), told)
        if self.owners:
            yield Change("owner_contacts", (site.at("owners", self.owners), cities), told)

    def cost(self, elapsed: int) -> float:
        """Return the quarter's building cost and that of the joint company in one city, 1e8 yuan."""
        lot = self._done(elapsed) - (self._done(elapsed - 1) if elapsed else 0.0)
        building = lot * (self.land * self.land_cost + self.floor * self.floor_cost)
        return self.intensity * (building + self.partner_outlay / 4)
