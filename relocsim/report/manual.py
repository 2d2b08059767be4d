"""The catalogue of policies, generated from their classes: levers, fields with units and ranges, an example as YAML."""

from __future__ import annotations

from typing import Any

import pandas as pd
import yaml

from relocsim.errors import Problem, SpecError
from relocsim.policies import Policy, catalogue
from relocsim.spec.words import near
from relocsim.world.levers import LEVERS

_COMMON = ("on", "start", "end", "intensity", "note", "lawful")
"""Fields of every policy, shown last."""


def policy_class(kind: str) -> type[Policy]:
    """Return the class of a kind of policy (written with - or _); SpecError if there is none."""
    name = kind.replace("-", "_")
    if name not in catalogue():
        hint = near(name, catalogue()) or f"kinds are {', '.join(catalogue())}"
        raise SpecError([Problem(f"there is no kind of policy {kind!r}", hint=hint)])
    return catalogue()[name]


def policy_list() -> pd.DataFrame:
    """Return one row a kind of policy: title, Chinese title, levers, the first line of its description."""
    rows = [
        (kind, cls.title, cls.title_zh, ", ".join(cls.moves), (cls.__doc__ or "").strip().splitlines()[0])
        for kind, cls in catalogue().items()
    ]
    return pd.DataFrame(rows, columns=["kind", "title", "title_zh", "levers", "summary"])


def lever_table(cls: type[Policy]) -> pd.DataFrame:
    """Return one row a lever that a policy moves: unit, how several changes combine, where it enters the model."""
    rows = [(name, LEVERS[name].unit, LEVERS[name].combine, LEVERS[name].enters) for name in cls.moves]
    return pd.DataFrame(rows, columns=["lever", "unit", "combines", "enters"])


def field_table(cls: type[Policy]) -> pd.DataFrame:
    """Return one row a field: its unit, range, default (`required` where it has none) and meaning; own fields first."""
    shape = cls.model_json_schema()
    names = [name for name in shape["properties"] if name not in (*_COMMON, "kind")]
    rows = [_field_row(name, shape) for name in [*names, *_COMMON]]
    return pd.DataFrame(rows, columns=["field", "unit", "range", "default", "meaning"])


def _field_row(name: str, shape: dict[str, Any]) -> tuple[str, str, str, str, str]:
    entry = shape["properties"][name]
    inner = _number_of(entry)
    default = "required" if name in shape.get("required", []) else _in_words(entry.get("default"))
    return name, inner.get("unit", ""), _range(inner), default, " ".join(entry.get("description", "").split())


def _number_of(entry: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of the number behind a field: its own, or that of the values of a mapping."""
    values = entry.get("additionalProperties")
    return values if isinstance(values, dict) else entry


def _range(entry: dict[str, Any]) -> str:
    if "items" in entry and "enum" in entry["items"]:
        return " | ".join(entry["items"]["enum"])
    ends = [entry.get(key) for key in ("minimum", "exclusiveMinimum", "maximum")]
    low = f"{ends[0]:g}" if ends[0] is not None else (f"above {ends[1]:g}" if ends[1] is not None else "")
    return f"{low} to {ends[2]:g}" if ends[2] is not None else low


def _in_words(value: object) -> str:
    if value is None or value in ([], {}, ""):
        return "none"
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def example(cls: type[Policy]) -> str:
    """Return the example of a policy as YAML, as it stands in a scenario."""
    name = str(cls.example["kind"]).replace("_", "-")
    entry = {key: list(value) if isinstance(value, tuple) else value for key, value in cls.example.items()}
    return yaml.safe_dump({"policies": {name: entry}}, sort_keys=False, allow_unicode=True)
