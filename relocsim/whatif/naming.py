"""What an entry is called that a what-if sets, and what it is set to, in every language.

Names of places, sectors, lines and policies are the world's own; fields have those of `relocsim.language`. This module
refuses to judge values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from relocsim.language import Words, message
from relocsim.language.fields import FIELDS
from relocsim.language.policy_fields import TERMS, field_label
from relocsim.language.scenario_fields import MODES, SCENARIO, SUPPLIERS, SWITCHES, WITHIN
from relocsim.language.units import unit_label
from relocsim.spec import Spec
from relocsim.spec.nodes import Plain, Steps, steps_of
from relocsim.world.calendar import Quarter
from relocsim.world.levers import OWNERS

GRADES = {
    "document": message("from a document"),
    "statistic": message("from statistics"),
    "literature": message("from the literature"),
    "assumed": message("assumed"),
}
"""What a number rests on, in words."""
_QUARTER = re.compile(r"\d{4}-Q[1-4]")
SHARE = "share"
"""Unit of what readers are told in percent."""
_OWNERS = dict(zip(OWNERS, TERMS["owners"], strict=True))


def grade_words(grade: object, words: Words) -> str:
    """Return in words what a number rests on."""
    return words(GRADES[str(getattr(grade, "value", grade))])


def policy_title(name: str, spec: Spec, words: Words) -> str:
    """Return the title of a policy, with its id where two share a title; of one that is not there the id."""
    policy = spec.policies.get(name)
    if policy is None:
        return name
    title = words.name(policy)
    same = sum(words.name(other) == title for other in spec.policies.values())
    return title if same == 1 else words("{title} ({name})", title=title, name=name)


def entry_name(path: str, spec: Spec, words: Words) -> str:
    """Return what an entry is called: of whom it is, which field, and of a table or a list which of them."""
    steps = steps_of(path)
    if steps[0] == "policies":
        return _of_policy(steps, spec, words)
    if steps[0] == "scenario":
        return _of_scenario(steps, spec, words)
    owner, field, rest = _split(steps)
    name = _field(field, words)
    named = [one for one in (_known(owner, spec, words), *(_within(one, steps, spec, words) for one in rest)) if one]
    return words("{label} ({which})", label=name, which=words(", ").join(named)) if named else name


def value_words(value: Plain, spec: Spec, words: Words) -> str:
    """Return what an entry is set to, in words; a dash for nothing."""
    if isinstance(value, dict) and "value" in value:
        return value_words(value["value"], spec, words)
    if isinstance(value, bool):
        return words("yes") if value else words("no")
    if isinstance(value, int | float):
        return number_words(value, words)
    if isinstance(value, list):
        return words.listed([value_words(one, spec, words) for one in value]) or "-"
    if isinstance(value, dict):
        told = [f"{value_words(key, spec, words)} {value_words(one, spec, words)}" for key, one in value.items()]
        return words.listed(told) or "-"
    if isinstance(value, str) and _QUARTER.fullmatch(value):
        return words.quarter(Quarter.parse(value))
    return "-" if value is None else _known(value, spec, words) or value


def number_words(value: float, words: Words) -> str:
    """Return a number that somebody set, with all its digits and no more."""
    return words.plain(float(value), 0) if abs(value) >= 1000 else f"{value:.6g}"


def amount_words(value: Plain, unit: str, spec: Spec, words: Words) -> str:
    """Return what an entry is set to in the unit that readers are told (`shown_unit`)."""
    if unit == SHARE and isinstance(value, int | float) and not isinstance(value, bool):
        return value_words(float(f"{100 * value:.6g}"), spec, words)
    return value_words(value, spec, words)


def shown_unit(unit: str, words: Words) -> str:
    """Return the unit in which readers are told a number: shares in percent."""
    return "%" if unit == SHARE else unit_label(words, unit)


def field_name(path: str, spec: Spec, words: Words) -> str:
    """Return what an entry of a policy is called, without whose it is."""
    steps = steps_of(path)
    return _of_kind(str(getattr(spec.policies.get(str(steps[1])), "kind", "")), steps, spec, words)


def _of_policy(steps: Steps, spec: Spec, words: Words) -> str:
    title = policy_title(str(steps[1]), spec, words)
    if len(steps) == 2:
        return title
    kind = str(getattr(spec.policies.get(str(steps[1])), "kind", ""))
    return words("{owner}: {field}", owner=title, field=_of_kind(kind, steps, spec, words))


def _of_kind(kind: str, steps: Steps, spec: Spec, words: Words) -> str:
    field = words(field_label(kind, str(steps[2]))) if kind else str(steps[2])
    rest = [_known(one, spec, words) or str(one) for one in steps[3:]]
    return words("{label} ({which})", label=field, which=words(", ").join(rest)) if rest else field


def _of_scenario(steps: Steps, spec: Spec, words: Words) -> str:
    if steps[1] == "switches" and len(steps) == 3:
        name = str(steps[2])
        said = words(SWITCHES[name]) if name in SWITCHES else name.replace("_", " ")
        return words("mechanism: {name}", name=said)
    for end in (3, 2):
        key = ".".join(str(one) for one in steps[1:end])
        if key in SCENARIO:
            rest = [_known(one, spec, words) or str(one) for one in steps[end:]]
            label = words(SCENARIO[key])
            return words("{label} ({which})", label=label, which=words(", ").join(rest)) if rest else label
    return str(steps[-1]).replace("_", " ")


def _split(steps: Steps) -> tuple[str, str, Steps]:
    """Return of a path in the world the owner (none: nothing), the field, and the steps within the field."""
    if steps[0] in ("places", "sectors") and len(steps) > 2:
        return str(steps[1]), str(steps[2]), steps[3:]
    if steps[0] == "network" and steps[1] in ("lines", "modes") and len(steps) > 3:
        return str(steps[2]), str(steps[3]), steps[4:]
    if steps[:2] == ("parameters", "outreach") and len(steps) > 3:
        return str(steps[2]), str(steps[3]), steps[4:]
    return "", str(steps[1]), steps[2:]


def _field(field: str, words: Words) -> str:
    said = FIELDS.get(field) or WITHIN.get(field)
    return words(said) if said else field.replace("_", " ")


def _within(step: object, steps: Steps, spec: Spec, words: Words) -> str:
    """Return which item of a table or a list is meant: of the hours of a line, between which stops."""
    if not isinstance(step, int):
        return _known(step, spec, words) or _field(str(step), words)
    line = spec.world.network.lines.get(str(steps[2])) if steps[:2] == ("network", "lines") and len(steps) > 3 else None
    if line is None or step + 1 >= len(line.stops):
        return str(step + 1)
    ends = [_known(one, spec, words) or one for one in line.stops[step : step + 2]]
    return words("{start} to {end}", start=ends[0], end=ends[1])


def _known(name: object, spec: Spec, words: Words) -> str:
    """Return the name that the world gives an id; nothing where it gives none."""
    for texts in (MODES, SUPPLIERS, _OWNERS):
        if name in texts:
            return words(texts[str(name)])
    for table in _tables(spec):
        if isinstance(name, str) and name in table:
            return words.name(table[name])
    node = spec.world.network.nodes.get(str(name))
    return node.name if node is not None else ""  # stations and junctions have one name


def _tables(spec: Spec) -> Iterator[dict[str, object]]:
    world = spec.world
    yield dict(world.places)
    yield dict(world.sectors)
    yield dict(world.network.lines)
    for sector in world.sectors.values():
        yield dict(sector.components)
    yield dict(world.parameters.outreach)
