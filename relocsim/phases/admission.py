"""Admission: cities with limits choose among applicants; refused firms turn to their next choice.

A firm rents standard factory floor or builds on land of its own, and takes power, emissions and labour either way.
Firm-proposing deferred acceptance with sizes (Gale & Shapley 1962; divisible: Baiou & Balinski 2002, Mathematics of
Operations Research 27): each place takes applicants in its own order while room lasts. A weighted agent can be taken in
part, since it stands for many firms; a leader is taken whole or passed over. What is refused proposes to its next choice;
what is displaced later does so too. One last sweep lets what is still unplaced ask once more for what is left. Ties are
broken by an addressed draw.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from relocsim import kernels
from relocsim.kernels import matching
from relocsim.phases.claims import CLAIM, NOTHING, Applicants, Lists, together
from relocsim.phases.limits import Vacancy
from relocsim.phases.rationing import factor_demand, grant, space_demand


@dataclass(frozen=True)
class Admitted:
    """What places admit and refuse in a quarter."""

    claims: np.ndarray
    """Claims admitted: `share` is the part admitted, `agent` the position among firms under review."""
    refused: np.ndarray
    """Investment whose first choice refused it by a threshold, and for want of room, 1e8 yuan, (2, P)."""


def admit(applicants: Applicants, vacancy: Vacancy | None) -> Admitted:
    """Return what is admitted and refused; without a vacancy everybody is admitted whom no place refuses by a threshold."""
    if kernels.library:
        room = None
        if vacancy is not None:
            room = {"spaces": vacancy.spaces, "factors": vacancy.factors, "factor_use": vacancy.factor_use}
        claims, refused = matching.admit(kernels.library, room, CLAIM, nothing=NOTHING, **applicants.columns())
    else:
        claims, refused = by_arrays(Lists(applicants), vacancy)
    agent = claims["agent"]
    agent[:] = applicants.decisions.going[agent]
    return Admitted(claims, refused)


def by_arrays(lists: Lists, vacancy: Vacancy | None) -> tuple[np.ndarray, np.ndarray]:
    """Return the claims admitted, by agent and place, and what is refused, see `Admitted`."""
    claims = _tidy(lists.first() if vacancy is None else _matched(lists, vacancy))
    return claims, lists.refusals(claims)


def _matched(lists: Lists, vacancy: Vacancy) -> np.ndarray:
    """Return the claims that are held in the end."""
    lists.pass_over(vacancy)
    held, unplaced, gaps = _deferred_acceptance(lists, lists.first(), vacancy)
    if gaps and len(unplaced):
        land, floor = space_demand(held, vacancy).reshape(-1, 2).T
        left = vacancy.less(land, floor, factor_demand(held, vacancy))
        share = np.bincount(unplaced["agent"], unplaced["share"])
        agents = np.flatnonzero(share > NOTHING)
        again, _ = lists.at_rank(agents, np.zeros(len(agents), dtype=np.int64), share[agents])
        swept, _, _ = _deferred_acceptance(lists, again, left)
        held = together([held, swept])
    return held


def _tidy(claims: np.ndarray) -> np.ndarray:
    """Return the claims by agent and place, those of one agent on one place added up."""
    agent, place = claims["agent"], claims["place"]
    label = agent * (1 << 20) + place
    _, first, inverse = np.unique(label, return_index=True, return_inverse=True)
    merged = claims.take(first)
    share = claims["share"]
    merged["share"] = np.bincount(inverse, share, minlength=len(first))
    return merged


def _deferred_acceptance(lists: Lists, claims: np.ndarray, vacancy: Vacancy) -> tuple[np.ndarray, np.ndarray, bool]:
    """Return the claims held in the end, those refused everywhere, and whether room may be left where some were refused.

    A round looks only at places with new claims. A place that refuses parts of agents stays full of what they need; a leader
    that is passed over can leave a gap, and so can a place that lacks several resources.
    """
    gaps, pool = False, Pool(claims)
    ended, touched = [claims[:0]], np.ones(vacancy.factors.shape[1], dtype=bool)
    while True:
        rows = np.flatnonzero(touched[pool.place] & (pool.share > NOTHING))
        asking = pool.claims.take(rows)
        asking["share"] = pool.share[rows]
        granted, short = grant(asking, vacancy)
        again = np.flatnonzero(asking["share"] - granted > NOTHING)
        turned = asking.take(again)
        turned["share"] -= granted[again]
        pool.share[rows] = granted
        gaps |= bool(turned["whole"].any() | short.any())
        rank = turned["rank"]
        following, asked = lists.at_rank(turned["agent"], rank + 1, turned["share"])
        ended.append(turned[~asked])
        if not len(following):
            return pool.held(), together(ended), gaps
        pool.add(following)
        touched = np.bincount(following["place"], minlength=len(touched)) > 0


class Pool:
    """All claims made so far, with the share of each that is held; what every round reads stands in columns of its own."""

    def __init__(self, claims: np.ndarray) -> None:
        self._room, self._count = claims, len(claims)
        self._place, self._share = claims["place"].copy(), claims["share"].copy()

    @property
    def claims(self) -> np.ndarray:
        """The claims as they were made."""
        return self._room[: self._count]

    @property
    def place(self) -> np.ndarray:
        """Market of each claim."""
        return self._place[: self._count]

    @property
    def share(self) -> np.ndarray:
        """Share of each claim that is held."""
        return self._share[: self._count]

    def add(self, claims: np.ndarray) -> None:
        """Add claims, held in full until their place looks at them."""
        end = self._count + len(claims)
        if end > len(self._room):
            grown = 2 * end
            self._room, self._place, self._share = (
                together([part[: self._count], np.empty(grown - self._count, part.dtype)])
                for part in (self._room, self._place, self._share)
            )
        self._room[self._count : end] = claims
        place, share = claims["place"], claims["share"]
        self._place[self._count : end], self._share[self._count : end] = place, share
        self._count = end

    def held(self) -> np.ndarray:
        """Return the claims that are held, with their shares."""
        kept = np.flatnonzero(self.share > NOTHING)
        claims = self.claims.take(kept)
        claims["share"] = self.share[kept]
        return claims
