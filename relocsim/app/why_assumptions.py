"""Why: change an assumed number, see whether the advice flips, and keep the change with the what-if, with its reason."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from typing import Any

from nicegui import ui

from relocsim.app import theme
from relocsim.app.inputs_told import change_words, family_name, flip_title, input_name, input_words, member_name
from relocsim.app.why_desk import BASELINE, Desk
from relocsim.app.why_effects import COUNTS, effect_columns, effect_rows, effects_drawn, play_pairs
from relocsim.app.why_parts import Shown, Task, told_table
from relocsim.batch.between import Pair, effect_of
from relocsim.batch.comparing import Comparison
from relocsim.language import Words
from relocsim.sensitivity.families import Family, families
from relocsim.sources import Input
from relocsim.spec import Spec
from relocsim.whatif.specs import baseline_of, beliefs, own_value, spec_of
from relocsim.whatif.whatif import Setting, WhatIf

BEFORE, AFTER = "before", "after"


def panel(desk: Desk) -> None:
    """Build the panel."""
    _Assumed(desk)


@dataclass(frozen=True)
class Played:
    """What was played, and the change that it was played for."""

    path: str
    value: float
    found: dict[str, Comparison]


class _Assumed:
    """The panel in one tab."""

    def __init__(self, desk: Desk) -> None:
        self.desk, words = desk, desk.words
        self.families: dict[str, Family] = {}
        self.entry: Input | None = None
        with theme.card(words("Change an assumed number: does the advice flip?")):
            ui.label(
                words(
                    "Every input with a range may be another. Both sides of the what-if are played again with the number as "
                    "you set it, held there in all replicates, and beside them as it is now, drawn from its range."
                )
            ).classes("muted")
            with ui.row().classes("row-line"):
                self.family = ui.select({}, label=words("Inputs"), with_input=True, on_change=self._members)
                self.family.style("min-width: min(380px, 100%)")
                self.member = ui.select({}, label=words("Which of them"), with_input=True, on_change=self._chosen)
                self.member.style("min-width: min(320px, 100%)")
            self.facts = ui.element("div").classes("stack")
            self._controls()
            self.holder = ui.element("div").classes("stack")
        with theme.card(words("Assumptions changed in this what-if")):
            self.log = ui.element("div").classes("stack")
        self._offer()
        desk.on_change(self._changed)

    def _controls(self) -> None:
        words = self.desk.words
        with ui.row().classes("row-line"):
            self.value = ui.number(words("New value"), format="%.6g").style("width: 150px")
            self.slider = ui.slider(min=0, max=1, step=0.01, value=0, on_change=self._slid)
            self.slider.props["aria-label"] = words("New value")
            self.slider.style("width: 240px")
            self.note = ui.input(words("Why it may be so (kept with the what-if)")).style("flex: 1 1 260px")
        with ui.row().classes("row-line"):
            self.count = ui.select(list(COUNTS), value=COUNTS[1], label=words("Replicates")).style("min-width: 110px")
            total: Callable[[], int] = lambda: int(self.count.value)  # noqa: E731
            self.task = Task(self.desk, words("Does the advice flip?"), self._work, self._found, total=total)
            ui.button(words("Keep it in the what-if"), icon="add", on_click=self._keep).props("outline")

    def _offer(self) -> None:
        """Offer the inputs of the case in families, and show what is changed already."""
        words = self.desk.words
        self.families = {one.name: one for one in families(self.desk.spec())}
        named = {name: family_name(one.label, self.desk.spec(), words) for name, one in self.families.items()}
        self.family.set_options(dict(sorted(named.items(), key=lambda item: item[1])))
        if self.family.value not in named:
            self.family.value = "nest-lambda" if "nest-lambda" in named else next(iter(named), None)
        self._members()
        self._tell_log()

    def _members(self) -> None:
        found = self.families.get(str(self.family.value))
        spec, words = self.desk.spec(), self.desk.words
        inputs = {} if found is None else {entry.path: member_name(entry, spec, words) for entry in found.inputs}
        kept = self.member.value if self.member.value in inputs else next(iter(inputs), None)
        self.member.set_options(inputs, value=kept)
        self.member.visible = len(inputs) > 1
        self._chosen()

    def _chosen(self) -> None:
        """Show what is known of an input, and set the controls to its value and range."""
        found = self.families.get(str(self.family.value))
        entries = {} if found is None else {entry.path: entry for entry in found.inputs}
        entry = entries.get(str(self.member.value))
        if entry is None or (self.entry is not None and entry == self.entry):
            return
        self.entry = entry
        low, high = float(entry.low or 0.0), float(entry.high or 0.0)
        self.slider.props(f"min={low!r} max={high!r} step={(high - low) / 200 or 1!r}")
        self.slider.value = self.value.value = float(entry.value)
        self.facts.clear()
        with self.facts:
            for text in input_words(entry, self.desk.words):
                ui.label(text).classes("muted")

    def _slid(self) -> None:
        self.value.value = float(f"{self.slider.value:.4g}")

    def _changed(self) -> None:
        self.task.forget()
        self.holder.clear()
        self.entry = None
        self._offer()

    async def _keep(self) -> None:
        session, entry, value = self.desk.session, self.entry, self.value.value
        if entry is None or value is None:
            return
        await session.set(entry.path, value, self.note.value or "")

    def _work(self) -> Callable[[Executor, Callable[[], None]], Any] | None:
        session, entry, value = self.desk.session, self.entry, self.value.value
        self.holder.clear()
        if self.desk.spec(BASELINE).policies == self.desk.spec().policies:
            with self.holder:
                ui.label(
                    self.desk.words("The what-if has the policies of the baseline: there is no advice. Switch one on.")
                )
            return None
        if entry is None or value is None:
            return None
        return partial(_play, session.whatif, session.cases, entry.path, float(value), int(self.count.value))

    def _found(self, found: Played) -> None:
        self.holder.clear()
        with self.holder:
            show_flip(found, self.desk.words)

    def _tell_log(self) -> None:
        """Show what is changed, each with a button that takes it back."""
        session, words = self.desk.session, self.desk.words
        case, spec = session.cases[session.whatif.case], session.spec()
        held = {one.path: one for one in (*session.whatif.assumptions, *beliefs(session.whatif, case))}
        changes = [(one, _changed_words(one, own_value(case, one.path), spec, words)) for one in held.values()]
        self.log.clear()
        with self.log:
            if not changes:
                ui.label(words("None: all as in the case.")).classes("muted")
            for one, text in changes:
                with ui.row().classes("row-line"):
                    ui.label(text)
                    back = ui.button(words("take back"), on_click=partial(self._take_back, one.path))
                    back.props("flat dense")

    async def _take_back(self, path: str) -> None:
        await self.desk.session.change(self.desk.session.whatif.unset(path))


def _changed_words(one: Setting, own: object, spec: Spec, words: Words) -> str:
    value = one.value.get("value") if isinstance(one.value, dict) else one.value
    return change_words(one.path, own, value, one.note, spec, words)


def _play(
    whatif: WhatIf, cases: Any, path: str, value: float, count: int, executor: Executor, tick: Callable[[], None]
) -> Played:
    other = whatif.set(path, value)
    pairs = {
        name: Pair(baseline_of(one, cases), spec_of(one, cases)) for name, one in ((BEFORE, whatif), (AFTER, other))
    }
    return Played(path, value, play_pairs(pairs, count, executor, tick))


def show_flip(played: Played, words: Words) -> None:
    """Show both effects with the verdict."""
    found = played.found
    name = input_name(played.path, found[BEFORE].spec, words)
    labels = {
        BEFORE: words("as it is now"),
        AFTER: words("{name} = {value}", name=name, value=words.plain(played.value)),
    }
    title = flip_title(effect_of(found[BEFORE]), effect_of(found[AFTER]), words)
    Shown(effects_drawn(found, labels, title, words))
    told_table(effect_rows(found, labels, words), effect_columns(words), numbers=frozenset({1, 2, 3, 4}))
