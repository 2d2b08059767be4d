"""Indices of Sobol and Morris: against closed forms, of observables and of effects, and what has none."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from batching import LEVERS, plan_file
from formulas import Formulas
from typer.testing import CliRunner

from relocsim.batch.executing import run_batch
from relocsim.batch.folder import BatchError
from relocsim.batch.indices import indices
from relocsim.batch.stored import StoredBatch
from relocsim.cli import app
from relocsim.errors import SpecError

NAMES = ("branch_share", "sunk_share", "joint_share")
PATHS = [f"parameters.{name}" for name in NAMES]
FACTORS = {name: {"path": path, "range": [0, 1]} for name, path in zip(NAMES, PATHS, strict=True)}
INCENTIVES = {"factors": {"incentives": {"policy": "incentives"}}}
ON = "policies.incentives.on"
RECORD = {"observables": ["capture", "inflow"]}


def ishigami(given, replicate: int) -> float:
    """Return the function of Ishigami and Homma (1990) with a = 7, b = 0.1, with the luck of a replicate added."""
    x = [np.pi * (2 * given[path] - 1) for path in PATHS]
    return float(np.sin(x[0]) + 7 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0]) + replicate)


def additive(given, replicate: int) -> float:
    """Return 1 x1 + 2 x2 - 4 x3, and 10 + 3 x1 more with incentives."""
    x = [given[path] for path in PATHS]
    return x[0] + 2 * x[1] - 4 * x[2] + given.get(ON, False) * (10 + 3 * x[0]) + replicate


def played(folder: Path, *formulas, samples: int, design: str = "sobol", levers=INCENTIVES, **entries) -> StoredBatch:
    unknown = {"design": design, "samples": samples, "factors": FACTORS}
    plan = plan_file(folder, levers=levers, uncertainties=unknown, record=RECORD, replicates=2, **entries)
    return StoredBatch(run_batch(plan, folder / "out", executor=Formulas(*formulas)))


@pytest.fixture(scope="module")
def sobol(tmp_path_factory: pytest.TempPathFactory) -> StoredBatch:
    return played(tmp_path_factory.mktemp("sobol"), ishigami, additive, samples=256)


@pytest.fixture(scope="module")
def morris(tmp_path_factory: pytest.TempPathFactory) -> StoredBatch:
    return played(tmp_path_factory.mktemp("morris"), ishigami, additive, samples=12, design="morris")


def test_sobols_indices_are_those_of_the_closed_form(sobol: StoredBatch) -> None:
    table = indices(sobol, on=["capture"])
    one = table[table["at"] == "incentives=false"].set_index("factor")
    variance = 7**2 / 8 + 0.1 * np.pi**4 / 5 + 0.1**2 * np.pi**8 / 18 + 1 / 2
    first = [(1 + 0.1 * np.pi**4 / 5) ** 2 / 2, 7**2 / 8, 0.0]
    together = 8 * 0.1**2 * np.pi**8 / 225
    np.testing.assert_allclose(one["first_order"], np.array(first) / variance, atol=0.05)
    np.testing.assert_allclose(one["total"], np.add(first, [together, 0, together]) / variance, atol=0.05)
    assert one["sd"].iloc[0] == pytest.approx(np.sqrt(variance), rel=0.05)
    assert (one["first_order_low"] < one["first_order"]).all()
    assert (one["total_high"] - one["total"]).between(0.001, 0.2).all()
    assert set(one["samples"]) == {256}
    assert set(one["replicates"]) == {2}
    effect = table[table["lever"] == "incentives"]
    assert effect["first_order"].isna().all(), "a lever that does nothing has no indices"


def test_sobols_indices_of_an_effect(sobol: StoredBatch) -> None:
    found = indices(sobol, on=["inflow"], lever="incentives").set_index("factor")
    np.testing.assert_allclose(found["first_order"], [1, 0, 0], atol=0.02)
    np.testing.assert_allclose(found["total"], [1, 0, 0], atol=0.02)
    assert found["mean"].iloc[0] == pytest.approx(11.5, abs=0.01)
    assert (found["lever"].iloc[0], found["level"].iloc[0], found["unit"].iloc[0]) == ("incentives", "true", "1e8 yuan")


def test_morris_of_an_additive_function_is_exact(morris: StoredBatch) -> None:
    table = indices(morris, on=["inflow"])
    level = table[table["at"] == "incentives=true"].set_index("factor")
    np.testing.assert_allclose(level["mu"], [4, 2, -4])
    np.testing.assert_allclose(level["mu_star"], [4, 2, 4])
    np.testing.assert_allclose(level["sigma"], 0, atol=1e-9)
    np.testing.assert_allclose(level["mu_high"] - level["mu_low"], 0, atol=1e-9)
    effect = table[table["lever"] == "incentives"].set_index("factor")
    np.testing.assert_allclose(effect["mu"], [3, 0, 0], atol=1e-9)


def test_morris_tells_interactions_and_signs(morris: StoredBatch) -> None:
    found = indices(morris, on=["capture"]).query("at == 'incentives=true'").set_index("factor")
    assert found.loc["sunk_share", "mu_star"] > abs(found.loc["sunk_share", "mu"]), "up and down again"
    assert (found["sigma"] > 0).all()
    assert (found["mu_star_low"] < found["mu_star"]).all()


def test_levers_may_be_on_the_design_themselves(tmp_path: Path) -> None:
    levers = {"design": "morris", "samples": 4, "factors": FACTORS}
    unknown = {"factors": {"interest": {"path": "parameters.interest", "levels": [0.06, 0.1]}}}
    plan = plan_file(tmp_path, levers=levers, uncertainties=unknown, record=RECORD, replicates=1)
    batch = StoredBatch(run_batch(plan, tmp_path / "out", executor=Formulas(ishigami, additive)))
    found = indices(batch, on=["inflow"])
    np.testing.assert_allclose(found["mu"], [1, 2, -4])
    with pytest.raises(BatchError, match="no lever 'branch_share' stands beside the design; levers: none"):
        indices(batch, lever="branch_share")


def test_runs_of_few_levels_and_equal_points_count_row_by_row(tmp_path: Path) -> None:
    factors = {name: {"path": path, "levels": [0.25, 0.75]} for name, path in zip(NAMES, PATHS, strict=True)}
    unknown = {"design": "morris", "samples": 6, "factors": factors}
    plan = plan_file(tmp_path, levers=None, uncertainties=unknown, record=RECORD, replicates=1)
    batch = StoredBatch(run_batch(plan, tmp_path / "out", executor=Formulas(ishigami, additive)))
    assert len(batch.points) < len(batch.design)
    np.testing.assert_allclose(indices(batch, on=["inflow"])["mu"], np.array([1, 2, -4]) * 0.5 / (2 / 3))


def test_what_has_no_indices_is_said(tmp_path: Path, morris: StoredBatch) -> None:
    plan = plan_file(tmp_path, levers=LEVERS, replicates=1, record=RECORD)
    batch = StoredBatch(run_batch(plan, tmp_path / "out", executor=Formulas(lambda *_: 1.0, lambda *_: 1.0)))
    with pytest.raises(BatchError, match="design 'sobol' or 'morris'; found levers 'full factorial'"):
        indices(batch)
    with pytest.raises(BatchError, match=r"no observable 'captur' \(did you mean 'capture'"):
        indices(morris, on=["captur"])
    with pytest.raises(BatchError, match="no lever 'subsidy' stands beside the design; levers: incentives"):
        indices(morris, lever="subsidy")


def test_failed_runs_leave_blocks_that_are_not_whole(tmp_path: Path) -> None:
    batch = played(tmp_path, lambda given, _: 1 / (given[PATHS[0]] > 0.02), lambda *_: 1.0, samples=8)
    with pytest.raises(BatchError, match=r"runs of .* failed, so that [1-8] of 8 base samples are not whole"):
        indices(batch)


def test_a_batch_that_is_not_finished_is_said(tmp_path: Path) -> None:
    batch = played(tmp_path, additive, additive, samples=4)
    text = (batch.folder / "manifest.json").read_text("utf-8").replace('"complete": true', '"complete": false')
    (batch.folder / "manifest.json").write_text(text, "utf-8")
    with pytest.raises(BatchError, match="is not finished, and indices need all its runs"):
        indices(StoredBatch(batch.folder))


def test_without_salib_indices_say_what_to_install(morris: StoredBatch, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == "SALib"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "SALib", None)
    monkeypatch.setitem(sys.modules, "SALib.analyze", None)
    with pytest.raises(SpecError, match=r"indices need SALib, which is not installed .*relocsim\[designs\]"):
        indices(morris)


def test_other_trajectories_than_those_played_are_refused(morris: StoredBatch, monkeypatch: pytest.MonkeyPatch) -> None:
    from relocsim.batch import indices as module

    other = module.coordinates("morris", 3, 12, 5)
    monkeypatch.setattr(module, "coordinates", lambda *_: other)
    with pytest.raises(BatchError, match="not those that this release of SALib makes"):
        indices(morris)


def test_the_command_hands_out_indices(morris: StoredBatch, tmp_path: Path) -> None:
    out = tmp_path / "indices.csv"
    options = ["results", str(morris.folder), "--table", "indices", "--on", "inflow", "--out", str(out)]
    done = CliRunner().invoke(app, options)
    assert done.exit_code == 0, done.output
    table = pd.read_csv(out)
    assert table["observable"].unique().tolist() == ["inflow"]
    assert len(table) == 3 * 3
