"""What a batch hands out: tables, summaries, effects, precision; and its commands."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from batching import LEVERS, RECORD, plan_file
from scipy import stats
from typer.testing import CliRunner

from relocsim.batch import opening
from relocsim.batch.executing import Progress, run_batch
from relocsim.batch.folder import BatchError
from relocsim.batch.pairs import half_width, pairs_of
from relocsim.batch.stored import StoredBatch, status_of
from relocsim.batch.summaries import cell_summary, effects, summary
from relocsim.cli import app
from relocsim.cli_batch import _watched

RUNNER = CliRunner()
UNKNOWN = {"factors": {"sensitivity": {"path": "parameters.sensitivity", "levels": [0.01, 0.03]}}}


def invoke(*arguments: object):
    return RUNNER.invoke(app, [str(one) for one in arguments], env={"COLUMNS": "160"})


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> StoredBatch:
    """Two levers by two values of an unknown, two replicates; parts of three runs."""
    folder = tmp_path_factory.mktemp("results")
    record = {**RECORD, "columns": ["wage_ratio"], "detail": "year"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opening, "_part_size", lambda reader: 3)
        return StoredBatch(
            run_batch(plan_file(folder, uncertainties=UNKNOWN, replicates=2, record=record), folder / "out")
        )


def test_runs_carry_their_factors(batch: StoredBatch) -> None:
    runs = batch.runs
    assert list(runs["run"]) == list(range(16))
    assert runs.groupby(["sensitivity", "incentives", "subsidy"]).size().tolist() == [2] * 8
    assert runs["replicate"].tolist() == [0] * 8 + [1] * 8


def test_the_effect_of_a_lever_is_taken_within_replicate_and_unknown(batch: StoredBatch) -> None:
    runs, table = batch.runs, effects(batch)
    wide = runs.pivot(index=["replicate", "sensitivity"], columns=["incentives", "subsidy"], values="intentions")
    by_hand = ((wide[True, 0.05] - wide[False, 0.05]) + (wide[True, 0.2] - wide[False, 0.2])) / 2
    row = table.query("lever == 'incentives' and observable == 'intentions'").iloc[0]
    assert (row["level"], row["unit"], row["pairs"], row["replicates"]) == ("True", "firms", 4, 4)
    assert row["mean"] == pytest.approx(by_hand.mean())
    assert row["simulation_error"] == pytest.approx(by_hand.groupby("replicate").mean().std(ddof=1) / np.sqrt(2))
    assert len(table) == 2 * 2


def test_a_summary_has_a_row_a_point_and_observable(batch: StoredBatch) -> None:
    table = summary(batch)
    assert len(table) == 8 * 2
    part = batch.runs.query("point == 3")["intentions"]
    assert table.query("point == 3 and observable == 'intentions'")["mean"].item() == pytest.approx(part.mean())


def test_cells_are_summed_up_a_piece_at_a_time(batch: StoredBatch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("relocsim.batch.summaries._PIECES", 2)
    cells = batch.cell_table()
    assert len(cells) == 16 * 5 * 3
    assert list(cells["period"].unique()) == ["2008", "2009", "2010"]
    found = cell_summary(batch, by=["place", "period"]).set_index(["place", "period"])
    by_hand = cells.astype({"place": str, "period": str}).groupby(["place", "period"])
    for name in ("investment", "wage_ratio"):
        np.testing.assert_allclose(found[f"{name} mean"], by_hand[name].mean(), rtol=1e-6)
        np.testing.assert_allclose(found[f"{name} sd"], by_hand[name].std(ddof=1), rtol=1e-4, atol=1e-6)
    assert set(found["count"]) == {16}
    beta = cell_summary(batch, by=["point"], places=["beta"], periods=["2010"], measures=["jobs"])
    wanted = cells.query("place == 'beta' and period == '2010'").groupby("point")["jobs"].mean()
    np.testing.assert_allclose(beta["jobs mean"], wanted, rtol=1e-6)


def test_flows_of_years_add_up_and_states_are_those_of_their_end(tmp_path: Path) -> None:
    record = {**RECORD, "columns": ["wage_ratio"]}
    quarterly = StoredBatch(run_batch(plan_file(tmp_path, record=record, replicates=1), tmp_path / "out"))
    first = quarterly.cell_table(places=["beta"]).query("run == 3")
    years = first["period"].astype(str).str[:4]
    total, last = first.groupby(years)["jobs"].sum(), first.groupby(years)["wage_ratio"].last()
    record = {**record, "detail": "year"}
    yearly = StoredBatch(run_batch(plan_file(tmp_path, record=record, replicates=1), tmp_path / "years"))
    same = yearly.cell_table(places=["beta"]).query("run == 3")
    np.testing.assert_allclose(same["jobs"], total, rtol=1e-6)
    np.testing.assert_array_equal(same["wage_ratio"], last)


def test_a_wrong_name_of_a_place_is_told(batch: StoredBatch) -> None:
    with pytest.raises(BatchError, match="no place 'bet'; it has alpha"):
        batch.cell_table(places=["bet"])


def test_half_widths_are_students() -> None:
    effect = np.array([1.0, 2.0, 4.0, np.nan])
    wanted = stats.t.ppf(0.975, 2) * np.std(effect[:3], ddof=1) / np.sqrt(3)
    assert half_width(effect) == pytest.approx(wanted)
    assert half_width(effect[:1]) == np.inf


def test_pairs_differ_in_one_lever_alone() -> None:
    rows = [{"x": x, "y": y} for x in ("b", "a", "c") for y in (0, 1)]
    pairs = pairs_of("x", ["a", "b", "c"], rows, range(6))
    assert [(pair.level, pair.first, pair.second) for pair in pairs] == [
        ("b", 2, 0),
        ("c", 2, 4),
        ("b", 3, 1),
        ("c", 3, 5),
    ]


def test_replicates_run_until_the_effect_is_precise(tmp_path: Path) -> None:
    terms = {"least": 2, "step": 1, "most": 4}
    factors = {"factors": {"incentives": LEVERS["factors"]["incentives"]}}

    def played(half: float, **entries: object) -> tuple[StoredBatch, list[Progress]]:
        replicates = {**terms, **entries, "until": {"effect": "incentives", "on": "intentions", "half_width": half}}
        seen: list[Progress] = []
        plan = plan_file(tmp_path, levers=factors, replicates=replicates)
        return StoredBatch(run_batch(plan, tmp_path / "out", tick=seen.append)), seen

    batch, _ = played(1e9)
    status = status_of(batch)
    assert (len(batch.runs), status.total, status.replicates, status.complete) == (4, 4, 2, True)
    wide = batch.runs.pivot(index="replicate", columns="incentives", values="intentions")
    assert status.half_width == pytest.approx(half_width((wide[True] - wide[False]).to_numpy()))
    batch, seen = played(1e-9)
    assert len(batch.runs) == 8, "none is played twice, and the most is the end"
    assert seen[0].half_width == pytest.approx(status.half_width)
    text = invoke("status", tmp_path / "out").stdout
    assert "8 of 8 runs (2 points, 4 replicates), complete" in text
    assert "wanted 1e-09" in text


def test_the_commands_play_tell_and_hand_out(tmp_path: Path) -> None:
    plan, out = plan_file(tmp_path, replicates=2), tmp_path / "out"
    found = invoke("batch", plan, "--out", out, "--jobs", "1")
    assert found.exit_code == 0, found.output
    assert "8 of 8 runs (4 points, 2 replicates), complete" in found.stdout
    assert invoke("check", plan).stdout.strip() == f"{plan}: ok"
    shown = invoke("results", out).stdout
    for words in ("incentives", "subsidy", "capture", "firms"):
        assert words in shown
    for table, rows in (("runs", 8), ("points", 4), ("summary", 8), ("cells", 8 * 9 * 5), ("cell-summary", 45)):
        for suffix in ("csv", "parquet"):
            file = tmp_path / f"{table}.{suffix}"
            done = invoke("results", out, "--table", table, "--out", file)
            assert done.exit_code == 0, done.output
            assert len(pd.read_csv(file) if suffix == "csv" else pd.read_parquet(file)) == rows
    city = tmp_path / "beta.csv"
    invoke("results", out, "--table", "cells", "--place", "beta", "--period", "2009-Q1", "--out", city)
    assert pd.read_csv(city)["place"].tolist() == ["beta"] * 8
    assert not list(tmp_path.glob("*.new"))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--table", "run"], "there is no table 'run' (did you mean 'runs'?)"),
        (["--table", "cells", "--place", "bet"], "the batch has no place 'bet'"),
        (["--table", "cell-summary", "--by", "city"], "cells have no key 'city'"),
        (["--out", "table.xls"], "should end with one of .csv, .parquet"),
    ],
)
def test_what_cannot_be_handed_out_is_said(batch: StoredBatch, options: list[str], words: str) -> None:
    found = invoke("results", batch.folder, *options)
    assert found.exit_code == 2
    assert words in found.stderr


def test_a_folder_without_a_batch_is_said(tmp_path: Path) -> None:
    for command in ("status", "results"):
        found = invoke(command, tmp_path)
        assert found.exit_code == 2
        assert "holds no batch" in found.stderr
    (tmp_path / "manifest.json").write_text(json.dumps({"kind": "run", "format": 1}))
    assert "but run" in invoke("status", tmp_path).stderr


def test_a_batch_with_failures_says_so_and_exits_1(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("relocsim.batch.recording.Reader.__call__", lambda self, model: 1 / 0)
    found = invoke("batch", plan_file(tmp_path, replicates=1), "--out", tmp_path / "out", "--jobs", "1")
    assert found.exit_code == 1
    for words in ("4 of 4 runs", "4 failed (--retry-failed", "ZeroDivisionError"):
        assert words in found.stdout
    assert invoke("status", tmp_path / "out").exit_code == 1
    monkeypatch.undo()
    found = invoke("batch", tmp_path / "plan.yaml", "--out", tmp_path / "out", "--jobs", "1", "--retry-failed")
    assert found.exit_code == 0


def test_sensitivity_of_a_sampled_design_has_no_pairs(tmp_path: Path) -> None:
    levers = {"design": "latin hypercube", "samples": 2, "factors": LEVERS["factors"]}
    batch = StoredBatch(run_batch(plan_file(tmp_path, levers=levers, replicates=1), tmp_path / "out"))
    assert effects(batch).empty
    assert "effects: no rows" in invoke("results", batch.folder).stdout


def test_the_bar_shows_rate_failures_and_half_width(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal, which stderr is made to look like."""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    shown: list[str] = []
    with _watched() as tick:
        assert tick is not None
        for finished in (2, 6, 40):
            tick(Progress(100, finished, 3, 0.25))
            task = tick.__closure__ and next(
                cell.cell_contents.tasks[0] for cell in tick.__closure__ if hasattr(cell.cell_contents, "tasks")
            )
            shown.append(f"{task.completed:.0f} of {task.total}, {task.fields['rate']}")
    assert shown[0].startswith("2 of 100")
    assert "a minute, 3 failed, half-width 0.25" in shown[-1]
