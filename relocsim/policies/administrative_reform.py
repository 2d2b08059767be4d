"""Administrative reform: faster approvals, fewer fees, one window."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from relocsim.policies.base import CityPolicy, Site
from relocsim.world.described import Share, number
from relocsim.world.levers import Change


class AdministrativeReform(CityPolicy):
    """Approval days and fees are cut by a share.

    Days tie up capital and slow the way from contract to ground breaking. Evidence on the effect is weak (Du, Lu & Tao
    2008 find institutions to attract foreign investors; a later study finds approval bureaux without clear effect).
    """

    title: ClassVar[str] = "Administrative reform"
    title_zh: ClassVar[str] = "行政审批改革"
    moves: ClassVar[tuple[str, ...]] = ("approval_days", "fees")
    example: ClassVar[dict[str, object]] = {
        "kind": "administrative_reform", "city": "chenzhou", "start": "2010-Q1", "approval_cut": 0.5, "fee_cut": 0.3,
    }  # fmt: skip

    kind: Literal["administrative_reform"]
    """Kind of policy."""
    approval_cut: Share = 0.5
    """Share by which approval days fall; assumed (0.2 to 0.7)."""
    fee_cut: Share = 0.3
    """Share by which fees fall; assumed (0.1 to 0.5)."""
    outlay: Annotated[float, number("1e8 yuan/year", ge=0, le=100)] = 0.05
    """Yearly cost of the one-window office in one city; assumed (0.02 to 0.2)."""

    def changes(self, site: Site, elapsed: int) -> list[Change]:
        """Return the cuts, full from the start; an intensity above one cannot cut more than everything."""
        cities = site.at("places", self.cities())
        return [
            Change("approval_days", (cities,), max(0.0, 1 - self.intensity * self.approval_cut)),
            Change("fees", (cities,), max(0.0, 1 - self.intensity * self.fee_cut)),
        ]

    def cost(self, elapsed: int) -> float:
        """Return the quarter's running cost in one city, 1e8 yuan."""
        return self.intensity * self.outlay / 4
