"""The population: agents that stand for firms, at the start and as they will be born.

Births do not depend on policy, so that all entrants of a run are known at its start and shared by all its arms. An agent
stands for `weight` firms of one output; a leader stands for itself. Names make the draws: origin, sector, quarter of
birth and index, never a counter or a row. Who supplies a leader is `relocsim.world.suppliers`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy.special import ndtr, ndtri

from relocsim.streams import Streams, members_of
from relocsim.world import cells
from relocsim.world.cells import Cells
from relocsim.world.columns import Places, Sectors
from relocsim.world.levers import CLASSES
from relocsim.world.parameters import Parameters
from relocsim.world.strata import Strata, within
from relocsim.world.suppliers import Tier, tiers

SMALL, MEDIUM, LARGE, LEADER = range(len(CLASSES))


@dataclass(frozen=True)
class Population:
    """Columns of firm agents, each (F,), sorted by quarter of birth and then by origin, sector and index."""

    uid: np.ndarray
    """64-bit identity."""
    segment: np.ndarray
    """Row of origin x sector x class."""
    origin: np.ndarray
    """Position among the origins, (O,)."""
    sector: np.ndarray
    kind: np.ndarray
    """Class of firm, see `levers.CLASSES`."""
    output: np.ndarray
    """Output of one firm, 1e8 yuan/year."""
    weight: np.ndarray
    """Firms that the agent stands for."""
    rents: np.ndarray
    """Whether the firm rents standard factory floor and takes no land (leaders build)."""
    owner: np.ndarray
    """Who owns the firm, see `levers.OWNERS`."""
    born: np.ndarray
    """Quarter of birth; 0 for the stock at the start."""
    stock: np.ndarray
    """Whether the agent stood at its origin at the start."""
    customer: np.ndarray
    """Row of the leader that a first-tier supplier sells to, and that a second-tier one sells to through others; else -1."""
    tier: np.ndarray
    """Tier of suppliers to which it belongs, 1 or 2; 0 for others."""
    stratum: np.ndarray
    """Stratum of the taste for the city under study that it was drawn from, -1 where from all of it, see `Strata`."""

    def __len__(self) -> int:
        return len(self.uid)

    def born_before(self, quarter: int) -> int:
        """Return how many agents are born before `quarter`: they are the first."""
        return int(np.searchsorted(self.born, self.born.dtype.type(quarter)))  # of another type, all would be converted

    @cached_property
    def suppliers(self) -> tuple[np.ndarray, np.ndarray]:
        """Rows of all suppliers by customer, (n,), and where those of each firm begin among them, (F + 1,)."""
        rows = np.flatnonzero(self.customer >= 0)
        rows = rows[np.argsort(self.customer[rows], kind="stable")]
        return rows, np.searchsorted(self.customer[rows], np.arange(len(self) + 1))


def real_firms(output: np.ndarray, sectors: Sectors, parameters: Parameters) -> tuple[np.ndarray, np.ndarray]:
    """Return ordinary firms (float) and leaders (whole) behind `output` (O, S), each (O, S)."""
    leaders = np.floor(output / parameters.leader_cell_output)
    rest = output - leaders * parameters.leader_size * sectors.firm_output
    leaders = np.where(rest > 0, leaders, 0.0)
    return np.maximum(np.where(rest > 0, rest, output), 0.0) / sectors.firm_output, leaders


def synthesise(
    places: Places,
    sectors: Sectors,
    parameters: Parameters,
    output: np.ndarray,
    *,
    agents: int,
    quarters: int,
    streams: Streams,
    strata: Strata | None = None,
) -> Population:
    """Return the population of a run of `quarters`: about `agents` at the start and the entrants to come.

    `output` is (P, S), 1e8 yuan/year. Every origin and sector with output has at least one agent.
    """  # fmt: skip
    firms, leaders = real_firms(output[places.origins], sectors, parameters)
    firms[~places.studied], leaders[~places.studied] = 0.0, 0.0
    share = firms.sum() / agents
    suppliers = tiers(sectors, parameters, firms, leaders, share)
    share *= len(strata.share) if strata else 1
    stock = cells.of_stock(firms, leaders, suppliers, share)
    entrants = cells.of_entrants(places, sectors, parameters, firms, output, share, quarters, streams)
    parts = cells.together(stock, entrants).by_stratum(strata)
    population = _columns(parts, parts.identities(places, sectors, quarters), places, sectors, parameters, streams)
    return supplying(population, firms, leaders, suppliers, streams)


def _columns(
    cell: Cells, identities: np.ndarray, places: Places, sectors: Sectors, parameters: Parameters, streams: Streams
) -> Population:
    """Return the agents of the cells as columns."""
    uid = members_of(identities, cell.agents)
    columns = cell.origin, cell.sector, cell.weight, cell.born, cell.kind == cells.LEADING, cell.tier, cell.stratum
    origin, sector, weight, born, leader, tier, stratum = (np.repeat(column, cell.agents) for column in columns)
    draws = streams.lanes("firm", uid)
    ratio = _size_ratios(cell.agents, born == 0, draws[0], parameters.size_sigma)
    ratio = np.where(leader, parameters.leader_size, ratio)
    kind = np.where(leader, LEADER, np.digitize(ratio, [parameters.small_below, parameters.large_above]))
    return Population(
        uid=uid,
        segment=((origin * len(sectors.ids) + sector) * len(CLASSES) + kind).astype(np.int32),
        origin=origin.astype(np.int16),
        sector=sector.astype(np.int16),
        kind=kind.astype(np.int8),
        output=ratio * sectors.firm_output[sector],
        weight=weight,
        rents=~leader & (draws[1] < sectors.rents_floor[sector]),
        owner=_owner(places.owners[places.origins[origin]], draws[2]),
        born=born.astype(np.int16),
        stock=born == 0,
        customer=np.full(len(uid), -1, dtype=np.int32),
        tier=tier.astype(np.int8),
        stratum=stratum.astype(np.int8),
    )


def supplying(
    population: Population,
    firms: np.ndarray,
    leaders: np.ndarray,
    suppliers: list[Tier],
    streams: Streams,
) -> Population:
    """Return the population with suppliers tied to leaders: those of the stock in turn, new firms by a draw.

    A new firm is a supplier with the chance that an ordinary one of its cell is at the start, so that leaders do not run
    out of suppliers as firms close.
    """
    tier, customer = population.tier.copy(), population.customer.copy()
    draw = np.where(population.stock, 2.0, streams.lanes("firm", population.uid)[3])
    leading = np.full(leaders.shape, -1)
    led = np.flatnonzero(population.kind == LEADER)[::-1]
    leading[population.origin[led], population.sector[led]] = led
    below = np.zeros(firms.shape)
    for one in suppliers:
        slots, first = one.customers(leaders, leading)
        chance = np.divide(one.firms, firms, out=np.zeros_like(below), where=firms > 0)
        cell = population.origin.astype(np.intp) * firms.shape[1] + population.sector
        born = (draw >= below.ravel()[cell]) & (draw < (below + chance).ravel()[cell])
        part = (draw[born] - below.ravel()[cell[born]]) / chance.ravel()[cell[born]]
        stock = population.stock & (tier == one.number)
        index = np.arange(stock.sum()) - np.searchsorted(cell[stock], cell[stock])
        customer[stock] = slots[first[cell[stock]] + index]
        size = first[cell[born] + 1] - first[cell[born]]
        customer[born] = slots[first[cell[born]] + np.floor(part * size).astype(np.intp)]
        tier[born] = one.number
        below += chance
    return replace(population, customer=customer, tier=tier)


def _owner(shares: np.ndarray, uniform: np.ndarray) -> np.ndarray:
    """Return who owns each firm, (F,), given the shares of owners at its origin, (F, W)."""
    return (uniform[:, None] > np.cumsum(shares, axis=1)[:, :-1]).sum(axis=1).astype(np.int8)


def _size_ratios(counts: np.ndarray, stock: np.ndarray, uniform: np.ndarray, sigma: float) -> np.ndarray:
    """Return output over the sector's mean, lognormal with mean one, (F,): one firm in each equal part of the law a cell.

    The firms of a cell of the stock then add up exactly to the output that the cell has, so that no place can lose more than
    it had.
    """
    cell = np.repeat(np.arange(len(counts)), counts)
    ratio = np.exp(sigma * ndtri((within(counts) + uniform) / counts[cell]) - sigma**2 / 2)
    mean = np.bincount(cell, ratio) / counts
    return np.where(stock, ratio / mean[cell], ratio)


def with_room_for(places: Places, sectors: Sectors, population: Population) -> Places:
    """Return the places with origins that hold at least the land and floor which their stock of firms fills.

    The figures of space and those of output are assumed apart; where they disagree, firms that stand somewhere have room.
    """
    stock, size = population.stock, len(places.ids)
    place, sector = places.origins[population.origin[stock]], population.sector[stock]
    output, rents = population.weight[stock] * population.output[stock], population.rents[stock]
    land = np.bincount(place, output * sectors.land_use[sector] * ~rents, minlength=size)
    floor = np.bincount(place, output * sectors.floor_use[sector] * rents, minlength=size)
    return replace(
        places,
        land=np.maximum(places.land, land / np.maximum(places.land_occupied, 1e-9)),
        floor=np.maximum(places.floor, floor / np.maximum(places.floor_occupied, 1e-9)),
    )


def stock_of(population: Population, places: Places, sectors: Sectors) -> np.ndarray:
    """Return the real firms that stand at the origins at the start, (O, S, Z)."""
    shape = len(places.origins), len(sectors.ids), len(CLASSES)
    stock = population.stock
    return np.bincount(population.segment[stock], population.weight[stock], minlength=int(np.prod(shape))).reshape(
        shape
    )


def class_sizes(parameters: Parameters) -> np.ndarray:
    """Return the mean output of each class over its sector's mean, (Z,): conditional means of the lognormal."""
    sigma = parameters.size_sigma
    edges = np.log([parameters.small_below, parameters.large_above])
    edges = np.concatenate([[-np.inf], edges, [np.inf]])
    share = np.diff(ndtr((edges + sigma**2 / 2) / sigma))
    output = np.diff(ndtr((edges - sigma**2 / 2) / sigma))
    return np.append(output / share, parameters.leader_size)
