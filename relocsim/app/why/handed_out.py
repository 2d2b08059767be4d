"""Calls handed to the crew a few ahead, which end early where they are stopped: what is in so far is all there is."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from concurrent.futures import TimeoutError as NotYet
from typing import Any

from relocsim.errors import RelocsimError

_WAIT = 0.2
"""Seconds after which somebody who waits for a replicate looks whether to stop."""


class StoppedError(RelocsimError):
    """Something was stopped before anything of it was in."""


class HandedOut(Executor):
    """Hands calls to the processes of the crew, a few ahead; where it is stopped, what is in so far is all there is.

    What is made of fewer replicates says how many they are.
    """

    def __init__(self, executor: Executor, stopped: threading.Event, *, ahead: int, nothing: str) -> None:
        self.executor, self.stopped, self.ahead, self.nothing = executor, stopped, ahead, nothing

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Hand out one call."""
        return self.executor.submit(fn, *args, **kwargs)

    def map(self, fn: Callable[..., Any], *iterables: Iterable[Any], timeout: float | None = None, chunksize: int = 1,
            **more: Any) -> Iterator[Any]:  # fmt: skip
        """Yield what calls give, in order, until they are done or it is stopped."""
        waiting, calls, count = deque[Future[Any]](), zip(*iterables, strict=False), 0
        try:
            while True:
                while len(waiting) < self.ahead and not self.stopped.is_set():
                    given = next(calls, None)
                    if given is None:
                        break
                    waiting.append(self.submit(fn, *given))
                if not waiting:
                    break
                found = self._wait(waiting[0])
                if found is None:
                    break
                waiting.popleft()
                count += 1
                yield found[0]
            if not count and self.stopped.is_set():
                raise StoppedError(self.nothing)
        finally:
            for one in waiting:
                one.cancel()

    def _wait(self, future: Future[Any]) -> tuple[Any] | None:
        """Return what a call gives; None where it is stopped first."""
        while True:
            try:
                return (future.result(timeout=_WAIT),)
            except NotYet:
                if self.stopped.is_set():
                    return None
