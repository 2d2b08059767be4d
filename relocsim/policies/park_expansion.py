"""Park expansion: more serviced land and more standard factory floor."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from relocsim.policies.base import CityPolicy, Site
from relocsim.world.described import number
from relocsim.world.levers import Change


class ParkExpansion(CityPolicy):
    """Serviced industrial land and standard factories are added, evenly over the building time.

    The land that a city can offer is its shortest plank where parks are full; where they are not, more of it only makes
    the city count as larger. Chenzhou built 1.0e6 m2 of standard factories in the two years to 2009.
    """

    title: ClassVar[str] = "Park expansion"
    title_zh: ClassVar[str] = "园区扩容"
    moves: ClassVar[tuple[str, ...]] = ("land_added", "floor_added")
    example: ClassVar[dict[str, object]] = {
        "kind": "park_expansion", "city": "chenzhou", "start": "2011-Q1", "land": 1000, "floor": 100,
    }  # fmt: skip

    kind: Literal["park_expansion"]
    """Kind of policy."""
    land: Annotated[float, number("ha", ge=0, le=100_000)] = 1000.0
    """Serviced industrial land added in all."""
    floor: Annotated[float, number("1e4 m2", ge=0, le=10_000)] = 100.0
    """Standard factory floor added in all."""
    build_years: Annotated[float, number("years", ge=0.25, le=20)] = 2.0
    """Time over which it is prepared."""
    land_cost: Annotated[float, number("1e8 yuan/ha", ge=0, le=1)] = 0.015
    """Cost of clearing and servicing a hectare (150 yuan/m2; assumed, national floor prices are 60 to 840)."""
    floor_cost: Annotated[float, number("1e8 yuan/1e4 m2", ge=0, le=10)] = 0.1
    """Cost of building standard factories (1,000 yuan/m2; assumed)."""

    def _done(self, elapsed: int) -> float:
        """Return the share that is ready `elapsed` quarters after the start (the first lot is ready at once)."""
        return min(1.0, (elapsed + 1) / (4 * self.build_years))

    def changes(self, site: Site, elapsed: int) -> list[Change]:
        """Return land and floor ready so far."""
        cities, ready = site.at("places", self.cities()), self.intensity * self._done(elapsed)
        return [
            Change("land_added", (cities,), self.land * ready),
            Change("floor_added", (cities,), self.floor * ready),
        ]

    def cost(self, elapsed: int) -> float:
        """Return the quarter's building cost in one city, 1e8 yuan."""
        lot = self._done(elapsed) - (self._done(elapsed - 1) if elapsed else 0.0)
        return self.intensity * lot * (self.land * self.land_cost + self.floor * self.floor_cost)
