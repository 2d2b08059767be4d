"""Cells of the population: agents of one origin and sector, born in one quarter, that stand for as many firms each.

Leaders and suppliers of each tier have cells of their own, and ordinary ones may be parted into strata. A cell has a name,
of which its agents have theirs: the draws depend on names, never on the order of cells.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from relocsim.streams import Streams, identity
from relocsim.world.columns import Places, Sectors
from relocsim.world.parameters import Parameters
from relocsim.world.strata import Strata, parted
from relocsim.world.suppliers import TIERS, Tier

STOCK, LEADING, FIRST_TIER = 0, 1, 2
"""Kinds of cells; second-tier suppliers and then the entrants of each quarter after the first follow."""
_OF_STOCK = FIRST_TIER + len(TIERS)


class Cells(NamedTuple):
    """Columns of cells, (n,) each."""

    origin: np.ndarray
    sector: np.ndarray
    kind: np.ndarray
    agents: np.ndarray
    weight: np.ndarray
    """Firms that each agent stands for."""
    stratum: np.ndarray
    """Stratum that the agents are drawn from, -1 where from the whole."""

    @property
    def born(self) -> np.ndarray:
        """Quarter of birth, 0 for the stock."""
        return np.maximum(self.kind - _OF_STOCK + 1, 0)

    @property
    def tier(self) -> np.ndarray:
        """Tier of suppliers, 0 for others."""
        return np.where((self.kind >= FIRST_TIER) & (self.kind < _OF_STOCK), self.kind - FIRST_TIER + 1, 0)

    @property
    def ordinary(self) -> np.ndarray:
        """Whether the agents are neither leaders nor their suppliers at the start."""
        return (self.kind == STOCK) | (self.kind >= _OF_STOCK)

    def by_stratum(self, strata: Strata | None) -> Cells:
        """Return ordinary cells parted into strata, which stand for a share of the firms each."""
        at, stratum = parted(self.ordinary, strata)
        cells = Cells(*(column[at] for column in self))._replace(stratum=stratum)
        if strata is None:
            return cells
        return cells._replace(weight=cells.weight * np.where(stratum < 0, 1.0, strata.share[stratum]))

    def identities(self, places: Places, sectors: Sectors, quarters: int) -> np.ndarray:
        """Return the 64-bit identity of each cell's name, (n,), in a run of `quarters`; kept for other replicates."""
        origins = tuple(places.ids[at] for at in places.origins.tolist())
        at = self.origin, self.sector, self.kind, np.maximum(self.stratum, 0)  # the bulk has the name of the whole
        known = _known(origins, sectors.ids, _OF_STOCK + quarters, int(at[-1].max()) + 1)
        for row in np.flatnonzero(known[at] == 0).tolist():
            origin, sector, kind, part = (int(column[row]) for column in at)
            name = f"{origins[origin]}/{sectors.ids[sector]}/{_named(kind)}"
            known[origin, sector, kind, part] = identity(f"{name}/stratum {part}" if part else name)
        return known[at]


def _named(kind: int) -> str:
    if kind >= _OF_STOCK:
        return f"entrant/{kind - _OF_STOCK + 1}"
    return ("stock", "leader", *(f"tier-{tier}" for tier in TIERS))[kind]


@lru_cache(maxsize=8)
def _known(origins: tuple[str, ...], sectors: tuple[str, ...], kinds: int, parts: int) -> np.ndarray:
    """Return room for the identities of all cells that there may be, (O, S, kinds, parts) uint64: 0 where not known yet."""
    return np.zeros((len(origins), len(sectors), kinds, parts), np.uint64)


def _columns(there: np.ndarray, agents: np.ndarray, weight: np.ndarray, of: tuple[np.ndarray, ...]) -> Cells:
    origin, sector, kind = of
    return Cells(origin, sector, kind, agents[there].astype(int), weight[there], np.full(len(origin), -1))


def of_stock(firms: np.ndarray, leaders: np.ndarray, suppliers: list[Tier], share: float) -> Cells:
    """Return the cells of the start, of `firms` and `leaders` (O, S); ordinary agents stand for about `share` firms each."""
    ordinary = firms - sum(tier.firms for tier in suppliers)
    count = np.maximum(1.0, np.rint(ordinary / share))
    agents = np.stack([count, leaders, *(tier.agents for tier in suppliers)], axis=2)
    weight = np.stack([ordinary / count, np.ones(firms.shape), *(tier.weight for tier in suppliers)], axis=2)
    there = (firms > 0)[:, :, None] & (agents > 0)
    return _columns(there, agents, weight, np.nonzero(there))


def of_entrants(
    places: Places, sectors: Sectors, parameters: Parameters, firms: np.ndarray, output: np.ndarray, share: float,
    quarters: int, streams: Streams,
) -> Cells:  # fmt: skip
    """Return the cells of every quarter after the first, placed by systematic sampling over origins and sectors."""
    mass = firms * parameters.entry_rate / 4
    inland = ~places.studied
    if inland.any():
        mix = output[~places.coast].sum(axis=0) / sectors.firm_output
        mass[inland] = firms.sum() * parameters.inland_entry_rate / 4 / inland.sum() * mix / mix.sum()
    edges = np.cumsum(mass.ravel()) / share
    offsets = streams.uniforms("entrants", [f"quarter {quarter}" for quarter in range(1, quarters)])
    agents = np.diff(np.floor(edges + offsets[:, None]), axis=1, prepend=0.0).reshape(-1, *mass.shape)
    there = agents > 0
    quarter, origin, sector = np.nonzero(there)
    return _columns(there, agents, np.full(agents.shape, share), (origin, sector, _OF_STOCK + quarter))


def together(*parts: Cells) -> Cells:
    """Return the cells of several lists, one after the other."""
    return Cells(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))
