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
from relocsim.whatif.cases import Case, Cases
from relocsim.whatif.laying import shape_of_path
from relocsim.whatif.naming import amount_words, entry_name, field_name, grade_words, shown_unit
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
    unit: str = ""
    """Unit of a number."""

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

    @property
    def grade(self) -> str:
        """How well founded the case's number is; nothing where that is not known, or it is no number."""
        return "" if self.input is None else str(self.input.grade)

    def line(self) -> str:
        """Return the change in a line for files: path, from what to what, unit, range, grade of the case's number, why."""
        ends = ""
        if self.where and self.input is not None:
            ends = f"{self.where} its range {self.input.low:g} to {self.input.high:g}"
        beside = ", ".join(one for one in (ends, f"in the case {self.grade}" if self.grade else "") if one)
        text = f"{self.path}: {in_words(self.before)} -> {in_words(self.after)}{f' {self.unit}' if self.unit else ''}"
        text += f" ({beside})" if beside else ""
        return f"{text}; why: {self.setting.note}" if self.setting.note else text

    def told(self, spec: Spec, words: Words) -> Told:
        """Return the change in words, part by part."""
        ends = ""
        if self.where and self.input is not None:
            low, high = (amount_words(one, self.unit, spec, words) for one in (self.input.low, self.input.high))
            within = words("within its range {low} to {high}", low=low, high=high)
            ends = within if self.where == "within" else words("beyond its range {low} to {high}", low=low, high=high)
        return Told(
            paths=(self.path,), part=self.part, name=entry_name(self.path, spec, words),
            before=amount_words(self.before, self.unit, spec, words),
            after=amount_words(self.after, self.unit, spec, words), unit=shown_unit(self.unit, words), range=ends,
            grade=grade_words(self.grade, words) if self.grade else "", note=self.setting.note,
        )  # fmt: skip


@dataclass(frozen=True)
class Told:
    """One line of the log in words."""

    paths: tuple[str, ...]
    """What it is about: of a policy that is added, all that it is."""
    part: Part
    """As of `Changed`."""
    name: str
    before: str
    """Value in the case; nothing where the case has no such policy."""
    after: str
    unit: str
    range: str
    """Whether the new value lies within the range that the case gives it, and which; nothing where there is none."""
    grade: str
    """What the number of the case rests on."""
    note: str
    """Why, in the words of whoever changed it."""

    def sentence(self, words: Words) -> str:
        """Return it in a sentence: what, from what to what, within its range or beyond, why."""
        if not self.before:
            text = words("{name}: added", name=self.name)
            text = words("{change} ({what})", change=text, what=self.after) if self.after else text
        else:
            after = f"{self.after} {self.unit}".strip()
            text = words("{name}: {old} -> {new}", name=self.name, old=self.before, new=after)
        for more in (self.range, words("in the case {grade}", grade=self.grade) if self.grade else ""):
            text = words("{change}, {range}", change=text, range=more) if more else text
        return words("{change}. {note}", change=text, note=self.note) if self.note else text


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
        Changed(
            one, part, _before(own_value(case, one.path)), _is_added(one, spec),
            spec.register.inputs.get(one.path), _unit(one, whatif, case),
        )
        for part, settings in groups.items()
        for one in settings
    )  # fmt: skip


def _unit(one: Setting, whatif: WhatIf, case: Case) -> str:
    """Return the unit of a number that is set; nothing where it has none, or is no number."""
    shape = shape_of_path(whatif, case, one.steps)
    return shape.unit or "" if isinstance(shape, Number) else ""


def _before(value: object) -> Plain:
    return None if value is ABSENT else value  # type: ignore[return-value]


def _is_added(one: Setting, spec: Spec) -> bool:
    return one.steps[0] == "policies" and str(one.steps[1]) not in spec.policies


def log_told(whatif: WhatIf, cases: Cases, words: Words) -> list[Told]:
    """Return the log in words, in order; of a policy that is added one line for all that it is.

    SpecError where the what-if is unsound: names are those of its policies.
    """
    spec, lines, added = spec_of(whatif, cases), [], dict[str, list[Changed]]()
    for one in log(whatif, cases):
        if one.added:
            added.setdefault(str(one.setting.steps[1]), []).append(one)
        else:
            lines.append(one.told(spec, words))
    return [*lines, *(_added_told(name, some, spec, words) for name, some in added.items())]


def log_words(whatif: WhatIf, cases: Cases, words: Words) -> list[str]:
    """Return the log as sentences, in order; SpecError where the what-if is unsound."""
    return [one.sentence(words) for one in log_told(whatif, cases, words)]


def _added_told(name: str, changes: list[Changed], spec: Spec, words: Words) -> Told:
    """Return the line of a policy that the case lacks: what it is beyond what is usual of its kind, and why."""
    chosen = [one for one in changes if one.setting.steps[2:] not in (("kind",), ("on",)) and not one.setting.quantity]
    if any(one.setting.steps[2:] == ("on",) and one.after is False for one in changes):
        chosen = [one for one in changes if one.setting.steps[2:] == ("on",)]
    parts = [one.told(spec, words) for one in chosen]
    what = words("; ").join(
        words("{label} {value}", label=field_name(one.paths[0], spec, words), value=f"{one.after} {one.unit}".strip())
        for one in parts
    )
    notes = dict.fromkeys(one.setting.note for one in changes if one.setting.note)
    title = entry_name(f"policies.{name}", spec, words)
    return Told(tuple(one.path for one in changes), "policies", title, "", what, "", "", "", words("; ").join(notes))
