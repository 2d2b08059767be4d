"""Promotion campaign: contacts by one mode of outreach, aimed at origins and sectors or scattered."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import numpy as np

from relocsim.policies.base import CityPolicy, Site
from relocsim.world.described import Identifier, number
from relocsim.world.levers import CLASSES, Change
from relocsim.world.outreach import Outreach
from relocsim.world.parameters import Parameters


class PromotionCampaign(CityPolicy):
    """A mode of outreach beyond what every place does: visits firm by firm, a team, an office, a fair, agents, online.

    Contacts are counted and spread evenly over the firms that the mode reaches in its target, so that 1,768 visits to one
    sector of two cities tell nearly every large firm, and the same visits scattered over the whole coast next to nobody.
    The default effort is the mode's usual one (for visits the 1,768 firms seen from Yibin on 323 trips, 2011). Contacts
    make the place known, and some of them help to sign what is under way. Targeted promotion raised investment where
    information is poor (Harding & Javorcik 2011, Economic Journal 121, recalled).
    """

    title: ClassVar[str] = "Promotion campaign"
    title_zh: ClassVar[str] = "招商推介"
    moves: ClassVar[tuple[str, ...]] = ("contacts", "visits")
    example: ClassVar[dict[str, object]] = {
        "kind": "promotion_campaign", "city": "chenzhou", "start": "2010-Q1", "mode": "visits",
        "origins": ["shenzhen", "dongguan"], "sectors": ["electronics"],
    }  # fmt: skip

    kind: Literal["promotion_campaign"]
    """Kind of policy."""
    mode: Identifier
    """Mode of outreach, one of `parameters.outreach` of the world."""
    effort: Annotated[float, number("units of the mode a year", gt=0, le=1e6)] | None = None
    """Effort in each city; none: the mode's usual effort."""
    origins: tuple[Identifier, ...] = ()
    """Origins that it is aimed at; none named: all. Some modes cannot be aimed."""
    sectors: tuple[Identifier, ...] = ()
    """Sectors that it is aimed at; none named: all. Some modes (a fair) cannot be aimed."""
    targeting: Annotated[float, number("ratio", ge=1, le=4)] = 1.0
    """What desk work multiplies contacts by, choosing firms that will soon review where they produce; at most one over the
    share that do so within a year (about 2.3)."""
    desk_outlay: Annotated[float, number("1e8 yuan/year", ge=0, le=10)] = 0.01
    """Yearly cost of that desk work in one city, where there is any: a few analysts; assumed (0.003 to 0.03)."""

    def changes(self, site: Site, elapsed: int) -> list[Change]:
        """Return contacts a firm and year by class of firm, and the visits that help to sign."""
        mode, cities = site.modes[self.mode], site.at("places", self.cities())
        origins = site.at("origins", self.origins if mode.aims_at_origins else ())
        sectors = site.at("sectors", self.sectors if mode.aims_at_sectors else ())
        made = self.intensity * self._effort(mode) * mode.contacts
        each = made * mode.strength * self._aim(site) / max(self._reached(site, origins, sectors), 1.0)
        told = [
            Change("contacts", (origins, sectors, at, cities), each * mode.reach[at]) for at, _ in enumerate(CLASSES)
        ]
        return [*told, Change("visits", (cities,), made * mode.closing)]

    def _effort(self, mode: Outreach) -> float:
        return mode.usual if self.effort is None else self.effort

    def _aim(self, site: Site) -> float:
        """Return what targeting achieves: no more than that every contact is with a firm that reviews within the year."""
        return min(self.targeting, max(1.0, 1 / site.reviewed))

    def _reached(self, site: Site, origins: np.ndarray, sectors: np.ndarray) -> float:
        """Return the firms of the target, each counted by its chance to be reached (below one it cannot be divided)."""
        firms = site.firms[np.ix_(origins, sectors)].sum(axis=(0, 1))
        return float(firms @ site.modes[self.mode].reach)

    def spends(self, parameters: Parameters, elapsed: int) -> float:
        """Return the quarter's cost in one city, 1e8 yuan: the effort at the mode's unit cost, and the desk work."""
        mode = parameters.outreach[self.mode]
        return self.intensity * self._effort(mode) * mode.cost / 4 + self.cost(elapsed)

    def cost(self, elapsed: int) -> float:
        """Return the quarter's cost of the desk work in one city, 1e8 yuan."""
        return self.intensity * self.desk_outlay * (self.targeting > 1) / 4
