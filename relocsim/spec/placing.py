"""Files of a case come into a folder all together, checked before, or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from relocsim.errors import OutputExistsError, RelocsimError


def place_files(
    texts: Mapping[str, str], out: Path, *, force: bool = False, check: Callable[[Path], None] | None = None
) -> list[str]:
    """Write files into a folder and return their names; other files there stay.

    Parameters
    ----------
    texts
        Content by path below the folder.
    out
        The folder; it is made where it lacks.
    force
        Whether other files of these names are overwritten.
    check
        What must hold of the files before they take their places; raises what is wrong. They lie in a folder beside `out`
        then, so that relative names mean the same.

    Raises
    ------
    OutputExistsError
        Where another file is in the way and not `force`.
    RelocsimError
        Where the folder cannot be written.
    """
    in_the_way = [name for name, text in texts.items() if not force and _other(out / name, text)]
    if out.exists() and not out.is_dir():
        raise OutputExistsError(f"{out} is a file; choose another folder")
    if in_the_way:
        held = ", ".join(in_the_way)
        raise OutputExistsError(f"{out} holds other files of these names: {held}; choose another folder, or --force")
    absolute = Path(os.path.abspath(out))
    partial = absolute.parent / f".{absolute.name}.{os.getpid()}.partial"
    try:
        for name, text in texts.items():
            (partial / name).parent.mkdir(parents=True, exist_ok=True)
            (partial / name).write_text(text, encoding="utf-8", newline="\n")
        if check is not None:
            check(partial)
        for name in texts:
            (out / name).parent.mkdir(parents=True, exist_ok=True)
            (partial / name).replace(out / name)
    except OSError as error:
        raise RelocsimError(f"{out} cannot be written: {error.strerror}") from None
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return list(texts)


def _other(file: Path, text: str) -> bool:
    """Whether a file is there that says something else."""
    return file.exists() and (not file.is_file() or file.read_text("utf-8", errors="replace") != text)
