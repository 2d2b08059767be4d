"""Batches that are stopped: cut off, cut short, killed, told to stop, or left by a worker; started again they end alike."""

from __future__ import annotations

import os
import pickle
import signal
import sys
import time
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from batching import RUNS, SMALL, START, command, contents, plan_file

from relocsim.batch import bundles, opening
from relocsim.batch.bundles import Bundle, Finished, play_bundle
from relocsim.batch.executing import run_batch
from relocsim.batch.folder import BatchError
from relocsim.batch.stored import StoredBatch, status_of

pytestmark = pytest.mark.usefixtures("small_parts")


KNOWN: dict[bytes, list[Finished]] = {}
"""What came of bundles that were played here before: how they come into files is tried, again and again."""


def recalled(bundle: Bundle) -> list[Finished]:
    """Return what comes of a bundle, playing it where that is not known."""
    key = pickle.dumps(bundle)
    if key not in KNOWN:
        KNOWN[key] = play_bundle(bundle)
    return KNOWN[key]


class CutOffError(BaseException):
    """Ends a batch as nothing expects it."""


@pytest.mark.parametrize("calls", [1, 3, 4, 5, 6, 7, 12])
def test_cut_off_at_any_file_that_comes_into_place(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, played_runs: list[int], calls: int
) -> None:
    monkeypatch.setattr(bundles, "play_bundle", recalled)
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
    assert sorted(played_runs) == list(range(RUNS))


@pytest.mark.parametrize("lost", [1, 5000])
def test_a_record_that_is_cut_short_is_played_again_and_no_other(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, played_runs: list[int], lost: int
) -> None:
    monkeypatch.setattr(opening, "_part_size", lambda reader: 100)
    monkeypatch.setattr("relocsim.batch.crew.play_bundle", recalled)
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
    monkeypatch.setattr("relocsim.batch.crew.play_bundle", lambda one: again.extend(one.runs) or recalled(one))
    run_batch(plan, out)
    assert len(again) == RUNS - known
    pd.testing.assert_frame_equal(StoredBatch(out).runs, StoredBatch(whole).runs)


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is POSIX's")
@pytest.mark.parametrize("jobs", ["2"])
def test_killed_and_started_again_it_ends_with_the_same_bytes(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, played_runs: list[int], jobs: str
) -> None:
    monkeypatch.setattr(bundles, "play_bundle", recalled)
    longer = {**SMALL, **START, "scenario.end": "2010-Q3"}  # so that much is left to play when it is killed
    plan, out = plan_file(tmp_path, replicates=6, settings=longer), tmp_path / "out"
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
    assert len(finished) < 24
    assert not status_of(stored).complete
    run_batch(plan, out)
    assert sorted(played_runs) == sorted(set(range(24)) - finished)
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
    plan, out = plan_file(tmp_path, replicates=400), tmp_path / "out"
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
