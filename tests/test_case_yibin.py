"""The case of Yibin: its files, its network against the timetable, small runs, the figures of speeches beside the model."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import numpy as np
import pytest
from runs import with_scenario

from relocsim.answers.yardsticks import yardstick_table
from relocsim.model import RelocationModel
from relocsim.spec import Spec, load
from relocsim.spec.loading import load_world
from relocsim.world.calendar import Quarter
from relocsim.world.description import WorldDescription
from relocsim.world.lines import Mode
from relocsim.world.network import AccessTable, open_lines, rail_hours

HERE = Path(__file__).parent
SCENARIOS = HERE.parent / "scenarios"
CASE = SCENARIOS / "yibin"
RIVALS = ("luzhou", "zigong", "neijiang", "leshan", "panzhihua", "zunyi", "zhaotong")
QUESTIONS = sorted(path for path in CASE.glob("*.yaml") if path.stem not in ("world", "places", "network"))
TIMETABLE_DAY = dt.date(2016, 6, 30)


def rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a table with comments."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


@pytest.fixture(scope="module")
def world() -> WorldDescription:
    return load_world(CASE / "world.yaml")[0]


@pytest.fixture(scope="module")
def chenzhou() -> WorldDescription:
    return load_world(SCENARIOS / "chenzhou" / "world.yaml")[0]


@pytest.fixture(scope="module")
def where(world: WorldDescription) -> tuple[list[str], list[float], list[float]]:
    places = world.places
    return list(places), [place.lon for place in places.values()], [place.lat for place in places.values()]


@pytest.fixture(scope="module")
def spec() -> Spec:
    return load(SCENARIOS / "yibin.yaml")


@pytest.fixture(scope="module")
def run(spec: Spec) -> RelocationModel:
    return RelocationModel(with_scenario(spec, firms=4000, end=Quarter.parse("2012-Q4"))).run()


# ---------------------------------------------------------------- files


@pytest.mark.parametrize("path", QUESTIONS, ids=lambda path: path.stem)
def test_each_question_of_the_leaders_is_a_scenario_with_its_own_question(path: Path, spec: Spec) -> None:
    variant = load(path)
    assert variant.scenario.question != spec.scenario.question
    head = [line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("#")]
    assert head[0].startswith("# Question: ")
    assert any(line.startswith("# Known: ") for line in head)
    assert any("relocsim " in line for line in head)


def test_there_are_at_least_eight_of_them() -> None:
    assert len(QUESTIONS) >= 8


def test_cities_taken_out_of_composites_are_not_counted_twice(
    world: WorldDescription, chenzhou: WorldDescription
) -> None:
    for name in ("gdp", "population", "sites"):
        before = sum(getattr(place, name) for place in chenzhou.places.values())
        assert sum(getattr(place, name) for place in world.places.values()) == pytest.approx(before, rel=1e-4)
    output = [
        sum(place.gdp * place.secondary_share * place.manufacturing_ratio for place in one.places.values())
        for one in (world, chenzhou)
    ]
    assert output[0] == pytest.approx(output[1], rel=0.005)


def test_the_coast_is_that_of_the_chenzhou_world(world: WorldDescription, chenzhou: WorldDescription) -> None:
    origins = [name for name, place in chenzhou.places.items() if place.origin]
    assert all(world.places[name] == chenzhou.places[name] for name in origins)
    assert {place.region for name, place in world.places.items() if name in origins} == {
        "Pearl River Delta", "Yangtze Delta", "SE Fujian", "Bohai Rim"
    }  # fmt: skip
    assert world.sectors == chenzhou.sectors
    assert world.parameters == chenzhou.parameters


# ---------------------------------------------------------------- network


@pytest.mark.parametrize(("column", "limits"), [("conventional", (0.22, 0.20, 0.22)), ("2016", (0.10, 0.16, 0.18))])
def test_rail_hours_are_near_those_of_the_timetable(
    world: WorldDescription, where: tuple[list[str], list[float], list[float]], column: str, limits: tuple[float, ...]
) -> None:
    """Medians as they came out, rounded up: too short where few direct trains run (docs/world-yibin.md says why)."""
    modes = frozenset({Mode.RAIL}) if column == "conventional" else frozenset({Mode.RAIL, Mode.HSR})
    hours = rail_hours(world.network, *where, on=TIMETABLE_DAY, modes=modes)
    row = {name: at for at, name in enumerate(where[0])}
    for to, limit in zip(("guangzhou", "shenzhen", "shanghai"), limits, strict=True):
        entries = [entry for entry in rows(HERE / "data" / "rail_hours_yibin.csv") if entry["to"] == to]
        errors = [hours[row[entry["city"]], row[to]] / float(entry[column]) - 1 for entry in entries if entry[column]]
        assert len(errors) == 9
        assert np.median(np.abs(errors)) < limit, to


def test_fast_rail_comes_late(world: WorldDescription, where: tuple[list[str], list[float], list[float]]) -> None:
    access = AccessTable(world.network, *where, value_of_time=100.0)
    yibin, chengdu = (where[0].index(name) for name in ("yibin", "chengdu"))
    before, after = (access.at(open_lines(world.network, day)) for day in (dt.date(2019, 6, 14), dt.date(2019, 6, 15)))
    assert after.hours[yibin, chengdu] < before.hours[yibin, chengdu] - 0.5
    assert after.freight_km.tobytes() == before.freight_km.tobytes()


def test_the_port_brings_the_sea_nearer_to_goods_and_to_nobody_else(
    world: WorldDescription, where: tuple[list[str], list[float], list[float]]
) -> None:
    access = AccessTable(world.network, *where, value_of_time=100.0)
    closed = open_lines(world.network, dt.date(2012, 1, 1))
    without, port = access.at(closed), access.at(closed | {"yangtze-yibin"})
    yibin, luzhou, shanghai = (where[0].index(name) for name in ("yibin", "luzhou", "shanghai"))
    assert port.freight_km[yibin, shanghai] < without.freight_km[yibin, shanghai] - 10
    assert port.freight_km[luzhou, shanghai] == without.freight_km[luzhou, shanghai]
    assert port.hours.tobytes() == without.hours.tobytes()


# ---------------------------------------------------------------- small runs


def test_the_hubs_take_more_than_any_city_of_the_south(run: RelocationModel) -> None:
    signed = run.places.stage_firms[1]
    of = {name: signed[run.setting.places.row(name)] for name in ("chengdu", "chongqing", "yibin", *RIVALS)}
    assert min(of["chengdu"], of["chongqing"]) > max(of[name] for name in ("yibin", *RIVALS))


def test_what_the_speeches_count_holds_more_than_the_model(run: RelocationModel) -> None:
    """Money in place of manufacturers that move is a part, and not a large one, of what the speeches count."""
    told = {row["id"]: float(row["value"]) for row in rows(CASE / "evidence.csv") if row["id"].startswith("inplace")}
    table = yardstick_table(run, yearly=True)
    model = table[table["place"] == "yibin"].set_index(["yardstick", "period"])["value"]
    for year in (2009, 2011):
        city, province = (model[f"in place from outside the {area}", year] for area in ("city", "province"))
        assert told[f"inplace-outside-city-{year}"] > told[f"inplace-outside-prov-{year}"] > province >= 0
        assert told[f"inplace-outside-city-{year}"] > city >= province
        assert model["in place", year] >= city
