"""Why: one firm followed - what it knew, what each place was worth to it, what it did, and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pandas as pd
from nicegui import ui

from relocsim.app import theme
from relocsim.app.charts.firm import best_places, choice
from relocsim.app.why.desk import SIDES, WHATIF, Desk, Played
from relocsim.app.why.parts import Redrawn, Shown, sides, told_table
from relocsim.language import Words, message
from relocsim.phases.cost import COMPONENTS
from relocsim.report.firms_told import CLASS_WORDS, DOING, firm_words
from relocsim.report.looking import studied_origins
from relocsim.report.tables import place_name, records
from relocsim.report.terms import short, term
from relocsim.report.tracing import FirmTrace, Review, trace_firm
from relocsim.spec import Spec
from relocsim.world.calendar import Quarter

CAME, ELSEWHERE, HOME = "came", "elsewhere", "home"
_GROUPS = {
    CAME: message("firms that came to the city"),
    ELSEWHERE: message("firms that went elsewhere"),
}
_LISTED = 300
"""Firms listed, the largest first."""


def panel(desk: Desk) -> None:
    """Build the panel."""
    _Followed(desk)


class _Followed:
    """The panel in one tab."""

    def __init__(self, desk: Desk) -> None:
        self.desk, words = desk, desk.words
        self.trace: FirmTrace | None = None
        self.review = 0
        with theme.card(words("One firm's choice explained")):
            ui.label(
                words("Of one run at central inputs: the model is played again, and the firm watched at every review.")
            ).classes("muted")
            with ui.row().classes("row-line"):
                self.side = ui.toggle(sides(words, SIDES), value=WHATIF, on_change=self._list)
                self.group = ui.toggle(sides(words, _GROUPS), value=CAME, on_change=self._list)
            self.listed = Redrawn(desk, self._firms)
            self.told = Redrawn(desk, self._firm)
            self.told.busy.visible = False
        desk.on_change(self._list)
        self.listed.soon()

    async def _list(self) -> None:
        self.trace = None
        self.told.holder.clear()
        await self.listed.draw()

    async def _firms(self) -> Callable[[], None] | None:
        found = await self.desk.run(str(self.side.value))
        if found is None:
            return None
        firms = firms_of(found, str(self.group.value), self.desk.words)

        def build() -> None:
            words = self.desk.words
            if not firms:
                ui.label(words("There is none in this run."))
            with ui.row().classes("row-line"):
                if firms:
                    ui.select(
                        firms, label=words("Firm ({count}, largest first)", count=len(firms)), with_input=True,
                        on_change=lambda event: self._follow(event.value),
                    ).style("min-width: min(520px, 100%)")  # fmt: skip
                number = ui.number(words("or its number"), min=0, precision=0, format="%.0f").style("width: 150px")
                ui.button(words("Follow it"), on_click=lambda: self._follow(number.value)).props("outline")

        return build

    async def _follow(self, firm: float | str | None) -> None:
        if firm is not None:
            self.firm, self.trace = int(firm), None
            await self.told.draw()

    async def _firm(self) -> Callable[[], None] | None:
        spec = self.desk.spec(str(self.side.value))
        if self.trace is None:
            self.trace = await self.desk.session.off_thread(trace_firm, spec, self.firm)
        trace = self.trace
        return None if trace is None else lambda: self._build(spec, trace)

    def _build(self, spec: Spec, trace: FirmTrace) -> None:
        words = self.desk.words
        with ui.column().style("gap: 2px"):
            for text in firm_words(spec, replace(trace, chosen=None), words):
                ui.label(text)
        if trace.chosen is None:
            return
        dates = {at: words.quarter(review.quarter) for at, review in enumerate(trace.reviews)}
        with ui.row().classes("row-line"):
            chosen = ui.select(dates, value=trace.chosen, label=words("Review explained")).style("min-width: 180px")
        chosen.on_value_change(lambda event: self._explain(event.value))
        show_review(spec, trace.reviews[trace.chosen], words)

    async def _explain(self, at: int) -> None:
        if self.trace is not None:
            self.trace = replace(self.trace, chosen=at)
            await self.told.draw()


def firms_of(found: Played, group: str, words: Words) -> dict[int, str]:
    """Return firms with a project of a group, largest investment first: what each is, by its number."""
    spec, projects = found.spec, found.projects
    stage = f"{spec.scenario.study.stage}_at"
    held = projects[
        (projects["firm"] >= 0) & projects["origin"].isin(studied_origins(spec)) & (projects[stage].astype(str) != "")
    ]
    mine = held["place"].astype(str) == spec.scenario.study.city
    held = (held[mine] if group == CAME else held[~mine]).sort_values("investment", ascending=False, kind="stable")
    rows = records(held.drop_duplicates("firm").head(_LISTED))
    return {int(row["firm"]): _named(spec, row, words) for row in rows}


def _named(spec: Spec, row: dict[str, object], words: Words) -> str:
    return words(
        "{firm}: {sector}, {firm_class}, from {origin} to {place}, {quarter}, {amount}",
        firm=row["firm"], sector=words.name(spec.world.sectors[str(row["sector"])]),
        firm_class=words(CLASS_WORDS[str(row["firm_class"])]), origin=short(place_name(spec, str(row["origin"]), words)),
        place=short(place_name(spec, str(row["place"]), words)),
        quarter=words.quarter(Quarter.parse(str(row["intention_at"]))), amount=words.money(float(str(row["investment"]))),
    )  # fmt: skip


def show_review(spec: Spec, review: Review, words: Words) -> None:
    """Show one review: worth of the best places, what else it may do, and their unit costs."""
    Shown(choice(spec, review, words))
    theme.head(words("What it may do instead"))
    told_table(outside_rows(review, words), [words("Option"), words("Worth, yuan per 100")], numbers=frozenset({1}))
    with ui.expansion(words("What these places cost it, part by part")).classes("w-full"):
        table = best_places(review, spec.scenario.study.city)
        columns, rows = cost_rows(spec, table, words)
        told_table(rows, columns, numbers=frozenset(range(1, len(columns))))


def outside_rows(review: Review, words: Words) -> list[list[str]]:
    """Return what else the firm may do, and what it is worth to it."""
    return [
        [words(DOING[option]), words.signed(row["value"], 1) if row["open"] else words("not open to it")]
        for row in records(review.outside)
        if (option := row["option"])
    ]


def cost_rows(spec: Spec, table: pd.DataFrame, words: Words) -> tuple[list[str], list[list[str]]]:
    """Return columns and rows of the unit cost of places to the firm, yuan per 100 yuan of output."""
    shown = [name for name in COMPONENTS if table[name].abs().max() > 0]
    columns = [words("Place"), *(term(name, words) for name in shown), words("total")]
    rows = [
        [
            short(place_name(spec, row["place"], words)), *(words.plain(row[name], 2) for name in shown),
            words.plain(row["unit_cost"], 2),
        ]
        for row in records(table)
    ]  # fmt: skip
    return columns, rows
