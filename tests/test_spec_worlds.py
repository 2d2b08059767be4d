"""The worlds and scenarios of the project are sound, and load fast."""

from pathlib import Path

import pytest

from relocsim.spec import check, load

SCENARIOS = Path(__file__).parent.parent / "scenarios"
FILES = sorted(SCENARIOS.rglob("*.yaml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SCENARIOS)))
def test_a_file_of_the_project_is_sound(path: Path) -> None:
    assert check(path) == []


def test_the_chenzhou_scenario_loads() -> None:
    spec = load(SCENARIOS / "chenzhou.yaml")
    assert spec.scenario.study.city == "chenzhou"
    assert len(spec.register.ranged()) > 1000
