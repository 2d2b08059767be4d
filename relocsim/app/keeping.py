"""What a tab keeps side by side: what-ifs under names, with their answers. What an address brings back is played again.

It gives way to what is asked for: replicates that the crew remembers come back at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from relocsim.whatif.specs import baseline_of, spec_of

if TYPE_CHECKING:
    from relocsim.app.session import Session
    from relocsim.whatif.answer import Answer
    from relocsim.whatif.play import Play
    from relocsim.whatif.whatif import WhatIf

MOST_KEPT = 6
"""What-ifs that a tab keeps side by side."""


@dataclass(frozen=True, eq=False)
class Kept:
    """A what-if that is kept to be compared."""

    name: str
    whatif: WhatIf
    answer: Answer | None
    """None where it was brought back and is not in yet."""
    replicates: int
    """Replicates that it was kept with."""


class Keeping:
    """What a tab keeps, the oldest first."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.all: list[Kept] = []
        self._play: Play | None = None
        self._playing = ""
        """Name of what is being played."""
        self._task: asyncio.Task[None] | None = None

    def keep(self, name: str, whatif: WhatIf, answer: Answer) -> None:
        """Keep a what-if with its answer under a name, which takes the place of one of that name; the oldest goes."""
        others = [one for one in self.all if one.name != name]
        self._are([*others, Kept(name, whatif, answer, answer.replicates)][-MOST_KEPT:])

    def drop(self, name: str) -> None:
        """Keep a what-if no longer."""
        if name == self._playing and self._play is not None:
            self._play.stop()
        self._are([one for one in self.all if one.name != name])

    def named(self, name: str) -> Kept | None:
        """Return what is kept under a name."""
        return next((one for one in self.all if one.name == name), None)

    def narrow(self, whatif: WhatIf, answer: Answer) -> None:
        """Take a later answer of a what-if, if it is kept; one that was brought back waits for its own replicates."""
        kept = [replace(one, answer=answer, replicates=answer.replicates) if _takes(one, whatif, answer) else one
                for one in self.all]  # fmt: skip
        if kept != self.all:
            self._are(kept)

    def bring_back(self, brought: Sequence[tuple[WhatIf, int]]) -> None:
        """Keep what an address names, each with so many replicates, which are yet to be played."""
        named = {whatif.name: (whatif, count) for whatif, count in brought}
        self.all = [Kept(name, whatif, None, count) for name, (whatif, count) in named.items()][-MOST_KEPT:]

    def play(self) -> None:
        """Play what was brought back, one after the other."""
        if self._task is None and any(one.answer is None for one in self.all):
            self._task = asyncio.ensure_future(self._play_all())

    async def _play_all(self) -> None:
        session, tried = self.session, set[str]()
        while one := next((one for one in self.all if one.answer is None and one.name not in tried), None):
            tried.add(one.name)
            self._playing = one.name
            answer = await session.off_thread(self._played, one)
            if session.closed:
                return
            if self._play is not None and self._play.state == "failed":
                session.say(self._play.error)
            if answer is not None and one in self.all:
                self._are([replace(one, answer=answer) if it is one else it for it in self.all])
        self._task, self._play, self._playing = None, None, ""

    def _played(self, one: Kept) -> Answer | None:
        """Return the answer of what was brought back; called off the page's thread."""
        session = self.session
        spec, baseline = spec_of(one.whatif, session.cases), baseline_of(one.whatif, session.cases)
        self._play = play = session.crew.play(spec, baseline, most=one.replicates, background=True)
        if session.closed or one not in self.all:
            play.stop()
        return play.wait()

    def close(self) -> None:
        """Let go of everything."""
        if self._play is not None:
            self._play.stop()
        self.all, self._play = [], None

    def _are(self, kept: list[Kept]) -> None:
        self.all = kept
        self.session.listeners.tell("kept")


def _takes(one: Kept, whatif: WhatIf, answer: Answer) -> bool:
    """Whether what is kept takes a later answer; what was brought back waits for all of its own replicates."""
    return one.whatif == whatif and (one.answer is not None or answer.replicates >= one.replicates)
