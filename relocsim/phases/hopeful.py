"""Who would rather go somewhere: most firms under review are found out by bounds before their rows are read.

Values of places over lambda and tastes are in 32 bits, far below what they mean; rounding keeps order, so that bounds are
exact. What firms want to know of places comes from `relocsim.phases.decision`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from relocsim import kernels
from relocsim.kernels import valuing
from relocsim.phases.awareness import Heard, known
from relocsim.phases.setting import Setting

if TYPE_CHECKING:
    from relocsim.phases.decision import Choosers, Modes, Values

_CHUNK = 1024
"""Firms a pass: their values stay in the processor's cache."""


@dataclass(frozen=True)
class Table:
    """Values over lambda before tastes, in the precision of tastes, which is far below what they mean."""

    value: np.ndarray
    """Over both modes for each segment, and after them as a plant for each new firm, (G + new, P) float32."""
    row: np.ndarray
    """Row of each firm under review, (n,)."""
    highest: np.ndarray
    """Highest of each row of values, (G + new,) float32."""


def table(choosers: Choosers, rows: np.ndarray, new: np.ndarray, values: Values, scale: float) -> Table:
    """Return values over lambda of all segments and new firms."""
    segment, places = choosers.population.segment[rows], values.place.shape[1]
    row, born = segment.astype(np.intp), segment[new]
    row[new] = len(values.place) + np.arange(len(born))
    value = np.empty((len(values.place) + len(born), places), np.float32)
    old, entering = np.split(value, [len(values.place)])
    entering[:] = values.place[born] / scale
    if kernels.library:
        highest = valuing.over_lambda(kernels.library, values.place, choosers.ways.either, scale, old)
    else:
        highest = np.divide(_going(values, choosers.ways), scale, out=old).max(axis=1)
    return Table(value, row, np.concatenate([highest, entering.max(axis=1)]))


def worth_going(
    setting: Setting, choosers: Choosers, rows: np.ndarray, table: Table, bar: np.ndarray, heard: Heard
) -> tuple[np.ndarray, np.ndarray]:
    """Return which firms may go, (m,), and their values of places, (m, P), -inf where unknown or not above the bar.

    Most firms are found out by bounds. None goes whose best place and highest taste together do not exceed its bar; tastes
    are read only of the others, and thresholds only of those for which some place exceeds it.
    """
    tastes, places = choosers.tastes, heard.by_segment.shape[1]
    maybe = np.flatnonzero(table.highest[table.row] + tastes.highest[rows] > bar)
    if kernels.library:
        return valuing.worth_going(
            kernels.library, maybe, places=places, aware=setting.switches.awareness, table=table.value, row=table.row,
            firm=rows, bar=bar, taste=tastes.taste, threshold=tastes.threshold, by_segment=heard.by_segment,
            by_owner=heard.by_owner, segment=choosers.population.segment, owner=choosers.population.owner,
        )  # fmt: skip
    going, value = [maybe[:0]], np.empty((len(maybe), places), np.float32)
    room, filled = np.empty((2, _CHUNK, places), np.float32), 0
    for start in range(0, len(maybe), _CHUNK):
        some = maybe[start : start + _CHUNK]
        wants, taken = room[:, : len(some)]
        _take(table.value, table.row[some], wants)
        wants += _take(tastes.taste, rows[some], taken)
        kept = np.flatnonzero(wants.max(axis=1) > bar[some])
        some = some[kept]
        going.append(some)
        best = _take(wants, kept, value[filled : filled + len(some)])
        intensity, threshold = room[:, : len(some)]
        asked = known(setting, heard.of(rows[some], intensity), _take(tastes.threshold, rows[some], threshold))
        asked &= best > bar[some, None]
        np.putmask(best, ~asked, np.float32(-np.inf))
        filled += len(some)
    return np.concatenate(going), value[:filled]


def _take(table: np.ndarray, rows: np.ndarray, out: np.ndarray) -> np.ndarray:
    """Copy `rows` of `table` into `out` and return it (faster than indexing, which asks for new memory each time)."""
    return np.take(table, rows, axis=0, out=out, mode="clip")


def _going(values: Values, ways: Modes) -> np.ndarray:
    """Return the value over both modes for firms that stand somewhere, (G, P)."""
    origins, sectors, places = ways.either.shape
    by_class = values.place.reshape(origins, sectors, -1, places) + ways.either[:, :, None, :]
    return by_class.reshape(values.place.shape)
