"""The journal: finished runs that are in no part yet, one after the other in one file.

A record is complete when its length and its sum are right, so that whatever cuts a process off leaves all records but
perhaps the last, which is dropped when the journal is read. This module refuses to know what a part is.
"""

from __future__ import annotations

import json
import os
import struct
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from relocsim.batch.bundles import Failure, Finished
from relocsim.batch.recording import Reading

_HEAD = struct.Struct("<II")


class Journal:
    """Finished runs on disk, appended as they come."""

    def __init__(self, path: Path, shape: tuple[int, int, int]) -> None:
        self._path, self._shape = path, shape
        self._file = path.open("ab", buffering=0)

    @staticmethod
    def read(path: Path, shape: tuple[int, int, int]) -> Iterator[Finished]:
        """Yield the runs of a journal; what is cut off at its end is left out."""
        content = path.read_bytes() if path.exists() else b""
        start = 0
        while start + _HEAD.size <= len(content):
            size, sum_ = _HEAD.unpack_from(content, start)
            record = content[start + _HEAD.size : start + _HEAD.size + size]
            if len(record) < size or zlib.crc32(record) != sum_:
                return
            yield _decoded(record, shape)
            start += _HEAD.size + size

    def add(self, finished: Finished) -> None:
        """Append a run; it is safe from the end of this process when this returns."""
        record = _encoded(finished)
        self._file.write(_HEAD.pack(len(record), zlib.crc32(record)) + record)

    def keep(self, left: Iterable[Finished]) -> None:
        """Let the journal hold these runs and no others."""
        self._file.close()
        fresh = self._path.with_name(f"{self._path.name}.new")
        fresh.unlink(missing_ok=True)
        journal = Journal(fresh, self._shape)
        for finished in left:
            journal.add(finished)
        os.fsync(journal._file.fileno())
        journal.close()
        fresh.replace(self._path)
        self._file = self._path.open("ab", buffering=0)

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def _encoded(finished: Finished) -> bytes:
    outcome = finished.outcome
    if isinstance(outcome, Failure):
        head, body = {"run": finished.run, "error": outcome.error, "traceback": outcome.traceback}, b""
    else:
        head = {"run": finished.run, "values": len(outcome.values)}
        body = outcome.values.astype("<f8").tobytes() + outcome.cells.astype("<f4").tobytes()
    text = json.dumps(head).encode()
    return struct.pack("<I", len(text)) + text + body


def _decoded(record: bytes, shape: tuple[int, int, int]) -> Finished:
    (length,) = struct.unpack_from("<I", record)
    head, body = json.loads(record[4 : 4 + length]), record[4 + length :]
    if "error" in head:
        return Finished(head["run"], Failure(head["error"], head["traceback"]))
    values = np.frombuffer(body, "<f8", head["values"])
    cells = np.frombuffer(body, "<f4", offset=values.nbytes).reshape(shape)
    return Finished(head["run"], Reading(values, cells))
