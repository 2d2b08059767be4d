"""Every shipped world through a workbook and back, and every one as the ground of a new world."""

from __future__ import annotations

from pathlib import Path

import pytest

from relocsim.spec import load, shipped
from relocsim.template.asked import asked
from relocsim.template.making import make_world
from relocsim.workbook.door import read_book, write_book

pytestmark = pytest.mark.slow
SCENARIOS = ("chenzhou-whole", "yibin", "yibin/rail-earlier", "zhoukou", "zhoukou-city", "joint-cities")


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_shipped_case_comes_back_the_same(name: str, tmp_path: Path) -> None:
    scenario = shipped.folder() / f"{name}.yaml"
    read_book(write_book(scenario, tmp_path / "book.xlsx"), tmp_path / "case")
    before, after = load(scenario), load(tmp_path / "case" / "baseline.yaml")
    assert before.digest == after.digest
    assert before.register.inputs == after.register.inputs


@pytest.mark.parametrize("world", ["yibin", "zhoukou", "zhoukou-city"])
def test_any_shipped_world_can_be_built_on(world: str, tmp_path: Path) -> None:
    rival = {"yibin": "Zigong"}.get(world, "Hefei")
    wanted = asked("Mianzhu", based_on=world, lon=104.2, lat=31.3, province="Sichuan", rivals=[rival])
    make_world(wanted, tmp_path / world)
    assert "mianzhu" in load(tmp_path / world / "baseline.yaml").world.places
