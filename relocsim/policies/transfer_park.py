"""Transfer park: a place on the way takes in what leaves the coast before it gets further."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from relocsim.policies.base import CityPolicy, Site
from relocsim.world.described import Identifier, Share, number
from relocsim.world.levers import Change


class TransferPark(CityPolicy):
    """Land, factory floor and incentives in a park that a nearer place sets up for relocating industry.

    Guangdong twins cities of its delta with prefectures in its mountains and pays part of their parks, so that industry
    stays in the province (report of Chenzhou, about 2009: Shaoguan intercepts). The partner's name makes the park known, and
    in the partner's own city as familiar as if it lay near; sizes are assumed.
    """

    title: ClassVar[str] = "Transfer park"
    title_zh: ClassVar[str] = "产业转移园"
    moves: ClassVar[tuple[str, ...]] = (
        "land_added", "floor_added", "quota_added", "capital_subsidy", "standing", "familiarity",
    )  # fmt: skip
    example: ClassVar[dict[str, object]] = {
        "kind": "transfer_park", "city": "shaoguan", "start": "2009-Q1", "origins": ["dongguan"],
    }  # fmt: skip

    kind: Literal["transfer_park"]
    """Kind of policy."""
    land: Annotated[float, number("ha", ge=0, le=100_000)] = 500.0
    """Serviced land in all; its quota comes with the park."""
    floor: Annotated[float, number("1e4 m2", ge=0, le=10_000)] = 50.0
    """Standard factory floor in all."""
    build_years: Annotated[float, number("years", ge=0.25, le=20)] = 3.0
    """Time over which it is prepared."""
    capital_subsidy: Annotated[float, number("share of investment", ge=0, le=1)] = 0.03
    """Subsidy on investment, on top of the usual package; assumed (0 to 0.08)."""
    sectors: tuple[Identifier, ...] = ()
    """Sectors that the park is for; none named: all."""
    better_known: Annotated[float, number("ratio", ge=1, le=5)] = 1.2
    """Standing with the partner's name over that without; assumed (1.0 to 1.5)."""
    origins: tuple[Identifier, ...] = ()
    """Partner origins, whose firms come to know the park as if it lay near; none named: none."""
    familiarity: Share = 0.4
    """Proximity of the place in the partner origins, as far as knowing it goes, where it is farther (1: at no distance);
    assumed (0.2 to 0.7), as of a co-built park."""
    land_cost: Annotated[float, number("1e8 yuan/ha", ge=0, le=1)] = 0.015
    """Cost of clearing and servicing a hectare; as in park expansion."""
    floor_cost: Annotated[float, number("1e8 yuan/1e4 m2", ge=0, le=10)] = 0.1
    """Cost of building standard factories; as in park expansion."""

    def _done(self, elapsed: int) -> float:
        return min(1.0, (elapsed + 1) / (4 * self.build_years))

    def changes(self, site: Site, elapsed: int) -> list[Change]:
        """Return land and floor ready so far, quota while it is built, the subsidy, the name and who knows it."""
        cities, ready = site.at("places", self.cities()), self.intensity * self._done(elapsed)
        where = (cities, site.at("sectors", self.sectors), slice(None))
        quota = self.intensity * self.land / self.build_years * (elapsed < 4 * self.build_years)
        changes = [
            Change("land_added", (cities,), self.land * ready),
            Change("floor_added", (cities,), self.floor * ready),
            Change("quota_added", (cities,), quota),
            Change("capital_subsidy", where, self.intensity * self.capital_subsidy),
            Change("standing", (cities,), 1 + self.intensity * (self.better_known - 1)),
        ]
        if self.origins:
            known = min(1.0, self.intensity * self.familiarity)
            changes.append(Change("familiarity", (cities, site.at("origins", self.origins)), known))
        return changes

    def cost(self, elapsed: int) -> float:
        """Return the quarter's building cost in one city, 1e8 yuan."""
        lot = self._done(elapsed) - (self._done(elapsed - 1) if elapsed else 0.0)
        return self.intensity * lot * (self.land * self.land_cost + self.floor * self.floor_cost)
