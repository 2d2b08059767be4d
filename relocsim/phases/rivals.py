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
from relocsim.world.state import PlaceState

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
    setting: Setting, state: PlaceState, levers: Levers, promised: Promise, value: np.ndarray,
    expect: Callable[[], Market], quarter: int,
) -> np.ndarray:  # fmt: skip
    """Return the bids of the next quarter, (P,), share of investment.

    `value` is what a yuan of landed investment is worth to each place (`bidding.revealed_value`); `expect` works out what
    comes as things stand, and is asked only where somebody has to know.
    """
    turn = answering(setting, quarter)
    if not turn.any() or not setting.switches.incentives:
        return state.bid
    rule, bid, target = setting.places.rule, state.bid, state.bid.copy()
    changes = offered(setting, promised, quarter / 4)
    imitating = np.flatnonzero(turn & (rule == _IMITATE) & (changes.any() | bid.any()))
    bidding = np.flatnonzero(turn & (rule > _IMITATE))
    if len(imitating) + len(bidding) == 0:
        return state.bid
    market = expect()
    likened = np.minimum(imitated(setting, changes), affordable(setting, state, market))
    target[imitating] = np.clip(likened, -setting.places.capital_subsidy, setting.parameters.bid_limit)[imitating]
    if len(bidding):
        target[bidding] = best_bids(setting, state, levers, market, value, bidding)
    return bid + setting.parameters.bid_adjustment * (target - bid)


@once
def answering(setting: Setting, quarter: int) -> np.ndarray:
    """Return which places may change their bid: those in whose year the quarter is that of the budget, (P,)."""
    places = setting.places
    budget = places.keys % np.uint64(_YEAR) == quarter % _YEAR
    able = places.open_to_rivalry & (places.rule != _PASSIVE) & setting.switches.rival_response
    return budget & able


def offered(setting: Setting, promised: Promise, years: float) -> np.ndarray:
    """Return what places offer beyond their usual package, as a share of investment, (P,).

    Of medium firms, sectors weighted by national output; nothing, exactly, where nobody has changed anything.
    """
    sectors, medium = setting.sectors, CLASSES.index("medium")
    now = promised.of_class(medium).annualised(setting)
    change = now - usual_promise(setting, years).of_class(medium).annualised(setting)
    return np.einsum("s,sp->p", sectors.gross_output, change) / (sectors.gross_output @ counted(setting))


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
