"""What makes a batch this batch: versions, code, scenario, plan; and what differs where another is asked for.

A run is its point's digest (the resolved specification), its seed and replicate, and the code that plays it. This module
refuses to write anything.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from relocsim.batch.plan import Plan
from relocsim.spec import Spec
from relocsim.spec.digest import text_digest

_RELEASES = ("numpy", "scipy", "pyarrow")
"""Whose releases may change bits."""
_ABOVE = (
    "answers", "calibration", "report", "cli.py", "cli_answers.py", "cli_batch.py", "cli_calibrate.py", "terminal.py",
    "__main__.py",
)  # fmt: skip
_READING = ("batch/stored.py", "batch/summaries.py")
"""Parts of the package that play no run and store none."""
_MOST = 5
"""Differences that are named one by one."""


@cache
def code_digest() -> str:
    """Return the SHA-256 of all code of the package that a run may depend on."""
    package = Path(__file__).parents[1]
    sums = hashlib.sha256()
    for path in sorted(package.rglob("*.py"), key=lambda one: one.relative_to(package).as_posix()):
        name = path.relative_to(package)
        if name.parts[0] not in _ABOVE and name.as_posix() not in _READING:
            sums.update(f"{name.as_posix()}\n".encode() + path.read_bytes().replace(b"\r\n", b"\n"))
    return sums.hexdigest()


def code_version() -> dict[str, str]:
    """Return the version, the code and the releases that bits may depend on."""
    return {"relocsim": version("relocsim"), "code": code_digest(), **{name: version(name) for name in _RELEASES}}


def identity_of(plan: Plan, spec: Spec, resolved: str) -> dict[str, Any]:
    """Return what all runs of a batch share; `resolved` is the text of the scenario, factors as written."""
    record = plan.record.model_dump(mode="json")
    return {
        **code_version(),
        "scenario digest": text_digest(resolved.encode()),
        "seed": spec.scenario.seed,
        "inputs": plan.inputs,
        "record": {**record, "stage": plan.record.stage or spec.scenario.study.stage},
    }


def identity_differences(held: Mapping[str, Any], wanted: Mapping[str, Any], old: str, new: str) -> list[str]:
    """Return what differs between two batches, in words; `old` and `new` are the texts of their scenarios."""
    told = []
    for key, value in wanted.items():
        if held.get(key) == value:
            continue
        if key == "scenario digest":
            told += [f"scenario: {one}" for one in differences(json.loads(old), json.loads(new))]
        elif isinstance(value, dict):
            told += [f"{key}: {one}" for one in differences(held.get(key, {}), value)]
        else:
            told.append(f"{key} is {_short(value)}, was {_short(held.get(key))}")
    return told


def differences(old: Any, new: Any) -> list[str]:
    """Return the first entries in which two plain values differ, in words."""
    found = list(_differing(old, new, ""))
    more = [f"and {len(found) - _MOST} more"] if len(found) > _MOST else []
    return [f"{path} is {_short(is_)}, was {_short(was)}" for path, was, is_ in found[:_MOST]] + more


def _differing(old: Any, new: Any, path: str) -> Iterator[tuple[str, Any, Any]]:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted(old.keys() | new.keys()):
            yield from _differing(old.get(key), new.get(key), f"{path}.{key}" if path else str(key))
    elif old != new:
        yield path, old, new


def _short(value: object) -> str:
    text = "nothing" if value is None else str(value)
    if len(text) == 64 and set(text) <= set("0123456789abcdef"):
        return text[:12]
    return text if len(text) <= 60 else f"{text[:57]}..."
