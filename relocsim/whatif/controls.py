"""Controls of a policy, made from its own schema: one a field, with unit, limits, documentation and what it may be set to.

A new kind of policy has its controls by being there. Names and documentation come in all languages
(`words(control.label)`, `words.documented(control.help)`, `words.name(option)`). This module refuses to draw anything.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from relocsim.errors import Problem
from relocsim.language.policy_fields import field_label
from relocsim.policies import Policy, catalogue
from relocsim.policies.base import Policy as Base
from relocsim.spec import Spec
from relocsim.spec.nodes import Plain
from relocsim.spec.outlays import outlay
from relocsim.spec.shapes import Number, Record, Table
from relocsim.whatif.options import Choice, Option, answers, options_of
from relocsim.whatif.specs import plain_of
from relocsim.whatif.usual import OUTLAYS, documentation, usual_range

_WHEN, _WHERE = ("start", "end", "intensity"), ("city", "assigned", "origins", "owners", "sectors", "classes", "lines")
_WORDS = ("note", "lawful")


@dataclass(frozen=True)
class Control:
    """One field of a policy as something to set."""

    path: str
    """Path of the entry that it sets."""
    kind: str
    """`switch`, `share` (a number from 0 to 1), `number`, `date` (a quarter), `choice` (one of the options), `several` (any
    of the options), `table` (numbers by option), `assignment` (columns by option) or `text`."""
    part: str
    """What it says of the policy: `on`, `when`, `where`, `size`, `cost`, or `about` (note, lawfulness)."""
    label: str
    """Name, a message."""
    help: str
    """Documentation in English (`Words.documented` gives it in any language)."""
    value: Plain
    """What holds, as a file would write it."""
    default: Plain = None
    """What holds where nobody says; none where it must be said."""
    required: bool = False
    """Whether it must be said."""
    optional: bool = False
    """Whether it may be none."""
    unit: str = ""
    """Unit of a number (`language.units.unit_label` writes it in any language)."""
    low: float | str | None = None
    """Least value, of a date the first quarter of the scenario; none: no limit."""
    high: float | str | None = None
    """Largest value, of a date the last quarter of the scenario; none: no limit."""
    open_low: bool = False
    """Whether the least value itself is not allowed."""
    step: float | None = None
    """A step that shows: a tenth of the leading digit, a hundredth for shares."""
    usual: tuple[float, float] | None = None
    """Range that its documentation gives what is assumed."""
    options: tuple[Choice, ...] = ()
    """What a choice, a table or an assignment is of."""
    columns: tuple[Choice, ...] = ()
    """What an assignment assigns."""
    source: str = ""
    """Where its number comes from, where the scenario says."""
    grade: str = ""
    """How well founded the number is."""
    range: tuple[float, float] | None = None
    """Range from which replicates draw it; none: it holds as it is."""

    @property
    def drawn(self) -> bool:
        """Whether replicates draw it: it is no choice, but not known; what is set in its place is a belief."""
        return self.range is not None


def controls(spec: Spec, policy: str) -> tuple[Control, ...]:
    """Return the controls of a policy of a specification, one a field, in the order of its schema; KeyError if unknown."""
    found = spec.policies[policy]
    fields = type(found).model_fields
    own = [name for name in fields if name not in Base.model_fields and name not in ("kind", "city")]
    order = [name for name in ("on", "start", "end", "city", *own, "intensity", "lawful", "note") if name in fields]
    return tuple(_control(spec, policy, found, name) for name in order)


def outlay_of(spec: Spec, policy: str) -> float:
    """Return what a policy itself costs all its cities over the run, 1e8 yuan; incentives are paid as firms come."""
    return outlay(spec, spec.policies[policy])


def about(kind: str) -> str:
    """Return what a kind of policy is, in a sentence of its documentation (`Words.documented` gives it in any language)."""
    return " ".join((catalogue()[kind].__doc__ or "").strip().split("\n\n")[0].split())


def by_path(problems: list[Problem], paths: Mapping[str, Any] | tuple[str, ...]) -> dict[str, list[Problem]]:
    """Return problems by the path of the control that they belong to: the longest that leads to them, else nothing."""
    told: dict[str, list[Problem]] = {}
    for one in problems:
        outer = [path for path in paths if one.path == path or one.path.startswith((f"{path}.", f"{path}["))]
        told.setdefault(max(outer, key=len, default=""), []).append(one)
    return told


def _control(spec: Spec, policy: str, found: Policy, name: str) -> Control:
    info = type(found).model_fields[name]
    path = f"policies.{policy}.{name}"
    value = plain_of(getattr(found, name))
    if name == "city" and isinstance(value, str):
        value = [value]
    required = info.is_required()
    default = None if required else plain_of(info.get_default(call_default_factory=True))
    bare, optional = _bare(info.annotation)
    told: dict[str, Any] = {"required": required, "optional": optional, "default": default, "value": value}
    entry = spec.register.inputs.get(path)
    if entry is not None:
        ends = (float(entry.low or 0.0), float(entry.high or 0.0)) if entry.ranged else None
        told |= {"source": entry.source, "grade": str(entry.grade), "range": ends}
    form = _form(spec, type(found), name, bare)
    if form["kind"] in ("number", "share"):
        form["step"] = 0.01 if form["kind"] == "share" else _step(value, default)
    told_of = documentation(info)
    label = field_label(str(getattr(found, "kind", "")), name)
    return Control(path=path, part=_part(name), label=label, help=told_of, usual=usual_range(info), **told, **form)


def _part(name: str) -> str:
    for part, names in (("on", ("on",)), ("when", _WHEN), ("where", _WHERE), ("about", _WORDS)):
        if name in names:
            return part
    return "cost" if OUTLAYS.search(name) else "size"


def _bare(annotation: Any) -> tuple[Any, bool]:
    """Return an annotation without notes and none, and whether it allows none."""
    if get_origin(annotation) is Annotated:
        return _bare(get_args(annotation)[0])
    arms = get_args(annotation) if get_origin(annotation) in (Union, UnionType) else ()
    kept = [arm for arm in arms if arm is not NoneType]
    if NoneType in arms and len(kept) == 1:
        return _bare(kept[0])[0], True
    return annotation, False


def _form(spec: Spec, model: type[Policy], name: str, bare: Any) -> dict[str, Any]:
    """Return what kind of control a field has, and what belongs to the kind."""
    shape = Record(model).fields[name]
    origin = get_origin(bare)
    if isinstance(shape, Number):
        share = shape.unit == "share" and shape.low == 0 and shape.high == 1
        limits = {"low": shape.low, "high": shape.high, "open_low": shape.open_low}
        return {"kind": "share" if share else "number", "unit": shape.unit or "", **limits}
    if bare is bool:
        is_answer = _bare(model.model_fields[name].annotation)[1]
        return {"kind": "choice", "options": answers()} if is_answer else {"kind": "switch"}
    if isinstance(bare, type) and bare.__name__ == "Quarter":
        return {"kind": "date", "low": str(spec.scenario.start), "high": str(spec.scenario.end)}
    if isinstance(shape, Table) or origin is dict:
        return _by_option(spec, name, shape)
    offered = options_of(spec, name)
    if origin is tuple or origin in (Union, UnionType):
        return {"kind": "several", "options": offered}
    if offered or origin is Literal or (isinstance(bare, type) and issubclass(bare, Enum)):
        return {"kind": "choice", "options": offered or tuple(Option(one, one, one) for one in get_args(bare))}
    return {"kind": "text"}


def _by_option(spec: Spec, name: str, shape: Any) -> dict[str, Any]:
    item = shape.item if isinstance(shape, Table) else None
    if isinstance(item, Number):
        limits = {"low": item.low, "high": item.high, "open_low": item.open_low, "unit": item.unit or ""}
        return {"kind": "table", "options": options_of(spec, "sectors"), **limits}
    return {"kind": "assignment", "options": options_of(spec, name), "columns": options_of(spec, "sectors")}


def _step(value: Plain, default: Plain) -> float:
    """Return a tenth of the unit of the leading digit of a value, or of its default where it is zero."""
    sizes = [abs(float(one)) for one in (value, default) if isinstance(one, int | float) and one]
    return float(f"{10.0 ** (math.floor(math.log10(sizes[0])) - 1):.6g}") if sizes else 0.1
