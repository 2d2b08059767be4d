"""A tiny world that every test may run on, and ways to vary it.

One origin (alpha), the city under study (beta), its rival (gamma), a hub (delta) and inland investors (inland); three
sectors; a railway, a high-speed line that opens at the end of 2009, a planned line and a river.
"""

from __future__ import annotations

import shutil
from pathlib import Path

TOY = Path(__file__).parent
SCENARIO = TOY / "toy.yaml"
FILES = ("toy", "world", "places", "sectors", "network", "parameters")


def copied(to: Path, *changes: tuple[str, str, str]) -> Path:
    """Copy the toy world to a folder with `changes` (file, old text, new text: once each); return the scenario."""
    for name in FILES:
        shutil.copy(TOY / f"{name}.yaml", to)
    for name, old, new in changes:
        path = to / f"{name}.yaml"
        text = path.read_text("utf-8")
        assert old in text, f"{old!r} is not in {path.name}"
        path.write_text(text.replace(old, new, 1), "utf-8")
    return to / "toy.yaml"


def extending(to: Path, body: str, name: str = "variant.yaml") -> Path:
    """Write a scenario that extends the toy scenario."""
    path = to / name
    path.write_text(f"format: 1\nkind: scenario\nextends: {SCENARIO}\n{body}", "utf-8")
    return path
