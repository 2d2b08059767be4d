"""Why: change an assumed number, see whether the advice flips, and keep the change with the what-if, with its reason."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from typing import Any

from nicegui import ui

from relocsim.app import theme
from relocsim.app.whatif.controls import plain
from relocsim.app.whatif.log import Log
from relocsim.app.why.desk import BASELINE, Desk
from relocsim.app.why.effects import (
    COUNTS,
    effect_columns,
    effect_rows,
    effects_drawn,
    flip_title,
    input_words,
    play_pairs,
)
from relocsim.app.why.parts import Shown, Task, told_table
from relocsim.app.why.swings_told import family_name
from relocsim.batch.between import Pair, effect_of
from relocsim.batch.comparing import Comparison
from relocsim.language import Words
from relocsim.sensitivity.families import Family, families
from relocsim.sources import Input
from relocsim.whatif.naming import SHARE, amount_words, entry_name, shown_unit
from relocsim.whatif.specs import baseline_of, spec_of
from relocsim.whatif.whatif import WhatIf

BEFORE, AFTER = "before", "after"


def panel(desk: Desk) -> None:
    """Build the panel."""
    _Assumed(desk)


@dataclass(frozen=True)
class Played:
    """What was played, and the change that it was played for."""

    path: str
    value: float
    unit: str
    found: dict[str, Comparison]


class _Assumed:
    """The panel in one tab."""

    def __init__(self, desk: Desk) -> None:
        self.desk, words = desk, desk.words
        self.families: dict[str, Family] = {}
        self.entry: Input | None = None
        self.scale = 1.0
        self.played: Played | None = None
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
            Log(desk.session, frozenset({"assumptions"}), words("None: all as in the case."))
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

    def _members(self) -> None:
        found = self.families.get(str(self.family.value))
        spec, words = self.desk.spec(), self.desk.words
        inputs = {} if found is None else {entry.path: entry_name(entry.path, spec, words) for entry in found.inputs}
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
        unit, words = shown_unit(entry.unit, self.desk.words), self.desk.words
        self.scale = 100.0 if entry.unit == SHARE else 1.0
        low, high, value = (plain(self.scale * float(one or 0.0)) for one in (entry.low, entry.high, entry.value))
        self.slider.props(f"min={low!r} max={high!r} step={plain((high - low) / 200) or 1!r}")
        self.slider.value = value
        self.value.value = value
        named = words("New value")
        self.value.props["label"] = words("{name}, {unit}", name=named, unit=unit) if unit else named
        self.value.update()
        self.facts.clear()
        with self.facts:
            for text in input_words(entry, self.desk.spec(), self.desk.words):
                ui.label(text).classes("muted")

    def _slid(self) -> None:
        self.value.value = plain(float(self.slider.value))

    def _typed(self) -> tuple[str, float] | None:
        """Return the path of the input and the number that it is to have; none where none is given."""
        if self.entry is None or self.value.value is None:
            return None
        return self.entry.path, plain(float(self.value.value) / self.scale)

    def _changed(self) -> None:
        self.task.forget()
        self.holder.clear()
        self.entry = self.played = None
        self._offer()

    async def _keep(self) -> None:
        """Set the number in the what-if, with the reason and with what was found of the advice, if that was asked."""
        typed, words, verdict = self._typed(), self.desk.words, ""
        if typed is None:
            return
        if self.played is not None and (self.played.path, self.played.value) == typed:
            verdict = flip_title(effect_of(self.played.found[BEFORE]), effect_of(self.played.found[AFTER]), words)
        note = [str(self.note.value or "").strip().rstrip(".。"), verdict]
        await self.desk.session.set(*typed, words(". ").join(one for one in note if one))

    def _work(self) -> Callable[[Executor, Callable[[], None]], Any] | None:
        session, typed = self.desk.session, self._typed()
        self.played = None
        self.holder.clear()
        if self.desk.spec(BASELINE).policies == self.desk.spec().policies:
            with self.holder:
                ui.label(
                    self.desk.words("The what-if has the policies of the baseline: there is no advice. Switch one on.")
                )
            return None
        if typed is None or self.entry is None:
            return None
        return partial(_play, session.whatif, session.cases, (*typed, self.entry.unit), int(self.count.value))

    def _found(self, found: Played) -> None:
        self.played = found
        self.holder.clear()
        with self.holder:
            show_flip(found, self.desk.words)


def _play(
    whatif: WhatIf, cases: Any, tried: tuple[str, float, str], count: int, executor: Executor, tick: Callable[[], None]
) -> Played:
    path, value, unit = tried
    other = whatif.set(path, value)
    pairs = {
        name: Pair(baseline_of(one, cases), spec_of(one, cases)) for name, one in ((BEFORE, whatif), (AFTER, other))
    }
    return Played(path, value, unit, play_pairs(pairs, count, executor, tick))


def show_flip(played: Played, words: Words) -> None:
    """Show both effects with the verdict."""
    found = played.found
    spec = found[BEFORE].spec
    name, unit = entry_name(played.path, spec, words), played.unit
    value = f"{amount_words(played.value, unit, spec, words)} {shown_unit(unit, words)}".strip()
    labels = {
        BEFORE: words("as it is now"),
        AFTER: words("{name} = {value}", name=name, value=value),
    }
    title = flip_title(effect_of(found[BEFORE]), effect_of(found[AFTER]), words)
    Shown(effects_drawn(found, labels, title, words))
    told_table(effect_rows(found, labels, words), effect_columns(words), numbers=frozenset({1, 2, 3, 4}))
