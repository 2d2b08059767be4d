"""Inputs drawn by a posterior: rows by weight, digests, scenarios, plans and commands that name one, refusals."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from batching import TOY, plan_file
from calibrating import calibration_file, linear
from typer.testing import CliRunner

import relocsim
from relocsim.batch.playing import input_draws, realised
from relocsim.calibration.answering import calibrate
from relocsim.calibration.planning import check_calibration, load_calibration
from relocsim.calibration.posterior import about_posterior, posterior_table
from relocsim.cli import app
from relocsim.errors import SpecError
from relocsim.spec import load
from relocsim.spec.posterior import read_posterior, with_posterior, write_posterior


@pytest.fixture(scope="module")
def posterior(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("posterior")
    parameters = ["sensitivity", "horizon", "other places: fees"]
    plan = calibration_file(folder, parameters=parameters, runs={"prior": 40, "generations": 0, "checks": 0})
    found = calibrate(load_calibration(plan), folder / "out", executor=linear())
    path = folder / "posterior.parquet"
    write_posterior(path, posterior_table(found), about_posterior(found))
    return path


def test_replicates_draw_rows_of_a_posterior(posterior: Path) -> None:
    plain, spec = load(TOY), load(TOY, posterior=posterior)
    table = read_posterior(posterior).table
    values = {tuple(row) for row in table[["parameters.sensitivity", "parameters.horizon"]].to_numpy()}
    seen = set()
    for replicate in range(20):
        world = realised(spec, replicate).world.parameters
        seen.add((world.sensitivity, world.horizon))
        draws = input_draws(spec, replicate)
        assert draws("places.alpha.fees") == draws("places.gamma.fees"), "a family has one quantile"
        assert draws("parameters.nest_lambda") == input_draws(plain, replicate)("parameters.nest_lambda")
    assert seen <= values
    assert len(seen) > 4
    assert realised(spec, 3).world == realised(load(TOY, posterior=posterior), 3).world


def test_rows_come_by_their_weights(posterior: Path) -> None:
    spec = load(TOY, posterior=posterior)
    joint = spec.register.joint
    assert joint is not None
    weight = np.diff(joint.upto, prepend=0)
    rows = [joint.at(u)["parameters.sensitivity"] for u in (np.arange(4000) + 0.5) / 4000]
    found, counts = np.unique(rows, return_counts=True)
    column = joint.rows[:, joint.column["parameters.sensitivity"]]
    wanted = np.array([weight[column == one].sum() for one in found])
    np.testing.assert_allclose(counts / 4000, wanted, atol=1 / 2000)


def test_the_digest_knows_the_posterior_and_settings_win(posterior: Path, tmp_path: Path) -> None:
    spec = load(TOY, posterior=posterior)
    assert spec.digest != load(TOY).digest
    assert spec.digest == with_posterior(load(TOY), posterior).digest
    set_ = load(TOY, settings=["parameters.sensitivity=0.02"], posterior=posterior)
    assert realised(set_, 1).world.parameters.sensitivity == 0.02
    found = read_posterior(posterior)
    other = tmp_path / "other.parquet"
    write_posterior(other, found.table.assign(weight=1.0), found.about)
    assert load(TOY, posterior=other).digest != spec.digest


def test_a_scenario_and_a_plan_may_name_a_posterior(posterior: Path, tmp_path: Path) -> None:
    file = tmp_path / "on-posterior.yaml"
    file.write_text(f"format: 1\nkind: scenario\nextends: {TOY}\nposterior: {posterior}\n", encoding="utf-8")
    assert load(file).digest == load(TOY, posterior=posterior).digest
    batch = {"levers": None, "replicates": 2, "record": {"observables": ["intentions"]}}
    one = relocsim.run_batch(plan_file(tmp_path, posterior=str(posterior), **batch), tmp_path / "one")
    plain = plan_file(tmp_path, "plain.yaml", **batch)
    done = CliRunner().invoke(
        app, ["batch", str(plain), "--posterior", str(posterior), "--out", str(tmp_path / "two"), "--jobs", "1"]
    )
    assert done.exit_code == 0, done.stderr
    tables = [relocsim.StoredBatch(folder).runs for folder in (one, tmp_path / "two")]
    assert tables[0].equals(tables[1])
    refused = CliRunner().invoke(app, ["batch", str(plain), "--out", str(one)])
    assert refused.exit_code == 2
    assert "scenario: ranges.posterior is nothing, was" in refused.stderr
    both = CliRunner().invoke(
        app, ["check", str(plan_file(tmp_path, posterior=str(posterior), inputs="central", **batch))]
    )
    assert "posterior: a posterior is drawn from, and inputs are central" in both.stderr


def test_run_and_compare_take_a_posterior(posterior: Path) -> None:
    small = [
        "--set",
        "scenario.firms=100",
        "--set",
        "scenario.end=2010-Q1",
        "--set",
        "policies.incentives.start=2008-Q2",
    ]
    options = [str(TOY), *small, "--posterior", str(posterior)]
    central = CliRunner().invoke(app, ["run", *options])
    assert central.exit_code == 2
    assert "inputs are central: add --replicate 0" in central.stderr
    assert CliRunner().invoke(app, ["run", *options, "--replicate", "1"]).exit_code == 0
    found = CliRunner().invoke(app, ["compare", *options, "--with", "incentives", "--replicates", "2", "--jobs", "1"])
    assert found.exit_code == 0, found.stderr


def test_a_posterior_that_does_not_fit_is_refused(posterior: Path, tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r"there is no posterior 'nowhere\.parquet'"):
        load(TOY, posterior="nowhere.parquet")
    broken = tmp_path / "broken.parquet"
    broken.write_bytes(b"PAR1")
    with pytest.raises(SpecError, match="cannot be read"):
        load(TOY, posterior=broken)
    found = read_posterior(posterior)
    found.table.to_parquet(broken)
    with pytest.raises(SpecError, match="is no posterior of this version"):
        load(TOY, posterior=broken)
    told = {
        **found.about["inputs"],
        "parameters.horizon": {**found.about["inputs"]["parameters.horizon"], "high": 99.0},
    }
    write_posterior(broken, found.table, {**found.about, "inputs": told})
    with pytest.raises(SpecError, match=r"parameters\.horizon has another value or range than in the posterior"):
        load(TOY, posterior=broken)
    write_posterior(broken, found.table, {**found.about, "inputs": {}})
    with pytest.raises(SpecError, match="holds no input of 'Toy'"):
        load(TOY, posterior=broken)
    plan = calibration_file(tmp_path, cases={"toy": {"scenario": "again.yaml"}})
    (tmp_path / "again.yaml").write_text(
        f"format: 1\nkind: scenario\nextends: {TOY}\nposterior: {posterior}\n", encoding="utf-8"
    )
    assert "draws inputs by a posterior already" in "\n".join(str(one) for one in check_calibration(plan))
