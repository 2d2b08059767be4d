"""A batch in words: what it is, how far it is, what its factors and figures are called, what two sets differ in.

Refuses to read tables of runs.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from relocsim.app.batch.compared import APART, NOTHING, PAIRS, SAME, Compared
from relocsim.app.batch.read import Measure, unit_of
from relocsim.batch.folder import SCENARIO
from relocsim.batch.identity import code_version
from relocsim.batch.plan import Factor, Factors, Level, Replicates
from relocsim.batch.stored import Failed, Status, StoredBatch
from relocsim.language import Words, message
from relocsim.language.fields import FIELDS
from relocsim.language.units import unit_label
from relocsim.language.words import decimals
from relocsim.metrics.effects import Estimate
from relocsim.report.labels import family_label
from relocsim.report.labels_observables import observable_label
from relocsim.report.terms import capital

MOST_FAILURES = 50
"""Failed runs that are listed."""
_MEASURES = {
    "firms": message("firms"), "investment": message("investment"), "jobs": message("jobs"),
}  # fmt: skip


def place_names(batch: StoredBatch, words: Words) -> dict[str, str]:
    """Return the names of the recorded places, as the batch's own scenario has them; their ids where it has none."""
    ids = [str(one) for one in batch.manifest.layout["places"]]
    try:
        held = json.loads((batch.folder / SCENARIO).read_text(encoding="utf-8"))["world"]["places"]
        return {one: words.name(_named(held[one])) for one in ids}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {one: one for one in ids}


def _named(place: Mapping[str, Any]) -> SimpleNamespace:
    return SimpleNamespace(name=place["name"], name_zh=place.get("name_zh") or place["name"])


def factor_label(batch: StoredBatch, name: str, words: Words) -> str:
    """Return what a factor is called: its own name in the plan, and what it sets."""
    factor = batch.plan.factors.get(name)
    if factor is None or factor.path is None:
        return name
    part, _, rest = factor.path.partition(".")
    *owners, field = rest.split(".")
    owner = owners[0] if owners and part in ("policies", "places", "sectors") else ""
    told = family_label(words, f"{owner}: {field}" if owner else field, place_names(batch, words))
    return name if told == name else words("{factor} ({entry})", factor=name, entry=told)


def level_label(level: Level, words: Words) -> str:
    """Return a level of a factor as it is read."""
    if isinstance(level, bool):
        return words("on") if level else words("off")
    return f"{level:g}" if isinstance(level, int | float) else str(level)


def figure_label(name: str, words: Words) -> str:
    """Return what an observable, a flow or a column of places is called."""
    if name in _MEASURES:
        return words(_MEASURES[name])
    return words(FIELDS[name]) if name in FIELDS else observable_label(words, name).replace("_", " ")


def measure_label(batch: StoredBatch, measure: Measure, words: Words, *, dated: bool = True) -> str:
    """Return what a figure is called, with its place and period."""
    name = figure_label(measure.name, words)
    if not measure.place:
        return name
    place = place_names(batch, words).get(measure.place, measure.place)
    if not dated:
        return words("{name} in {place}", name=name, place=place)
    return words("{name} in {place}, {period}", name=name, place=place, period=measure.period)


def unit_words(batch: StoredBatch, name: str, words: Words, *, change: bool = False) -> str:
    """Return the unit of a figure; of a change of a percentage, percentage points."""
    unit = unit_of(batch, name)
    return unit_label(words, unit.replace("%", "percentage points") if change else unit)


def progress_words(status: Status, words: Words) -> str:
    """Return how far a batch is."""
    state = words("complete") if status.complete else words("not complete: being written, or stopped")
    return words("{done} of {total} runs, {replicates} replicates: {state}", done=words.plain(status.finished, 0),
                 total=words.plain(status.total, 0), replicates=status.replicates, state=state)  # fmt: skip


def about_rows(batch: StoredBatch, words: Words) -> list[tuple[str, str]]:
    """Return what a batch is: scenario, period, design, replicates, what is recorded, versions."""
    about, plan, held = batch.manifest.about, batch.plan, batch.manifest.identity
    record = plan.record
    return [
        (words("Scenario"), f"{about['name']} ({about['scenario']}, {about['start']} - {about['end']})"),
        (words("Set in all runs"), ", ".join(f"{path} = {value}" for path, value in plan.settings.items()) or "-"),
        (words("Levers"), _design(plan.levers, words)),
        (words("Unknowns"), _design(plan.uncertainties, words)),
        (words("Inputs with ranges"), words("drawn by replicate") if plan.inputs == "drawn" else words("central values")),
        (words("Points"), words.plain(len(batch.points), 0)),
        (words("Replicates"), _replicates(plan.replicates, words)),
        (words("Recorded"), words.listed([figure_label(one, words) for one in (*record.observables, *batch.measures)])),
        (words("Seed"), str(held.get("seed", "-"))),
        (words("Written by"), versions_words(held, words)),
    ]  # fmt: skip


def _design(part: Factors | None, words: Words) -> str:
    if part is None:
        return words("none")
    samples = "" if part.samples is None else f", {part.samples}"
    return f"{part.design}{samples}: {', '.join(part.factors)}"


def _replicates(given: int | Replicates, words: Words) -> str:
    if isinstance(given, int):
        return str(given)
    return words(
        "{least} to {most}, until the effect of {lever} on {observable} is known to within {width}", least=given.least,
        most=given.most, lever=given.until.effect, observable=observable_label(words, given.until.on),
        width=f"{given.until.half_width:g}",
    )  # fmt: skip


def versions_words(held: Mapping[str, Any], words: Words) -> str:
    """Return which releases played, and whether this one would play the same."""
    names = ("relocsim", "numpy", "scipy", "pyarrow")
    told = ", ".join(f"{name} {held.get(name, '?')}" for name in names)
    now = code_version()
    same = all(held.get(name) == now[name] for name in ("code", *names))
    return told + ("" if same else words("; the code here is another, and would not go on with it"))


def factor_rows(batch: StoredBatch, words: Words) -> list[list[str]]:
    """Return a row a factor: its name, what it sets, its values in the batch."""
    return [
        [name, _sets(one), _values_told(batch, name, words)]
        for name, one in batch.plan.factors.items()
        if name in batch.points.columns
    ]


def _sets(factor: Factor) -> str:
    return factor.path or factor.policy or ", ".join(factor.inputs)


def _values_told(batch: StoredBatch, name: str, words: Words) -> str:
    found = sorted(batch.points[name].unique().tolist())
    if len(found) > 8:
        return words("{count} values, {low} to {high}", count=len(found), low=level_label(found[0], words),
                     high=level_label(found[-1], words))  # fmt: skip
    return ", ".join(level_label(one, words) for one in found)


def failure_rows(batch: StoredBatch, failed: tuple[Failed, ...], words: Words) -> list[list[str]]:
    """Return a row a failed run: run, point, replicate, its levels, its error and where it arose."""
    factors = batch.points.set_index("point")
    rows = []
    for one in failed[:MOST_FAILURES]:
        levels = factors.loc[one.point].to_dict() if one.point in factors.index else {}
        spec = ", ".join(f"{name} = {level_label(_plain(level), words)}" for name, level in levels.items())
        where = one.traceback.strip().splitlines()[-1] if one.traceback.strip() else ""
        rows.append([str(one.run), str(one.point), str(one.replicate), spec, one.error, where])
    return rows


def _plain(level: Any) -> Level:
    plain: Level = level.item() if hasattr(level, "item") else level
    return plain


def figure_words(value: float, unit: str, words: Words) -> str:
    """Return a figure with its unit."""
    return f"{words.plain(value)} {unit}".strip()


def estimate_words(found: Estimate, unit: str, words: Words, *, sign: bool = False) -> str:
    """Return a mean with its interval and unit."""
    if not math.isfinite(found.low) or not math.isfinite(found.high):
        return figure_words(found.mean, unit, words)
    return f"{words.span(found, sign=sign)} {unit}".strip()


def comparison_sentence(found: Compared, label: str, unit: str, words: Words) -> str:
    """Return what the second set has more than the first; an interval that touches zero is no difference."""
    if found.kind == SAME:
        return words("The two sets are the same: choose other levels for one of them.")
    if found.kind == NOTHING:
        return words("One of the sets has no finished runs: nothing can be compared.")
    label, change = capital(label), estimate_words(found.effect, unit, words, sign=True)
    if found.effect.low == found.effect.high == 0.0:
        return words("{measure}: A and B are the same in each of {count} pairs.", measure=label,
                     count=found.effect.replicates)  # fmt: skip
    if found.kind == APART:
        return words("{measure}: the means differ by {change}, but no replicate is in both sets: that may be luck, and "
                     "nothing is said of the sign.", measure=label, change=change)  # fmt: skip
    if found.effect.replicates < 2:
        return words("{measure}: B less A is {change} in the one pair there is, which is no interval.", measure=label,
                     change=change)  # fmt: skip
    if found.effect.sign_is_clear:
        return words("{measure}: B less A is {change}.", measure=label, change=change)
    low, high = words.ends(found.effect)
    return words("{measure}: whether A and B differ cannot be told: between {low} and {high} {unit}.", measure=label,
                 low=low, high=high, unit=unit)  # fmt: skip


def pairing_words(found: Compared, words: Words) -> str:
    """Return how the two sets were paired, the interval, and the simulation error."""
    if found.kind in (SAME, NOTHING):
        return ""
    error = words.plain(found.effect.simulation_error, decimals(found.effect.simulation_error) + 1)
    if found.kind == APART:
        return words("Not paired. Simulation error {error}.", error=error)
    interval = words.interval_name(found.effect.coverage, found.effect.replicates)
    if found.kind == PAIRS:
        told = words(
            "Paired: {pairs} pairs of points alike in all else, within each replicate; n = {count}; {interval}; simulation "
            "error {error}.", pairs=found.pairs, count=found.effect.replicates, interval=interval, error=error,
        )  # fmt: skip
    else:
        told = words(
            "Paired by replicate alone, which share luck and inputs: no two points are alike in all else; n = {count}; "
            "{interval}; simulation error {error}.", count=found.effect.replicates, interval=interval, error=error,
        )  # fmt: skip
    if any(found.left_out):
        left = words(" Left out, having no counterpart: {first} points of A, {second} of B.", first=found.left_out[0],
                     second=found.left_out[1])  # fmt: skip
        return told + left
    return told
