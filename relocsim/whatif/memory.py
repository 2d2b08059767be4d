"""What plays have come to, remembered within so many bytes, so that no run is played twice. Refuses to know what."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, Protocol, TypeVar

ROOM = 256e6
"""Bytes that are remembered: some thousand runs of the size of the cases that come with the package."""


class Sized(Protocol):
    """Whatever knows what memory it takes."""

    @property
    def nbytes(self) -> int:
        """Memory, bytes."""
        ...


Kept = TypeVar("Kept", bound=Sized)


class Memory(Generic[Kept]):
    """Values by key; what was asked for longest ago is forgotten where there is no room."""

    def __init__(self, room: float = ROOM) -> None:
        self.room = room
        self.held = 0
        """Bytes that are held."""
        self._kept: OrderedDict[Hashable, Kept] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: Hashable) -> Kept | None:
        """Return a value, or none where it is not known (any more)."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def put(self, key: Hashable, value: Kept) -> None:
        """Remember a value."""
        with self._lock:
            if key in self._kept:
                self.held -= self._kept.pop(key).nbytes
            self._kept[key] = value
            self.held += value.nbytes
            while self.held > self.room:
                self.held -= self._kept.popitem(last=False)[1].nbytes
