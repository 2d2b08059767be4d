"""Worlds that come with relocsim, named from anywhere: `shipped:chenzhou/places.yaml`.

A world of one's own lies where its author keeps it, outside of any copy of relocsim, and must still find what it extends
after either has moved. This module refuses to read files.
"""

from __future__ import annotations

from pathlib import Path

PREFIX = "shipped:"
"""Beginning of the name of a file that comes with relocsim; the rest is its path below `scenarios`."""


def folder() -> Path:
    """Return the folder of shipped worlds: in the installed package, else beside the package in a checkout."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "scenarios"
    return inside if inside.is_dir() else package.parent / "scenarios"


def is_shipped(name: str) -> bool:
    """Whether a file's name says that it comes with relocsim."""
    return name.startswith(PREFIX)


def located(name: str) -> Path:
    """Return where a shipped file is; ValueError where the name leads out of the folder of shipped worlds."""
    rest = name.removeprefix(PREFIX)
    path = (folder() / rest).resolve()
    if not rest or not path.is_relative_to(folder().resolve()):
        raise ValueError(f"expected {PREFIX} and a path below the shipped worlds, such as {PREFIX}chenzhou/places.yaml")
    return path


def named(path: Path) -> str | None:
    """Return the name of a file that comes with relocsim; none of any other."""
    path, home = path.resolve(), folder().resolve()
    return PREFIX + path.relative_to(home).as_posix() if path.is_relative_to(home) else None
