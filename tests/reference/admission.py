"""Firm-proposing deferred acceptance with sizes, one place and one claim at a time (docs/model.md, 7.3)."""

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
    needs: dict[int, float]
    """What one firm takes of each resource that it needs at all."""
    investment: float
    """What one firm would invest."""
    rank: tuple[float, ...]
    """The lower, the better liked."""

    def served(self, firms: float, room: list[float]) -> float:
        """Return how many of the firms find all that they need, a leader whole or not at all; the room shrinks."""
        found = firms
        for resource, need in self.needs.items():
            if need * firms - room[resource] > (NOTHING * need * firms if self.firm.leader else 0.0):
                found = min(found, room[resource] / need)
        if found < firms and (self.firm.leader or found <= 0):
            return 0.0
        for resource, need in self.needs.items():
            left = room[resource] - need * found
            room[resource] = 0.0 if left <= 1e-12 * need * firms else left
        return found

    def could_be_served(self, room: list[float]) -> bool:
        """Return whether there is anything left of all that it needs."""
        return all(room[resource] > 0 for resource in self.needs)


class Market:
    """Applicants and places of one quarter."""

    def __init__(
        self, lists: list[list[int]], firms: list[float], rooms: list[list[float]], apply: Callable[[int, int], Wish]
    ) -> None:
        """Take the places on each applicant's list, best first, what it stands for, and what is left by place and resource.

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
                for resource, need in wish.needs.items():
                    self.rooms[wish.place][resource] = max(0.0, self.rooms[wish.place][resource] - firms * need)
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
                wish, wanted = self.wish(claim), held[place][claim]
                possible = wish.could_be_served(room)
                taken = wish.served(wanted, room)
                if taken < wanted and possible:
                    self.events["leader passed over" if wish.firm.leader else "taken in part"] += 1
                if taken < wanted - asking.get(claim, 0.0):
                    self.events["displaced"] += 1
                if self._matters(one, taken):
                    kept[claim] = taken
                if self._matters(one, wanted - taken) and position + 1 < len(self.lists[one]):
                    following[one, position + 1] += wanted - taken
            held[place] = kept
        return following
