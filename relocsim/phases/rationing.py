"""Rationing: what each place takes of those who ask, going down its own order while room lasts.

Land and floor of a place are markets apart: who builds and who rents do not compete. Where power, the environmental
allowance or labour is short as well, all applicants of the place stand in one order, and each takes of several resources at
once: the scarcest decides, and who needs what is used up is passed over, while others go on. Parts are found at the points
where the list breaks, which are few, for all places at once.
"""

from __future__ import annotations

import numpy as np

from relocsim.phases.claims import NOTHING
from relocsim.phases.limits import Vacancy


def grant(claims: np.ndarray, vacancy: Vacancy) -> tuple[np.ndarray, np.ndarray]:
    """Return the part of each agent that its place takes, (n,), and in which places factors are short, (P,) bool."""
    granted = claims["share"].copy()
    full = space_demand(claims, vacancy) > vacancy.spaces
    short = np.any(factor_demand(claims, vacancy) > vacancy.factors, axis=0)
    several = short[claims["place"]]
    tight = np.flatnonzero(full[claims["market"]] & ~several)
    if len(tight):
        asked = claims.take(tight)
        order = in_order(asked, asked["market"])
        granted[tight[order]] *= down_the_list(asked.take(order), vacancy.spaces)
    if short.any():
        _ration_several(claims, vacancy, np.flatnonzero(several), granted)
    return granted, short


def _ration_several(claims: np.ndarray, vacancy: Vacancy, tight: np.ndarray, granted: np.ndarray) -> None:
    """Write what is taken of the claims at `tight`, whose places lack several resources, into `granted`."""
    asked = claims.take(tight)
    order = in_order(asked, asked["place"])
    asked = asked.take(order)
    rows = np.arange(len(asked))
    amounts = np.zeros((len(asked), 2 + len(vacancy.factors)))
    share, kind = asked["share"], asked["market"] % 2
    space, needs = asked["need"] * share, vacancy.factor_needs(asked) * share
    amounts[rows, kind], amounts[:, 2:] = space, needs.T
    rooms = np.column_stack([vacancy.spaces.reshape(-1, 2), vacancy.factors.T])
    part = down_a_list_of_several(asked["place"], amounts, asked["whole"], rooms)
    granted[tight[order]] *= part


def in_order(claims: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Return the claims' rows by group and, within it, as the place ranks them."""
    return np.lexsort((claims["tie"], -claims["score"], ~claims["first"], group))


def space_demand(claims: np.ndarray, vacancy: Vacancy) -> np.ndarray:
    """Return the land and floor that is asked for, by market, (2P,)."""
    market, share = claims["market"], claims["share"]
    asked = claims["need"] * share
    return np.bincount(market, asked, minlength=len(vacancy.spaces))


def factor_demand(claims: np.ndarray, vacancy: Vacancy) -> np.ndarray:
    """Return the power, emissions and labour that are asked for, (3, P)."""
    place, share, size = claims["place"], claims["share"], vacancy.factors.shape[1]
    amounts = vacancy.factor_needs(claims) * share
    return np.stack([np.bincount(place, amount, size) for amount in amounts])


def down_the_list(claims: np.ndarray, rooms: np.ndarray) -> np.ndarray:
    """Return the part taken of each claim, in order within each market; what must be whole and is not is passed over."""
    market, need, share = claims["market"], claims["need"], claims["share"]
    need = need * share
    first = np.searchsorted(market, market)
    counted = np.ones(len(market), dtype=bool)
    while True:
        wanted = need * counted
        before = np.cumsum(wanted) - wanted
        left = rooms[market] - (before - before[first])
        part = np.clip(left / np.where(wanted > 0, wanted, 1.0), 0.0, 1.0) * counted
        broken = claims["whole"] & counted & (part < 1 - NOTHING)
        if not broken.any():
            return part
        counted[np.flatnonzero(broken)[np.unique(market[broken], return_index=True)[1]]] = False


def down_a_list_of_several(place: np.ndarray, amounts: np.ndarray, whole: np.ndarray, rooms: np.ndarray) -> np.ndarray:
    """Return the part taken of each claim, in order within each place, where each takes of several resources.

    `amounts` (n, R) are asked of `rooms` (P, R). At every turn the first claim of each place that does not fit is settled:
    one that must be whole is passed over, another takes what the scarcest resource allows and leaves none of it to others.
    """
    first, row = np.searchsorted(place, place), np.arange(len(place))
    part, unsettled, asks = np.ones(len(place)), np.ones(len(place), dtype=bool), amounts > 0
    used_up = np.full(rooms.shape, len(place))  # row after which nothing is left
    while True:
        taken = amounts * part[:, None]
        before = np.cumsum(taken, axis=0) - taken
        left = rooms[place] - (before - before[first])
        fit = np.where(asks, left / np.where(asks, amounts, 1.0), np.inf)
        scarcest = fit.argmin(axis=1)
        fits = np.clip(fit[row, scarcest], 0.0, 1.0)
        broken = np.flatnonzero(unsettled & (fits < np.where(whole, 1 - NOTHING, 1.0)))
        if not len(broken):
            return part
        at = broken[np.unique(place[broken], return_index=True)[1]]
        part[at] = np.where(whole[at], 0.0, fits[at])
        unsettled[at] = False
        ends = at[~whole[at]]
        used_up[place[ends], scarcest[ends]] = np.minimum(used_up[place[ends], scarcest[ends]], ends)
        barred = unsettled & (asks & (row[:, None] > used_up[place])).any(axis=1)
        part[barred], unsettled[barred] = 0.0, False
