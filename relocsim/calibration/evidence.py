"""Figures of evidence files by id, as targets name them. Refuses to compare them with anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from relocsim.errors import Problem

CALIBRATE = "calibrate"


@dataclass(frozen=True)
class Figure:
    """A published figure."""

    values: tuple[float, ...]
    use: str
    """calibrate, validate or mechanism."""
    source: str


Evidence: TypeAlias = Mapping[str, Figure]


def evidence_of(files: Sequence[str]) -> tuple[Evidence, list[Problem]]:
    """Return the figures of some files by id, and what is wrong with the files."""
    return {}, []
