"""Assessment regime: what officials are assessed on."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from relocsim.policies.base import CityPolicy, Site
from relocsim.world.described import number
from relocsim.world.levers import Change


class AssessmentRegime(CityPolicy):
    """The weights of signed money, projects landed, money in place and production in officials' assessment change.

    Officials work for what is counted: their effort is divided by the weights, so that counting what lands takes effort
    from winning and gives it to following up; the number that they report changes with it. Targets, rewards and penalties
    are told of everywhere (speeches, Yibin 2009 and 2011, Zhoukou 2011), and targets for what is honoured, started and
    in place were set beside those for signing; the sizes are assumed.
    """

    title: ClassVar[str] = "Assessment regime"
    title_zh: ClassVar[str] = "招商考核办法"
    moves: ClassVar[tuple[str, ...]] = (
        "assessed_signed",
        "assessed_landed",
        "assessed_in_place",
        "assessed_production",
    )
    example: ClassVar[dict[str, object]] = {
        "kind": "assessment_regime", "city": "chenzhou", "start": "2010-Q1", "signed": 0.5, "landed": 1.5,
    }  # fmt: skip

    kind: Literal["assessment_regime"]
    """Kind of policy."""
    signed: Annotated[float, number("ratio", gt=0, le=100)] = 0.5
    """Weight of signed money over its usual weight; assumed (0.25 to 0.8)."""
    landed: Annotated[float, number("ratio", gt=0, le=100)] = 1.5
    """Weight of projects landed over the usual one; assumed (1 to 2)."""
    in_place: Annotated[float, number("ratio", gt=0, le=100)] = 1.5
    """Weight of money in place over the usual one; assumed (1 to 2)."""
    production: Annotated[float, number("ratio", gt=0, le=100)] = 1.5
    """Weight of plants in production over the usual one; assumed (1 to 2)."""
    outlay: Annotated[float, number("1e8 yuan/year", ge=0, le=100)] = 0.01
    """Yearly cost of counting and checking, in one city; assumed (0.005 to 0.05)."""

    def changes(self, site: Site, elapsed: int) -> list[Change]:
        """Return the weights over the usual ones: the ratio to the power of the intensity."""
        cities = site.at("places", self.cities())
        return [
            Change(f"assessed_{name}", (cities,), getattr(self, name) ** self.intensity)
            for name in ("signed", "landed", "in_place", "production")
        ]

    def cost(self, elapsed: int) -> float:
        """Return the quarter's running cost in one city, 1e8 yuan."""
        return self.intensity * self.outlay / 4
