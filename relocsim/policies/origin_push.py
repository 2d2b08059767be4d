"""Origin push: wages, rents and clearance at the origin drive firms out."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from relocsim.policies.base import CityPolicy, Site
from relocsim.world.described import number
from relocsim.world.levers import Change


class OriginPush(CityPolicy):
    """Wages and rents of coastal cities grow faster than their trend, and their customs take longer.

    Minimum wages of Guangdong rose by about a fifth in 2010 and 2011 each, and rules on processing trade were tightened in
    2007 and 2008 (recalled). It acts on the cost sheet of the origin, hence on the push, and on nothing else: whoever leaves
    decides where to. `city` names the origins.
    """

    title: ClassVar[str] = "Push at the origin"
    title_zh: ClassVar[str] = "沿海成本上升"
    moves: ClassVar[tuple[str, ...]] = ("wage_push", "rent_push", "clearance_days")
    example: ClassVar[dict[str, object]] = {
        "kind": "origin_push", "city": ["shenzhen", "dongguan", "guangzhou"], "start": "2010-Q1",
    }  # fmt: skip

    kind: Literal["origin_push"]
    """Kind of policy."""
    wage_growth: Annotated[float, number("share/year", ge=0, le=1)] = 0.03
    """Growth of wages above their trend; assumed (0.01 to 0.06)."""
    rent_growth: Annotated[float, number("share/year", ge=0, le=1)] = 0.05
    """Growth of factory rents above their trend; assumed (0 to 0.1)."""
    clearance_factor: Annotated[float, number("ratio", ge=1, le=20)] = 1.5
    """Clearance days over the usual ones; assumed (1 to 3)."""
    years: Annotated[float, number("years", ge=0.25, le=40)] = 5.0
    """Time over which wages and rents outgrow their trend; the gap then stays."""

    def changes(self, site: Site, elapsed: int) -> list[Change]:
        """Return wages and rents over their trend so far, and the days."""
        cities, years = (site.at("places", self.cities()),), min(self.years, (elapsed + 1) / 4)
        return [
            Change("wage_push", cities, (1 + self.intensity * self.wage_growth) ** years),
            Change("rent_push", cities, (1 + self.intensity * self.rent_growth) ** years),
            Change("clearance_days", cities, 1 + self.intensity * (self.clearance_factor - 1)),
        ]

    def payers(self) -> tuple[str, ...]:
        """Return nobody: it is no outlay of the origin."""
        return ()
