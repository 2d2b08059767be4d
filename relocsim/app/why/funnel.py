"""Why: from intention to production against targets that one sets, in one run at once, over replicates when asked."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from functools import partial
from typing import Any, cast

import pandas as pd
from nicegui import ui

from relocsim.app import theme
from relocsim.app.charts import funnel as echarts_funnel
from relocsim.app.why.desk import SIDES, WHATIF, Desk
from relocsim.app.why.parts import Redrawn, Shown, Task, sides
from relocsim.batch.running import Run
from relocsim.language import Words
from relocsim.metrics.effects import LEVEL
from relocsim.report.charts.comparison import caption_of
from relocsim.report.charts.delivery import STAGE_WORDS
from relocsim.report.charts.sources import funnel_caption, stages_of
from relocsim.report.funnels import funnel_over_replicates
from relocsim.report.tables import place_name
from relocsim.spec import Spec

ASKED = ("honoured", "ground", "producing")
"""Stages for which a target may be set."""
COUNTS = (5, 10, 20, 40)
"""Replicates that one may ask for."""


def panel(desk: Desk) -> None:
    """Build the panel."""
    _Funnel(desk)


class _Funnel:
    """The panel in one tab."""

    def __init__(self, desk: Desk) -> None:
        self.desk, words = desk, desk.words
        self.over: tuple[pd.DataFrame, int] | None = None
        """The funnel over replicates, and how many."""
        with theme.card(words("From intention to production")):
            ui.label(
                words("Targets are shares of the investment signed; leave a field empty where there is none.")
            ).classes("muted")
            with ui.row().classes("row-line"):
                self.targets = {stage: self._target(stage) for stage in ASKED}
            with ui.row().classes("row-line"):
                self.side = ui.toggle(sides(words, SIDES), value=WHATIF, on_change=self._changed)
                self.count = ui.select(list(COUNTS), value=COUNTS[1], label=words("Replicates")).style(
                    "min-width: 110px"
                )
                label = words("Play replicates, for intervals")
                self.task = Task(desk, label, self._work, self._found, total=lambda: int(self.count.value))
            self.drawn = Redrawn(desk, self._make)
        desk.on_change(self._changed)
        self.drawn.soon()

    def _target(self, stage: str) -> ui.number:
        words = self.desk.words
        name = words("Target: {stage}, % of signed", stage=words(STAGE_WORDS[stage]))
        field = ui.number(name, min=0, max=100, step=5, on_change=lambda: self.drawn.draw(), precision=1)
        return field.props("clearable debounce=400").style("min-width: 290px")

    def _wanted(self) -> dict[str, float]:
        found = {stage: field.value for stage, field in self.targets.items()}
        return {stage: min(max(float(value), 0.0), 100.0) / 100 for stage, value in found.items() if value is not None}

    async def _changed(self) -> None:
        self.over = None
        self.task.forget()
        await self.drawn.draw()

    def _work(self) -> Callable[[Executor, Callable[[], None]], Any]:
        return partial(_play, self.desk.spec(str(self.side.value)), int(self.count.value))

    async def _found(self, found: tuple[pd.DataFrame, int]) -> None:
        self.over = found
        await self.drawn.draw()

    async def _make(self) -> Callable[[], None] | None:
        words, spec = self.desk.words, self.desk.spec(str(self.side.value))
        city = place_name(spec, spec.scenario.study.city, words)
        if self.over is not None:
            stages, caption = self.over[0], over_caption(spec, self.over[1], words)
        else:
            run = await self.desk.run(str(self.side.value))
            if run is None:
                return None
            mine = run.projects[run.projects["place"].astype(str) == spec.scenario.study.city]
            stages, caption = stages_of(mine), funnel_caption(cast(Run, run), words)
        drawn = echarts_funnel.funnel(stages, city=city, targets=self._wanted(), caption=caption, words=words)
        return lambda: _shown(drawn)


def _shown(drawn: echarts_funnel.Drawn) -> None:
    Shown(drawn)


def _play(spec: Spec, count: int, executor: Executor, tick: Callable[[], None]) -> tuple[pd.DataFrame, int]:
    return funnel_over_replicates(spec, replicates=count, executor=executor, tick=tick)


def over_caption(spec: Spec, count: int, words: Words) -> str:
    """Return the caption of a funnel over replicates."""
    interval = words.interval_name(min(LEVEL, (count - 1) / (count + 1)), count)
    text = words(
        "n = {count} replicates; lines: {interval} of inputs and luck; all projects of the city; what fell away stays "
        "counted as far as it got",
        count=count, interval=interval,
    )  # fmt: skip
    return caption_of(spec, text, words)
