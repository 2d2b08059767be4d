"""What every part of a description is: frozen, complete, checked, with a unit beside each number."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field


def number(
    unit: str, *, ge: float | None = None, gt: float | None = None, le: float | None = None, lt: float | None = None
) -> Any:
    """Return the field declaration of a number in `unit`, with its limits."""
    return Field(ge=ge, gt=gt, le=le, lt=lt, allow_inf_nan=False, json_schema_extra={"unit": unit})


Share = Annotated[float, number("share", ge=0, le=1)]
Name = Annotated[str, Field(min_length=1, max_length=80)]
Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$", max_length=60)]


class Described(BaseModel):
    """Base of every part of a description: complete, checked, unchangeable."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)
