"""Runs, points and places of a batch as a table that is filtered, sorted, turned over page by page, and taken away."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from nicegui import ui

from relocsim.app import theme
from relocsim.app.batch.desk import BatchDesk, MeasurePicker, Picker
from relocsim.app.batch.files import TABLES, table_file
from relocsim.app.batch.listed import ESTIMATE, PLACES, POINTS, RUNS, Listed, page_of
from relocsim.app.batch.read import has_cells, last_period
from relocsim.app.batch.told import level_label, place_names
from relocsim.app.why.parts import Redrawn

ROWS = 25
"""Rows of a page."""
_HIDDEN = ("seed", "digest")
"""Columns that are in the file and not on the page."""


def runs_card(desk: BatchDesk) -> None:
    """Build the card."""
    _Runs(desk)


class _Runs:
    """The card in one tab."""

    def __init__(self, desk: BatchDesk) -> None:
        self.desk, words, self.first = desk, desk.words, 0
        kinds = {RUNS: words("Runs"), POINTS: words("Points")}
        if has_cells(desk.batch):
            kinds[PLACES] = words("Places")
        with theme.card(words("Runs and points")).props("data-testid=batch-runs"):
            ui.label(words("What is chosen here holds for comparison and charts, too.")).classes("muted")
            self.picker = Picker(desk, "filter", self._changed, replicates=True)
            with ui.element("div").classes("row-line"):
                self.kind = ui.toggle(kinds, value=RUNS, on_change=self._kind).props("data-testid=batch-kind")
                self.measure = MeasurePicker(desk, "table", self._changed)
                self._places()
                self._sorting()
            self.table = Redrawn(desk, self._table)
            with ui.element("div").classes("row-line"):
                for ending in TABLES:
                    ui.button(
                        ending.upper(), icon="download", on_click=lambda ending=ending: self._fetch(ending)
                    ).props(f"outline dense data-testid=batch-table-{ending}")
        self._show()
        self.table.soon()

    def _places(self) -> None:
        words, names = self.desk.words, place_names(self.desk.batch, self.desk.words)
        periods = [str(one) for one in self.desk.batch.manifest.layout["periods"]]
        last = last_period(self.desk.batch)
        city = self.desk.batch.manifest.about.get("city")
        self.places = ui.select(names, multiple=True, value=[city] if city in names else list(names)[:1],
                                label=words("Places"), on_change=self._changed)  # fmt: skip
        self.periods = ui.select(periods, multiple=True, value=[last] if last else [], label=words("Periods"),
                                 on_change=self._changed)  # fmt: skip
        for mark, box in (("places", self.places), ("periods", self.periods)):
            box.props(f"outlined dense options-dense use-chips data-testid=table-{mark}").style("min-width: 180px")

    def _sorting(self) -> None:
        words = self.desk.words
        self.sort = ui.select([], label=words("Sorted by"), on_change=self._sorted)
        self.sort.props("outlined dense options-dense data-testid=batch-sort").style("min-width: 150px")
        self.down = ui.switch(words("largest first"), on_change=self._sorted).props("data-testid=batch-descending")

    def _columns(self) -> list[str]:
        batch, factors = self.desk.batch, self.desk.factors
        if self.kind.value == RUNS:
            return ["run", "point", "replicate", "status", *factors, *batch.observables]
        if self.kind.value == POINTS:
            return ["point", *factors, *ESTIMATE]
        return ["place", "period", *(f"{name} {what}" for name in batch.measures for what in ("mean", "sd")), "count"]

    def _show(self) -> None:
        """Show the controls of the kind of table."""
        points, places = self.kind.value == POINTS, self.kind.value == PLACES
        self.measure.name.visible = points
        self.measure.place.visible = self.measure.period.visible = points and str(self.measure.name.value)[:1] == "@"
        self.places.visible = self.periods.visible = places
        columns = self._columns()
        self.sort.set_options(columns, value=columns[0])

    async def _kind(self) -> None:
        self._show()
        await self._sorted()

    async def _changed(self) -> None:
        self.desk.chosen = self.picker.chosen
        await self._sorted()

    async def _sorted(self) -> None:
        self.first = 0
        await self.table.draw()

    async def _table(self) -> Callable[[], None] | None:
        found = await self.desk.read(page_of, self._asked(), self.first, ROWS)
        if found is None:
            return None
        total, page = found
        return lambda: self._drawn(total, page)

    def _asked(self) -> Listed:
        return Listed(
            str(self.kind.value), self.picker.chosen, self.measure.measure, tuple(self.places.value or ()),
            tuple(self.periods.value or ()), str(self.sort.value), bool(self.down.value),
        )  # fmt: skip

    def _drawn(self, total: int, page: pd.DataFrame) -> None:
        words = self.desk.words
        shown = page.drop(columns=[name for name in _HIDDEN if name in page])
        numbers = frozenset(at for at, name in enumerate(shown) if pd.api.types.is_numeric_dtype(shown[name]))
        rows = [[_cell(value, self.desk) for value in row] for row in shown.itertuples(index=False)]
        theme.table(rows, [str(name) for name in shown.columns], numbers=numbers)
        last = min(self.first + ROWS, total)
        with ui.element("div").classes("row-line"):
            told = words(
                "{first} to {last} of {total}", first=min(self.first + 1, total), last=last, total=words.plain(total, 0)
            )
            ui.label(told).props("data-testid=batch-count role=status")
            back = theme.icon_button("chevron_left", words("Page before"), lambda: self._turn(-ROWS))
            on = theme.icon_button("chevron_right", words("Next page"), lambda: self._turn(ROWS))
            back.set_enabled(self.first > 0)
            on.set_enabled(last < total)

    async def _turn(self, rows: int) -> None:
        self.first = max(0, self.first + rows)
        await self.table.draw()

    async def _fetch(self, ending: str) -> None:
        asked = self._asked()
        content = await self.desk.read(table_file, asked, ending, self.desk.words)
        if content is not None:
            ui.download.content(content, f"{self.desk.batch.folder.resolve().name}-{asked.kind}.{ending}")


def _cell(value: object, desk: BatchDesk) -> str:
    if isinstance(value, bool | np.bool_):
        return level_label(bool(value), desk.words)
    if isinstance(value, float):
        return "-" if np.isnan(value) else f"{value:.5g}"
    return str(value)
