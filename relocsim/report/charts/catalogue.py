"""The catalogue of charts: what each answers, from which results it is drawn, and what is played where they are lacking."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure

from relocsim.language import ENGLISH, Words
from relocsim.report.charts import comparison as charts
from relocsim.report.charts.sensitivity import index_chart, ranking_chart, screening_chart, tornado_chart
from relocsim.report.charts.sources import (
    batch_phases,
    chart_of_depth,
    chart_of_flows,
    chart_of_funnel,
    chart_of_jobs,
    chart_of_multiples,
    chart_of_shares,
)
from relocsim.report.charts.stored import StoredError
from relocsim.report.charts.switchers import switchers_chart
from relocsim.report.shelf import Shelf


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
    kept: str = ""
    """Table that a comparison keeps from which it is drawn too, and then of all replicates."""

    def held_by(self, shelf: Shelf) -> bool:
        """Whether a shelf holds what it is drawn from."""
        return self.drawn_from(shelf) in ("scenario", *shelf.stored) or self._told(shelf)

    def drawn_from(self, shelf: Shelf) -> str:
        """Return the kind of results that it is drawn from, given what a shelf holds."""
        return "comparison" if self._told(shelf) else self.source

    def _told(self, shelf: Shelf) -> bool:
        return bool(self.kept) and shelf.told(self.kept) is not None


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
    "flows": Chart("where firms went, the corridor, hours from its origin", "run", chart_of_flows, kept="flows"),
    "funnel": Chart("from intention to production, against targets", "run", chart_of_funnel, kept="funnel"),
    "depth": Chart("supporting depth by sector, and the links that are missing", "scenario", chart_of_depth),
    "job-cost": Chart("public cost, and cost per but-for job", "fiscal", chart_of_jobs, kept="fiscal"),
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
        held = chart.held_by(shelf) or (name == "multiples" and bool(shelf.others))
        if held or (chart.played and (play or chart.source == "run")):
            found.append(name)
    return found


def draw(shelf: Shelf, names: Sequence[str], words: Words = ENGLISH) -> dict[str, Figure]:
    """Return charts by name, in the order of the catalogue, so that those drawn first leave their results to the others."""
    unknown = [name for name in names if name not in CHARTS]
    if unknown:
        raise StoredError(f"there is no chart {unknown[0]!r}; there are {', '.join(CHARTS)}")
    return {name: CHARTS[name].draw(shelf, words) for name in ordered(names)}


def ordered(names: Sequence[str]) -> list[str]:
    """Return names in the order of the catalogue, each once."""
    return sorted(dict.fromkeys(names), key=list(CHARTS).index)
