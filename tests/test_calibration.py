"""Calibration against closed forms: posterior, recovery, weights; resume, bits, what is written."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from calibrating import SUM, calibration_file, linear
from formulas import Formulas
from scipy.special import ndtr
from typer.testing import CliRunner

from relocsim.batch.folder import BatchError
from relocsim.calibration.adjusting import adjusted
from relocsim.calibration.answering import Calibrated, calibrate
from relocsim.calibration.nearness import distances, nearest, spread
from relocsim.calibration.planning import load_calibration
from relocsim.calibration.posterior import posterior_table
from relocsim.calibration.proposing import DEFENCE, Kernel, importance, normals, numbers
from relocsim.calibration.recovering import band_level, recovered, within_band
from relocsim.calibration.summarising import quantiles
from relocsim.cli import app
from relocsim.report.charts.calibration import calibration_charts
from relocsim.report.screens.calibrate import calibration_screen, identified_sentence, unreached

EFFORT = {"prior": 500, "generations": 2, "draws": 300, "accepted": 0.2, "checks": 60}


def exact() -> tuple[np.ndarray, np.ndarray]:
    """Return mean and standard deviations of the posterior of the linear model, horizon after sensitivity."""
    loading = np.array([[1.0, 0.0], [1.0, 1.0]])
    precision = np.eye(2) + loading.T @ loading / 0.25
    covariance = np.linalg.inv(precision)
    return covariance @ loading.T @ np.array([1.5, -1.0]) / 0.25, np.sqrt(np.diag(covariance))


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Calibrated:
    folder = tmp_path_factory.mktemp("calibration")
    calibration = load_calibration(calibration_file(folder, runs=EFFORT))
    return calibrate(calibration, folder / "out", executor=linear(), recovery=100)


def test_the_posterior_of_a_linear_model_is_the_exact_one(found: Calibrated) -> None:
    z, weight = found.fit.z, found.fit.kept.weight
    mean = weight @ z
    deviation = np.sqrt(weight @ (z - mean) ** 2)
    at = [found.fit.names.index(name) for name in ("sensitivity", "horizon")]
    wanted, wide = exact()
    np.testing.assert_allclose(mean[at], wanted, atol=0.12)
    np.testing.assert_allclose(deviation[at], wide, rtol=0.2)
    idle = found.fit.names.index("nest-lambda")
    assert abs(mean[idle]) < 0.3
    assert deviation[idle] == pytest.approx(1, rel=0.2)
    pair = found.correlations.iloc[0]
    assert {pair["one"], pair["other"]} == {"sensitivity", "horizon"}
    assert pair["correlation"] == pytest.approx(-4 / np.sqrt(45), abs=0.15)


def test_what_the_targets_do_not_tell_is_said(found: Calibrated) -> None:
    known = found.parameters.set_index("label")["identified"]
    assert known.to_dict() == {"sensitivity": True, "horizon": True, "nest_lambda": False}
    assert identified_sentence(found.parameters).endswith("and not the other 1")
    row = found.parameters.set_index("label").loc["sensitivity"]
    assert row["prior_low"] < row["low"] < row["median"] < row["high"]
    assert row["moved"] > 0.5


def test_generations_come_nearer(found: Calibrated) -> None:
    assert found.generations["distance"].is_monotonic_decreasing
    assert found.generations["draws"].tolist() == [500, 800, 1100]
    assert found.runs == 1100 + 60


def test_known_parameters_are_recovered_and_wrong_intervals_are_seen(found: Calibrated) -> None:
    test = found.recovery
    assert test is not None
    assert (test.table["p"] > 0.01).all()
    assert test.table["coverage_90"].between(0.8, 0.97).all()
    told = test.table.set_index("label")["variance_removed"]
    assert told["sensitivity"] > 0.7
    assert told["horizon"] > 0.4
    assert told["nest_lambda"] < 0.15
    truth = normals(1, "truth", numbers(0, 150), ["a"])
    draws = normals(1, "posterior", numbers(1, 150 * 40), ["a"]).reshape(150, 40, 1)
    equal = np.ones(40)
    honest = recovered(["a"], truth, [(one, equal) for one in draws], truth)
    narrow = recovered(["a"], truth, [(0.4 * one, equal) for one in draws], truth)
    shifted = recovered(["a"], truth, [(0.5 + one, equal) for one in draws], truth)
    assert honest.table.loc[0, "within_band"]
    assert honest.table.loc[0, "p"] > 0.01
    for wrong in (narrow, shifted):
        assert not wrong.table.loc[0, "within_band"]
        assert wrong.table.loc[0, "p"] < 1e-3


def test_the_band_holds_uniform_ranks_as_a_whole_nineteen_times_in_twenty() -> None:
    level = band_level(60)
    samples = ndtr(normals(3, "uniform", numbers(2, 300 * 60), ["u"])).reshape(300, 60)
    held = np.mean([within_band(one, level) for one in samples])
    assert held == pytest.approx(0.95, abs=0.035)


def test_importance_weights_give_back_the_prior() -> None:
    names = ["a", "b", "c"]
    first = normals(5, "prior", numbers(0, 400), names)
    rows = np.flatnonzero(first[:, 0] > 0.5)
    kernel = Kernel.about(first, rows, np.ones(len(rows)))
    second = kernel.propose(5, numbers(1, 2000), names)
    assert second[:, 0].mean() > 0.5
    weight = importance(np.concatenate([first, second]), [400, 2000], [kernel])
    z = np.concatenate([first, second])
    assert weight.mean() == pytest.approx(1, abs=0.05)
    np.testing.assert_allclose((weight @ z) / weight.sum(), 0, atol=0.08)
    np.testing.assert_allclose((weight @ z**2) / weight.sum(), 1, atol=0.12)
    assert weight.max() <= 2400 / (400 + DEFENCE * 2000) + 1e-9


def test_a_kernel_keeps_mean_and_spread() -> None:
    z = normals(6, "prior", numbers(0, 500), ["a", "b"]) * [0.5, 2.0] + [1.0, -1.0]
    kernel = Kernel.about(z, np.arange(500), np.ones(500))
    mean = kernel.weight @ kernel.centres
    spread_of = (kernel.weight[:, None] * (kernel.centres - mean)).T @ (
        kernel.centres - mean
    ) + kernel.root @ kernel.root.T
    np.testing.assert_allclose(mean, z.mean(axis=0), atol=1e-9)
    np.testing.assert_allclose(np.diag(spread_of), z.var(axis=0), rtol=1e-6)


def test_the_adjustment_moves_draws_along_the_readings() -> None:
    reading = normals(7, "reading", numbers(0, 300), ["s"])
    z = np.column_stack([2 + 3 * reading[:, 0], np.full(300, 0.25)])
    moved = adjusted(z, reading, np.full(300, 1 / 300))
    np.testing.assert_allclose(moved[:, 0], 2, atol=0.02)
    np.testing.assert_allclose(moved[:, 1], 0.25, atol=1e-6)
    few = adjusted(z[:3], reading[:3], np.full(3, 1 / 3))
    np.testing.assert_array_equal(few, z[:3]), "too few draws are left as they are"


def test_what_cannot_be_read_is_never_near() -> None:
    values = np.array([[0.0], [1.0], [2.0], [np.nan], [4.0]])
    distance = distances(values, np.array([0.0]), spread(values))
    assert distance[3] == np.inf
    kept = nearest(distance, np.ones(5), 0.5)
    assert kept.rows.tolist() == [0, 1]
    with pytest.raises(ValueError, match="fewer than three runs"):
        nearest(np.array([np.inf, np.inf, 1.0]), np.ones(3), 0.5)
    assert quantiles(np.array([3.0, 1.0, 2.0]), np.array([1.0, 1.0, 1.0]), [0.5])[0] == 2.0


def test_figures_and_errors_are_told_apart(found: Calibrated) -> None:
    table = found.targets.set_index("figure")
    assert table.loc["one", "posterior_median"] == pytest.approx(exact()[0][0], abs=0.2)
    assert table.loc["one", "below"] == pytest.approx(ndtr(1.5), abs=0.03)
    assert table["inside_with_error"].all()
    assert unreached(found.targets.assign(below=[0.001, 0.5])) == ["one"]


def test_charts_say_what_was_found(found: Calibrated) -> None:
    charts = calibration_charts(found)
    titles = {name: " ".join(figure.get_suptitle().split()) for name, figure in charts.items()}
    assert "and leave 1 of 3 open" in titles["marginals"]
    assert titles["predictions"] == "Calibrated, the model meets 2 of 2 figures"
    assert titles["recovery"].startswith("90 % intervals hold the truth in ")
    assert calibration_screen(found)


def test_a_failure_is_counted_and_all_failures_are_an_error(tmp_path: Path) -> None:
    def broken(given, replicate: int) -> float:
        raise ArithmeticError("no such world")

    calibration = load_calibration(calibration_file(tmp_path))
    with pytest.raises(BatchError, match=r"fewer than 5 draws of the prior show .* no such world"):
        calibrate(calibration, tmp_path / "out", executor=Formulas(broken, broken))


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, pd.DataFrame]:
    """A calibration of the toy world itself, played by one process."""
    folder = tmp_path_factory.mktemp("toy")
    plan = calibration_file(folder, targets=TARGETS)
    return plan, posterior_table(calibrate(load_calibration(plan), folder / "out"))


TARGETS = {
    "share": {
        "measure": {"flow": "investment", "stage": "intention", "places": ["beta"]},
        "over": {"flow": "investment", "stage": "intention"},
        "value": 0.3, "tolerance": "+-20%", "source": "made up",
    },
    "wish": {"measure": {"flow": "expected", "places": ["beta"]}, "over": {"flow": "expected", "places": ["delta"]},
             "value": 0.5, "tolerance": "x/1.5", "source": "made up"},
}  # fmt: skip


def test_the_bits_do_not_depend_on_who_plays_nor_on_where_it_stopped(
    played: tuple[Path, pd.DataFrame], tmp_path: Path
) -> None:
    plan, wanted = played
    out = tmp_path / "out"
    shutil.copytree(plan.parent / "out", out, ignore=shutil.ignore_patterns("answer", "generation-01", "checks*"))
    journal = out / "generation-00" / "toy.journal"
    content = journal.read_bytes()
    journal.write_bytes(content[: 2 * len(content) // 3])  # what an end in the midst of a write leaves
    with ThreadPoolExecutor(2) as executor:
        again = calibrate(load_calibration(plan), out, executor=executor)
    pd.testing.assert_frame_equal(posterior_table(again), wanted, check_exact=True)


def test_a_folder_goes_on_with_more_generations_and_refuses_other_targets(tmp_path: Path) -> None:
    count: list[int] = []

    def counted(given, replicate: int) -> float:
        count.append(replicate)
        return replicate % 7 / 7

    model = Formulas(counted, counted)
    runs = {"prior": 40, "generations": 1, "draws": 20, "accepted": 0.3, "checks": 0}
    calibrate(load_calibration(calibration_file(tmp_path, runs=runs)), tmp_path / "out", executor=model)
    assert len(count) == 2 * 60
    more = load_calibration(calibration_file(tmp_path, runs={**runs, "generations": 2}))
    calibrate(more, tmp_path / "out", executor=model)
    assert len(count) == 2 * 80
    assert len(set(count)) == 80, "every draw has luck of its own"
    other = {**SUM, "one": {**SUM["one"], "value": 0.0}}
    with pytest.raises(
        BatchError, match=r"generation-01 holds runs of another calibration; what differs:\n  other draws"
    ):
        calibrate(
            load_calibration(calibration_file(tmp_path, runs=runs, targets=other)), tmp_path / "out", executor=model
        )
    read = {**SUM, "one": {**SUM["one"], "measure": {"observable": "distance"}}}
    with pytest.raises(BatchError, match=r"measured\.one\.measure\.observable is distance, was capture"):
        calibrate(
            load_calibration(calibration_file(tmp_path, runs=runs, targets=read)), tmp_path / "out", executor=model
        )


def test_the_command_plays_and_writes(played: tuple[Path, pd.DataFrame]) -> None:
    plan, wanted = played
    out = plan.parent / "out"
    dry = CliRunner().invoke(app, ["calibrate", str(plan), "--dry"])
    assert "3 parameters, 2 targets, 0 figures held out: 17 draws, 17 runs" in dry.stderr
    none = CliRunner().invoke(app, ["calibrate", str(plan)])
    assert none.exit_code == 2
    assert "add --out DIR" in none.stderr
    options = ["--out", str(out), "--recovery", "10", "--jobs", "1", "--no-charts"]
    done = CliRunner().invoke(app, ["calibrate", str(plan), *options], env={"COLUMNS": "160"})
    assert done.exit_code == 0, done.output
    assert "Parameters: median and 90 % interval" in done.stdout
    assert "Recovery of known parameters, 10 trials" in done.stdout
    names = {path.name for path in (out / "answer").iterdir()}
    assert {
        "posterior.parquet",
        "parameters.csv",
        "targets.parquet",
        "ranks.csv",
        "manifest.json",
    } <= names
    pd.testing.assert_frame_equal(pd.read_parquet(out / "answer" / "posterior.parquet"), wanted)
