"""Followers: when a leader breaks ground, its suppliers are brought to a choice of their own.

Follow, serve it from afar, or lose the order. A supplier chooses for each of its leader's projects, from a quarter on that
its own patience sets, apart from the general review: what it saves on its costs alone would bring nobody. Second-tier
suppliers have no order to lose. Those that follow ask the one place for room, again if refused, and go through admission and
delivery.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from relocsim import kernels
from relocsim.kernels import delivering
from relocsim.phases.decision import STAY, Decisions
from relocsim.phases.setting import Setting, once
from relocsim.phases.supply import Haul
from relocsim.world.firms import LEADER, Population
from relocsim.world.projects import GROUND, STATE, Projects
from relocsim.world.state import FirmState

_DUST = 1e-9
"""Part of an agent below which it stands for no firm."""


@dataclass(frozen=True)
class Following:
    """Suppliers that choose to follow this quarter, (n,), by row of the population."""

    firm: np.ndarray
    """Rows of the population, rising."""
    leader: np.ndarray
    """Rows of the leaders' projects."""
    place: np.ndarray
    """Where these stand."""
    tie: np.ndarray
    """Uniforms by which the places break ties."""

    def others(self, rows: np.ndarray) -> np.ndarray:
        """Return the firms of `rows`, which rise, that do not follow."""
        if not len(self.firm):
            return rows
        kept, at = np.ones(len(rows), dtype=bool), np.searchsorted(rows, self.firm)
        at = at[at < len(rows)]
        kept[at] = rows[at] != self.firm[: len(at)]  # both rise, so that those beyond the last row are the last
        return rows[kept]

    def join(self, decided: Decisions) -> Decisions:
        """Return decisions of the general review with those to follow: one place each, as a branch, or else to stay."""
        count, reviewed = len(self.firm), len(decided.firm)
        if not count:
            return decided
        value = np.full((count, decided.value.shape[1]), -np.inf, np.float32)
        value[np.arange(count), self.place] = 0.0
        zeros = np.zeros(count)
        return replace(
            decided,
            firm=np.concatenate([decided.firm, self.firm]),
            new=np.concatenate([decided.new, zeros.astype(bool)]),
            going=np.concatenate([decided.going, reviewed + np.arange(count)]),
            value=np.concatenate([decided.value, value]),
            shift=np.concatenate([decided.shift, zeros]),
            outside=np.concatenate([decided.outside, np.full(count, STAY)]),
            mode_draw=np.concatenate([decided.mode_draw, zeros]),
            tie_draw=np.concatenate([decided.tie_draw, self.tie]),
            follows=np.concatenate([decided.follows, self.leader]),
        )


def following(
    setting: Setting, population: Population, firms: FirmState, projects: Projects, haul: Haul, quarter: int
) -> Following:
    """Return the suppliers that choose to follow their leaders this quarter."""
    row, leader = called(setting, population, firms, projects, quarter) if setting.switches.followers else _nobody()
    place = projects.place.take(leader)
    draws = setting.streams.lanes("follow", population.uid.take(row), setting.places.keys.take(place))
    alerted = _alert(setting, population, row, draws[0]) <= quarter - projects.dates[GROUND].take(leader)
    worth = follow_value(setting, population, row, haul, place) + np.log(draws[1] / (1 - draws[1]))
    at = np.flatnonzero(alerted & (worth > 0))
    at = at[np.lexsort((-worth[at], row[at]))]
    best = np.ones(len(at), dtype=bool)
    best[1:] = row[at[1:]] != row[at[:-1]]  # of two projects at once, the one worth more
    at = at[best]
    return Following(row[at], leader[at], place[at], draws[2, at])


def called(
    setting: Setting, population: Population, firms: FirmState, projects: Projects, quarter: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return all pairs of a free supplier and its leader's project within the window that it has not followed, by row."""
    lag, window = round(setting.parameters.follow_lag), round(setting.parameters.follow_window)
    first, last = max(quarter - lag - window + 1, 0), quarter - lag
    if kernels.library:
        return delivering.called(
            kernels.library, projects.table, len(projects), population.suppliers, leads=LEADER, first=first, last=last,
            dust=_DUST, settled=firms.settled, weight=firms.weight, pending=firms.pending, at_start=population.weight,
        )  # fmt: skip
    row, leader = _within(population, projects, first, last)
    free = firms.settled[row] & (firms.weight[row] - firms.pending[row] > _DUST * population.weight[row])
    free &= ~_followed(projects, row, leader)
    return row[free], leader[free]


def _within(population: Population, projects: Projects, first: int, last: int) -> tuple[np.ndarray, np.ndarray]:
    """Return all pairs of a supplier and a project of its leader, which broke ground from quarter `first` to `last`."""
    leader = np.flatnonzero(projects.firm_class == LEADER)
    began = projects.dates[GROUND, leader]
    stands = (began >= first) & (began <= last) & (projects.fell[leader] < 0)
    leader = leader[stands & (projects.kind[leader] < STATE) & (projects.gone[leader] < 0)]
    suppliers, begin = population.suppliers
    start, end = begin[projects.firm[leader]], begin[projects.firm[leader] + 1]
    count = end - start
    at = np.arange(count.sum()) + np.repeat(start - (np.cumsum(count) - count), count)
    return suppliers[at], np.repeat(leader, count)


def _followed(projects: Projects, row: np.ndarray, leader: np.ndarray) -> np.ndarray:
    """Return which pairs of a supplier and its leader's project, which rise, have led to a project already, (n,)."""
    followed = np.zeros(len(row), dtype=bool)
    before = np.flatnonzero(projects.leader >= 0)
    pairs, led = (leads.astype(np.int64) << 32 | firm for firm, leads in
                  ((row, leader), (projects.firm[before], projects.leader[before])))  # fmt: skip
    at = np.searchsorted(pairs, led)
    known = at < len(pairs)
    known[known] = pairs[at[known]] == led[known]
    followed[at[known]] = True
    return followed


def follow_value(
    setting: Setting, population: Population, row: np.ndarray, haul: Haul, place: np.ndarray
) -> np.ndarray:
    """Return the value of following over that of not, before its taste, of the firms in `row` to `place`, (n,).

    In yuan per 100 yuan of the follower's plant: the order at risk, as far as it fills the plant, is worth a premium and
    what serving it from the origin costs (freight, delay, coordination); the capital sunk in a second plant is lost.
    """
    terms, (order, freight, sunk) = setting.parameters, stakes(setting)
    tier, sector = population.tier.take(row), population.sector.take(row)
    afar = haul.cost(freight.take(sector), setting.places.origins.take(population.origin.take(row)), place)
    gain = order.take(tier) * (terms.follow_premium + afar) - sunk.take(sector)
    return terms.follow_constant + terms.follow_sensitivity * gain


@once
def stakes(setting: Setting) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return by tier the order at risk, as a share of the plant, (3,), by sector its freight and what it sinks, (S,) both.

    The last two are in yuan per 100 yuan of the follower's plant.
    """
    terms, sectors = setting.parameters, setting.sectors
    order = np.array([0.0, min(1.0, terms.supplier_sales_share / terms.branch_share), 0.0])
    sunk = 100 * sectors.capital_ratio * terms.sunk_share * setting.annuity(terms.horizon)
    return order, 100 * sectors.freight, sunk


def _alert(setting: Setting, population: Population, row: np.ndarray, uniform: np.ndarray) -> np.ndarray:
    """Return from how many quarters after ground is broken on the firms in `row` choose (beyond the window: never), (n,)."""
    with np.errstate(divide="ignore", over="ignore"):
        waits = np.log(uniform) / log_unalerted(setting).take(population.tier.take(row))
    return round(setting.parameters.follow_lag) + np.floor(waits)


@once
def log_unalerted(setting: Setting) -> np.ndarray:
    """Return the log of the chance that a supplier is not alerted in a quarter, by tier, (3,)."""
    first, second = setting.parameters.follow_alert, setting.parameters.follow_alert_tier2
    return np.log1p(-np.minimum([second, first, second], 1 - 1e-12))


def _nobody() -> tuple[np.ndarray, np.ndarray]:
    return np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.intp)
