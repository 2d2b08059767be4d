"""Talent programme: skilled people are brought in, and some of them start firms."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from relocsim.policies.base import CityPolicy, Site
from relocsim.world.described import Identifier, Share, number
from relocsim.world.levers import Change


class TalentProgramme(CityPolicy):
    """More skilled posts can be filled on the spot, and senior talent starts a few firms a year.

    Staff are brought in over the building time; hubs draw some of them away again (the siphon acts on those brought in
    too). At Yibin five projects were started by senior talent brought in (speech, 2011). Start-ups are no relocation: they
    add to local output and depth, and are counted apart from capture.
    """

    title: ClassVar[str] = "Talent programme"
    title_zh: ClassVar[str] = "人才引进"
    moves: ClassVar[tuple[str, ...]] = ("talent", "talent_projects")
    example: ClassVar[dict[str, object]] = {"kind": "talent_programme", "city": "chenzhou", "start": "2010-Q1"}

    kind: Literal["talent_programme"]
    """Kind of policy."""
    talent: Share = 0.1
    """Skilled posts that can be filled in addition when complete; assumed (0.03 to 0.2)."""
    build_years: Annotated[float, number("years", ge=0.25, le=20)] = 4.0
    """Time over which staff come."""
    projects: Annotated[float, number("start-ups/year", ge=0, le=1000)] = 5.0
    """Firms started by the talent brought in; five at Yibin in 2011, taken as a year's."""
    survival: Annotated[float, number("share/year", ge=0, le=1)] = 0.85
    """Start-ups that are still there a year later; assumed (0.75 to 0.95)."""
    sectors: tuple[Identifier, ...] = ("electronics", "special_machinery")
    """Sectors in which they start, evenly."""
    outlay: Annotated[float, number("1e8 yuan/year", ge=0, le=100)] = 0.3
    """Yearly cost of flats, grants and an incubator; assumed (0.1 to 1)."""

    def standing(self, elapsed: int) -> float:
        """Return the start-ups that stand `elapsed` quarters after the start: those of each quarter, thinned by age."""
        return sum(self.projects / 4 * self.survival ** (age / 4) for age in range(elapsed + 1))

    def changes(self, site: Site, elapsed: int) -> list[Change]:
        """Return the staff that have come and the start-ups that stand."""
        cities, ready = site.at("places", self.cities()), min(1.0, (elapsed + 1) / (4 * self.build_years))
        sectors = [name for name in self.sectors if name in site.sectors]
        found = [Change("talent", (cities,), self.intensity * self.talent * ready)]
        if sectors:
            each = self.intensity * self.standing(elapsed) / len(sectors)
            found.append(Change("talent_projects", (cities, site.at("sectors", sectors)), each))
        return found

    def cost(self, elapsed: int) -> float:
        """Return the quarter's cost in one city, 1e8 yuan."""
        return self.intensity * self.outlay / 4
