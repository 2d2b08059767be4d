"""Batches on the toy world: what is stored, the same bytes whatever happens, extension, refusal, failures."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from batching import LEVERS, RECORD, SMALL, START, TOY, command, contents, plan_file

from relocsim.batch import bundles, opening, parts
from relocsim.batch.bundles import play_bundle
from relocsim.batch.executing import Progress, run_batch
from relocsim.batch.folder import BatchError
from relocsim.batch.planning import setting
from relocsim.batch.playing import realised
from relocsim.batch.recording import reader_of
from relocsim.batch.stored import StoredBatch, status_of
from relocsim.errors import OutputExistsError
from relocsim.model import RelocationModel, lay_foundation
from relocsim.spec import load

RUNS = 12


class CutOffError(BaseException):
    """Ends a batch as nothing expects it."""


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "_part_size", lambda reader: 4)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A batch that was never stopped: three parts of four runs; never written to."""
    folder = tmp_path_factory.mktemp("whole")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opening, "_part_size", lambda reader: 4)
        return run_batch(plan_file(folder), folder / "out")


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The runs that are played in this process, as they are."""
    numbers: list[int] = []

    def counted(bundle: bundles.Bundle) -> list[bundles.Finished]:
        numbers.extend(bundle.runs)
        return play_bundle(bundle)

    monkeypatch.setattr("relocsim.batch.crew.play_bundle", counted)
    return numbers


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


def test_any_executor_will_do(whole: Path, tmp_path: Path) -> None:
    with ThreadPoolExecutor(3) as executor:
        out = run_batch(plan_file(tmp_path), tmp_path / "out", executor=executor)
    assert contents(out) == contents(whole)


@pytest.mark.parametrize("calls", [1, 3, 4, 5, 6, 7, 12])
def test_cut_off_at_any_file_that_comes_into_place(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, played: list[int], calls: int
) -> None:
    left, replace = [calls], Path.replace

    def cut_off(self: Path, target: Path) -> Path:
        left[0] -= 1
        if left[0] == 0:
            raise CutOffError
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", cut_off)
    plan = plan_file(tmp_path)
    with pytest.raises(CutOffError):
        run_batch(plan, tmp_path / "out")
    run_batch(plan, tmp_path / "out")
    assert contents(tmp_path / "out") == contents(whole)
    assert sorted(played) == list(range(RUNS))


@pytest.mark.parametrize("lost", [1, 5000])
def test_a_record_that_is_cut_short_is_played_again_and_no_other(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, played: list[int], lost: int
) -> None:
    monkeypatch.setattr(opening, "_part_size", lambda reader: 100)
    monkeypatch.setattr("relocsim.batch.store.Store._write", lambda self, part: (_ for _ in ()).throw(CutOffError))
    plan, out = plan_file(tmp_path), tmp_path / "out"
    with pytest.raises(CutOffError):
        run_batch(plan, out)
    monkeypatch.undo()
    journal = (out / "journal").read_bytes()
    (out / "journal").write_bytes(journal[:-lost])
    known = len(StoredBatch(out).held())
    assert known == (RUNS - 1 if lost < 1000 else known) < RUNS
    again: list[int] = []
    monkeypatch.setattr("relocsim.batch.crew.play_bundle", lambda one: again.extend(one.runs) or play_bundle(one))
    run_batch(plan, out)
    assert len(again) == RUNS - known
    pd.testing.assert_frame_equal(StoredBatch(out).runs, StoredBatch(whole).runs)


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is POSIX's")
@pytest.mark.parametrize("jobs", ["2"])
def test_killed_and_started_again_it_ends_with_the_same_bytes(
    whole: Path, tmp_path: Path, played: list[int], jobs: str
) -> None:
    longer = {**SMALL, **START, "scenario.end": "2010-Q3"}  # so that much is left to play when it is killed
    plan, out = plan_file(tmp_path, replicates=8, settings=longer), tmp_path / "out"
    with command(plan, out, "--jobs", jobs) as process:
        wait_until(lambda: (out / "runs" / "part-000002.parquet").exists())
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        workers = [int(pid) for pid in children.read_text().split()] if children.exists() else []
        process.kill()
        process.communicate()
    wait_until(lambda: not any(alive(pid) for pid in workers))
    stored = StoredBatch(out)
    finished = {*stored.runs["run"], *(one.run for one in stored.held())}
    assert {8, 9, 10, 11} <= finished, "the runs of the third part, which had come into place"
    assert len(finished) < 48
    assert not status_of(stored).complete
    run_batch(plan, out)
    assert sorted(played) == sorted(set(range(32)) - finished)
    reference = run_batch(plan, tmp_path / "reference")
    assert contents(out) == contents(reference)


def alive(pid: int) -> bool:
    """Whether a process is there and has not ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def wait_until(true: Any, most: float = 60.0) -> None:
    end = time.monotonic() + most
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")
def test_one_folder_has_one_writer_and_control_c_loses_nothing(tmp_path: Path) -> None:
    plan, out = plan_file(tmp_path, replicates=2000), tmp_path / "out"
    with command(plan, out, "--jobs", "1") as process:
        wait_until(lambda: (out / "runs").exists())
        with pytest.raises(BatchError, match="another process is working"):
            run_batch(plan, out)
        assert status_of(StoredBatch(out)).finished >= 4
        os.kill(process.pid, signal.SIGINT)
        try:
            _, said = process.communicate(timeout=30)
        finally:
            process.kill()
    assert process.returncode == 130, said
    assert "Traceback" not in said
    assert status_of(StoredBatch(out)).finished >= 4


def test_more_replicates_give_the_bytes_of_one_batch_and_play_what_is_new(
    whole: Path, tmp_path: Path, played: list[int]
) -> None:
    run_batch(plan_file(tmp_path, replicates=1), tmp_path / "out")
    run_batch(plan_file(tmp_path, replicates=3), tmp_path / "out")
    assert played == list(range(RUNS))
    ours, theirs = contents(tmp_path / "out"), contents(whole)
    assert {name for name in ours if ours[name] != theirs[name]} == {"manifest.json"}, "which says how it grew"


def test_more_levels_play_what_is_new_and_give_the_same_runs(tmp_path: Path, played: list[int]) -> None:
    wider = {"factors": {**LEVERS["factors"], "subsidy": {**LEVERS["factors"]["subsidy"], "levels": [0.01, 0.05, 0.2]}}}
    first = StoredBatch(run_batch(plan_file(tmp_path), tmp_path / "out")).runs
    grown = StoredBatch(run_batch(plan_file(tmp_path, levers=wider), tmp_path / "out"))
    assert played == [*range(RUNS), *range(RUNS, RUNS + 6)]
    pd.testing.assert_frame_equal(grown.runs.head(RUNS), first)
    at_once = StoredBatch(run_batch(plan_file(tmp_path, levers=wider), tmp_path / "at-once"))
    keys, values = ["digest", "replicate"], ["intentions", "capture"]
    one, other = (batch.runs.sort_values(keys)[[*keys, *values]] for batch in (grown, at_once))
    pd.testing.assert_frame_equal(one.reset_index(drop=True), other.reset_index(drop=True))


def test_a_finished_batch_is_left_alone(whole: Path, played: list[int]) -> None:
    before = {path: path.stat().st_mtime_ns for path in whole.rglob("*") if path.name != "lock"}
    run_batch(whole.parent / "plan.yaml", whole)
    assert not played
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
    whole: Path, tmp_path: Path, failing: pytest.MonkeyPatch, played: list[int]
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


@pytest.mark.slow
def test_a_worker_that_ends_costs_the_run_that_ended_it(tmp_path: Path) -> None:
    """A run that kills its process becomes a failure; the runs beside it are played by others."""
    script = tmp_path / "deadly.py"
    script.write_text(
        "import os, sys\n"
        "from relocsim.model import RelocationModel\n"
        "step = RelocationModel.step\n"
        "def deadly(self):\n"
        "    policy = self.spec.policies['incentives']\n"
        "    if policy.on and policy.capital_subsidy == 0.2 and self.foundation.setting.streams.replicate == 1:\n"
        "        os._exit(9)\n"
        "    step(self)\n"
        "RelocationModel.step = deadly\n"
        "from relocsim.batch.executing import run_batch\n"
        "if __name__ == '__main__':\n"
        "    run_batch(sys.argv[1], sys.argv[2], jobs=2)\n",
        encoding="utf-8",
    )
    import subprocess

    subprocess.run([sys.executable, str(script), str(plan_file(tmp_path)), str(tmp_path / "out")], check=True)
    status = status_of(StoredBatch(tmp_path / "out"))
    assert (status.finished, [one.replicate for one in status.failed]) == (RUNS, [1])
    assert "the worker that played this run ended" in status.failed[0].error


def test_parts_come_back_as_they_went(whole: Path) -> None:
    batch = StoredBatch(whole)
    reader = reader_of(batch.plan.record, load(TOY, settings=[f"scenario.end={SMALL['scenario.end']}"]))
    before = contents(whole)
    for number in range(3):
        runs = parts.read_part(whole, number, reader)
        assert sorted(runs) == list(range(4 * number, 4 * number + 4))
    assert before == contents(whole)
    assert pq.read_table(whole / "runs" / "part-000000.parquet")["status"].to_pylist() == ["ok"] * 4
