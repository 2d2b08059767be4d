"""Ranged inputs as factors: thousands of them, in families that move together.

- Model parameters, and what policies cost or achieve: each by itself; tables of parameters by field (`outreach: cost`).
- The city under study: each field by itself (`specialisation` and other tables as one).
- All other places, all sectors, all lines and modes: each field as one factor, its inputs at a common quantile of their
  ranges.

A family that moves together says what a common error of its figures does, such as all wages too low. What one figure
against the others does is averaged out in it, and not seen. This module refuses to play.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from relocsim.sources import Input
from relocsim.spec import Spec
from relocsim.spec.nodes import Step, steps_of

_OTHERS = "other places: "
_LONGEST = 50
"""Characters of a name."""


@dataclass(frozen=True)
class Family:
    """Inputs that are one factor."""

    name: str
    """Name as a factor of a plan: letters, digits, dashes."""
    label: str
    """Name for tables and charts."""
    patterns: tuple[str, ...]
    """What names its members in a plan."""
    inputs: tuple[Input, ...]
    """Its members."""


def families(spec: Spec) -> list[Family]:
    """Return all ranged inputs of a specification in families, by name; every input is in one."""
    city = spec.scenario.study.city
    held: dict[str, tuple[set[str], list[Input]]] = {}
    for entry in spec.register.ranged():
        label, pattern = _family(steps_of(entry.path), entry.path, city)
        patterns, entries = held.setdefault(label, (set(), []))
        patterns.add(pattern)
        entries.append(entry)
    taken = {*spec.policies, *spec.scenario.packages}
    found = []
    for label, (patterns, entries) in held.items():
        without = (f"!places.{city}.**",) if label.startswith(_OTHERS) else ()
        name = _name(label, taken)
        taken.add(name)
        found.append(Family(name, label, (*sorted(patterns), *without), tuple(entries)))
    return sorted(found, key=lambda family: family.name)


def _family(steps: tuple[Step, ...], path: str, city: str) -> tuple[str, str]:
    """Return label and pattern of the family of an input."""
    part, *below = steps
    words = [str(step) for step in below if isinstance(step, str)]
    if part in ("places", "sectors"):
        owner, field, *deeper = words
        rest = f"{field}.**" if deeper else field
        if owner == city:
            return f"{city}: {field}", f"{part}.{city}.{rest}"
        return (f"{_OTHERS}{field}" if part == "places" else f"sectors: {field}"), f"{part}.*.{rest}"
    if part == "network" and len(words) > 2:
        field = f"{words[2]}*" if isinstance(steps[-1], int) else words[2]
        return f"{words[0]}: {words[2]}", f"network.{words[0]}.*.{field}"
    if part == "network":
        return words[0], f"network.{words[0]}.*"
    if part == "parameters" and len(words) > 2:
        return f"{words[0]}: {words[-1]}", f"parameters.{words[0]}.*.{words[-1]}"
    if part == "parameters" and len(words) > 1:
        return words[0], f"parameters.{words[0]}.*"
    return f"{words[0]}: {'.'.join(words[1:])}" if part == "policies" else ".".join(words), path


def _name(label: str, taken: Collection[str]) -> str:
    """Return a label as the name of a factor: small letters, digits, dashes, and none that is taken."""
    plain = re.sub(r"[^a-z0-9]+", "-", label.lower()).strip("-")[:_LONGEST]
    name = plain if plain[:1].isalpha() else f"x-{plain}"
    free = (name, *(f"{name}-{number}" for number in range(2, len(taken) + 3)))
    return next(one for one in free if one not in taken)


def family_rows(found: Iterable[Family]) -> list[dict[str, object]]:
    """Return one row a family: name, label, number of inputs, share assumed, unit and range where it is one input."""
    rows: list[dict[str, object]] = []
    for one in found:
        alone = one.inputs[0] if len(one.inputs) == 1 else None
        rows.append(
            {
                "factor": one.name,
                "label": one.label,
                "inputs": len(one.inputs),
                "assumed": sum(entry.grade == "assumed" for entry in one.inputs) / len(one.inputs),
                "path": alone.path if alone else "",
                "unit": alone.unit if alone else "",
                "low": alone.low if alone else None,
                "value": alone.value if alone else None,
                "high": alone.high if alone else None,
            }
        )
    return rows
