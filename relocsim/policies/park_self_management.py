"""Park self-management: the park's own office decides what the city's departments decided."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from relocsim.policies.base import CityPolicy, Site
from relocsim.world.described import Share, number
from relocsim.world.levers import Change


class ParkSelfManagement(CityPolicy):
    """Approvals in the park are faster, and the park charges for its service.

    Powers handed down to parks are named in the reports of Chenzhou and Yibin (about 2009 to 2011) beside their upgrade; no
    source gives sizes. The two sides pull against each other: days fall, fees rise.
    """

    title: ClassVar[str] = "Park self-management"
    title_zh: ClassVar[str] = "园区自主管理"
    moves: ClassVar[tuple[str, ...]] = ("approval_days", "fees")
    example: ClassVar[dict[str, object]] = {"kind": "park_self_management", "city": "chenzhou", "start": "2010-Q1"}

    kind: Literal["park_self_management"]
    """Kind of policy."""
    park_share: Share = 0.7
    """Share of new projects that go to the park; assumed (0.5 to 0.9)."""
    approval_cut: Share = 0.4
    """Share by which approval days fall in the park; assumed (0.2 to 0.6)."""
    service_fee: Annotated[float, number("share of fees", ge=0, le=5)] = 0.1
    """What the park charges for its service, over the fees elsewhere; assumed (0 to 0.3)."""
    outlay: Annotated[float, number("1e8 yuan/year", ge=0, le=100)] = 0.03
    """Yearly cost of the park's office in one city, service fees taken off; assumed (0.01 to 0.1)."""

    def changes(self, site: Site, elapsed: int) -> list[Change]:
        """Return days and fees of the mean project, full from the start."""
        cities = site.at("places", self.cities())
        return [
            Change("approval_days", (cities,), max(0.0, 1 - self.intensity * self.park_share * self.approval_cut)),
            Change("fees", (cities,), 1 + self.intensity * self.park_share * self.service_fee),
        ]

    def cost(self, elapsed: int) -> float:
        """Return the quarter's running cost in one city, 1e8 yuan."""
        return self.intensity * self.outlay / 4
