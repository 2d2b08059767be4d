"""What the crew knows of a play: which replicates are out, which are in, and when it ends. Refuses to make answers."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

from relocsim.batch.bundles import Failure
from relocsim.batch.comparing import compared_places
from relocsim.batch.pairs import half_width
from relocsim.errors import RelocsimError
from relocsim.metrics.capture import capture_rate
from relocsim.whatif.asked import Asked
from relocsim.whatif.replicate import Hands, Known, Part, Played, Task, packed
from relocsim.whatif.turns import Job, Source
from relocsim.world.projects import STAGES

if TYPE_CHECKING:
    from relocsim.answers.telling import Pairs
    from relocsim.whatif.crew import Crew
    from relocsim.whatif.play import Play

State: TypeAlias = Literal["waiting", "playing", "stopped", "done", "failed"]
_AHEAD = 2
"""Replicates a process that may be out beyond the first that is not in."""
_LOSSES = 2
"""Processes that may end over one replicate before it counts as failed."""
_LOG = logging.getLogger("relocsim.whatif")


@dataclass(frozen=True)
class Replicate:
    """What came in of one replicate."""

    parts: tuple[Part, ...]
    """By run."""
    pairs: tuple[Pairs, ...]
    """By comparison."""


class Course(Source):
    """What the crew knows of a play. It does not hold the play, so that the play can go when nobody holds it."""

    def __init__(
        self, crew: Crew, asked: Asked, looks: Sequence[int], until: float | None, *, background: bool
    ) -> None:
        self.crew, self.asked, self.until, self.background = crew, asked, until, background
        self.state: State = "waiting"
        self.error = ""
        self.failure: Failure | None = None
        self.found: dict[int, Replicate] = {}
        self.ready = 0
        """Replicates that are in without a gap."""
        self.most = looks[-1]
        self.keys = asked.keys()
        """What each run is known by."""
        self._looks = list(looks)
        self._todo = list(range(self.most))
        self._out: set[int] = set()
        self._losses: dict[int, int] = {}
        self._packing = threading.Lock()
        self._packed: tuple[bytes, str] | None = None
        self.play: Callable[[], Play | None] = lambda: None
        """Gives the play, if somebody still holds it."""

    @property
    def ended(self) -> bool:
        """Whether nothing more is handed out."""
        return self.state in ("stopped", "done", "failed")

    def take(self, worker: int, workers: int) -> Job | None:
        """Return the next replicate for a worker: one whose foundation it may have kept, if there is one a few ahead."""
        if self.ended or (self.background and self.crew.pressed):
            return None
        near = min(self.ready + _AHEAD * workers, self._looks[0])
        todo = [one for one in self._todo if one < near]
        if not todo:
            return None
        replicate = next((one for one in todo if one % workers == worker), todo[0])
        self._todo.remove(replicate)
        self._out.add(replicate)
        self.state = "playing"
        return Turn(self, replicate)

    def serves(self, other: Source) -> bool:
        """Return whether another play needs the runs of this one: what is prepared is waited for, not played twice."""
        return isinstance(other, Course) and set(self.keys) <= set(other.keys)

    def dismiss(self) -> None:
        """End with the crew."""
        self.end("stopped")

    def task(self, replicate: int) -> Task:
        """Return a replicate as a task, with the runs that are known."""
        with self._packing:
            if self._packed is None:
                self._packed = packed(self.asked)
            content, digest = self._packed
        found: dict[str, Known | None] = {key: self.crew.memory.get((key, replicate)) for key in self.keys}
        return Task(content, digest, self.keys, replicate, {key: one for key, one in found.items() if one is not None})

    def came(self, task: Task, played: Played) -> None:
        """Take what a replicate came to, and tell the play."""
        for key, fresh in played.fresh.items():
            self.crew.memory.put((key, task.replicate), fresh)
        known = {**task.known, **played.fresh}
        with self.crew.turn:
            self._out.discard(task.replicate)
            if self.ended:
                return
            before = self.ready
            self.found[task.replicate] = Replicate(tuple(known[key].part for key in task.keys), played.pairs)
            while self.ready in self.found:
                self.ready += 1
            self._look()
            self.crew.turn.notify_all()
        if self.ready > before:
            self.tell()

    def _look(self) -> None:
        """End where all is in, or the effect is known well enough."""
        while self.ready >= self._looks[0]:
            look = self._looks[0]
            if look == self.most or (self.until is not None and half_width(self._effect(look)) <= self.until):
                self.state = "done"
                self.ready = look
                return
            self._looks.pop(0)

    def _effect(self, replicates: int) -> np.ndarray:
        """Return the effect on the city's capture rate by investment, (R,)."""
        study = self.asked.spec.scenario.study
        ids, outside = compared_places(self.asked.spec)
        both = [[part.amounts for part in self.found[number].parts[:2]] for number in range(replicates)]
        rates = capture_rate(np.array(both)[:, :, 1, STAGES.index(study.stage)], outside)[..., ids.index(study.city)]
        return rates[:, 1] - rates[:, 0]

    def again(self, replicate: int) -> None:
        """Hand a replicate out again."""
        with self.crew.turn:
            self._out.discard(replicate)
            self._todo = sorted([*self._todo, replicate])
            self.crew.turn.notify_all()

    def lost(self, replicate: int) -> None:
        """Play a replicate again whose process ended, unless that happens whenever it is played."""
        self._losses[replicate] = self._losses.get(replicate, 0) + 1
        if self._losses[replicate] < _LOSSES or self.crew.closed:
            self.again(replicate)
            return
        what = f"the process that played it ended, {_LOSSES} times: is there memory enough?"
        self.end("failed", f"Replicate {replicate} failed: {what}", Failure(what, ""))

    def end(self, state: State, error: str = "", failed: Failure | None = None, *, tell: bool = True) -> None:
        """Hand out nothing more; what is in stays."""
        with self.crew.turn:
            if self.ended:
                return
            self.state, self.error, self.failure = state, error, failed
            self.crew.turn.notify_all()
        if tell:
            self.tell()

    def forsake(self) -> None:
        """Hear that nobody holds the play any more. May come at any moment in any thread: takes no lock."""
        if not self.ended:
            self.state = "stopped"

    def tell(self) -> None:
        """Tell the play's owner; one who cannot hear has gone."""
        play = self.play()
        if play is None or play.heard is None:
            return
        try:
            play.heard(play)
        except Exception:
            _LOG.exception("whoever waited for a play could not hear of it: it is stopped")
            self.end("stopped", tell=False)


class Turn(Job):
    """One replicate of a play in the hands of the crew."""

    def __init__(self, course: Course, replicate: int) -> None:
        self._course, self._replicate = course, replicate
        self._task: Task

    def call(self) -> tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]:
        """Return what a process is to do."""
        self._task = self._course.task(self._replicate)
        return Hands.play, (self._task,), {}

    def unwanted(self) -> bool:
        """Return whether the play has ended, or gives way."""
        return self._course.ended or (self._course.background and self._course.crew.presses(self._course))

    def done(self, result: Played) -> None:
        """Hand the result to the play."""
        self._course.came(self._task, result)

    def failed(self, what: Failure, error: Exception | None) -> None:
        """End the play with what went wrong, in words."""
        told = str(error) if isinstance(error, RelocsimError) else what.error
        self._course.end("failed", f"Replicate {self._replicate} failed: {told}", what)

    def lost(self) -> None:
        """Tell the play that the process ended over it."""
        self._course.lost(self._replicate)

    def left(self) -> None:
        """Put the replicate back; a play that has ended hands it out no more."""
        self._course.again(self._replicate)
