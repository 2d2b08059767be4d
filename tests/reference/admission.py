"""Firm-proposing deferred acceptance with sizes, one place and one claim at a time (docs/model.md, 8)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from reference.firm import NOTHING, FirmAgent

Claim = tuple[int, int]
"""An applicant and the position on its list of wishes."""


@dataclass
class Wish:
    """A firm's application to one place: how it would come and how the place ranks it."""

    firm: FirmAgent
    place: int
    kind: str
    resource: int
    """What it takes, land or floor."""
    need: float
    """How much of it one firm takes."""
    rank: tuple[float, ...]
    """The lower, the better liked."""

    def served(self, firms: float, room: list[float]) -> float:
        """Return how many of the firms find room, a leader whole or not at all; the room shrinks."""
        missing = self.need * firms - room[self.resource]
        if missing <= (NOTHING * self.need * firms if self.firm.leader else 0.0):
            room[self.resource] = max(0.0, -missing)
            return firms
        if self.firm.leader or room[self.resource] <= 0:
            return 0.0
        part = room[self.resource] / self.need
        room[self.resource] = 0.0
        return part


class Market:
    """Applicants and places of one quarter."""

    def __init__(
        self, lists: list[list[int]], firms: list[float], rooms: list[list[float]], apply: Callable[[int, int], Wish]
    ) -> None:
        """Take the places on each applicant's list, best first, what it stands for, and land and floor left by place.

        `apply` makes the application of an applicant to a place.
        """
        self.lists, self.firms, self.rooms, self.apply = lists, firms, rooms, apply
        self._wishes: dict[Claim, Wish] = {}
        self.events: Counter[str] = Counter()
        """How often what happened, to tell whether a test exercises it."""

    def clear(self) -> list[dict[int, float]]:
        """Return the firms admitted, for each applicant by position on its list.

        When everybody has asked, those unplaced ask once more, in the same way, for the room that is left.
        """
        admitted: list[dict[int, float]] = [{} for _ in self.lists]
        rest = list(self.firms)
        for asking in ("first asking", "second asking"):
            for (one, position), firms in self._accept(rest).items():
                self.events[asking] += 1
                admitted[one][position] = admitted[one].get(position, 0.0) + firms
                rest[one] -= firms
                wish = self.wish((one, position))
                self.rooms[wish.place][wish.resource] -= firms * wish.need
        return admitted

    def _accept(self, rest: list[float]) -> dict[Claim, float]:
        """Run deferred acceptance among those who have a rest to place."""
        held: list[dict[Claim, float]] = [{} for _ in self.rooms]
        asking = {(one, 0): firms for one, firms in enumerate(rest) if self.lists[one] and self._matters(one, firms)}
        while asking:
            asking = self._round(asking, held)
        return {claim: firms for place in held for claim, firms in place.items()}

    def _matters(self, one: int, firms: float) -> bool:
        return firms > NOTHING * self.firms[one]

    def _rank(self, claim: Claim) -> tuple[float, ...]:
        return self.wish(claim).rank

    def wish(self, claim: Claim) -> Wish:
        """Return the application that a claim makes."""
        if claim not in self._wishes:
            self._wishes[claim] = self.apply(claim[0], self.lists[claim[0]][claim[1]])
        return self._wishes[claim]

    def _round(self, asking: dict[Claim, float], held: list[dict[Claim, float]]) -> dict[Claim, float]:
        """Let every place that is asked choose anew among those it holds and those who ask; return who asks next."""
        asked = set()
        for claim, more in asking.items():
            place = self.lists[claim[0]][claim[1]]
            asked.add(place)
            held[place][claim] = held[place].get(claim, 0.0) + more
        following: dict[Claim, float] = defaultdict(float)
        for place in asked:
            room, kept = list(self.rooms[place]), {}
            for claim in sorted(held[place], key=self._rank):
                one, position = claim
                wish, wanted, before = self.wish(claim), held[place][claim], list(room)
                taken = wish.served(wanted, room)
                if taken < wanted and before[wish.resource] > 0:
                    self.events["leader passed over" if wish.firm.leader else "taken in part"] += 1
                if taken < wanted - asking.get(claim, 0.0):
                    self.events["displaced"] += 1
                if self._matters(one, taken):
                    kept[claim] = taken
                if self._matters(one, wanted - taken) and position + 1 < len(self.lists[one]):
                    following[one, position + 1] += wanted - taken
            held[place] = kept
        return following
