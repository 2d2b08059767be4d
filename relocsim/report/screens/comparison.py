"""Tables and paragraphs for the terminal, as rich renderables. Refuses to print: that is the command line's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd
from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from relocsim.batch.comparing import Comparison
from relocsim.batch.running import Run
from relocsim.language import ENGLISH
from relocsim.metrics.effects import Estimate
from relocsim.report import tables
from relocsim.report.effects import Effect, effects_of
from relocsim.report.sentences import (
    POINTS,
    assumed_sentence,
    baseline_sentence,
    effect_sentence,
    replicates_sentence,
    verdict,
)
from relocsim.report.tables import place_name
from relocsim.report.wording import decimals, money, percent, plain
from relocsim.spec import Spec

HIGHLIGHT = "bold cyan"
"""The city under study."""
_LONGEST_WORD = 26
"""Letters of a word that a column of text does not break."""


def grid(
    title: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    marked: Sequence[bool] = (),
    left: int = 1,
    words_last: bool = False,
) -> RenderableType:
    """Return a titled table: its first `left` columns (and the last, where `words_last`) are text, the others numbers.

    `marked` rows stand out.
    """  # fmt: skip
    held = [tuple(row) for row in rows]
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for at, name in enumerate(columns):
        cells = [row[at] for row in held]
        text = at < left or (words_last and at == len(columns) - 1)
        whole = not text and not any(" " in cell for cell in cells)
        least = max((len(word) for cell in cells for word in cell.split()), default=0)
        table.add_column(
            name,
            justify="left" if text else "right",
            no_wrap=whole,
            overflow="fold",
            min_width=min(least, _LONGEST_WORD) if text else least,
        )
    for at, row in enumerate(held):
        table.add_row(*row, style=HIGHLIGHT if at < len(marked) and marked[at] else "")
    return Group(Text(title, style="bold"), table)


def paragraphs(lines: Iterable[str]) -> RenderableType:
    """Return sentences, one a paragraph."""
    return Group(*(Text(line) for line in lines if line))


def run_screen(run: Run) -> RenderableType:
    """Return what a run prints: capture by place, moves between origins apart, main flows, what is assumed."""
    spec = run.spec
    ranked = tables.capture_by_place(run)
    shown = tables.chosen_places(ranked, spec)
    flows = tables.chosen_flows(tables.flows(run), spec)
    return Group(
        Text(_run_heading(run)),
        Text(),
        _capture_table(spec, shown, len(ranked)),
        Text(_apart(run)),
        Text(),
        grid(
            "Main flows, investment in 1e8 yuan",
            ["from", "to", "investment", "projects", "jobs"],
            [
                (
                    place_name(spec, row["origin"]),
                    place_name(spec, row["place"]),
                    plain(row["investment"]),
                    plain(row["projects"], 0),
                    plain(row["jobs"], 0),
                )
                for row in tables.records(flows)
            ],
            marked=[place == spec.scenario.study.city for place in flows["place"]],
            left=2,
        ),
        Text(f"{percent(spec.register.assumed_share())} of the {plain(len(spec.register), 0)} inputs are assumed."),
        Text("One run says little by itself: relocsim compare plays many, with intervals."),
    )  # fmt: skip


def _run_heading(run: Run) -> str:
    scenario = run.spec.scenario
    inputs = "central inputs" if run.replicate is None else f"inputs as drawn in replicate {run.replicate}"
    digest = run.spec.digest[:8]
    return f"{scenario.name}, {scenario.start} to {scenario.end}, seed {scenario.seed}, {inputs}, digest {digest}"


def _capture_table(spec: Spec, shown: pd.DataFrame, places: int) -> RenderableType:
    stage = spec.scenario.study.stage
    return grid(
        f"Capture at the stage '{stage}': what leaves the studied origins for other places",
        [f"place (of {places})", "rank", "capture rate", "investment, 1e8 yuan", "projects", "jobs"],
        [
            (
                place_name(spec, row["place"]),
                str(row["rank"]),
                percent(row["capture_rate"], 2),
                plain(row["investment"]),
                plain(row["projects"], 0),
                plain(row["jobs"], 0),
            )
            for row in tables.records(shown)
        ],
        marked=[place == spec.scenario.study.city for place in shown["place"]],
    )  # fmt: skip


def _apart(run: Run) -> str:
    moved = tables.between_origins(run)
    return (
        f"Counted apart: {money(moved['investment'])}, {plain(moved['projects'], 0)} projects and "
        f"{plain(moved['jobs'], 0)} jobs went from one studied origin to another."
    )


def comparison_screen(comparison: Comparison) -> RenderableType:
    """Return what a comparison prints: the answer table, a sentence a policy, the baseline by place, what is assumed."""
    spec = comparison.spec
    city = place_name(spec, spec.scenario.study.city)
    effects = effects_of(comparison)
    return Group(
        Text(f"{spec.scenario.name}, {spec.scenario.start} to {spec.scenario.end}, digest {spec.digest[:8]}"),
        Text(baseline_sentence(comparison, city), style="bold"),
        Text(),
        answer_table(effects, city),
        Text(replicates_sentence(comparison)),
        Text(),
        paragraphs(f"- {effect_sentence(effect, city)}" for effect in effects),
        Text(),
        baseline_table(comparison),
        Text(assumed_sentence(spec)),
    )


def answer_table(effects: Sequence[Effect], city: str) -> RenderableType:
    """Return the answer: what each policy changes for the city, with intervals."""
    columns = [
        "policy", "capture rate, pp", "sim. error", "investment, 1e8 yuan", "jobs", "but-for share, %",
        "treasury, 1e8 yuan", "above zero",
    ]  # fmt: skip
    return grid(f"What each policy changes for {city}", columns, [_answer_row(effect) for effect in effects])


def _answer_row(effect: Effect) -> tuple[str, ...]:
    rate = effect.rate
    return (
        effect.title + (" (in baseline)" if effect.in_baseline else ""),
        two_lines(rate, POINTS),
        plain(POINTS * rate.simulation_error, max(2, decimals(POINTS * rate.simulation_error))),
        two_lines(effect.investment),
        two_lines(effect.jobs),
        two_lines(effect.but_for, 100.0),
        two_lines(effect.treasury),
        f"{verdict(effect)}\n{rate.positive} of {rate.replicates}",
    )


def two_lines(estimate: Estimate, scale: float = 1.0) -> str:
    """Return the mean over its interval."""
    mean, low, high = ENGLISH.mean_and_ends(estimate, scale)
    return mean if low == high else f"{mean}\n{low} to {high}"


def baseline_table(comparison: Comparison) -> RenderableType:
    """Return the baseline's capture rates: the top, the city under study and its corridor."""
    spec = comparison.spec
    ranked = tables.baseline_capture(comparison)
    shown = tables.chosen_places(ranked, spec)
    rows = []
    for row in tables.records(shown):
        mean, low, high = (100 * row[name] for name in ("mean", "low", "high"))
        places = decimals(mean, low, high)
        interval = f"{plain(low, places)} to {plain(high, places)}"
        rows.append((place_name(spec, row["place"]), str(row["rank"]), plain(mean, places), interval))
    return grid(
        "Baseline: capture rate by investment, %",
        [f"place (of {len(ranked)})", "rank", "mean", "interval"],
        rows,
        marked=[place == spec.scenario.study.city for place in shown["place"]],
    )
