"""What a batch costs beside its runs, as ratios in one run: `python -m benchmarks.batches`.

- Overhead: processor time of a batch over that of playing its runs (with what they share), and the difference a run.
- Two workers over one, start of the processes included; and by processor time, start apart, which other users of the
  cores do not blur.
- A run and core at 10,000 firms and 48 quarters, over a bare run of the same, played before and after.
- Memory of the writer at ten times as many runs, with results of the size of the Chenzhou world that no model makes.
- Storage: a part of these runs of the Chenzhou world, by place and quarter with two measures, and what 100,000 would take.

Ratios hold on a busy machine, milliseconds on a quiet one alone: the load at the start is printed, and the drift between
the two bare plays says how far to trust them.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import yaml

ROOT = Path(__file__).parents[1]
TOY, CHENZHOU = ROOT / "tests" / "toy" / "toy.yaml", ROOT / "scenarios" / "chenzhou.yaml"
LEVELS = [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4]


def plan_of(scenario: Path, folder: Path, replicates: int, firms: int, **record: object) -> Path:
    content = {
        "format": 1, "kind": "plan", "scenario": os.path.relpath(scenario, folder), "replicates": replicates,
        "settings": {"scenario.firms": firms, "policies.incentives.on": True},
        "levers": {"factors": {"subsidy": {"path": "policies.incentives.capital_subsidy", "levels": LEVELS}}},
        "record": {"observables": ["capture", "inflow"], "flows": ["investment", "jobs"], "detail": "quarter", **record},
    }  # fmt: skip
    path = folder / f"plan-{replicates}.yaml"
    path.write_text(yaml.safe_dump(content), "utf-8")
    return path


def timed(plan: Path, out: Path, jobs: int = 1, executor: Executor | None = None) -> tuple[float, float]:
    """Return the time that a batch takes once its plan is read, and the processor time of this process.

    Processes get ready while the plan is read, as the command lets them.
    """
    from relocsim.batch.executing import run_batch
    from relocsim.batch.planning import load_plan
    from relocsim.batch.workers import get_ready

    get_ready(jobs)
    planned = load_plan(plan)
    begin, busy = time.perf_counter(), time.process_time()
    run_batch(planned, out, jobs=jobs, executor=executor)
    return time.perf_counter() - begin, time.process_time() - busy


class Crew(Executor):
    """Processes that say how much processor time they play; their start is not counted."""

    def __init__(self, workers: int) -> None:
        self._pool, self.spent = ProcessPoolExecutor(workers, get_context("spawn")), 0.0

    def submit(self, played, /, *given):  # type: ignore[no-untyped-def,override]
        future: Future = Future()

        def told(inner: Future) -> None:
            try:
                result, spent = inner.result()
            except Exception as error:
                future.set_exception(error)
            else:
                self.spent += spent
                future.set_result(result)

        self._pool.submit(with_time, played, *given).add_done_callback(told)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self._pool.shutdown(wait, cancel_futures=cancel_futures)


def with_time(played, *given):  # type: ignore[no-untyped-def]
    """Return what a function gives and the processor time that it took."""
    begin = time.process_time()
    result = played(*given)
    return result, time.process_time() - begin


def overhead(folder: Path, runs: int) -> None:
    """Say what a batch does beside playing, by the processor time of this process, and what a second worker brings."""
    from relocsim.batch import bundles

    played = {"spent": 0.0}
    bundles.play_variants = clocked(bundles.play_variants, played)
    bundles._with_inputs = clocked(bundles._with_inputs, played)
    timed(plan_of(TOY, folder, 2, 100), folder / "warm", 1)
    played["spent"] = 0.0
    plan = plan_of(TOY, folder, max(1, runs // len(LEVELS)), 100)
    count = max(1, runs // len(LEVELS)) * len(LEVELS)
    (one, busy), bare = timed(plan, folder / "one", 1), played["spent"]
    two, _ = timed(plan, folder / "two", 2)
    with Crew(2) as crew:
        _, mine = timed(plan, folder / "crew", executor=crew)
    both = crew.spent + mine
    each = 1000 / count
    print(f"{count} runs: {bare * each:.2f} ms of processor a run to play them, {busy * each:.2f} in a batch")
    print(f"batch over bare runs {busy / bare:.3f}; overhead {(busy - bare) * each:.2f} ms a run (goal: below 2)")
    print(f"two workers {one / two:.2f} times one (goal: 1.8)")
    print(f"on cores of their own {2 * busy / both:.2f} by processor time, without the start of the processes")


def bare(firms: int, rounds: int) -> float:
    """Return the processor time a run of the Chenzhou world without a batch, in seconds; runs of a replicate share."""
    from relocsim.batch.playing import realised
    from relocsim.batch.variants import play_variants
    from relocsim.spec import load

    spec = load(CHENZHOU, settings=[f"scenario.firms={firms}", "policies.incentives.on=true"])
    given = spec.policies["incentives"]
    spent = 0.0
    for replicate in range(rounds):
        drawn = realised(spec, replicate)
        levels = [given.model_copy(update={"capital_subsidy": level}) for level in LEVELS]
        variants = [replace(drawn, policies={**drawn.policies, "incentives": one}) for one in levels]
        begin = time.process_time()
        play_variants(variants, replicate=replicate, read=lambda model: model.quarter)
        spent += time.process_time() - begin
    return spent / rounds / len(LEVELS)


def clocked(function, total):  # type: ignore[no-untyped-def]
    """Return a function that adds the processor time that it takes to a total."""

    def called(*arguments, **options):  # type: ignore[no-untyped-def]
        begin = time.process_time()
        try:
            return function(*arguments, **options)
        finally:
            total["spent"] += time.process_time() - begin

    return called


class Instant(Executor):
    """Answers at once with cells that no model made: half of them zero, none like another's."""

    def __init__(self, shape: tuple[int, int, int]) -> None:
        from relocsim.streams import Streams

        size = int(np.prod(shape))
        draws = Streams(1).lanes("cells", np.arange(size, dtype=np.uint64))
        self._cells = np.where(draws[0] < 0.5, 0.0, draws[1]).astype(np.float32)
        self._shape = shape

    def submit(self, played, bundle, /):  # type: ignore[no-untyped-def,override]
        from relocsim.batch.bundles import Finished
        from relocsim.batch.recording import Reading

        future: Future = Future()
        cells = [np.roll(self._cells, 7 * run).reshape(self._shape) for run in bundle.runs]
        readings = [Reading(np.array([run, 1.0]), one) for run, one in zip(bundle.runs, cells, strict=True)]
        future.set_result([Finished(run, reading) for run, reading in zip(bundle.runs, readings, strict=True)])
        return future


def write_only(folder: Path, runs: int) -> None:
    """Store so many runs and say how much memory and time that took (in a process of its own)."""
    from relocsim.batch.executing import run_batch
    from relocsim.batch.planning import load_plan
    from relocsim.batch.recording import reader_of

    planned = load_plan(plan_of(CHENZHOU, folder, max(1, runs // len(LEVELS)), 100))
    executor = Instant(reader_of(planned.plan.record, planned.spec).shape)
    begin = time.process_time()
    run_batch(planned, folder / f"out-{runs}", executor=executor)
    spent = time.process_time() - begin
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    print(peak, spent)


def memory(folder: Path, runs: int) -> None:
    peaks = {}
    for count in (runs, 10 * runs):
        command = [sys.executable, "-m", "benchmarks.batches", "--write-only", str(count), "--folder", str(folder)]
        told = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout.split()
        peaks[count] = float(told[0])
        print(
            f"writer of {count} runs: {peaks[count] / 1e6:.0f} MB at its peak, {1000 * float(told[1]) / count:.2f} ms a run"
        )
        shutil.rmtree(folder / f"out-{count}")
    print(f"memory at ten times the runs: {peaks[10 * runs] / peaks[runs]:.2f} times (goal: 1)")


def real(folder: Path, runs: int, firms: int, workers: int) -> None:
    """Say what a run of the Chenzhou world takes on a core, over a bare one, and how much its results take."""
    replicates = max(1, runs // len(LEVELS))
    count = replicates * len(LEVELS)
    before = bare(firms, 2)
    plan = plan_of(CHENZHOU, folder, replicates, firms)
    wall, _ = timed(plan, folder / "real", workers)
    with Crew(workers) as crew:
        _, mine = timed(plan, folder / "crew-real", executor=crew)
    spent = crew.spent + mine
    after = bare(firms, 2)
    alone, each = (before + after) / 2, spent / count
    print(f"{count} runs of {firms} firms and 48 quarters, {workers} workers: {1000 * each:.0f} ms of processor a run")
    print(f"by the clock {1000 * wall * workers / count:.0f} ms a run and core (goal: below 50)")
    print(f"1,000 runs in {1000 * wall / count:.0f} s with {workers} workers (goal: 120 on two cores)")
    print(f"over a bare run ({1000 * before:.0f} ms before, {1000 * after:.0f} after) {each / alone:.2f} times")
    size = sum(path.stat().st_size for path in (folder / "real").rglob("part-*.parquet"))
    print(f"{size / count:.0f} bytes a run: 100,000 runs take {size / count / 1e4:.2f} GB (goal: about 1)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--runs", type=int, default=1000, help="runs of the overhead; the writer stores as many and ten times"
    )
    parser.add_argument("--real", type=int, default=256, help="runs of the Chenzhou world")
    parser.add_argument("--firms", type=int, default=10_000, help="firms of these")
    parser.add_argument("--workers", type=int, default=2, help="processes that play them")
    parser.add_argument("--write-only", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    if options.write_only:
        write_only(options.folder, options.write_only)
        return
    print(f"load at the start: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores" if hasattr(os, "getloadavg") else "")
    with tempfile.TemporaryDirectory() as folder:
        overhead(Path(folder), options.runs)
        memory(Path(folder), options.runs)
        real(Path(folder), options.real, options.firms, options.workers)


if __name__ == "__main__":
    main()
