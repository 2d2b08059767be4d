"""Supplier cultivation: the missing links of a chain are recruited or raised."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from relocsim.policies.base import CityPolicy, Site
from relocsim.world.described import Identifier, Share, number
from relocsim.world.levers import Change


class SupplierCultivation(CityPolicy):
    """Suppliers of named sectors grow, and named key components come to be made in the city.

    Depth is capped by the missing link, so that recruiting the link that lacks does more than more of what is there.
    """

    title: ClassVar[str] = "Supplier cultivation"
    title_zh: ClassVar[str] = "配套企业培育"
    moves: ClassVar[tuple[str, ...]] = ("recruited_output", "component_presence")
    example: ClassVar[dict[str, object]] = {
        "kind": "supplier_cultivation", "city": "chenzhou", "start": "2010-Q1",
        "components": ["electronics.circuit-boards"], "output": {"electronics": 20},
    }  # fmt: skip

    kind: Literal["supplier_cultivation"]
    """Kind of policy."""
    output: dict[Identifier, Annotated[float, number("1e8 yuan/year", ge=0, le=10_000)]] = Field(default={})
    """Output of recruited or raised suppliers by sector, when the programme is complete."""
    components: tuple[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9-]*$")], ...] = ()
    """Key components that the city did without and then has, written `sector.component`."""
    presence: Share = 0.7
    """How fully a recruited component is supplied (1: as in a place that never lacked it); assumed."""
    build_years: Annotated[float, number("years", ge=0.25, le=20)] = 3.0
    """Time over which suppliers settle."""
    outlay_share: Annotated[float, number("share of recruited output", ge=0, le=1)] = 0.05
    """Public outlay over the output that it brings; assumed (0.02 to 0.1)."""
    component_outlay: Annotated[float, number("1e8 yuan per component", ge=0, le=100)] = 0.5
    """Public outlay for one missing component (shared works such as plating or dyeing parks); assumed (0.2 to 2)."""

    def _done(self, elapsed: int) -> float:
        return min(1.0, (elapsed + 1) / (4 * self.build_years))

    def changes(self, site: Site, elapsed: int) -> list[Change]:
        """Return the suppliers settled so far."""
        cities, ready = site.at("places", self.cities()), self.intensity * self._done(elapsed)
        grown = [
            Change("recruited_output", (cities, site.at("sectors", [sector])), size * ready)
            for sector, size in sorted(self.output.items())
        ]
        if not self.components:
            return grown
        where = (cities, site.at("components", self.components))
        return [*grown, Change("component_presence", where, min(1.0, self.presence * ready))]

    def cost(self, elapsed: int) -> float:
        """Return the quarter's outlay in one city, 1e8 yuan."""
        lot = self._done(elapsed) - (self._done(elapsed - 1) if elapsed else 0.0)
        whole = self.outlay_share * sum(self.output.values()) + self.component_outlay * len(self.components)
        return self.intensity * lot * whole
