"""What came out: how far it is, the finding, figures with intervals, capture by city over time."""

from __future__ import annotations

from nicegui import ui

from relocsim.app import theme
from relocsim.app.charts.answer import over_time
from relocsim.app.charts.parts import Drawn
from relocsim.app.session import Session
from relocsim.app.whatif.texts import figures, finding
from relocsim.batch.comparing import Comparison
from relocsim.metrics.effects import Estimate
from relocsim.report.effects import title_of
from relocsim.report.sentences import assumed_sentence, baseline_sentence, replicates_sentence
from relocsim.report.tables import place_name
from relocsim.spec import Spec
from relocsim.whatif.answer import Answer
from relocsim.world.calendar import Quarter


def results(session: Session) -> None:
    """Build what shows the answer."""
    _Finding(session)
    _OverTime(session)


class _Finding:
    def __init__(self, session: Session) -> None:
        self.session = session
        with theme.card(session.words("What it does")).props("data-testid=finding"):
            self.text = ui.label().classes("finding").props("aria-live=polite")
            self.figures = ui.element("div").classes("figures")
            self.notes = ui.label().classes("muted")
        self.update()
        session.on_answer(self.update)

    def update(self) -> None:
        """Show what is known."""
        session, words = self.session, self.session.words
        answer = session.answer
        self.figures.clear()
        if answer is None:
            self.text.text = words("Nothing has been played yet.")
            self.notes.text = ""
            return
        comparison = answer.comparison
        self.text.text = (
            finding(comparison, session.whatif.name, words)
            if session.whatif.policies
            else words("Nothing is changed yet: switch a policy on, or change its size.")
        )
        with self.figures:
            for one in figures(comparison, costs_of(answer), words):
                with ui.element("div").classes("figure" if one.clear else "figure unclear"):
                    ui.label(one.label).classes("muted")
                    ui.label(one.value).classes("value")
                    ui.label(one.note).classes("muted")
        city = place_name(comparison.spec, comparison.spec.scenario.study.city, words)
        told = (baseline_sentence(comparison, city, words), replicates_sentence(comparison, words),
                assumed_sentence(comparison.spec, words))  # fmt: skip
        self.notes.text = ("" if words.wide else " ").join(told)


def costs_of(answer: Answer) -> dict[str, Estimate]:
    """Return what a what-if costs, and costs per but-for job where that can be told."""
    per_job = answer.cost_per_job
    return {"cost": answer.cost} | ({"cost per but-for job": per_job} if per_job is not None else {})


class _OverTime:
    def __init__(self, session: Session) -> None:
        self.session, self.case = session, session.whatif.case
        with theme.card(session.words("Capture over time")).props("data-testid=over-time"):
            self.place = ui.select({}, label=session.words("City"), on_change=self.update)
            self.place.props("outlined dense options-dense").style("max-width: 320px")
            self.title = ui.label()
            self.chart = theme.chart({}, label="")
            self.caption = ui.label().classes("muted")
        self._places()
        self.update()
        session.on_change(self._places)
        session.on_answer(self.update)

    def _places(self) -> None:
        """Offer the places where firms may go, the city under study first."""
        spec, words = self.session.spec(), self.session.words
        city = spec.scenario.study.city
        found = {name: place_name(spec, name, words) for name in _destinations(spec)}
        kept = self.place.value if self.place.value in found and self.session.whatif.case == self.case else city
        self.case = self.session.whatif.case
        self.place.set_options({city: found.pop(city, city), **found}, value=kept)

    def update(self) -> None:
        """Draw what is known."""
        answer = self.session.answer
        self.chart.set_visibility(answer is not None)
        self.title.text = self.caption.text = ""
        if answer is None or self.place.value is None:
            return
        drawn = drawn_over_time(answer.comparison, str(self.place.value), self.session)
        self.title.text, self.caption.text = drawn.title, drawn.caption
        self.chart.options.clear()
        self.chart.options.update(drawn.option)
        self.chart.props["aria-label"] = drawn.title
        self.chart.update()


def _destinations(spec: Spec) -> list[str]:
    return [
        name
        for name, place in spec.world.places.items()
        if place.destination and not (place.origin and not place.entrants_only)
    ]


def drawn_over_time(comparison: Comparison, place: str, session: Session) -> Drawn:
    """Return the chart of one place in both arms."""
    words, spec = session.words, comparison.spec
    base, other = comparison.arms[0], comparison.arms[1]
    arms = {base.name: words("Baseline"), other.name: session.whatif.name}
    starts: dict[str, Quarter] = {title_of(spec, name, words): spec.policies[name].start for name in sorted(other.on)}
    rows = comparison.timeline[comparison.timeline["place"] == place]
    ends = rows[rows["quarter"] == str(spec.scenario.end)].set_index("arm")["mean"]
    shares = [words.plain(100 * float(ends[arm])) for arm in arms]
    title = words(
        "{place}: {base} % of what was placed by the end in the baseline, {other} % in {name} (means)",
        place=place_name(spec, place, words), base=shares[0], other=shares[1], name=session.whatif.name,
    )  # fmt: skip
    return over_time(comparison.timeline, place, arms, starts, title=title, words=words)
