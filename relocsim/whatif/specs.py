"""A what-if as a specification, and its baseline: through the one door, as the file that it would be.

What is set goes over the case as a file that extends it, so that positions of problems, merging and checks are those of
files. This module refuses to judge values.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from enum import Enum
from typing import Any

from relocsim.policies import catalogue
from relocsim.spec import Spec
from relocsim.spec.assigning import value_at
from relocsim.spec.nodes import Plain, steps_of
from relocsim.spec.reading import read_text
from relocsim.whatif.cases import Case, Cases
from relocsim.whatif.laying import kind_of_policy, written
from relocsim.whatif.usual import usual_value
from relocsim.whatif.whatif import Setting, WhatIf


class Absent(Enum):
    """What has no value of its own."""

    ABSENT = "absent"


ABSENT = Absent.ABSENT


def spec_of(whatif: WhatIf, cases: Cases) -> Spec:
    """Return the specification of a what-if; SpecError with every problem, each with the path of its entry.

    It keeps the title of the case, so that what-ifs that differ in name alone are one (see `titled`).
    """
    return _spec(whatif, cases, cases.named(whatif.case))


def titled(spec: Spec, whatif: WhatIf) -> Spec:
    """Return a specification under the name of a what-if: as its file has it, and as reports should."""
    if not whatif.name:
        return spec
    return replace(spec, scenario=spec.scenario.model_copy(update={"name": whatif.name, "name_zh": ""}))


def baseline_of(whatif: WhatIf, cases: Cases) -> Spec:
    """Return what a what-if is compared with: policies as the case has them, all else as the what-if says.

    Whoever doubts an assumption doubts it with and without the policy: assumptions, mechanisms, period, size, seed and the
    rule of rivals are those of the what-if, numbers of policies that are not known (`beliefs`) included. SpecError likewise.
    """
    case = cases.named(whatif.case)
    dropped = {one.path for one in whatif.policies} - {one.path for one in beliefs(whatif, case)}
    kept = tuple(one for one in whatif.settings if one.path not in dropped)
    return _spec(WhatIf(whatif.case, settings=kept), cases, case)


def beliefs(whatif: WhatIf, case: Case) -> tuple[Setting, ...]:
    """Return what is set of numbers of the case's policies that are not known: those that carry a range."""
    inputs = case.spec().register.inputs
    return tuple(one for one in whatif.policies if one.path in inputs and inputs[one.path].ranged)


def _spec(whatif: WhatIf, cases: Cases, case: Case) -> Spec:
    if not whatif.settings:
        return case.spec()
    file, bare = f"{whatif.name or 'what-if'}.yaml", whatif.renamed("")
    return cases.once((bare.text,), lambda: case.opened.varied(read_text(written(bare, case), file)))


def own_value(case: Case, path: str) -> Plain | Absent:
    """Return the value that a case itself gives an entry, as a file would write it; ABSENT where there is none."""
    try:
        return plain_of(value_at(case.spec(), steps_of(path)))
    except (KeyError, AttributeError, IndexError, TypeError):
        return ABSENT


def plain_of(value: Any) -> Plain:
    """Return a value of a specification as a file would write it."""
    if isinstance(value, Enum):
        return str(value.value)
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, tuple | list):
        return [plain_of(item) for item in value]
    if isinstance(value, dict):
        return {str(key): plain_of(item) for key, item in value.items()}
    if hasattr(value, "model_fields_set"):
        return {name: plain_of(getattr(value, name)) for name in type(value).model_fields}
    return str(value)


def change(whatif: WhatIf, cases: Cases, path: str, value: Plain, note: str = "") -> WhatIf:
    """Return a what-if with an entry set, or unset where the value is the case's own: as a control does it.

    A slider that is moved and moved back has changed nothing: a number of the case that has a range has it again. A note
    that was made before stays where no other is given.
    """
    held = whatif.at(path)
    moved = whatif.set(path, value, note or ("" if held is None else held.note))
    fresh = [one for one in moved.settings if one not in whatif.settings]
    return _as_usual(drop_own(moved, cases, [one.path for one in fresh]), cases.named(whatif.case), fresh)


def _as_usual(whatif: WhatIf, case: Case, fresh: Iterable[Setting]) -> WhatIf:
    """Return a what-if in which what is set to the default of a policy that the case lacks is as when it was added."""
    for one in fresh:
        steps = one.steps
        if steps[0] != "policies" or len(steps) != 3 or str(steps[1]) in case.spec().policies:
            continue
        model = catalogue().get(kind_of_policy(whatif, case, str(steps[1])))
        info = model.model_fields.get(str(steps[2])) if model is not None else None
        if model is None or info is None or info.is_required() or not _same(plain_of(_default(info)), one.value):
            continue
        usual = usual_value(model, str(steps[2]))
        whatif = whatif.unset(one.path) if usual is None else whatif.set(one.path, usual)
    return whatif


def _default(info: Any) -> Any:
    return info.get_default(call_default_factory=True)


def drop_own(whatif: WhatIf, cases: Cases, paths: Iterable[str]) -> WhatIf:
    """Return a what-if without those of some settings whose value is the case's own."""
    case, looked = cases.named(whatif.case), set(paths)
    same = {one.path for one in whatif.settings if one.path in looked and _same(own_value(case, one.path), one.value)}
    return replace(whatif, settings=tuple(one for one in whatif.settings if one.path not in same)) if same else whatif


def _same(own: Plain | Absent, value: Plain) -> bool:
    """Whether two values say the same: numbers by size, a truth value never as a number."""
    if isinstance(own, bool) or isinstance(value, bool):
        return own is value
    if isinstance(own, str) and isinstance(value, list):  # one city, as a list of one
        return value == [own]
    if isinstance(own, list) and isinstance(value, list):
        return len(own) == len(value) and all(_same(one, two) for one, two in zip(own, value, strict=True))
    return own is not ABSENT and own == value
