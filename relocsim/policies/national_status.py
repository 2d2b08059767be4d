"""National status: a pilot or demonstration zone, granted from above."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from relocsim.policies.base import CityPolicy, Site
from relocsim.world.described import number
from relocsim.world.levers import Change


class NationalStatus(CityPolicy):
    """The place is better known, has land quota of its own, and a subsidy that earmarked money from above helps to pay.

    Status comes with early trial and with a name (demonstration zones for taking in relocated industry: Wanjiang in 2010,
    southern Hunan with Chenzhou in 2011). Lu, Wang & Zhu 2019 find zones to raise investment and jobs mostly by net entry;
    what each part of the status does is not known, so that all sizes are assumed.
    """

    title: ClassVar[str] = "National status"
    title_zh: ClassVar[str] = "国家级示范区"
    moves: ClassVar[tuple[str, ...]] = ("standing", "quota_added", "capital_subsidy", "grant")
    example: ClassVar[dict[str, object]] = {"kind": "national_status", "city": "chenzhou", "start": "2011-10-01"}

    kind: Literal["national_status"]
    """Kind of policy."""
    better_known: Annotated[float, number("ratio", ge=1, le=5)] = 1.3
    """Standing with the status over that without; assumed (1.0 to 1.6)."""
    quota: Annotated[float, number("ha/year", ge=0, le=10_000)] = 100.0
    """Land quota granted a year; assumed (0 to 200)."""
    capital_subsidy: Annotated[float, number("share of investment", ge=0, le=1)] = 0.02
    """Subsidy on investment in the zone, on top of the usual package; assumed (0 to 0.05)."""
    grant: Annotated[float, number("1e8 yuan/year", ge=0, le=1000)] = 0.5
    """Earmarked money from above; assumed (0 to 2)."""
    outlay: Annotated[float, number("1e8 yuan/year", ge=0, le=100)] = 0.05
    """What applying, reporting and the zone's office cost the city; assumed (0.02 to 0.2)."""

    def changes(self, site: Site, elapsed: int) -> list[Change]:
        """Return what the status brings, the same from start to end."""
        cities, everybody = site.at("places", self.cities()), slice(None)
        return [
            Change("standing", (cities,), 1 + self.intensity * (self.better_known - 1)),
            Change("quota_added", (cities,), self.intensity * self.quota),
            Change("capital_subsidy", (cities, everybody, everybody), self.intensity * self.capital_subsidy),
            Change("grant", (cities,), self.intensity * self.grant),
        ]

    def cost(self, elapsed: int) -> float:
        """Return the quarter's own cost in one city, 1e8 yuan."""
        return self.intensity * self.outlay / 4
