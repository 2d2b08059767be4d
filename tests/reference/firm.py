"""A firm as an agent: it is reviewed, weighs what it knows, and remembers what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa

from reference.values import Segment

if TYPE_CHECKING:
    from reference.model import Quarter


class FirmAgent(mesa.Agent):
    """An agent that stands for `firms` firms of one origin, sector and class."""

    def __init__(self, model: mesa.Model, row: int, uid: int, segment: Segment, firms: float) -> None:
        super().__init__(model)
        self.row, self.uid, self.segment, self.firms = row, uid, segment, firms
        self.sector, self.origin, self.kind = segment
        self.output = 0.0
        self.rents = False
        self.born = 0
        self.home_only = True
        """Whether it may stay at its origin (inland investors may not)."""
        self.at_home = 0.0
        """Firms that stand at the origin and count in its output, those on the point of moving included."""
        self.open_projects = 0
        self.rests_until = 0
        self.abroad, self.closed, self.moved, self.branched = 0.0, 0.0, 0.0, 0.0
        self.tastes: list[float] = []
        self.thresholds: list[float] = []
        self.outside = ""
        """What it does this quarter with the part of it that goes nowhere."""
        self.wishes: list[int] = []
        """Places that it prefers to that, best first."""

    @property
    def leader(self) -> bool:
        """Whether it is a leader, which goes whole or not at all."""
        return self.kind == 3

    def may_be_reviewed(self, quarter: int) -> bool:
        """Return whether a review can reach it."""
        return self.at_home > 0 and not self.open_projects and quarter >= self.rests_until

    def step(self, now: Quarter, draws: tuple[float, float, float, float], *, new: bool) -> None:
        """Decide: rank the known places that are worth more than the best of staying, going abroad and closing.

        `draws` are the Gumbels of staying, going abroad and closing, and that of the nest of places.
        """
        offer, constants = now.values.offer(self.segment), now.constants
        stay, abroad, close, nest = draws
        worth = offer.plant if new else offer.either
        if not self.home_only:
            self.outside, best = "give up", float("-inf")
        else:
            self.outside, best = "stay", offer.home + stay
            if not new and constants.abroad + abroad > best:
                self.outside, best = "abroad", constants.abroad + abroad
            if not new and constants.close + close > best:
                self.outside, best = "close", constants.close + close
        added = nest + (constants.enter if new else constants.relocate)
        contacts, scale = now.contacts[self.origin], now.scale
        ranked = []
        for p in offer.places:
            if contacts[p] > self.thresholds[p]:
                value = worth[p] + scale * self.tastes[p] + added
                if value > best:
                    ranked.append((value, p))
        ranked.sort(reverse=True)
        self.wishes = [p for _, p in ranked]
