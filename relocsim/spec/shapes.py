"""What kind of value belongs at each place of a specification, read off the pydantic models.

The models declare type, unit and limits of every field; a shape is that declaration in a form that a tree can be walked
along. This module refuses to know any field by name.
"""

from __future__ import annotations

import types
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, TypeAlias, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from relocsim.spec.nodes import Step


@dataclass(frozen=True)
class Number:
    """A number: its unit and limits."""

    unit: str | None = None
    """Declared unit; none for counts and years, which need no source."""
    low: float | None = None
    """Least value."""
    high: float | None = None
    """Largest value."""
    open_low: bool = False
    """Whether the least value itself is excluded."""
    open_high: bool = False
    """Whether the largest value itself is excluded."""


@dataclass(frozen=True)
class Record:
    """A mapping with fixed keys: a model."""

    model: type[BaseModel]
    """Its model."""

    @property
    def fields(self) -> dict[str, Shape]:
        """Shape of each field."""
        return _fields(self.model)


@dataclass(frozen=True)
class Table:
    """A mapping from ids to values of one shape."""

    item: Shape
    """Shape of its values."""


@dataclass(frozen=True)
class Row:
    """A list of values of one shape."""

    item: Shape
    """Shape of its values."""


@dataclass(frozen=True)
class Other:
    """Text, a date, a choice: nothing that has a unit."""


Shape: TypeAlias = Number | Record | Table | Row | Other


def shape_of(annotation: Any) -> Shape:
    """Return the shape of a type annotation."""
    if get_origin(annotation) is Annotated:
        inner, *notes = get_args(annotation)
        return _limited(shape_of(inner), notes)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return Record(annotation)
    if annotation is float or annotation is int:
        return Number()
    return _composed(annotation)


def _composed(annotation: Any) -> Shape:
    """Return the shape of a dictionary, a tuple or a union (a number in a union counts)."""
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is dict:
        return Table(shape_of(inner[1]))
    if origin is tuple:
        return Row(shape_of(inner[0]))
    if origin in (Union, types.UnionType):
        arms = [shape_of(arm) for arm in inner if arm is not type(None)]
        return next((arm for arm in arms if not isinstance(arm, Other | Row)), Other())
    return Other()


@cache
def _fields(model: type[BaseModel]) -> dict[str, Shape]:
    return {name: _limited(shape_of(info.annotation), [info]) for name, info in model.model_fields.items()}


def _limited(shape: Shape, notes: Sequence[Any]) -> Shape:
    """Return a number with the unit and limits that `notes` declare."""
    if not isinstance(shape, Number):
        return shape
    declared = {name: getattr(shape, name) for name in Number.__dataclass_fields__}
    for info in (note for note in notes if isinstance(note, FieldInfo)):
        extra = info.json_schema_extra
        if isinstance(extra, dict) and "unit" in extra:
            declared["unit"] = extra["unit"]
        for limit in info.metadata:
            declared |= _limit(limit)
    return Number(**declared)


def _limit(limit: Any) -> dict[str, Any]:
    """Return one limit of a field (annotated_types: Ge, Gt, Le, Lt) as entries of a number."""
    found: dict[str, Any] = {}
    for name, end, excluded in (("ge", "low", False), ("gt", "low", True), ("le", "high", False), ("lt", "high", True)):
        bound = getattr(limit, name, None)
        if bound is not None:
            found |= {end: bound, f"open_{end}": excluded}
    return found


def below(shape: Shape, step: Step) -> Shape | None:
    """Return the shape of the child at `step`; none where no such child can be."""
    if isinstance(shape, Record):
        return shape.fields.get(str(step))
    if isinstance(shape, Table) and isinstance(step, str):
        return shape.item
    if isinstance(shape, Row) and isinstance(step, int):
        return shape.item
    return None


def shape_at(shape: Shape | None, steps: Sequence[Step]) -> Shape | None:
    """Return what belongs at the end of a path; none where no such entry can be."""
    for step in steps:
        if shape is None:
            return None
        shape = below(shape, step)
    return shape


def field_names(shape: Shape) -> Iterator[str]:
    """Yield every field name in a shape and below it."""
    if isinstance(shape, Record):
        for name, child in shape.fields.items():
            yield name
            yield from field_names(child)
    elif isinstance(shape, Table | Row):
        yield from field_names(shape.item)
