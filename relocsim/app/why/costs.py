"""Why: what a sector costs in every city, in any quarter, with and without the what-if; and what depth each sector has."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
from nicegui import ui

from relocsim.app import theme
from relocsim.app.charts import costs as echarts_costs
from relocsim.app.why.desk import BASELINE, SIDES, WHATIF, Desk
from relocsim.app.why.parts import Redrawn, Shown, sides, told_table
from relocsim.language import Words, message
from relocsim.phases.cost import COMPONENTS
from relocsim.report.charts.comparison import caption_of, names_of
from relocsim.report.charts.costs import PLACES, chosen_rows, cost_title
from relocsim.report.charts.sources import depth_table
from relocsim.report.costsheets import sector_sheet
from relocsim.report.firms_told import CLASS_WORDS
from relocsim.report.looking import Look, studied_origins, usual_origin, usual_sector
from relocsim.report.tables import records
from relocsim.report.terms import short, term
from relocsim.world.calendar import Quarter
from relocsim.world.levers import CLASSES

_SIDE_WORDS = {WHATIF: message("with the what-if"), BASELINE: message("baseline")}
_EVERY = 10_000
_NARROW = "min-width: 120px"


def panel(desk: Desk) -> None:
    """Build the panel."""
    _Costs(desk)


class _Costs:
    """The panel in one tab."""

    def __init__(self, desk: Desk) -> None:
        self.desk, words, spec = desk, desk.words, desk.spec()
        with theme.card(words("What a sector costs in every city")):
            ui.label(
                words(
                    "Unit cost of a firm, less what it costs at home, part by part: what draws it and what keeps it away."
                )
            ).classes("muted")
            with ui.row().classes("row-line"):
                self._controls(spec.scenario.start)
            self.sheet = Redrawn(desk, self._sheet)
        with theme.card(words("Supporting industry, sector by sector")):
            self.depth = Redrawn(desk, self._depth)
        desk.on_change(self._changed)
        self.sheet.soon()
        self.depth.soon()

    def _controls(self, start: Quarter) -> None:
        words, spec = self.desk.words, self.desk.spec()
        world, origins = spec.world, studied_origins(spec)
        origin = usual_origin(spec)
        sectors = {name: words.name(one) for name, one in sorted(world.sectors.items())}
        homes = {name: short(words.name(world.places[name])) for name in origins}
        classes = {name: words(CLASS_WORDS[name]) for name in CLASSES}
        dates = {str(start + at): words.quarter(start + at) for at in range(spec.scenario.quarters)}
        redraw = self._redraw
        self.sector = ui.select(
            sectors, value=usual_sector(spec, origin), label=words("Sector"), on_change=redraw, with_input=True
        ).style("min-width: min(380px, 100%)")
        self.origin = ui.select(homes, value=origin, label=words("Firms from"), on_change=redraw, with_input=True)
        self.size = ui.select(classes, value="medium", label=words("Class of firm"), on_change=redraw).style(_NARROW)
        self.quarter = ui.select(dates, value=str(start), label=words("Quarter"), on_change=redraw, with_input=True)
        self.side = ui.toggle(sides(words, SIDES), value=WHATIF, on_change=self._changed)
        self.all = ui.switch(words("all places"), on_change=redraw)

    async def _redraw(self) -> None:
        await self.sheet.draw()

    async def _changed(self) -> None:
        spec = self.desk.spec()
        held = {str(spec.scenario.start + at) for at in range(spec.scenario.quarters)}
        known = self.sector.value in spec.world.sectors and self.origin.value in studied_origins(spec)
        if self.quarter.value not in held or not known:
            self._start_anew()
            return
        await self.sheet.draw()
        await self.depth.draw()

    def _start_anew(self) -> None:
        """Take up another case: its sectors, origins and quarters."""
        row = self.sector.parent_slot.parent if self.sector.parent_slot else None
        if row is not None:
            row.clear()
            with row:
                self._controls(self.desk.spec().scenario.start)
            self.sheet.soon()
            self.depth.soon()

    async def _seen(self) -> Look | None:
        return await self.desk.look(str(self.side.value), Quarter.parse(str(self.quarter.value)))

    async def _sheet(self) -> Callable[[], None] | None:
        seen = await self._seen()
        if seen is None:
            return None
        found = sheet_drawn(
            seen, sector=str(self.sector.value), origin=str(self.origin.value), firm_class=str(self.size.value),
            side=str(self.side.value), count=_EVERY if self.all.value else PLACES, words=self.desk.words,
        )  # fmt: skip

        def build() -> None:
            Shown(found[0])
            with ui.expansion(self.desk.words("The figures as a table")).classes("w-full"):
                sheet_table(found[1], str(self.origin.value), self.desk)

        return build

    async def _depth(self) -> Callable[[], None] | None:
        seen = await self._seen()
        if seen is None:
            return None
        words, spec = self.desk.words, seen.model.spec
        city, names = spec.scenario.study.city, {name: words.name(one) for name, one in spec.world.sectors.items()}
        what = _what(seen, None, str(self.side.value), words)
        drawn = echarts_costs.depth(
            depth_table(seen, words), city=words.name(spec.world.places[city]), names=names,
            caption=caption_of(spec, what, words), words=words,
        )  # fmt: skip
        return lambda: _shown(drawn)


def _shown(drawn: echarts_costs.Drawn) -> None:
    Shown(drawn)


def _what(seen: Look, firm_class: str | None, side: str, words: Words) -> str:
    """Return what was looked at: inputs, class of firm, quarter, side."""
    when, which = words.quarter(seen.quarter), words(_SIDE_WORDS[side])
    if firm_class is None:
        return words("n = 1: central inputs, {quarter}, {side}; no interval", quarter=when, side=which)
    return words(
        "n = 1: central inputs, {firm_class} firm, {quarter}, {side}; no interval",
        firm_class=words(CLASS_WORDS[firm_class]), quarter=when, side=which,
    )  # fmt: skip


def sheet_drawn(
    seen: Look, *, sector: str, origin: str, firm_class: str, side: str, count: int, words: Words
) -> tuple[echarts_costs.Drawn, pd.DataFrame]:
    """Return the chart of a cost sheet and its rows: home, the city, its corridor, and the cheapest others up to `count`."""
    spec = seen.model.spec
    study, names = spec.scenario.study, names_of(spec, words)
    sheet = sector_sheet(seen, sector, origin, firm_class)
    title = cost_title(
        sheet, sector=words.name(spec.world.sectors[sector]), city=study.city, names=names,
        quarter=words.quarter(seen.quarter), words=words,
    )  # fmt: skip
    rows = chosen_rows(sheet, [study.city, *study.corridor], count)
    drawn = echarts_costs.cost_sheet(
        rows, home=origin, city=study.city, names=names, title=title,
        caption=caption_of(spec, _what(seen, firm_class, side, words), words), words=words,
    )  # fmt: skip
    return drawn, rows


def sheet_table(rows: pd.DataFrame, home: str, desk: Desk) -> None:
    """Show the rows of a cost sheet: components, total, difference to home, what the place is worth beside."""
    words, places = desk.words, desk.spec().world.places
    shown = [name for name in COMPONENTS if rows[name].abs().max() > 0]
    columns = [
        words("Place"), *(term(name, words) for name in shown), words("total"), words("against home"), words("depth"),
    ]  # fmt: skip
    table = [
        [
            short(words.name(places[row["place"]])) + (words(" (home)") if row["place"] == home else ""),
            *(words.plain(row[name], 2) for name in shown),
            words.plain(row["total"], 2),
            words.signed(row["difference"], 2),
            words.plain(row["depth"], 2),
        ]
        for row in records(rows)
    ]
    told_table(table, columns, numbers=frozenset(range(1, len(columns))))
