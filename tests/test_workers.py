"""Processes that share replicates: in order, and gone with the work, whatever ends it."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from relocsim.batch.workers import cores, over_replicates, workers

LONG = 60.0


@pytest.fixture
def bystander() -> Iterator[BaseProcess]:
    """A child process that is none of the workers."""
    child = multiprocessing.get_context("spawn").Process(target=time.sleep, args=(LONG,))
    child.start()
    yield child
    child.terminate()
    child.join()


def broken_off(error: type[BaseException]) -> None:
    """Let an error end two workers that have much to do, as one does that comes while their results are waited for."""
    before = set(threading.enumerate())
    try:
        with workers(2) as executor:
            results = executor.map(time.sleep, [0.0, *[LONG] * 8])
            next(results)
            results.close()
            raise error
    finally:
        # not for daemons: where its thread trips the pool leaves one behind
        wait_until(lambda: {thread for thread in threading.enumerate() if not thread.daemon} <= before)


def wait_until(true: Callable[[], bool]) -> None:
    """Wait for something that takes a moment, and fail where it takes as long as the work would."""
    end = time.monotonic() + LONG / 2
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_results_come_in_order_with_a_tick_each() -> None:
    ticks: list[int] = []
    assert over_replicates(str, 3, tick=lambda: ticks.append(1)) == ["0", "1", "2"]
    assert len(ticks) == 3


FORKED = """
import os, sys
from multiprocessing import forkserver
from relocsim.batch.workers import get_ready, workers

get_ready(1)
assert forkserver._forkserver._forkserver_pid is None
get_ready(2)
assert "relocsim.model" not in sys.modules
with workers(2) as pool:
    assert pool.submit(os.getppid).result() == forkserver._forkserver._forkserver_pid
"""


@pytest.mark.skipif(sys.platform != "linux", reason="workers are forked on Linux alone")
def test_what_workers_are_forked_off_starts_when_it_is_asked_for() -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    subprocess.run([sys.executable, "-c", FORKED], env=environment, check=True, timeout=60)


def test_one_process_needs_no_executor() -> None:
    with workers(1) as executor:
        assert executor is None


def test_workers_end_with_the_work_and_a_bystander_stays(bystander: BaseProcess) -> None:
    with pytest.raises(ZeroDivisionError):
        broken_off(ZeroDivisionError)
    wait_until(lambda: multiprocessing.active_children() == [bystander])


def test_of_threads_that_trip_only_those_of_the_workers_are_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[object] = []
    monkeypatch.setattr(threading, "excepthook", lambda one: told.append(one.exc_type))
    with pytest.raises(KeyboardInterrupt):
        broken_off(KeyboardInterrupt)
    thread = threading.Thread(target=lambda: 1 / 0)
    thread.start()
    thread.join()
    assert told == [ZeroDivisionError]


def test_there_is_a_core() -> None:
    assert cores() >= 1
