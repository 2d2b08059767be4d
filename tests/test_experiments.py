"""Experiments: plans are sound, and every page says how it was made, shows what it found, and owns to what is assumed."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from relocsim.batch.planning import check_plan
from relocsim.batch.reached import outside, reached
from relocsim.foundation import lay_foundation
from relocsim.model import RelocationModel
from relocsim.spec import load
from relocsim.world.projects import INTENTION

ROOT = Path(__file__).parents[1]
FOLDERS = sorted(page.parent for page in (ROOT / "experiments").glob("*/README.md"))
WITHOUT_A_PICTURE = {"ablation"}
"""Its answer is a table; it says on its page what is assumed, mechanism by mechanism."""
DRAWN = sorted(path.parent.name for path in (ROOT / "experiments").glob("*/draw.py"))
"""Experiments whose page is made of the tables beside it."""


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


def module_of(path: str) -> ModuleType:
    described = importlib.util.spec_from_file_location(Path(path).stem, ROOT / "experiments" / path)
    assert described is not None
    assert described.loader is not None
    module = importlib.util.module_from_spec(described)
    described.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def pages() -> ModuleType:
    """The script that makes pages."""
    return module_of("pages.py")


@pytest.mark.parametrize("name", DRAWN)
def test_tables_of_pages_are_those_of_the_figures(pages: ModuleType, name: str) -> None:
    text, tables = page(ROOT / "experiments" / name), list(pages.drawing(name).tables())
    assert tables
    for table in tables:
        assert table in text, f"run python experiments/pages.py {name}"
        assert pages.with_table(text, table) == text


def test_pages_played_before_results_changed_say_so(pages: ModuleType) -> None:
    old = pages.stale()
    for name in pages.names():
        text = page(ROOT / "experiments" / name)
        assert pages.marked(text, old.get(name)) == text, "run python experiments/pages.py"
    index = pages.INDEX.read_text("utf-8")
    assert pages.listed(index, old) == index, "run python experiments/pages.py"


def test_another_result_or_scenario_makes_a_page_old(
    pages: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted = {
        name: {"commit": "abc", "measured": pages.measured(name)} for name in ("incentive-race", "yibin-questions")
    }
    monkeypatch.setattr(pages, "names", lambda: [*noted])
    monkeypatch.setattr(pages, "played", lambda: noted)
    assert pages.stale() == {}
    race, usual = pages.scenario_of("incentive-race"), pages.scenario_of
    assert race.parent.name == "incentive-race"
    monkeypatch.setattr(pages, "scenario_of", lambda name: race if name == "yibin-questions" else usual(name))
    assert pages.stale() == {"yibin-questions": "abc"}, "another scenario"
    (tmp_path / "toy.json").write_text("{}")
    monkeypatch.setattr(pages, "PINNED", tmp_path / "toy.json")
    assert pages.stale() == {"incentive-race": "abc", "yibin-questions": "abc"}, "another result"


def test_a_mark_stands_below_the_title_and_goes_again(pages: ModuleType) -> None:
    text = "# A\n\nText.\n"
    marked = pages.marked(text, "abc1234")
    assert marked.splitlines()[2].startswith("> Played at abc1234, before")
    assert pages.marked(marked, None) == text
    assert pages.marked(pages.marked(text, "0"), "abc1234") == marked


def test_commands_of_a_page_are_played_in_order_and_what_with_is_noted(
    pages: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [words[:3] for words in pages.commands("incentive-race")] == [
        ["relocsim", "batch", "experiments/incentive-race/plan.yaml"],
        ["python", "experiments/incentive-race/figures.py", "results/incentive-race"],
    ]
    said = tmp_path / "said"
    monkeypatch.setattr(pages, "PLAYED", tmp_path / "played.json")
    pages.PLAYED.write_text('{"incentive-race": {"commit": "0", "measured": "before"}}')
    monkeypatch.setattr(
        pages, "commands", lambda name: [["python", "-c", f"open({str(said)!r}, 'a').write('{name} ')"]] * 2
    )
    pages.play("incentive-race")
    assert said.read_text() == "incentive-race incentive-race "
    assert pages.played()["incentive-race"]["measured"] == pages.measured("incentive-race")


@pytest.mark.parametrize("name", ["signing-landing", "best-package", "chenzhou-policies"])
def test_every_page_has_something_to_play(pages: ModuleType, name: str) -> None:
    assert pages.commands(name)


def test_another_table_of_the_same_head_takes_its_place(pages: ModuleType) -> None:
    text = "# A\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n\n| c |\n| --- |\n"
    fresh = "| a | b |\n| --- | --- |\n| 3 | 4 |\n| 5 | 6 |\n"
    assert pages.with_table(text, fresh) == text.replace("| 1 | 2 |\n", "| 3 | 4 |\n| 5 | 6 |\n")
    for other in (text + text, "# A\n"):
        with pytest.raises(ValueError, match="expected one"):
            pages.with_table(other, fresh)


@pytest.mark.parametrize("name", DRAWN)
def test_pictures_can_be_drawn_from_the_figures(pages: ModuleType, name: str) -> None:
    drawn = pages.pictures(name, pages.drawing(name))
    assert drawn
    assert all(axes.has_data() for figure in drawn.values() for axes in figure.axes)


def test_what_is_foretold_is_about_what_is_played_and_changes_nothing() -> None:
    script = module_of("interception/foretelling.py")
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
