"""Suppliers of leaders: which ordinary firms of an origin sell to one of its leaders, and to which.

A leader has first-tier suppliers among the ordinary firms of its own origin, in the sectors that supply it, and second-tier
ones, which supply those. They are taken out of the ordinary firms, so that nothing is added to any cell, and their agents
stand for fewer firms than others, so that a leader has several. Where an origin has too few firms of a sector, a leader has
fewer suppliers there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from relocsim.world.columns import Sectors
from relocsim.world.parameters import Parameters

TIERS = (1, 2)
_FINER = {1: 3.0, 2: 1.0}
"""Agents of ordinary firms that one agent of a tier's suppliers is as fine as."""
_FEWEST = {1: 3, 2: 1}
"""Agents of a tier that a leader has at least."""
_NONE = 1e-6
"""Part of the wanted firms below which there are none."""


@dataclass(frozen=True)
class Tier:
    """Supplier agents of one tier."""

    number: int
    """1 or 2."""
    each: np.ndarray
    """Agents that one leader of a sector (first axis) has in each sector, (S, S), whole."""
    weight: np.ndarray
    """Firms that an agent stands for, by origin and sector, (O, S)."""
    agents: np.ndarray
    """Agents of the tier by origin and sector, (O, S), whole."""

    @property
    def firms(self) -> np.ndarray:
        """Firms of the tier, (O, S)."""
        return self.agents * self.weight

    def customers(self, leaders: np.ndarray, leading: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the rows of the leaders that agents of each cell sell to, (n,), and where each cell begins, (O S + 1,).

        `leaders` counts leaders and `leading` names the row of the first one, by origin and sector, (O, S). Leaders are
        served in turn: agents of a cell are ordered by size, and every leader should have large and small ones.
        """
        turns = np.arange(self.each.max(initial=0))
        sector, _, user = np.nonzero(self.each.T[:, None] > turns[:, None])  # the turns of one sector after the other
        slots = np.where(self.agents[:, sector] > 0, leaders[:, user], 0).astype(np.intp).ravel()
        end = np.cumsum(slots)
        rows = np.repeat(leading[:, user].ravel() - (end - slots), slots) + np.arange(slots.sum())
        cell = np.arange(len(leaders))[:, None] * len(self.each) + sector
        counted = np.bincount(cell.ravel(), slots, minlength=leaders.size).astype(np.intp)
        return rows, np.concatenate([[0], np.cumsum(counted)])


def buying(sectors: Sectors) -> np.ndarray:
    """Return the share of each sector in what a sector (first axis) needs, components with who makes them, (S, S)."""
    count = len(sectors.ids)
    shares = np.zeros((count, count))
    np.add.at(shares.T, sectors.maker, sectors.need.T)
    return shares


def tiers(sectors: Sectors, parameters: Parameters, firms: np.ndarray, leaders: np.ndarray, share: float) -> list[Tier]:
    """Return the suppliers among ordinary `firms` (O, S) of `leaders` (O, S), of which ordinary agents stand for `share`."""
    bought = buying(sectors)
    wanted = {1: (parameters.tier1_per_leader, bought), 2: (parameters.tier2_per_leader, bought @ bought)}
    found, left = [], firms * parameters.suppliers_most
    for number in TIERS:
        each, mix = wanted[number]
        agents = int(np.clip(round(_FINER[number] * each / share), _FEWEST[number], max(round(each), 1)))
        tier = _tier(number, each / agents, _in_whole_agents(mix, agents), leaders, left)
        left = left - tier.firms
        found.append(tier)
    return found


def _tier(number: int, weight: float, each: np.ndarray, leaders: np.ndarray, left: np.ndarray) -> Tier:
    """Return a tier of suppliers; where more are wanted than may be taken, all stand for fewer firms."""
    agents = np.rint(leaders @ each).astype(int)
    wanted = agents * weight
    part = np.minimum(1.0, left / np.where(wanted > 0, wanted, 1.0))
    return Tier(number, each, weight * part, np.where(part > _NONE, agents, 0))


def _in_whole_agents(mix: np.ndarray, agents: int) -> np.ndarray:
    """Return so many agents a row shared out by `mix`, (S, S), by largest remainders."""
    exact = agents * mix / mix.sum(axis=1, keepdims=True)
    whole = np.floor(exact).astype(int)
    order = np.argsort(-(exact - whole), axis=1, kind="stable")
    rank = np.argsort(order, axis=1, kind="stable")
    return whole + (rank < (agents - whole.sum(axis=1))[:, None])
