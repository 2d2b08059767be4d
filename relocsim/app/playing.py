"""How a tab's what-if is played: on the crew that all tabs share, shown as it narrows, stopped where nobody waits for it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from relocsim.app.session import Session
    from relocsim.whatif.answer import Answer
    from relocsim.whatif.play import Play

REPLICATES = (10, 20, 40, 80, 160)
"""How many replicates may be asked for; 39 or more give intervals of 95 %."""
_BREATH = 0.25
"""Seconds between two drawings of an answer, however fast replicates come in."""
_STILL = 0.4
"""Seconds without a change after which a what-if that is followed is played."""
ENDED = frozenset({"stopped", "done", "failed"})


class Playing:
    """The play of a tab, if there is one."""

    def __init__(self, session: Session) -> None:
        self.session, self.most, self.follow = session, 40, True
        self.play: Play | None = None
        self._task: asyncio.Task[None] | None = None
        self._soon: asyncio.TimerHandle | None = None

    @property
    def state(self) -> str:
        """What the play is doing: idle, waiting, playing, stopped, done, failed."""
        return self.play.state if self.play is not None else "idle"

    @property
    def running(self) -> bool:
        """Whether replicates are being played."""
        return self.play is not None and self.play.state not in ENDED

    def changed(self) -> None:
        """Play the what-if once it has been left alone for a moment, where it is followed."""
        if self._soon is not None:
            self._soon.cancel()
        if self.follow:
            self._soon = asyncio.get_running_loop().call_later(_STILL, self.run)

    def set_follow(self, follow: bool) -> None:
        """Play what-ifs as they change, beginning with this one, or only when asked."""
        self.follow = follow
        if follow and self.session.answer is None:
            self.changed()

    def run(self) -> None:
        """Play the what-if from its first replicate."""
        self.stop()
        self._task = asyncio.ensure_future(self._run())

    def stop(self) -> None:
        """Play no further; the replicates that are in stay."""
        if self._soon is not None:
            self._soon.cancel()
        if self._task is not None:
            self._task.cancel()
            self._task = None
        if self.running and self.play is not None:
            self.play.stop()
        self.session.listeners.tell("play")

    async def _run(self) -> None:
        session, loop, rung = self.session, asyncio.get_running_loop(), asyncio.Event()
        specs = await session.off_thread(lambda: (session.spec(), session.baseline()))
        if specs is None:
            return

        def heard(*_: Any) -> None:  # in the thread that a process answers to
            if not loop.is_closed():
                loop.call_soon_threadsafe(rung.set)

        play = await session.off_thread(lambda: session.crew.play(*specs, most=self.most, heard=heard))
        if play is None:
            return
        self.play = play
        session.listeners.tell("play")
        try:
            await self._listen(play, rung)
        finally:
            if play.state not in ENDED:
                play.stop()

    async def _listen(self, play: Play, rung: asyncio.Event) -> None:
        """Take answers as they come in, until there are no more."""
        session = self.session
        while True:
            await rung.wait()
            rung.clear()
            ended = play.state in ENDED
            answer = await session.off_thread(_ready, play)
            if answer is not None and answer is not session.answer:
                session.answered(answer)
            session.listeners.tell("play")
            if play.state == "failed" and ended:
                session.say(play.error)
            if ended:
                return
            await asyncio.sleep(_BREATH)


def _ready(play: Play) -> Answer | None:
    """Return the answer so far with its tables made, which takes a moment."""
    answer = play.answer
    if answer is not None:
        comparison = answer.comparison
        _ = comparison.effects, comparison.timeline, answer.fiscal
    return answer
