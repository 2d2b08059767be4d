"""What a what-if assumes: the numbers that are not known and that one may doubt, and the log of what was changed and why.

This module refuses to say which assumption matters (see `relocsim.sensitivity`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from relocsim.language import Words
from relocsim.language.scenario_fields import SWITCHES
from relocsim.sources import Input
from relocsim.spec import Spec, Switches
from relocsim.spec.changes import WORLD
from relocsim.spec.merging import in_words
from relocsim.spec.nodes import Plain, steps_of
from relocsim.spec.shapes import Number, Record, shape_at
from relocsim.whatif.cases import Cases
from relocsim.whatif.naming import entry_name, value_words
from relocsim.whatif.specs import ABSENT, beliefs, own_value, spec_of
from relocsim.whatif.usual import documentation
from relocsim.whatif.whatif import Setting, WhatIf

Part = Literal["policies", "assumptions", "frame"]
Where = Literal["within", "beyond", ""]


@dataclass(frozen=True)
class Assumption:
    """A number that is not known: replicates draw it from its range, unless somebody sets it."""

    input: Input
    """Value, unit, range, source and grade, as the scenario has it."""
    least: float | None = None
    """Least value that it may be set to, beyond its range; none: no limit."""
    most: float | None = None
    """Largest value that it may be set to; none: no limit."""

    @property
    def path(self) -> str:
        """Path of its entry."""
        return self.input.path

    @property
    def part(self) -> str:
        """Part of the scenario that it is of: places, sectors, network, parameters or policies."""
        return self.path.split(".", 1)[0]

    def name(self, spec: Spec, words: Words) -> str:
        """Return what it is, in words."""
        return entry_name(self.path, spec, words)


@dataclass(frozen=True)
class Mechanism:
    """A mechanism of the model that can be switched off to see what it does."""

    path: str
    """Path of its switch."""
    label: str
    """What it says, a message."""
    help: str
    """Documentation, in English."""
    on: bool
    """Whether it is on in the scenario."""


@dataclass(frozen=True)
class Changed:
    """One entry that a what-if changes."""

    setting: Setting
    """What is set."""
    part: Part
    """Whether it is a choice of policy, an assumption, or the frame: period, size, seed, rivals."""
    before: Plain
    """Value in the case; none where it has none."""
    added: bool
    """Whether the case has no such policy."""
    input: Input | None = None
    """The number as the case has it, where its source is known."""

    @property
    def path(self) -> str:
        """Path of the entry."""
        return self.setting.path

    @property
    def after(self) -> Plain:
        """Value in the what-if."""
        value = self.setting.value
        return value["value"] if isinstance(value, dict) and "value" in value else value

    @property
    def where(self) -> Where:
        """Whether the new value lies within the range that the case gives, or beyond; nothing where it gives none."""
        entry, value = self.input, self.after
        if entry is None or not entry.ranged or isinstance(value, bool) or not isinstance(value, int | float):
            return ""
        return "within" if float(entry.low or 0.0) <= value <= float(entry.high or 0.0) else "beyond"

    def line(self) -> str:
        """Return the change in a line for files: path, from what to what, within its range or beyond."""
        ends = (
            f" ({self.where} its range {self.input.low:g} to {self.input.high:g})" if self.where and self.input else ""
        )
        return f"{self.path}: {in_words(self.before)} -> {in_words(self.after)}{ends}"

    def said(self, spec: Spec, words: Words) -> str:
        """Return the change in a sentence: what, from what to what, within its range or beyond, why."""
        told = {"name": entry_name(self.path, spec, words), "new": value_words(self.after, spec, words)}
        old = value_words(self.before, spec, words)
        text = words("{name}: {new}", **told) if self.added else words("{name}: {old} -> {new}", old=old, **told)
        if self.where and self.input is not None:
            ends = [value_words(one, spec, words) for one in (self.input.low, self.input.high)]
            within = words("within its range {low} to {high}", low=ends[0], high=ends[1])
            beyond = words("beyond its range {low} to {high}", low=ends[0], high=ends[1])
            text = words("{change}, {range}", change=text, range=within if self.where == "within" else beyond)
        return words("{change}. {note}", change=text, note=self.setting.note) if self.setting.note else text


def assumptions(spec: Spec) -> tuple[Assumption, ...]:
    """Return the numbers of a scenario that are not known, by path: those with a range, of the world and of policies."""
    return tuple(_assumption(entry, spec) for entry in spec.register.ranged())


def _assumption(entry: Input, spec: Spec) -> Assumption:
    steps = steps_of(entry.path)
    if steps[0] == "policies":
        shape = shape_at(Record(type(spec.policies[str(steps[1])])), steps[2:])
    else:
        shape = shape_at(WORLD, steps)
    return Assumption(entry, shape.low, shape.high) if isinstance(shape, Number) else Assumption(entry)


def mechanisms(spec: Spec) -> tuple[Mechanism, ...]:
    """Return the mechanisms of the model, and whether they are on."""
    return tuple(
        Mechanism(
            f"scenario.switches.{name}", SWITCHES.get(name, name.replace("_", " ")), documentation(info),
            getattr(spec.scenario.switches, name),
        )
        for name, info in Switches.model_fields.items()
    )  # fmt: skip


def log(whatif: WhatIf, cases: Cases) -> tuple[Changed, ...]:
    """Return all that a what-if changes in its case: assumptions, then policies, then the frame, each by path.

    A number of a policy that is not known (it has a range in the case) is an assumption and no choice.
    """
    case = cases.named(whatif.case)
    spec = case.spec()
    held = {one.path for one in beliefs(whatif, case)}
    groups: dict[Part, tuple[Setting, ...]] = {
        "assumptions": (*whatif.assumptions, *(one for one in whatif.policies if one.path in held)),
        "policies": tuple(one for one in whatif.policies if one.path not in held),
        "frame": whatif.frame,
    }
    return tuple(
        Changed(one, part, _before(own_value(case, one.path)), _is_added(one, spec), spec.register.inputs.get(one.path))
        for part, settings in groups.items()
        for one in settings
    )


def _before(value: object) -> Plain:
    return None if value is ABSENT else value  # type: ignore[return-value]


def _is_added(one: Setting, spec: Spec) -> bool:
    return one.steps[0] == "policies" and str(one.steps[1]) not in spec.policies


def log_words(whatif: WhatIf, cases: Cases, words: Words) -> list[str]:
    """Return the log as sentences, in order; of a policy that is added one for all that it is.

    SpecError where the what-if is unsound: names are those of its policies.
    """
    spec, said, told = spec_of(whatif, cases), [], set()
    for one in log(whatif, cases):
        name = str(one.setting.steps[1])
        if not one.added:
            said.append(one.said(spec, words))
        elif name not in told:
            told.add(name)
            said.append(words("{name}: added", name=entry_name(f"policies.{name}", spec, words)))
    return said
