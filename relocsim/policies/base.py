"""What every policy is: a frozen, documented description that answers with changes to levers.

A policy never touches a firm's choice or an outcome. `changes` may look at places, sectors and sizes (`Site`), never at
the model. A new policy is one new file in this folder: a subclass of `Policy` with a `kind`, found by folder.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, ClassVar

import numpy as np
from pydantic import Field

from relocsim.world.calendar import Moment, Quarter
from relocsim.world.described import Described, Identifier
from relocsim.world.legal import Bar
from relocsim.world.levers import CLASSES, OWNERS, Change
from relocsim.world.outreach import Outreach
from relocsim.world.parameters import Parameters


@dataclass(frozen=True)
class Site:
    """Names that a policy may point at, each sorted by id, and what it may know of firms: how many there are."""

    places: tuple[str, ...]
    """Places."""
    sectors: tuple[str, ...]
    """Sectors."""
    components: tuple[str, ...]
    """Key components, as `sector.component`."""
    lines: tuple[str, ...]
    """Transport lines."""
    classes: tuple[str, ...] = CLASSES
    """Classes of firms."""
    origins: tuple[str, ...] = ()
    """Origins whose firms are studied."""
    owners: tuple[str, ...] = OWNERS
    """Who owns firms."""
    firms: np.ndarray = field(default_factory=lambda: np.zeros((0, 0, len(CLASSES))), compare=False)
    """Real firms of these origins at the start, (origins, sectors, classes)."""
    reviewed: float = 1.0
    """Share of firms that review their location within a year."""
    modes: Mapping[str, Outreach] = field(default_factory=dict)
    """Modes of outreach by id."""
    _found: dict[tuple[str, ...], np.ndarray] = field(default_factory=dict, init=False, repr=False, compare=False)

    def at(self, axis: str, names: Sequence[str]) -> np.ndarray:
        """Return the positions of `names` on `axis`; all of them where `names` is empty. They are looked up once."""
        asked = axis, *names
        if asked not in self._found:
            known: tuple[str, ...] = getattr(self, axis)
            found = np.array([known.index(name) for name in names] if names else range(len(known)), dtype=np.intp)
            found.setflags(write=False)
            self._found[asked] = found
        return self._found[asked]


class Policy(Described):
    """A measure of a city: when, where, how much, what it costs, which levers it moves."""

    title: ClassVar[str]
    """Name in English, for tables."""
    title_zh: ClassVar[str]
    """Name in Chinese."""
    moves: ClassVar[tuple[str, ...]]
    """Levers that it moves."""
    example: ClassVar[dict[str, object]]
    """A complete example entry."""
    bars: ClassVar[tuple[Bar, ...]] = ()
    """Rules from above that bar the policy, or parts of it, where it begins while they are in force."""

    on: bool = False
    """Whether it is in force in the scenario as written."""
    start: Moment
    """First quarter in force (a date acts from the first quarter that begins on or after it)."""
    end: Moment | None = None
    """First quarter no longer in force; none: it stays."""
    intensity: Annotated[float, Field(ge=0, le=10, json_schema_extra={"unit": "ratio"})] = 1.0
    """Multiplies every change and the cost; 0 makes the policy inert."""
    note: str = ""
    """Where its size comes from."""
    lawful: bool | None = None
    """Whether it may be pursued, whatever the rules of its kind say (an approval, a ban of one's own); none: by them."""

    def barred_by(self) -> tuple[Bar, ...]:
        """Return the rules that bar the policy, or a part of it that is not zero, at its start; none where it is lawful."""
        if self.lawful:
            return ()
        return tuple(one for one in self.bars if one.holds(self.start) and self._has(one.parts))

    @property
    def barred(self) -> bool:
        """Whether it may not be pursued at its start: by a rule, or because the scenario says so."""
        return self.lawful is False or bool(self.barred_by())

    def _has(self, parts: tuple[str, ...]) -> bool:
        return self.intensity > 0 and (not parts or any(getattr(self, part, 0) for part in parts))

    def in_force(self, quarter: Quarter) -> bool:
        """Return whether the policy acts in `quarter`."""
        return self.start <= quarter and (self.end is None or quarter < self.end)

    @abstractmethod
    def changes(self, site: Site, elapsed: int) -> list[Change]:
        """Return the changes to levers, `elapsed` quarters after the start."""

    def cost(self, elapsed: int) -> float:
        """Return the outlay on the policy itself this quarter, 1e8 yuan (incentives are booked as they are paid)."""
        return 0.0

    def spends(self, parameters: Parameters, elapsed: int) -> float:
        """Return the same where it depends on the world's unit costs, 1e8 yuan; `cost` where it does not."""
        return self.cost(elapsed)

    def payers(self) -> tuple[str, ...]:
        """Return the places that pay: each the whole cost, for a policy of its own."""
        return ()


class CityPolicy(Policy):
    """A policy of one or several cities."""

    city: Identifier | Annotated[tuple[Identifier, ...], Field(min_length=1)]
    """City, or cities, that pursue it."""

    def cities(self) -> tuple[str, ...]:
        """Return the cities as a tuple."""
        return (self.city,) if isinstance(self.city, str) else self.city

    def payers(self) -> tuple[str, ...]:
        """Return the cities: each pays the cost of its own."""
        return self.cities()
