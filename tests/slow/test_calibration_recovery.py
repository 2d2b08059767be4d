"""Calibration at length: recovery of the sequential method and of the toy world, a killed process, more processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from batching import ROOT
from calibrating import SUM, calibration_file, linear
from scipy import stats
from test_calibration import TARGETS

from relocsim.calibration.answering import calibrate
from relocsim.calibration.planning import load_calibration
from relocsim.calibration.posterior import posterior_table
from relocsim.calibration.proposing import normals, numbers
from relocsim.calibration.recovering import recovered

pytestmark = pytest.mark.slow


def test_generations_recover_known_parameters(tmp_path: Path) -> None:
    """Not from one table, as `--recovery` does: the whole sequential method, for truths of its own."""
    runs = {"prior": 300, "generations": 2, "draws": 200, "accepted": 0.2, "checks": 0}
    truth = normals(11, "truth", numbers(0, 60), ["sensitivity", "horizon"])
    errors = 0.5 * normals(11, "errors", numbers(0, 60), ["one", "both"])
    found = []
    for trial, (a, b) in enumerate(truth):
        one, both = a + errors[trial, 0], a + b + errors[trial, 1]
        targets = {"one": {**SUM["one"], "value": float(one)}, "both": {**SUM["both"], "value": float(both)}}
        plan = calibration_file(tmp_path, parameters=["sensitivity", "horizon"], targets=targets, runs=runs)
        fit = calibrate(load_calibration(plan), tmp_path / f"out-{trial}", executor=linear()).fit
        found.append((fit.z[:, [fit.names.index(name) for name in ("sensitivity", "horizon")]], fit.kept.weight))
    test = recovered(["sensitivity", "horizon"], normals(12, "prior", numbers(0, 300), ["a", "b"]), found, truth)
    assert test.table["within_band"].all(), test.table
    assert test.table["coverage_90"].between(0.8, 0.98).all()


def test_the_toy_world_is_recovered(tmp_path: Path) -> None:
    runs = {"prior": 500, "generations": 0, "accepted": 0.2, "checks": 0}
    plan = calibration_file(tmp_path, targets=TARGETS, runs=runs, parameters=["sensitivity", "review_hazard"])
    test = calibrate(load_calibration(plan), tmp_path / "out", jobs=2, recovery=200).recovery
    assert test is not None
    assert (test.table["p"] > 0.005).all(), test.table
    assert test.table["coverage_90"].between(0.82, 0.97).all(), test.table
    assert stats.kstest(test.ranks.ravel(), "uniform").pvalue > 0.005


def test_a_calibration_goes_on_after_kill_and_processes_change_no_bit(tmp_path: Path) -> None:
    runs = {"prior": 60, "generations": 1, "draws": 30, "accepted": 0.4, "checks": 10}
    plan = calibration_file(tmp_path, targets=TARGETS, runs=runs)
    alone = calibrate(load_calibration(plan), tmp_path / "alone")
    out = tmp_path / "killed"
    command = [
        sys.executable,
        "-m",
        "relocsim",
        "calibrate",
        str(plan),
        "--out",
        str(out),
        "--jobs",
        "2",
        "--no-charts",
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    journal = out / "generation-00" / "toy.journal"
    while not (journal.exists() and journal.stat().st_size > 500):
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not (out / "answer").exists()
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    found = pd.read_parquet(out / "answer" / "posterior.parquet")
    pd.testing.assert_frame_equal(found, posterior_table(alone), check_exact=True)
    assert np.isfinite(found.to_numpy()).all()


def test_the_plan_of_the_cases_is_sound() -> None:
    found = load_calibration(ROOT / "experiments" / "calibration" / "plan.yaml")
    assert len(found.families) == 20
    assert all(len(case.families) == 20 for case in found.cases), "the cases share all of them"
    assert {aim.name for aim in found.held_out} == {"branches-in-guangdong"}
