"""The folder of a batch: its manifest, its scenario, its points, and the lock that one writer holds.

    manifest.json     what the batch is: versions, digests, seed, plan, extents, sums of the files when it is complete
    scenario.json     the resolved scenario, factors as written
    points.parquet    one row a row of the design: its point, its digest, a column a factor
    runs/, cells/     parts of the two tables
    journal           finished runs that are in no part yet

This module refuses to play.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from relocsim.batch.ledger import Extent
from relocsim.batch.parts import CELLS, RUNS, part_paths, told, write_whole
from relocsim.batch.plan import Level
from relocsim.batch.points import Points
from relocsim.errors import OutputExistsError, RelocsimError
from relocsim.spec.digest import text_digest

MANIFEST, SCENARIO, POINTS, LOCK = "manifest.json", "scenario.json", "points.parquet", "lock"
FORMAT = 1
_BEGUN = (LOCK, SCENARIO, POINTS, MANIFEST)
"""Files that a batch which had hardly begun may have left."""


class BatchError(RelocsimError):
    """A folder is not what a batch needs."""


@dataclass(frozen=True)
class Manifest:
    """What the manifest says."""

    about: Mapping[str, Any]
    """Question, scenario, period: what no run depends on."""
    identity: Mapping[str, Any]
    """See `relocsim.batch.identity`."""
    plan: Mapping[str, Any]
    """The plan as read."""
    layout: Mapping[str, Any]
    """Measures, periods, places, units of what is recorded."""
    extents: tuple[Extent, ...]
    """Points and replicates, as the batch grew."""
    part_size: int
    """Runs a part."""
    complete: bool = False
    """Whether nothing was left to play when it was last worked on."""
    files: Mapping[str, str] | None = None
    """SHA-256 of every file, of a complete batch."""

    def text(self) -> str:
        """Return the manifest as it is written."""
        content = {"format": FORMAT, "kind": "batch", **asdict(self)}
        return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of a folder; BatchError where there is none."""
    try:
        held = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BatchError(f"{folder} holds no batch: there is no {MANIFEST} in it") from None
    except (OSError, ValueError) as error:
        raise BatchError(f"{folder / MANIFEST} cannot be read: {error}") from None
    if not isinstance(held, dict) or held.get("kind") != "batch" or held.get("format") != FORMAT:
        raise BatchError(
            f"{folder} holds no batch of this version of relocsim but {held.get('kind', 'something else')}"
        )
    extents = tuple(Extent(**one) for one in held["extents"])
    fields = {name: held[name] for name in ("about", "identity", "plan", "layout", "part_size", "complete", "files")}
    return Manifest(**fields, extents=extents)


def write_text(path: Path, text: str) -> None:
    """Write a text that is there whole or not at all."""
    fresh = path.with_name(f"{path.name}.new")
    with fresh.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def sums(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file of a batch."""
    files = [folder / SCENARIO, folder / POINTS, *part_paths(folder, CELLS), *part_paths(folder, RUNS)]
    return {path.relative_to(folder).as_posix(): text_digest(path.read_bytes()) for path in files}


def write_points(folder: Path, points: Points, numbers: Mapping[str, int]) -> None:
    """Write the rows of the design, with the number that each point has in this batch."""
    digests = [points.digests[at] for at in points.point]
    columns: dict[str, pa.Array] = {
        "point": pa.array([numbers[digest] for digest in digests], pa.int32()),
        "digest": pa.array(digests, pa.string()),
        "settings": pa.array([told(points.values[at]) for at in points.point], pa.string()),
    }
    columns |= {name: _column([row[name] for row in points.rows]) for name in points.factors}
    write_whole(folder / POINTS, pa.table(columns), compression="zstd")


def _column(values: Sequence[Level]) -> pa.Array:
    """Return the values of a factor: as they are where they are of one kind, numbers as numbers, else as text."""
    if all(isinstance(value, bool) for value in values):
        return pa.array(values, pa.bool_())
    if all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
        return pa.array(values, pa.float64())
    return pa.array([str(value).lower() if isinstance(value, bool) else str(value) for value in values], pa.string())


def known_points(folder: Path) -> dict[str, int]:
    """Return the numbers of the points of a folder, by digest."""
    if not (folder / POINTS).exists():
        return {}
    table = pq.read_table(folder / POINTS, columns=["point", "digest"])
    return dict(zip(table["digest"].to_pylist(), table["point"].to_pylist(), strict=True))


def row_digests(folder: Path) -> list[str]:
    """Return the digest of each row of the design of a folder."""
    digests: list[str] = pq.read_table(folder / POINTS, columns=["digest"])["digest"].to_pylist()
    return digests


def require_batch_or_empty(folder: Path) -> None:
    """Raise OutputExistsError where a folder holds something that no batch wrote."""
    if folder.exists() and not folder.is_dir():
        raise OutputExistsError(f"{folder} is a file; choose another folder")
    if not folder.exists() or (folder / MANIFEST).exists():
        return
    strangers = sorted(path.name for path in folder.iterdir() if path.name.removesuffix(".new") not in _BEGUN)
    if strangers:
        message = f"{folder} holds files that no batch wrote ({', '.join(strangers[:3])})"
        raise OutputExistsError(f"{message}; choose another folder")


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder as its only writer; the end of a process lets go, however it comes."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / LOCK
    with path.open("a+b") as file:
        try:
            _lock(file.fileno())
        except OSError:
            raise BatchError(f"another process is working on the batch in {folder}; wait for it, or end it") from None
        yield


def _lock(descriptor: int) -> None:
    """Lock a file for this process, or raise OSError at once."""
    try:
        import fcntl
    except ModuleNotFoundError:
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        return
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
