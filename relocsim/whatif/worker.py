"""One process of the crew and the thread that hands it jobs. Refuses to know whose turn it is."""

from __future__ import annotations

import itertools
import multiprocessing
import pickle
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from relocsim.batch.bundles import failure
from relocsim.batch.workers import start_process
from relocsim.whatif.process import DONE, FAILED, serve
from relocsim.whatif.turns import Job

_LOOK = 0.05
"""Seconds between two looks at whether a job in hand is still wanted."""
_GRACE = 5.0
"""Seconds that a process is given to end."""


class Worker:
    """One process, and the thread that hands it jobs."""

    def __init__(
        self, number: int, room: float, next_job: Callable[[], Job | None], closed: Callable[[], bool]
    ) -> None:
        self._room, self._next_job, self._closed = room, next_job, closed
        self._process: BaseProcess | None = None
        self._connection: Connection | None = None
        self._starting = threading.Lock()
        self._tickets = itertools.count()
        self._thread = threading.Thread(target=self._work, name=f"crew {number}", daemon=True)
        self._thread.start()

    @property
    def pid(self) -> int | None:
        """Id of the process; none where it has not started or has ended."""
        process = self._process
        return process.pid if process is not None and process.is_alive() else None

    def wake(self) -> Connection:
        """Return the connection to the process, which is started where there is none."""
        with self._starting:
            if self._process is not None and not self._process.is_alive():
                self._drop()
            if self._connection is None:
                self._connection, theirs = multiprocessing.Pipe()
                self._process = start_process(serve, theirs, self._room)
                theirs.close()
            return self._connection

    def join(self) -> None:
        """Wait until the thread and the process have ended; the crew is closed."""
        self._thread.join(_GRACE)

    def _work(self) -> None:
        while (job := self._next_job()) is not None:
            self._do(job)
        with self._starting:
            self._drop()

    def _do(self, job: Job) -> None:
        """Have a job done, and tell it how it went."""
        try:
            content = pickle.dumps(job.call(), protocol=5)
        except Exception as error:
            job.failed(failure(error), error)
            return
        try:
            kind, value = self._reply(content, job)
        except (EOFError, OSError):
            with self._starting:
                self._drop()
            job.lost()
            return
        if kind == DONE:
            job.done(value)
        elif kind == FAILED:
            job.failed(*value)
        else:
            job.left()

    def _reply(self, content: bytes, job: Job) -> tuple[str, Any]:
        """Return what the process answers; EOFError or OSError where it ends, or the crew is closed meanwhile."""
        connection, ticket, told = self.wake(), next(self._tickets), False
        connection.send_bytes(pickle.dumps((ticket, content)))
        while not connection.poll(_LOOK):
            if self._closed():
                raise EOFError
            if not told and job.unwanted():
                connection.send_bytes(pickle.dumps((ticket, None)))
                told = True
        reply: tuple[str, Any] = pickle.loads(connection.recv_bytes())
        return reply

    def _drop(self) -> None:
        """End the process at once."""
        if self._connection is not None:
            self._connection.close()
        if self._process is not None:
            self._process.terminate()
            self._process.join(_GRACE)
        self._connection = self._process = None
