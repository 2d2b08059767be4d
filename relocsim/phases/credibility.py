"""Credibility: the share of promises that firms of each origin and sector believe a place will pay.

It starts at the place's usual one and moves towards the share that firms see paid: payments to their own peers count most,
to firms of the same origin or the same sector partly, to others little. How fast depends on how much was due.
"""

from __future__ import annotations

import numpy as np

from relocsim.phases.payments import Kept
from relocsim.phases.setting import Setting
from relocsim.world.levers import Levers
from relocsim.world.state import PlaceState


def at_start(setting: Setting) -> np.ndarray:
    """Return credibility at the start, (O, S, P)."""
    return np.tile(setting.places.credibility, (*setting.shape[:2], 1))


def believed(setting: Setting, state: PlaceState, levers: Levers) -> np.ndarray:
    """Return the share of a promise that firms reckon with, (O, S, P): money in escrow takes part of the doubt away."""
    if not setting.switches.credibility_feedback:
        return state.credibility
    trust = setting.parameters.escrow_belief * np.minimum(1.0, levers["escrow"])
    return state.credibility + (1 - state.credibility) * trust


def evidence(setting: Setting, money: np.ndarray) -> np.ndarray:
    """Return the money that firms of each origin and sector have heard of, weighted by nearness, (O, S, P)."""
    terms = setting.parameters
    of_origin, of_sector = money.sum(axis=1, keepdims=True), money.sum(axis=0, keepdims=True)
    others = of_origin.sum(axis=0, keepdims=True)
    kin, far = terms.seen_by_kin, terms.seen_by_others
    return (1 - 2 * kin + far) * money + (kin - far) * (of_origin + of_sector) + far * others


def learn(setting: Setting, state: PlaceState, kept: Kept) -> None:
    """Move credibility towards the share of promises that was seen to be kept; what came late counts less."""
    if not setting.switches.credibility_feedback:
        return
    terms, paid = setting.parameters, kept.prompt + kept.late
    heard = evidence(setting, np.maximum(paid + kept.broken, 0.0))
    good = evidence(setting, np.maximum(paid - terms.late_doubt * kept.late, 0.0))
    state.credibility += (good - heard * state.credibility) / (heard + terms.credibility_inertia)
