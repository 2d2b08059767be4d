"""Resource supply: cheap power and raw materials for projects."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from relocsim.policies.base import CityPolicy, Site
from relocsim.world.described import Share, number
from relocsim.world.legal import POWER_TARIFF, Bar
from relocsim.world.levers import Change


class ResourceSupply(CityPolicy):
    """Power below the tariff, and the city's own raw materials below their price, for those who produce there.

    Cities with hydropower, coal or ores trade them for projects (Yibin and Zhoukou, speeches of 2009 to 2011, name both and
    no sizes). A cut in the price of raw materials works only as far as the city is endowed with them.
    """

    title: ClassVar[str] = "Power and resource supply"
    title_zh: ClassVar[str] = "资源能源保障"
    moves: ClassVar[tuple[str, ...]] = ("power_tariff", "resource_price")
    bars: ClassVar[tuple[Bar, ...]] = (POWER_TARIFF,)
    example: ClassVar[dict[str, object]] = {"kind": "resource_supply", "city": "chenzhou", "start": "2010-Q1"}

    kind: Literal["resource_supply"]
    """Kind of policy."""
    power_cut: Share = 0.1
    """Share by which power is cheaper; assumed (0.05 to 0.2: large users supplied directly by local hydropower)."""
    resource_cut: Share = 0.05
    """Share by which the city's own raw materials are cheaper; assumed (0 to 0.15)."""
    outlay: Annotated[float, number("1e8 yuan/year", ge=0, le=100)] = 0.5
    """Yearly cost to the city: a fund for the difference, whoever comes; assumed (0.1 to 2)."""

    def changes(self, site: Site, elapsed: int) -> list[Change]:
        """Return the cuts, full from the start; an intensity above one cannot cut more than everything."""
        cities = (site.at("places", self.cities()),)
        return [
            Change("power_tariff", cities, max(0.0, 1 - self.intensity * self.power_cut)),
            Change("resource_price", cities, max(0.0, 1 - self.intensity * self.resource_cut)),
        ]

    def cost(self, elapsed: int) -> float:
        """Return the quarter's cost in one city, 1e8 yuan."""
        return self.intensity * self.outlay / 4
