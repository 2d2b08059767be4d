"""Compiled kernels give the bits of their plain twins, are found where they were built, and are never needed."""

from __future__ import annotations

import copy
import ctypes
import datetime as dt
import os
import pickle
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from runs import differing, played, with_parameters, with_scenario, without
from shared import CHENZHOU
from test_admission import instance
from test_clusters import RESTLESS
from test_routes import EDGES, drawn_graph

from relocsim import kernels
from relocsim.kernels import bidding, building, costing
from relocsim.model import Foundation, RelocationModel, lay_foundation
from relocsim.phases.admission import admit
from relocsim.phases.claims import Applicants
from relocsim.phases.plants import SHRUNK
from relocsim.spec import Spec, load
from relocsim.streams import Streams, members
from relocsim.world.columns import places_of
from relocsim.world.network import AccessTable
from relocsim.world.projects import EXPANSION, PRODUCING

pytestmark = pytest.mark.skipif(shutil.which(os.environ.get("CC", "cc")) is None, reason="needs a C compiler")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path | None:
    """The file of the kernels: that which was built at installation of these sources, or else one built for these tests."""
    installed = building.HERE / building.LIBRARY
    return installed if kernels.opened(installed) else building.build(tmp_path_factory.mktemp("kernels"))


@pytest.fixture(scope="session")
def library(built: Path | None) -> ctypes.CDLL:
    """The kernels of that file."""
    return _opened(built)


def _opened(path: Path | None) -> ctypes.CDLL:
    assert path is not None, "the kernels do not compile"
    found = kernels.opened(path)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def plain(toy: Spec) -> RelocationModel:
    """The toy scenario as written, run without kernels."""
    with kernels.using(None):
        return played(lay_foundation(toy))


def both_ways(spec: Spec, library: ctypes.CDLL, on: tuple[str, ...] = ()) -> tuple[RelocationModel, RelocationModel]:
    """Return the same run, foundation included, without kernels and with them."""
    with kernels.using(None):
        plain = played(lay_foundation(spec), on)
    with kernels.using(library):
        return plain, played(lay_foundation(spec), on)


def test_a_whole_run_has_the_same_bits_with_every_policy(toy: Spec, library: ctypes.CDLL) -> None:
    plain, compiled = both_ways(toy, library, tuple(toy.policies))
    assert differing(plain, compiled) == []
    assert len(plain.projects) > 100
    assert plain.places.refused.sum() > 0, "nobody was refused: admission was not put to the test"


def test_and_where_much_happens_to_plants(toy: Spec, library: ctypes.CDLL) -> None:
    plain, compiled = both_ways(with_parameters(with_scenario(toy, firms=600), **RESTLESS), library)
    assert differing(plain, compiled) == []
    projects = plain.projects
    seen = {
        "left": projects.gone >= 0, "shrunk": projects.running == SHRUNK, "grown": projects.kind == EXPANSION,
        "followed": projects.leader >= 0, "all functions": projects.sales >= 0,
        "headquarters at once": (projects.headquarters >= 0) & (projects.headquarters == projects.dates[PRODUCING]),
    }  # fmt: skip
    assert {what for what, rows in seen.items() if not rows.any()} == set(), "not put to the test"


@pytest.mark.parametrize(
    "off",
    [
        "awareness", "joint_moves", "coordination", "selection", "incentives", "payment_limits", "admission_limits",
        "land_readiness", "shortest_plank", "delivery_losses",
    ],
)  # fmt: skip
def test_and_without_the_mechanisms_that_kernels_know_of(toy: Spec, library: ctypes.CDLL, off: str) -> None:
    assert differing(*both_ways(without(toy, off), library)) == []


@pytest.mark.parametrize("place", [7, "each"])
@pytest.mark.parametrize("count", [0, 1, 40_000])
def test_draws_are_the_same(library: ctypes.CDLL, place: int | str, count: int) -> None:
    streams, uid = Streams(3, 5), members("firms", count)
    keys = np.arange(count) if place == "each" else place
    with kernels.using(None):
        plain = streams.lanes("some purpose", uid, keys, 11)
    with kernels.using(library):
        np.testing.assert_array_equal(streams.lanes("some purpose", uid, keys, 11), plain)


@pytest.mark.parametrize("shape", [(0, 80), (1, 1), (3, 64), (700, 80), (40, 150)])
@pytest.mark.parametrize("lanes", [1, 2, 4])
def test_draws_on_a_grid_are_the_same(library: ctypes.CDLL, shape: tuple[int, int], lanes: int) -> None:
    streams, uid, places = Streams(3, 5), members("firms", shape[0]), members("places", shape[1]) >> np.uint64(32)
    with kernels.using(None):
        plain = streams.grid("some purpose", uid, places, lanes=lanes)
    with kernels.using(library):
        np.testing.assert_array_equal(streams.grid("some purpose", uid, places, lanes=lanes), plain)
    assert plain.shape == (lanes, *shape)


def test_what_a_kernel_reads_is_looked_up_anew_in_copies_and_other_processes() -> None:
    three = kernels.structure("Three", "one* two* number~")
    one, two = np.arange(3.0), np.arange(4)
    fixed = kernels.Fixed(three, one=one, number=0.5)
    for twin in (fixed, pickle.loads(pickle.dumps(fixed)), copy.deepcopy(fixed), fixed):
        whole = twin.along(kernels.Arguments(), two=(two, np.int64))
        assert (whole.number, whole.two) == (0.5, two.ctypes.data)
        assert (whole.one == one.ctypes.data) == (twin is fixed)
        assert np.ctypeslib.as_array(ctypes.cast(whole.one, ctypes.POINTER(ctypes.c_double)), (3,)).tolist() == [
            0,
            1,
            2,
        ]


@pytest.mark.parametrize("places", [1, 8, 19, 131, 300])
def test_what_is_reached_adds_up_to_the_same(library: ctypes.CDLL, places: int) -> None:
    odds, unknown = Streams(3, 5).grid("some purpose", members("rows", 54), np.arange(places), lanes=2)
    odds, unknown = odds.reshape(6, 9, places), -unknown.reshape(6, 9, places)
    plain = odds * -unknown
    np.testing.assert_array_equal(bidding.reached(library, odds, unknown), plain.sum(axis=2))
    np.testing.assert_array_equal(odds, plain)


@pytest.mark.parametrize("places", [1, 8, 19])
def test_log_odds_of_places_are_the_same(library: ctypes.CDLL, places: int) -> None:
    grid = Streams(3, 5).grid("some purpose", members("rows", 54), np.arange(places))[0]
    value, contact, either = np.split(np.log(grid), [24, 48])
    value[:, 0] = np.where(places > 1, -np.inf, value[:, 0])
    odds, highest, unheard = bidding.log_odds(library, value, contact, either.reshape(2, 3, places), 0.3, 1)
    plain = (value[1::4] + either).reshape(2, 3, places) / 0.3
    np.testing.assert_array_equal(highest, plain.max(axis=2))
    np.testing.assert_array_equal(odds, plain - highest[:, :, None])
    np.testing.assert_array_equal(unheard.ravel(), -contact[1::4].ravel())


@pytest.mark.parametrize("seed", range(12))
def test_crowded_places_take_the_same_firms_in_the_same_order(
    foundation: Foundation, library: ctypes.CDLL, seed: int
) -> None:
    room, factors = (0.4, 1.5, 6.0)[seed % 3], (1e9, 1.0, 0.3, 3.0)[seed % 4]
    case = instance(foundation, 300, seed, leaders=0.2, room=room, factors=factors)
    decisions = replace(case.decisions, value=case.decisions.value.astype(np.float32))

    def answered(use: ctypes.CDLL | None) -> bytes:
        with kernels.using(use):
            found = admit(Applicants(case.setting, case.choosers, decisions, case.mass, case.preferences), case.vacancy)
        assert len(found.claims), "nobody was admitted"
        return b"".join(found.claims[name].tobytes() for name in found.claims.dtype.names) + found.refused.tobytes()

    assert answered(library) == answered(None)


@pytest.mark.parametrize("count", [1, 7, 8, 100, 128, 129, 400])
def test_unit_cost_is_measured_from_the_same_mean_of_few_and_of_many_places(library: ctypes.CDLL, count: int) -> None:
    shapes = (3, count), (2, 3, count), (3,), (2, count)
    by_class, inputs, often, trip = (np.sin(np.arange(np.prod(shape)) ** 2.0).reshape(shape) for shape in shapes)
    some = np.arange(count - count // 3)
    cost = inputs + by_class + often[:, None] * trip[:, None, :]
    cost -= cost.take(some, axis=-1).mean(axis=-1, keepdims=True)
    np.testing.assert_array_equal(costing.relative_cost(library, by_class, inputs, often, trip, some), cost)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(EDGES, st.lists(st.sets(st.integers(0, 3)), min_size=1, max_size=6))
def test_routes_that_go_on_from_others_are_those_found_anew(
    library: ctypes.CDLL, edges: list[tuple[int, int, int, int, int]], opened: list[set[int]]
) -> None:
    """Lines open and close in any order; edges that run in a circle and cost little, routes of equal cost."""
    routes, where = drawn_graph([*edges, (0, 1, 50, 50, 0)]).laid(), np.arange(6)
    for lines in opened:
        with kernels.using(library):
            going_on = routes.between(where, where, lines)
        with kernels.using(None):
            np.testing.assert_array_equal(going_on, routes.between(where, where, lines))


def test_access_has_the_same_bits_as_lines_open_and_close(library: ctypes.CDLL) -> None:
    world = load(CHENZHOU).world
    places = places_of(world)
    one, two, anew = (
        AccessTable(world.network, places.ids, places.lon, places.lat, value_of_time=30.0) for _ in range(3)
    )
    sets = [one.open_lines(dt.date(year, 1, 1)) for year in (2000, 2008, 2010, 2014, 2018)]
    with kernels.using(library):
        forth, back = [one.at(lines) for lines in sets], [two.at(lines) for lines in sets[::-1]][::-1]
    with kernels.using(None):
        plain = [anew.at(lines) for lines in sets]
    assert any(sets[at] - sets[at + 1] for at in range(4)), "no line closes"
    for name in ("hours", "fare", "freight_km", "freight_hours", "bulk_km", "bulk_port_hours", "port_hours"):
        for accesses in zip(forth, back, plain, strict=True):
            assert all(np.array_equal(getattr(accesses[-1], name), getattr(access, name)) for access in accesses), name


def wrong(folder: Path, monkeypatch: pytest.MonkeyPatch, right: str, instead: str) -> ctypes.CDLL:
    """Return the kernels with something else in place of what is right."""
    assert any(right in path.read_text() for path in building.sources())
    for path in building.sources():
        (folder / path.name).write_text(path.read_text().replace(right, instead))
    monkeypatch.setattr(building, "HERE", folder)
    monkeypatch.setattr(building, "_FLAGS", ("-O0", *building._FLAGS[1:]))  # built fast: the bits are the same
    return _opened(building.build(folder))


@pytest.mark.parametrize(
    ("right", "instead"),
    [
        ("freight * distance[p] + thin", "thin"),
        ("due[i] * (1 - of->meant[p]) + old", "old"),
        ("more > projects->patience[row]", "more > 2 * projects->patience[row]"),
        ("of->pending[firm] += firms", "of->pending[firm] += 2 * firms"),
        ("of->land_used[place] -= land(of, projects, row) * part;", ""),
    ],
)
def test_a_kernel_that_is_wrong_is_seen(
    toy: Spec, plain: RelocationModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, right: str, instead: str
) -> None:
    with kernels.using(wrong(tmp_path, monkeypatch, right, instead)):
        assert differing(plain, played(lay_foundation(toy))) != []


@pytest.mark.parametrize("right", ["map->any_lost", "to == row->to[head] &&"])
def test_routes_that_forget_nothing_or_know_no_ties_are_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, right: str
) -> None:
    library = wrong(tmp_path, monkeypatch, right, "0" if right == "map->any_lost" else f"0 && {right}")
    edges = [(0, 1, 1, 1, 0), (0, 1, 4, 4, -1), (0, 2, 2, 4, -1), (0, 3, 1, 1, -1), (3, 2, 1, 1, -1), (2, 4, 1, 1, -1)]
    routes, where = drawn_graph(edges).laid(), np.arange(5)
    with kernels.using(library):
        found = [routes.between(where, where, lines) for lines in ((0,), ())]
    with kernels.using(None):
        right_ones = [routes.between(where, where, lines) for lines in ((0,), ())]
    assert not np.array_equal(found, right_ones)


def test_arrays_are_where_numpy_says() -> None:
    for array in (np.empty(3), np.zeros((4, 5), np.int16)[1:], np.arange(6.0)[::2], np.empty((0, 2))):
        array.flags.writeable = False
        assert kernels.address(array) == array.ctypes.data


def test_projects_that_travel_take_no_addresses_with_them(toy: Spec) -> None:
    projects = played(lay_foundation(toy)).projects
    assert projects.table.place == kernels.address(projects.place)
    assert projects.__getstate__()["_table"] is None
    assert copy.deepcopy(projects).table.place != projects.table.place


def test_a_library_of_other_sources_is_left_alone(built: Path | None, monkeypatch: pytest.MonkeyPatch) -> None:
    assert built is not None
    assert kernels.opened(built) is not None
    monkeypatch.setattr(kernels, "digest", lambda: "0123456789abcdef")
    assert kernels.opened(built) is None


def test_what_is_no_library_is_left_alone(tmp_path: Path) -> None:
    assert kernels.opened(tmp_path / "absent.so") is None
    (tmp_path / "broken.so").write_text("no library")
    assert kernels.opened(tmp_path / "broken.so") is None


@pytest.mark.parametrize("compiler", ["no-such-compiler", "false"])
def test_without_a_compiler_nothing_is_built_and_nothing_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, compiler: str
) -> None:
    monkeypatch.setenv("CC", compiler)
    assert building.build(tmp_path) is None
    assert list(tmp_path.iterdir()) == []


def test_the_environment_switches_them_off() -> None:
    code = "from relocsim import kernels; print(kernels.library)"
    environment = {**os.environ, kernels.SWITCH: "off"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "None"
