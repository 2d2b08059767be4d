"""Who would rather go somewhere: most firms under review are found out by bounds before their rows are read.

Values of places over lambda and tastes are in 32 bits, far below what they mean; rounding keeps order, so that bounds are
exact. What firms want to know of places comes from `relocsim.phases.decision`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from relocsim import kernels
from relocsim.kernels import valuing
from relocsim.phases.awareness import hearing, known
from relocsim.phases.setting import Setting

if TYPE_CHECKING:
    from relocsim.phases.decision import Choosers, Modes, Values

_CHUNK = 1024
"""Firms a pass: their values stay in the processor's cache."""


def worth_going(
    setting: Setting, choosers: Choosers, values: Values, rows: np.ndarray, *, new: np.ndarray, bar: np.ndarray,
    contact: np.ndarray, by_owner: np.ndarray | None,
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """Return which firms may go, (m,), and their values of places, (m, P), -inf where unknown or not above the bar.

    Most firms are found out by bounds. None goes whose best place and highest taste together do not exceed its bar; tastes
    are read only of the others, and thresholds only of those for which some place exceeds it.
    """
    population, tastes, scale = choosers.population, choosers.tastes, setting.parameters.nest_lambda
    if kernels.library:
        classes = values.place.size // choosers.ways.either.size
        return valuing.worth_going(
            kernels.library, choosers.readings, classes, value=values.place, firm=rows, entering=new, bar=bar,
            contact=contact, by_owner=by_owner, scale=scale, aware=int(setting.switches.awareness),
        )  # fmt: skip
    table, row = _table(choosers, rows, new, values, scale)
    maybe = np.flatnonzero(table.max(axis=1)[row] + tastes.highest[rows] > bar)
    heard, places = hearing(population, contact, by_owner), table.shape[1]
    going, value = [maybe[:0]], np.empty((len(maybe), places), np.float32)
    room, filled = np.empty((2, _CHUNK, places), np.float32), 0
    for start in range(0, len(maybe), _CHUNK):
        some = maybe[start : start + _CHUNK]
        wants, taken = room[:, : len(some)]
        _take(table, row[some], wants)
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


def _table(
    choosers: Choosers, rows: np.ndarray, new: np.ndarray, values: Values, scale: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return values over lambda before tastes, float32, and the row of each firm under review, (n,).

    The rows are over both modes for each segment, and after them as a plant for each new firm, (G + new, P).
    """
    segment, (segments, places) = choosers.population.segment[rows], values.place.shape
    row, born = segment.astype(np.intp), segment[new]
    row[new] = segments + np.arange(len(born))
    table = np.empty((segments + len(born), places), np.float32)
    np.divide(_going(values, choosers.ways), scale, out=table[:segments])
    table[segments:] = values.place[born] / scale
    return table, row


def _take(table: np.ndarray, rows: np.ndarray, out: np.ndarray) -> np.ndarray:
    """Copy `rows` of `table` into `out` and return it (faster than indexing, which asks for new memory each time)."""
    return np.take(table, rows, axis=0, out=out, mode="clip")


def _going(values: Values, ways: Modes) -> np.ndarray:
    """Return the value over both modes for firms that stand somewhere, (G, P)."""
    origins, sectors, places = ways.either.shape
    by_class = values.place.reshape(origins, sectors, -1, places) + ways.either[:, :, None, :]
    return by_class.reshape(values.place.shape)
