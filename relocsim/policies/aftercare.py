"""Aftercare: firms that have settled are looked after, so that they stay and grow."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from relocsim.policies.base import CityPolicy, Site
from relocsim.world.described import Share, number
from relocsim.world.levers import Change


class Aftercare(CityPolicy):
    """Officials call on settled firms, clear up what hinders them and help them to expand.

    Firms do not come, do not stay and do not grow where they are not served (speeches at Chenzhou and Yibin, 2009-2010);
    no measure of what aftercare achieves is known to us, so that the sizes are assumed: a quarter more expansions (0 to
    0.5) and a quarter fewer departures (0 to 0.5), for the pay of thirty officials.
    """

    title: ClassVar[str] = "Aftercare"
    title_zh: ClassVar[str] = "企业后续服务"
    moves: ClassVar[tuple[str, ...]] = ("expansion", "departure")
    example: ClassVar[dict[str, object]] = {"kind": "aftercare", "city": "chenzhou", "start": "2010-Q1"}

    kind: Literal["aftercare"]
    """Kind of policy."""
    more_expansions: Annotated[float, number("share", ge=0, le=3)] = 0.25
    """Rise of the hazard that a settled plant expands."""
    fewer_departures: Share = 0.25
    """Fall of the hazard that a settled plant shrinks or leaves."""
    outlay: Annotated[float, number("1e8 yuan/year", ge=0, le=10)] = 0.03
    """Yearly cost in one city; assumed (0.01 to 0.1)."""

    def changes(self, site: Site, elapsed: int) -> list[Change]:
        """Return the hazards, the same from start to end."""
        cities = (site.at("places", self.cities()),)
        kept = max(0.0, 1 - self.intensity * self.fewer_departures)
        return [
            Change("expansion", cities, 1 + self.intensity * self.more_expansions),
            Change("departure", cities, kept),
        ]

    def cost(self, elapsed: int) -> float:
        """Return the quarter's outlay in one city, 1e8 yuan."""
        return self.intensity * self.outlay / 4
