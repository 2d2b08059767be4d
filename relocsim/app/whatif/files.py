"""What goes out of a what-if and what comes in: a link, the scenario, tables, charts, the briefing; a scenario sent up."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from nicegui import events, ui

from relocsim.app import theme
from relocsim.app.address import address_of, left_out
from relocsim.app.session import Session
from relocsim.app.whatif import downloads
from relocsim.app.whatif.log import log_rows
from relocsim.app.whatif.uploads import LARGEST, SUFFIXES, UploadError, safe_name, text_of
from relocsim.whatif.assumptions import log_words
from relocsim.whatif.files import from_yaml, yaml_of
from relocsim.whatif.whatif import WhatIf

if TYPE_CHECKING:
    from relocsim.batch.comparing import Comparison


def files(session: Session) -> None:
    """Build the card of downloads, the link and the upload."""
    words = session.words
    with theme.card(words("Take away, bring in")).props("data-testid=files"):
        with ui.element("div").classes("row-line"):
            _link(session)
        with ui.element("div").classes("row-line"):
            made = [_Download(session, *what) for what in _offered(session)]
        ui.label(words("Tables, charts and briefing are of the replicates that are in.")).classes("muted")
        _upload(session)

    def ready() -> None:
        for one in made:
            one.ready()

    session.on_answer(ready)


def _offered(session: Session) -> list[tuple[str, str, str, str, Callable[[], Callable[[], bytes]]]]:
    """Return what can be downloaded: kind, label, ending, icon, and what makes it of the session as it stands."""
    words = session.words

    def comparison() -> Comparison:
        assert session.answer is not None
        return session.answer.comparison

    def scenario() -> Callable[[], bytes]:
        whatif, cases = session.whatif, session.cases
        return lambda: yaml_of(whatif, cases).encode()

    def tables() -> Callable[[], bytes]:
        found, whatif, cases = comparison(), session.whatif, session.cases
        log = downloads.quoted(log_rows(whatif, cases, session.words))
        return lambda: downloads.tables(found, yaml_of(whatif, cases), log)

    def charts() -> Callable[[], bytes]:
        found, code = comparison(), session.words.code
        return lambda: downloads.charts(found, code)

    def briefing() -> Callable[[], bytes]:
        found, words = comparison(), session.words
        log = log_words(session.whatif, session.cases, words)
        return lambda: downloads.briefing(found, words.code, log)

    return [
        ("scenario", words("Scenario (YAML)"), "yaml", "description", scenario),
        ("tables", words("Tables"), "zip", "table_view", tables),
        ("charts", words("Charts"), "zip", "insert_chart", charts),
        ("briefing", words("Briefing"), "zip", "article", briefing),
    ]


class _Download:
    """One button that makes a file when it is asked for."""

    def __init__(self, session: Session, kind: str, label: str, ending: str, icon: str, make: Any) -> None:
        self.session, self.kind, self.ending, self.make = session, kind, ending, make
        self.button = ui.button(label, icon=icon, on_click=self._fetch).props(f"outline data-testid=download-{kind}")
        self.ready()

    def ready(self) -> None:
        """Offer it where there is something to make it of."""
        self.button.set_enabled(self.kind == "scenario" or self.session.answer is not None)

    async def _fetch(self) -> None:
        session = self.session
        name = downloads.file_name(session.whatif.name, self.kind, self.ending, session.words)
        self.button.props("loading")
        try:
            content = await session.off_thread(self.make())
        finally:
            self.button.props(remove="loading")
        if content is not None:
            ui.download.content(content, name)


def _link(session: Session) -> None:
    words = session.words
    link = ui.link(words("Link to this what-if"), "").props("data-testid=link")
    copied = words("Copied")

    def copy() -> None:
        ui.run_javascript(
            f"navigator.clipboard && navigator.clipboard.writeText(new URL({address_of(session)!r}, location))"
        )
        ui.notify(copied)

    theme.icon_button("content_copy", words("Copy the link"), copy)

    long = ui.label().classes("muted")

    def show() -> None:
        address = address_of(session)
        if link.props.get("href") == address:
            return
        link.props["href"] = address
        ui.run_javascript(f"history.replaceState(null, '', {address!r})")
        without = left_out(session)
        long.text = (
            words("Too long for the link, and lost with the page: {names}", names=words.listed(without))
            if without
            else ""
        )

    def settled() -> None:  # not while replicates come in
        if not session.playing.running:
            show()

    show()
    session.on_change(show)
    for event in ("play", "kept"):
        session.listeners.add(event, settled)


def _upload(session: Session) -> None:
    words = session.words

    async def taken(sent: events.UploadEventArguments) -> None:
        content = await sent.file.read()
        box.reset()
        found = await session.off_thread(_read, session, sent.file.name, content)
        if found is not None:
            await session.change(found)

    def rejected() -> None:
        size = LARGEST // 1024
        session.say(words("The file was not taken: it should be a scenario (.yaml) of at most {size} KB.", size=size))

    asked = words("Bring in a scenario file (.yaml)")
    box = ui.upload(auto_upload=True, max_files=1, max_file_size=LARGEST, on_upload=taken, on_rejected=rejected)
    box.props(f"accept={','.join(SUFFIXES)}").classes("hidden")  # its own button holds a field: nested, unread
    button = ui.button(asked, icon="upload_file").props("outline data-testid=upload").style("align-self: flex-start")
    button.on("click", js_handler=f"() => getElement({box.id}).pickFiles()")


def _read(session: Session, name: str, content: bytes) -> WhatIf:
    text = text_of(name, content, session.words)
    found = from_yaml(text, session.cases, name=safe_name(name))
    if found == session.whatif:
        raise UploadError(session.words("{file} says what is set already.", file=safe_name(name)))
    return found
