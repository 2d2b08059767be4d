"""Plain values become models, or problems at the entries that are wrong.

Pydantic checks strictly, by the rules of JSON: no text for a number, no number for a boolean. This module refuses to
compare entries with each other (see `crosschecks`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from relocsim.errors import Problem
from relocsim.spec.nodes import Node, Plain, Steps, descend, problem
from relocsim.spec.shapes import Number, Record, Shape, below, shape_of
from relocsim.spec.words import advice, expected, found, near

_KEY = "[key]"


@cache
def _adapter(annotation: Any) -> TypeAdapter[Any]:
    return TypeAdapter(annotation)


def validated(annotation: Any, values: Plain, node: Node, steps: Steps = ()) -> tuple[Any, list[Problem]]:
    """Return `values` as what `annotation` says (none if they are not) and what is wrong with them.

    `node` is the tree that the values come from, for positions; `steps` its path.
    """
    try:
        return _adapter(annotation).validate_json(json.dumps(values), strict=True), []
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=True)
        return None, _problems([dict(detail) for detail in details], node, steps, shape_of(annotation))


def accepted(annotation: Any, values: Plain) -> Any:
    """Return `values` as what `annotation` says; none if they are not."""
    try:
        return _adapter(annotation).validate_json(json.dumps(values), strict=True)
    except ValidationError:
        return None


def _problems(details: Sequence[Mapping[str, Any]], node: Node, steps: Steps, shape: Shape) -> list[Problem]:
    """Return one problem an entry; the arms of a union complain together."""
    grouped: dict[Steps, list[Mapping[str, Any]]] = {}
    for detail in details:
        _, taken = descend(node, detail["loc"])
        named = (detail["loc"][-1],) if detail["type"] == "missing" else ()
        grouped.setdefault((*taken, *named), []).append(detail)
    return [_problem(group, node, steps, shape) for group in grouped.values()]


def _problem(group: Sequence[Mapping[str, Any]], root: Node, steps: Steps, shape: Shape) -> Problem:
    """Return the problem of one entry."""
    first = group[0]
    node, taken = descend(root, first["loc"])
    path = (*steps, *taken)
    if first["type"] == "missing":
        return _missing(str(first["loc"][-1]), node, path, _shape_at(shape, taken))
    if first["type"] == "extra_forbidden":
        return _extra(node, path, _shape_at(shape, taken[:-1]))
    if first["loc"][-1:] == (_KEY,):
        message = f"{expected(first)}, found {str(taken[-1])!r}"
        return problem(node.key or node.mark, message, steps=path)
    collapsed = node.is_quantity and not isinstance(first["input"], dict)
    value = node.children["value"] if collapsed else node
    hint = next((words for detail in group if (words := advice(detail, value))), "")
    return problem(value.mark, _complaint(group, value, _shape_at(shape, taken)), steps=path, hint=hint)


def _missing(name: str, node: Node, path: Steps, shape: Shape | None) -> Problem:
    inside = below(shape, name) if shape is not None else None
    unit = f" in {inside.unit}" if isinstance(inside, Number) and inside.unit else ""
    what = "a number" if isinstance(inside, Number) else "..."
    return problem(node.key or node.mark, f"{name!r} is missing", steps=(*path, name), hint=f"add {name}: {what}{unit}")


def _extra(node: Node, path: Steps, shape: Shape | None) -> Problem:
    known = shape.fields if isinstance(shape, Record) else {}
    return problem(node.key or node.mark, f"unknown key {str(path[-1])!r}", steps=path, hint=near(path[-1], known))


def _complaint(group: Sequence[Mapping[str, Any]], node: Node, shape: Shape | None) -> str:
    """Return what was expected and what was found."""
    fitting = [detail for detail in group if _same_form(str(detail["type"]), node)] or list(group)
    complaint = expected(fitting[0])
    if fitting[0]["type"] == "value_error" or not complaint.startswith("expected"):
        return complaint if "found" in complaint else f"{complaint}, found {found(node)}"
    wanted = " or ".join(dict.fromkeys(expected(detail).removeprefix("expected ") for detail in fitting))
    unit = f" ({shape.unit})" if isinstance(shape, Number) and shape.unit else ""
    return f"expected {wanted}{unit}, found {found(node)}"


def _same_form(kind: str, node: Node) -> bool:
    """Whether a complaint is about what stands there, and not about another arm of a union."""
    if isinstance(node.value, list):
        return not kind.startswith("string")
    if isinstance(node.value, str):
        return not kind.startswith(("tuple", "list", "dict"))
    return True


def _shape_at(shape: Shape | None, steps: Steps) -> Shape | None:
    for step in steps:
        shape = below(shape, step) if shape is not None else None
    return shape
