"""Several what-ifs side by side under names, each against its own baseline."""

from __future__ import annotations

from functools import partial

from nicegui import ui

from relocsim.app import theme
from relocsim.app.charts.answer import side_by_side
from relocsim.app.charts.parts import Drawn
from relocsim.app.keeping import Kept
from relocsim.app.session import Session
from relocsim.app.whatif.texts import amount, effect_of, verdict
from relocsim.language import Words


def kept_panel(session: Session) -> None:
    """Build the card of what is kept."""
    words = session.words
    with theme.card(words("Side by side")).props("data-testid=kept"):
        with ui.element("div").classes("row-line"):
            keep = ui.button(words("Keep this what-if"), icon="push_pin").props("outline data-testid=keep")
            hint = ui.label(words("Kept under its name, with the replicates that are in.")).classes("muted")
        holder = ui.element("div").classes("stack")
    keep.on_click(lambda: session.keep(session.whatif.name))

    shown: list[_Shown] = []

    def show() -> None:
        if shown and shown[0].names == names_of(session):  # as it narrows: buttons stay, somebody may be pressing one
            shown[0].update(session)
            return
        shown.clear()
        holder.clear()
        hint.set_visibility(not session.kept)
        if session.kept:
            with holder:
                shown.append(_Shown(session))

    def ready() -> None:
        keep.set_enabled(session.answer is not None)

    show()
    ready()
    session.listeners.add("kept", show)
    session.on_answer(ready)


def names_of(session: Session) -> list[tuple[str, bool]]:
    """Return the names of what is kept, in their order, and of which there is an answer."""
    return [(one.name, one.answer is not None) for one in session.kept]


class _Shown:
    """Table and chart of what is kept."""

    def __init__(self, session: Session) -> None:
        words = session.words
        self.names = names_of(session)
        self.rows: list[list[ui.label]] = []
        self._table(session)
        self.chart: ui.echart | None = None
        if not any(one.answer for one in session.kept):
            return
        drawn = self._drawn(session)
        self.chart = theme.chart(drawn.option, label=drawn.title, height=drawn.height)
        ui.label(
            words("Each against its own baseline: same assumptions, policies as in the case. Grey: sign not clear.")
        ).classes("muted")

    def _table(self, session: Session) -> None:
        words = session.words
        columns = [
            words("What-if"), words("Case"), words("Capture rate"), words("Investment"), words("Jobs"), words("Treasury"),
            words("Public cost"), words("Cost per but-for job"), words("Replicates"), "",
        ]  # fmt: skip
        with ui.element("div").classes("table-holder").props("tabindex=0"), ui.element("table").classes("plain"):
            with ui.element("thead"), ui.element("tr"):
                for name in columns:
                    with ui.element("th").props("scope=col"):
                        ui.label(name)
            with ui.element("tbody"):
                for one in session.kept:
                    self._row(session, one)

    def _row(self, session: Session, one: Kept) -> None:
        words, labels = session.words, []
        with ui.element("tr"):
            for text in row_of(one, session.cases[one.whatif.case].title(words), words):
                with ui.element("td"):
                    labels.append(ui.label(text))
            with ui.element("td"), ui.element("div").classes("row-line").style("flex-wrap: nowrap"):
                open_, drop = partial(session.open_kept, one.name), partial(session.keeping.drop, one.name)
                theme.icon_button("edit", words("Open {name}", name=one.name), open_)
                theme.icon_button("close", words("Remove {name}", name=one.name), drop)
        self.rows.append(labels)

    def _drawn(self, session: Session) -> Drawn:
        words = session.words
        return side_by_side(
            {
                one.name: effect_of(one.answer.comparison, one.name, words).rate
                for one in session.kept if one.answer is not None
            },
            title=words("Effects of the what-ifs that are kept, with their intervals"), words=words,
        )  # fmt: skip

    def update(self, session: Session) -> None:
        """Show the same what-ifs as they are known by now."""
        for one, labels in zip(session.kept, self.rows, strict=True):
            texts = row_of(one, session.cases[one.whatif.case].title(session.words), session.words)
            for label, text in zip(labels, texts, strict=True):
                label.text = text
        if self.chart is not None:
            self.chart.options.clear()
            self.chart.options.update(self._drawn(session).option)
            self.chart.update()


def row_of(one: Kept, case: str, words: Words) -> list[str]:
    """Return the cells of one what-if."""
    if one.answer is None:
        return [one.name, case, words("being played"), *"––––––", words.plain(one.replicates, 0)]
    effect = effect_of(one.answer.comparison, one.name, words)
    cost = one.answer.cost_per_job
    per_job = words("cannot be told") if cost is None else amount(cost, "yuan", words)
    rate = f"{verdict(effect, words)}: {amount(effect.rate, 'points', words)}"
    return [
        one.name, case, rate, amount(effect.investment, "money", words), amount(effect.jobs, "jobs", words),
        amount(effect.treasury, "money", words), amount(one.answer.cost, "money", words), per_job,
        words.plain(one.answer.replicates, 0),
    ]  # fmt: skip
