"""Admission: cities with limits choose among applicants; refused firms turn to their next choice.

A firm rents standard factory floor or builds on land of its own: each place has two kinds of room. Firm-proposing deferred
acceptance with sizes (Gale & Shapley 1962; divisible: Baiou & Balinski 2002, Mathematics of Operations Research 27): each
place takes applicants in its own order while room lasts. A weighted agent can be taken in part, since it stands for many
firms; a leader is taken whole or passed over. What is refused proposes to its next choice; what is displaced later does so
too. One last sweep lets what is still unplaced ask once more for what is left. Ties are broken by an addressed draw.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from relocsim.phases.decision import Choosers, Decisions, branch_chance
from relocsim.phases.setting import Setting
from relocsim.world.firms import LEADER
from relocsim.world.projects import BRANCH, ENTRY, MOVE

_NOTHING = 1e-9
_CHUNK = 2048
"""Firms a pass, so that their values stay in the processor's cache."""

CLAIM = np.dtype(
    [
        ("agent", np.int64),  # position among the firms that may go
        ("rank", np.int64),  # position of the place in the firm's own order
        ("place", np.int64),
        ("market", np.int64),  # 2 x place, and 1 more for factory floor
        ("kind", np.int64),  # BRANCH, MOVE or ENTRY
        ("share", np.float64),  # part of the agent's firms that asks, or is admitted
        ("need", np.float64),  # room that the whole agent would take: ha of land or 1e4 m2 of floor
        ("score", np.float64),  # what the place values, leaders first
        ("tie", np.float64),  # addressed draw
        ("whole", np.bool_),  # taken whole or not at all
    ],
    align=True,
)
"""A request of a firm for room in a place."""


@dataclass(frozen=True)
class Vacancy:
    """What places can still take, (P,)."""

    land: np.ndarray
    """Hectares."""
    floor: np.ndarray
    """1e4 m2."""

    def rooms(self) -> np.ndarray:
        """Return room by market, (2P,): land and floor of each place in turn."""
        return np.stack([self.land, self.floor], axis=1).ravel()


class Applicants:
    """The firms that may go somewhere, with their order of places and what each would need in each."""

    def __init__(self, setting: Setting, choosers: Choosers, decisions: Decisions, mass: np.ndarray) -> None:
        population, sectors = choosers.population, setting.sectors
        self.going, self._value = decisions.going, decisions.value
        rows, self._mass = decisions.firm[self.going], mass[self.going]
        origin, sector = population.origin[rows], population.sector[rows]
        self._setting, self._gap, self._segment = setting, choosers.ways.gap, (origin, sector)
        self._new, self._mode_draw = decisions.new[self.going], decisions.mode_draw[self.going]
        self._rents = population.rents[rows]
        use = np.where(self._rents, sectors.floor_use[sector], sectors.land_use[sector])
        self._blank = np.zeros(len(rows), CLAIM)
        self._blank["agent"], self._blank["market"] = np.arange(len(rows)), self._rents
        self._blank["need"] = population.output[rows] * self._mass * use
        self._blank["score"], self._blank["tie"] = place_score(setting)[sector], decisions.tie_draw[self.going]
        self._blank["whole"] = population.kind[rows] == LEADER
        self._order: np.ndarray = np.empty(self._value.shape, dtype=np.int16)
        self._ordered = np.zeros(len(rows), dtype=bool)
        self._length = np.zeros(len(rows), dtype=np.int64)
        self._full = np.zeros((2, self._value.shape[1]), dtype=bool)

    def pass_over(self, vacancy: Vacancy) -> None:
        """Take places with no room at all off the lists: their refusals are sure and need no proposals."""
        self._full = np.stack([vacancy.land <= 0, vacancy.floor <= 0])

    def _open(self, agents: np.ndarray) -> np.ndarray:
        """Return the values of places for `agents`, -inf where there is no room of their kind, (n, P)."""
        return np.where(self._full[self._rents[agents].astype(np.intp)], -np.inf, self._value[agents])

    def first(self) -> np.ndarray:
        """Return everybody's claim on the place that each likes best."""
        place = np.argmax(self._value, axis=1)
        barred = np.flatnonzero(self._full[self._rents.astype(np.intp), place])
        for start in range(0, len(barred), _CHUNK):
            part = barred[start : start + _CHUNK]
            place[part] = np.argmax(self._open(part), axis=1)
        best = self._value[np.arange(len(place)), place]
        best[self._full[self._rents.astype(np.intp), place]] = -np.inf
        agents = np.flatnonzero(np.isfinite(best) & (self._mass > 0))
        return self._claims(agents, np.zeros(len(agents), dtype=np.int64), place[agents], np.ones(len(agents)))

    def at_rank(self, agents: np.ndarray, rank: np.ndarray, share: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return claims on the place of each agent's order at `rank`, and which agents have such a place."""
        last = self._order.shape[1] - 1
        fresh = np.unique(agents[~self._ordered[agents]])
        if len(fresh):
            value = self._open(fresh)
            order = np.argsort(-value, axis=1, kind="stable")
            self._length[fresh] = np.isfinite(value).sum(axis=1)
            self._order[fresh] = order
            self._ordered[fresh] = True
        place = self._order[agents, np.minimum(rank, last)].astype(np.intp)
        wanted = rank < self._length[agents]
        return self._claims(agents[wanted], rank[wanted], place[wanted], share[wanted]), wanted

    def _claims(self, agents: np.ndarray, rank: np.ndarray, place: np.ndarray, share: np.ndarray) -> np.ndarray:
        """Return claims of `agents`: what is the same wherever they ask, with what depends on the place filled in."""
        origin, sector = (part[agents] for part in self._segment)
        chance = branch_chance(self._setting, self._gap[origin, sector, place])
        going = np.where(self._mode_draw[agents] < chance, BRANCH, MOVE)
        kind = np.where(self._new[agents], ENTRY, going)
        claims = self._blank.take(agents)
        claims["rank"], claims["place"], claims["share"], claims["kind"] = rank, place, share, kind
        claims["market"] += 2 * place
        claims["need"] *= np.where(kind == BRANCH, self._setting.parameters.branch_share, 1.0)
        return claims


def place_score(setting: Setting) -> np.ndarray:
    """Return what a hectare of each sector brings a place over the horizon, 1e8 yuan/ha, (S,): investment and tax."""
    sectors, terms = setting.sectors, setting.parameters
    brought = sectors.capital_ratio + sectors.tax * terms.local_tax_share * terms.horizon
    return brought / (sectors.land_use * (1 - sectors.rents_floor) + sectors.floor_use * sectors.rents_floor)


def admit(applicants: Applicants, vacancy: Vacancy | None) -> np.ndarray:
    """Return the admitted claims, `share` being the part admitted and `agent` the position among firms under review.

    Without a vacancy everybody is admitted.
    """
    claims = _tidy(applicants.first() if vacancy is None else _matched(applicants, vacancy))
    claims["agent"] = applicants.going[claims["agent"]]
    return claims


def _matched(applicants: Applicants, vacancy: Vacancy) -> np.ndarray:
    """Return the claims that are held in the end."""
    applicants.pass_over(vacancy)
    rooms = vacancy.rooms()
    held, unplaced, gaps = _deferred_acceptance(applicants, applicants.first(), rooms)
    if gaps and len(unplaced):
        left = np.maximum(rooms - _demand(held, len(rooms)), 0.0)
        share = np.bincount(unplaced["agent"], unplaced["share"])
        agents = np.flatnonzero(share > _NOTHING)
        again, _ = applicants.at_rank(agents, np.zeros(len(agents), dtype=np.int64), share[agents])
        swept, _, _ = _deferred_acceptance(applicants, again, left)
        held = np.concatenate([held, swept])
    return held


def _demand(claims: np.ndarray, markets: int) -> np.ndarray:
    return np.bincount(claims["market"], claims["need"] * claims["share"], minlength=markets)


def _tidy(claims: np.ndarray) -> np.ndarray:
    """Return the claims by agent and place, those of one agent on one place added up, without empty ones."""
    claims = claims.take(np.flatnonzero(claims["share"] > _NOTHING))
    label = claims["agent"] * (1 << 20) + claims["place"]
    _, first, inverse = np.unique(label, return_index=True, return_inverse=True)
    merged = claims.take(first)
    merged["share"] = np.bincount(inverse, claims["share"], minlength=len(first))
    return merged


def _deferred_acceptance(
    applicants: Applicants, claims: np.ndarray, rooms: np.ndarray
) -> tuple[np.ndarray, np.ndarray, bool]:
    """Return the claims held in the end, those refused everywhere, and whether room may be left where some were refused.

    A round looks only at markets with new claims. A market that refuses parts of agents stays full; only a leader that is
    passed over can leave a gap.
    """
    gaps, pool = False, Pool(claims)
    ended, touched = [claims[:0]], np.ones(len(rooms), dtype=bool)
    while True:
        rows = np.flatnonzero(touched[pool.market] & (pool.share > _NOTHING))
        asking = pool.claims.take(rows)
        asking["share"] = pool.share[rows]
        granted = _grant(asking, rooms)
        again = np.flatnonzero(asking["share"] - granted > _NOTHING)
        turned = asking.take(again)
        turned["share"] -= granted[again]
        pool.share[rows] = granted
        gaps |= bool(turned["whole"].any())
        following, asked = applicants.at_rank(turned["agent"], turned["rank"] + 1, turned["share"])
        ended.append(turned[~asked])
        if not len(following):
            return pool.held(), np.concatenate(ended), gaps
        pool.add(following)
        touched = np.bincount(following["market"], minlength=len(rooms)) > 0


class Pool:
    """All claims made so far, with the share of each that is held; what every round reads stands in columns of its own."""

    def __init__(self, claims: np.ndarray) -> None:
        self._room, self._count = claims, len(claims)
        self._market, self._share = claims["market"].copy(), claims["share"].copy()

    @property
    def claims(self) -> np.ndarray:
        """The claims as they were made."""
        return self._room[: self._count]

    @property
    def market(self) -> np.ndarray:
        """Market of each claim."""
        return self._market[: self._count]

    @property
    def share(self) -> np.ndarray:
        """Share of each claim that is held."""
        return self._share[: self._count]

    def add(self, claims: np.ndarray) -> None:
        """Add claims, held in full until their market looks at them."""
        end = self._count + len(claims)
        if end > len(self._room):
            grown = 2 * end
            self._room, self._market, self._share = (
                np.concatenate([part[: self._count], np.empty(grown - self._count, part.dtype)])
                for part in (self._room, self._market, self._share)
            )
        self._room[self._count : end] = claims
        self._market[self._count : end], self._share[self._count : end] = claims["market"], claims["share"]
        self._count = end

    def held(self) -> np.ndarray:
        """Return the claims that are held, with their shares."""
        kept = np.flatnonzero(self.share > _NOTHING)
        claims = self.claims.take(kept)
        claims["share"] = self.share[kept]
        return claims


def _grant(claims: np.ndarray, rooms: np.ndarray) -> np.ndarray:
    """Return the part of each agent that its place takes, going down its own order while room lasts."""
    granted = claims["share"].copy()
    full = _demand(claims, len(rooms)) > rooms
    tight = np.flatnonzero(full[claims["market"]])
    if len(tight):
        asked = claims.take(tight)
        order = np.lexsort((asked["tie"], -asked["score"], ~asked["whole"], asked["market"]))
        granted[tight[order]] *= _down_the_list(asked.take(order), rooms)
    return granted


def _down_the_list(claims: np.ndarray, rooms: np.ndarray) -> np.ndarray:
    """Return the part taken of each claim, in order within each market; what must be whole and is not is passed over."""
    market, need = claims["market"], claims["need"] * claims["share"]
    first = np.searchsorted(market, market)
    counted = np.ones(len(market), dtype=bool)
    while True:
        wanted = need * counted
        before = np.cumsum(wanted) - wanted
        left = rooms[market] - (before - before[first])
        part = np.clip(left / np.where(wanted > 0, wanted, 1.0), 0.0, 1.0) * counted
        broken = claims["whole"] & counted & (part < 1 - _NOTHING)
        if not broken.any():
            return part
        counted[np.flatnonzero(broken)[np.unique(market[broken], return_index=True)[1]]] = False
