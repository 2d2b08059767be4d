"""Plans on the toy world for tests of batches: a few hundred milliseconds each."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[1]
TOY = ROOT / "tests" / "toy" / "toy.yaml"
SMALL = {"scenario.firms": 100, "scenario.end": "2010-Q1"}
LEVERS = {
    "factors": {
        "incentives": {"policy": "incentives"},
        "subsidy": {"path": "policies.incentives.capital_subsidy", "levels": [0.05, 0.2]},
    }
}
RECORD = {
    "observables": ["intentions", "capture"],
    "flows": ["investment", "jobs"],
    "stage": "intention",
    "detail": "quarter",
}
RUNS = 12
"""Of the plan as it is: three points beside none, three replicates each."""
START = {"policies.incentives.start": "2008-Q2"}


def plan_file(folder: Path, name: str = "plan.yaml", **entries: Any) -> Path:
    """Write a plan on the toy world and return its file; an entry that is None is left out."""
    content: dict[str, Any] = {
        "format": 1, "kind": "plan", "scenario": os.path.relpath(TOY, folder), "settings": {**SMALL, **START},
        "levers": LEVERS, "replicates": 3, "record": RECORD,
    }  # fmt: skip
    content = {key: value for key, value in {**content, **entries}.items() if value is not None}
    path = folder / name
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    return path


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder by its name."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def command(plan: Path, out: Path, *options: str, part_size: int = 4) -> subprocess.Popen[str]:
    """Start `relocsim batch` in a process of its own, with small parts."""
    code = (
        "import sys, relocsim.batch.opening as opening\n"
        f"opening._part_size = lambda reader: {part_size}\n"
        "from relocsim.cli import main\n"
        "main()\n"
    )
    arguments = [sys.executable, "-c", code, "batch", str(plan), "--out", str(out), *options]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, start_new_session=True,
        preexec_fn=hear_control_c if sys.platform != "win32" else None,
    )  # fmt: skip


def hear_control_c() -> None:
    """Undo what a shell does to what it starts in the background, which is deaf to Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
