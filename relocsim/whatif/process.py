"""What runs in a process of the crew: it takes a job at a time, answers, and leaves off where it is told to.

Messages to it are `(ticket, job)`, a job being packed function and arguments, or `(ticket, None)`, which ends the job of
that ticket at its next quarter; answers are `(kind, value)`. A replicate is played by the hands of the process, which keep
what they have laid; of any other job this module refuses to know what it is.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from functools import partial
from multiprocessing.connection import Connection
from typing import Any

from relocsim.batch.bundles import failure
from relocsim.whatif.replicate import Hands

DONE, FAILED, LEFT = "done", "failed", "left"
"""Kinds of answers: a result; what failed and, where it can travel, its error; nothing, since nobody wants it any more."""


class _UnwantedError(Exception):
    """Nobody waits for the job any more."""


class Inbox:
    """The process's end of its connection. Jobs come one at a time."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._ended = -1

    def next(self) -> tuple[int, bytes] | None:
        """Return the next job and its ticket, waiting for it; none where the other end has gone."""
        while True:
            try:
                ticket, job = pickle.loads(self._connection.recv_bytes())
            except (EOFError, OSError):
                return None
            if job is not None:
                return ticket, job

    def go_on(self, ticket: int) -> None:
        """Raise where the job of a ticket is to end."""
        while self._connection.poll():
            self._ended, _ = pickle.loads(self._connection.recv_bytes())
        if self._ended == ticket:
            raise _UnwantedError


def serve(connection: Connection, room: float) -> None:
    """Do jobs as they come until the other end has gone; foundations are kept within `room` bytes."""
    inbox, hands = Inbox(connection), Hands(room)
    while (message := inbox.next()) is not None:
        ticket, job = message
        reply = _answer(hands, job, partial(inbox.go_on, ticket))
        try:
            connection.send_bytes(reply)
        except OSError:
            return


def _answer(hands: Hands, job: bytes, tick: Callable[[], None]) -> bytes:
    """Return the packed answer to a job; whatever goes wrong in it is an answer, too."""
    try:
        function, arguments, named = pickle.loads(job)
        if function is Hands.play:  # of this process's own hands
            (task,) = arguments
            return _packed(DONE, hands.play(task, tick))
        return _packed(DONE, function(*arguments, **named))
    except _UnwantedError:
        return _packed(LEFT, None)
    except Exception as error:
        return _packed(FAILED, (failure(error), _whole(error)))


def _packed(kind: str, value: Any) -> bytes:
    return pickle.dumps((kind, value), protocol=5)


def _whole(error: Exception) -> Exception | None:
    """Return an error if it survives the journey."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        return None
    return error
