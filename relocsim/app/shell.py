"""The page around the panels: case, language, errors, tabs. A panel is one line of `PANELS` and a function of a session."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, TypeVar

from nicegui import ui

from relocsim.app import theme
from relocsim.app.address import Address, kept_of, replicates_of, whatif_of
from relocsim.app.keeping import MOST_KEPT
from relocsim.app.playing import USUAL
from relocsim.app.session import Session
from relocsim.errors import RelocsimError
from relocsim.language import LANGUAGES, Words, message, words_in
from relocsim.whatif.whatif import WhatIf

if TYPE_CHECKING:
    from relocsim.app.batch.found import Batches
    from relocsim.whatif.cases import Cases
    from relocsim.whatif.crew import Crew

Result = TypeVar("Result")
LANGUAGE_NAMES = {"en": "English", "zh": "中文"}
MOST_TABS = 64
"""Tabs that may be open at once: what bounds the memory of the server."""


@dataclass(frozen=True)
class Panel:
    """A tab of the page."""

    id: str
    title: str
    """Message."""
    module: str
    """Module with `panel(session)`, imported when the tab is first opened."""

    @property
    def build(self) -> Callable[[Session], None]:
        """The function that builds it in the current container."""
        found: Callable[[Session], None] = import_module(self.module).panel
        return found


PANELS = (
    Panel("whatif", message("What if"), "relocsim.app.whatif.panel"),
    Panel("why", message("Why"), "relocsim.app.why.panel"),
    Panel("batch", message("Results of batches"), "relocsim.app.batch.panel"),
)
"""In the order of their tabs."""
_open: set[Session] = set()


async def build(cases: Cases, crew: Crew, asked: Address, *, batches: Batches | None = None) -> None:
    """Build the page of a tab that has just been opened, with what its address brings."""
    client = ui.context.client
    words = words_in(
        asked.language if asked.language in LANGUAGES else _preferred(client.request.headers.get("accept-language", ""))
    )
    theme.apply()
    ui.add_head_html(f"<script>document.documentElement.lang = '{words.code}'</script>")
    if len(_open) >= MOST_TABS:
        ui.label(words("{count} tabs are open here, which is as many as there may be: close one.", count=MOST_TABS))
        return
    case = asked.case if asked.case in cases else next(iter(cases))
    session = Session(cases, crew, words, WhatIf(case, words("What-if 1")))
    session.batches = batches or session.batches
    session.listeners.within = lambda: client
    _open.add(session)
    client.on_delete(lambda: _leave(session))
    client.on_connect(lambda: session.here())
    await _start(session, asked)
    _Page(session).draw()


def _leave(session: Session) -> None:
    _open.discard(session)
    session.close()


async def _start(session: Session, asked: Address) -> None:
    """Take what an address brings; what does not load is said, and the first case that does is opened."""
    session.playing.most = _taken(session, lambda: replicates_of(asked.replicates, session.words)) or USUAL
    kept = []
    for text in asked.kept[:MOST_KEPT]:
        brought = _taken(session, partial(kept_of, text, session.cases, session.words))
        if brought is not None and await session.off_thread(session.loads, brought[0]):
            kept.append(brought)
    session.keeping.bring_back(kept)
    whatif = _taken(session, partial(whatif_of, asked.link, session.cases, session.words)) if asked.link else None
    for found in (whatif, session.whatif, *(WhatIf(case, session.whatif.name) for case in session.cases)):
        if found is not None and await session.off_thread(session.loads, found):
            session.restart(found)
            return


def _taken(session: Session, read: Callable[[], Result]) -> Result | None:
    """Return what is read off an address; None where it is wrong, which is said."""
    try:
        return read()
    except RelocsimError as error:
        session.say(error)
        return None


def _preferred(accepted: str) -> str:
    """Return the language that a browser asks for first, of those that are spoken."""
    for part in accepted.lower().split(","):
        code = part.split(";")[0].split("-")[0].strip()
        if code in LANGUAGES:
            return code
    return next(iter(LANGUAGES))


class _Page:
    """The page of one tab, drawn anew where the language changes."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.shown = "batch" if session.batches.alone else PANELS[0].id
        self.built: dict[str, ui.element] = {}
        self.client = ui.context.client
        self.holder = ui.element("div").classes("page")

    @property
    def words(self) -> Words:
        """The language of the tab."""
        return self.session.words

    def draw(self) -> None:
        """Draw all of it."""
        self.session.listeners.clear()
        self.built = {}
        self.holder.clear()
        ui.page_title(self.words("relocsim: what if?"))
        ui.run_javascript(f"document.documentElement.lang = '{self.words.code}'")
        named = json.dumps(self.words("Progress"))  # the toolkit's own bar, which has no name
        ui.run_javascript(f"document.querySelectorAll('.q-loading-bar').forEach(one => one.ariaLabel = {named})")
        with self.holder:
            ui.link(self.words("Skip to the panels"), "#panels").classes("skip")
            self._bar()
            self._question()
            self._notices()
            self._tabs()
        self.show(self.shown)

    def _bar(self) -> None:
        session, words = self.session, self.words
        with ui.element("header").classes("bar row-line"):
            ui.label("relocsim").classes("brand")
            chooser = ui.select(
                {name: one.title(words) for name, one in session.cases.items()}, value=session.whatif.case,
                label=words("Case"), on_change=lambda event: self._open_case(event.value),
            ).classes("case").props("outlined dense options-dense data-testid=case")  # fmt: skip
            session.on_change(lambda: chooser.set_value(session.whatif.case))
            ui.element("div").classes("spread")
            speak = ui.toggle(LANGUAGE_NAMES, value=words.code, on_change=lambda event: self._speak(event.value))
            speak.props("data-testid=language").props["aria-label"] = words("Language")

    def _question(self) -> None:
        question = ui.label().classes("question")

        def ask() -> None:
            question.text = self.session.cases[self.session.whatif.case].question(self.words)

        ask()
        self.session.on_change(ask)

    def _notices(self) -> None:
        session = self.session
        holder = ui.element("div").props("role=alert aria-live=assertive data-testid=notices")

        def told() -> None:
            holder.clear()
            with holder:
                for text in session.notices:
                    with ui.element("div").classes("notice"):
                        ui.label(text).classes("spread")
                        theme.icon_button("close", self.words("Close"), partial(session.forget, text))

        told()
        session.listeners.add("notice", told)

    def _tabs(self) -> None:
        with ui.tabs(value=self.shown).classes("tabs").props("align=left dense no-caps") as tabs:
            for panel in PANELS:
                ui.tab(panel.id, label=self.words(panel.title)).props(f"data-testid=tab-{panel.id}")
        with (
            ui.tab_panels(tabs, value=self.shown, animated=False)
            .classes("panels")
            .props("keep-alive id=panels data-ready")
        ):
            for panel in PANELS:
                with ui.tab_panel(panel.id) as self.built[panel.id]:
                    pass
        tabs.on_value_change(lambda event: self.show(str(event.value)))

    def show(self, name: str) -> None:
        """Show a panel; it is built when it is first shown."""
        self.shown, holder = name, self.built[name]
        self.session.listeners.show(name)
        if holder.default_slot.children:
            return
        panel = next(one for one in PANELS if one.id == name)
        with holder, self.session.listeners.of(name):
            try:
                panel.build(self.session)
            except Exception as error:  # one panel that fails leaves the others standing
                self.session.say(error)

    async def _open_case(self, case: str) -> None:
        if case != self.session.whatif.case:
            await self.session.change(WhatIf(case, self.session.whatif.name))

    def _speak(self, code: str) -> None:
        self.session.words = words_in(code)
        with self.client:  # what was clicked is about to go
            self.draw()
