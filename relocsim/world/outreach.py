"""Modes of outreach: how a city goes about being known, what an effort reaches and what it costs."""

from __future__ import annotations

from typing import Annotated

from relocsim.world.described import Described, Name, Share, number


class Outreach(Described):
    """A way of reaching firms: resident office, small team, visits firm by firm, fair, agent, firms settled, online.

    Contacts are counted. What one of them tells is `strength`: a firm contacted once with strength one knows the place
    afterwards with probability 1 - exp(-1).
    """

    name: Name
    """English name."""
    name_zh: Name
    """Chinese name."""
    effort: Name
    """What a unit of effort is, in words."""
    usual: Annotated[float, number("units of effort a year", gt=0)]
    """Effort of a city that takes the mode seriously."""
    contacts: Annotated[float, number("contacts a unit and year", ge=0)]
    """Firms contacted by a unit of effort."""
    strength: Annotated[float, number("contact intensity", ge=0)]
    """What one contact tells."""
    closing: Share
    """Share of its contacts that also serve to bring intentions under way to signature."""
    cost: Annotated[float, number("1e8 yuan a unit and year", ge=0)]
    """Cost of a unit of effort."""
    small: Annotated[float, number("ratio", ge=0, le=1)]
    """Chance of a small firm to be reached, over that of the class reached best."""
    medium: Annotated[float, number("ratio", ge=0, le=1)]
    """The same for a medium firm."""
    large: Annotated[float, number("ratio", ge=0, le=1)]
    """The same for a large firm."""
    leader: Annotated[float, number("ratio", ge=0, le=1)]
    """The same for a leader."""
    aims_at_origins: bool = True
    """Whether it can be aimed at chosen origins; otherwise it reaches all of them."""
    aims_at_sectors: bool = True
    """Whether it can be aimed at chosen sectors; otherwise it reaches all of them."""

    @property
    def reach(self) -> tuple[float, float, float, float]:
        """Reach of small, medium, large firms and leaders (`levers.CLASSES`)."""
        return self.small, self.medium, self.large, self.leader
