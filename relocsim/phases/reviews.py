"""Who is under review: a firm comes to one by chance, at the hazard of its origin and sector, or with its birth.

The draws are the same in every arm of a replicate, and most are too high to bring anybody to a review: those that may are
kept for all arms.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from relocsim import kernels
from relocsim.kernels import valuing
from relocsim.streams import Streams
from relocsim.world.firms import Population
from relocsim.world.levers import CLASSES
from relocsim.world.state import FirmState

_AMPLE = 1.25
"""How far beyond the highest hazard asked for draws are kept: hazards change little from one quarter to the next."""
_ROOM = 1 << 25
"""Bytes of draws that are kept: all years of a run of 100,000 firms, and of more firms the last ones."""


class Low(NamedTuple):
    """The review draws of a quarter that are low, (n,) each."""

    row: np.ndarray
    """Rows of the population, rising."""
    draw: np.ndarray


class Reviews:
    """The review draws of a population, as far as they are low enough to have been asked for."""

    def __init__(self, streams: Streams, population: Population) -> None:
        self._streams, self._population = streams, population
        self._known: dict[int, tuple[float, list[Low]]] = {}

    def low(self, quarter: int, most: float) -> Low:
        """Return all draws of agents born by the end of the year that are below `most`, and perhaps others."""
        year, of_year = divmod(quarter, 4)
        known = self._known.get(year)
        if known is None or known[0] < most:
            limit = most * _AMPLE
            known = limit, [self._below(limit, draws) for draws in self._drawn(year)]
            self._keep(year, known)
        return known[1][of_year]

    def _keep(self, year: int, found: tuple[float, list[Low]]) -> None:
        """Keep what was found of a year, and forget the years found longest ago for which there is no room."""
        known = {at: of for at, of in [*self._known.items()] if at != year} | {year: found}
        sizes = {at: sum(low.row.nbytes + low.draw.nbytes for low in lows) for at, (_, lows) in known.items()}
        for at in list(known)[:-1]:
            if sum(sizes.values()) > _ROOM:
                del known[at], sizes[at]
        self._known = known  # at once: other threads read what was before or this

    def _drawn(self, year: int) -> np.ndarray:
        """Return the draws of the four quarters of a year, which one address holds, of agents born by its end, (4, n)."""
        there = self._population.born_before(4 * (year + 1))
        return self._streams.lanes("review", self._population.uid[:there], 0, year)

    @staticmethod
    def _below(limit: float, draws: np.ndarray) -> Low:
        row = np.flatnonzero(draws < limit)
        return Low(row, draws[row])


def reviewed(population: Population, firms: FirmState, hazard: np.ndarray, low: Low, quarter: int) -> np.ndarray:
    """Return the rows of firms under review: those free whose draw is below the hazard (O, S), and the new ones.

    `low` holds all draws below the highest hazard. New firms decide in the quarter of their birth. A firm with an open
    project is not reviewed; one that has just placed a branch waits.
    """
    by_segment = np.repeat(hazard.ravel(), len(CLASSES))
    if kernels.library:
        rows = valuing.reviewed(
            kernels.library, by_segment, low.row, low.draw, quarter, segment=population.segment, settled=firms.settled,
            weight=firms.weight, open_projects=firms.open_projects, rests_until=firms.rests_until,
        )  # fmt: skip
    else:
        rows = low.row[low.draw < by_segment[population.segment[low.row]]]
        free = firms.settled[rows] & (firms.weight[rows] > 0)
        rows = rows[free & (firms.open_projects[rows] == 0) & (firms.rests_until[rows] <= quarter)]
    born = np.arange(population.born_before(quarter), population.born_before(quarter + 1)) if quarter else rows[:0]
    return np.concatenate([rows, born])  # rising, since who is settled was born before
