"""Experiments: plans are sound, and every page says how it was made, shows what it found, and owns to what is assumed."""

from __future__ import annotations

import importlib.util
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

from relocsim.batch.planning import check_plan
from relocsim.batch.reached import outside, reached
from relocsim.foundation import lay_foundation
from relocsim.model import RelocationModel
from relocsim.spec import load
from relocsim.world.projects import INTENTION

ROOT = Path(__file__).parents[1]
FOLDERS = sorted(page.parent for page in (ROOT / "experiments").glob("*/README.md"))
WITHOUT_A_PICTURE = {"ablation", "incentive-size"}
"""Experiments whose answer is a table; `ablation` says on its page what is assumed, mechanism by mechanism."""
OWN = ("rail-and-depth", "interception")
"""Experiments with a table.csv behind their page."""


def page(folder: Path) -> str:
    return (folder / "README.md").read_text("utf-8")


def files(kind: str) -> list[Path]:
    return sorted(
        path for path in (ROOT / "experiments").glob("*/*.yaml") if f"kind: {kind}" in path.read_text("utf-8")
    )


def named(path: Path) -> str:
    return path.parent.name if path.suffix else path.name


@pytest.mark.parametrize("path", files("plan"), ids=named)
def test_plans_are_sound(path: Path) -> None:
    assert check_plan(path) == []


@pytest.mark.parametrize("path", files("scenario"), ids=named)
def test_scenarios_load(path: Path) -> None:
    assert load(path).scenario.question


@pytest.mark.parametrize("folder", FOLDERS, ids=named)
def test_pages_say_question_command_finding_and_what_would_overturn_it(folder: Path) -> None:
    text = page(folder)
    for part in ("question", "command", "finding", "would overturn it"):
        assert part in text.lower(), part
    commands = re.findall(r"^ *(?:\$ )?(?:relocsim|python) .*", text, re.MULTILINE)
    assert commands, "no command"
    for command in commands:
        for path in re.findall(r"(?:experiments|scenarios)/[\w./-]+", command):
            assert (ROOT / path).exists(), path


@pytest.mark.parametrize("folder", FOLDERS, ids=named)
def test_pages_show_pictures_that_exist(folder: Path) -> None:
    pictures = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", page(folder))
    assert pictures or folder.name in WITHOUT_A_PICTURE
    for picture in pictures:
        assert (folder / picture).exists(), picture


@pytest.mark.parametrize("folder", [one for one in FOLDERS if one.name not in {"ablation", "railway-sign"}], ids=named)
def test_pages_own_to_what_is_assumed(folder: Path) -> None:
    assert re.search(r"\d+ %[^.|]*inputs[^.|]*assumed", page(folder)), "the share of inputs that is assumed"


@pytest.fixture
def script(request: pytest.FixtureRequest) -> Iterator[ModuleType]:
    path = ROOT / "experiments" / request.param
    described = importlib.util.spec_from_file_location(path.stem, path)
    assert described is not None
    assert described.loader is not None
    module = importlib.util.module_from_spec(described)
    described.loader.exec_module(module)
    yield module
    sys.modules.pop(path.stem, None)


@pytest.mark.parametrize("script", [f"{name}/draw.py" for name in OWN], indirect=True)
def test_tables_of_pages_are_those_of_the_figures(script: ModuleType) -> None:
    text, table = page(script.HERE), pd.read_csv(script.HERE / "table.csv")
    for rows in script.TABLES:
        for row in rows(table):
            assert row in text, f"{rows.__name__}: run draw.py and bring its tables over"


@pytest.mark.parametrize("script", [f"{name}/draw.py" for name in OWN], indirect=True)
def test_pictures_can_be_drawn_from_the_table(script: ModuleType) -> None:
    assert script.drawn(pd.read_csv(script.HERE / "table.csv")).axes


@pytest.mark.parametrize("script", ["interception/foretelling.py"], indirect=True)
def test_what_is_foretold_is_about_what_is_played_and_changes_nothing(script: ModuleType) -> None:
    spec = load(ROOT / "scenarios" / "chenzhou.yaml", settings=["scenario.firms=5000", "scenario.end=2011-Q4"])
    foundation = lay_foundation(spec)
    model = script.Foretelling(spec, foundation=foundation)
    model.run()
    plain = RelocationModel(spec, foundation=foundation).run()
    assert np.array_equal(model.projects.place, plain.projects.place)
    assert np.array_equal(model.projects.dates, plain.projects.dates)
    away = outside(model)
    rows = reached(model, INTENTION) & away[model.projects.place]
    played = np.bincount(model.projects.place[rows], model.projects.firms[rows], len(away))[away]
    foretold = script.expected_firms(model).sum(axis=(0, 1, 2))[away]
    assert 0.7 < foretold.sum() / played.sum() < 1.2, "new firms, followers and refusals are left out"
    assert np.corrcoef(played, foretold)[0, 1] > 0.95
