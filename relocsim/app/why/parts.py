"""Parts of the panels of "Why": a chart with its finding and caption, what is redrawn, what is played with progress."""

from __future__ import annotations

import threading
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Executor
from typing import TYPE_CHECKING, Any, Protocol

from nicegui import ui

from relocsim.app import theme
from relocsim.app.charts.parts import Drawn
from relocsim.app.why.desk import Desk
from relocsim.app.why.handed_out import HandedOut
from relocsim.language import Words

if TYPE_CHECKING:
    from relocsim.app.session import Session


class Told(Protocol):
    """A part of the page that has a language, and a session to which errors are said."""

    session: Session

    @property
    def words(self) -> Words:
        """The language of the tab."""


class Shown:
    """A chart with its finding above and its caption below, which may be given another to show."""

    def __init__(self, drawn: Drawn) -> None:
        self.title = ui.label(drawn.title).classes("finding").props("aria-live=polite")
        self.chart = theme.chart(drawn.option, label=drawn.title, height=drawn.height)
        if drawn.aspect:
            self.chart.style(f"height: auto; aspect-ratio: {drawn.aspect:.3f}; max-width: 980px; align-self: center")
        self.note = ui.label(drawn.note).classes("muted")
        self.caption = ui.label(drawn.caption).classes("muted")

    def show(self, drawn: Drawn) -> None:
        """Show another chart of the same kind in its place."""
        self.title.text, self.note.text, self.caption.text = drawn.title, drawn.note, drawn.caption
        self.chart.props["aria-label"] = drawn.title
        self.chart.options.clear()
        self.chart.options.update(drawn.option)
        self.chart.update()


class Redrawn:
    """A part of a panel that is worked out off the page's loop and drawn again; of several at once the last counts."""

    def __init__(self, desk: Told, make: Callable[[], Awaitable[Callable[[], None] | None]]) -> None:
        self.desk, self.make, self.turn = desk, make, 0
        self.busy = ui.row().classes("row-line").props("role=status")
        with self.busy:
            ui.spinner(size="22px")
            ui.label(desk.words("working it out ...")).classes("muted")
        self.holder = ui.element("div").classes("stack")

    async def draw(self) -> None:
        """Work it out and draw it; where that failed, which the page says, nothing is drawn."""
        self.turn += 1
        turn = self.turn
        self.busy.visible = True
        build = None
        try:
            build = await self.make()
        except Exception as error:
            self.desk.session.say(error)
        if turn != self.turn or self.holder.is_deleted:
            return
        self.busy.visible = False
        self.holder.clear()
        if build is not None:
            with self.holder:
                build()

    def soon(self) -> None:
        """Draw it as soon as the panel is on the page."""
        ui.timer(0.01, self.draw, once=True)


class Task:
    """A button that plays something, what of it is in, and a button that stops it.

    `work` is given an executor and a tick and runs in a thread; `found` is given what it returns, on the page.
    """

    def __init__(
        self, desk: Desk, label: str, work: Callable[[], Callable[[Executor, Callable[[], None]], Any] | None],
        found: Callable[[Any], Awaitable[None] | None], *, total: Callable[[], int],
    ) -> None:  # fmt: skip
        self.desk, self.work, self.found, self.total = desk, work, found, total
        self.stopped, self.done, self.turn = threading.Event(), 0, 0
        words = desk.words
        with ui.row().classes("row-line").style("width: auto"):
            self.start = ui.button(label, icon="play_arrow", on_click=self.play)
            self.stop = ui.button(words("Stop"), icon="stop", on_click=self.end).props("outline")
            self.bar = ui.linear_progress(0.0, show_value=False).style("width: 180px").props("aria-hidden=true")
            self.told = ui.label("").classes("muted").props("role=status")
        self.timer = ui.timer(0.3, self._tell, active=False)
        self._playing(False)
        ui.context.client.on_delete(self.end)

    def _playing(self, now: bool) -> None:
        self.start.set_enabled(not now)
        self.stop.visible = self.bar.visible = self.timer.active = now

    def _tell(self) -> None:
        total = max(self.total(), 1)
        self.bar.value = min(1.0, self.done / total)
        self.told.text = self.desk.words("{done} of {total} are in", done=self.done, total=total)

    def end(self) -> None:
        """Stop; what is in is shown."""
        self.stopped.set()

    def forget(self) -> None:
        """Stop, and show nothing of it: the what-if is another."""
        self.turn += 1
        self.stopped.set()
        self._playing(False)
        self.told.text = ""

    async def play(self) -> None:
        """Play it, unless it is not to be played as things are."""
        work = self.work()
        if work is None:
            return
        self.turn += 1
        turn, self.stopped, self.done = self.turn, threading.Event(), 0
        self._playing(True)
        self._tell()
        handed = handed_out(self.desk, self.stopped)
        found = await self.desk.session.off_thread(work, handed, self._tick)
        if turn != self.turn or self.start.is_deleted:
            return
        self._playing(False)
        self.told.text = ""
        if found is not None:
            shown = self.found(found)
            if shown is not None:
                await shown

    def _tick(self) -> None:
        self.done += 1


def handed_out(desk: Desk, stopped: threading.Event) -> HandedOut:
    """Return an executor on the crew that can be stopped."""
    crew = desk.session.crew
    nothing = desk.words("It was stopped before anything was in.")
    return HandedOut(crew.as_executor(), stopped, ahead=2, nothing=nothing)


def told_table(rows: Sequence[Sequence[str]], columns: Sequence[str], *, numbers: frozenset[int] = frozenset()) -> None:
    """Show a small table, or that there is nothing in it."""
    theme.table([list(row) for row in rows], list(columns), numbers=numbers)


def sides(words: Words, given: dict[str, str]) -> dict[str, str]:
    """Return choices in the language."""
    return {name: words(text) for name, text in given.items()}
