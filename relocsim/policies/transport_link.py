"""Transport link: a line of any mode opens on its date."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from relocsim.policies.base import Policy, Site
from relocsim.world.described import Identifier
from relocsim.world.levers import Change


class TransportLink(Policy):
    """Lines of the network open when the policy starts; without it they do not exist.

    High-speed rail needs no rule of its own: it changes hours to the origin, for the near city and for the hubs behind
    it at once, and carries no goods. A line that a scenario names here follows the policy and not its historical date.
    """

    title: ClassVar[str] = "Transport link"
    title_zh: ClassVar[str] = "交通通道"
    moves: ClassVar[tuple[str, ...]] = ("line_open",)
    example: ClassVar[dict[str, object]] = {
        "kind": "transport_link", "lines": ["wuhan-guangzhou-hsr"], "start": "2009-12-26",
    }  # fmt: skip

    kind: Literal["transport_link"]
    """Kind of policy."""
    lines: Annotated[tuple[Identifier, ...], Field(min_length=1)]
    """Lines of the network that open."""

    def changes(self, site: Site, elapsed: int) -> list[Change]:
        """Return the lines as open (a line is open or it is not: any intensity above zero opens it)."""
        return [Change("line_open", (site.at("lines", self.lines),), float(self.intensity > 0))]
