"""The generated parts of the documentation are those of the code, and a stale page is noticed."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path
from types import ModuleType

import pytest

from relocsim.policies import catalogue
from relocsim.spec import Spec, load
from relocsim.spec.scenario import Switches
from relocsim.world.levers import LEVERS
from relocsim.world.parameters import Parameters

ROOT = Path(__file__).parents[1]


def loaded(name: str) -> ModuleType:
    """Return a script of the documentation as a module."""
    described = importlib.util.spec_from_file_location(name, ROOT / "docs" / f"{name}.py")
    assert described is not None
    assert described.loader is not None
    module = importlib.util.module_from_spec(described)
    described.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def update() -> ModuleType:
    return loaded("update")


@pytest.fixture(scope="module")
def spec(update: ModuleType) -> Spec:
    return load(update.SCENARIO)


def test_the_page_is_up_to_date(update: ModuleType, spec: Spec) -> None:
    page = update.PAGE.read_text("utf-8")
    assert update.updated(page, spec) == page, "run python docs/update.py"


def test_a_stale_page_is_noticed(update: ModuleType, spec: Spec) -> None:
    page = update.PAGE.read_text("utf-8")
    assert update.updated(page.replace("`nest_lambda`", "`nest_mu`"), spec) == page != page.replace("`nest_lambda`", "")


def test_it_names_everything(update: ModuleType, spec: Spec) -> None:
    page = update.PAGE.read_text("utf-8")
    for name in (*catalogue(), *Switches.model_fields, *LEVERS, *Parameters.model_fields):
        assert f"`{name}`" in page, name


def test_an_unknown_part_is_refused(update: ModuleType, spec: Spec) -> None:
    with pytest.raises(KeyError):
        update.updated("<!-- generated: recipes -->\n<!-- end -->", spec)


def test_every_picture_of_charts_and_briefings_is_drawn_by_the_script() -> None:
    script = loaded("draw_pictures")
    made = {path.resolve() for path in (*script.pictures(), *loaded("draw_app").pictures())}
    assert all(path.is_file() for path in made)
    for page in ("README.md", "docs/charts.md", "docs/briefing.md", "docs/app.md"):
        text = (ROOT / page).read_text("utf-8")
        shown = {(ROOT / page).parent / name for name in re.findall(r"!\[[^]]*\]\(([^)]+)\)", text)}
        assert {path.resolve() for path in shown if path.resolve().parent.name != "golden"} <= made


def test_pictures_of_other_results_are_stale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = loaded("draw_pictures")
    monkeypatch.setattr(script, "DRAWN", tmp_path / "drawn.json")
    assert script.stale()
    script.DRAWN.write_text(json.dumps({"results": script.stamp()}))
    assert not script.stale()
    monkeypatch.setattr(script, "PINNED", script.PLAN)
    assert script.stale()
