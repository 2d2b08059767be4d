"""The tab "Why": questions below one another as tabs of their own, each built when it is first opened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from nicegui import ui

from relocsim.app.why.desk import Desk
from relocsim.language import message

if TYPE_CHECKING:
    from relocsim.app.session import Session


@dataclass(frozen=True)
class Question:
    """A tab within "Why"."""

    id: str
    title: str
    """Message."""

    @property
    def build(self) -> Callable[[Desk], None]:
        """The function that builds it in the current container."""
        found: Callable[[Desk], None] = import_module(f"relocsim.app.why.{self.id}").panel
        return found


QUESTIONS = (
    Question("costs", message("Cost sheet")),
    Question("map", message("Map")),
    Question("funnel", message("Funnel")),
    Question("switchers", message("Switchers")),
    Question("firm", message("A firm")),
    Question("assumptions", message("Does the advice stand?")),
    Question("swings", message("What matters most")),
    Question("targets", message("Targets")),
    Question("rivals", message("Rivals")),
)
"""In the order of their tabs."""


_TABS = "dense align=left outside-arrows mobile-arrows"


def panel(session: Session) -> None:
    """Build the tab."""
    desk = Desk(session)
    held: dict[str, ui.tab_panel] = {}

    def show(name: str) -> None:
        desk.listeners.show(name)
        holder = held.get(name)
        if holder is not None and not holder.default_slot.children:
            question = next(one for one in QUESTIONS if one.id == name)
            with holder, desk.listeners.of(name):
                question.build(desk)

    with ui.tabs(on_change=lambda event: show(event.value)).props(_TABS) as tabs:
        tabs.classes("w-full").style("max-width: 100%")
        for one in QUESTIONS:
            ui.tab(one.id, label=desk.words(one.title)).props(f"data-testid=why-{one.id}")
    with ui.tab_panels(tabs, value=QUESTIONS[0].id).props("keep-alive").classes("panels"):
        for one in QUESTIONS:
            with ui.tab_panel(one.id).props(f"data-testid=panel-{one.id}") as held[one.id]:
                pass
    show(QUESTIONS[0].id)
