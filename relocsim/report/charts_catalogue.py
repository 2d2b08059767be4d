"""The catalogue of charts: what each answers, from which results it is drawn, and what is played where they are lacking."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from matplotlib.figure import Figure

from relocsim.batch.comparing import Comparison, compare
from relocsim.batch.running import Run, run
from relocsim.language import ENGLISH, Words
from relocsim.report import charts
from relocsim.report.charts_sensitivity import index_chart, ranking_chart, screening_chart, tornado_chart
from relocsim.report.charts_sources import (
    batch_phases,
    chart_of_depth,
    chart_of_funnel,
    chart_of_jobs,
    chart_of_multiples,
    chart_of_shares,
)
from relocsim.report.charts_stored import (
    Stored,
    StoredComparison,
    StoredError,
    stored_run,
    stored_sensitivity,
    stored_switchers,
)
from relocsim.report.charts_switchers import switchers_chart
from relocsim.spec import Spec

Tick = Callable[[], None]


@dataclass
class Shelf:
    """Results for charts: taken from folders, else played once and kept."""

    spec: Spec
    stored: Mapping[str, Stored] = field(default_factory=dict)
    """Folders by kind."""
    others: Mapping[str, Any] = field(default_factory=dict)
    """Comparisons of further scenarios, by name."""
    targets: Mapping[str, float] = field(default_factory=dict)
    """Targets of the funnel: shares of what was signed, by stage."""
    replicates: int = 20
    jobs: int = 1
    tell: Callable[[str], None] = lambda text: None
    """Called with what is about to be played."""

    @cached_property
    def comparison(self) -> Comparison:
        """The comparison of all policies."""
        if "comparison" in self.stored:
            return StoredComparison(self.stored["comparison"], self.spec)  # type: ignore[return-value]
        self._say("compare", self.replicates)
        return compare(self.spec, replicates=self.replicates, jobs=self.jobs)

    @cached_property
    def run(self) -> Run:
        """One run at central inputs, or the one that was stored."""
        if "run" in self.stored:
            return stored_run(self.stored["run"], self.spec)
        self._say("run", 1)
        return run(self.spec)

    @cached_property
    def switchers(self) -> Any:
        """Switchers of all policies that are off."""
        if "switchers" in self.stored:
            return stored_switchers(self.stored["switchers"], self.spec)
        from relocsim.answers.switching import switchers

        self._say("switchers", self.replicates)
        return switchers(self.spec, replicates=self.replicates, jobs=self.jobs)

    @cached_property
    def synergy(self) -> Any:
        """Shapley shares of all policies that are off: the table."""
        if "synergy" in self.stored:
            return self.stored["synergy"].table("table")
        from relocsim.answers.synergies import synergy

        self._say("synergy", self.replicates)
        return synergy(self.spec, replicates=self.replicates, jobs=self.jobs).table

    @cached_property
    def fiscal(self) -> Any:
        """Accounts of all policies: the table."""
        if "fiscal" in self.stored:
            return self.stored["fiscal"].table("table")
        from relocsim.answers.costing import fiscal

        self._say("fiscal", self.replicates)
        return fiscal(self.spec, replicates=self.replicates, jobs=self.jobs).table

    @cached_property
    def sensitivity(self) -> Any:
        """A stored sensitivity."""
        return stored_sensitivity(self.needed("sensitivity"), self.spec)

    def needed(self, kind: str) -> Stored:
        """Return the folder of a kind that charts do not play; StoredError where none is given."""
        if kind not in self.stored:
            raise StoredError(f"this chart is drawn from a {kind}: give the folder that relocsim {kind} --out left")
        return self.stored[kind]

    def _say(self, what: str, replicates: int) -> None:
        self.tell(
            f"playing relocsim {what} ({replicates} replicate{'s' if replicates > 1 else ''}): no stored one is given"
        )


@dataclass(frozen=True)
class Chart:
    """A chart of the catalogue."""

    shows: str
    """The question that it answers."""
    source: str
    """Kind of results that it is drawn from; `scenario`: none are needed."""
    draw: Callable[[Shelf, Words], Figure]
    played: bool = True
    """Whether it is played where no such results are given."""


CHARTS: dict[str, Chart] = {
    "capture-over-time": Chart(
        "capture rates over time, with bands and the dates of policies", "comparison",
        lambda shelf, words: charts.time_chart(shelf.comparison, words),
    ),
    "effects": Chart(
        "what each policy changes, paired, with intervals, sorted", "comparison",
        lambda shelf, words: charts.effect_chart(shelf.comparison, words),
    ),
    "waterfall": Chart("from the baseline to the package, by Shapley share", "synergy", chart_of_shares),
    "switchers": Chart(
        "from which rival to whom investment moves", "switchers",
        lambda shelf, words: switchers_chart(shelf.switchers, words),
    ),
    "cost-sheet": Chart(
        "unit cost of a sector by city, by component", "scenario",
        lambda shelf, words: charts.cost_chart(shelf.spec, words=words),
    ),
    "flows": Chart(
        "where firms went, the corridor, hours from its origin", "run",
        lambda shelf, words: charts.map_chart(shelf.run, words),
    ),
    "funnel": Chart("from intention to production, against targets", "run", chart_of_funnel),
    "depth": Chart("supporting depth by sector, and the links that are missing", "scenario", chart_of_depth),
    "job-cost": Chart("public cost, and cost per but-for job", "fiscal", chart_of_jobs),
    "tornado": Chart(
        "which inputs swing the effect", "sensitivity",
        lambda shelf, words: tornado_chart(shelf.sensitivity, words), played=False,
    ),
    "screening": Chart(
        "which families of inputs matter at all", "sensitivity",
        lambda shelf, words: screening_chart(shelf.sensitivity, words), played=False,
    ),
    "indices": Chart(
        "shares of the variance by input", "sensitivity",
        lambda shelf, words: index_chart(shelf.sensitivity, words), played=False,
    ),
    "ranking": Chart(
        "how often the best policy stays the best", "sensitivity",
        lambda shelf, words: ranking_chart(shelf.sensitivity, words), played=False,
    ),
    "phases": Chart("sign and size of an effect over two factors", "batch", batch_phases, played=False),
    "multiples": Chart("capture over time, scenario by scenario", "several comparisons", chart_of_multiples, played=False),
}  # fmt: skip
"""All charts by name, in the order of a briefing."""


def drawable(shelf: Shelf, *, play: bool) -> list[str]:
    """Return the names of the charts that a shelf can draw: from what it holds, and, with `play`, by playing."""
    found = []
    for name, chart in CHARTS.items():
        held = (
            chart.source in shelf.stored or chart.source == "scenario" or (name == "multiples" and bool(shelf.others))
        )
        if held or (chart.played and (play or chart.source == "run")):
            found.append(name)
    return found


def draw(shelf: Shelf, names: Sequence[str], words: Words = ENGLISH) -> dict[str, Figure]:
    """Return charts by name."""
    unknown = [name for name in names if name not in CHARTS]
    if unknown:
        raise StoredError(f"there is no chart {unknown[0]!r}; there are {', '.join(CHARTS)}")
    return {name: CHARTS[name].draw(shelf, words) for name in names}
