"""A target beside the what-if: the chance of meeting it without and with it, and what would raise it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from functools import partial
from typing import Any

from nicegui import ui

from relocsim.answers.packages import candidates
from relocsim.answers.targets_met import AS_WRITTEN, Chances, Target, chances_of
from relocsim.app import theme
from relocsim.app.charts.chances import SIDES, chances
from relocsim.app.charts.parts import Drawn
from relocsim.app.session import Session
from relocsim.app.whatif.target_told import change_name, change_rows, cheapest_sentence, shift_sentence
from relocsim.app.why.desk import Desk
from relocsim.app.why.parts import Shown, Task, told_table
from relocsim.briefing.appendix import yardstick_names
from relocsim.errors import RelocsimError
from relocsim.report.charts.comparison import caption_of
from relocsim.spec import Spec
from relocsim.whatif.answer import Answer
from relocsim.whatif.specs import change
from relocsim.whatif.whatif import WhatIf

_FIRST, _WHOLE = "in place", 0
SIZES = {"1": (1.0,), "3": (0.5, 1.0, 2.0)}
"""Sizes at which policies are tried, beside each other."""


def target_panel(session: Session) -> None:
    """Build the card."""
    TargetCard(session)


class TargetCard:
    """The card in one tab."""

    def __init__(self, session: Session) -> None:
        self.session, self.desk, words = session, Desk(session), session.words
        self.shown: Shown | None = None
        self.found: Chances | None = None
        with theme.card(words("A target, and the chance of meeting it")).props("data-testid=target"):
            with ui.element("div").classes("row-line"):
                self._controls()
            self.said = ui.label().classes("finding").props("aria-live=polite data-testid=target-said")
            self.holder = ui.element("div").classes("stack")
            self.more = ui.element("div").classes("stack")
            with self.more:
                self._cheapest()
        self._changed()
        session.on_change(self._changed)
        session.on_answer(self.update)

    def _controls(self) -> None:
        words = self.session.words
        names = {
            name: words("{name}, {unit}", name=told[0], unit=told[2]) for name, told in yardstick_names(words).items()
        }
        self.yardstick = ui.select(names, value=_FIRST, label=words("Yardstick"), on_change=self._asked)
        self.yardstick.props("dense outlined options-dense data-testid=target-yardstick").style("min-width: 280px")
        self.value = ui.number(words("Target"), value=None, min=0, on_change=self._asked)
        self.value.props("dense outlined debounce=300 data-testid=target-value").style("width: 140px")
        self.year = ui.select({_WHOLE: words("the whole period")}, value=_WHOLE, label=words("Year"))
        self.year.on_value_change(self._asked)
        self.year.props("dense outlined options-dense data-testid=target-year").style("min-width: 160px")

    def _cheapest(self) -> None:
        words = self.session.words
        ui.label(
            words(
                "What would raise it: each policy of the city that is off, and packages of them, are played on top of the "
                "what-if."
            )
        ).classes("muted")
        with ui.element("div").classes("row-line"):
            self.level = ui.number(words("Chance wanted, %"), value=80, min=1, max=99, step=5)
            self.level.props("dense outlined").style("width: 150px")
            self.count = ui.select([10, 20, 40], value=20, label=words("Replicates"))
            self.sizes = ui.select(
                {"1": words("as it is"), "3": words("half, whole and double")}, value="1", label=words("Size")
            )
            self.count.props("data-testid=target-count")
            for one in (self.count, self.sizes):
                one.props("dense outlined options-dense").style("min-width: 120px")
            total: Callable[[], int] = lambda: int(self.count.value)  # noqa: E731
            self.task = Task(self.desk, words("Find the cheapest change"), self._work, self._raised, total=total)
            self.task.start.props("outline data-testid=cheapest")
        self.changes = ui.element("div").classes("stack").props("data-testid=target-changes")

    @property
    def target(self) -> Target | None:
        """The target as it is set; none where no number is given."""
        if self.value.value is None:
            return None
        name, year = str(self.yardstick.value), int(self.year.value or _WHOLE)
        return Target(name, float(self.value.value) / yardstick_names(self.session.words)[name][1], year or None)

    def _changed(self) -> None:
        """Offer the years of the scenario; what was found of another what-if goes."""
        scenario, words = self.session.spec().scenario, self.session.words
        years = {_WHOLE: words("the whole period")}
        years |= {year: str(year) for year in range(scenario.start.year, scenario.end.year + 1)}
        if years != self.year.options:
            self.year.set_options(years, value=self.year.value if self.year.value in years else _WHOLE)
        self.task.forget()
        self.changes.clear()
        self.update()

    def _asked(self) -> None:
        self.task.forget()
        self.changes.clear()
        self.update()

    def update(self) -> None:
        """Show the chance in the replicates that are in."""
        answer, target, words = self.session.answer, self.target, self.session.words
        self.more.set_visibility(target is not None)
        if target is None or answer is None:
            self.holder.clear()
            self.shown = None
            self.said.text = words("Set a target.") if target is None else words("Nothing has been played yet.")
            return
        self.said.text = shift_sentence(answer.met(target), self.session.whatif.name, words)
        drawn = self._drawn(answer, target)
        if self.shown is None:
            self.holder.clear()
            with self.holder:
                self.shown = Shown(drawn)
                self.shown.title.set_visibility(False)
        else:
            self.shown.show(drawn)

    def _drawn(self, answer: Answer, target: Target) -> Drawn:
        words = self.session.words
        table = answer.target(target)
        table.insert(0, "change", list(SIDES))
        names = {SIDES[0]: words("Baseline"), SIDES[1]: self.session.whatif.name}
        what = words(
            "n = {count} replicates; lines: exact 95 % intervals of a chance seen so often", count=answer.replicates
        )
        return chances(
            table, names=names, level=self._level, title=self.said.text, caption=caption_of(answer.spec, what, words),
            scale=yardstick_names(words)[target.yardstick][1], words=words,
        )  # fmt: skip

    @property
    def _level(self) -> float:
        return min(max(float(self.level.value or 80), 1.0), 99.0) / 100

    def _work(self) -> Callable[[Executor, Callable[[], None]], Any] | None:
        target = self.target
        if target is None:
            return None
        self.changes.clear()
        spec, sizes, words = self.session.spec(), SIZES[str(self.sizes.value)], self.session.words
        try:
            candidates(spec, (), barred=False)
        except RelocsimError:
            with self.changes:
                ui.label(words("No policy of the city is left that is off and that the law allows: add one first."))
            return None
        return partial(_play, spec, target, self._level, sizes, int(self.count.value))

    def _raised(self, found: Chances) -> None:
        words = self.session.words
        self.changes.clear()
        yardstick, scale, unit = yardstick_names(words)[found.target.yardstick]
        with self.changes:
            ui.label(cheapest_sentence(found, words)).classes("finding").props("aria-live=polite")
            columns = [
                "", words("Chance"), words("Change of the chance"),
                words("{name}, {unit}", name=yardstick, unit=unit), words("Public cost on top, 1e8 yuan"),
            ]  # fmt: skip
            told_table(change_rows(found, scale, words), columns, numbers=frozenset({1, 3, 4}))
            if found.left_out:
                named = [change_name(one, found.spec, words) for one in found.left_out]
                ui.label(
                    words("Barred by law at their start, and left out: {names}.", names=words.listed(named))
                ).classes("muted")
            best = found.cheapest or next(iter(found.raising), None)
            if best is not None and best != AS_WRITTEN:
                take = words("Take it into the what-if: {name}", name=change_name(best, found.spec, words))
                ui.button(take, icon="add", on_click=partial(self._take, found, best)).props(
                    "outline data-testid=take-cheapest"
                )

    async def _take(self, found: Chances, best: str) -> None:
        options = {one.name: one for one in found.options}
        session = self.session

        def taken(now: WhatIf) -> WhatIf:
            for name in dict(found.sets)[best]:
                one = options.get(name)
                policy = name if one is None else one.policy
                now = change(now, session.cases, f"policies.{policy}.on", True)
                if one is not None and one.size != 1:
                    size = found.spec.policies[policy].intensity * one.size
                    now = change(now, session.cases, f"policies.{policy}.intensity", size)
            return now

        await session.alter(taken)


def _play(
    spec: Spec, target: Target, level: float, sizes: tuple[float, ...], count: int, executor: Executor,
    tick: Callable[[], None],
) -> Chances:  # fmt: skip
    return chances_of(spec, target, level=level, sizes=sizes, replicates=count, executor=executor, tick=tick)
