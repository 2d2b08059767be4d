"""The JSON Schema for editors covers every key that scenario files may have."""

import json

from relocsim.policies import catalogue
from relocsim.spec import schema
from relocsim.spec.files import KEYS

SCHEMA = schema()


def references(part: object) -> set[str]:
    if isinstance(part, dict):
        own = {part["$ref"]} if isinstance(part.get("$ref"), str) else set()
        return own.union(*(references(child) for child in part.values()))
    return set().union(*(references(child) for child in part)) if isinstance(part, list) else set()


def test_it_is_json_and_every_reference_leads_somewhere() -> None:
    assert json.loads(json.dumps(SCHEMA)) == SCHEMA
    assert {ref.removeprefix("#/$defs/") for ref in references(SCHEMA)} <= set(SCHEMA["$defs"])


def test_it_has_the_sections_of_a_scenario() -> None:
    assert set(SCHEMA["properties"]) == set(KEYS["scenario"])


def test_it_has_every_kind_of_policy_with_its_fields() -> None:
    complete = SCHEMA["properties"]["policies"]["additionalProperties"]["anyOf"][0]
    kinds = {entry["properties"]["kind"]["const"]: entry for entry in complete["oneOf"]}
    assert set(kinds) == set(catalogue())
    for kind, model in catalogue().items():
        assert set(kinds[kind]["properties"]) == set(model.model_fields)
        assert "description" in kinds[kind]["properties"]["start"]


def test_numbers_with_a_unit_may_be_quantities() -> None:
    complete = SCHEMA["properties"]["policies"]["additionalProperties"]["anyOf"][0]
    parks = next(entry for entry in complete["oneOf"] if entry["properties"]["kind"]["const"] == "park_expansion")
    bare, full = parks["properties"]["land"]["anyOf"]
    assert (bare["type"], bare["unit"]) == ("number", "ha")
    assert full == {"$ref": "#/$defs/quantity"}


def test_an_override_requires_nothing() -> None:
    place = SCHEMA["$defs"]["world.Place"]
    assert "required" not in place
    assert "wage" in place["properties"]
