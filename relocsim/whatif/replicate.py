"""What a process of the crew does for a play: the runs of one replicate that are not known yet, and what is read of them.

What travels is small: of each run its part of a comparison, packed what telling it beside another needs, and of each
comparison what its arms tell beside each other. Foundations stay in the process (`Foundations`), as many as there is room
for. This module refuses to know who asks.
"""

from __future__ import annotations

import pickle
import zlib
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from relocsim.answers.telling import TELLING, Pairs, Told
from relocsim.answers.yardsticks import YARDSTICKS, is_standing, yardsticks_by_quarter
from relocsim.batch.arms import BASELINE, Arm
from relocsim.batch.comparing import gather
from relocsim.batch.playing import outcome, realised
from relocsim.batch.variants import one_foundation, play_variants
from relocsim.model import Foundation, RelocationModel, lay_foundation
from relocsim.spec import Spec
from relocsim.spec.digest import text_digest
from relocsim.whatif.asked import Asked

ROOM = 256e6
"""Bytes of foundations that a process keeps: about eight of 10,000 agents."""
_OPENED = 4
"""Plays whose specifications a process keeps unpacked."""


@dataclass(frozen=True)
class Part:
    """What one run of one replicate gives to comparisons: its row of the arrays of `Comparison`, and its yardsticks."""

    amounts: np.ndarray
    """(M, stages, P)."""
    over_time: np.ndarray
    """(T, P)."""
    treasury: np.ndarray
    """(P,)."""
    at_risk: np.ndarray
    """(M,)."""
    yearly: np.ndarray
    """Yardsticks of the city by calendar year, (Y, K)."""

    @property
    def nbytes(self) -> int:
        """Memory of the arrays, bytes."""
        return sum(array.nbytes for array in vars(self).values())


@dataclass(frozen=True)
class Known:
    """A run that was played: its part, and packed what is needed to tell it beside another."""

    part: Part
    told: bytes

    @property
    def nbytes(self) -> int:
        """Memory, bytes."""
        return self.part.nbytes + len(self.told)


@dataclass(frozen=True)
class Task:
    """One replicate of a play, on its way to a process."""

    asked: bytes
    """`Asked`, packed."""
    digest: str
    """Of the packed content."""
    keys: tuple[str, ...]
    """What each run is known by."""
    replicate: int
    known: Mapping[str, Known]
    """Runs that need not be played, by key."""


@dataclass(frozen=True)
class Played:
    """What a replicate came to."""

    fresh: Mapping[str, Known]
    """Runs that were played for it, by key."""
    pairs: tuple[Pairs, ...]
    """What the arms of each comparison tell beside each other."""


def packed(asked: Asked) -> tuple[bytes, str]:
    """Return what is asked, packed, and the digest of it."""
    content = zlib.compress(pickle.dumps(asked), 1)
    return content, text_digest(content)


@dataclass(frozen=True)
class _Kept:
    """A foundation that is kept."""

    world: str
    """Digest of the world before inputs were drawn."""
    replicate: int
    foundation: Foundation
    nbytes: int


class Foundations:
    """Foundations that are kept for later plays, within so many bytes.

    Worlds that were asked for longest ago go first; of one world the first replicates stay, which every play begins with.
    """

    def __init__(self, room: float = ROOM) -> None:
        self.room = room
        self._kept: list[_Kept] = []
        """The one used longest ago first."""

    def __len__(self) -> int:
        return len(self._kept)

    def of(self, spec: Spec, replicate: int, *, world: Callable[[], str]) -> Foundation:
        """Return the foundation of a specification whose inputs are drawn: one that is kept, or a new one.

        `world` gives the digest of the world before they were drawn.
        """
        for at, kept in enumerate(self._kept):
            if kept.replicate == replicate and one_foundation(kept.foundation.spec, spec):
                self._kept.append(self._kept.pop(at))
                return kept.foundation
        foundation = lay_foundation(spec, replicate=replicate)
        self._keep(_Kept(world(), replicate, foundation, held_bytes(foundation)))
        return foundation

    def _keep(self, new: _Kept) -> None:
        """Keep one more, if there is room once others that matter less are let go."""
        while new.nbytes + sum(one.nbytes for one in self._kept) > self.room:
            least = next((one for one in self._kept if one.world != new.world), None)
            least = least or max(self._kept, key=lambda one: one.replicate, default=None)
            if least is None or (least.world == new.world and least.replicate <= new.replicate):
                return
            self._kept = [one for one in self._kept if one is not least]
        self._kept.append(new)


def held_bytes(held: object) -> int:
    """Return the memory that an object takes, about, bytes; nothing is copied."""
    arrays: list[int] = []
    rest = pickle.dumps(held, protocol=5, buffer_callback=lambda buffer: arrays.append(buffer.raw().nbytes))
    return len(rest) + sum(arrays)


class Hands:
    """What a process has in its hands: specifications that it has unpacked, foundations that it keeps."""

    def __init__(self, room: float = ROOM) -> None:
        self.foundations = Foundations(room)
        self._opened: OrderedDict[str, Asked] = OrderedDict()

    def play(self, task: Task, tick: Callable[[], None]) -> Played:
        """Return what a replicate came to; `tick` is called before every quarter, and ends the play where it raises."""
        asked, number = self._open(task), task.replicate
        wanted = {key: at for at, key in enumerate(task.keys) if key not in task.known}
        fresh = {}
        if wanted:
            drawn = asked.variants(realised(asked.baseline, number), realised(asked.spec, number))
            tick()
            variants = [drawn[at] for at in wanted.values()]
            lay = partial(self.foundations.of, world=asked.world)
            found = play_variants(variants, replicate=number, read=read, lay=lay, tick=tick)
            fresh = dict(zip(wanted, found, strict=True))
        known = {**task.known, **fresh}
        told = {key: _unpacked(known[key].told) for key in known}
        pairs = tuple(TELLING.gather(arms, [told[task.keys[at]] for at in runs]) for _, arms, runs in asked.sides)
        return Played(fresh, pairs)

    def _open(self, task: Task) -> Asked:
        if task.digest not in self._opened:
            self._opened[task.digest] = pickle.loads(zlib.decompress(task.asked))
        self._opened.move_to_end(task.digest)
        while len(self._opened) > _OPENED:
            self._opened.popitem(last=False)
        return self._opened[task.digest]


def read(model: RelocationModel) -> Known:
    """Return what is kept of a finished run."""
    one = gather(model.spec, [Arm(BASELINE, frozenset(), 1)], [[outcome(model)]])
    part = Part(one.amounts[0, 0], one.over_time[0, 0], one.treasury[0, 0], one.at_risk[0], yearly_yardsticks(model))
    return Known(part, zlib.compress(pickle.dumps(TELLING.read(model)), 1))


def _unpacked(told: bytes) -> Told:
    kept: Told = pickle.loads(zlib.decompress(told))
    return kept


def yearly_yardsticks(model: RelocationModel) -> np.ndarray:
    """Return the yardsticks of the city under study by calendar year, (Y, K): sums, or how things stand at its end."""
    city, start = model.setting.places.row(model.spec.scenario.study.city), model.spec.scenario.start
    years = np.array([(start + quarter).year for quarter in range(model.quarter)])
    last = np.flatnonzero(np.append(years[1:] != years[:-1], True))
    found = yardsticks_by_quarter(model)
    columns = []
    for name in YARDSTICKS:
        values = found[name][:, city]
        columns.append(
            values[last] if is_standing(name) else np.add.reduceat(values, np.append(0, last[:-1] + 1), axis=0)
        )
    return np.stack(columns, axis=1)
