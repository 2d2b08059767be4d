"""What was changed against the case: policies and assumptions, from what to what; it goes with the what-if."""

from __future__ import annotations

from nicegui import ui

from relocsim.app import theme
from relocsim.app.session import Session
from relocsim.report.effects import title_of


def log_rows(session: Session) -> list[list[str]]:
    """Return the rows of the log, the heading first."""
    words = session.words
    head = [words("Entry"), words("Value"), words("Note")]
    return [head, *([_entry(session, one.path), str(one.value), one.note] for one in session.whatif.settings)]


def _entry(session: Session, path: str) -> str:
    """Return what an entry is called: of a policy its name, and which of its fields."""
    part, name, *fields = path.split(".")
    spec = session.spec()
    if part != "policies" or name not in spec.policies:
        return path
    return f"{title_of(spec, name, session.words)}: {'.'.join(fields)}"


def log_panel(session: Session) -> None:
    """Build the card of what was changed."""
    words = session.words
    with theme.card(words("Changed against the case")).props("data-testid=log"):
        holder = ui.element("div").classes("stack")

    def show() -> None:
        holder.clear()
        head, *rows = log_rows(session)
        with holder:
            if rows:
                theme.table(rows, head)
            else:
                ui.label(words("Nothing: the what-if is the case as it stands.")).classes("muted")

    show()
    session.on_change(show)
