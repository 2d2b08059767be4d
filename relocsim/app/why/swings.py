"""Why: which assumption matters most: one family of inputs at a time, at both ends of its range."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from nicegui import ui

from relocsim.app import theme
from relocsim.app.why.desk import BASELINE, Desk
from relocsim.app.why.parts import Shown, Task, told_table
from relocsim.app.why.swings_told import first_families, labels_of, plays, swing_rows, swings_drawn
from relocsim.batch.between import Pair
from relocsim.language import Words
from relocsim.sensitivity.drawn import FEWEST
from relocsim.sensitivity.families import Family
from relocsim.sensitivity.swinging import swings_one_at_a_time
from relocsim.spec import Spec

WIDTHS = (5, 10, 20, 40)
"""Families that one may ask for."""
REPLICATES = (1, 2, 4, 8)
_PACE = 2.0
"""Seconds of a core that a pair of runs takes at full size, where none has been timed."""
_FULL = 10_000 * 48
"""Agents times quarters of that size."""


def panel(desk: Desk) -> None:
    """Build the panel."""
    _Swings(desk)


@dataclass(frozen=True)
class Played:
    """What was found, of whom, of which families."""

    spec: Spec
    swings: pd.DataFrame
    families: tuple[Family, ...]


class _Swings:
    """The panel in one tab."""

    def __init__(self, desk: Desk) -> None:
        self.desk, words = desk, desk.words
        with theme.card(words("Which assumption matters most")):
            ui.label(
                words(
                    "One family of inputs at a time at the 5th and the 95th percentile of its range, all else as it was "
                    "drawn, with the same luck. It sees no input in company: relocsim sensitivity does."
                )
            ).classes("muted")
            with ui.row().classes("row-line"):
                self.width = ui.select(
                    list(WIDTHS), value=WIDTHS[1], label=words("Families of inputs"), on_change=self._tell
                )
                self.count = ui.select(
                    list(REPLICATES), value=REPLICATES[1], label=words("Replicates"), on_change=self._tell
                )
                for one in (self.width, self.count):
                    one.style("min-width: 150px")
                self.task = Task(desk, words("Play them"), self._work, self._found, total=self._plays)
            self.told = ui.label("").classes("muted")
            self.holder = ui.element("div").classes("stack")
        self._tell()
        desk.on_change(self._changed)
        desk.session.on_answer(self._tell)

    def _plays(self) -> int:
        return plays(int(self.width.value), int(self.count.value))

    def _tell(self) -> None:
        """Say what is to be played, in which order families are taken, and how long it takes."""
        words, spec = self.desk.words, self.desk.spec()
        minutes = self._plays() * _PACE * spec.scenario.firms * spec.scenario.quarters / _FULL / 60
        plan = words(
            "{plays} pairs of runs, about {minutes} minutes of one core.", plays=self._plays(),
            minutes=words.plain(max(minutes, 0.1), 1),
        )  # fmt: skip
        self.told.text = f"{plan} {self._order()}"

    def _order(self) -> str:
        words = self.desk.words
        if self._effects() is None:
            return words(
                "Taken first: inputs of the policies changed, then single parameters with the widest ranges; with {count} "
                "replicates of the answer or more, those that the effect goes with most.", count=FEWEST,
            )  # fmt: skip
        return words("Taken first: those that the effect went with most over the replicates of the answer.")

    def _effects(self) -> np.ndarray | None:
        """Return the effect by replicate of the answer at hand; none where they are too few."""
        answer = self.desk.session.answer
        if answer is None or answer.comparison.replicates < FEWEST:
            return None
        found = answer.comparison
        rates = found.rates[:, :, 1, found.stage, found.city]
        change: np.ndarray = rates[:, 1] - rates[:, 0]
        return change if np.isfinite(change).sum() >= FEWEST and np.ptp(change[np.isfinite(change)]) > 0 else None

    def _changed(self) -> None:
        self.task.forget()
        self.holder.clear()
        self._tell()

    def _work(self) -> Callable[[Executor, Callable[[], None]], Any] | None:
        pair = Pair(self.desk.spec(BASELINE), self.desk.spec())
        if pair.baseline.policies == pair.whatif.policies:
            self.holder.clear()
            with self.holder:
                ui.label(
                    self.desk.words("The what-if has the policies of the baseline: it has no effect. Switch one on.")
                )
            return None
        return partial(_play, pair, self._effects(), int(self.width.value), int(self.count.value))

    def _found(self, found: Played) -> None:
        self.holder.clear()
        with self.holder:
            show_swings(found, self.desk.words)


def _play(
    pair: Pair, effects: np.ndarray | None, width: int, count: int, executor: Executor, tick: Callable[[], None]
) -> Played:
    taken = tuple(first_families(pair, effects)[:width])
    swings = swings_one_at_a_time(pair, taken, replicates=count, executor=executor, tick=tick)
    return Played(pair.whatif, swings, taken)


def show_swings(played: Played, words: Words) -> None:
    """Show the tornado and its table."""
    labels = labels_of(played.families, played.spec, words)
    Shown(swings_drawn(played.spec, played.swings, labels, words))
    columns = [words("Inputs"), words("Number"), words("low"), words("high"), words("swing, with its interval")]
    told_table(swing_rows(played.swings, played.families, labels, words), columns, numbers=frozenset({1, 2, 3, 4}))
