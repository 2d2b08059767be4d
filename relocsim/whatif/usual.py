"""What a kind of policy usually is: defaults of its schema, and the ranges that its documentation gives what is not known.

This module refuses to know any scenario.
"""

from __future__ import annotations

import re
from typing import Any

from pydantic.fields import FieldInfo

from relocsim.policies import Policy
from relocsim.spec.nodes import Plain

OUTLAYS = re.compile(r"(^|_)(outlay|cost|upkeep|grant)(_|$)")
"""Fields that say what a policy costs, or brings in."""
_ASSUMED = re.compile(r"assumed[^(;]*\(([\d.,]+) to ([\d.,]+)")
_EFFECTS = frozenset({
    "approval_cut", "fee_cut", "more_expansions", "fewer_departures", "familiarity", "contacts", "coverage", "withheld",
    "pooled_subsidy", "better_known", "customs_cut", "bonded_cut", "through_share", "wage_growth", "rent_growth",
    "clearance_factor", "park_share", "service_fee", "gain", "power_cut", "resource_cut", "floor_ratio", "presence",
    "talent", "survival",
})  # fmt: skip
"""Fields that say what a policy achieves, which nobody chooses."""


def usual_range(info: FieldInfo) -> tuple[float, float] | None:
    """Return the range that the documentation of a field gives its default; none where it gives none."""
    found = _ASSUMED.search(documentation(info))
    if found is None:
        return None
    low, high = (float(text.replace(",", "").rstrip(".")) for text in found.groups())
    return low, high


def documentation(info: FieldInfo) -> str:
    """Return the documentation of a field on one line."""
    return " ".join((info.description or "").split())


def usual_value(model: type[Policy], field: str) -> dict[str, Plain] | None:
    """Return the default of a number that is not known, with its range; none where it is a choice or has no range."""
    info = model.model_fields[field]
    ends = usual_range(info)
    if ends is None or not (OUTLAYS.search(field) or field in _EFFECTS):
        return None
    value: Any = info.get_default()
    if not ends[0] <= value <= ends[1] or ends[0] == ends[1]:
        return None
    return {"value": value, "grade": "assumed", "range": [*ends], "source": documentation(info)}
