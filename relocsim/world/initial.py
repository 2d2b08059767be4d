"""Where industry stands at the start: output by place and sector, and which key components are made where."""

from __future__ import annotations

import numpy as np

from relocsim.world.columns import Places, Sectors
from relocsim.world.description import WorldDescription


def back_to(start_year: float, growth: np.ndarray | float, base_year: int) -> np.ndarray:
    """Return the factor that takes a figure of `base_year` to `start_year` at yearly `growth`."""
    return (1 + np.asarray(growth)) ** (start_year - base_year)


def initial_output(world: WorldDescription, places: Places, sectors: Sectors, start_year: float) -> np.ndarray:
    """Return output by place and sector at the start, 1e8 yuan/year, (P, S).

    A place's manufacturing output is shared out by national weights times its location quotients; there is no published
    output by prefecture and sector, so the quotients are assumed, with ranges.
    """
    quotient = np.ones((len(places.ids), len(sectors.ids)))
    for row, name in enumerate(places.ids):
        for sector, value in world.places[name].specialisation.items():
            quotient[row, sectors.ids.index(sector)] = value
    weight = quotient * sectors.gross_output
    level = places.industry * back_to(start_year, world.parameters.organic_growth, world.base_year)
    return level[:, None] * weight / weight.sum(axis=1, keepdims=True)


def initial_presence(world: WorldDescription, places: Places, sectors: Sectors) -> np.ndarray:
    """Return which key components each place makes at the start, 0 or 1, (P, X - S)."""
    bare = [name.split(".")[1] for name in sectors.components]
    rows = [[float(part not in world.places[name].lacks) for part in bare] for name in places.ids]
    return np.array(rows).reshape(len(places.ids), len(bare))
