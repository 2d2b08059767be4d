"""Inputs in words: which of its family, value and range, what it rests on; and whether an advice stands without it."""

from __future__ import annotations

from relocsim.app.why_effects import said
from relocsim.batch.between import verdict
from relocsim.language import Words, message
from relocsim.metrics.effects import Estimate
from relocsim.report.charts.comparison import names_of
from relocsim.report.effects import title_of
from relocsim.report.labels import family_label
from relocsim.report.terms import short
from relocsim.sensitivity.families import families
from relocsim.sources import Grade, Input
from relocsim.spec import Spec
from relocsim.spec.nodes import steps_of

GRADE_WORDS = {
    Grade.DOCUMENT: message("from a document"),
    Grade.STATISTIC: message("from statistics"),
    Grade.LITERATURE: message("from the literature"),
    Grade.ASSUMED: message("assumed"),
}
"""What a number rests on, in words."""


def family_name(label: str, spec: Spec, words: Words) -> str:
    """Return the name of a family of inputs, places and policies in it by theirs."""
    names = names_of(spec, words) | {name: title_of(spec, name, words) for name in spec.policies}
    return family_label(words, label, names)


def member_name(entry: Input, spec: Spec, words: Words) -> str:
    """Return what tells an input from the others of its family: the places, sectors and other names in its path."""
    world = spec.world
    named = []
    for step in steps_of(entry.path)[1:]:
        known: object = world.places.get(str(step)) or world.sectors.get(str(step))
        named.append(short(words.name(known)) if known is not None else str(step).replace("_", " "))
    return words(", ").join(named)


def input_name(path: str, spec: Spec, words: Words) -> str:
    """Return an input in words: its family, and which of them where there are several."""
    family = next((one for one in families(spec) for entry in one.inputs if entry.path == path), None)
    if family is None:  # set to a bare number, which has no range and is in no family any more
        entry = spec.register.inputs.get(path)
        return path if entry is None else _name_alone(entry, spec, words)
    label = family_name(family.label, spec, words)
    if len(family.inputs) == 1:
        return label
    entry = next(one for one in family.inputs if one.path == path)
    return words("{label} ({which})", label=label, which=member_name(entry, spec, words))


def input_words(entry: Input, words: Words) -> list[str]:
    """Return what an input is: value, range, what it rests on, source."""
    value, low, high = (words.plain(float(one or 0.0)) for one in (entry.value, entry.low, entry.high))
    grade = words(GRADE_WORDS[entry.grade])
    what = words(
        "{path}: {value} {unit}, range {low} to {high}; {grade}",
        path=entry.path, value=value, unit=entry.unit, low=low, high=high, grade=grade,
    )  # fmt: skip
    return [what, words("Source: {source}", source=entry.source)] if entry.source else [what]


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


def _name_alone(entry: Input, spec: Spec, words: Words) -> str:
    """Return the name of an input that is in no family: that of its own entry, and which place or sector it is of."""
    part, *rest = (str(step) for step in steps_of(entry.path))
    if part in ("places", "sectors") and len(rest) > 1:
        owner: object = spec.world.places.get(rest[0]) or spec.world.sectors.get(rest[0])
        which = rest[0] if owner is None else short(words.name(owner))
        return words("{label} ({which})", label=family_label(words, rest[1]), which=which)
    return family_label(words, rest[-1])


def change_words(path: str, own: object, value: object, note: str, spec: Spec, words: Words) -> str:
    """Return what was changed: from what the case has to what is set, and why."""
    ends = [_plain(one, words) for one in (own, value)]
    text = words(
        "{name}: {own} in the case, {value} here", name=input_name(path, spec, words), own=ends[0], value=ends[1]
    )
    return words("{change}. {note}", change=text, note=note) if note else text


def _plain(value: object, words: Words) -> str:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return words.plain(float(value)) if number else str(value)  # type: ignore[arg-type]
