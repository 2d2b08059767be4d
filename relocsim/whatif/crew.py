"""The crew: processes that all plays of a server share, kept warm, in fair turns.

They start when the first play comes, stay, and end with this process. Whoever has been handed nothing yet comes first, so
that everybody's first answer is soon there; after that plays take turns. A process that is lost is replaced, and what it had
in hand is played again. This module refuses to know what is played.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from concurrent.futures import Executor
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

from relocsim.batch.workers import cores
from relocsim.errors import RelocsimError
from relocsim.whatif.errands import Errands
from relocsim.whatif.memory import ROOM, Memory
from relocsim.whatif.replicate import ROOM as FOUNDATIONS
from relocsim.whatif.replicate import Known
from relocsim.whatif.turns import FIRST, Job, Source, precedence
from relocsim.whatif.worker import Worker

if TYPE_CHECKING:
    from relocsim.spec import Spec
    from relocsim.whatif.play import Play


class Crew:
    """Processes shared by all plays of a server.

    Parameters
    ----------
    jobs
        Processes; none: as many as there are processors.
    room
        Bytes of outcomes that are remembered, so that nothing is played twice.
    foundations
        Bytes of foundations that each process keeps.
    """

    def __init__(self, jobs: int | None = None, *, room: float = ROOM, foundations: float = FOUNDATIONS) -> None:
        self.jobs = jobs or cores()
        self.turn = threading.Condition()
        """Lock of everything that plays and crew share, and what they wait on."""
        self.memory: Memory[Known] = Memory(room)
        self._foundations = foundations
        self._sources: list[Source] = []
        self._turns = itertools.count()
        self._workers: list[Worker] = []
        self.closed = False

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def play(self, spec: Spec, baseline: Spec, *, most: int = 40, heard: Callable[[Play], Any] | None = None,
             **asked: Any) -> Play:  # fmt: skip
        """Return a play of a what-if against its baseline, which has begun: see `relocsim.whatif.play.begin`."""
        from relocsim.whatif.play import begin

        return begin(self, spec, baseline, most=most, heard=heard, **asked)

    def prepare(self, baseline: Spec, replicates: int = FIRST) -> Play:
        """Return a play of the baseline alone, which is remembered; it gives way to whoever else has something to play."""
        return self.play(baseline, baseline, most=replicates, background=True)

    def as_executor(self) -> Executor:
        """Return an executor whose calls are done by the crew, in turn with its plays."""
        return Errands(self)

    def start(self) -> None:
        """Let the processes start and import the model, before there is anything to play."""
        import_module("relocsim.whatif.play")  # not while somebody waits for a first answer
        with self.turn:
            self._begin()
        for worker in self._workers:
            worker.wake()

    def add(self, source: Source) -> None:
        """Take somebody on who has jobs to hand out."""
        with self.turn:
            self._begin()
            if source not in self._sources:
                self._sources.append(source)
            self.turn.notify_all()

    def _begin(self) -> None:
        if self.closed:
            raise RelocsimError("the crew has been closed: nothing is played any more")
        if not self._workers:
            self._workers = [
                Worker(number, self._foundations, partial(self.next_job, number), lambda: self.closed)
                for number in range(self.jobs)
            ]

    def next_job(self, worker: int) -> Job | None:
        """Return the next job for a worker, waiting for one; none where the crew is closed."""
        with self.turn:
            while not self.closed:
                self._sources = [one for one in self._sources if not one.ended]
                for source in sorted(self._sources, key=precedence):
                    job = source.take(worker, self.jobs)
                    if job is not None:
                        source.served, source.handed = next(self._turns), source.handed + 1
                        return job
                self.turn.wait()
            return None

    @property
    def pressed(self) -> bool:
        """Whether somebody waits for a turn who need not give way."""
        with self.turn:
            return any(not one.background and not one.handed and not one.ended for one in self._sources)

    def presses(self, background: Source) -> bool:
        """Whether somebody waits for a turn to whom what a source in the background is at is of no use."""
        with self.turn:
            return any(
                not one.background and not one.handed and not one.ended and not background.serves(one)
                for one in self._sources
            )

    @property
    def processes(self) -> tuple[int, ...]:
        """Ids of the processes that run."""
        return tuple(worker.pid for worker in self._workers if worker.pid is not None)

    def close(self) -> None:
        """End the processes, whatever they do, and every play."""
        with self.turn:
            self.closed = True
            sources, self._sources = self._sources, []
            self.turn.notify_all()
        for source in sources:
            source.dismiss()
        for worker in self._workers:
            worker.join()
