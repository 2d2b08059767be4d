"""A what-if: a case, and the entries that are set in it. Frozen; two that mean the same are equal.

Paths are those of `--set`: `policies.incentives.capital_subsidy`, `parameters.sensitivity`, `scenario.end`. This module
refuses to know what a path leads to (see `specs`).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property

from relocsim.errors import Problem, SpecError
from relocsim.spec.changes import PARTS
from relocsim.spec.nodes import Plain, Steps, dotted, steps_of

PATH = re.compile(r"[^\s.\[\]=]{1,80}(\.[^\s.\[\]=]{1,80}|\[\d{1,4}\])*")
ROOTS = ("policies", "scenario", *PARTS)
"""First steps of paths."""
MOST_SETTINGS = 1_000
MOST_TEXT = 2_000
"""Letters of a name, a note or a text that is set."""
MOST_ITEMS = 1_000
_DEEPEST = 4
_LARGEST = 2**63


@dataclass(frozen=True)
class Setting:
    """One entry and what it is set to."""

    path: str
    """Its dotted path."""
    value: Plain
    """Its new value: a number, text, a truth value, none, a list, or a number in full form (a mapping with `value`)."""
    note: str = ""
    """Why, in the words of whoever set it; one line."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "path", _path(self.path))
        object.__setattr__(self, "value", _plain(self.value, self.path))
        object.__setattr__(self, "note", one_line(self.note, self.path))

    @property
    def steps(self) -> Steps:
        """The steps of its path."""
        return steps_of(self.path)

    @property
    def quantity(self) -> bool:
        """Whether the value is a number in full form."""
        return isinstance(self.value, dict) and "value" in self.value


@dataclass(frozen=True, eq=False)
class WhatIf:
    """A case and what is set in it."""

    case: str
    """Id of the case."""
    name: str = ""
    """Name that its maker gave it."""
    settings: tuple[Setting, ...] = field(default=())
    """What is set, sorted by path; a mapping is taken apart into its entries, and no path lies within another."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", one_line(self.name, "name")[:80].strip())
        object.__setattr__(self, "settings", _sorted(self.settings))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, WhatIf) and self.text == other.text

    def __hash__(self) -> int:
        return hash(self.text)

    @cached_property
    def text(self) -> str:
        """All of it as JSON, the same for what-ifs that are the same."""
        told = [[one.path, one.value, one.note] if one.note else [one.path, one.value] for one in self.settings]
        return json.dumps([self.case, self.name, told], ensure_ascii=True, separators=(",", ":"), sort_keys=True)

    def set(self, path: str, value: Plain, note: str = "") -> WhatIf:
        """Return the what-if with an entry set, in place of what was set at its path or below it.

        SpecError where the entry lies within one that is set as a whole.
        """
        return self.with_settings([Setting(path, value, note)])

    def with_settings(self, settings: Iterable[Setting]) -> WhatIf:
        """Return the what-if with several entries set, each in place of what was set at its path or below it."""
        fresh = list(settings)
        kept = [one for one in self.settings if not any(_within(one.steps, other.steps) for other in fresh)]
        return replace(self, settings=(*kept, *fresh))

    def unset(self, path: str) -> WhatIf:
        """Return the what-if without what is set at a path and below it."""
        steps = steps_of(_path(path))
        return replace(self, settings=tuple(one for one in self.settings if not _within(one.steps, steps)))

    def noted(self, path: str, note: str) -> WhatIf:
        """Return the what-if with another note on what is set at a path; itself where nothing is. SpecError if too long."""
        settings = tuple(replace(one, note=note) if one.path == _path(path) else one for one in self.settings)
        return replace(self, settings=settings)

    def at(self, path: str) -> Setting | None:
        """Return what is set at a path; none where nothing is."""
        path = _path(path)
        return next((one for one in self.settings if one.path == path), None)

    def renamed(self, name: str) -> WhatIf:
        """Return the same under another name."""
        return replace(self, name=name)

    @property
    def policies(self) -> tuple[Setting, ...]:
        """What is set of policies and packages."""
        return tuple(one for one in self.settings if _of_policies(one.steps))

    @property
    def assumptions(self) -> tuple[Setting, ...]:
        """What is set of the world and of its mechanisms (see `specs.beliefs` for those that policies hold)."""
        return tuple(one for one in self.settings if _assumed(one.steps))

    @property
    def frame(self) -> tuple[Setting, ...]:
        """What is set of period, size, seed, city under study and rivals."""
        other = (*self.policies, *self.assumptions)
        return tuple(one for one in self.settings if one not in other)


def _of_policies(steps: Steps) -> bool:
    return steps[0] == "policies" or steps[:2] == ("scenario", "packages")


def _assumed(steps: Steps) -> bool:
    return steps[0] in PARTS or steps[:2] == ("scenario", "switches")


def _within(steps: Steps, outer: Steps) -> bool:
    return steps[: len(outer)] == outer


def _path(path: str) -> str:
    """Return a path as it is kept; SpecError where it is none."""
    if not isinstance(path, str) or len(path) > MOST_TEXT or not PATH.fullmatch(path):
        raise SpecError([Problem(f"expected a path such as policies.incentives.on, found {str(path)[:80]!r}")])
    steps = steps_of(path)
    if steps[0] == "switches":
        steps = ("scenario", *steps)
    if steps[0] not in ROOTS or len(steps) < 2:
        hint = f"paths begin with {', '.join(ROOTS)} or switches"
        raise SpecError([Problem("the path leads to nothing that can be set", path=dotted(steps)[:200], hint=hint)])
    return dotted(steps)


def one_line(text: str, path: str) -> str:
    """Return text on one line; SpecError where it is too long or holds what no file can."""
    if not isinstance(text, str) or len(text) > MOST_TEXT or not _writable(text):
        raise SpecError([Problem(f"expected text of at most {MOST_TEXT:,} characters", path=path)])
    return " ".join(text.split())


def _writable(text: str) -> bool:
    """Whether text can stand in a file: no control characters, nothing that UTF-8 cannot write."""
    return not any(
        (ord(one) < 32 and one not in "\t\n\r") or 0x7F <= ord(one) < 0xA0 or 0xD800 <= ord(one) < 0xE000
        or one in "\ufffe\uffff" for one in text
    )  # fmt: skip


def _plain(value: object, path: str, depth: int = 0) -> Plain:
    """Return a value that can be set; SpecError where it cannot."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        if math.isfinite(value) and abs(value) < _LARGEST:
            return value
        raise SpecError([Problem("expected a finite number", path=path)])
    if isinstance(value, str):
        if len(value) <= MOST_TEXT and _writable(value):
            return value
        raise SpecError([Problem(f"expected text of at most {MOST_TEXT:,} characters", path=path)])
    if depth < _DEEPEST and isinstance(value, list | tuple | dict) and len(value) <= MOST_ITEMS:
        if not isinstance(value, dict):
            return [_plain(item, path, depth + 1) for item in value]
        if all(isinstance(key, str) and PATH.fullmatch(key) for key in value):
            return {key: _plain(item, path, depth + 1) for key, item in value.items()}
    raise SpecError(
        [Problem(f"expected a number, text, true, false, a list or a mapping of {MOST_ITEMS:,} at most", path=path)]
    )


def _sorted(settings: Iterable[Setting]) -> tuple[Setting, ...]:
    """Return settings of single entries, sorted by path; SpecError where one is set twice or lies within another."""
    single = sorted((one for setting in settings for one in _taken_apart(setting)), key=lambda one: one.path)
    if len(single) > MOST_SETTINGS:
        raise SpecError([Problem(f"expected at most {MOST_SETTINGS:,} settings, found {len(single):,}")])
    seen = {one.steps: one for one in single}
    problems = [
        Problem(f"set together with {dotted(outer)}, within which it lies", path=one.path, hint="keep one of the two")
        for one in single
        for outer in (one.steps[:end] for end in range(2, len(one.steps)))
        if outer in seen
    ]
    if len(seen) < len(single):
        problems.append(Problem("an entry is set twice", hint="keep one of the two"))
    if problems:
        raise SpecError(problems)
    return tuple(single)


def _taken_apart(setting: Setting) -> Iterable[Setting]:
    """Yield the entries that a setting sets: of a mapping, each of its own."""
    if not isinstance(setting.value, dict) or setting.quantity:
        yield setting
        return
    for key, value in setting.value.items():
        yield from _taken_apart(Setting(f"{setting.path}.{key}", value, setting.note))
