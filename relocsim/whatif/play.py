"""A play: the replicates of a what-if, handed out in order and a few ahead, and the answer so far.

It ends when its replicates are in, when an effect is known well enough, when it is stopped, when a replicate fails, and when
nobody holds it any more. Results have the bits of `relocsim.compare` whoever plays and whatever was remembered.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from relocsim.errors import Problem, SpecError
from relocsim.whatif.answer import Answer, answer_of
from relocsim.whatif.asked import asked_of
from relocsim.whatif.course import Course, State
from relocsim.whatif.turns import FIRST

if TYPE_CHECKING:
    from relocsim.batch.bundles import Failure
    from relocsim.spec import Spec
    from relocsim.whatif.crew import Crew

LEAST, STEP = 10, 10
"""Replicates before the precision is looked at for the first time, and between looks, as in batches."""


def begin(  # noqa: PLR0913 - what may be asked of a play
    crew: Crew, spec: Spec, baseline: Spec, *, most: int = 40, heard: Callable[[Play], Any] | None = None,
    until: float | None = None, alone: bool = False, left_out: bool = False, matched_by: Sequence[str] = (),
    background: bool = False,
) -> Play:  # fmt: skip
    """Return a play of a what-if against its baseline, which has begun.

    Parameters
    ----------
    crew
        Who plays.
    spec, baseline
        The what-if, and what it is compared with: inputs not drawn yet.
    most
        Replicates after which it ends.
    heard
        Called with the play, by a thread of the crew, when an answer of more replicates is there and when it ends.
    until
        Half-width of the effect on the capture rate (share) at which it ends sooner; looked at after 10, 20, ... replicates.
    alone, left_out, matched_by
        Further comparisons: see `relocsim.whatif.asked.asked_of`.
    background
        Whether it gives way to all plays that do not.
    """
    problems = [] if most >= 1 else [Problem(f"{most} replicates cannot be played", hint="ask for one or more")]
    if until is not None and not until > 0:
        problems.append(
            Problem(f"a half-width of {until} cannot be reached", hint="give a share above 0, such as 0.005")
        )
    if problems:
        raise SpecError(problems)
    asked = asked_of(spec, baseline, alone=alone, left_out=left_out, matched_by=matched_by)
    course = Course(crew, asked, _looks(most, until), until, background=background)
    play = Play(course, heard)
    crew.add(course)
    return play


def _looks(most: int, until: float | None) -> tuple[int, ...]:
    """Return the numbers of replicates after which the precision is looked at; the last is the end anyway."""
    return (most,) if until is None else (*range(LEAST, most, STEP), most)


class Play:
    """A what-if that is being played. It is stopped when nobody holds it any more."""

    def __init__(self, course: Course, heard: Callable[[Play], Any] | None = None) -> None:
        self.heard = heard
        """Called with the play when there is more to be seen."""
        self._course = course
        self._answer: Answer | None = None
        self._gathering = threading.Lock()
        course.play = weakref.ref(self)
        weakref.finalize(self, course.forsake).atexit = False

    @property
    def state(self) -> State:
        """Waiting for its first turn, playing, stopped, done or failed."""
        return self._course.state

    @property
    def ended(self) -> bool:
        """Whether no more is played."""
        return self._course.ended

    @property
    def error(self) -> str:
        """What went wrong, in words; empty where nothing has."""
        return self._course.error

    @property
    def failure(self) -> Failure | None:
        """What went wrong, and where."""
        return self._course.failure

    @property
    def replicates(self) -> int:
        """Replicates that are in without a gap."""
        return self._course.ready

    @property
    def prepared(self) -> bool:
        """Whether the first replicates of the baseline are known, so that a first answer takes the what-if alone."""
        course = self._course
        known = (course.crew.memory.get((course.keys[0], number)) for number in range(min(FIRST, course.most)))
        return all(one is not None for one in known)

    @property
    def most(self) -> int:
        """Replicates after which it ends."""
        return self._course.most

    @property
    def answer(self) -> Answer | None:
        """The answer of the first replicates, as many as are in without a gap; none where none is."""
        with self._gathering:
            course, ready = self._course, self._course.ready
            if ready and (self._answer is None or self._answer.replicates != ready):
                found = [course.found[number] for number in range(ready)]
                parts, pairs = [one.parts for one in found], [one.pairs for one in found]
                self._answer = answer_of(course.asked, parts, pairs, until=course.until)
            return self._answer

    def stop(self) -> None:
        """Play no further, not even a replicate to its end; what is in stays."""
        self._course.end("stopped", tell=False)

    def wait(self, replicates: int | None = None, timeout: float | None = None) -> Answer | None:
        """Return the answer once so many replicates are in, or the play has ended, or so many seconds have passed."""
        course = self._course
        with course.crew.turn:
            wanted = course.most if replicates is None else replicates
            course.crew.turn.wait_for(
                lambda: course.ended or course.ready >= wanted or course.crew.closed, timeout=timeout
            )
        return self.answer
