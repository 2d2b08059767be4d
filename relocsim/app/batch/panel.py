"""The tab "Results of batches": one is chosen, opened as it is now, and read: what it is, its runs, comparisons, charts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from nicegui import ui

from relocsim.app import theme
from relocsim.app.batch.charts import charts_card
from relocsim.app.batch.comparison import comparison_card
from relocsim.app.batch.desk import BatchDesk
from relocsim.app.batch.found import open_batch
from relocsim.app.batch.runs import runs_card
from relocsim.app.batch.told import MOST_FAILURES, about_rows, factor_rows, failure_rows, progress_words
from relocsim.app.why.parts import Redrawn
from relocsim.batch.stored import Status, status_of
from relocsim.language import Words

if TYPE_CHECKING:
    from relocsim.app.session import Session


def panel(session: Session) -> None:
    """Build the tab."""
    _Batches(session)


class _Batches:
    """The tab in one page."""

    def __init__(self, session: Session) -> None:
        self.session, words = session, session.words
        with ui.element("div").classes("stack"):
            if session.batches.folder is None:
                with theme.card(words("No folder of results is served")):
                    ui.label(words("Begin it with `relocsim app FOLDER`: a folder that `relocsim batch` wrote, or one that "
                                   "holds several."))  # fmt: skip
                return
            self.names: dict[str, Path] = {}
            with ui.element("div").classes("row-line"):
                self.box = ui.select([], label=words("Batch"), on_change=self._open)
                self.box.props("outlined dense options-dense data-testid=batch").style("min-width: 280px")
                ui.button(words("Read again"), icon="refresh", on_click=self._again).props(
                    "outline data-testid=batch-reload"
                )
            self.body = Redrawn(self, self._body)
        ui.timer(0.01, self._again, once=True)

    @property
    def words(self) -> Words:
        """The language of the tab."""
        return self.session.words

    async def _again(self) -> None:
        """Look again which batches there are, and read the one that is open anew."""
        session = self.session
        self.names = await session.off_thread(session.batches.names) or {}
        before = session.batch if session.batch in self.names else next(iter(self.names), "")
        session.batch = before
        self.box.set_options(list(self.names), value=before or None)
        await self.body.draw()

    async def _open(self) -> None:
        name = str(self.box.value or "")
        if name and name != self.session.batch:
            self.session.batch = name
            await self.body.draw()

    async def _body(self) -> Callable[[], None] | None:
        session, folder = self.session, self.names.get(self.session.batch)
        if folder is None:
            session.say(self.words("There is no batch in the folder any more."))
            return None
        batch = await session.off_thread(open_batch, folder, self.words)
        if batch is None:
            return None
        desk = BatchDesk(session, batch)
        status = await desk.read(status_of)

        def build() -> None:
            about_card(desk, status)
            runs_card(desk)
            comparison_card(desk)
            charts_card(desk)

        return build


def about_card(desk: BatchDesk, status: Status | None) -> None:
    """Show what a batch is, how far it is, and what failed."""
    words, batch = desk.words, desk.batch
    with theme.card(
        str(batch.manifest.about.get("question") or words("A batch of {name}", name=batch.manifest.about["name"]))
    ):
        if status is not None:
            ui.label(progress_words(status, words)).classes("finding").props("data-testid=batch-progress")
        with ui.expansion(words("What the batch is"), value=True).classes("w-full").props("dense"):
            theme.table([list(row) for row in about_rows(batch, words)], ["", ""])
        with ui.expansion(words("Factors")).classes("w-full").props("dense"):
            theme.table(factor_rows(batch, words), [words("Factor"), words("Sets"), words("Values")])
        if status is not None and status.failed:
            _failures(desk, status)


def _failures(desk: BatchDesk, status: Status) -> None:
    words, count = desk.words, len(status.failed)
    title = words("{count} runs failed", count=count)
    with ui.expansion(title, value=True).classes("w-full").props("dense data-testid=batch-failures"):
        columns = [
            words("Run"),
            words("Point"),
            words("Replicate"),
            words("What it set"),
            words("Error"),
            words("Where"),
        ]
        theme.table(failure_rows(desk.batch, status.failed, words), columns, numbers=frozenset({0, 1, 2}))
        if count > MOST_FAILURES:
            ui.label(words.more(count - MOST_FAILURES)).classes("muted")
