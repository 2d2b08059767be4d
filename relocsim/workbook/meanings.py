"""What a field is, in Chinese and English, for the column that explains it; and which words may stand there.

English comes from the documentation of the models themselves. This module refuses to open workbooks.
"""

from __future__ import annotations

import enum
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import yaml
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from relocsim.policies import catalogue
from relocsim.spec.nodes import Steps
from relocsim.spec.shapes import Record, Row, Shape, Table, below, shape_at


@cache
def chinese() -> dict[str, str]:
    """Return Chinese names of fields; those of the rest are in the manual in English alone."""
    text = Path(__file__).with_name("chinese.yaml").read_text(encoding="utf-8")
    return {str(name): str(word) for name, word in yaml.safe_load(text).items()}


def field_of(shape: Shape | None, steps: Steps) -> FieldInfo | None:
    """Return the declaration of the last field on a path."""
    found: FieldInfo | None = None
    for step in steps:
        if isinstance(shape, Record):
            found = shape.model.model_fields.get(str(step), found)
        shape = below(shape, step) if shape is not None else None
        if shape is None:
            break
    return found


def meaning(shape: Shape | None, steps: Steps) -> str:
    """Return what a field is: its Chinese name, and the first sentence of its documentation."""
    named = [str(step) for step in steps if isinstance(step, str)]
    known = chinese()
    own = next((known[word] for word in reversed(named) if word in known), "")
    declared = field_of(shape, steps)
    english = " ".join((declared.description or "").split()) if declared else ""
    inner = f" [{named[-1]}]" if len(named) > 1 and named[-1] not in known and isinstance(shape, Record | Table) else ""
    return f"{own} {english}{inner}".strip()


def choices(shape: Shape | None, steps: Steps) -> tuple[str, ...]:
    """Return the words among which a field is chosen; none where any may stand."""
    declared = field_of(shape, steps)
    at = shape_at(shape, steps)
    if declared is None or isinstance(at, Row | Record | Table):
        return ()
    return _words(declared.annotation)


def _words(annotation: Any) -> tuple[str, ...]:
    if annotation is bool:
        return ("TRUE", "FALSE")
    if isinstance(annotation, type) and issubclass(annotation, enum.Enum):
        return tuple(str(one.value) for one in annotation)
    if get_origin(annotation) is Literal:
        return tuple(str(one) for one in get_args(annotation))
    if get_origin(annotation) is Annotated:
        return _words(get_args(annotation)[0])
    if get_origin(annotation) is Union or str(get_origin(annotation)) == "<class 'types.UnionType'>":
        arms = [_words(arm) for arm in get_args(annotation) if arm is not type(None)]
        return arms[0] if len(arms) == 1 else ()
    return ()


def policy_shape(kind: object) -> Shape | None:
    """Return what belongs in a policy of a kind; none where there is no such kind."""
    model: type[BaseModel] | None = catalogue().get(kind) if isinstance(kind, str) else None
    return Record(model) if model is not None else None
