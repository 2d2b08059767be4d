"""Charts of a batch, each twice of one table: for the page and as printed. Refuses to build a page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from relocsim.app.batch.figures import course_table, factor_levels, levels_table, phases_table
from relocsim.app.batch.read import Chosen, Measure, is_ranged
from relocsim.app.batch.told import factor_label, measure_label, unit_words
from relocsim.app.charts import batch as echarts_batch
from relocsim.app.charts.parts import Drawn
from relocsim.batch.stored import StoredBatch
from relocsim.language import Words
from relocsim.report.charts.batch import Axis, course_chart, levels_chart
from relocsim.report.charts.design import phase_chart

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LEVELS, CHANGE, PHASES, COURSE = "levels", "change", "phases", "course"


@dataclass(frozen=True)
class Asked:
    """Which chart of what."""

    kind: str
    measure: Measure
    chosen: Chosen
    factor: str = ""
    other: str = ""
    effect: str = ""


@dataclass(frozen=True)
class Made:
    """A chart twice, of one table."""

    drawn: Drawn
    printed: Callable[[Words], Figure]


def made(batch: StoredBatch, asked: Asked, words: Words) -> Made | None:
    """Return a chart; none where nothing is finished of what it shows."""
    make = {LEVELS: _levels, CHANGE: _levels, PHASES: _phases, COURSE: _course}[asked.kind]
    return make(batch, asked, words)


def _axis(batch: StoredBatch, asked: Asked, words: Words) -> Axis:
    change = asked.kind == CHANGE
    label = measure_label(batch, asked.measure, words, dated=asked.kind != COURSE)
    if change:
        label = words("change of {measure} against {level}", measure=label, level=_first(batch, asked, words))
    return Axis(
        label, unit_words(batch, asked.measure.name, words, change=change),
        factor_label(batch, asked.factor, words) if asked.factor else "", change=change,
        spread=asked.kind == LEVELS and is_ranged(batch, asked.factor),
    )  # fmt: skip


def _first(batch: StoredBatch, asked: Asked, words: Words) -> str:
    levels = factor_levels(batch, asked.factor, asked.chosen)
    return echarts_batch.level_name(levels[0], words) if levels else ""


def caption(batch: StoredBatch, table: pd.DataFrame, words: Words) -> str:
    """Return what was played, and what the intervals are."""
    count = int(table["replicates"].min())
    interval = words.interval_name(float(table["coverage"].min()), count)
    name = f"{batch.manifest.about['name']}, {batch.folder.resolve().name}"
    return words("{batch}; n = {count} or more a figure; {interval}", batch=name, count=count, interval=interval)


def _levels(batch: StoredBatch, asked: Asked, words: Words) -> Made | None:
    table = levels_table(batch, asked.measure, asked.factor, asked.chosen, change=asked.kind == CHANGE)
    if table.empty or not table["replicates"].any():
        return None
    note = (
        words("Paired, all else alike; grey: the interval touches or crosses zero.") if asked.kind == CHANGE
        else words("Intervals are over replicates and unknowns, which levels share: whether two levels differ is told by "
                   "the paired change, not by these.")
    )  # fmt: skip
    drawn = echarts_batch.levels(
        table, _axis(batch, asked, words), caption=caption(batch, table, words), note=note, words=words
    )

    def printed(spoken: Words) -> Figure:
        return levels_chart(table, _axis(batch, asked, spoken), caption=caption(batch, table, spoken), words=spoken)

    return Made(drawn, printed)


def _phases(batch: StoredBatch, asked: Asked, words: Words) -> Made | None:
    if asked.factor == asked.other or asked.effect in (asked.factor, asked.other):
        return None
    table = phases_table(batch, asked.measure, (asked.factor, asked.other), asked.effect or None, asked.chosen)
    if table.empty or not table["replicates"].any():
        return None

    def told(spoken: Words) -> tuple[tuple[str, str], dict[str, str]]:
        names = factor_label(batch, asked.factor, spoken), factor_label(batch, asked.other, spoken)
        label = measure_label(batch, asked.measure, spoken)
        if asked.effect:
            effect = spoken("effect of {policy} on {observable}", policy=factor_label(batch, asked.effect, spoken),
                            observable=label)  # fmt: skip
        else:
            effect = spoken(
                "change of {observable} from the lowest {x} and {y}", observable=label, x=names[0], y=names[1]
            )
        unit = unit_words(batch, asked.measure.name, spoken, change=True)
        return names, {"effect": effect, "unit": unit, "caption": caption(batch, table, spoken)}

    names, more = told(words)
    drawn = echarts_batch.phases(table, names, words=words, **more)

    def printed(spoken: Words) -> Figure:
        names, more = told(spoken)
        return phase_chart(table, axes_names=names, words=spoken, **more)

    return Made(drawn, printed)


def _course(batch: StoredBatch, asked: Asked, words: Words) -> Made | None:
    table = course_table(batch, asked.measure, asked.factor, asked.chosen)
    if table.empty or not table["replicates"].any():
        return None
    axis = _axis(batch, asked, words)
    drawn = echarts_batch.course(table, axis, caption=caption(batch, table, words), words=words)

    def printed(spoken: Words) -> Figure:
        return course_chart(table, _axis(batch, asked, spoken), caption=caption(batch, table, spoken), words=spoken)

    return Made(drawn, printed)
