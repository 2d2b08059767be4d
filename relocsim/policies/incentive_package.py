"""Incentive package: money for those who come."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from relocsim.policies.base import CityPolicy, Site
from relocsim.world.described import Identifier, Share, number
from relocsim.world.legal import CLEAN_UP, FAIR_COMPETITION, TAX_REFUNDS, Bar
from relocsim.world.levers import Change

FirmClass = Literal["small", "medium", "large", "leader"]


class IncentivePackage(CityPolicy):
    """Capital subsidy, rent relief, tax holiday, reward per job and leaders' award, on top of the usual package.

    Flat, or targeted by sector and by class of firm. Firms count a promise at the city's credibility, spread over the
    horizon. The documents give no sizes; a typical package is 2 to 3 yuan per 100 of output (Bartik 2018), which the
    default is near.
    """

    title: ClassVar[str] = "Incentive package"
    title_zh: ClassVar[str] = "招商优惠政策"
    moves: ClassVar[tuple[str, ...]] = ("capital_subsidy", "rent_relief", "tax_holiday", "job_subsidy", "leader_award")
    bars: ClassVar[tuple[Bar, ...]] = (TAX_REFUNDS, CLEAN_UP, FAIR_COMPETITION)
    example: ClassVar[dict[str, object]] = {
        "kind": "incentive_package", "city": "chenzhou", "start": "2010-Q1", "capital_subsidy": 0.1,
        "sectors": ["electronics"],
    }  # fmt: skip

    kind: Literal["incentive_package"]
    """Kind of policy."""
    capital_subsidy: Annotated[float, number("share of investment", ge=0, le=1)] = 0.10
    """Subsidy on investment, paid as it is made."""
    rent_relief: Share = 0.5
    """Share of the rent of standard factories that is waived over the holiday."""
    tax_holiday: Share = 0.4
    """Share of the local part of taxes that is refunded over the holiday."""
    job_subsidy: Annotated[float, number("yuan/job", ge=0, le=1e6)] = 2000.0
    """Reward for each job, once."""
    leader_award: Annotated[float, number("1e8 yuan per leader", ge=0, le=100)] = 0.2
    """Award for a leader that comes, once."""
    sectors: tuple[Identifier, ...] = ()
    """Sectors that qualify; none named: all."""
    classes: tuple[FirmClass, ...] = ()
    """Classes of firms that qualify; none named: all."""

    def changes(self, site: Site, elapsed: int) -> list[Change]:
        """Return the package, the same from start to end."""
        cities, sectors = site.at("places", self.cities()), site.at("sectors", self.sectors)
        where = (cities, sectors, site.at("classes", self.classes))
        shared = [
            Change(lever, where, self.intensity * getattr(self, lever))
            for lever in ("capital_subsidy", "rent_relief", "tax_holiday", "job_subsidy")
        ]
        return [*shared, Change("leader_award", (cities, sectors), self.intensity * self.leader_award)]
