"""Replicates shared among processes, which end at once where the work is interrupted."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager, nullcontext
from importlib import import_module
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from typing import Any, TypeVar

Result = TypeVar("Result")
_MODEL = "relocsim.batch.comparing"
"""What a worker imports before it has anything to do."""


def over_replicates(
    one: Callable[[int], Result], replicates: int, *, jobs: int = 1, executor: Executor | None = None,
    tick: Callable[[], None] | None = None, meanwhile: Callable[[], None] | None = None,
) -> list[Result]:  # fmt: skip
    """Return what `one` gives for each replicate, in order, played by `jobs` processes or by an `executor`.

    `tick` is called after every replicate, `meanwhile` once while other processes play.
    """
    results = []
    with nullcontext(executor) if executor else workers(min(jobs, replicates)) as pool:
        handed_out = (pool.map if pool else map)(one, range(replicates))
        if pool and meanwhile:
            meanwhile()
        for result in handed_out:
            results.append(result)
            if tick:
                tick()
    return results


@contextmanager
def workers(jobs: int) -> Iterator[Executor | None]:
    """Give an executor of `jobs` processes (none for one), which ends at once where the work is interrupted."""
    if jobs <= 1:
        yield None
        return
    children, threads = _alive()
    executor = ProcessPoolExecutor(jobs, mp_context=_context(), initializer=_serve)
    try:
        yield executor
    except BaseException:
        now = _alive()
        _abandon(executor, now[0] - children, now[1] - threads)
        raise
    executor.shutdown()


def start_process(serve: Callable[..., None], *args: Any) -> BaseProcess:
    """Return a process that has imported the model, runs `serve(*args)`, and ends with its parent."""
    process: BaseProcess = _context().Process(  # type: ignore[attr-defined]
        target=_serve_with, args=(serve, args), daemon=True
    )
    process.start()
    return process


def _serve_with(serve: Callable[..., None], args: tuple[Any, ...]) -> None:
    import_module(_MODEL)  # where it is not forked off a process that has
    _serve()
    serve(*args)


def _context() -> BaseContext:
    """Return how workers start: forked off a process that has imported the model and done nothing else, on Linux."""
    if sys.platform != "linux":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([_MODEL])
    return context


def get_ready(jobs: int, executor: Executor | None = None) -> None:
    """Let what `jobs` processes need start and import the model while the caller does something else.

    That is the process that they are forked off or else, elsewhere than on Linux, those of the `executor`, if there is one.
    """
    if jobs > 1 and _context().get_start_method() == "forkserver":
        import_module("multiprocessing.forkserver").ensure_running()  # which not every system has
    elif executor:
        for _ in range(jobs):
            executor.submit(import_module, _MODEL)


def _alive() -> tuple[set[BaseProcess], set[threading.Thread]]:
    """Return the child processes and the threads that there are."""
    return set(multiprocessing.active_children()), set(threading.enumerate())


def _abandon(executor: ProcessPoolExecutor, children: set[BaseProcess], threads: set[threading.Thread]) -> None:
    """End the workers, which are `children`, without waiting."""
    # the pool's own threads may then trip over what was cancelled: nobody needs to know
    heard = threading.excepthook
    threading.excepthook = lambda told: None if told.thread in threads else heard(told)
    for child in children:
        child.terminate()
    executor.shutdown(wait=False, cancel_futures=True)


def _serve() -> None:
    """Leave Ctrl-C to the parent, which ends its workers, and end with it where it had no time to."""
    gc.freeze()  # what has been imported stays: it need not be gone through when garbage is collected
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, name="ends with its parent", daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def cores() -> int:
    """Return the number of processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
