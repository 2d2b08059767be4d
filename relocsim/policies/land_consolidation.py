"""Land consolidation: villages and idle land are given back to the plough, and win construction quota."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from relocsim.policies.base import CityPolicy, Site
from relocsim.world.described import number
from relocsim.world.levers import Change


class LandConsolidation(CityPolicy):
    """Quota for construction land is won a hectare for a hectare, and paid for.

    Increase-decrease linkage and requisition-compensation balance (reports of Yibin, 2011: land supply is the first
    complaint). Quota alone makes no park: it lets parks that are full, or that a policy orders, be made. The cost is
    assumed, of the order of what land tickets fetched in Chongqing (100,000 yuan a mu, recalled).
    """

    title: ClassVar[str] = "Land consolidation"
    title_zh: ClassVar[str] = "土地整治与增减挂钩"
    moves: ClassVar[tuple[str, ...]] = ("quota_added",)
    example: ClassVar[dict[str, object]] = {
        "kind": "land_consolidation", "city": "chenzhou", "start": "2010-Q1", "quota": 300,
    }  # fmt: skip

    kind: Literal["land_consolidation"]
    """Kind of policy."""
    quota: Annotated[float, number("ha/year", ge=0, le=10_000)] = 300.0
    """Quota won a year when the works are in full swing."""
    lead_years: Annotated[float, number("years", ge=0.25, le=10)] = 1.0
    """Time in which the works get there, evenly."""
    hectare_cost: Annotated[float, number("1e8 yuan/ha", ge=0, le=1)] = 0.015
    """Resettlement and reclaiming for a hectare of quota; assumed (0.0075 to 0.03)."""

    def _won(self, elapsed: int) -> float:
        """Return the quota won at the pace of the quarter, ha/year."""
        return self.intensity * self.quota * min(1.0, (elapsed + 1) / (4 * self.lead_years))

    def changes(self, site: Site, elapsed: int) -> list[Change]:
        """Return the quota won."""
        return [Change("quota_added", (site.at("places", self.cities()),), self._won(elapsed))]

    def cost(self, elapsed: int) -> float:
        """Return the quarter's cost in one city, 1e8 yuan."""
        return self._won(elapsed) / 4 * self.hectare_cost
