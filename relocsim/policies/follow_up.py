"""After-signing follow-up: signed projects are looked after, some of them under supervision."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from relocsim.policies.base import CityPolicy, Site
from relocsim.world.described import Share, number
from relocsim.world.levers import Change


class FollowUp(CityPolicy):
    """More effort goes to signed projects, and a share of them is supervised: somebody answers for each until it produces.

    Effort speeds the stages after signing and keeps projects from falling away. Of hand-picked projects under supervision
    96 % were honoured, 93 % had broken ground and 42 % produced after about a year (speech, Yibin 2011), which the same
    speech says was not so of all. The default share is that of the 132 projects supervised there among the 523 honoured.
    """

    title: ClassVar[str] = "After-signing follow-up"
    title_zh: ClassVar[str] = "签约项目跟踪服务"
    moves: ClassVar[tuple[str, ...]] = ("follow_up", "supervised_share")
    example: ClassVar[dict[str, object]] = {
        "kind": "follow_up", "city": "chenzhou", "start": "2010-Q1", "effort": 0.5, "supervised_share": 0.25,
    }  # fmt: skip

    kind: Literal["follow_up"]
    """Kind of policy."""
    effort: Annotated[float, number("share of usual effort", ge=0, le=10)] = 0.5
    """Effort of following up that is added to the usual one; assumed (0.2 to 1)."""
    supervised_share: Share = 0.25
    """Share of projects that are supervised from signing on (Yibin 2011: 132 beside 523 honoured)."""
    outlay: Annotated[float, number("1e8 yuan/year", ge=0, le=100)] = 0.05
    """Yearly cost of the officials who do it, in one city; assumed (0.02 to 0.2)."""

    def changes(self, site: Site, elapsed: int) -> list[Change]:
        """Return effort and supervision, full from the start; no more than all projects can be supervised."""
        cities = site.at("places", self.cities())
        return [
            Change("follow_up", (cities,), self.intensity * self.effort),
            Change("supervised_share", (cities,), min(1.0, self.intensity * self.supervised_share)),
        ]

    def cost(self, elapsed: int) -> float:
        """Return the quarter's running cost in one city, 1e8 yuan."""
        return self.intensity * self.outlay / 4
