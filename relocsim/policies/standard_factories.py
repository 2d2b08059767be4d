"""Standard factories: storeys to rent, on little land."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from relocsim.policies.base import CityPolicy, Site
from relocsim.world.described import number
from relocsim.world.levers import Change


class StandardFactories(CityPolicy):
    """Multi-storey standard factories are built for rent, evenly over the building time.

    They take in firms that rent, and spare the land of those that build; the land under them is bought for the purpose and
    paid in the cost. The default is what Chenzhou built in the two years to 2009 (1.0e6 m2, press 2009).
    """

    title: ClassVar[str] = "Standard factories"
    title_zh: ClassVar[str] = "标准厂房建设"
    moves: ClassVar[tuple[str, ...]] = ("floor_added",)
    example: ClassVar[dict[str, object]] = {
        "kind": "standard_factories", "city": "chenzhou", "start": "2009-Q1", "floor": 100,
    }  # fmt: skip

    kind: Literal["standard_factories"]
    """Kind of policy."""
    floor: Annotated[float, number("1e4 m2", ge=0, le=10_000)] = 100.0
    """Standard factory floor added in all."""
    build_years: Annotated[float, number("years", ge=0.25, le=20)] = 2.0
    """Time over which it is built."""
    floor_ratio: Annotated[float, number("1e4 m2/ha", ge=0.3, le=6)] = 1.8
    """Floor on a hectare: some four storeys on under half of the plot; assumed (1.2 to 2.5)."""
    floor_cost: Annotated[float, number("1e8 yuan/1e4 m2", ge=0, le=10)] = 0.12
    """Cost of building (1,200 yuan/m2, a fifth more than a plain factory of one storey); assumed (0.08 to 0.18)."""
    land_cost: Annotated[float, number("1e8 yuan/ha", ge=0, le=1)] = 0.015
    """Cost of clearing and servicing a hectare (150 yuan/m2; assumed, national floor prices are 60 to 840)."""

    def _done(self, elapsed: int) -> float:
        """Return the share that is ready `elapsed` quarters after the start (the first lot is ready at once)."""
        return min(1.0, (elapsed + 1) / (4 * self.build_years))

    def changes(self, site: Site, elapsed: int) -> list[Change]:
        """Return the floor ready so far."""
        cities = site.at("places", self.cities())
        return [Change("floor_added", (cities,), self.intensity * self.floor * self._done(elapsed))]

    def cost(self, elapsed: int) -> float:
        """Return the quarter's building cost in one city, 1e8 yuan."""
        lot = self._done(elapsed) - (self._done(elapsed - 1) if elapsed else 0.0)
        return self.intensity * lot * self.floor * (self.floor_cost + self.land_cost / self.floor_ratio)
