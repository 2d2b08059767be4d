"""Rival programme: rivals match what the city under study offers."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from relocsim.policies.base import CityPolicy, Site
from relocsim.world.described import number
from relocsim.world.levers import Change


class RivalProgramme(CityPolicy):
    """Named rivals add a capital subsidy, park land, factory floor and promotion, whatever their rule.

    For the question what is left of a policy when rivals do the same (report of Chenzhou, about 2009: rivals push too). The
    sizes are by default those of the city's own incentive package and of half of its park expansion. Land needs quota, as
    everywhere.
    """

    title: ClassVar[str] = "Rival programme"
    title_zh: ClassVar[str] = "竞争城市跟进"
    moves: ClassVar[tuple[str, ...]] = ("capital_subsidy", "land_added", "floor_added", "standing")
    example: ClassVar[dict[str, object]] = {
        "kind": "rival_programme", "city": ["ganzhou", "hengyang"], "start": "2010-Q1",
    }  # fmt: skip

    kind: Literal["rival_programme"]
    """Kind of policy."""
    capital_subsidy: Annotated[float, number("share of investment", ge=0, le=1)] = 0.10
    """Subsidy on investment that they add; as in the incentive package."""
    land: Annotated[float, number("ha", ge=0, le=100_000)] = 500.0
    """Serviced land that each adds in all; half of a park expansion."""
    floor: Annotated[float, number("1e4 m2", ge=0, le=10_000)] = 50.0
    """Standard factory floor that each adds in all; half of a park expansion."""
    build_years: Annotated[float, number("years", ge=0.25, le=20)] = 2.0
    """Time over which it is prepared."""
    better_known: Annotated[float, number("ratio", ge=1, le=5)] = 1.1
    """Standing with more promotion over that without; assumed (1.0 to 1.3)."""
    land_cost: Annotated[float, number("1e8 yuan/ha", ge=0, le=1)] = 0.015
    """Cost of clearing and servicing a hectare; as in park expansion."""
    floor_cost: Annotated[float, number("1e8 yuan/1e4 m2", ge=0, le=10)] = 0.1
    """Cost of building standard factories; as in park expansion."""
    outlay: Annotated[float, number("1e8 yuan/year", ge=0, le=100)] = 0.05
    """Yearly cost of the added promotion in one city; assumed (0.02 to 0.2)."""

    def _done(self, elapsed: int) -> float:
        return min(1.0, (elapsed + 1) / (4 * self.build_years))

    def changes(self, site: Site, elapsed: int) -> list[Change]:
        """Return what they add."""
        cities, ready, everybody = site.at("places", self.cities()), self.intensity * self._done(elapsed), slice(None)
        return [
            Change("capital_subsidy", (cities, everybody, everybody), self.intensity * self.capital_subsidy),
            Change("land_added", (cities,), self.land * ready),
            Change("floor_added", (cities,), self.floor * ready),
            Change("standing", (cities,), 1 + self.intensity * (self.better_known - 1)),
        ]

    def cost(self, elapsed: int) -> float:
        """Return the quarter's building and promotion cost in one city, 1e8 yuan."""
        lot = self._done(elapsed) - (self._done(elapsed - 1) if elapsed else 0.0)
        built = lot * (self.land * self.land_cost + self.floor * self.floor_cost)
        return self.intensity * (built + self.outlay / 4)
