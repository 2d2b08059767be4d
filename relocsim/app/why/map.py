"""Why: the map of flows, year after year, with the lines that are open then and the corridor."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from nicegui import ui

from relocsim.app import theme
from relocsim.app.charts import map as echarts_map
from relocsim.app.charts.parts import Drawn
from relocsim.app.why.desk import SIDES, WHATIF, Desk, Played, quarters_shown
from relocsim.app.why.parts import Redrawn, Shown, sides
from relocsim.batch.running import Run
from relocsim.language import Words
from relocsim.report.charts.comparison import map_of
from relocsim.world.calendar import Quarter

_PACE = 1.1
"""Seconds a year is shown where years are played."""


def panel(desk: Desk) -> None:
    """Build the panel."""
    words, years = desk.words, _Years(desk)
    with theme.card(words("Who went where, year after year")):
        ui.label(
            words(
                "One run at central inputs. Widths are investment so far, on one scale for all years; hold Ctrl to zoom."
            )
        ).classes("muted")
        with ui.row().classes("row-line"):
            years.side = ui.toggle(sides(words, SIDES), value=WHATIF, on_change=lambda: years.drawn.draw())
        years.drawn = Redrawn(desk, years.make)
    desk.on_change(years.drawn.draw)
    years.drawn.soon()


class _Years:
    """The years of a map, one of which is shown."""

    side: ui.toggle
    drawn: Redrawn

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.frames: list[Drawn] = []
        self.quarters: list[Quarter] = []
        self.at = -1

    async def make(self) -> Callable[[], None] | None:
        """Return what builds the map with its slider."""
        found = await self.desk.run(str(self.side.value))
        if found is None:
            return None
        quarters = quarters_shown(found.spec)
        if quarters != self.quarters:
            self.quarters, self.at = quarters, len(quarters) - 1
        self.frames = frames(found, self.desk.words)
        return self._build

    def _build(self) -> None:
        words, last = self.desk.words, len(self.quarters) - 1
        with ui.row().classes("row-line").style("flex-wrap: nowrap"):
            self.button = ui.button(words("Play the years"), icon="play_arrow", on_click=self._play).props("no-wrap")
            self.button.style("flex: none")
            self.slider = (
                ui.slider(min=0, max=last, step=1, value=self.at, on_change=lambda event: self._show(int(event.value)))
                .props("snap markers")
                .style("flex: 1 1 auto; max-width: 720px; margin-right: 12px")
            )
            self.slider.props["aria-label"] = words("Year")
            self.told = ui.label(words.quarter(self.quarters[self.at])).classes("head").style("white-space: nowrap")
        self.shown = Shown(self.frames[self.at])
        self.timer = ui.timer(_PACE, self._next, active=False)

    def _show(self, at: int) -> None:
        self.at = at
        self.told.text = self.desk.words.quarter(self.quarters[at])
        self.shown.show(self.frames[at])

    def _play(self) -> None:
        if not self.timer.active and self.at == len(self.frames) - 1:
            self.slider.value = 0
        self._playing(not self.timer.active)

    def _playing(self, now: bool) -> None:
        self.timer.active = now
        words = self.desk.words
        self.button.text = words("Pause") if now else words("Play the years")
        self.button.props(f"icon={'pause' if now else 'play_arrow'}")

    def _next(self) -> None:
        if self.at >= len(self.frames) - 1:
            self._playing(False)
            return
        self.slider.value = self.at + 1


def frames(found: Played, words: Words) -> list[Drawn]:
    """Return the map by the end of every year, all on the scale of the largest flow of the last."""
    played, quarters = cast(Run, found), quarters_shown(found.spec)
    maps = [map_of(played, words, until=when, hours=found.hours[when]) for when in quarters]
    last = maps[-1].flows["investment"]
    largest = float(last.max()) if len(last) else None
    return [
        echarts_map.flows_map(one, words, largest=largest, then=when != found.spec.scenario.end)
        for one, when in zip(maps, quarters, strict=True)
    ]
