"""Results as files: tables in Parquet and CSV, charts in PNG and SVG, and a manifest that says what they are.

The same run gives the same bytes: no clock, no absolute path, no machine enters. Files come into place whole or not at
all, and the results of another run are not overwritten unless somebody says so.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
import signal
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from relocsim.errors import OutputExistsError, RelocsimError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MANIFEST = "manifest.json"
FORMAT = 1
_DEPENDENCIES = ("matplotlib", "mesa", "networkx", "numpy", "pandas", "pyarrow", "pydantic", "scipy")
_DOTS_PER_INCH = 160
_METADATA: dict[str, dict[str, Any]] = {
    "png": {"Software": None}, "svg": {"Date": None, "Creator": None}, "pdf": {"CreationDate": None, "Creator": None},
}  # fmt: skip
FORMATS = tuple(_METADATA)
"""Formats of charts."""


class OutputError(RelocsimError):
    """The output folder cannot be written."""


@contextmanager
def results_folder(target: str | Path, identity: Mapping[str, Any], *, force: bool = False) -> Iterator[Path]:
    """Give a folder to write into, which becomes `target` when the block ends well and vanishes when it does not.

    Parameters
    ----------
    target
        Output folder. It may hold the same run already, and another run where `force`; never files that no run wrote.
    identity
        What makes a run this run: its kind, digest, seed, ...; written to the manifest.
    """
    target = Path(os.path.realpath(target))
    require_free(target, identity, force=force)
    partial = target.parent / f".{target.name}.{os.getpid()}.partial"
    try:
        partial.mkdir(parents=True)
    except OSError as error:
        raise OutputError(f"{target} cannot be written: {error.strerror}") from None
    try:
        yield partial
        with uninterrupted():
            _into_place(partial, target)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def apart(out: Path | None, files: Sequence[str]) -> list[Path | None]:
    """Return the folder of each file's results: `out`, or where there are several files one in it by the file's name."""
    if out is None or len(files) == 1:
        return [out] * len(files)
    names = [Path(name).stem for name in files]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise OutputError(
            f"several files are called {', '.join(twice)}, whose results would share a folder: play them apart"
        )
    return [out / name for name in names]


def require_free(target: Path, identity: Mapping[str, Any], *, force: bool) -> None:
    """Raise OutputExistsError where `target` holds something that must not be overwritten."""
    if not target.exists():
        return
    if not target.is_dir():
        raise OutputExistsError(f"{target} is a file; choose another folder")
    strangers = sorted(set(_files(target)) - _written(target))
    if strangers:
        few = ", ".join(strangers[:3]) + (", ..." if len(strangers) > 3 else "")
        message = f"{target} holds files that no finished run of relocsim wrote ({few})"
        raise OutputExistsError(f"{message}; choose another folder, or move them away")
    if force or not (target / MANIFEST).exists():
        return
    held = _read(target)
    other = [key for key, value in identity.items() if held.get(key) != value]
    if other:
        changed = ", ".join(f"{key} {_short(held.get(key))}, not {_short(identity[key])}" for key in other)
        message = f"{target} holds another run of {held.get('scenario', 'a scenario')} ({changed})"
        raise OutputExistsError(f"{message}; choose another folder, or overwrite it with --force")


def _short(value: object) -> str:
    text = str(value)
    return text[:12] if len(text) == 64 else text


def _files(folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()]


def _read(folder: Path) -> dict[str, Any]:
    """Return the manifest of a folder; an empty one where there is none that can be read."""
    try:
        held = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return held if isinstance(held, dict) and isinstance(held.get("files"), dict) else {}


def _written(folder: Path) -> set[str]:
    """Return the files of a folder that its manifest names, and the manifest."""
    held = _read(folder)
    return {MANIFEST, *held["files"]} if held else set()


def _into_place(partial: Path, target: Path) -> None:
    """Move a finished folder to its place; what an earlier run wrote there goes, its manifest first."""
    if not target.exists():
        partial.rename(target)
        return
    for name in [MANIFEST, *sorted(_written(target) - {MANIFEST})]:
        (target / name).unlink(missing_ok=True)
    for name in [*sorted(set(_files(partial)) - {MANIFEST}), MANIFEST]:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (partial / name).replace(target / name)


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Put off Ctrl-C to the end of the block."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    asked: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, frame: asked.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if asked:
        raise KeyboardInterrupt


def write_table(folder: Path, name: str, table: pd.DataFrame) -> None:
    """Write a tidy table as Parquet and as CSV."""
    table.to_parquet(folder / f"{name}.parquet", index=False, engine="pyarrow")
    table.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")


def write_chart(folder: Path, name: str, figure: Figure, formats: Sequence[str] = ("png", "svg")) -> None:
    """Write a chart as PNG, SVG (letters as paths, which show anywhere) or PDF; no date enters."""
    from relocsim.report.theme import styled

    with styled():
        figure.savefig(folder / f"{name}.{formats[0]}", dpi=_DOTS_PER_INCH, metadata=_METADATA[formats[0]])
        figure.set_layout_engine("none")  # laid out already
        for kind in formats[1:]:
            figure.savefig(folder / f"{name}.{kind}", dpi=_DOTS_PER_INCH, metadata=_METADATA[kind])


def write_manifest(folder: Path, identity: Mapping[str, Any], about: Mapping[str, Any]) -> None:
    """Write what a folder holds: identity, settings, versions, and the SHA-256 of every file."""
    files = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in sorted(_files(folder))}
    content = {"format": FORMAT, **identity, **about, "versions": versions(), "files": files}
    text = json.dumps(content, indent=2, ensure_ascii=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def versions() -> dict[str, str]:
    """Return the versions of Python and of what the results depend on."""
    return {"python": platform.python_version(), **{name: version(name) for name in _DEPENDENCIES}}
