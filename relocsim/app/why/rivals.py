"""Why: the same what-if with rivals that answer by another rule, and with rivals that do the same."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from functools import partial
from typing import Any

from nicegui import ui

from relocsim.app import theme
from relocsim.app.why.desk import BASELINE, Desk
from relocsim.app.why.effects import (
    COUNTS,
    MATCHING,
    WRITTEN,
    effect_columns,
    effect_rows,
    effects_drawn,
    play_pairs,
    rivals_title,
)
from relocsim.app.why.parts import Shown, Task, told_table
from relocsim.batch.between import Pair, matched
from relocsim.batch.comparing import Comparison
from relocsim.language import Words, message
from relocsim.report.charts.comparison import names_of
from relocsim.report.looking import studied_origins
from relocsim.report.terms import short
from relocsim.spec import Spec
from relocsim.whatif.specs import baseline_of, spec_of
from relocsim.world.description import Rule

RULE = "scenario.rivals.rule"
RULE_WORDS = {
    Rule.PASSIVE: message("rivals keep to their orders"),
    Rule.IMITATE: message("rivals imitate whoever gains"),
    Rule.BEST_RESPONSE: message("rivals answer as serves them best"),
    Rule.ASSESSMENT: message("rivals work for their assessment"),
}


def panel(desk: Desk) -> None:
    """Build the panel."""
    _Rivals(desk)


class _Rivals:
    """The panel in one tab."""

    def __init__(self, desk: Desk) -> None:
        self.desk, words = desk, desk.words
        with theme.card(words("The same what-if with rivals matching it")):
            ui.label(
                words(
                    "What is left of the effect where the rivals named pursue the same policies at the same dates and "
                    "sizes, and where all rivals follow another rule. Each case is played without and with the what-if."
                )
            ).classes("muted")
            with ui.row().classes("row-line"):
                self.rivals = ui.select({}, multiple=True, label=words("Rivals that match it"), with_input=True)
                self.rivals.props("use-chips").style("min-width: min(420px, 100%)")
                self.rules = ui.select({}, multiple=True, label=words("Rules of all rivals")).props("use-chips")
                self.rules.style("min-width: min(300px, 100%)")
            with ui.row().classes("row-line"):
                self.count = ui.select(list(COUNTS), value=COUNTS[1], label=words("Replicates")).style(
                    "min-width: 110px"
                )
                total: Callable[[], int] = lambda: int(self.count.value)  # noqa: E731
                self.task = Task(desk, words("Play and compare"), self._work, self._found, total=total)
            self.holder = ui.element("div").classes("stack")
        self._offer()
        desk.on_change(self._changed)

    def _offer(self) -> None:
        """Offer the rivals and the rules of the case."""
        spec, words = self.desk.spec(), self.desk.words
        names = {place: short(said) for place, said in names_of(spec, words).items() if place in possible_rivals(spec)}
        kept = [one for one in self.rivals.value or [] if one in names] or usual_rivals(spec)
        self.rivals.set_options(names, value=kept)
        rules = {str(rule): words(text) for rule, text in RULE_WORDS.items() if rule != spec.scenario.rivals.rule}
        self.rules.set_options(rules, value=[one for one in self.rules.value or [] if one in rules])

    def _changed(self) -> None:
        self.task.forget()
        self.holder.clear()
        self._offer()

    def _work(self) -> Callable[[Executor, Callable[[], None]], Any] | None:
        desk = self.desk
        if desk.spec(BASELINE).policies == desk.spec().policies:
            self.holder.clear()
            with self.holder:
                ui.label(desk.words("The what-if has the policies of the baseline: there is nothing to match."))
            return None
        rules, rivals = list(self.rules.value or []), tuple(self.rivals.value or ())
        return partial(_play, desk.session.whatif, desk.session.cases, rules, rivals, int(self.count.value))

    def _found(self, found: dict[str, Comparison]) -> None:
        self.holder.clear()
        with self.holder:
            show_rivals(found, self.desk.spec(), tuple(self.rivals.value or ()), self.desk.words)


def _play(
    whatif: Any, cases: Any, rules: list[str], rivals: tuple[str, ...], count: int, executor: Executor,
    tick: Callable[[], None],
) -> dict[str, Comparison]:  # fmt: skip
    written = Pair(baseline_of(whatif, cases), spec_of(whatif, cases))
    pairs = {WRITTEN: written}
    if rivals and matched(written.baseline, written.whatif, rivals).policies != written.whatif.policies:
        pairs[MATCHING] = Pair(written.baseline, written.whatif, rivals)
    for rule in rules:
        other = whatif.set(RULE, rule)
        pairs[rule] = Pair(baseline_of(other, cases), spec_of(other, cases))
    return play_pairs(pairs, count, executor, tick)


def possible_rivals(spec: Spec) -> list[str]:
    """Return the destinations outside the studied origins that are not the city."""
    origins = set(studied_origins(spec))
    return [name for name, place in spec.world.places.items()
            if place.destination and name not in origins and name != spec.scenario.study.city]  # fmt: skip


def usual_rivals(spec: Spec) -> list[str]:
    """Return the rivals along the corridor, those that the printed charts show."""
    possible = set(possible_rivals(spec))
    return [place for place in spec.scenario.study.corridor if place in possible]


def show_rivals(found: dict[str, Comparison], spec: Spec, rivals: tuple[str, ...], words: Words) -> None:
    """Show effects by what rivals do."""
    names = names_of(spec, words)
    whom = words.listed(words.first([short(names[one]) for one in rivals], 3))
    rules = {str(rule): words(text) for rule, text in RULE_WORDS.items()}
    rule = spec.scenario.rivals.rule
    labels = {
        WRITTEN: words("as the scenario has it: {rule}", rule=words(RULE_WORDS[rule])),
        MATCHING: words("matched by {places}", places=whom), **rules,
    }  # fmt: skip
    Shown(effects_drawn(found, labels, rivals_title(found, words), words))
    told_table(effect_rows(found, labels, words), effect_columns(words), numbers=frozenset({1, 2, 3, 4}))
