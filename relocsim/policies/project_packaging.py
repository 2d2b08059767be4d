"""Project packaging: a stock of well-prepared projects, which makes promotion yield more."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from relocsim.policies.base import CityPolicy, Site
from relocsim.world.described import number
from relocsim.world.levers import Change


class ProjectPackaging(CityPolicy):
    """Projects are studied, sited and costed before anybody is asked, so that a contact has something to talk about.

    Multiplies what contacts yield: those of campaigns, and the part of standing that is every place's usual promotion.
    City leaders name a stock of prepared projects as what promotion lacks (Yibin 2009 and 2011, Zhoukou 2011); none says by
    how much, so that the size is assumed.
    """

    title: ClassVar[str] = "Project packaging"
    title_zh: ClassVar[str] = "项目储备包装"
    moves: ClassVar[tuple[str, ...]] = ("packaging",)
    example: ClassVar[dict[str, object]] = {"kind": "project_packaging", "city": "chenzhou", "start": "2010-Q1"}

    kind: Literal["project_packaging"]
    """Kind of policy."""
    gain: Annotated[float, number("ratio", ge=0, le=5)] = 0.3
    """Added yield of contacts once the stock is there; assumed (0.1 to 0.6)."""
    build_years: Annotated[float, number("years", ge=0.25, le=20)] = 1.0
    """Time over which the stock is built up."""
    outlay: Annotated[float, number("1e8 yuan/year", ge=0, le=10)] = 0.03
    """Yearly cost in one city of studies and plans, renewed as projects go: some sixty at 50,000 yuan; assumed (0.01 to
    0.1)."""

    def changes(self, site: Site, elapsed: int) -> list[Change]:
        """Return the gain so far."""
        ready = min(1.0, (elapsed + 1) / (4 * self.build_years))
        return [Change("packaging", (site.at("places", self.cities()),), 1 + self.intensity * self.gain * ready)]

    def cost(self, elapsed: int) -> float:
        """Return the quarter's cost in one city, 1e8 yuan."""
        return self.intensity * self.outlay / 4
