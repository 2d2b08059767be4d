"""A firm as an agent: it is reviewed, weighs what it knows, and remembers what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import mesa
import numpy as np

from reference.values import Segment

if TYPE_CHECKING:
    from reference.model import Quarter
    from reference.state import Project


LAND, FLOOR = 0, 1
NOTHING = 1e-9
"""Part of an agent that is as good as nothing."""


class Fresh(NamedTuple):
    """Draws of one decision."""

    stay: float
    abroad: float
    close: float
    """Gumbels."""
    nest: float
    """Zeta: what all places have in common."""
    mode: float
    """Uniform: branch or full move."""
    tie: float
    """Uniform: place in the queue among equals."""


class FirmAgent(mesa.Agent):
    """An agent that stands for `firms` firms of one origin, sector and class."""

    def __init__(self, model: mesa.Model, row: int, uid: int, segment: Segment, firms: float) -> None:
        super().__init__(model)
        self.row, self.uid, self.segment, self.firms = row, uid, segment, firms
        self.sector, self.origin, self.kind = segment
        self.output = 0.0
        self.rents = False
        self.born = 0
        self.owner = 0
        self.tier = 0
        self.stratum = -1
        self.follows: Project | None = None
        """Project of its leader that it follows in this quarter."""
        self.moving = 0.0
        """Firms in full moves under way."""
        self.home_only = True
        """Whether it may stay at its origin (inland investors may not)."""
        self.at_home = 0.0
        """Firms that stand at the origin and count in its output, those on the point of moving included."""
        self.open_projects = 0
        self.rests_until = 0
        self.abroad, self.closed, self.moved = 0.0, 0.0, 0.0
        self._tastes: list[float] = []
        self._thresholds: list[float] = []
        self.outside = ""
        """What it does this quarter with the part of it that goes nowhere."""
        self.wishes: list[int] = []
        """Places that it prefers to that, best first."""

    @property
    def left(self) -> float:
        """Firms that have not gone: closed, abroad, or producing elsewhere."""
        return self.firms - self.abroad - self.closed - self.moved

    @property
    def leader(self) -> bool:
        """Whether it is a leader, which goes whole or not at all."""
        return self.kind == 3

    def is_new(self, quarter: int) -> bool:
        """Return whether it has its first choice to make this quarter."""
        return self.born == quarter and quarter > 0

    def give(self, tastes: np.ndarray, thresholds: np.ndarray) -> None:
        """Take persistent draws by place; they become floats when they are first looked at."""
        self._taste_row, self._threshold_row = tastes, thresholds

    @property
    def tastes(self) -> list[float]:
        if not self._tastes:
            self._tastes = self._taste_row.tolist()
        return self._tastes

    @property
    def thresholds(self) -> list[float]:
        if not self._thresholds:
            self._thresholds = self._threshold_row.tolist()
        return self._thresholds

    @property
    def resource(self) -> int:
        """What its plants take: land or floor."""
        return FLOOR if self.rents else LAND

    @property
    def free(self) -> float:
        """Firms at home that are not on the point of moving."""
        return self.at_home - self.moving

    def asking(self, quarter: int) -> float:
        """Return the firms for which it asks when it decides in a quarter."""
        return self.firms if self.is_new(quarter) else self.free

    def space(self, output: float) -> tuple[float, float]:
        """Return the land and floor that so much of its output takes."""
        sector = self.model.world.sectors[self.sector]
        return (0.0, output * sector.floor_use) if self.rents else (output * sector.land_use, 0.0)

    def may_be_reviewed(self, quarter: int) -> bool:
        """Return whether a review can reach it."""
        return self.at_home > NOTHING * self.firms and not self.open_projects and quarter >= self.rests_until

    def step(self, now: Quarter, fresh: Fresh, *, new: bool) -> None:
        """Decide: rank the known places that are worth more than the best of staying, going abroad and closing."""
        offer, constants = now.values.offer(self.segment), now.constants
        self.fresh = fresh
        worth = offer.plant if new else offer.either
        if not self.home_only:
            self.outside, best = "close", float("-inf")
        else:
            self.outside, best = "stay", offer.home + fresh.stay
            if not new and constants.abroad + fresh.abroad > best:
                self.outside, best = "abroad", constants.abroad + fresh.abroad
            if not new and constants.close + fresh.close > best:
                self.outside, best = "close", constants.close + fresh.close
        added = fresh.nest + (constants.enter if new else constants.relocate)
        contacts, owners = now.contacts[self.segment], now.owner_contacts[self.owner]
        scale, tastes, thresholds = now.scale, self.tastes, self.thresholds
        ranked = []
        for p in offer.places:
            if contacts[p] + owners[p] > thresholds[p]:
                value = worth[p] + scale * tastes[p] + added
                if value > best:
                    ranked.append((value, p))
        ranked.sort(reverse=True)
        self.wishes = [p for _, p in ranked]
