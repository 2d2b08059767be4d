"""Leader recruitment: money, land and visits for the firms that bring others."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from relocsim.policies.base import CityPolicy, Site
from relocsim.world.described import Identifier, Share, number
from relocsim.world.legal import CLEAN_UP, FAIR_COMPETITION, LAND_PRICE, Bar
from relocsim.world.levers import CLASSES, Change

LEADER = CLASSES.index("leader")


class LeaderRecruitment(CityPolicy):
    """A city goes after leaders: an award, land at a discount and visits firm by firm, in named sectors or in all.

    A leader brings tens of suppliers and local firms turn to supplying it (22 and 36 firms in two documented cases), so that
    it is worth more than its own plant; heavy rewards for leaders and tailored land prices are reported, without sizes. The
    size of the award is the one of the incentive package; the discount is assumed (0.1 to 0.7: land below cost was common
    until floor prices of industrial land came in 2007); a contact a year is a visit by the leadership of the city.
    """

    title: ClassVar[str] = "Leader recruitment"
    title_zh: ClassVar[str] = "龙头企业招引"
    moves: ClassVar[tuple[str, ...]] = ("contacts", "leader_award", "land_discount")
    bars: ClassVar[tuple[Bar, ...]] = (LAND_PRICE, CLEAN_UP, FAIR_COMPETITION)
    example: ClassVar[dict[str, object]] = {
        "kind": "leader_recruitment", "city": "chenzhou", "start": "2010-Q1", "sectors": ["electronics"],
    }  # fmt: skip

    kind: Literal["leader_recruitment"]
    """Kind of policy."""
    sectors: tuple[Identifier, ...] = ()
    """Sectors whose leaders are wanted; none named: all."""
    award: Annotated[float, number("1e8 yuan per leader", ge=0, le=100)] = 0.2
    """Award for a leader that comes, once."""
    land_discount: Share = 0.3
    """Part of the price of its land that a leader is given back when it produces."""
    contact: Annotated[float, number("contact intensity a leader and year", ge=0, le=10)] = 0.5
    """Contacts with each leader of the target a year."""
    visit_outlay: Annotated[float, number("1e8 yuan per leader and year", ge=0, le=1)] = 0.0005
    """Cost of a contact intensity of one with one leader for a year: a few trips of a delegation; assumed (0.0002 to
    0.002)."""
    targets: Annotated[float, number("leaders", ge=0, le=10_000)] = 100.0
    """Leaders that the city keeps in touch with, which the outlay is reckoned on; assumed (all electronics leaders of the
    coast are about as many)."""

    def changes(self, site: Site, elapsed: int) -> list[Change]:
        """Return the award, the discount and the contacts, the same from start to end."""
        cities, sectors = site.at("places", self.cities()), site.at("sectors", self.sectors)
        where = (cities, sectors, LEADER)
        told = (site.at("origins", ()), sectors, LEADER, cities)
        return [
            Change("leader_award", (cities, sectors), self.intensity * self.award),
            Change("land_discount", where, self.intensity * self.land_discount),
            Change("contacts", told, self.intensity * self.contact),
        ]

    def cost(self, elapsed: int) -> float:
        """Return the quarter's outlay on visits in one city, 1e8 yuan; awards and discounts are booked as they are paid."""
        return self.intensity * self.contact * self.targets * self.visit_outlay / 4
