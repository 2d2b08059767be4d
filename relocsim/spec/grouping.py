"""Groups of ranged inputs that move together: all of a group at the same quantile of their ranges.

Each input keeps its own range and law, those that replicates draw it with; a group has one uniform number in place of one
an input. This module refuses to say which inputs belong together.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from relocsim.sources import Input, Register
from relocsim.spec.assigning import Assigner, Values, assigned
from relocsim.spec.digest import text_digest
from relocsim.spec.drawing import Plan
from relocsim.spec.nodes import Steps
from relocsim.spec.specification import Spec

GROUP = "inputs"
"""First step of the path by which the quantile of a group is set; the second is the name of the group."""


def matching(register: Register, patterns: Sequence[str]) -> list[Input]:
    """Return the ranged inputs that some pattern names and none takes away, by path.

    In a pattern `*` stands for anything within one step and `**` for anything; one that begins with `!` takes away.
    """
    unwanted = [_compiled(one[1:]) for one in patterns if one.startswith("!")]
    plain = [one for one in patterns if "*" not in one and not one.startswith("!")]
    found = {one: register.inputs[one] for one in plain if one in register.inputs and register.inputs[one].ranged}
    for one in (_compiled(pattern) for pattern in patterns if "*" in pattern and not pattern.startswith("!")):
        found |= {path: entry for path, entry in register.inputs.items() if entry.ranged and one.fullmatch(path)}
    return [found[path] for path in sorted(found) if not any(one.fullmatch(path) for one in unwanted)]


def _compiled(pattern: str) -> re.Pattern[str]:
    parts = {"**": ".*", "*": r"[^.]*"}
    return re.compile("".join(parts.get(part) or re.escape(part) for part in re.split(r"(\*\*|\*)", pattern)))


@dataclass(frozen=True)
class Groups:
    """Groups of inputs by name."""

    plan: Plan
    """The inputs of all groups."""
    group: Mapping[str, str]
    """Group of each input, by path."""

    @classmethod
    def of(cls, members: Mapping[str, Sequence[Input]]) -> Groups:
        """Return the groups with these members; no input is in two of them."""
        entries = {entry.path: entry for group in members.values() for entry in group}
        return cls(Plan.of(Register(entries)), {entry.path: name for name, group in members.items() for entry in group})

    def spread(self, spec: Spec, quantiles: Mapping[str, float]) -> Spec:
        """Return a specification with every input of a group at the quantile of the group, not yet made coherent."""
        world, policies = self.plan.drawn(spec.world, spec.policies, lambda path: quantiles[self.group[path]])
        return replace(spec, world=world, policies=policies)


def split(values: Values) -> tuple[dict[str, float], dict[Steps, object]]:
    """Return the quantiles of groups by name, and what entries are set to."""
    quantiles = {str(steps[1]): float(value) for steps, value in values.items() if steps[0] == GROUP}  # type: ignore[arg-type]
    return quantiles, {steps: value for steps, value in values.items() if steps[0] != GROUP}


class Settler:
    """Sets the entries and groups of many points of one specification; what the last two points share is done once."""

    def __init__(self, spec: Spec, groups: Groups) -> None:
        self._spec, self._groups = spec, groups
        self._last: tuple[dict[str, float], Spec] = ({}, spec)

    def settled(self, values: Values) -> Spec:
        """Return the specification with groups at their quantiles and entries set, not yet made coherent."""
        quantiles, entries = split(values)
        if quantiles != self._last[0]:
            self._last = (quantiles, self._groups.spread(self._spec, quantiles) if quantiles else self._spec)
        return assigned(self._last[1], entries)  # type: ignore[arg-type]


class Signer:
    """Gives the digests of points: of what is set, and of the quantiles of groups with the ranges of their inputs."""

    def __init__(self, assigner: Assigner, members: Mapping[str, Sequence[Input]]) -> None:
        self._assigner = assigner
        ranges = {name: [[e.path, e.value, e.low, e.high, e.log] for e in group] for name, group in members.items()}
        self._members = text_digest(json.dumps(ranges, sort_keys=True).encode())
        self._known: dict[tuple[tuple[Steps, object], ...], str] = {}

    def digest(self, values: Values) -> str:
        """Return the digest of a point; SpecError where a model refuses a value."""
        quantiles, entries = split(values)
        if not quantiles:
            return self._assigner.digest(values)
        key = tuple(entries.items())
        if key not in self._known:
            self._known[key] = self._assigner.digest(entries)  # type: ignore[arg-type]
        return text_digest(f"{self._known[key]} {self._members} {json.dumps(quantiles, sort_keys=True)}".encode())
