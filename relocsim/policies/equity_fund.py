"""Equity fund: public money beside the founders' in small firms."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from relocsim.policies.base import CityPolicy, Site
from relocsim.world.described import Identifier, Share, number
from relocsim.world.levers import Change


class EquityFund(CityPolicy):
    """A fund closes part of the gap in the finance of small firms of some sectors, so that more plants come to produce.

    Banks lend on land and buildings, which small technology firms have not. Funds for them are told of (speeches, Yibin 2009
    and 2011) without figures: the effect is small (parameter `finance_effect`), and sizes are assumed.
    """

    title: ClassVar[str] = "Equity fund"
    title_zh: ClassVar[str] = "股权投资基金"
    moves: ClassVar[tuple[str, ...]] = ("finance",)
    example: ClassVar[dict[str, object]] = {
        "kind": "equity_fund", "city": "chenzhou", "start": "2010-Q1", "sectors": ["electronics"],
    }  # fmt: skip

    kind: Literal["equity_fund"]
    """Kind of policy."""
    coverage: Share = 0.5
    """Share of the gap in small firms' finance that it closes; assumed (0.2 to 0.8)."""
    sectors: tuple[Identifier, ...] = ()
    """Sectors that it serves; none named: all."""
    outlay: Annotated[float, number("1e8 yuan/year", ge=0, le=100)] = 0.1
    """Yearly public money put in and lost or tied up, in one city; assumed (0.02 to 0.5)."""

    def changes(self, site: Site, elapsed: int) -> list[Change]:
        """Return the coverage, full from the start; no more than the whole gap can be closed."""
        where = site.at("places", self.cities()), site.at("sectors", self.sectors)
        return [Change("finance", where, min(1.0, self.intensity * self.coverage))]

    def cost(self, elapsed: int) -> float:
        """Return the quarter's outlay in one city, 1e8 yuan."""
        return self.intensity * self.outlay / 4
