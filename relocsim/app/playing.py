"""How a tab's what-if is played: on the crew that all tabs share, shown as it narrows, stopped where nobody waits for it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from relocsim.whatif.turns import FIRST

if TYPE_CHECKING:
    from relocsim.app.session import Session
    from relocsim.whatif.answer import Answer
    from relocsim.whatif.play import Play

REPLICATES, USUAL = (10, 20, 40, 80, 160), 40
"""How many replicates are offered, and asked for where nobody says; 39 or more give intervals of 95 %."""
_BREATH = 0.25
"""Seconds between two drawings of an answer, however fast replicates come in."""
_STILL = 0.2
"""Seconds without a change after which a what-if that is followed is played."""
ENDED = frozenset({"stopped", "done", "failed"})


class Playing:
    """The play of a tab, if there is one."""

    def __init__(self, session: Session) -> None:
        self.session, self.most, self.follow = session, USUAL, True
        self.play: Play | None = None
        self.prepared: Play | None = None
        """The first replicates of a baseline, played before anybody asks; held here, for without an owner it stops."""
        self._here = False
        """Whether the browser has come back for the page that it was sent."""
        self.state = "idle"
        """How the answer that is shown stands: idle, waiting, preparing, playing, stopped, done, failed."""
        self._halted = False
        self._task: asyncio.Task[None] | None = None
        self._soon: asyncio.TimerHandle | None = None

    @property
    def running(self) -> bool:
        """Whether replicates are being played, or are about to be."""
        return self.state in ("waiting", "preparing", "playing")

    def changed(self, answer: Answer | None = None) -> None:
        """Let go of the play of another what-if; play this one once it has been left alone for a moment, where followed.

        Whoever stopped while the change was on its way meant this what-if, too.
        """
        self._end()
        self.play, halted, self._halted = None, self._halted, False
        if self.session.closed:
            return
        if answer is not None:
            self.state = "done" if answer.replicates >= self.most else "stopped"
        elif halted:
            self.state = "stopped"
        elif self.follow and self._here:
            self.state = "waiting"
            self._soon = asyncio.get_running_loop().call_later(_STILL, self.run)
        else:
            self.state = "waiting" if self.follow else "idle"
            self._soon = asyncio.get_running_loop().call_later(_STILL if self._here else 0.0, self.prepare)
        self.session.listeners.tell("play")

    def here(self) -> None:
        """Hear that the browser shows the page: who only asks for it, as a crawler does, has nothing played for it."""
        first, self._here = not self._here, True
        if first and self.follow and self.play is None and self.session.answer is None and not self.session.closed:
            self.run()

    def prepare(self) -> None:
        """Have the first replicates of the baseline played, where the crew has nothing else to do."""
        self._task = asyncio.ensure_future(self._prepare())

    async def _prepare(self) -> None:
        session = self.session
        baseline = await session.off_thread(session.baseline)
        if baseline is not None:
            self.prepared = await session.off_thread(session.crew.prepare, baseline)

    def set_follow(self, follow: bool) -> None:
        """Play what-ifs as they change, beginning with this one, or only when asked."""
        self.follow = follow
        if follow and self.session.answer is None and not self.running:
            self.changed()

    def set_most(self, most: int) -> None:
        """Ask for another number of replicates; what is being played, or is followed, goes on to that."""
        self.most = most
        answer = self.session.answer
        goes_on = self.follow and self.state == "done" and answer is not None and answer.replicates < most
        if self.running or goes_on:
            self.run()
        self.session.listeners.tell("play")

    @property
    def asked(self) -> int:
        """How many replicates are asked for of the answer that is shown."""
        answer = self.session.answer
        most = self.play.most if self.play is not None else self.most
        return max(most, answer.replicates if answer is not None else 0)

    def run(self) -> None:
        """Play the what-if from its first replicate."""
        session = self.session
        if session.closed:
            return
        self._end()
        if session.answer is not None and session.answer.replicates > self.most:
            session.answered(None)
        self.play, self.state, self._halted = None, "waiting", False
        self._task = asyncio.ensure_future(self._run())
        session.listeners.tell("play")

    def stop(self) -> None:
        """Play no further; the replicates that are in stay."""
        self._halted = self.session.changing
        self.state = "stopped" if self.running else self.state
        self._end()
        self.session.listeners.tell("play")

    def _end(self) -> None:
        """End what is being played, or is about to be."""
        if self._soon is not None:
            self._soon.cancel()
            self._soon = None
        if self._task is not None:
            self._task.cancel()
            self._task = None
        if self.play is not None and self.play.state not in ENDED:
            self.play.stop()

    def close(self) -> None:
        """Let go of everything: nobody waits any more."""
        self._end()
        if self.prepared is not None:
            self.prepared.stop()
        self.play = self.prepared = None

    async def _run(self) -> None:
        session, loop, rung = self.session, asyncio.get_running_loop(), asyncio.Event()
        specs = await session.off_thread(lambda: (session.spec(), session.baseline()))
        if specs is None:
            self._fail()
            return

        def heard(*_: Any) -> None:  # in the thread that a process answers to
            if not loop.is_closed():
                loop.call_soon_threadsafe(rung.set)

        play = await session.off_thread(lambda: session.crew.play(*specs, most=self.most, heard=heard))
        if play is None:
            self._fail()
            return
        self.play, self.state = play, self._state_of(play)
        session.listeners.tell("play")
        try:
            await self._listen(play, rung)
        finally:
            if play.state not in ENDED:
                play.stop()

    def _state_of(self, play: Play) -> str:
        """Return the state of a play; a baseline that nobody has played yet is what a first answer takes longest for."""
        begun = play.state in ENDED or self.session.answer is not None or play.prepared
        return play.state if begun else "preparing"

    def _fail(self) -> None:
        """Say that there is nothing to be played; why has been said."""
        self.state = "failed"
        self.session.listeners.tell("play")

    async def _listen(self, play: Play, rung: asyncio.Event) -> None:
        """Take answers as they come in, until there are no more."""
        session = self.session
        while True:
            with suppress(TimeoutError):  # where nothing is in yet, its turn may have come all the same
                await asyncio.wait_for(rung.wait(), _BREATH if session.answer is None else None)
            rung.clear()
            state = self._state_of(play)  # before the answer is gathered: what is done has all its replicates
            answer = await session.off_thread(_ready, play)
            self.state = state
            shown = answer is not None and (state == "done" or _more(answer, session.answer))
            if shown:
                session.answered(answer)
            session.listeners.tell("play")
            if state == "failed":
                session.say(play.error)
            if state in ENDED:
                return
            if shown:  # a first answer is not waited for longer than it takes
                await asyncio.sleep(_BREATH)


def _more(answer: Answer, shown: Answer | None) -> bool:
    """Return whether an answer tells more than what is shown of the same what-if; of one replicate there is no interval."""
    return answer.replicates > (shown.replicates if shown is not None else FIRST - 1)


def _ready(play: Play) -> Answer | None:
    """Return the answer so far with its tables made, which takes a moment; none before there is an interval."""
    answer = play.answer if play.replicates >= min(FIRST, play.most) else None
    if answer is not None:
        comparison = answer.comparison
        _ = comparison.effects, comparison.timeline, answer.fiscal
    return answer
