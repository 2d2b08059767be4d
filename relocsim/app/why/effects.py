"""What the panels that compare what-ifs say: the effect in words, what it advises, what a comparison was played on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Executor

from relocsim.app.charts.intervals import intervals
from relocsim.app.charts.parts import Drawn
from relocsim.batch.between import Pair, effect_of, effects_between, verdict
from relocsim.batch.comparing import Comparison
from relocsim.language import Words, message
from relocsim.metrics.effects import Estimate
from relocsim.report.charts.comparison import caption_of
from relocsim.sources import Input
from relocsim.spec import Spec
from relocsim.whatif.naming import amount_words, entry_name, grade_words, shown_unit

POINTS = 100.0
ADVICE = {1: message("it gains"), -1: message("it loses"), 0: message("the sign is not clear")}
"""What an effect on the capture rate says, in words."""
WRITTEN, MATCHING = "written", "matching"
"""As the scenario has its rivals, and with rivals that do the same."""
COUNTS = (2, 4, 8, 16, 40)
"""Replicates that one may ask for."""


def play_pairs(
    pairs: Mapping[str, Pair], count: int, executor: Executor, tick: Callable[[], None]
) -> dict[str, Comparison]:
    """Play pairs over replicates."""
    return effects_between(pairs, replicates=count, executor=executor, tick=tick)


def said(effect: Estimate, words: Words) -> str:
    """Return an effect with its interval, in percentage points, and what it says."""
    return words("{effect} points: {advice}", effect=words.span(effect, POINTS), advice=words(_advice(effect)))


def _advice(effect: Estimate) -> str:
    return ADVICE[verdict(effect)]


def effects_drawn(found: Mapping[str, Comparison], names: Mapping[str, str], title: str, words: Words) -> Drawn:
    """Return the effects on the capture rate, one row a pair, with their intervals."""
    rows = [(names[name], effect_of(one)) for name, one in found.items()]
    axis = words("effect of the what-if on the capture rate by investment, percentage points")
    spec = next(iter(found.values())).spec
    count = next(iter(found.values())).replicates
    return intervals(rows, axis=axis, title=title, caption=paired_caption(spec, count, rows[0][1], words), words=words,
                     scale=POINTS)  # fmt: skip


def paired_caption(spec: Spec, count: int, effect: Estimate, words: Words) -> str:
    """Return what was played."""
    interval = words.interval_name(effect.coverage, count)
    text = words(
        "n = {count} paired replicates; lines: {interval} of inputs and luck; grey: the interval touches or crosses zero",
        count=count, interval=interval,
    )  # fmt: skip
    return caption_of(spec, text, words)


def effect_rows(found: Mapping[str, Comparison], names: Mapping[str, str], words: Words) -> list[list[str]]:
    """Return one row a pair: the effect on the capture rate, investment, jobs and the treasury, with intervals."""
    rows = []
    for name, one in found.items():
        cells = [words.span(effect_of(one), POINTS), words.span(effect_of(one, "amount"))]
        cells += [words.span(effect_of(one, "amount", "jobs")), words.span(effect_of(one, "treasury", "money"))]
        rows.append([names[name], *cells])
    return rows


def effect_columns(words: Words) -> list[str]:
    """Return the heads of `effect_rows`."""
    return [
        "", words("Capture rate, percentage points"), words("Investment, 1e8 yuan"), words("Jobs"),
        words("Treasury, 1e8 yuan"),
    ]  # fmt: skip


def rivals_title(found: dict[str, Comparison], words: Words) -> str:
    """Return what is left of the effect where rivals do the same."""
    before = said(effect_of(found[WRITTEN]), words)
    if MATCHING not in found:
        return words("The what-if adds {effect}", effect=before)
    after = said(effect_of(found[MATCHING]), words)
    return words("Alone the what-if adds {before}; with rivals that match it, {after}", before=before, after=after)


def flip_title(before: Estimate, after: Estimate, words: Words) -> str:
    """Return whether the advice stands with another number."""
    told = {"before": said(before, words), "after": said(after, words)}
    one, other = verdict(before), verdict(after)
    if one == other:
        if one:
            return words("The advice stands: {before}; with the number changed {after}", **told)
        return words("No advice before, and none after: {before}; with the number changed {after}", **told)
    if one and other:
        return words("The advice flips: {before}; with the number changed {after}", **told)
    if one:
        return words("The advice is no longer clear: {before}; with the number changed {after}", **told)
    return words("Only with the number changed is there an advice: {before}; then {after}", **told)


def input_words(entry: Input, spec: Spec, words: Words) -> list[str]:
    """Return what an input is: value, range, what it rests on, source."""
    value, low, high = (amount_words(one, entry.unit, spec, words) for one in (entry.value, entry.low, entry.high))
    what = words(
        "{name}: {value} {unit}, range {low} to {high}; {grade}", name=entry_name(entry.path, spec, words), value=value,
        unit=shown_unit(entry.unit, words), low=low, high=high, grade=grade_words(entry.grade, words),
    )  # fmt: skip
    return [what, words("Source: {source}", source=entry.source)] if entry.source else [what]
