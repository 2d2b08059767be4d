"""Labour training: workers trained and housed, so that plants can hire."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from relocsim.policies.base import CityPolicy, Site
from relocsim.world.described import number
from relocsim.world.levers import Change


class LabourTraining(CityPolicy):
    """Training and workers' housing bring people into the pool from which plants hire.

    They can be hired by new plants, they count in what the city can serve, and a larger pool means less pressure on wages.
    The documents tell of vocational schools and workers' flats, without figures; the default is a large school's output of
    a few years, about a tenth of the jobs in Chenzhou's industry of 2008.
    """

    title: ClassVar[str] = "Labour training and housing"
    title_zh: ClassVar[str] = "劳动力培训与安居"
    moves: ClassVar[tuple[str, ...]] = ("labour_added",)
    example: ClassVar[dict[str, object]] = {
        "kind": "labour_training", "city": "chenzhou", "start": "2010-Q1", "workers": 30000,
    }  # fmt: skip

    kind: Literal["labour_training"]
    """Kind of policy."""
    workers: Annotated[float, number("persons", ge=0, le=1e7)] = 30_000.0
    """Workers added in all; assumed (10,000 to 60,000)."""
    build_years: Annotated[float, number("years", ge=0.25, le=20)] = 3.0
    """Time over which they are trained and housed."""
    training_cost: Annotated[float, number("yuan/person", ge=0, le=1e6)] = 1500.0
    """Public cost of training one; assumed (500 to 3,000: short courses for migrants)."""
    housing_cost: Annotated[float, number("yuan/person", ge=0, le=1e6)] = 5000.0
    """Public cost of housing one, rents recovered taken off; assumed (2,000 to 15,000: a bed in a dormitory)."""

    def _done(self, elapsed: int) -> float:
        """Return the share that is ready `elapsed` quarters after the start (the first lot is ready at once)."""
        return min(1.0, (elapsed + 1) / (4 * self.build_years))

    def changes(self, site: Site, elapsed: int) -> list[Change]:
        """Return the workers added so far."""
        cities = site.at("places", self.cities())
        return [Change("labour_added", (cities,), self.intensity * self.workers * self._done(elapsed))]

    def cost(self, elapsed: int) -> float:
        """Return the quarter's cost in one city, 1e8 yuan."""
        lot = self._done(elapsed) - (self._done(elapsed - 1) if elapsed else 0.0)
        return self.intensity * lot * self.workers * (self.training_cost + self.housing_cost) / 1e8
