"""Power supply: substations, lines and treatment works, so that plants can be connected."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from relocsim.policies.base import CityPolicy, Site
from relocsim.world.described import number
from relocsim.world.levers import Change


class PowerSupply(CityPolicy):
    """More power reaches the city's parks, and shared treatment works make room under its environmental allowance.

    Both matter only where they are the shortest plank. A 220 kV substation of two 180 MVA transformers, half loaded over the
    year, passes some 15e8 kWh (reasoned); the default is two thirds of one.
    """

    title: ClassVar[str] = "Power supply and treatment works"
    title_zh: ClassVar[str] = "电力与治污设施建设"
    moves: ClassVar[tuple[str, ...]] = ("power_added", "environment_added")
    example: ClassVar[dict[str, object]] = {
        "kind": "power_supply", "city": "chenzhou", "start": "2010-Q1", "power": 10, "treatment": 0.1,
    }  # fmt: skip

    kind: Literal["power_supply"]
    """Kind of policy."""
    power: Annotated[float, number("1e8 kWh/year", ge=0, le=1000)] = 10.0
    """Power that plants can draw when all is built; assumed (5 to 20)."""
    treatment: Annotated[float, number("share of the emissions at the start", ge=0, le=5)] = 0.0
    """Allowance that treatment works make, over what industry emitted at the start; assumed where used (0.05 to 0.3)."""
    build_years: Annotated[float, number("years", ge=0.25, le=20)] = 2.0
    """Time over which it is built."""
    power_cost: Annotated[float, number("1e8 yuan per 1e8 kWh/year", ge=0, le=10)] = 0.15
    """The city's cost of connecting so much power; assumed (0.05 to 0.3: the grid company pays most of a substation)."""
    treatment_cost: Annotated[float, number("1e8 yuan per share of emissions", ge=0, le=1000)] = 20.0
    """Cost of works for all that industry emitted at the start; assumed (10 to 40: works of 5e4 t a day cost about 1)."""

    def _done(self, elapsed: int) -> float:
        """Return the share that is ready `elapsed` quarters after the start (the first lot is ready at once)."""
        return min(1.0, (elapsed + 1) / (4 * self.build_years))

    def changes(self, site: Site, elapsed: int) -> list[Change]:
        """Return power and treatment ready so far."""
        cities, ready = site.at("places", self.cities()), self.intensity * self._done(elapsed)
        return [
            Change("power_added", (cities,), self.power * ready),
            Change("environment_added", (cities,), self.treatment * ready),
        ]

    def cost(self, elapsed: int) -> float:
        """Return the quarter's building cost in one city, 1e8 yuan."""
        lot = self._done(elapsed) - (self._done(elapsed - 1) if elapsed else 0.0)
        return self.intensity * lot * (self.power * self.power_cost + self.treatment * self.treatment_cost)
