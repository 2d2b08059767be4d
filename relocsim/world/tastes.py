"""What firms make of places beyond what can be counted, and how much they must hear of one to know it: drawn once, kept."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from relocsim.streams import Streams, gumbel
from relocsim.world.columns import Places
from relocsim.world.firms import Population
from relocsim.world.strata import Strata


@dataclass(frozen=True)
class Tastes:
    """Persistent tastes and awareness thresholds of every firm for every place, (F, P) float32 unless said otherwise."""

    taste: np.ndarray
    """Standard Gumbel."""
    threshold: np.ndarray
    """Standard exponential: contact intensity at which the firm knows the place."""
    highest: np.ndarray
    """Highest taste of each firm, (F,) float32."""


def draw_tastes(population: Population, places: Places, streams: Streams, strata: Strata | None = None) -> Tastes:
    """Return the persistent tastes and awareness thresholds of a population, (F, P) float32, in chunks."""
    shape = (len(population), len(places.ids))
    taste, threshold = np.empty(shape, np.float32), np.empty(shape, np.float32)
    step = max(1, (1 << 16) // len(places.ids))
    for start in range(0, len(population), step):
        part = slice(start, start + step)
        lanes = streams.grid("firm and place", population.uid[part], places.keys, lanes=2)
        if strata is not None:
            lanes[0][:, strata.place] = strata.drawn(lanes[0][:, strata.place], population.stratum[part])
        taste[part] = gumbel(lanes[0])
        threshold[part] = -np.log(lanes[1])
    return Tastes(taste, threshold, taste.max(axis=1))
