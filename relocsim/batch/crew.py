"""The crew: bundles handed to whoever plays them, a few ahead, and taken back as they come.

Whoever plays, a lost worker costs time and no run: what it had in hand is played again, run by run, and only a run that
ends its worker when it is alone becomes a failure. This module refuses to store anything.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from typing import TypeAlias

from relocsim.batch.bundles import Bundle, Failure, Finished, play_bundle
from relocsim.batch.workers import cores, workers
from relocsim.errors import RelocsimError

Playing: TypeAlias = Generator[list[Finished], None, list[Bundle]]
"""Yields runs as they come back and returns the bundles that were lost."""
_AHEAD = 2
"""Bundles a worker that are handed out before the first comes back."""


def play_all(bundles: Iterable[Bundle], *, jobs: int = 1, executor: Executor | None = None) -> Iterator[list[Finished]]:
    """Yield the runs of bundles as they come back, in no order, from `jobs` processes or from an `executor`."""
    if executor is None and jobs <= 1:
        yield from map(play_bundle, bundles)
        return
    queue, suspects = iter(bundles), deque[Bundle]()
    if executor is not None:
        lost = yield from _handed_out(queue, executor, _AHEAD * _width(executor))
        _require_whole(lost, executor)
        return
    while True:
        with workers(jobs) as pool:
            assert pool is not None
            lost = yield from _in_question(suspects, pool)
            if not lost:
                lost = yield from _handed_out(queue, pool, _AHEAD * jobs)
        if not lost:
            return
        suspects.extend(lost)


def _width(executor: Executor) -> int:
    """Return how many bundles an executor is likely to play at a time."""
    return int(getattr(executor, "_max_workers", 0) or cores())


def _require_whole(lost: list[Bundle], executor: Executor) -> None:
    if lost:
        message = f"the executor {type(executor).__name__} has broken; what is finished is kept"
        raise RelocsimError(f"{message}: start the batch again to go on")


def _handed_out(queue: Iterator[Bundle], executor: Executor, ahead: int) -> Playing:
    """Yield what comes back until the queue is empty; return the bundles in hand if the executor breaks."""
    handed: dict[Future[list[Finished]], Bundle] = {}
    singles = deque[Bundle]()
    try:
        while True:
            while len(handed) < ahead and (bundle := singles.popleft() if singles else next(queue, None)) is not None:
                handed |= {_submitted(executor, bundle): bundle}
            if not handed:
                return []
            for future in wait(handed, return_when=FIRST_COMPLETED).done:
                bundle = handed[future]
                answer = _answer(future, bundle)
                del handed[future]
                if answer is None:
                    singles.extend(one_by_one(bundle))
                else:
                    yield answer
    except BrokenExecutor:
        return [*handed.values(), *singles]


def _submitted(executor: Executor, bundle: Bundle) -> Future[list[Finished]]:
    try:
        return executor.submit(play_bundle, bundle)
    except BrokenExecutor as error:
        broken: Future[list[Finished]] = Future()
        broken.set_exception(error)
        return broken


def _answer(future: Future[list[Finished]], bundle: Bundle) -> list[Finished] | None:
    """Return what a future brings; none where its bundle is to be played run by run. BrokenExecutor passes."""
    try:
        return future.result()
    except BrokenExecutor:
        raise
    except Exception as error:  # of whoever plays: a run's own errors come as failures
        return None if len(bundle.runs) > 1 else [lost_run(bundle, error)]


def _in_question(suspects: deque[Bundle], pool: Executor) -> Playing:
    """Yield the runs that were in hand when a pool broke, one at a time; return what is left if it breaks again."""
    runs = deque(one for bundle in suspects for one in one_by_one(bundle))
    suspects.clear()
    while runs:
        bundle = runs.popleft()
        try:
            yield _submitted(pool, bundle).result()
        except BrokenExecutor as error:
            yield [lost_run(bundle, error)]
            return list(runs)
    return []


def one_by_one(bundle: Bundle) -> list[Bundle]:
    """Return the runs of a bundle as bundles of one."""
    pairs = zip(bundle.runs, bundle.variants, strict=True)
    return [Bundle(bundle.bench, bundle.replicate, (run,), (values,)) for run, values in pairs]


def lost_run(bundle: Bundle, error: BaseException) -> Finished:
    """Return the failure of a run that its worker did not survive."""
    return Finished(bundle.runs[0], Failure(f"{type(error).__name__}: the worker that played this run ended", ""))
