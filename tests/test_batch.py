"""Batches on the toy world: what is stored, the same bytes whatever happens, extension, refusal, failures."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from batching import LEVERS, RECORD, RUNS, SMALL, START, TOY, contents, plan_file

from relocsim.batch import executing, opening, parts
from relocsim.batch.bundles import Bundle, Finished, play_bundle
from relocsim.batch.executing import Progress, run_batch
from relocsim.batch.folder import BatchError
from relocsim.batch.planning import setting
from relocsim.batch.playing import realised
from relocsim.batch.recording import reader_of
from relocsim.batch.stored import StoredBatch, status_of
from relocsim.errors import OutputExistsError
from relocsim.model import RelocationModel, lay_foundation
from relocsim.spec import load

pytestmark = pytest.mark.usefixtures("small_parts")


def test_a_batch_leaves_parts_and_a_manifest_and_nothing_else(whole: Path) -> None:
    tables = [f"{table}/part-{number:06d}.parquet" for table in ("cells", "runs") for number in range(3)]
    assert sorted(contents(whole)) == sorted([*tables, "lock", "manifest.json", "points.parquet", "scenario.json"])
    manifest = json.loads((whole / "manifest.json").read_text("utf-8"))
    assert manifest["complete"]
    assert set(manifest["files"]) == {*tables, "points.parquet", "scenario.json"}
    assert {"relocsim", "code", "numpy", "scenario digest", "seed"} <= set(manifest["identity"])
    assert manifest["extents"] == [{"points": 4, "replicates": 3}]


def test_every_run_is_the_run_that_its_settings_describe(whole: Path) -> None:
    """Bit for bit, digest included: the scenario loaded with these settings, its inputs drawn, played alone."""
    batch = StoredBatch(whole)
    design = batch.design.set_index("point")
    assert len(batch.runs) == RUNS
    for row in batch.runs.iloc[[0, 6, 11]].itertuples():
        values = {**SMALL, **START, **json.loads(design.loc[row.point, "settings"])}
        spec = load(TOY, settings=[setting(path, value) for path, value in values.items()])
        drawn = realised(spec, row.replicate)
        model = RelocationModel(drawn, foundation=lay_foundation(drawn, replicate=row.replicate)).run()
        reading = reader_of(batch.plan.record, spec)(model)
        assert row.digest == spec.digest
        np.testing.assert_array_equal(reading.values, [row.intentions, row.capture])
        cells = batch.cell_table().query("run == @row.run")
        for at, measure in enumerate(("investment", "jobs")):
            stored = cells.pivot(index="period", columns="place", values=measure).to_numpy()
            np.testing.assert_array_equal(stored, reading.cells[at])


def test_something_happens_in_these_runs(whole: Path) -> None:
    runs = StoredBatch(whole).runs
    assert runs["intentions"].max() > 0
    assert runs.groupby("replicate")["intentions"].nunique().max() > 1


def test_bytes_do_not_depend_on_the_number_of_processes(whole: Path, tmp_path: Path) -> None:
    out = run_batch(plan_file(tmp_path), tmp_path / "out", jobs=2)
    assert contents(out) == contents(whole)


def test_the_last_runs_are_shared_out_so_that_no_worker_waits_for_another(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed: list[int] = []

    def here(bundles: Iterable[Bundle], *, jobs: int, executor: Executor | None) -> Iterator[list[Finished]]:
        for bundle in bundles:
            handed.append(len(bundle.runs))
            yield play_bundle(bundle)

    monkeypatch.setattr(executing, "play_all", here)
    run_batch(plan_file(tmp_path), tmp_path / "out", jobs=2)
    assert handed == [3, 1, 3, 1, 2, 1, 1], (
        "of twelve runs of three replicates, a quarter at most, and half of what is left"
    )
    assert contents(tmp_path / "out") == contents(whole)


def test_any_executor_will_do(whole: Path, tmp_path: Path) -> None:
    with ThreadPoolExecutor(3) as executor:
        out = run_batch(plan_file(tmp_path), tmp_path / "out", executor=executor)
    assert contents(out) == contents(whole)


def test_more_replicates_give_the_bytes_of_one_batch_and_play_what_is_new(
    whole: Path, tmp_path: Path, played_runs: list[int]
) -> None:
    run_batch(plan_file(tmp_path, replicates=1), tmp_path / "out")
    run_batch(plan_file(tmp_path, replicates=3), tmp_path / "out")
    assert played_runs == list(range(RUNS))
    ours, theirs = contents(tmp_path / "out"), contents(whole)
    assert {name for name in ours if ours[name] != theirs[name]} == {"manifest.json"}, "which says how it grew"


def test_more_levels_play_what_is_new_and_give_the_same_runs(tmp_path: Path, played_runs: list[int]) -> None:
    wider = {"factors": {**LEVERS["factors"], "subsidy": {**LEVERS["factors"]["subsidy"], "levels": [0.01, 0.05, 0.2]}}}
    narrow, wide = plan_file(tmp_path, replicates=1), plan_file(tmp_path, "wide.yaml", replicates=1, levers=wider)
    first = StoredBatch(run_batch(narrow, tmp_path / "out")).runs
    grown = StoredBatch(run_batch(wide, tmp_path / "out"))
    assert played_runs == list(range(6)), "four points, then two more"
    pd.testing.assert_frame_equal(grown.runs.head(4), first)
    at_once = StoredBatch(run_batch(wide, tmp_path / "at-once"))
    keys, values = ["digest", "replicate"], ["intentions", "capture"]
    one, other = (batch.runs.sort_values(keys)[[*keys, *values]] for batch in (grown, at_once))
    pd.testing.assert_frame_equal(one.reset_index(drop=True), other.reset_index(drop=True))


def test_a_finished_batch_is_left_alone(whole: Path, played_runs: list[int]) -> None:
    before = {path: path.stat().st_mtime_ns for path in whole.rglob("*") if path.name != "lock"}
    run_batch(whole.parent / "plan.yaml", whole)
    assert not played_runs
    assert before == {path: path.stat().st_mtime_ns for path in whole.rglob("*") if path.name != "lock"}


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ({"replicates": 2}, "plan: replicates is 2, was 3"),
        ({"inputs": "central"}, "inputs is central, was drawn"),
        ({"settings": {**SMALL, **START, "scenario.seed": 8}}, "seed is 8, was 7"),
        ({"settings": {**SMALL, **START, "parameters.sensitivity": 0.02}}, "world.parameters.sensitivity is 0.02, was"),
        ({"record": {**RECORD, "observables": ["capture"]}}, "record: observables is ['capture'], was"),
        (
            {"levers": {"factors": {"incentives": {"policy": "incentives"}}}},
            "plan: levers.factors.subsidy is nothing, was",
        ),
    ],
)
def test_another_plan_is_refused_and_what_differs_is_named(
    whole: Path, tmp_path: Path, entries: dict[str, Any], words: str
) -> None:
    before = contents(whole)
    with pytest.raises(BatchError) as raised:
        run_batch(plan_file(tmp_path, **entries), whole)
    assert words in str(raised.value)
    assert contents(whole) == before


@pytest.mark.parametrize(("key", "value"), [("relocsim", "0.0.9"), ("code", "0" * 64), ("numpy", "1.0")])
def test_another_version_is_refused_and_named(whole: Path, tmp_path: Path, key: str, value: str, monkeypatch) -> None:
    told = {**json.loads((whole / "manifest.json").read_text("utf-8"))["identity"], key: value}
    known = {name: told[name] for name in ("relocsim", "code", "numpy", "scipy", "pyarrow")}
    monkeypatch.setattr("relocsim.batch.identity.code_version", lambda: known)
    with pytest.raises(BatchError, match=f"{key} is {value[:12]}, was"):
        run_batch(plan_file(tmp_path), whole)


def test_files_of_others_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("dear")
    with pytest.raises(OutputExistsError, match=r"thesis\.txt"):
        run_batch(plan_file(tmp_path), tmp_path)


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A patch with which all runs of the higher subsidy fail when they pay it."""
    look = RelocationModel.look_around

    def broken(self: RelocationModel, years: float) -> Any:
        if (
            self.spec.policies["incentives"].capital_subsidy == 0.2
            and "incentives" in self.in_force
            and self.quarter > 2
        ):
            raise ArithmeticError("too generous")
        return look(self, years)

    monkeypatch.setattr(RelocationModel, "look_around", broken)
    return monkeypatch


def test_failures_are_rows_and_are_played_again_when_asked(
    whole: Path, tmp_path: Path, failing: pytest.MonkeyPatch, played_runs: list[int]
) -> None:
    plan, out = plan_file(tmp_path), tmp_path / "out"
    seen: list[Progress] = []
    run_batch(plan, out, tick=seen.append)
    assert (seen[-1].finished, seen[-1].failed, seen[-1].total) == (RUNS, 3, RUNS)
    batch = StoredBatch(out)
    status = status_of(batch)
    assert (status.finished, len(status.failed), status.complete) == (RUNS, 3, True)
    row = batch.failures.iloc[0]
    assert row["error"] == "ArithmeticError: too generous"
    assert "relocsim/batch/variants.py:" in row["traceback"]
    assert str(tmp_path.anchor + "tmp") not in row["traceback"]
    assert json.loads(row["settings"]) == {"policies.incentives.capital_subsidy": 0.2, "policies.incentives.on": True}
    kept = batch.runs.query("status == 'ok'").reset_index(drop=True)
    reference = StoredBatch(whole).runs
    pd.testing.assert_frame_equal(kept, reference[reference["run"].isin(kept["run"])].reset_index(drop=True))
    failing.undo()
    failing.setattr(opening, "_part_size", lambda reader: 4)
    run_batch(plan, out)
    assert status_of(StoredBatch(out)).failed, "not asked for"
    run_batch(plan, out, retry_failed=True)
    assert contents(out) == contents(whole)


def test_parts_come_back_as_they_went(whole: Path) -> None:
    batch = StoredBatch(whole)
    reader = reader_of(batch.plan.record, load(TOY, settings=[f"scenario.end={SMALL['scenario.end']}"]))
    before = contents(whole)
    for number in range(3):
        runs = parts.read_part(whole, number, reader)
        assert sorted(runs) == list(range(4 * number, 4 * number + 4))
    assert before == contents(whole)
    assert pq.read_table(whole / "runs" / "part-000000.parquet")["status"].to_pylist() == ["ok"] * 4
