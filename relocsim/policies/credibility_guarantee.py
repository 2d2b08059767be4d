"""Credibility guarantee: promised incentives lie in escrow."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from relocsim.policies.base import CityPolicy, Site
from relocsim.world.described import Share, number
from relocsim.world.levers import Change


class CredibilityGuarantee(CityPolicy):
    """A share of what the city promises lies in escrow, so that it is paid when due whatever the budget.

    The city then means to honour more of its promises and can; firms believe part of it at once, the rest as they see it
    paid. Incentives themselves are booked as they are paid; the cost here is that of tying the money up. That promises
    are not kept and cost a city its name is told of (speeches, Yibin and Zhoukou 2011) without figures: sizes are assumed.
    """

    title: ClassVar[str] = "Credibility guarantee"
    title_zh: ClassVar[str] = "政策兑现保证金"
    moves: ClassVar[tuple[str, ...]] = ("escrow",)
    example: ClassVar[dict[str, object]] = {
        "kind": "credibility_guarantee", "city": "chenzhou", "start": "2010-Q1", "share": 0.8,
    }  # fmt: skip

    kind: Literal["credibility_guarantee"]
    """Kind of policy."""
    share: Share = 0.8
    """Share of promised incentives that lies in escrow; assumed (0.5 to 1)."""
    outlay: Annotated[float, number("1e8 yuan/year", ge=0, le=100)] = 0.05
    """Yearly cost of tying the money up and of keeping the accounts, in one city; assumed (0.02 to 0.1)."""

    def changes(self, site: Site, elapsed: int) -> list[Change]:
        """Return the escrow, full from the start; no more than everything can lie in it."""
        return [Change("escrow", (site.at("places", self.cities()),), min(1.0, self.intensity * self.share))]

    def cost(self, elapsed: int) -> float:
        """Return the quarter's running cost in one city, 1e8 yuan."""
        return self.intensity * self.outlay / 4
