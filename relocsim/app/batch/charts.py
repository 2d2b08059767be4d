"""The card of charts of a batch: which chart of which figure, on the page and taken away as printed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from nicegui import ui

from relocsim.app import theme
from relocsim.app.batch.desk import BatchDesk, MeasurePicker
from relocsim.app.batch.drawn import CHANGE, COURSE, LEVELS, PHASES, Asked, Made, made
from relocsim.app.batch.files import CHARTS, chart_bytes
from relocsim.app.batch.read import has_cells, is_ranged
from relocsim.app.why.parts import Redrawn, Shown


def charts_card(desk: BatchDesk) -> None:
    """Build the card."""
    _Charts(desk)


class _Charts:
    """The card in one tab."""

    def __init__(self, desk: BatchDesk) -> None:
        self.desk, words = desk, desk.words
        self.made: Made | None = None
        kinds = {
            LEVELS: words("By a factor"),
            CHANGE: words("Paired change by a factor"),
            PHASES: words("By two factors"),
        }
        if has_cells(desk.batch):
            kinds[COURSE] = words("Over time")
        names = desk.factor_names()
        with theme.card(words("Charts")).props("data-testid=batch-charts"):
            with ui.element("div").classes("row-line"):
                self.kind = ui.toggle(kinds, value=LEVELS, on_change=self._show).props("data-testid=batch-chart")
                self.measure = MeasurePicker(desk, "chart", lambda: None)
                self.factor = self._box(words("Factor"), names, _at(names, 0), "factor")
                self.other = self._box(words("Second factor"), names, _at(names, 1), "other")
                effects = {"": words("none: change from the lowest"), **names}
                self.effect = self._box(words("Effect of"), effects, "", "effect")
                ui.button(words("Draw"), icon="insert_chart", on_click=self._draw).props("data-testid=batch-draw")
            self.shown = Redrawn(desk, self._made)
            with ui.element("div").classes("row-line"):
                self.files = [self._button(ending) for ending in CHARTS]
        self._show()
        if names:
            self.shown.soon()
        else:
            self.shown.busy.visible = False

    def _box(self, label: str, names: dict[str, str], value: str | None, mark: str) -> ui.select:
        box = ui.select(names, value=value, label=label)
        return box.props(f"outlined dense options-dense data-testid=chart-{mark}").style("min-width: 180px")

    def _button(self, ending: str) -> ui.button:
        button = ui.button(ending.upper(), icon="download", on_click=partial(self._fetch, ending))
        button.props(f"outline dense data-testid=batch-chart-{ending}").set_enabled(False)
        return button

    def _show(self) -> None:
        self.other.visible = self.effect.visible = self.kind.value == PHASES

    async def _draw(self) -> None:
        await self.shown.draw()

    def _asked(self) -> Asked | None:
        measure, kind = self.measure.measure, str(self.kind.value)
        if measure is None or not self.factor.value:
            return None
        return Asked(kind, measure, self.desk.chosen, str(self.factor.value), str(self.other.value or ""),
                     str(self.effect.value or ""))  # fmt: skip

    async def _made(self) -> Callable[[], None] | None:
        words, asked = self.desk.words, self._asked()
        problem = self._problem(asked)
        if problem or asked is None:
            return lambda: self._said(problem)
        found = self.made = await self.desk.read(made, asked, words)
        for button in self.files:
            button.set_enabled(found is not None)
        if found is None:
            nothing = words(
                "Nothing that is finished can be drawn like this: choose other levels, factors or replicates."
            )
            return lambda: self._said(nothing)
        return lambda: _drawn(found)

    def _problem(self, asked: Asked | None) -> str:
        words = self.desk.words
        if asked is None:
            return words("The batch records no figure, or has no factor.")
        if asked.kind == COURSE and not asked.measure.place:
            return words("Over time are flows and columns of a place: choose such a figure.")
        if asked.kind == PHASES and len({asked.factor, asked.other, asked.effect}) < 3:
            return words("Choose different factors.")
        ranged = [name for name in (asked.factor, asked.other) if name and is_ranged(self.desk.batch, name)]
        if ranged and asked.kind in (CHANGE, PHASES, COURSE) and (asked.kind == PHASES or asked.factor in ranged):
            return words("{factor} has a value of its own at each point: draw it by one factor.", factor=ranged[0])
        return ""

    def _said(self, text: str) -> None:
        ui.label(text).classes("muted").props("role=status data-testid=batch-chart-said")

    async def _fetch(self, ending: str) -> None:
        if self.made is None:
            return
        content = await self.desk.session.off_thread(chart_bytes, self.made.printed, ending, self.desk.words)
        if content is not None:
            ui.download.content(content, f"{self.desk.batch.folder.resolve().name}-{self.kind.value}.{ending}")


def _at(names: dict[str, str], at: int) -> str | None:
    """Return a factor by its place, the first where there are fewer; none where there are none."""
    return list(names)[at] if at < len(names) else next(iter(names), None)


def _drawn(found: Made) -> None:
    Shown(found.drawn)
