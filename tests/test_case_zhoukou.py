"""The case of Zhoukou: files, counties that add up to the city, network, small runs, what was reported beside the model."""

from __future__ import annotations

import csv
import datetime as dt
from functools import cache
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
from relocsim.world.points import Points

HERE = Path(__file__).parent
SCENARIOS = HERE.parent / "scenarios"
CASE = SCENARIOS / "zhoukou"
COUNTIES = (
    "chuanhui", "xiangcheng", "luyi", "taikang", "shenqiu", "dancheng", "huaiyang", "shangshui", "xihua", "fugou"
)  # fmt: skip
RIVALS = ("shangqiu", "zhumadian", "xinyang", "luohe", "xuchang", "fuyang", "bozhou", "heze")
QUESTIONS = sorted(path for path in CASE.glob("*.yaml") if path.stem not in ("world", "places", "network"))
TIMETABLE_DAY = dt.date(2016, 6, 30)
AMOUNTS = (
    "gdp", "population", "park_land", "park_land_growth", "floor_space", "floor_space_growth", "revenue", "sites"
)  # fmt: skip

Where = tuple[list[str], list[float], list[float]]


def rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a table with comments."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


@cache
def question(path: Path) -> str:
    return load(path).scenario.question


def where(world: WorldDescription) -> Where:
    places = world.places
    return list(places), [place.lon for place in places.values()], [place.lat for place in places.values()]


@pytest.fixture(scope="module")
def counties() -> WorldDescription:
    return load_world(CASE / "world.yaml")[0]


@pytest.fixture(scope="module")
def city() -> WorldDescription:
    return load_world(SCENARIOS / "zhoukou-city" / "world.yaml")[0]


@pytest.fixture(scope="module")
def chenzhou() -> WorldDescription:
    return load_world(SCENARIOS / "chenzhou" / "world.yaml")[0]


@pytest.fixture(scope="module")
def run() -> RelocationModel:
    """What was done in 2011 (delegations and visitors), to the end of that year."""
    spec = with_scenario(load(CASE / "delegations.yaml"), firms=20000, end=Quarter.parse("2011-Q4"))
    return RelocationModel(spec).run()


# ---------------------------------------------------------------- files


@pytest.mark.parametrize("path", QUESTIONS, ids=lambda path: path.stem)
def test_each_question_of_the_leaders_is_a_scenario_with_its_own_question(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    head = " ".join(line[2:] for line in text.splitlines() if line.startswith("#"))
    assert head.startswith(f"Question: {question(path)}")
    assert "Known: " in head
    assert "Ask: relocsim " in head


def test_there_are_at_least_eight_of_them() -> None:
    assert len(QUESTIONS) >= 8
    assert len({question(path) for path in QUESTIONS}) == len(QUESTIONS)


def test_sectors_parameters_and_the_coast_are_those_of_the_chenzhou_world(
    counties: WorldDescription, chenzhou: WorldDescription
) -> None:
    assert counties.sectors == chenzhou.sectors
    assert counties.parameters == chenzhou.parameters
    kept = set(chenzhou.places) - {"rest-of-henan", "rest-of-anhui", "rest-of-shandong"}
    assert all(counties.places[name] == chenzhou.places[name] for name in kept)
    assert set(counties.places) - set(chenzhou.places) == {*COUNTIES, *RIVALS, "zhengzhou"}


# ---------------------------------------------------------------- counties


@pytest.mark.parametrize("name", AMOUNTS)
def test_counties_add_up_to_the_city(counties: WorldDescription, city: WorldDescription, name: str) -> None:
    if name == "sites":
        assert all(counties.places[county].sites == 1 for county in COUNTIES)
        return
    total = sum(getattr(counties.places[county], name) for county in COUNTIES)
    assert total == pytest.approx(getattr(city.places["zhoukou"], name), rel=1e-3)


def test_industry_of_counties_adds_up_to_that_of_the_city(counties: WorldDescription, city: WorldDescription) -> None:
    whole = city.places["zhoukou"]
    for sector in city.sectors:
        total = sum(
            counties.places[county].gdp * counties.places[county].specialisation.get(sector, 1.0) for county in COUNTIES
        )
        assert total == pytest.approx(whole.gdp * whole.specialisation.get(sector, 1.0), rel=0.02), sector


def test_nothing_that_one_county_makes_is_lacking_in_the_city(
    counties: WorldDescription, city: WorldDescription
) -> None:
    everywhere = set.intersection(*(set(counties.places[county].lacks) for county in COUNTIES))
    assert everywhere == set(city.places["zhoukou"].lacks)


def test_counties_are_of_one_group_and_others_of_none(counties: WorldDescription) -> None:
    members = {name for name, place in counties.places.items() if place.group == "zhoukou"}
    assert members == set(COUNTIES)


def test_figures_of_counties_are_assumed_with_ranges() -> None:
    register = load_world(CASE / "world.yaml")[1].inputs
    for county in COUNTIES:
        for name in ("gdp", "population", "secondary_share", "wage", "standing", "revenue"):
            entry = register[f"places.{county}.{name}"]
            assert entry.grade.value == "assumed"
            assert entry.low < entry.value < entry.high


def test_places_taken_out_of_composites_are_not_counted_twice(
    city: WorldDescription, chenzhou: WorldDescription
) -> None:
    for name in ("gdp", "population", "sites"):
        before = sum(getattr(place, name) for place in chenzhou.places.values())
        assert sum(getattr(place, name) for place in city.places.values()) == pytest.approx(before, rel=1e-4)
    output = [
        sum(place.gdp * place.secondary_share * place.manufacturing_ratio for place in one.places.values())
        for one in (city, chenzhou)
    ]
    assert output[0] == pytest.approx(output[1], rel=0.005)


# ---------------------------------------------------------------- network


@pytest.mark.parametrize(("column", "limit"), [("conventional", 0.10), ("2016", 0.15)])
def test_rail_hours_are_near_those_of_the_timetable(city: WorldDescription, column: str, limit: float) -> None:
    """On all trains the plain is too well connected (docs/world-zhoukou.md says why)."""
    modes = frozenset({Mode.RAIL}) if column == "conventional" else frozenset({Mode.RAIL, Mode.HSR})
    at = where(city)
    hours = rail_hours(city.network, *at, on=TIMETABLE_DAY, modes=modes)
    row = {name: index for index, name in enumerate(at[0])}
    entries = [entry for entry in rows(HERE / "data" / "rail_hours_zhoukou.csv") if entry[column]]
    for to in ("guangzhou", "shenzhen", "shanghai"):
        errors = [hours[row[e["city"]], row[to]] / float(e[column]) - 1 for e in entries if e["to"] == to]
        assert len(errors) == 10
        assert np.median(np.abs(errors)) < limit, to


def test_no_train_is_absurdly_fast_or_slow(counties: WorldDescription) -> None:
    points = Points(counties.network, *where(counties))
    limits = {Mode.RAIL: (35, 120), Mode.HSR: (65, 355)}
    for name, line in counties.network.lines.items():
        for (one, two), hours in zip(points.links(line), line.hours, strict=False):
            low, high = limits[line.mode]
            speed = points.km[one, two] * counties.network.modes[line.mode].detour / hours
            assert low < speed < high, (name, points.ids[one], points.ids[two], speed)


def test_fast_rail_reaches_the_counties_at_the_end_of_2019(counties: WorldDescription) -> None:
    access = AccessTable(counties.network, *where(counties), value_of_time=100.0)
    before, after = (
        access.at(open_lines(counties.network, day)) for day in (dt.date(2019, 11, 30), dt.date(2019, 12, 1))
    )
    row = {name: index for index, name in enumerate(counties.places)}
    for county in ("fugou", "xihua", "chuanhui", "huaiyang", "shenqiu"):
        assert after.hours[row[county], row["zhengzhou"]] < before.hours[row[county], row["zhengzhou"]]
    assert after.freight_km.tobytes() == before.freight_km.tobytes()
    assert np.all(np.isfinite(after.hours))


# ---------------------------------------------------------------- runs


@pytest.mark.parametrize("name", ["zhoukou.yaml", "zhoukou-city.yaml"])
def test_the_baselines_run_with_every_policy(name: str) -> None:
    spec = with_scenario(load(SCENARIOS / name), firms=500, end=Quarter.parse("2010-Q4"))
    model = RelocationModel(spec.with_policies(spec.policies)).run()
    assert model.quarter == spec.scenario.quarters
    assert len(model.projects) > 0
    assert model.places.output.min() >= -1e-6


def test_counties_that_promote_jointly_bid_less() -> None:
    spec = with_scenario(load(CASE / "outbidding.yaml"), firms=500, end=Quarter.parse("2011-Q4"))
    alone, jointly = (RelocationModel(spec.with_policies(names)).run() for names in ((), ("joint",)))
    bids = []
    for model in (alone, jointly):
        last = model.record.places().groupby("place")["bid_share"].last()
        bids.append(last[list(COUNTIES)].sum())
    assert 0 < bids[1] < bids[0]


# ---------------------------------------------------------------- what was reported


def beside(model: RelocationModel, year: int) -> dict[str, float]:
    """Return what a run has beside what was reported of the year, by the names in the table."""
    spec, projects, places = model.spec, model.projects, model.setting.places
    at = places.row(spec.scenario.study.city)
    table = yardstick_table(model, yearly=True)
    own = table[(table["place"] == places.ids[at]) & (table["period"] == year)].set_index("yardstick")["value"]
    signed = (projects.dates[1] >= 0) & (projects.place == at)
    shoes = signed & (projects.sector == list(model.setting.sectors.ids).index("leather_footwear"))
    stock = model.record.places()
    first = stock[(stock["place"] == places.ids[at])].iloc[0]
    return {
        "signed projects": own["signed projects"],
        "in place from outside the province": own["in place from outside the province"],
        "shoe makers signed so far": projects.firms[shoes].sum(),
        "their output at full production": projects.output[shoes].sum(),
        "their jobs at full production": projects.jobs[shoes].sum(),
        "jobs in manufacturing at the start": first["labour_used"],
    }


def test_what_was_reported_stands_beside_the_model(run: RelocationModel) -> None:
    """A table and no verdict: nothing was set from it, and reports count more than what moves (docs/world-zhoukou.md)."""
    reported, found = rows(HERE / "data" / "zhoukou_reported.csv"), beside(run, 2011)
    for entry in reported:
        assert entry["use"] in ("calibrate", "validate")
        value = found.get(entry["model"])
        print(
            f"{entry['what'][:60]:60} {float(entry['value']):>10,.1f} {'-' if value is None else f'{value:,.1f}':>12}"
        )
    assert {entry["model"] for entry in reported} >= set(found)
    assert all(np.isfinite(value) and value >= 0 for value in found.values())
    assert found["jobs in manufacturing at the start"] > 0


def test_a_specification_says_how_much_of_it_is_assumed() -> None:
    spec: Spec = load(SCENARIOS / "zhoukou.yaml")
    grades = [entry.grade.value for entry in spec.register.inputs.values()]
    assert 0.6 < grades.count("assumed") / len(grades) < 0.85
