"""The crew as an executor: calls of functions, in turn with plays."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from typing import TYPE_CHECKING, Any

from relocsim.batch.bundles import Failure
from relocsim.errors import RelocsimError
from relocsim.whatif.turns import Job, Source

if TYPE_CHECKING:
    from relocsim.whatif.crew import Crew


class Errands(Executor, Source):
    """Calls of functions, done by the crew in the order in which they came."""

    def __init__(self, crew: Crew) -> None:
        self._crew = crew
        self._queue: deque[Errand] = deque()
        self._max_workers = crew.jobs
        self._shut = False

    @property
    def ended(self) -> bool:
        """Whether nothing is asked of it now; it is taken on again when something is."""
        return not self._queue

    def submit(self, function: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        """Have a function called in a process of the crew."""
        if self._shut:
            raise RuntimeError("the executor has been shut down")
        errand = Errand((function, arguments, named))
        with self._crew.turn:
            self._queue.append(errand)
            self._crew.add(self)
        return errand.future

    def dismiss(self) -> None:
        """Cancel all calls that nobody has begun with."""
        self.shutdown(wait=False, cancel_futures=True)

    def take(self, worker: int, workers: int) -> Job | None:
        """Return the next call that has not been cancelled."""
        while self._queue:
            errand = self._queue.popleft()
            if errand.future.set_running_or_notify_cancel():
                return errand
        return None

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more calls; the crew lives on."""
        self._shut = True
        with self._crew.turn:
            waiting: Sequence[Errand] = tuple(self._queue) if cancel_futures else ()
        for errand in waiting:
            errand.future.cancel()


class Errand(Job):
    """One call of a function."""

    def __init__(self, called: tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]) -> None:
        self._called = called
        self.future: Future[Any] = Future()

    def call(self) -> tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]:
        """Return function and arguments."""
        return self._called

    def done(self, result: Any) -> None:
        """Give the result to whoever holds the future."""
        self.future.set_result(result)

    def failed(self, what: Failure, error: Exception | None) -> None:
        """Give the error to whoever holds the future."""
        self.future.set_exception(error or RelocsimError(what.error))

    def left(self) -> None:
        """Hear that it was left off, which is never asked."""
        self.lost()

    def lost(self) -> None:
        """Tell whoever holds the future that the process ended."""
        self.future.set_exception(BrokenExecutor("the process that did this ended"))
