"""Batches on a Dask cluster of this machine: the same bytes, and nothing lost with a worker."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from batching import contents, plan_file

from relocsim.batch import opening
from relocsim.batch.cluster import ClusterError, cluster_executor
from relocsim.batch.executing import Progress, run_batch
from relocsim.batch.stored import StoredBatch, status_of

distributed = pytest.importorskip("distributed", reason="Dask is an extra: pip install 'relocsim[cluster]'")
# Dask warns of its own dependencies, and of what it had to end
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "_part_size", lambda reader: 4)


def test_a_lost_worker_loses_nothing_and_the_bytes_are_the_same(tmp_path: Path) -> None:
    plan = plan_file(tmp_path, replicates=12)
    reference = run_batch(plan, tmp_path / "reference")
    ended: list[int] = []

    with cluster_executor("local", jobs=2) as executor:
        client = executor._client

        def end_one(progress: Progress) -> None:
            if progress.finished >= 8 and not ended:
                pid = next(iter(client.run(os.getpid).values()))
                ended.append(pid)
                os.kill(pid, signal.SIGTERM if os.name == "nt" else signal.SIGKILL)

        out = run_batch(plan, tmp_path / "out", executor=executor, tick=end_one)
    assert ended
    assert not status_of(StoredBatch(out)).failed
    assert contents(out) == contents(reference)


def test_a_scheduler_that_does_not_answer_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("relocsim.batch.cluster.PATIENCE", "200ms")
    with (
        pytest.raises(ClusterError, match="no Dask scheduler answers at tcp://127"),
        cluster_executor("tcp://127.0.0.1:9"),
    ):
        pass
