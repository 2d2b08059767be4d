"""A fingerprint of a resolved specification. This module refuses to look at files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from relocsim.policies import Policy
from relocsim.sources import Register
from relocsim.spec.scenario import Scenario
from relocsim.world.description import WorldDescription

_UNORDERED = frozenset({"lacks", "ports", "city", "sectors", "classes", "components", "lines", "packages"})
"""Fields whose lists are sets: their order says nothing."""


def digest_of(scenario: Scenario, world: WorldDescription, policies: Mapping[str, Policy], register: Register) -> str:
    """Return the SHA-256 of everything that can change a result: values and ranges (sources cannot)."""
    content = {
        "scenario": scenario.model_dump(mode="json"),
        "world": world.model_dump(mode="json"),
        "policies": {name: policy.model_dump(mode="json") for name, policy in policies.items()},
        "ranges": {entry.path: [entry.low, entry.high, entry.log] for entry in register if entry.ranged},
    }
    text = json.dumps(_canonical(content, ""), sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _canonical(value: Any, name: str) -> Any:
    """Return `value` with the lists that are sets sorted; a single city is a list of one."""
    if isinstance(value, dict):
        inherited = name if name == "packages" else ""
        return {key: _canonical(child, inherited or key) for key, child in value.items()}
    if isinstance(value, str) and name == "city":
        return [value]
    if isinstance(value, list):
        items = [_canonical(item, "") for item in value]
        return sorted(items) if name in _UNORDERED else items
    return value
