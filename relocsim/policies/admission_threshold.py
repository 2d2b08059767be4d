"""Admission threshold: the city refuses what pollutes too much or brings too little on its land."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from relocsim.policies.base import CityPolicy, Site
from relocsim.world.described import Share, number
from relocsim.world.levers import Change


class AdmissionThreshold(CityPolicy):
    """Applicants need a least investment and output per hectare and may emit only so much; others are refused.

    Refused firms turn to their next choice. Room, power and allowance are kept for those who bring more; where nothing is
    short, a threshold only turns investment away. The control indicators for industrial land of 2008 ask for some 5 to 45
    million yuan of investment per hectare by industry and county (recalled); what parks asked for is not known.
    """

    title: ClassVar[str] = "Admission threshold"
    title_zh: ClassVar[str] = "项目准入门槛"
    moves: ClassVar[tuple[str, ...]] = ("pollution_threshold", "investment_threshold", "output_threshold")
    example: ClassVar[dict[str, object]] = {
        "kind": "admission_threshold", "city": "chenzhou", "start": "2010-Q1", "pollution": 0.5, "investment": 0.2,
        "yearly_output": 0.35,
    }  # fmt: skip

    kind: Literal["admission_threshold"]
    """Kind of policy."""
    pollution: Share = 0.5
    """By how much the most emissions per output let in lie below those of the dirtiest sector; assumed (0.3 to 0.8)."""
    investment: Annotated[float, number("1e8 yuan/ha", ge=0, le=10)] = 0.2
    """Least investment per hectare of land, or under the factory floor that is rented; assumed (0.1 to 0.3)."""
    yearly_output: Annotated[float, number("1e8 yuan/ha/year", ge=0, le=10)] = 0.35
    """Least yearly output per hectare; assumed (0.2 to 0.5)."""

    def changes(self, site: Site, elapsed: int) -> list[Change]:
        """Return the thresholds, the same from start to end."""
        cities = site.at("places", self.cities())
        return [
            Change("pollution_threshold", (cities,), min(1.0, self.intensity * self.pollution)),
            Change("investment_threshold", (cities,), self.intensity * self.investment),
            Change("output_threshold", (cities,), self.intensity * self.yearly_output),
        ]
