"""The page of mechanisms is made from what was played, and says so where it has to be made again."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest

from relocsim.errors import SpecError
from relocsim.spec.scenario import Switches

ROOT = Path(__file__).parents[1]
SMALL = {"file": "../tests/toy/toy.yaml", "all_policies": True, "firms": 200, "replicates": 2}


@pytest.fixture(scope="module")
def remake() -> Iterator[ModuleType]:
    folder = str(ROOT / "experiments" / "ablation")
    sys.path.insert(0, folder)
    yield importlib.import_module("remake")
    sys.path.remove(folder)


@pytest.fixture(scope="module")
def plan(remake: ModuleType) -> Any:
    return remake.read()


def changed(plan: Any, **values: object) -> Any:
    """Return the plan with some parts changed, checked as when it is read."""
    return type(plan).model_validate({**plan.model_dump(), **values})


def toy_plan(plan: Any) -> Any:
    """Return the plan with the toy scenario as the only one."""
    lines = {name: {**one.model_dump(), "scenario": None} for name, one in plan.switches.items()}
    return changed(plan, base="toy", scenarios={"toy": SMALL}, switches=lines)


def row(switch: str, observable: str, scenario: str, change: float, errors: float) -> dict[str, object]:
    values = {"unit": "%", "with": 10.0, "without": 10.0 + change, "change": change, "simulation_error": 1.0}
    return {"scenario": scenario, "mechanism": switch, "observable": observable, **values, "errors": errors}


def test_every_mechanism_of_the_model_has_its_line_and_all_that_leaders_name_are_there(plan: Any) -> None:
    assert set(plan.switches) == set(Switches.model_fields)
    assert len(plan.mechanisms) == 32
    assert set(plan.patterns) == {f"P{number}" for number in range(1, 14)}
    assert {name for one in plan.mechanisms.values() for name in one.switches} <= set(Switches.model_fields)


def test_tests_and_findings_that_the_plan_names_are_there(plan: Any) -> None:
    slow = "".join(path.read_text("utf-8") for path in sorted((ROOT / "tests" / "slow").glob("test_*.py")))
    for one in plan.patterns.values():
        for name in one.tests:
            assert f"def {name}(" in slow, name
        for name in filter(None, (one.figure, one.figure_off)):
            assert name.split(",")[0] in slow, name


def test_a_plan_that_names_nothing_known_is_refused(plan: Any) -> None:
    lines = {name: one.model_dump() for name, one in plan.switches.items()}
    lines["size"]["shows"] = "size of place"
    with pytest.raises(SpecError, match="did you mean 'size of places'"):
        changed(plan, switches=lines)
    with pytest.raises(ValueError, match="there is no scenario 'elsewhere'"):
        changed(plan, base="elsewhere")


def test_the_page_is_what_was_kept(remake: ModuleType, plan: Any) -> None:
    page = remake.PAGE.read_text("utf-8")
    assert remake.page(plan) == page, "run python experiments/ablation/remake.py --page"


def test_a_page_of_another_model_says_that_it_has_to_be_made_again(
    remake: ModuleType, plan: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remake, "measured", lambda plan, name: "another")
    _, made_with = remake.kept()
    reasons = remake.stale(plan, made_with)
    assert [one for one in reasons if "before results of the model changed" in one]
    assert "**To be made again**" in remake.page(plan)


def test_what_is_played_is_kept_and_another_scenario_is_noticed(
    remake: ModuleType, plan: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(remake, "TABLE", tmp_path / "table.csv")
    monkeypatch.setattr(remake, "MADE_WITH", tmp_path / "made_with.json")
    small = toy_plan(plan)
    assert remake.stale(small, {}) == ["`toy` has not been played"]
    monkeypatch.setattr(type(small), "played_in", lambda self, scenario: ("incentives", "size"))
    rows, made = remake.play(small, "toy", jobs=1, firms=None, replicates=None, tick=lambda: None)
    remake.keep("toy", rows, made)
    table, made_with = remake.kept()
    assert set(table["mechanism"]) == {"incentives", "size"}
    assert remake.stale(small, made_with) == []
    page = remake.page(small)
    assert "| `incentives` | toy | promises over investment |" in page
    more = changed(small, scenarios={"toy": {**SMALL, "replicates": 5}})
    assert remake.stale(more, made_with) == ["`toy` was played with 200 agents and 2 replicates"]
    fewer = changed(small, scenarios={"toy": {**SMALL, "all_policies": False}})
    assert remake.stale(fewer, made_with) == ["`toy` was played before the scenario or its world changed"]


def test_a_mechanism_shows_where_it_was_said_to_and_in_that_direction(plan: Any) -> None:
    page = importlib.import_module("ablation_page")
    made_with = {name: {"replicates": 10} for name in plan.scenarios}
    base, where = plan.base, plan.where
    table = pd.DataFrame(
        [
            row("awareness", "firms that know the city", where("awareness"), 5.0, 5.0),
            row("awareness", "distance", where("awareness"), 50.0, 50.0),
            row("promotion", "firms that know the city", where("promotion"), 5.0, 5.0),
            row("coordination", "distance", where("coordination"), 2.9, 2.9),
            row("coordination", "capture", base, 50.0, 50.0),
            row("selection", "refused by thresholds", where("selection"), -4.0, np.inf),
        ]
    )
    found = page.Found(plan, table, made_with, [])
    switches = ("awareness", "promotion", "coordination", "selection", "size")
    assert [found.verdict(name) for name in switches] == ["yes", "the other way", "no", "yes", "not played"]
    told = page.switches(found)
    assert "2 of 41 show as expected." in told
    assert "Not shown: `coordination`." in told
    assert "all" in told
    assert "Chenzhou's capture moves beyond that with: `coordination`." in told


def test_few_replicates_raise_what_has_to_be_passed(plan: Any) -> None:
    page = importlib.import_module("ablation_page")
    table = pd.DataFrame([row("awareness", "firms that know the city", "eight-cities", 5.0, 5.0)])
    found = page.Found(plan, table, {"eight-cities": {"replicates": 2}}, [])
    assert found.verdict("awareness") == "no"
