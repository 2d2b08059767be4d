"""The worlds and scenarios of the project are sound, and load fast."""

import time
from pathlib import Path

import pytest

from relocsim.spec import check, load

SCENARIOS = Path(__file__).parent.parent / "scenarios"
FILES = sorted(SCENARIOS.rglob("*.yaml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SCENARIOS)))
def test_a_file_of_the_project_is_sound(path: Path) -> None:
    assert check(path) == []


def test_the_chenzhou_scenario_loads_fast() -> None:
    load(SCENARIOS / "chenzhou.yaml")
    start = time.process_time()
    spec = load(SCENARIOS / "chenzhou.yaml")
    assert time.process_time() - start < 0.6
    assert spec.scenario.study.city == "chenzhou"
    assert len(spec.register.ranged()) > 1000
