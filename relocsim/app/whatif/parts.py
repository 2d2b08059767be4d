"""What each policy of the what-if adds, alone and to the others, and what is left of it where rivals match it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from nicegui import ui

from relocsim.app import theme
from relocsim.app.playing import ENDED
from relocsim.app.session import Session
from relocsim.app.whatif.parts_told import heads, part_rows, parts_drawn, rival_rows, rivals_drawn
from relocsim.app.whatif.texts import progress
from relocsim.app.why.parts import Shown
from relocsim.app.why.rivals import possible_rivals
from relocsim.report.charts.comparison import names_of
from relocsim.report.terms import short
from relocsim.whatif.additions import usual_rivals
from relocsim.whatif.asked import changed_policies

if TYPE_CHECKING:
    from relocsim.whatif.answer import Answer
    from relocsim.whatif.play import Play

_BREATH = 0.4
"""Seconds between two drawings, however fast replicates come in."""


def parts_panel(session: Session) -> None:
    """Build the card."""
    PartsCard(session)


class PartsCard:
    """The card in one tab: played when asked, since it takes several runs a replicate; narrows as the answer does."""

    def __init__(self, session: Session) -> None:
        self.session, words = session, session.words
        self.play: Play | None = None
        self.task: asyncio.Task[None] | None = None
        self.whatif = session.whatif
        with theme.card(words("What each policy adds, and what rivals leave of it")).props("data-testid=parts"):
            ui.label(
                words(
                    "Each policy that the what-if changes by itself, what would be lost without it, and the whole where "
                    "rivals pursue the same at the same sizes and dates."
                )
            ).classes("muted")
            with ui.element("div").classes("row-line"):
                self.rivals = ui.select({}, multiple=True, label=words("Rivals that match it"))
                self.rivals.props("dense outlined use-chips options-dense data-testid=parts-rivals").classes("spread")
                self.start = ui.button(words("Play the parts"), icon="play_arrow", on_click=self._begin)
                self.start.props("outline data-testid=parts-run")
                self.halt = ui.button(words("Stop"), icon="stop", on_click=self.stop).props("outline")
            self.told = ui.label("").classes("muted").props("role=status data-testid=parts-progress")
            self.holder = ui.element("div").classes("stack")
        self.client = ui.context.client
        self._offer()
        self._state()
        session.on_change(self._changed)
        self.client.on_delete(self.stop)

    def _offer(self) -> None:
        spec, words = self.session.spec(), self.session.words
        possible = set(possible_rivals(spec))
        names = {place: short(said) for place, said in names_of(spec, words).items() if place in possible}
        kept = [one for one in self.rivals.value or [] if one in names]
        self.rivals.set_options(names, value=kept or [one for one in usual_rivals(spec) if one in names])

    def _changed(self) -> None:
        now = self.session.whatif
        if [(one.path, one.value) for one in now.settings] == [
            (one.path, one.value) for one in self.whatif.settings
        ] and (now.case == self.whatif.case):
            return  # a name or a note is another: what was played stays
        self.whatif = now
        self.stop()
        self.play = None
        self.holder.clear()
        self.told.text = ""
        self._offer()

    def stop(self) -> None:
        """Play no further; what is in stays."""
        if self.play is not None and self.play.state not in ENDED:
            self.play.stop()
        if self.task is not None:
            self.task.cancel()
            self.task = None
        if not self.start.is_deleted:
            self._state()

    def _state(self) -> None:
        running = self.play is not None and self.play.state not in ENDED
        self.start.set_enabled(not running)
        self.halt.set_visibility(running)

    async def _begin(self) -> None:
        session, words = self.session, self.session.words
        self.stop()
        self.holder.clear()
        if not changed_policies(session.baseline(), session.spec()):
            with self.holder:
                ui.label(words("The what-if has the policies of the baseline: it has no parts. Switch one on."))
            return
        self.task = asyncio.ensure_future(self._run())

    async def _run(self) -> None:
        session, loop, rung = self.session, asyncio.get_running_loop(), asyncio.Event()
        rivals = tuple(self.rivals.value or ())

        def heard(*_: object) -> None:  # in the thread that a process answers to
            if not loop.is_closed():
                loop.call_soon_threadsafe(rung.set)

        def begun() -> Play:
            several = len(changed_policies(session.baseline(), session.spec())) > 1
            return session.crew.play(
                session.spec(), session.baseline(), most=session.playing.most, heard=heard, alone=several,
                left_out=several, matched_by=rivals,
            )  # fmt: skip

        self.play = play = await session.off_thread(begun)
        if play is None:
            return
        try:
            while True:
                ended = play.state in ENDED
                answer = await session.off_thread(lambda: _ready(play.answer))
                with self.client:
                    self._show(answer, play)
                if play.state == "failed":
                    session.say(play.error)
                if ended:
                    return
                await asyncio.sleep(_BREATH)
                await rung.wait()
                rung.clear()
        finally:
            if play.state not in ENDED:
                play.stop()

    def _show(self, answer: Answer | None, play: Play) -> None:
        words = self.session.words
        done = 0 if answer is None else answer.replicates
        state = {"done": words("done"), "stopped": words("stopped"), "failed": words("failed")}.get(
            play.state, words("playing")
        )
        self.told.text = f"{progress(done, play.most, words)}: {state}"
        self._state()
        if answer is None:
            return
        self.holder.clear()
        with self.holder:
            if answer.alone is not None:
                Shown(parts_drawn(answer, words))
                theme.table(part_rows(answer, words), [words("Policy"), "", *heads(words)])
            else:
                ui.label(words("The what-if changes one policy: its part is the whole.")).classes("muted")
            if answer.matched is not None:
                Shown(rivals_drawn(answer, words))
                theme.table(rival_rows(answer, words), ["", *heads(words)[:-1]])


def _ready(answer: Answer | None) -> Answer | None:
    """Return an answer with its tables made, which takes a moment."""
    if answer is not None:
        _ = answer.parts, answer.matching, answer.effect
    return answer
