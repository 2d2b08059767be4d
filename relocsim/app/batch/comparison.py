"""Any two sets of points of a batch against each other, paired wherever there are pairs."""

from __future__ import annotations

from collections.abc import Callable

from nicegui import ui

from relocsim.app import theme
from relocsim.app.batch.compared import NOTHING, SAME, Compared, compared
from relocsim.app.batch.desk import BatchDesk, MeasurePicker, Picker
from relocsim.app.batch.read import Chosen, Measure
from relocsim.app.batch.told import comparison_sentence, estimate_words, measure_label, pairing_words, unit_words
from relocsim.app.why.parts import Redrawn


def comparison_card(desk: BatchDesk) -> None:
    """Build the card."""
    _Comparison(desk)


class _Comparison:
    """The card in one tab."""

    def __init__(self, desk: BatchDesk) -> None:
        self.desk, words = desk, desk.words
        with theme.card(words("Compare two sets of points")).props("data-testid=batch-compare"):
            with ui.element("div").classes("row-line"):
                self.measure = MeasurePicker(desk, "compare", lambda: None)
            ui.label(words("Set A: levels of"))
            self.first = Picker(desk, "a", lambda: None)
            ui.label(words("Set B: levels of"))
            self.second = Picker(desk, "b", lambda: None)
            with ui.element("div").classes("row-line"):
                ui.button(words("Compare"), icon="compare_arrows", on_click=self._compare).props(
                    "data-testid=batch-compare-go"
                )
            self.shown = Redrawn(desk, self._made)
            self.shown.busy.visible = False

    async def _compare(self) -> None:
        await self.shown.draw()

    def _sets(self) -> tuple[Chosen, Chosen]:
        found = []
        for picker in (self.first, self.second):
            one = self.desk.chosen.with_levels(picker.levels)
            ranges = {**one.ranges, **picker.ranges}
            found.append(Chosen(one.levels, ranges, one.replicates))
        return found[0], found[1]

    async def _made(self) -> Callable[[], None] | None:
        measure = self.measure.measure
        if measure is None:
            return None
        found = await self.desk.read(compared, measure, *self._sets())
        return None if found is None else lambda: self._drawn(measure, found)

    def _drawn(self, measure: Measure, found: Compared) -> None:
        desk, words = self.desk, self.desk.words
        label, unit = measure_label(desk.batch, measure, words), unit_words(desk.batch, measure.name, words)
        change = unit_words(desk.batch, measure.name, words, change=True)
        told = comparison_sentence(found, label, change, words)
        ui.label(told).classes("finding").props("data-testid=batch-compared aria-live=polite")
        if found.kind in (SAME, NOTHING):
            return
        first, second = (estimate_words(one, unit, words) for one in (found.first, found.second))
        less = estimate_words(found.effect, change, words, sign=True)
        rows = [[words("A"), first], [words("B"), second], [words("B less A"), less]]
        theme.table(rows, ["", label], numbers=frozenset({1}))
        ui.label(pairing_words(found, words)).classes("muted").props("data-testid=batch-paired")
