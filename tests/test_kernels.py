"""Compiled kernels give the bits of their plain twins, are found where they were built, and are never needed."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from runs import differing, played, without
from test_admission import instance

from relocsim import kernels
from relocsim.kernels import building
from relocsim.model import Foundation, RelocationModel, lay_foundation
from relocsim.phases.admission import admit
from relocsim.phases.claims import Applicants
from relocsim.spec import Spec
from relocsim.streams import Streams, members

pytestmark = pytest.mark.skipif(shutil.which(os.environ.get("CC", "cc")) is None, reason="needs a C compiler")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path | None:
    """The file of the kernels, built for these tests."""
    return building.build(tmp_path_factory.mktemp("kernels"))


@pytest.fixture(scope="session")
def library(built: Path | None) -> ctypes.CDLL:
    """The kernels of that file."""
    return _opened(built)


def _opened(path: Path | None) -> ctypes.CDLL:
    assert path is not None, "the kernels do not compile"
    found = kernels.opened(path)
    assert found is not None
    return found


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


@pytest.mark.parametrize("off", ["awareness", "joint_moves", "coordination", "selection", "incentives"])
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


def test_a_kernel_that_is_wrong_is_seen(toy: Spec, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in building.sources():
        text = path.read_text()
        (tmp_path / path.name).write_text(text.replace("of->freight[x] * distance[p] + thin", "thin"))
    monkeypatch.setattr(building, "HERE", tmp_path)
    wrong = _opened(building.build(tmp_path))
    assert differing(*both_ways(toy, wrong)) != []


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
