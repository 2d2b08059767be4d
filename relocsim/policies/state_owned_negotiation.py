"""State-owned negotiation: a city goes after the strategic projects of central and provincial enterprises."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from relocsim.policies.base import CityPolicy, Site
from relocsim.world.described import number
from relocsim.world.levers import Change


class StateOwnedNegotiation(CityPolicy):
    """Leaders call on ministries and head offices; the odds of getting a project rise.

    Such projects come by negotiation and not by cost alone (report of Chenzhou, about 2009: Ganzhou names four of 6 to
    50e8 yuan, three of which look state-owned). How much effort moves is not known: by default it doubles the odds.
    """

    title: ClassVar[str] = "Negotiation with state-owned enterprises"
    title_zh: ClassVar[str] = "央企省企对接"
    moves: ClassVar[tuple[str, ...]] = ("negotiation",)
    example: ClassVar[dict[str, object]] = {"kind": "state_owned_negotiation", "city": "chenzhou", "start": "2010-Q1"}

    kind: Literal["state_owned_negotiation"]
    """Kind of policy."""
    effort: Annotated[float, number("ratio", ge=0, le=20)] = 1.0
    """By how much the odds rise, over those without effort; assumed (0.3 to 3)."""
    outlay: Annotated[float, number("1e8 yuan/year", ge=0, le=100)] = 0.05
    """Yearly cost of the office and of what is conceded in talks, in one city; assumed (0.02 to 0.3)."""

    def changes(self, site: Site, elapsed: int) -> list[Change]:
        """Return the effort, the same from start to end."""
        return [Change("negotiation", (site.at("places", self.cities()),), self.intensity * self.effort)]

    def cost(self, elapsed: int) -> float:
        """Return the quarter's cost in one city, 1e8 yuan."""
        return self.intensity * self.outlay / 4
