"""Logistics platform: customs on the spot, a bonded zone, a dry port, a river port."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from relocsim.policies.base import CityPolicy, Site
from relocsim.world.described import Identifier, Share, number
from relocsim.world.levers import Change


class LogisticsPlatform(CityPolicy):
    """Exports clear in the city and leave by through train or barge; each of four parts may be left out.

    A customs house and a bonded zone cut the days of clearance, a dry port sends exports to the sea by through trains,
    a river port opens a waterway to bulk goods. Sectors gain by their share of exports and of bulk freight. Dry ports and
    customs houses were what inland cities asked for about 2009; what they save is assumed, since no count of days was found.
    """

    title: ClassVar[str] = "Customs and logistics platform"
    title_zh: ClassVar[str] = "口岸物流平台"
    moves: ClassVar[tuple[str, ...]] = ("clearance_days", "port_access", "line_open")
    example: ClassVar[dict[str, object]] = {
        "kind": "logistics_platform", "city": "chenzhou", "start": "2010-Q1", "river_port": ["leishui-waterway"],
    }  # fmt: skip

    kind: Literal["logistics_platform"]
    """Kind of policy."""
    customs: bool = True
    """Whether a customs house clears on the spot."""
    bonded_zone: bool = True
    """Whether there is a bonded zone, where goods count as exported on entry."""
    dry_port: bool = True
    """Whether a dry port sends exports by through trains or barges."""
    river_port: tuple[Identifier, ...] = ()
    """Waterways that are deepened and open with a port on them; none named: no river port."""
    customs_cut: Share = 0.4
    """Share of clearance days that the customs house saves; assumed (0.2 to 0.6)."""
    bonded_cut: Share = 0.25
    """Share of the days left that the bonded zone saves; assumed (0.1 to 0.4)."""
    through_share: Share = 0.4
    """Share of exports that leave by the dry port; assumed (0.2 to 0.7)."""
    build_years: Annotated[float, number("years", ge=0.25, le=20)] = 2.0
    """Time to build: customs, zone and dry port take up work step by step, a waterway opens when it is complete."""
    customs_cost: Annotated[float, number("1e8 yuan", ge=0, le=100)] = 0.3
    """Outlay on the customs house; assumed (0.1 to 1)."""
    bonded_cost: Annotated[float, number("1e8 yuan", ge=0, le=100)] = 3.0
    """Outlay on the bonded zone, fences and warehouses; assumed (1 to 10)."""
    dry_port_cost: Annotated[float, number("1e8 yuan", ge=0, le=100)] = 1.5
    """Outlay on the yard and sidings of the dry port; assumed (0.5 to 5)."""
    river_port_cost: Annotated[float, number("1e8 yuan", ge=0, le=1000)] = 10.0
    """Outlay on the river port and the city's part of its waterway; assumed (3 to 40)."""
    upkeep: Share = 0.08
    """Yearly running cost over the outlay; assumed (0.04 to 0.15)."""

    def _done(self, elapsed: int) -> float:
        return min(1.0, max(0, elapsed + 1) / (4 * self.build_years))

    def changes(self, site: Site, elapsed: int) -> list[Change]:
        """Return what the parts save so far; more intensity cannot save more than everything."""
        cities, ready = (site.at("places", self.cities()),), self.intensity * self._done(elapsed)
        left = 1.0
        for there, cut in ((self.customs, self.customs_cut), (self.bonded_zone, self.bonded_cut)):
            left *= max(0.0, 1 - ready * cut * there)
        through = min(1.0, ready * self.through_share * self.dry_port)
        found = [Change("clearance_days", cities, left), Change("port_access", cities, through)]
        if self.river_port and self._done(elapsed) == 1:
            found.append(Change("line_open", (site.at("lines", self.river_port),), float(self.intensity > 0)))
        return found

    @property
    def lines(self) -> tuple[Identifier, ...]:
        """Lines that follow the policy and not their own dates."""
        return self.river_port

    def _outlay(self) -> float:
        parts = (
            (self.customs, self.customs_cost), (self.bonded_zone, self.bonded_cost),
            (self.dry_port, self.dry_port_cost), (bool(self.river_port), self.river_port_cost),
        )  # fmt: skip
        return sum(there * cost for there, cost in parts)

    def cost(self, elapsed: int) -> float:
        """Return the quarter's outlay in one city, 1e8 yuan: building, then upkeep."""
        before = self._done(elapsed - 1)
        running = self.upkeep / 4 if before == 1 else 0.0
        return self.intensity * self._outlay() * (self._done(elapsed) - before + running)
