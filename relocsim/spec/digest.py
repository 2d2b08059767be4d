"""A fingerprint of a resolved specification. This module refuses to look at files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from pydantic import BaseModel

from relocsim.policies import Policy
from relocsim.sources import Register
from relocsim.spec.scenario import Scenario
from relocsim.world.description import WorldDescription

_UNORDERED = frozenset({"lacks", "ports", "city", "sectors", "classes", "components", "lines", "packages"})
"""Fields whose lists are sets: their order says nothing."""


_UNTOLD = {"note", "question", "name_zh", "question_zh"}
"""Words to readers, which change no result."""


def digest_of(scenario: Scenario, world: WorldDescription, policies: Mapping[str, Policy], register: Register) -> str:
    """Return the SHA-256 of everything that can change a result: values and ranges (sources and notes cannot)."""
    return Fingerprints().digest(scenario, world, policies, register)


def text_digest(content: bytes) -> str:
    """Return the SHA-256 of a content."""
    return hashlib.sha256(content).hexdigest()


class Fingerprints:
    """Digests of many specifications that share most parts with a first one, whose texts are kept.

    The text is one JSON object with sorted keys, whoever made its parts.
    """

    def __init__(self) -> None:
        self._kept: dict[tuple[int, str], tuple[object, str]] = {}
        """Texts by the identity of their part, with the part, which must not be freed meanwhile."""
        self._learning = False

    @classmethod
    def beside(
        cls, scenario: Scenario, world: WorldDescription, policies: Mapping[str, Policy], register: Register
    ) -> Fingerprints:
        """Return fingerprints of specifications beside a first one."""
        prints = cls()
        prints._learning = True
        prints.text(scenario, world, policies, register)
        prints._learning = False
        return prints

    def digest(
        self, scenario: Scenario, world: WorldDescription, policies: Mapping[str, Policy], register: Register
    ) -> str:
        """Return the SHA-256 of a specification."""
        return hashlib.sha256(self.text(scenario, world, policies, register).encode()).hexdigest()

    def text(
        self, scenario: Scenario, world: WorldDescription, policies: Mapping[str, Policy], register: Register
    ) -> str:
        """Return everything that can change a result as JSON."""
        part = self._part
        parts = {
            "scenario": part(scenario, "", partial(_unworded, scenario)),
            "world": part(world, "", partial(self._world, world)),
            "policies": _joined({name: part(one, name, partial(_unworded, one)) for name, one in policies.items()}),
            "ranges": part(register, "", partial(_ranges, register)),
        }
        return _joined(parts)

    def _world(self, world: WorldDescription) -> str:
        """Return the text of a world, place by place and sector by sector."""
        texts = {name: self._field(getattr(world, name), name) for name in type(world).model_fields}
        return _joined(texts)

    def _field(self, value: Any, name: str) -> str:
        if name in ("places", "sectors"):
            return _joined({key: self._part(one, key, partial(_text_of, one, key)) for key, one in value.items()})
        return self._part(value, name, partial(_text_of, value, name))

    def _part(self, part: object, name: str, made: Callable[[], str]) -> str:
        known = self._kept.get((id(part), name))
        if known is not None:
            return known[1]
        text = made()
        if self._learning:
            self._kept[id(part), name] = (part, text)
        return text


def _ranges(register: Register) -> str:
    ranges = {entry.path: _text([entry.low, entry.high, entry.log]) for entry in register if entry.ranged}
    return _joined(ranges | ({"posterior": _text(register.joint.digest)} if register.joint else {}))


def _unworded(part: BaseModel) -> str:
    """Return the text of a scenario or a policy without its words to readers."""
    return _text(_canonical(part.model_dump(mode="json", exclude=_UNTOLD), ""))


def _text_of(part: Any, name: str) -> str:
    """Return the text of a model or a plain value that is called `name`."""
    return _text(_canonical(part.model_dump(mode="json") if isinstance(part, BaseModel) else part, name))


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=True, separators=(",", ":"))


def _joined(texts: Mapping[str, str]) -> str:
    """Return the JSON object that is made of the texts of its values."""
    return "{" + ",".join(f"{json.dumps(key)}:{texts[key]}" for key in sorted(texts)) + "}"


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
