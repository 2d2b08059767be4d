"""What one tab of a browser holds: its language, its what-if and the past of it, the answer, what is kept beside it.

Nothing of it is shared with another tab but the cases, which do not change, and the crew of processes.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from relocsim.app.batch.found import Batches
from relocsim.app.keeping import Keeping, Kept
from relocsim.app.listening import Listeners
from relocsim.app.playing import Playing
from relocsim.errors import RelocsimError
from relocsim.language import Words, message
from relocsim.whatif.history import History
from relocsim.whatif.specs import baseline_of, change, spec_of
from relocsim.whatif.whatif import WhatIf

if TYPE_CHECKING:
    from relocsim.spec import Spec
    from relocsim.spec.nodes import Plain
    from relocsim.whatif.answer import Answer
    from relocsim.whatif.cases import Cases
    from relocsim.whatif.crew import Crew

Result = TypeVar("Result")
LONGEST_NAME = 60
_LOG = logging.getLogger("relocsim.app")
FAILED = message("Something in relocsim failed: {error}. The page goes on; what you have set is kept.")


class Session:
    """One tab of a browser.

    Panels read it, change it by `change`, and ask to be told: `on_change` (the what-if is another), `on_answer` (more
    replicates are in, or none any more). Callbacks run in the page's loop, and later where their panel is not shown.
    """

    def __init__(self, cases: Cases, crew: Crew, words: Words, whatif: WhatIf) -> None:
        self.cases, self.crew, self.words = cases, crew, words
        self.history: History = History(whatif)
        self.answer: Answer | None = None
        self.listeners = Listeners()
        self.playing, self.keeping = Playing(self), Keeping(self)
        self.closed = False
        self._turn = asyncio.Lock()
        self.batches, self.batch = Batches(), ""
        """Batches whose results are served, and the one that is open."""
        self.notices: list[str] = []
        """Errors to be shown, oldest first."""

    @property
    def changing(self) -> bool:
        """Whether a change is being taken."""
        return self._turn.locked()

    @property
    def whatif(self) -> WhatIf:
        """The what-if as it stands."""
        return self.history.now

    def spec(self) -> Spec:
        """Return its specification; SpecError with every problem."""
        return spec_of(self.whatif, self.cases)

    def baseline(self) -> Spec:
        """Return its baseline: the same world, the policies as the case has them."""
        return baseline_of(self.whatif, self.cases)

    def loads(self, whatif: WhatIf) -> bool:
        """Return that a what-if loads; SpecError with every problem where it does not."""
        spec_of(whatif, self.cases)
        baseline_of(whatif, self.cases)
        return True

    async def set(self, path: str, value: Plain, note: str = "") -> None:
        """Set one entry of the what-if, as a control does: a value that is the case's own is none."""
        await self.alter(lambda now: change(now, self.cases, path, value, note))

    def restart(self, whatif: WhatIf) -> None:
        """Begin anew with a what-if that loads: there is nothing to be undone."""
        self._now(History(whatif))

    async def change(self, whatif: WhatIf) -> None:
        """Take another what-if, which can be undone; one that does not load is said on the page and not taken."""
        await self.alter(lambda now: whatif)

    async def alter(self, make: Callable[[WhatIf], WhatIf]) -> None:
        """Take what `make` makes of the what-if as it then stands: changes are made one after the other."""
        async with self._turn:
            before, found = self.whatif, await self.off_thread(self._sound, make, self.whatif)
            if found is not None and found != before:
                self._now(self.history.do(found))
                return
        self.listeners.tell("change")  # controls go back to what holds

    def _sound(self, make: Callable[[WhatIf], WhatIf], now: WhatIf) -> WhatIf:
        found = make(now)
        self.loads(found)
        return found

    async def rename(self, name: str) -> None:
        """Give the what-if another name; what was played of it stays."""
        name = " ".join(name.split())[:LONGEST_NAME]
        async with self._turn:
            if name and name != self.whatif.name:
                self.history = self.history.do(self.whatif.renamed(name))
        self.listeners.tell("change")
        self.listeners.tell("answer")

    async def annotate(self, path: str, note: str) -> None:
        """Note why an entry is set as it is; what was played of the what-if stays."""
        async with self._turn:
            try:
                noted = self.whatif.noted(path, note)
            except RelocsimError as error:
                self.say(error)
                return
            if noted != self.whatif:
                self.history = self.history.do(noted)
                self.listeners.tell("change")

    async def undo(self) -> None:
        """Go back to the what-if before."""
        async with self._turn:
            if self.history.can_undo:
                self._now(self.history.undo())

    async def redo(self) -> None:
        """Go forward again."""
        async with self._turn:
            if self.history.can_redo:
                self._now(self.history.redo())

    def _now(self, history: History, answer: Answer | None = None) -> None:
        self.history, self.answer = history, answer
        self.playing.changed(answer)
        self.listeners.tell("change")
        self.listeners.tell("answer")

    def answered(self, answer: Answer | None) -> None:
        """Take an answer, and tell who shows it; what is kept of the same what-if narrows with it."""
        self.answer = answer
        if answer is not None:
            self.keeping.narrow(self.whatif, answer)
        self.listeners.tell("answer")

    @property
    def kept(self) -> list[Kept]:
        """What is kept side by side, the oldest first."""
        return self.keeping.all

    def keep(self, name: str) -> None:
        """Keep the what-if with its answer under a name."""
        if self.answer is not None:
            self.keeping.keep(name, self.whatif, self.answer)

    async def open_kept(self, name: str) -> None:
        """Go on with a what-if that is kept, and with its answer."""
        async with self._turn:
            found = self.keeping.named(name)
            if found is not None and found.whatif != self.whatif:
                self._now(self.history.do(found.whatif), found.answer)

    def here(self) -> None:
        """Hear that the browser shows the page: what it asks for is played from now on."""
        self.playing.here()
        self.keeping.play()

    async def off_thread(self, function: Callable[..., Result], *args: Any) -> Result | None:
        """Return what a function gives that takes long, the page alive meanwhile; None where it failed, which is said."""
        try:
            return await asyncio.to_thread(function, *args)
        except Exception as error:
            self.say(error)
            return None

    def say(self, error: Exception | str) -> None:
        """Say on the page what is wrong; what is no mistake of the user goes to the log as well."""
        if isinstance(error, Exception) and not isinstance(error, RelocsimError):
            _LOG.error("a page failed", exc_info=error)
            error = self.words(FAILED, error=f"{type(error).__name__}: {error}")
        self.notices = [*self.notices, str(error)][-5:]
        self.listeners.tell("notice")

    def forget(self, text: str) -> None:
        """Take an error that has been read off the page."""
        self.notices = [one for one in self.notices if one != text]
        self.listeners.tell("notice")

    def on_change(self, callback: Callable[[], Any]) -> None:
        """Call `callback` where the what-if is another."""
        self.listeners.add("change", callback)

    def on_answer(self, callback: Callable[[], Any]) -> None:
        """Call `callback` where the answer is another, or is none any more."""
        self.listeners.add("answer", callback)

    def close(self) -> None:
        """Let go of everything: the tab has gone."""
        self.closed = True
        self.playing.close()
        self.keeping.close()
        self.listeners.clear()
        self.answer = None
