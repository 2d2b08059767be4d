"""Jobs for the processes of a crew, and whose turn it is. Refuses to know what a job does."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from relocsim.batch.bundles import Failure

FIRST = 2
"""Jobs that a newcomer is handed before others have a turn: a first answer is of two replicates."""


class Job(ABC):
    """Something for one process to do. All but `call` is called by the thread of that process, without the crew's lock."""

    @abstractmethod
    def call(self) -> tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]:
        """Return function and arguments."""

    @abstractmethod
    def done(self, result: Any) -> None:
        """Take the result."""

    @abstractmethod
    def failed(self, what: Failure, error: Exception | None) -> None:
        """Take what went wrong, and the error itself where it is at hand."""

    @abstractmethod
    def lost(self) -> None:
        """Hear that its process ended over it."""

    def unwanted(self) -> bool:
        """Return whether nobody waits for it any more."""
        return False

    @abstractmethod
    def left(self) -> None:
        """Hear that it was left off, unwanted."""


class Source(ABC):
    """Whoever has jobs to hand out. Its methods are called under the crew's lock."""

    background = False
    """Whether it has its turn only where nobody else has jobs."""
    served = -1
    """Number of its last turn."""
    handed = 0
    """Jobs that it has handed out."""

    @property
    @abstractmethod
    def ended(self) -> bool:
        """Whether it will never have a job again."""

    def serves(self, other: Source) -> bool:
        """Return whether what it is at is of use to another."""
        return False

    @abstractmethod
    def dismiss(self) -> None:
        """Hear that the crew is closed."""

    @abstractmethod
    def take(self, worker: int, workers: int) -> Job | None:
        """Return a job for a worker, if there is one now."""


def precedence(source: Source) -> tuple[bool, bool, int]:
    """Return what sources are ordered by: the least has the next turn."""
    return source.background, source.handed >= FIRST, source.served
