"""Why: the chance of meeting a target of an official's yardstick, in the baseline, with the what-if, and with those kept."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from functools import partial
from typing import Any

from nicegui import ui

from relocsim.answers.targets_met import Chances, Target, chances_between
from relocsim.app import theme
from relocsim.app.charts.chances import SIDES, chance_rows, chances, chances_title
from relocsim.app.why.desk import Desk
from relocsim.app.why.effects import COUNTS
from relocsim.app.why.parts import Shown, Task, told_table
from relocsim.briefing.appendix import yardstick_names
from relocsim.language import Words
from relocsim.report.charts.comparison import caption_of
from relocsim.spec import Spec
from relocsim.whatif.specs import spec_of

_FIRST = "in place"
BASELINE, _WHATIF = SIDES
_WHOLE = 0


def panel(desk: Desk) -> None:
    """Build the panel."""
    _Targets(desk)


class _Targets:
    """The panel in one tab."""

    def __init__(self, desk: Desk) -> None:
        self.desk, words = desk, desk.words
        names = {name: _with_unit(told[0], told[2], words) for name, told in yardstick_names(words).items()}
        with theme.card(words("Targets, and the chance of meeting them")):
            ui.label(
                words(
                    "The share of replicates in which a yardstick of the city is at or above the target. It is played for "
                    "the baseline, this what-if and those kept side by side."
                )
            ).classes("muted")
            with ui.row().classes("row-line"):
                self.yardstick = ui.select(names, value=_FIRST, label=words("Yardstick")).style("min-width: 300px")
                self.value = ui.number(words("Target"), value=None, min=0).style("width: 150px")
                self.year = ui.select({}, label=words("Year")).style("min-width: 180px")
                self.level = ui.number(words("Chance wanted, %"), value=80, min=1, max=99, step=5).style("width: 160px")
            with ui.row().classes("row-line"):
                self.count = ui.select(list(COUNTS), value=16, label=words("Replicates")).style("min-width: 110px")
                total: Callable[[], int] = lambda: int(self.count.value)  # noqa: E731
                self.task = Task(desk, words("Play"), self._work, self._found, total=total)
            self.holder = ui.element("div").classes("stack")
        self._offer()
        desk.on_change(self._changed)

    def _offer(self) -> None:
        scenario, words = self.desk.spec().scenario, self.desk.words
        years = {_WHOLE: words("the whole period")}
        years |= {year: str(year) for year in range(scenario.start.year, scenario.end.year + 1)}
        self.year.set_options(years, value=self.year.value if self.year.value in years else _WHOLE)

    def _changed(self) -> None:
        self.task.forget()
        self.holder.clear()
        self._offer()

    def _work(self) -> Callable[[Executor, Callable[[], None]], Any] | None:
        words = self.desk.words
        if self.value.value is None:
            self.holder.clear()
            with self.holder:
                ui.label(words("Set a target first."))
            return None
        name, year = str(self.yardstick.value), int(self.year.value)
        target = Target(name, float(self.value.value) / yardstick_names(words)[name][1], year or None)
        level = min(max(float(self.level.value or 80), 1.0), 99.0) / 100
        return partial(_play, self._specs(), target, level, int(self.count.value))

    def _specs(self) -> dict[str, Spec]:
        """Return what is played by name: the baseline, the what-if, and what is kept of the same case."""
        session = self.desk.session
        found = {BASELINE: self.desk.spec(BASELINE), _WHATIF: self.desk.spec()}
        kept = [one for one in session.kept if one.whatif.case == session.whatif.case]
        return found | {_kept(one.name): spec_of(one.whatif, session.cases) for one in kept}

    def _found(self, found: Chances) -> None:
        self.holder.clear()
        with self.holder:
            show_chances(found, self.desk.session.whatif.name, self.desk.words)


def _kept(name: str) -> str:
    """Return the name of what is kept, which can be none of the first two."""
    return f": {name}"


def _with_unit(name: str, unit: str, words: Words) -> str:
    return words("{name}, {unit}", name=name, unit=unit)


def _play(
    specs: dict[str, Spec], target: Target, level: float, count: int, executor: Executor, tick: Callable[[], None]
) -> Chances:
    return chances_between(specs, target, level=level, replicates=count, executor=executor, tick=tick)


def show_chances(found: Chances, whatif: str, words: Words) -> None:
    """Show the chances of all that was played, and the figures beside them."""
    names = {BASELINE: words("baseline"), _WHATIF: whatif or words("with the what-if")}
    names |= {one: one[2:] for one, _ in found.sets[2:]}
    yardstick, scale, unit = yardstick_names(words)[found.target.yardstick]
    title = chances_title(found, names, words)
    what = words(
        "n = {count} replicates; lines: exact 95 % intervals of a chance seen so often", count=len(found.values)
    )
    caption = caption_of(found.spec, what, words)
    Shown(chances(found.table, names=names, level=found.level, title=title, caption=caption, scale=scale, words=words))
    columns = [
        "",
        words("Chance"),
        _with_unit(yardstick, unit, words),
        words("Public cost against the baseline, 1e8 yuan"),
    ]
    told_table(chance_rows(found.table, names, scale, words), columns, numbers=frozenset({1, 2, 3}))
