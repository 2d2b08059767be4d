"""Admission: cities with limits choose among applicants; refused firms turn to their next choice.

A firm rents standard factory floor or builds on land of its own; it needs room of its kind.

Firm-proposing deferred acceptance with sizes (Gale & Shapley 1962; with sizes a stable match need not exist, so that the
rule is stated): each place takes applicants in its own order while land and factory floor last. A weighted agent can be
taken in part, since it stands for many firms; a leader is taken whole or passed over. What is refused proposes to its
next choice; what is displaced later does so too. One last sweep lets what is still unplaced ask once more for what is
left. Ties are broken by an addressed draw.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from relocsim.phases.decision import Choosers, Decisions, branch_chance
from relocsim.phases.setting import Setting
from relocsim.world.firms import LEADER
from relocsim.world.projects import BRANCH, ENTRY, MOVE

_NOTHING = 1e-9


@dataclass(frozen=True)
class Vacancy:
    """What places can still take, (P,)."""

    land: np.ndarray
    """Hectares."""
    floor: np.ndarray
    """1e4 m2."""


@dataclass(frozen=True)
class Claims:
    """Requests of firms under review for room in places, (n,)."""

    agent: np.ndarray
    """Position among the firms under review."""
    rank: np.ndarray
    """Position of the place in the firm's own order."""
    place: np.ndarray
    kind: np.ndarray
    """BRANCH, MOVE or ENTRY."""
    share: np.ndarray
    """Part of the agent's firms that asks."""
    land: np.ndarray
    """Land that the whole agent would take, ha."""
    floor: np.ndarray
    """Floor that the whole agent would take, 1e4 m2."""
    score: np.ndarray
    """What the place values: investment and tax a hectare; leaders first."""
    tie: np.ndarray
    """Addressed draw."""
    whole: np.ndarray
    """Whether it is taken whole or not at all."""

    def __len__(self) -> int:
        return len(self.agent)

    def part(self, rows: np.ndarray) -> Claims:
        """Return the claims in `rows`."""
        return Claims(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))

    def join(self, other: Claims) -> Claims:
        """Return both sets of claims."""
        return Claims(
            *(np.concatenate([getattr(self, name), getattr(other, name)]) for name in self.__dataclass_fields__)
        )


class Applicants:
    """The firms under review, with their order of places and what each would need in each."""

    def __init__(
        self, setting: Setting, choosers: Choosers, decisions: Decisions, mass: np.ndarray, quarter: int
    ) -> None:
        population = choosers.population
        self._setting, self._population, self._ways = setting, population, choosers.ways
        self._value, self._rows, self._mass, self._quarter = decisions.value, decisions.firm, mass, quarter
        self._new = (population.born[self._rows] == quarter) & (quarter > 0)
        self._score = place_score(setting)
        self._order = np.full(self._value.shape, -1, dtype=np.int32)
        self._ordered = np.zeros(len(self._rows), dtype=bool)

    def pass_over(self, vacancy: Vacancy) -> None:
        """Take places with no room at all off the lists: their refusals are sure and need no proposals."""
        full = np.stack([vacancy.land <= 0, vacancy.floor <= 0])
        self._value = np.where(full[self._population.rents[self._rows].astype(int)], -np.inf, self._value)

    def first(self) -> Claims:
        """Return everybody's claim on the place that each likes best."""
        agents = np.flatnonzero(np.isfinite(self._value.max(axis=1)) & (self._mass > 0))
        place = np.argmax(self._value[agents], axis=1)
        return self._claims(agents, np.zeros(len(agents), dtype=np.intp), place, np.ones(len(agents)))

    def at_rank(self, agents: np.ndarray, rank: np.ndarray, share: np.ndarray) -> Claims:
        """Return claims on the place of each agent's order at `rank`, less those whose order has ended."""
        last = self._order.shape[1] - 1
        unsorted = np.unique(agents[~self._ordered[agents]])
        self._order[unsorted] = np.argsort(-self._value[unsorted], axis=1, kind="stable")
        self._ordered[unsorted] = True
        place = self._order[agents, np.minimum(rank, last)].astype(np.intp)
        wanted = (rank <= last) & np.isfinite(self._value[agents, place])
        return self._claims(agents[wanted], rank[wanted], place[wanted], share[wanted])

    def _claims(self, agents: np.ndarray, rank: np.ndarray, place: np.ndarray, share: np.ndarray) -> Claims:
        rows, terms, sectors = self._rows[agents], self._setting.parameters, self._setting.sectors
        population = self._population
        keys = self._setting.places.keys[place]
        draws = self._setting.streams.lanes("application", population.uid[rows], keys, self._quarter)
        gap = self._ways.gap[population.origin[rows], population.sector[rows], place]
        chance = branch_chance(self._setting, gap)
        kind = np.where(self._new[agents], ENTRY, np.where(draws[0] < chance, BRANCH, MOVE))
        output = population.output[rows] * self._mass[agents] * np.where(kind == BRANCH, terms.branch_share, 1.0)
        sector = population.sector[rows]
        whole = population.kind[rows] == LEADER
        return Claims(
            agent=agents,
            rank=rank,
            place=place,
            kind=kind,
            share=share,
            land=np.where(population.rents[rows], 0.0, output * sectors.land_use[sector]),
            floor=np.where(population.rents[rows], output * sectors.floor_use[sector], 0.0),
            score=np.where(whole, np.inf, self._score[sector]),
            tie=draws[1],
            whole=whole,
        )


def place_score(setting: Setting) -> np.ndarray:
    """Return what a hectare of each sector brings a place over the horizon, 1e8 yuan/ha, (S,): investment and tax."""
    sectors, terms = setting.sectors, setting.parameters
    brought = sectors.capital_ratio + sectors.tax * terms.local_tax_share * terms.horizon
    return brought / (sectors.land_use * (1 - sectors.rents_floor) + sectors.floor_use * sectors.rents_floor)


def admit(applicants: Applicants, vacancy: Vacancy | None) -> Claims:
    """Return the admitted claims, `share` being the part admitted; without a vacancy everybody is admitted."""
    if vacancy is None:
        return _tidy(applicants.first())
    applicants.pass_over(vacancy)
    held, unplaced = _deferred_acceptance(applicants, applicants.first(), vacancy)
    if not len(unplaced):
        return _tidy(held)
    used = _demand(held, len(vacancy.land))
    left = Vacancy(np.maximum(vacancy.land - used[0], 0.0), np.maximum(vacancy.floor - used[1], 0.0))
    share = np.bincount(unplaced.agent, unplaced.share)
    agents = np.flatnonzero(share > _NOTHING)
    again = applicants.at_rank(agents, np.zeros(len(agents), dtype=np.intp), share[agents])
    swept, _ = _deferred_acceptance(applicants, again, left)
    return _tidy(held.join(swept))


def _tidy(claims: Claims) -> Claims:
    """Return the claims in an order of their own, one a firm and place, without empty ones."""
    claims = _merge(claims.part(np.flatnonzero(claims.share > _NOTHING)))
    return claims.part(np.lexsort((claims.place, claims.agent)))


def _demand(claims: Claims, places: int) -> tuple[np.ndarray, np.ndarray]:
    land = np.bincount(claims.place, claims.land * claims.share, minlength=places)
    return land, np.bincount(claims.place, claims.floor * claims.share, minlength=places)


def _deferred_acceptance(applicants: Applicants, claims: Claims, vacancy: Vacancy) -> tuple[Claims, Claims]:
    """Return the claims held in the end and those refused everywhere."""
    ended: list[Claims] = []
    while True:
        granted = _grant(claims, vacancy)
        refused = claims.share - granted
        again = np.flatnonzero(refused > _NOTHING)
        claims = replace(claims, share=granted)
        if not len(again):
            break
        turned = claims.part(again)
        following = applicants.at_rank(turned.agent, turned.rank + 1, refused[again])
        ended.append(_without(turned, following, refused[again]))
        kept = claims.part(np.flatnonzero(claims.share > _NOTHING))
        if not len(following):
            claims = kept
            break
        claims = _merge(kept.join(following))
    rest = ended[0] if ended else claims.part(np.array([], dtype=np.intp))
    for more in ended[1:]:
        rest = rest.join(more)
    return claims, rest


def _without(turned: Claims, following: Claims, share: np.ndarray) -> Claims:
    """Return the refused claims that had no further choice."""
    asked = np.isin(turned.agent * (1 << 20) + turned.rank + 1, following.agent * (1 << 20) + following.rank)
    at = np.flatnonzero(~asked)
    return replace(turned.part(at), share=share[at])


def _merge(claims: Claims) -> Claims:
    """Return the claims with those of one firm on one place added up."""
    label = claims.agent * (1 << 20) + claims.place
    _, first, inverse = np.unique(label, return_index=True, return_inverse=True)
    if len(first) == len(label):
        return claims
    return replace(claims.part(first), share=np.bincount(inverse, claims.share))


def _grant(claims: Claims, vacancy: Vacancy) -> np.ndarray:
    """Return the part of each claim that its place takes, going down its own order while land and floor last."""
    need = np.stack([claims.land * claims.share, claims.floor * claims.share])
    room = np.stack([vacancy.land, vacancy.floor])
    places = room.shape[1]
    demand = np.stack([np.bincount(claims.place, row, minlength=places) for row in need])
    full = (demand > room).any(axis=0)
    granted = claims.share.copy()
    tight = np.flatnonzero(full[claims.place])
    if len(tight):
        order = tight[np.lexsort((claims.tie[tight], -claims.score[tight], claims.place[tight]))]
        granted[order] *= _down_the_list(claims.place[order], need[:, order], claims.whole[order], room)
    return granted


def _down_the_list(place: np.ndarray, need: np.ndarray, whole: np.ndarray, room: np.ndarray) -> np.ndarray:
    """Return the part taken of each claim, in order within each place; what must be whole and is not is passed over."""
    first = np.searchsorted(place, place)
    counted = np.ones(len(place), dtype=bool)
    while True:
        wanted = need * counted
        before = np.cumsum(wanted, axis=1) - wanted
        before -= before[:, first]
        with np.errstate(divide="ignore", invalid="ignore"):
            part = np.where(wanted > 0, (room[:, place] - before) / wanted, 1.0)
        part = np.clip(part.min(axis=0), 0.0, 1.0) * counted
        broken = whole & counted & (part < 1 - _NOTHING)
        if not broken.any():
            return part
        counted[np.flatnonzero(broken)[_first_of_each(place[broken])]] = False


def _first_of_each(place: np.ndarray) -> np.ndarray:
    """Return the position of the first claim of each place."""
    return np.unique(place, return_index=True)[1]
