"""One JSON Schema of scenario files, for editors that complete and check while one writes.

Made from the models, so that it cannot fall behind them; `relocsim.spec.load` checks more. This module refuses to
validate.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import TypeAdapter

from relocsim.policies import catalogue
from relocsim.sources import Grade
from relocsim.spec.changes import PARTS
from relocsim.spec.files import FORMAT
from relocsim.spec.ranges import FORMS
from relocsim.spec.scenario import Scenario
from relocsim.world.description import WorldDescription

Json = dict[str, Any]
_VALUES = ("default", "const", "enum")
"""Keys of a schema that hold values and not schemas."""


def schema() -> Json:
    """Return the JSON Schema (draft 2020-12) of scenario files."""
    definitions: Json = {"quantity": _quantity()}
    scenario = _described(Scenario, definitions, "scenario.", _plain)
    kinds = {kind: _described(model, definitions, f"{kind}.", _with_quantities) for kind, model in catalogue().items()}
    world = _described(WorldDescription, definitions, "world.", lambda entry: _partial(_with_quantities(entry)))
    properties: Json = {
        "format": {"const": FORMAT, "description": "Version of the file format."},
        "kind": {"const": "scenario"},
        "extends": {"type": "string", "description": "Scenario file over which this one is laid."},
        "world": {"type": "string", "description": "World file, relative to this one."},
        "estimates": {
            "type": "array",
            "items": {"type": "string"},
            "description": "Files of estimated parameters, relative to this one, laid over the world and under `override`.",
        },
        "posterior": {
            "type": "string",
            "description": "Posterior of a calibration, relative to this one, whose rows replicates draw inputs by.",
        },
        "scenario": scenario,
        "policies": {"type": "object", "additionalProperties": _any_policy(kinds)},
        "override": _override(world),
    }
    partial = _partial(scenario)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "relocsim scenario",
        "type": "object",
        "properties": {**properties, "scenario": partial},
        "required": ["format", "kind"],
        "additionalProperties": False,
        "if": {"required": ["extends"]},
        "else": {"required": ["world", "scenario"], "properties": {"scenario": {"required": scenario["required"]}}},
        "$defs": definitions,
    }


def _described(model: Any, definitions: Json, prefix: str, change: Callable[[Json], Json]) -> Json:
    """Return the schema of a model; what it refers to goes to `definitions` under names of its own."""
    found = TypeAdapter(model).json_schema(ref_template=f"#/$defs/{prefix}{{model}}")
    definitions |= {f"{prefix}{name}": _walk(entry, change) for name, entry in found.pop("$defs", {}).items()}
    return _walk(found, change)


def _walk(entry: Any, change: Callable[[Json], Json]) -> Any:
    """Return a schema with `change` made to it and to every schema in it, innermost first."""
    if isinstance(entry, list):
        return [_walk(item, change) for item in entry]
    if not isinstance(entry, dict):
        return entry
    return change({key: value if key in _VALUES else _walk(value, change) for key, value in entry.items()})


def _plain(entry: Json) -> Json:
    return entry


def _with_quantities(entry: Json) -> Json:
    """Return a number's schema so that the full form is allowed too."""
    if not isinstance(entry.get("unit"), str) or entry.get("type") not in ("number", "integer"):
        return entry
    about = {key: value for key, value in entry.items() if key in ("title", "description", "default")}
    bare = {key: value for key, value in entry.items() if key not in about}
    return {**about, "anyOf": [bare, {"$ref": "#/$defs/quantity"}]}


def _partial(entry: Json) -> Json:
    """Return a schema in which no key is required."""
    return {key: value for key, value in entry.items() if not (key == "required" and isinstance(value, list))}


def _any_policy(kinds: Json) -> Json:
    """Return the schema of an entry under `policies`: complete by kind, or a change to one that is extended."""
    complete = {"required": ["kind"], "oneOf": list(kinds.values())}
    return {"anyOf": [complete, {"type": "object", "not": {"required": ["kind"]}}]}


def _override(world: Json) -> Json:
    parts = {part: world["properties"][part] for part in PARTS}
    about = "Numbers of the world changed here; what is set is assumed and has no range unless one is given."
    return {"type": "object", "description": about, "properties": parts, "additionalProperties": False}


def _quantity() -> Json:
    """Return the schema of a number in its full form."""
    ends = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}
    return {
        "type": "object",
        "description": "A number with unit, source, grade and range.",
        "properties": {
            "value": {"type": "number"},
            "unit": {"type": "string"},
            "source": {"type": "string"},
            "grade": {"enum": [str(grade) for grade in Grade]},
            "range": {"description": FORMS, "anyOf": [ends, {"type": "string"}]},
            "note": {"type": "string"},
        },
        "required": ["value"],
        "additionalProperties": False,
    }
