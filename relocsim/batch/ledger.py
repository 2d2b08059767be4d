"""The ledger: which runs a batch consists of, in which order, and how it grew.

Runs are numbered replicate by replicate. A batch that is extended keeps its numbers; what is new comes behind, in the same
order. The ledger is two columns of whole numbers, so that a hundred thousand runs cost a megabyte. This module
refuses to know what a point sets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Extent:
    """How many points and replicates a plan had."""

    points: int
    replicates: int


@dataclass(frozen=True)
class Ledger:
    """Point and replicate of every run, by its number."""

    point: np.ndarray
    replicate: np.ndarray

    def __len__(self) -> int:
        return len(self.point)


def ledger_of(extents: Sequence[Extent]) -> Ledger:
    """Return the runs of a batch that grew from one extent to the next; each contains the one before."""
    before = Extent(0, 0)
    points, replicates = [], []
    for extent in extents:
        replicate, point = np.divmod(np.arange(extent.points * extent.replicates), max(extent.points, 1))
        fresh = (point >= before.points) | (replicate >= before.replicates)
        points.append(point[fresh].astype(np.int32))
        replicates.append(replicate[fresh].astype(np.int32))
        before = extent
    return Ledger(np.concatenate(points), np.concatenate(replicates))
