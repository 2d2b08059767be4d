"""What the processes of a server spend and hold, as Linux tells it: those that it has started, by their ids."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
PROC = Path("/proc")


def below(process: int) -> Iterator[int]:
    """Yield the processes that a process has started, and those that they have."""
    for child in (int(one.name) for one in PROC.iterdir() if one.name.isdigit()):
        try:
            parent = int((PROC / str(child) / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:  # it has ended meanwhile
            continue
        if parent == process:
            yield child
            yield from below(child)


def spent(processes: Iterator[int]) -> float:
    """Return the processor time that processes have taken, seconds."""
    total = 0
    for process in processes:
        try:
            fields = (PROC / str(process) / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += int(fields[11]) + int(fields[12])
    return total / _TICK


def held(process: int) -> float:
    """Return the memory of a process, megabytes."""
    return int((PROC / str(process) / "statm").read_text().split()[1]) * _PAGE / 1e6


def working(server: int, seconds: float = 1.0) -> bool:
    """Return whether a server's processes work, looked at for a while."""
    before = spent(below(server))
    time.sleep(seconds)
    return spent(below(server)) - before > 0.1 * seconds


def until(true: Callable[[], bool], seconds: float = 60.0) -> None:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.05)


def player(server: int) -> int:
    """Return the process of a server with one job that plays: the one that has worked most."""
    return max(below(server), key=lambda one: spent(iter((one,))))
