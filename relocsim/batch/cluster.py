"""A Dask cluster as an executor: an existing scheduler's, or one of this machine.

Dask is an extra. What a lost worker had in hand is played by another one. This module refuses to know what is played.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager

from relocsim.errors import RelocsimError

LOCAL, PATIENCE = "local", "20s"


class ClusterError(RelocsimError):
    """There is no cluster to be had."""


@contextmanager
def cluster_executor(address: str, *, jobs: int = 1) -> Iterator[Executor]:
    """Give an executor whose workers are those of a Dask scheduler.

    Parameters
    ----------
    address
        Address of a scheduler, such as `tcp://10.0.0.5:8786`; `local` for a cluster of this machine that ends
        with the block.
    jobs
        Workers of a local cluster, one thread each.
    """
    try:
        from distributed import Client, LocalCluster
    except ModuleNotFoundError:
        raise ClusterError("--cluster needs Dask, which is not installed: pip install 'relocsim[cluster]'") from None
    if address == LOCAL:
        with (
            LocalCluster(n_workers=jobs, threads_per_worker=1, processes=True, dashboard_address=None) as cluster,
            Client(cluster) as client,
        ):
            yield _executor(client)
        return
    try:
        client = Client(address, timeout=PATIENCE)
    except (OSError, ValueError) as error:
        raise ClusterError(f"no Dask scheduler answers at {address}: {error}") from None
    with client:
        yield _executor(client)


def _executor(client: object) -> Executor:
    """Return the executor of a client, as wide as its workers have threads."""
    executor: Executor = client.get_executor(pure=False)  # type: ignore[attr-defined]
    threads = sum(client.nthreads().values())  # type: ignore[attr-defined]
    executor._max_workers = max(1, threads)  # type: ignore[attr-defined]  # what the crew hands out goes by it
    return executor
