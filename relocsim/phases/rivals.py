"""Rivals: how governments answer each other when nobody orders a policy.

Each place has a rule. Passive: it keeps its usual package. Imitate: it makes a part of its neighbours' changes its own. Best
response: it bids what serves it best against the bids of the last quarter. Assessment: the same, by officials to whom what
is signed counts. All answer at once, each in the quarter of its yearly budget, so that the order of places cannot matter; an
answer holds from the next quarter on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from relocsim.phases.bidding import Market, affordable, best_bids, counted
from relocsim.phases.cost import Promise, usual_promise
from relocsim.phases.land import Growth
from relocsim.phases.setting import Setting, once
from relocsim.world.columns import RULES
from relocsim.world.description import Rule
from relocsim.world.levers import CLASSES, Levers

_PASSIVE, _IMITATE = RULES.index(Rule.PASSIVE), RULES.index(Rule.IMITATE)
_YEAR = 4


@dataclass(frozen=True)
class Answer:
    """What governments do of their own accord in a quarter."""

    bid: np.ndarray
    """What they will add to their usual packages from the next quarter on, share of investment, (P,)."""
    growth: Growth
    """Land and floor that they prepare."""


def next_bids(
    setting: Setting, bid: np.ndarray, levers: Levers, promised: Promise, value: np.ndarray,
    expect: Callable[[], Market], income: np.ndarray, quarter: int,
) -> np.ndarray:  # fmt: skip
    """Return the bids of the next quarter, given each `bid` of the last, (P,), share of investment.

    `income` is a year's revenue, (P,); `value` is what a yuan of landed investment is worth to each place
    (`bidding.revealed_value`); `expect` works out what comes as things stand, and is asked only where somebody has to know.
    """
    imitating, bidding = at_turn(setting, quarter)
    if len(imitating) + len(bidding) == 0 or not setting.switches.incentives:
        return bid
    changes = offered(setting, promised, quarter / 4)
    if not (changes.any() or bid.any()):
        imitating = imitating[:0]
        if len(bidding) == 0:
            return bid
    market, target = expect(), bid.copy()
    if len(imitating):
        likened = np.minimum(imitated(setting, changes), affordable(setting, market, income))[imitating]
        target[imitating] = np.clip(likened, -setting.places.capital_subsidy[imitating], setting.parameters.bid_limit)
    if len(bidding):
        target[bidding] = best_bids(setting, levers, market, value, bidding, bid=bid, income=income)
    return bid + setting.parameters.bid_adjustment * (target - bid)


@once
def answering(setting: Setting, quarter: int) -> np.ndarray:
    """Return which places may change their bid: those in whose year the quarter is that of the budget, (P,)."""
    places = setting.places
    budget = places.keys % np.uint64(_YEAR) == quarter % _YEAR
    able = places.open_to_rivalry & (places.rule != _PASSIVE) & setting.switches.rival_response
    return budget & able


@once
def at_turn(setting: Setting, quarter: int) -> tuple[np.ndarray, np.ndarray]:
    """Return those of them that imitate and those that bid for themselves, rows of places, (n,) and (m,)."""
    turn, rule = answering(setting, quarter), setting.places.rule
    return np.flatnonzero(turn & (rule == _IMITATE)), np.flatnonzero(turn & (rule > _IMITATE))


def offered(setting: Setting, promised: Promise, years: float) -> np.ndarray:
    """Return what places offer beyond their usual package, as a share of investment, (P,).

    Of medium firms, sectors weighted by national output; nothing, exactly, where nobody has changed anything.
    """
    weight, medium = setting.sectors.gross_output, CLASSES.index("medium")
    change = promised.of_class(medium).annualised(setting)
    change -= usual_offer(setting, setting.local_tax_share(years), medium)
    return np.einsum("s,sp->p", weight, change) / (weight @ counted(setting))


@once
def usual_offer(setting: Setting, local_share: float, kind: int) -> np.ndarray:
    """Return the usual package of a class as an even yearly payment, (S, P), where cities receive that share of taxes."""
    return usual_promise(setting, local_share).of_class(kind).annualised(setting)


def imitated(setting: Setting, changes: np.ndarray) -> np.ndarray:
    """Return what places make their own of their neighbours' changes, (P,); nothing of what is far away."""
    near, total = rivals_near(setting)
    return setting.parameters.rival_reaction * (np.einsum("pq,q->p", near, changes) / total)


@once
def rivals_near(setting: Setting) -> tuple[np.ndarray, np.ndarray]:
    """Return how much a place heeds each other one, (P, P), nothing of itself; and all of them, one at least, (P,)."""
    places = setting.places
    near = np.exp(-((places.km / setting.parameters.rival_reach) ** 2)) * places.open_to_rivalry
    np.fill_diagonal(near, 0.0)
    return near, np.maximum(near.sum(axis=1), 1.0)
