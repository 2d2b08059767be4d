"""The panel of what-ifs: levers to the left, what they do to the right."""

from __future__ import annotations

from nicegui import ui

from relocsim.app.session import Session
from relocsim.app.whatif.answer import results
from relocsim.app.whatif.files import files
from relocsim.app.whatif.kept import kept_panel
from relocsim.app.whatif.levers import Levers
from relocsim.app.whatif.log import log_panel
from relocsim.app.whatif.parts import parts_panel
from relocsim.app.whatif.run import run_bar
from relocsim.app.whatif.target import target_panel


def panel(session: Session) -> None:
    """Build the panel."""
    with ui.element("div").classes("sides"):
        with ui.element("div").classes("stack levers"):
            run_bar(session)
            Levers(session)
        with ui.element("div").classes("stack"):
            results(session)
            target_panel(session)
            parts_panel(session)
            kept_panel(session)
            log_panel(session)
            files(session)
