"""What was changed against the case: from what to what, within which range, resting on what, and why."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from nicegui import ui

from relocsim.app import theme
from relocsim.app.session import Session
from relocsim.language import Words
from relocsim.whatif.assumptions import Told, log_told
from relocsim.whatif.cases import Cases
from relocsim.whatif.whatif import WhatIf

PARTS = frozenset({"assumptions", "policies", "frame"})
"""Parts of the log."""


def log_rows(whatif: WhatIf, cases: Cases, words: Words) -> list[list[str]]:
    """Return the rows of the log in a language, the heading first."""
    rows = [[*_cells(one, words), *_ending(one)] for one in log_told(whatif, cases, words)]
    return [[*_columns(words), words("Entry")], *rows]


def _ending(one: Told) -> list[str]:
    return [one.note, one.paths[0] if len(one.paths) == 1 else ".".join(one.paths[0].split(".")[:2])]


def _columns(words: Words) -> list[str]:
    return [words("What"), words("In the case"), words("Here"), words("Unit"), words("Range"),
            words("The case's number is"), words("Reason")]  # fmt: skip


def _cells(one: Told, words: Words) -> list[str]:
    after = one.after if one.before else words("added: {what}", what=one.after) if one.after else words("added")
    return [one.name, one.before or "-", after, one.unit, one.range, one.grade]


def log_panel(session: Session) -> None:
    """Build the card of what was changed."""
    with theme.card(session.words("Changed against the case")).props("data-testid=log"):
        Log(session)


class Log:
    """The log on the page; rows stay as long as they say the same, so that the keyboard stays where it is."""

    def __init__(self, session: Session, parts: frozenset[str] = PARTS, nothing: str = "") -> None:
        self.session, self.parts = session, parts
        self.nothing = nothing or session.words("Nothing: the what-if is the case as it stands.")
        self.shown: list[Told] | None = None
        self.notes: list[ui.input] = []
        self.holder = ui.element("div").classes("stack")
        self.update()
        session.on_change(self.update)

    def update(self) -> None:
        """Show what is changed."""
        session = self.session
        told = log_told(session.whatif, session.cases, session.words)
        found = [one for one in told if one.part in self.parts]
        bare = [replace(one, note="") for one in found]
        if bare != self.shown:
            self.shown = bare
            self.holder.clear()
            with self.holder:
                self._draw(found)
        for box, one in zip(self.notes, found, strict=True):
            box.set_value(one.note)

    def _draw(self, found: list[Told]) -> None:
        words = self.session.words
        self.notes = []
        if not found:
            ui.label(self.nothing).classes("muted")
            return
        with ui.element("div").classes("table-holder").props("tabindex=0"), ui.element("table").classes("plain"):
            with ui.element("thead"), ui.element("tr"):
                for name in [*_columns(words), ""]:
                    with ui.element("th").props("scope=col"):
                        ui.label(name)
            with ui.element("tbody"):
                for one in found:
                    with ui.element("tr"):
                        self._row(one)

    def _row(self, one: Told) -> None:
        words = self.session.words
        for text in _cells(one, words):
            with ui.element("td"):
                ui.label(text)
        with ui.element("td"):
            box = ui.input(value=one.note, placeholder=words("why?")).props("dense borderless maxlength=400")
            box.style("min-width: 150px").props["aria-label"] = words("Why {name} is changed", name=one.name)
            box.on("blur", partial(self._note, one.paths[0], box))
            box.on("keydown.enter", partial(self._note, one.paths[0], box))
            self.notes.append(box)
        with ui.element("td"):
            theme.icon_button("undo", words("Take back: {name}", name=one.name), partial(self._take_back, one.paths))

    async def _note(self, path: str, box: ui.input) -> None:
        await self.session.annotate(path, str(box.value or ""))

    async def _take_back(self, paths: tuple[str, ...]) -> None:
        def without(now: WhatIf) -> WhatIf:
            for path in paths:
                now = now.unset(path)
            return now

        await self.session.alter(without)
