"""Batches of runs in a folder, found and opened; what is damaged or of another version is said in words.

A batch is looked at as it is on the disk at that moment: one that is still being written is opened anew to see more.
Refuses to write.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from relocsim.batch.folder import FORMAT, MANIFEST, BatchError
from relocsim.batch.stored import StoredBatch
from relocsim.errors import SpecError
from relocsim.language import ENGLISH, Words
from relocsim.whatif.cases import Cases, cases_in

DEEPEST = 3
"""Folders below the one that is served in which batches are looked for."""
MOST = 500
"""Batches that are listed."""
_HEAD = 4096
"""Bytes at the head of a manifest that say what it is of."""
Result = TypeVar("Result")


class Batches:
    """The batches at and below a folder, by their path below it; looked for anew each time."""

    def __init__(self, folder: Path | None = None, *, alone: bool = False) -> None:
        self.folder, self.alone = folder, alone
        """`alone`: the folder that is served holds no scenarios beside them."""

    def names(self) -> dict[str, Path]:
        """Return folders of batches by name, sorted; those with a damaged manifest too, which opening them says."""
        if self.folder is None:
            return {}
        found = list(_found(self.folder, DEEPEST))[:MOST]
        home = self.folder.resolve().name
        return {home if path == self.folder else path.relative_to(self.folder).as_posix(): path for path in found}


def served_in(what: str | Path | None) -> tuple[Cases, Batches]:
    """Return the cases and the batches of what is named; beside batches alone the shipped cases.

    Raises
    ------
    SpecError
        Where there is no such file or folder, or neither a scenario nor a batch in it.
    """
    path = Path(what) if what is not None else None
    if path is None or not path.is_dir():
        return cases_in(what), Batches()
    batches = Batches(path)
    try:
        return cases_in(path), batches
    except SpecError:
        if not batches.names():
            raise
        return cases_in(None), Batches(path, alone=True)


def _found(folder: Path, deeper: int) -> Iterator[Path]:
    if _is_batch(folder):
        yield folder
        return
    if deeper:
        try:
            below = sorted(one for one in folder.iterdir() if one.is_dir() and not one.name.startswith("."))
        except OSError:
            return
        for one in below:
            if not one.is_symlink():
                yield from _found(one, deeper - 1)


def _is_batch(folder: Path) -> bool:
    """Whether a folder has a manifest that names a batch, or one that cannot be read beside the parts of one."""
    try:
        with (folder / MANIFEST).open("rb") as file:
            head = file.read(_HEAD)
    except OSError:
        return False
    return b'"kind": "batch"' in head or (folder / "points.parquet").exists()


def open_batch(folder: Path, words: Words = ENGLISH) -> StoredBatch:
    """Return a batch as it is now; BatchError in words where it cannot be read."""
    path = folder / MANIFEST
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        kind, version = held.get("kind"), held.get("format")
    except FileNotFoundError:
        raise BatchError(words("{folder} holds no batch any more.", folder=folder.name)) from None
    except (OSError, ValueError, AttributeError) as error:
        raise BatchError(words("{file} of {folder} is damaged and cannot be read ({error}): play the batch again.",
                               file=MANIFEST, folder=folder.name, error=error)) from None  # fmt: skip
    if kind != "batch" or version != FORMAT:
        raise BatchError(
            words("{folder} was written by another version of relocsim (format {found}; this one reads {known}): read it "
                  "with that version, or play it again.", folder=folder.name, found=version, known=FORMAT)
        )  # fmt: skip
    with in_words(folder.name, words):
        batch = StoredBatch(folder)
        _ = batch.plan, batch.points, batch.ledger  # what everything else needs
        return batch


@contextmanager
def in_words(name: str, words: Words) -> Iterator[None]:
    """Within, what files of a batch that are damaged or of another version raise becomes a BatchError in words."""
    try:
        yield
    except BatchError:
        raise
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        told = str(error).strip().splitlines()
        raise BatchError(
            words("A file of {folder} is damaged, incomplete or of another version ({error}): restore it, or play the batch "
                  "again.", folder=name, error=(told[0][:200] if told else type(error).__name__))
        ) from error  # fmt: skip


def read(batch: StoredBatch, words: Words, function: Callable[..., Result], *given: object) -> Result:
    """Return what a function reads off a batch; BatchError in words where a file of it cannot be read."""
    with in_words(batch.folder.name, words):
        return function(batch, *given)
