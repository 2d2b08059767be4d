"""Joint promotion: members of a group promote together and leave sectors to each other."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from relocsim.policies.base import Policy, Site
from relocsim.world.described import Identifier, Share, number
from relocsim.world.levers import Change


class JointPromotion(Policy):
    """Each member is assigned sectors; it offers incentives in these alone, and siblings do not bid against each other.

    Counties of one city that bid alone duplicate each other's promotion, pay for projects that a sibling would have got, and
    split their clusters (reports of Yibin and Zhoukou, 2011: joint promotion and assigned specialisation against that). A
    member that weighs what its siblings lose bids less; what one name promotes is better known; what visitors of one learn
    of a sector of another is passed on. Where the assignment is binding a member sends projects of another's sector away,
    as parks with an industrial profile do on paper and often not in fact. Sizes are assumed.
    """

    title: ClassVar[str] = "Joint promotion"
    title_zh: ClassVar[str] = "联合招商与产业分工"
    moves: ClassVar[tuple[str, ...]] = ("bid_off", "bids_jointly", "capital_subsidy", "standing", "sector_closed")
    example: ClassVar[dict[str, object]] = {
        "kind": "joint_promotion", "start": "2010-Q1",
        "assigned": {"chenzhou": ["electronics"], "hengyang": ["general_machinery", "metal_products"]},
        "binding": True,
    }  # fmt: skip

    kind: Literal["joint_promotion"]
    """Kind of policy."""
    assigned: Annotated[dict[Identifier, tuple[Identifier, ...]], Field(min_length=1)]
    """Sectors that each member goes for; members belong to one group (field `group` of places)."""
    withheld: Share = 1.0
    """Share of its package that a member withholds from other sectors; assumed (0.5 to 1: rules are bent)."""
    pooled_subsidy: Annotated[float, number("share of investment", ge=0, le=1)] = 0.05
    """Subsidy on investment that a member adds in its own sectors, from what it saves in others; assumed (0 to 0.1)."""
    better_known: Annotated[float, number("ratio", ge=1, le=5)] = 1.2
    """Standing of members under one name, over that of each alone; assumed (1.0 to 1.5)."""
    binding: bool = False
    """Whether a member also refuses projects of a sector that is assigned to another and not to it."""
    outlay: Annotated[float, number("1e8 yuan/year", ge=0, le=100)] = 0.02
    """Yearly cost of the joint office to each member; assumed (0.01 to 0.05)."""

    def changes(self, site: Site, elapsed: int) -> list[Change]:
        """Return what members withhold, and how they bid and are known."""
        members = site.at("places", sorted(self.assigned))
        joint = min(1.0, self.intensity)
        known = 1 + self.intensity * (self.better_known - 1)
        return [
            *(self._withheld(site, member, joint) for member in sorted(self.assigned)),
            *(self._pooled(site, member) for member in sorted(self.assigned)),
            *(self._closed(site, member) for member in sorted(self.assigned) if self.binding),
            Change("bids_jointly", (members,), joint),
            Change("standing", (members,), known),
        ]

    def _withheld(self, site: Site, member: str, joint: float) -> Change:
        others = [sector for sector in site.sectors if sector not in self.assigned[member]]
        rows = site.at("sectors", others) if others else site.at("sectors", ())[:0]
        return Change("bid_off", (site.at("places", (member,)), rows), joint * self.withheld)

    def _pooled(self, site: Site, member: str) -> Change:
        """Return the subsidy in the member's own sectors (none, where it is assigned none)."""
        rows = site.at("sectors", self.assigned[member]) if self.assigned[member] else site.at("sectors", ())[:0]
        where = (site.at("places", (member,)), rows, slice(None))
        return Change("capital_subsidy", where, self.intensity * self.pooled_subsidy)

    def _closed(self, site: Site, member: str) -> Change:
        """Return the sectors that the member refuses: those of other members that are not its own."""
        others = {sector for sectors in self.assigned.values() for sector in sectors} - set(self.assigned[member])
        rows = site.at("sectors", sorted(others)) if others else site.at("sectors", ())[:0]
        return Change("sector_closed", (site.at("places", (member,)), rows), min(1.0, self.intensity))

    def cost(self, elapsed: int) -> float:
        """Return the quarter's cost to each member, 1e8 yuan."""
        return self.intensity * self.outlay / 4

    def payers(self) -> tuple[str, ...]:
        """Return the members: each pays its part."""
        return tuple(sorted(self.assigned))
