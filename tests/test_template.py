"""Worlds of one's own: they load, check and run at once wherever they lie, state every rule, and count nothing twice."""

from __future__ import annotations

import dataclasses
import re
import shutil
import tomllib
from pathlib import Path

import pytest

from relocsim.errors import OutputExistsError, SpecError
from relocsim.model import RelocationModel
from relocsim.sources import Grade
from relocsim.spec import check, load, shipped
from relocsim.spec.files import beside
from relocsim.spec.loading import load_world
from relocsim.spec.nodes import Mark, Node
from relocsim.template.asked import Asked, asked
from relocsim.template.deriving import EXTENSIVE
from relocsim.template.making import make_world, world_texts
from relocsim.template.order import ORDER
from relocsim.world.description import Place

SHIPPED = shipped.folder()
FIGURES = {"gdp": 670.0, "population": 474.0}


def huaihua(**changes: object) -> Asked:
    options = {"province": "Hunan", "given": FIGURES, "rivals": ["Yongzhou", "Shaoyang@111.47,27.24"], **changes}
    return asked("Huaihua", **options)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("mine") / "deep" / "huaihua"
    make_world(huaihua(), out)
    return out


@pytest.fixture(scope="module")
def spec(folder: Path):
    return load(folder / "baseline.yaml")


def test_every_file_of_it_is_sound_where_it_lies(folder: Path) -> None:
    files = sorted(folder.rglob("*.yaml"))
    assert len(files) == 7
    assert {file.name: check(file) for file in files if check(file)} == {}


def test_it_runs_at_once(folder: Path) -> None:
    short = ["scenario.firms=300", "scenario.start=2010-Q1", "scenario.end=2011-Q1"]
    model = RelocationModel(load(folder / "questions" / "incentives.yaml", settings=short)).run()
    assert model.setting.places.row("huaihua") >= 0


def test_it_may_be_moved(folder: Path, spec, tmp_path: Path) -> None:
    moved = tmp_path / "elsewhere"
    shutil.copytree(folder, moved)
    assert load(moved / "baseline.yaml").digest == spec.digest


@pytest.mark.parametrize("place", ["huaihua", "shaoyang"])
def test_every_figure_is_there_and_assumed_by_a_rule(folder: Path, spec, place: str) -> None:
    """Nothing falls back on a default, each number has a range or is a position, and its note states the rule."""
    own = [one for one in spec.register if one.path.startswith(f"places.{place}.")]
    fields = {one.path.split(".")[2] for one in own}
    numbers = {name for name, field in Place.model_fields.items() if (field.json_schema_extra or {}).get("unit")}
    assert numbers - fields <= {"sites"}
    assert all(one.grade is Grade.ASSUMED and (one.ranged or one.path.endswith((".lon", ".lat"))) for one in own)
    text = (folder / "places.yaml").read_text(encoding="utf-8")
    assert len(re.findall(r"note: 'Rule: ", text)) >= len(own)


def test_rules_are_what_they_say(spec) -> None:
    place, like = spec.world.places["huaihua"], load_world(SHIPPED / "chenzhou" / "world.yaml")[0].places["hengyang"]
    ratio = 670 * place.secondary_share / (like.gdp * like.secondary_share)
    assert place.park_land == pytest.approx(like.park_land * ratio, rel=1e-3)
    assert place.revenue == pytest.approx(like.revenue * 670 / like.gdp, rel=1e-3)
    assert place.standing == pytest.approx(like.standing * (670 / like.gdp) ** 0.5, rel=1e-3)
    assert (place.fees, place.lacks) == (like.fees, like.lacks)


def test_nothing_is_counted_twice(spec) -> None:
    before = load_world(SHIPPED / "chenzhou" / "world.yaml")[0]
    for name in (*EXTENSIVE, "sites"):
        total = sum(getattr(place, name) for place in spec.world.places.values())
        assert total == pytest.approx(sum(getattr(place, name) for place in before.places.values()), rel=1e-4), name


def test_a_station_becomes_the_place_and_keeps_its_trains(spec) -> None:
    assert "huaihua" not in spec.world.network.nodes
    assert "huaihua" in spec.world.network.lines["shanghai-kunming-rail"].stops
    assert spec.world.network.lines == load_world(SHIPPED / "chenzhou" / "world.yaml")[0].network.lines


def test_a_line_gets_a_stop_and_takes_as_long_as_before(tmp_path: Path) -> None:
    wanted = asked(
        "Loudi", province="Hunan", lon=111.99, lat=27.70, rivals=["Xiangtan"], lines=["shanghai-kunming-rail"]
    )
    make_world(wanted, tmp_path / "loudi")
    line = load(tmp_path / "loudi" / "baseline.yaml").world.network.lines["shanghai-kunming-rail"]
    base = wanted.base.world.network.lines["shanghai-kunming-rail"]
    at = line.stops.index("loudi")
    assert (*line.stops[:at], *line.stops[at + 1 :]) == base.stops
    assert sum(line.hours) == pytest.approx(sum(base.hours), abs=0.02)
    assert line.hours[: at - 1] == base.hours[: at - 1]


@pytest.mark.parametrize(
    ("name", "changes", "words"),
    [
        ("Hengyang", {}, "is a place of the world chenzhou already"),
        ("怀化", {}, "expected a name in Latin letters"),
        ("Loudi", {}, "--lon and --lat"),
        ("Huaihua", {"rivals": ["Yongzho"]}, "did you mean 'yongzhou'"),
        ("Huaihua", {"rivals": []}, "at least one rival"),
        ("Huaihua", {"rivals": ["Yongzhou", "yongzhou"]}, "named twice"),
        ("Huaihua", {"based_on": "chenzou"}, "did you mean 'chenzhou'"),
        ("Huaihua", {"like": "rest-of-hunan"}, "stands for many cities"),
        ("Huaihua", {"province": "Atlantis"}, "no single composite of Atlantis"),
        ("Huaihua", {"taken_from": "rest-of-hunann"}, "did you mean 'rest-of-hunan'"),
        ("Huaihua", {"lines": ["nowhere-rail"]}, "there is no line"),
        ("Huaihua", {"given": {"secondary_share": 45.0}}, "--secondary-share"),
        ("Huaihua", {"given": {"gdp": -1.0}}, "--gdp"),
    ],
)
def test_what_does_not_fit_is_told(name: str, changes: dict[str, object], words: str) -> None:
    with pytest.raises(SpecError) as error:
        asked(name, **{"province": "Hunan", "rivals": ["Yongzhou"], **changes})  # type: ignore[arg-type]
    assert words in str(error.value)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"given": {"gdp": 9000.0}}, "leaves"),
        ({"lines": ["beijing-kowloon-rail"]}, "km around"),
        ({"lines": ["shanghai-kunming-rail"]}, "stops at Huaihua already"),
    ],
)
def test_what_cannot_be_derived_is_told_before_anything_is_written(
    changes: dict[str, object], words: str, tmp_path: Path
) -> None:
    with pytest.raises(SpecError, match=words):
        make_world(huaihua(**changes), tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_a_broken_template_leaves_nothing(tmp_path: Path) -> None:
    """Were a rule to give what the schema refuses, no file would be there."""
    wanted = huaihua()
    broken = dataclasses.replace(
        wanted, city=dataclasses.replace(wanted.city, given={"gdp": 670.0, "secondary_share": 7.0})
    )
    with pytest.raises(SpecError):
        make_world(broken, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_what_was_filled_in_is_not_overwritten(tmp_path: Path) -> None:
    make_world(huaihua(), tmp_path / "out")
    places = tmp_path / "out" / "places.yaml"
    places.write_text(places.read_text(encoding="utf-8").replace("value: 670.0", "value: 680.0"), encoding="utf-8")
    with pytest.raises(OutputExistsError, match=r"places\.yaml"):
        make_world(huaihua(), tmp_path / "out")
    assert "680.0" in places.read_text(encoding="utf-8")


def test_the_readme_says_what_to_fill_in_first() -> None:
    text = world_texts(huaihua())["README.md"]
    told = re.findall(r"^\| \d+ \| `(\w+)` \|", text, re.MULTILINE)
    assert told == [one.field for one in ORDER]
    assert set(told) == {
        *(name for name, field in Place.model_fields.items() if (field.json_schema_extra or {}).get("unit")),
        "resources", "specialisation", "lacks",
    } - {"lon", "lat", "sites"}  # fmt: skip
    assert "shanghai-kunming-rail" in text


# ---------------------------------------------------------------- names of shipped files


def test_shipped_files_are_found_from_anywhere() -> None:
    node = Node("shipped:chenzhou/places.yaml", Mark("/somewhere/else/places.yaml", 4, 10))
    assert Path(beside(node, ("extends",))) == SHIPPED / "chenzhou" / "places.yaml"
    assert shipped.named(SHIPPED / "chenzhou" / "places.yaml") == "shipped:chenzhou/places.yaml"


@pytest.mark.parametrize("name", ["shipped:", "shipped:../relocsim/cli.py", "shipped:/etc/passwd"])
def test_names_that_lead_out_of_the_shipped_worlds_are_refused(name: str) -> None:
    with pytest.raises(SpecError, match="below the shipped worlds"):
        beside(Node(name, Mark("places.yaml", 4, 10)), ("extends",))


def test_a_shipped_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text("format: 1\nkind: scenario\nextends: shipped:chenzou.yaml\n", encoding="utf-8")
    with pytest.raises(SpecError, match="there is no such file"):
        load(file)


def test_an_installed_copy_brings_the_shipped_worlds_along(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rules = tomllib.loads((SHIPPED.parent / "pyproject.toml").read_text(encoding="utf-8"))
    assert rules["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"] == {"scenarios": "relocsim/scenarios"}
    inside = tmp_path / "relocsim" / "scenarios"
    inside.mkdir(parents=True)
    monkeypatch.setattr(shipped, "__file__", str(tmp_path / "relocsim" / "spec" / "shipped.py"))
    assert shipped.folder() == inside
