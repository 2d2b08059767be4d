"""What was done, to be undone: frozen, so that whoever holds a history holds all of it.

This module refuses to know what the states are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

State = TypeVar("State")
MOST = 200
"""Steps back that are kept."""


@dataclass(frozen=True)
class History(Generic[State]):
    """A state, those before it, and those that were undone."""

    now: State
    """Where one is."""
    past: tuple[State, ...] = ()
    """Where one was, the latest last."""
    future: tuple[State, ...] = ()
    """What was undone, the next one first."""

    def do(self, state: State) -> History[State]:
        """Return the history with a new state; what was undone is gone. The same state is no step."""
        return self if state == self.now else History(state, (*self.past, self.now)[-MOST:])

    def undo(self) -> History[State]:
        """Return the history one step back; itself where there is none."""
        return History(self.past[-1], self.past[:-1], (self.now, *self.future)) if self.past else self

    def redo(self) -> History[State]:
        """Return the history with the step that was undone last; itself where there is none."""
        return History(self.future[0], (*self.past, self.now), self.future[1:]) if self.future else self

    @property
    def can_undo(self) -> bool:
        """Whether there is a step back."""
        return bool(self.past)

    @property
    def can_redo(self) -> bool:
        """Whether there is a step that was undone."""
        return bool(self.future)
