"""A part of a world may extend that of another: what is taken over, left out and laid over it."""

import shutil
from pathlib import Path

import pytest

from relocsim.errors import SpecError
from relocsim.spec import check
from relocsim.spec.loading import load_world

TOY = Path(__file__).parent / "toy"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with the toy world and, beside it, a world whose places extend it."""
    shutil.copytree(TOY, tmp_path / "toy", ignore=shutil.ignore_patterns("__pycache__"))
    own = tmp_path / "own"
    own.mkdir()
    parts = {part: f"../toy/{part}.yaml" for part in ("sectors", "network", "parameters")}
    listed = "".join(f"  {part}: {file}\n" for part, file in parts.items())
    (own / "world.yaml").write_text(
        f"format: 1\nkind: world\nname: Own\nbase_year: 2010\ninclude:\n  places: places.yaml\n{listed}"
    )
    return own


def written(folder: Path, text: str) -> Path:
    path = folder / "places.yaml"
    path.write_text(f"format: 1\nkind: places\nextends: ../toy/places.yaml\n{text}")
    return path


def said(path: Path) -> list[str]:
    return [f"{problem.line}: {problem.path}: {problem.message} ({problem.hint})" for problem in check(path)]


def test_a_part_takes_over_what_it_does_not_change(folder: Path) -> None:
    written(folder, "places:\n  alpha: {gdp: 123, name: Another}\n")
    toy, old = load_world(folder.parent / "toy" / "world.yaml")
    world, register = load_world(folder / "world.yaml")
    assert set(world.places) == set(toy.places)
    assert world.places["alpha"].gdp == 123
    assert world.places["alpha"].name == "Another"
    assert world.places["alpha"].wage == toy.places["alpha"].wage
    assert register.inputs["places.alpha.gdp"].source == old.inputs["places.alpha.gdp"].source


def test_what_stands_without_is_left_out(folder: Path) -> None:
    toy, _ = load_world(folder.parent / "toy" / "world.yaml")
    left, *kept = toy.places["alpha"].specialisation
    written(folder, f"without: [alpha.lacks, alpha.specialisation.{left}]\nplaces: {{}}\n")
    world, _ = load_world(folder / "world.yaml")
    assert toy.places["alpha"].lacks
    assert world.places["alpha"].lacks == ()
    assert sorted(world.places["alpha"].specialisation) == sorted(kept)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "without: [alphaa]\nplaces: {}\n",
            "4: without[0]: the file that is extended has no entry 'alphaa' (did you mean 'alpha'?)",
        ),
        ("without: alpha\nplaces: {}\n", "4: without: expected a list of what is left out, found 'alpha' ()"),
        (
            "attributes:\n  gdp: {source: Mine, grade: statistic}\nplaces: {}\n",
            "5: attributes.gdp: the file that is extended gives this already, for the numbers of both"
            " (write the source with the number itself: {value, source, grade, range})",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_where_it_stands(folder: Path, text: str, problem: str) -> None:
    assert said(written(folder, text)) == [problem]


def test_nothing_is_left_out_of_nothing(folder: Path) -> None:
    path = folder / "places.yaml"
    path.write_text("format: 1\nkind: places\nwithout: [alpha]\nplaces: {}\n")
    assert said(path) == ["3: without: 'without' leaves nothing out: the file extends no other (add extends)"]


def test_files_that_extend_one_another_in_a_circle(folder: Path) -> None:
    path = written(folder, "places: {}\n")
    path.write_text(path.read_text().replace("../toy/places.yaml", "other.yaml"))
    (folder / "other.yaml").write_text("format: 1\nkind: places\nextends: places.yaml\nplaces: {}\n")
    assert said(path) == ["3: extends: the file extends itself ()"]


def test_a_missing_file_is_named_where_it_is_extended(folder: Path) -> None:
    path = written(folder, "places: {}\n")
    path.write_text(path.read_text().replace("../toy/places.yaml", "nowhere.yaml"))
    with pytest.raises(SpecError, match="nowhere"):
        load_world(folder / "world.yaml")


def test_a_file_of_another_kind_cannot_be_extended(folder: Path) -> None:
    path = written(folder, "places: {}\n")
    path.write_text(path.read_text().replace("../toy/places.yaml", "../toy/sectors.yaml"))
    assert "expected kind: places" in said(path)[0]
