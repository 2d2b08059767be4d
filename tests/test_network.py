"""The network: laws of access, and published railway hours."""

from __future__ import annotations

import csv
import datetime as dt
import time
from dataclasses import fields
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from relocsim.errors import SpecError
from relocsim.world.journeys import Travel
from relocsim.world.lines import Line, Mode, Network, Node
from relocsim.world.network import AccessTable, open_lines, rail_hours
from relocsim.world.points import Points
from relocsim.world.routes import GRAIN, great_circle

HERE = Path(__file__).parent
WORLD = HERE.parent / "scenarios" / "chenzhou"
TIMETABLE_DAY = dt.date(2016, 6, 30)
BOUND = ("guangzhou", "shenzhen", "shanghai")


def bare(tree: Any) -> Any:
    """Return a tree of a world's file without provenance."""
    if isinstance(tree, dict):
        return tree["value"] if "value" in tree else {key: bare(value) for key, value in tree.items()}
    return [bare(item) for item in tree] if isinstance(tree, list) else tree


def read(kind: str) -> Any:
    return bare(yaml.safe_load((WORLD / f"{kind}.yaml").read_text(encoding="utf-8"))[kind])


@pytest.fixture(scope="module")
def network() -> Network:
    return Network.model_validate(read("network"))


@pytest.fixture(scope="module")
def where() -> tuple[list[str], list[float], list[float]]:
    places = read("places")
    names = list(places)
    return names, [places[name]["lon"] for name in names], [places[name]["lat"] for name in names]


def table(network: Network, where: tuple[list[str], list[float], list[float]]) -> AccessTable:
    return AccessTable(network, *where, value_of_time=100.0)


# ---------------------------------------------------------------- published hours


def published() -> list[dict[str, str]]:
    lines = (HERE / "data" / "rail_hours.csv").read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def errors(network: Network, where: Any, column: str) -> dict[str, list[float]]:
    """Return relative errors of the model by destination, for one of the two networks of the timetable."""
    modes = frozenset({Mode.RAIL}) if column == "conventional" else frozenset({Mode.RAIL, Mode.HSR})
    hours = rail_hours(network, *where, on=TIMETABLE_DAY, modes=modes)
    row = {name: index for index, name in enumerate(where[0])}
    found: dict[str, list[float]] = {}
    for entry in published():
        if entry[column]:
            value = hours[row[entry["city"]], row[entry["to"]]]
            found.setdefault(entry["to"], []).append(value / float(entry[column]) - 1)
    return found


@pytest.mark.parametrize("column", ["conventional", "2016"])
def test_rail_hours_are_those_of_the_timetable(network: Network, where: Any, column: str) -> None:
    found = errors(network, where, column)
    medians = {to: float(np.median(np.abs(values))) for to, values in found.items()}
    for to in BOUND:
        assert len(found[to]) >= 16
        assert medians[to] < 0.10, (to, medians[to])
    print(column, {to: f"{value:.1%}" for to, value in medians.items() if to not in BOUND})


def test_a_distorted_network_misses_the_timetable(network: Network, where: Any) -> None:
    lines = {name: line.model_copy(update={"hours": tuple(1.5 * hours for hours in line.hours)})
             for name, line in network.lines.items()}  # fmt: skip
    slow = network.model_copy(update={"lines": lines})
    assert np.median(np.abs(errors(slow, where, "conventional")["guangzhou"])) > 0.10


def test_no_train_is_absurdly_fast_or_slow(network: Network, where: Any) -> None:
    points = Points(network, *where)
    limits = {Mode.RAIL: (35, 120), Mode.HSR: (65, 355)}
    for name, line in network.lines.items():
        for (one, two), hours in zip(points.links(line), line.hours, strict=False):
            low, high = limits[line.mode]
            speed = points.km[one, two] * network.modes[line.mode].detour / hours
            assert low < speed < high, (name, points.ids[one], points.ids[two], speed)


# ---------------------------------------------------------------- the whole network


def test_every_place_is_reached_by_people_and_goods(network: Network, where: Any) -> None:
    access = table(network, where).at(open_lines(network, dt.date(2008, 1, 1)))
    for column in (getattr(access, f.name) for f in fields(access) if f.init):
        assert np.all(np.isfinite(column))
        assert np.all(column >= 0)
    assert np.all(np.diag(access.hours) == 0)
    assert np.all(np.diag(access.freight_km) == 0)


def test_the_way_back_is_as_long(network: Network, where: Any) -> None:
    access = table(network, where).at(open_lines(network, TIMETABLE_DAY))
    for column in (access.hours, access.fare, access.freight_km, access.freight_hours):
        np.testing.assert_allclose(column, column.T, rtol=1e-9)


def test_access_is_read_only(network: Network, where: Any) -> None:
    access = table(network, where).at(frozenset())
    with pytest.raises(ValueError, match="read-only"):
        access.hours[0, 0] = 1.0


def test_high_speed_rail_carries_no_goods(network: Network, where: Any) -> None:
    before = open_lines(network, dt.date(2009, 12, 25))
    after = before | {"wuhan-guangzhou-hsr", "guangzhou-shenzhen-hsr"}
    one, two = table(network, where).at(before), table(network, where).at(after)
    for name in ("freight_km", "freight_hours", "port_km", "port_hours"):
        assert getattr(one, name).tobytes() == getattr(two, name).tobytes()
    row = {name: index for index, name in enumerate(where[0])}
    chenzhou, guangzhou = row["chenzhou"], row["guangzhou"]
    assert two.hours[chenzhou, guangzhou] < one.hours[chenzhou, guangzhou] - 2
    assert two.fare[chenzhou, guangzhou] > one.fare[chenzhou, guangzhou]


def test_a_new_line_never_makes_a_journey_dearer(network: Network, where: Any) -> None:
    access = table(network, where)
    days = [dt.date(year, 1, 1) for year in (2008, 2010, 2013, 2016, 2020)]
    sets = [open_lines(network, day) - {"beijing-wuhan-d", "beijing-shanghai-d"} for day in days]
    costs = [access.at(lines).hours * 100.0 + access.at(lines).fare for lines in sets]
    for earlier, later in pairwise(costs):
        assert np.all(later <= earlier + 1e-6)


def test_order_of_lines_and_places_does_not_matter(network: Network, where: Any) -> None:
    names, lon, lat = where
    turned = network.model_copy(
        update={"lines": dict(reversed(network.lines.items())), "nodes": dict(reversed(network.nodes.items())),
                "ports": network.ports[::-1]}
    )  # fmt: skip
    order = np.array(sorted(range(len(names)), key=lambda i: names[i][::-1]))
    mixed = [names[i] for i in order], [lon[i] for i in order], [lat[i] for i in order]
    lines = open_lines(network, TIMETABLE_DAY)
    one, two = table(network, where).at(lines), table(turned, mixed).at(lines)
    for name in ("hours", "fare", "freight_km", "freight_hours"):
        assert getattr(one, name)[np.ix_(order, order)].tobytes() == getattr(two, name).tobytes()
    assert one.port_km[order].tobytes() == two.port_km.tobytes()


def test_access_is_cached_by_open_lines(network: Network, where: Any) -> None:
    access = table(network, where)
    lines = open_lines(network, dt.date(2010, 1, 1))
    assert access.at(lines) is access.at(frozenset(sorted(lines)))
    assert access.at(lines | {"guangzhou-shenzhen-hsr"}).freight_km is access.at(lines).freight_km


def test_one_epoch_is_fast(network: Network, where: Any) -> None:
    access, lines = table(network, where), open_lines(network, dt.date(2020, 1, 1))
    start = time.process_time()
    access.at(lines)
    assert time.process_time() - start < 1.0  # about 0.03 s; generous for busy machines


# ---------------------------------------------------------------- opening


def test_lines_open_on_their_day(network: Network) -> None:
    assert "wuhan-guangzhou-hsr" not in open_lines(network, dt.date(2009, 12, 25))
    assert "wuhan-guangzhou-hsr" in open_lines(network, dt.date(2009, 12, 26))
    assert "beijing-wuhan-d" not in open_lines(network, dt.date(2012, 12, 26))


def test_policies_open_and_suppress_lines(network: Network, where: Any) -> None:
    day = dt.date(2015, 1, 1)
    opened = {"ganzhou-shenzhen-hsr": dt.date(2014, 1, 1), "wuhan-guangzhou-hsr": dt.date.max}
    lines = table(network, where).open_lines(day, opened)
    assert "ganzhou-shenzhen-hsr" in lines
    assert "wuhan-guangzhou-hsr" not in lines
    assert "ganzhou-shenzhen-hsr" not in open_lines(network, dt.date(2030, 1, 1))


# ---------------------------------------------------------------- what is refused


def test_unreachable_places_are_named(network: Network, where: Any) -> None:
    names, lon, lat = (list(part) for part in where)
    barred = tuple((name, "dalian") for name in [*names, *network.nodes] if name != "dalian")
    modes = dict(network.modes) | {Mode.SEA: network.modes[Mode.SEA].model_copy(update={"freight": False})}
    roads = network.roads.model_copy(update={"barred": barred})
    cut = network.model_copy(update={"roads": roads, "modes": modes})
    with pytest.raises(SpecError, match="no route for goods to dalian") as caught:
        table(cut, (names, lon, lat)).at(frozenset({"beijing-shenyang-rail", "harbin-dalian-hsr"}))
    assert caught.value.problems[0].path == "network.lines"


def test_unknown_names_are_all_reported(network: Network, where: Any) -> None:
    line = Line(name="x", name_zh="x", mode=Mode.RAIL, stops=("chenzou", "wuhan"), through=("wuhan-guangzhou",))
    broken = network.model_copy(update={"lines": {"x": line, "y": network.lines["wuhan-guangzhou-hsr"]}})
    with pytest.raises(SpecError) as caught:
        table(broken, where)
    text = str(caught.value)
    assert "did you mean 'chenzhou'?" in text
    assert "unknown name 'wuhan-guangzhou'" in text
    assert "2 stops need 1 hours between them, found 0" in text


# ---------------------------------------------------------------- toy networks


def toy(network: Network, lines: dict[str, Line]) -> Network:
    """Return a network of four towns on a meridian, a degree apart, without flights, with dear and slow roads."""
    slow = network.roads.model_copy(update={"speed": 5.0, "barred": ()})
    calm = network.airways.model_copy(update={"hubs": ()})
    nodes = {"d": Node(name="d", lon=0.0, lat=3.0)}
    update = {"lines": lines, "nodes": nodes, "ports": ("a",), "roads": slow, "airways": calm}
    return network.model_copy(update=update)


TOWNS = (["a", "b", "c"], [0.0, 0.0, 0.0], [0.0, 1.0, 2.0])


def line(*stops: str, hours: tuple[float, ...], mode: Mode = Mode.RAIL, through: tuple[str, ...] = ()) -> Line:
    return Line(name="x", name_zh="x", mode=mode, stops=stops, hours=hours, through=through)


def test_hours_door_to_door(network: Network) -> None:
    ride = toy(network, {"one": line("a", "b", "c", hours=(1.0, 1.5))})
    terms, access = network.modes[Mode.RAIL], table(ride, TOWNS).at(frozenset({"one"}))
    assert access.hours[0, 2] == pytest.approx(2.5 + terms.board_hours + terms.alight_hours)
    km = great_circle(np.array(TOWNS[1]), np.array(TOWNS[2]))
    assert access.fare[0, 2] == pytest.approx(km[0, 2] * terms.detour * terms.fare)


def test_changing_lines_costs_time_and_running_through_does_not(network: Network) -> None:
    terms = network.modes[Mode.RAIL]
    legs = {"one": line("a", "b", hours=(1.0,)), "two": line("b", "c", hours=(1.5,))}
    through = legs | {"one": line("a", "b", hours=(1.0,), through=("two",))}
    for lines, between in ((legs, terms.transfer_hours), (through, terms.through_hours)):
        world = toy(network, lines)
        hours = rail_hours(world, *TOWNS, on=TIMETABLE_DAY)
        assert hours[0, 2] == pytest.approx(2.5 + between)
        assert hours[2, 0] == pytest.approx(2.5 + between)
        door = table(world, TOWNS).at(frozenset(lines)).hours[0, 2]
        assert door == pytest.approx(2.5 + between + terms.board_hours + terms.alight_hours)


def test_running_through_is_not_passed_on(network: Network) -> None:
    """Two lines do not run through onto each other because a third runs through onto both."""
    legs = {"one": line("a", "b", hours=(1.0,)), "two": line("b", "c", hours=(1.0,)),
            "hub": line("d", "b", hours=(1.0,), through=("one", "two"))}  # fmt: skip
    hours = rail_hours(toy(network, legs), *TOWNS, on=TIMETABLE_DAY)
    assert hours[0, 2] == pytest.approx(2.0 + network.modes[Mode.RAIL].transfer_hours)


def test_without_a_train_there_are_no_rail_hours(network: Network) -> None:
    hours = rail_hours(toy(network, {"one": line("a", "b", hours=(1.0,))}), *TOWNS, on=TIMETABLE_DAY)
    assert hours[0, 1] == 1.0
    assert hours[0, 2] == np.inf


def test_goods_pay_handling_once_within_a_mode(network: Network) -> None:
    cheap = dict(network.modes)
    cheap[Mode.RAIL] = cheap[Mode.RAIL].model_copy(update={"freight_cost": 0.1, "freight_handling_km": 10.0})
    lines = {"one": line("a", "b", hours=(1.0,)), "two": line("b", "c", hours=(1.0,))}
    world = toy(network, lines).model_copy(update={"modes": cheap})
    access, terms = table(world, TOWNS).at(frozenset(lines)), cheap[Mode.RAIL]
    km = great_circle(np.array(TOWNS[1]), np.array(TOWNS[2]))[0, 2] * terms.detour
    assert access.freight_km[0, 2] == pytest.approx(10.0 + 0.1 * km)
    assert access.freight_hours[0, 2] == pytest.approx(terms.freight_handling_hours + km / terms.freight_speed)
    assert access.port_km[2] == access.freight_km[2, 0]


def test_sums_along_routes_are_exact_so_that_no_order_of_adding_matters(network: Network, where: Any) -> None:
    by_people = table(network, where)._by_people
    for numbers in (by_people.cost, by_people.other):
        assert (numbers / GRAIN == np.round(numbers / GRAIN)).all()
    assert by_people.cost.max() * by_people.size < 2**53 * GRAIN


def test_travel_without_fares_counts_hours_only(network: Network) -> None:
    world = toy(network, {"one": line("a", "b", hours=(1.0,))})
    travel = Travel(world, Points(world, *TOWNS), 1.0, {"one": 0}, fares=False)
    travel.add_lines(["one"])
    assert not travel.graph.laid().other.any()
