"""Entries of a loaded specification set to other values, many times over and without reading a file again.

What comes out is what `load` gives with the same entries as settings: same values, same digest, where all are set.
Values are judged by the models that hold them and by nothing else: cross-checks are for `load`.
This module refuses to read text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from pydantic import BaseModel, ValidationError

from relocsim.errors import Problem, SpecError
from relocsim.sources import Register
from relocsim.spec.changes import PARTS
from relocsim.spec.digest import Fingerprints
from relocsim.spec.nodes import Scalar, Step, Steps, dotted
from relocsim.spec.specification import Spec
from relocsim.spec.words import expected

Values = Mapping[Steps, Scalar]
"""What entries are set to, by path."""


class Assigner:
    """Sets entries of one specification; register and texts of what stays are made once.

    `paths` are all entries that will ever be set: none of them is drawn, wherever it is not set either.
    """

    def __init__(self, spec: Spec, paths: Iterable[Steps]) -> None:
        self.base = without_ranges(spec, paths)
        self._prints = Fingerprints.beside(spec.scenario, spec.world, spec.policies, self.base.register)

    def text(self) -> str:
        """Return everything in the specification that can change a result, as JSON."""
        base = self.base
        return self._prints.text(base.scenario, base.world, base.policies, base.register)

    def spec(self, values: Values) -> Spec:
        """Return the specification with these values; SpecError where a model refuses one."""
        return assigned(self.base, values)

    def digest(self, values: Values) -> str:
        """Return the digest of the same."""
        spec = self.spec(values)
        return self._prints.digest(spec.scenario, spec.world, spec.policies, spec.register)


def without_ranges(spec: Spec, paths: Iterable[Steps]) -> Spec:
    """Return a specification in which some entries have no range, so that they are not drawn."""
    set_ = {dotted(steps) for steps in paths}
    kept = {path: entry for path, entry in spec.register.inputs.items() if path not in set_}
    return spec if len(kept) == len(spec.register) else replace(spec, register=Register(kept, spec.register.joint))


def assigned(spec: Spec, values: Values) -> Spec:
    """Return a specification with entries set; parts in which nothing is set are shared. The register is left alone."""
    tops: dict[str, dict[Steps, Scalar]] = {}
    for steps, value in values.items():
        top, rest = (str(steps[0]), steps[1:]) if steps[0] in ("policies", "scenario") else ("world", steps)
        tops.setdefault(top, {})[rest] = value
    parts: Any = {
        top: _placed(getattr(spec, top), inside, () if top == "world" else (top,)) for top, inside in tops.items()
    }
    return replace(spec, **parts)


def value_at(spec: Spec, steps: Steps) -> Any:
    """Return the value of an entry of a specification."""
    part: Any = spec.world if steps[0] in PARTS else spec
    for step in steps:
        part = _child(part, step)
    return part


def _child(part: Any, step: Step) -> Any:
    indexed: Any = part
    return indexed[step] if isinstance(part, Mapping | tuple | list) else getattr(part, str(step))


def _placed(part: Any, values: Mapping[Steps, Scalar], way: Steps) -> Any:
    """Return a part with what is set inside it; `way` is its path."""
    below: dict[Step, dict[Steps, Scalar]] = {}
    for steps, value in values.items():
        below.setdefault(steps[0], {})[steps[1:]] = value
    changed: Any = {
        step: inside[()] if () in inside else _placed(_child(part, step), inside, (*way, step))
        for step, inside in below.items()
    }
    if isinstance(part, BaseModel):
        leaf = any(() in inside for inside in below.values())
        return _checked(part, changed, way) if leaf else part.model_copy(update=changed)
    if isinstance(part, Mapping):
        return {**part, **changed}
    return tuple(changed.get(at, item) for at, item in enumerate(part))


def _checked(part: BaseModel, changed: Mapping[Step, Any], way: Steps) -> BaseModel:
    """Return a model with some fields set, as the model itself judges them."""
    fields = {name: getattr(part, name) for name in type(part).model_fields}
    try:
        return type(part).model_validate({**fields, **changed})
    except ValidationError as error:
        details = error.errors(include_url=False)
        problems = [Problem(expected(d), path=dotted((*way, *_plain_steps(d["loc"])))) for d in details]
        raise SpecError(problems) from None


def _plain_steps(location: Iterable[int | str]) -> Steps:
    return tuple(location)[:1]
