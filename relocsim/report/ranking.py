"""Ranks of places under what is not known: no ranking is shown without the range that drawn inputs give it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd

from relocsim.report.costsheets import sector_sheet
from relocsim.report.looking import look
from relocsim.spec import Spec
from relocsim.world.calendar import Quarter

DRAWS = 20
"""Draws of every ranged input behind a range of ranks."""
_FEW = 200
"""Agents that suffice to step to the quarter: costs hardly depend on them."""


def with_ranks(
    table: pd.DataFrame, spec: Spec, quarter: Quarter, *, sector: str, origin: str, draws: int = DRAWS,
    tick: Callable[[], None] | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Return a sector's cost sheet with the rank of each place, home left out, and its range over `draws` of the inputs.

    Columns added: `rank` at central inputs, `rank_low` and `rank_high` the least and the greatest over the draws, which a
    further draw is expected to keep with (draws - 1) / (draws + 1). `tick` is called after every draw.
    """
    light = _light(spec)
    ranks = []
    for replicate in range(draws):
        seen = sector_sheet(look(light, quarter, replicate=replicate), sector, origin)
        ranks.append(_ranks(seen, origin))
        if tick:
            tick()
    own = _ranks(table, origin)
    drawn = pd.DataFrame(ranks) if draws else pd.DataFrame([own])
    place = table["place"]
    return table.assign(rank=place.map(own), rank_low=place.map(drawn.min()), rank_high=place.map(drawn.max()))


def _ranks(sheet: pd.DataFrame, origin: str) -> pd.Series:
    """Return ranks by unit cost, 1 the cheapest, indexed by place, home left out."""
    away = sheet[sheet["place"] != origin].set_index("place")
    return away["total"].rank(method="first").astype(np.int64)


def _light(spec: Spec) -> Spec:
    """Return the scenario with few agents."""
    few = min(_FEW, spec.scenario.firms)
    return replace(spec, scenario=spec.scenario.model_copy(update={"firms": few}))
