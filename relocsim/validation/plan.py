"""What a plan of a validation says: cases, which figures are compared with what of a run, how much is played."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from relocsim.calibration.plan import PlanOfCases, Target
from relocsim.world.described import Identifier


class ValidationPlan(PlanOfCases):
    """A validation."""

    evidence: str | tuple[str, ...]
    """Files of evidence, relative to the plan. All their figures stand in the table: compared, found among the patterns, or
    with the reason why the model is silent."""
    comparisons: dict[Identifier, Target] = Field({})
    """Figures that are read off runs, by name of the comparison."""
    findings: str = ""
    """File of the findings of the patterns, relative to the plan."""
    investment: str = ""
    """Table of foreign investment (city, year, value), relative to the plan, for the shares of cities."""
    replicates: Annotated[int, Field(ge=2, le=100_000)] = 39
    """Draws of inputs and luck."""
