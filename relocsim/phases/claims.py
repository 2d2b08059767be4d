"""Claims: what firms that may go somewhere ask of places, and what places have to give.

A firm's list holds the places that it knows and prefers to what it would do otherwise, best first; places that are sure to
refuse it are left off.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from relocsim.phases.decision import Choosers, Decisions
from relocsim.phases.limits import Vacancy
from relocsim.phases.selection import Preferences
from relocsim.phases.setting import Setting
from relocsim.world.firms import LEADER
from relocsim.world.projects import BRANCH, ENTRY, MOVE

NOTHING = 1e-9
"""Part of an agent that is as good as nothing."""
_CHUNK = 2048
"""Firms a pass, so that their values stay in the processor's cache."""

CLAIM = np.dtype(
    [
        ("agent", np.int64),  # position among the firms that may go
        ("rank", np.int64),  # position of the place in the firm's own order
        ("place", np.int64),
        ("market", np.int64),  # 2 x place, and 1 more for factory floor
        ("kind", np.int64),  # BRANCH, MOVE or ENTRY
        ("sector", np.int64),
        ("share", np.float64),  # part of the agent's firms that asks, or is admitted
        ("need", np.float64),  # room that the whole agent would take: ha of land or 1e4 m2 of floor
        ("output", np.float64),  # output that the whole agent would bring, 1e8 yuan/year
        ("score", np.float64),  # what the place values
        ("tie", np.float64),  # addressed draw
        ("whole", np.bool_),  # taken whole or not at all
        ("first", np.bool_),  # before all others, whatever the score
    ],
    align=True,
)
"""A request of a firm for room in a place."""


def together(parts: Sequence[np.ndarray]) -> np.ndarray:
    """Return arrays of one kind one after the other (np.concatenate compares the fields of all of them first)."""
    filled = [part for part in parts if len(part)]
    if len(filled) < 2:
        return filled[0] if filled else parts[0]
    whole = np.empty(sum(len(part) for part in filled), parts[0].dtype)
    end = 0
    for part in filled:
        whole[end : end + len(part)], end = part, end + len(part)
    return whole


@dataclass(frozen=True)
class Applicants:
    """The firms that may go somewhere, and what decides where they are admitted."""

    setting: Setting
    choosers: Choosers
    decisions: Decisions
    mass: np.ndarray
    """Firms that each agent under review stands for, (n,)."""
    preferences: Preferences

    def columns(self) -> dict[str, Any]:
        """Return what the kernel of admission has to know of them, by name."""
        setting, population, decisions = self.setting, self.choosers.population, self.decisions
        sectors = setting.sectors
        return {
            "going": decisions.going, "value": decisions.value, "firm": decisions.firm, "entering": decisions.new,
            "mode_draw": decisions.mode_draw, "tie_draw": decisions.tie_draw, "mass": self.mass,
            "origin": population.origin, "sector": population.sector, "kind": population.kind,
            "rents": population.rents, "made": population.output, "land_use": sectors.land_use,
            "floor_use": sectors.floor_use, "capital_ratio": sectors.capital_ratio, "unfit": self.preferences.unfit,
            "score": self.preferences.score, "chance": self.choosers.ways.chance, "leader": LEADER,
            "leaders_first": int(setting.switches.selection), "branch_share": setting.parameters.branch_share,
        }  # fmt: skip


class Lists:
    """Applicants' orders of places, and what each would need in each."""

    def __init__(self, of: Applicants) -> None:
        population, sectors, decisions = of.choosers.population, of.setting.sectors, of.decisions
        going, self._value = decisions.going, decisions.value
        rows, self._mass = decisions.firm[going], of.mass[going]
        origin, sector = population.origin[rows], population.sector[rows].astype(np.intp)
        self._setting, self._chance, self._segment = of.setting, of.choosers.ways.chance, (origin, sector)
        self._new, self._mode_draw = decisions.new[going], decisions.mode_draw[going]
        rents = population.rents[rows]
        self._way = (rents.astype(np.intp), sector)
        self._blank = np.zeros(len(rows), CLAIM)
        self._blank["agent"], self._blank["market"], self._blank["sector"] = np.arange(len(rows)), rents, sector
        self._blank["output"] = population.output[rows] * self._mass
        use = np.where(rents, sectors.floor_use[sector], sectors.land_use[sector])
        output = self._blank["output"]
        self._blank["need"], self._blank["tie"] = output * use, decisions.tie_draw[going]
        self._blank["whole"] = population.kind[rows] == LEADER
        self._blank["first"] = self._blank["whole"] & of.setting.switches.selection
        self._preferences, self._barred = of.preferences, of.preferences.unfit
        self._order: np.ndarray = np.empty(self._value.shape, dtype=np.int16)
        self._ordered = np.zeros(len(rows), dtype=bool)
        self._length = np.zeros(len(rows), dtype=np.int64)
        self._favourites: np.ndarray | None = None

    def pass_over(self, vacancy: Vacancy) -> None:
        """Take places with no room at all off the lists: their refusals are sure and need no proposals."""
        self._barred = self._preferences.unfit | vacancy.shut()

    def _open(self, agents: np.ndarray) -> np.ndarray:
        """Return the values of places for `agents`, -inf where they are sure to be refused, (n, P)."""
        rents, sector = (part[agents] for part in self._way)
        return np.where(self._barred[rents, sector], -np.inf, self._value[agents])

    def favourites(self) -> np.ndarray:
        """Return everybody's claim on the place that each likes best, whether it would be heard or not."""
        if self._favourites is None:
            agents = np.flatnonzero(self._mass > 0)
            place = np.argmax(self._value, axis=1)[agents]
            wanted = np.isfinite(self._value[agents, place])
            agents, place = agents[wanted], place[wanted]
            self._favourites = self._claims(agents, np.zeros(len(agents), np.int64), place, np.ones(len(agents)))
        return self._favourites

    def first(self) -> np.ndarray:
        """Return everybody's claim on the place that each likes best of those not sure to refuse."""
        claims = self.favourites()
        agents = claims["agent"]
        barred = self._is_barred(agents, claims["place"])
        heard = [claims.take(np.flatnonzero(~barred))]
        barred = agents[barred]
        for start in range(0, len(barred), _CHUNK):
            some = barred[start : start + _CHUNK]
            place = np.argmax(self._open(some), axis=1)
            wanted = ~self._is_barred(some, place) & np.isfinite(self._value[some, place])
            some = some[wanted]
            heard.append(self._claims(some, np.zeros(len(some), np.int64), place[wanted], np.ones(len(some))))
        return together(heard)

    def _is_barred(self, agents: np.ndarray, place: np.ndarray) -> np.ndarray:
        rents, sector = (part[agents] for part in self._way)
        return self._barred[rents, sector, place]

    def refusals(self, admitted: np.ndarray) -> np.ndarray:
        """Return the investment whose first choice refused it by a threshold, and for want of room, 1e8 yuan, (2, P)."""
        claims, (agents, size) = self.favourites(), self._value.shape
        favourite, taken = np.full(agents, -1), np.zeros(agents)
        asking, place, output, kind = (claims[name] for name in ("agent", "place", "output", "sector"))
        taker, where, share = (admitted[name] for name in ("agent", "place", "share"))
        favourite[asking] = place
        granted = np.flatnonzero(favourite[taker] == where)
        taken[taker[granted]] = share[granted]
        lost = (1 - taken[asking]) * output
        lost *= self._setting.sectors.capital_ratio[kind]
        rents, sector = (part[asking] for part in self._way)
        unfit = self._preferences.unfit[rents, sector, place]
        return np.stack([np.bincount(place, lost * which, size) for which in (unfit, ~unfit)])

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
        chance = self._chance[origin, sector, place]
        going = np.where(self._mode_draw[agents] < chance, BRANCH, MOVE)
        kind = np.where(self._new[agents], ENTRY, going)
        claims = self._blank.take(agents)
        claims["rank"], claims["place"], claims["share"], claims["kind"] = rank, place, share, kind
        way = claims["market"]
        claims["score"] = self._preferences.score[way, sector, place]
        claims["market"] += 2 * place
        part = np.where(kind == BRANCH, self._setting.parameters.branch_share, 1.0)
        claims["output"] *= part
        claims["need"] *= part
        return claims
