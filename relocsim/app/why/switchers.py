"""Why: switchers - from which rival to whom the what-if moves investment, what tipped the firms, what was paid anyway."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from functools import partial
from typing import Any

from nicegui import ui

from relocsim.answers.switching import Switchers, switchers_between
from relocsim.app import theme
from relocsim.app.charts.switchers import switchers_flow
from relocsim.app.why.desk import BASELINE, Desk
from relocsim.app.why.parts import Shown, Task, told_table
from relocsim.app.why.switchers_told import cause_rows, source_rows, sum_rows
from relocsim.language import Words
from relocsim.spec import Spec

COUNTS = (2, 4, 8, 16, 40)
"""Replicates that one may ask for."""


def panel(desk: Desk) -> None:
    """Build the panel."""
    _Moved(desk)


class _Moved:
    """The panel in one tab."""

    def __init__(self, desk: Desk) -> None:
        self.desk, words = desk, desk.words
        with theme.card(words("From which rival to whom")):
            ui.label(
                words(
                    "The same firms with the same luck, without and with the what-if: what changed place, from where, and "
                    "what tipped it. Each replicate plays both, in two or three seconds of a core."
                )
            ).classes("muted")
            with ui.row().classes("row-line"):
                self.count = ui.select(list(COUNTS), value=COUNTS[1], label=words("Replicates")).style(
                    "min-width: 110px"
                )
                self.task = Task(
                    desk, words("Play and compare"), self._work, self._found, total=lambda: int(self.count.value)
                )
            self.holder = ui.element("div").classes("stack")
        desk.on_change(self._changed)

    def _changed(self) -> None:
        self.task.forget()
        self.holder.clear()

    def _work(self) -> Callable[[Executor, Callable[[], None]], Any] | None:
        without, with_ = self.desk.spec(BASELINE), self.desk.spec()
        if without.policies == with_.policies:
            words = self.desk.words
            self.holder.clear()
            with self.holder:
                ui.label(words("The what-if has the policies of the baseline: nothing is moved. Switch one on first."))
            return None
        return partial(_play, without, with_, int(self.count.value))

    def _found(self, found: Switchers) -> None:
        self.holder.clear()
        with self.holder:
            show_switchers(found, self.desk.words)


def _play(without: Spec, with_: Spec, count: int, executor: Executor, tick: Callable[[], None]) -> Switchers:
    return switchers_between(without, with_, replicates=count, executor=executor, tick=tick)


def show_switchers(found: Switchers, words: Words) -> None:
    """Show the flow diagram and the tables that belong to it."""
    Shown(switchers_flow(found, words))
    measure = words("Investment, 1e8 yuan")
    theme.head(words("In sum"))
    told_table(sum_rows(found, words), [words("Quantity"), words("Unit"), words("Amount")], numbers=frozenset({2}))
    theme.head(words("Gained from, lost to"))
    told_table(source_rows(found, words), [words("Change"), words("Place"), measure], numbers=frozenset({2}))
    theme.head(words("What tipped those that were gained"))
    told_table(cause_rows(found, words), [words("Cause"), measure], numbers=frozenset({1}))
