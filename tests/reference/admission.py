"""Firm-proposing deferred acceptance with sizes, one place and one claim at a time (docs/model.md, 8)."""

from __future__ import annotations

from dataclasses import dataclass, field

from reference.costs import annuity  # noqa: F401
from reference.firm import FirmAgent


@dataclass
class Wish:
    """A firm's application to one place: how it would come and how the place ranks it."""

    firm: FirmAgent
    place: int
    kind: str
    need: tuple[float, float]
    """Land and floor of one firm."""
    rank: tuple[float, ...]
    """The lower, the better liked."""


@dataclass
class Place:
    """A place with room, and what it holds for now: firms by the position of the applicant."""

    room: list[float]
    held: dict[int, float] = field(default_factory=dict)


def served(wish: Wish, firms: float, room: list[float]) -> float:
    """Return how many of the firms find room; the room shrinks."""
    resource = 0 if wish.need[0] > 0 else 1
    need = wish.need[resource]
    if need * firms <= room[resource]:
        room[resource] -= need * firms
        return firms
    if wish.firm.leader or room[resource] <= 0:
        return 0.0
    part = room[resource] / need
    room[resource] = 0.0
    return part


def admit(lists: dict[int, list[Wish]], firms: dict[int, float], rooms: list[list[float]]) -> dict[int, dict[int, float]]:
    """Return the firms admitted, by applicant and by position on its list of wishes.

    `lists` holds the wishes of each applicant, best first, `firms` what it stands for, `rooms` land and floor by place.
    """
    admitted: dict[int, dict[int, float]] = {one: {} for one in lists}
    asking = {(one, 0): firms[one] for one in lists if lists[one]}
    while asking:
        asking = _round(lists, rooms, admitted, asking)
    _last_sweep(lists, firms, rooms, admitted)
    return admitted


def _round(
    lists: dict[int, list[Wish]], rooms: list[list[float]], admitted: dict[int, dict[int, float]],
    asking: dict[tuple[int, int], float],
) -> dict[tuple[int, int], float]:  # fmt: skip
    """Let every place that is asked choose anew among those it holds and those who ask; return who asks next."""
    at: dict[int, dict[tuple[int, int], float]] = {}
    for one, wishes in lists.items():
        for position, held in admitted[one].items():
            at.setdefault(wishes[position].place, {})[one, position] = held
    asked = set()
    for (one, position), more in asking.items():
        place = lists[one][position].place
        asked.add(place)
        claims = at.setdefault(place, {})
        claims[one, position] = claims.get((one, position), 0.0) + more
    following: dict[tuple[int, int], float] = {}
    for place in asked:
        room = list(rooms[place])
        for one, position in sorted(at[place], key=lambda claim: lists[claim[0]][claim[1]].rank):
            wanted = at[place][one, position]
            taken = served(lists[one][position], wanted, room)
            admitted[one].pop(position, None)
            if taken:
                admitted[one][position] = taken
            if taken < wanted and position + 1 < len(lists[one]):
                key = (one, position + 1)
                following[key] = following.get(key, 0.0) + wanted - taken
    return following


def _last_sweep(
    lists: dict[int, list[Wish]], firms: dict[int, float], rooms: list[list[float]],
    admitted: dict[int, dict[int, float]],
) -> None:  # fmt: skip
    """Let what is unplaced ask once more down its list for the room that is left."""
    left = [list(room) for room in rooms]
    for one, wishes in lists.items():
        for position, held in admitted[one].items():
            for resource in (0, 1):
                left[wishes[position].place][resource] -= held * wishes[position].need[resource]
    rest = {one: firms[one] - sum(admitted[one].values()) for one in lists}
    for position in range(max(map(len, lists.values()), default=0)):
        asking = [one for one in lists if rest[one] > 0 and position < len(lists[one])]
        for one in sorted(asking, key=lambda one: lists[one][position].rank):
            taken = served(lists[one][position], rest[one], left[lists[one][position].place])
            if taken:
                admitted[one][position] = admitted[one].get(position, 0.0) + taken
                rest[one] -= taken
