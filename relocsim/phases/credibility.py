"""Credibility: the share of promises that firms of each origin and sector believe a place will pay.

It starts at the place's usual one and moves towards the share that firms see paid: payments to their own peers count most,
to firms of the same origin or the same sector partly, to others little. How fast depends on how much was due.
"""

from __future__ import annotations

import numpy as np

from relocsim import kernels
from relocsim.kernels import paying
from relocsim.phases.payments import Kept
from relocsim.phases.setting import Setting
from relocsim.world.levers import Levers
from relocsim.world.state import PlaceState


def at_start(setting: Setting) -> np.ndarray:
    """Return credibility at the start, (O, S, P)."""
    return np.tile(setting.places.credibility, (*setting.shape[:2], 1))


def believed(setting: Setting, state: PlaceState, levers: Levers) -> np.ndarray:
    """Return the share of a promise that firms reckon with, (O, S, P): money in escrow takes part of the doubt away."""
    if not (setting.switches.credibility_feedback and levers.pulled("escrow")):
        return state.credibility
    trust = setting.parameters.escrow_belief * np.minimum(1.0, levers["escrow"])
    return state.credibility + (1 - state.credibility) * trust


def evidence(setting: Setting, cell: np.ndarray, money: np.ndarray) -> np.ndarray:
    """Return the money that firms of each origin and sector have heard of, weighted by nearness, (O, S, P).

    `money` (n,) is that of the cells (O, S, P) in one row.
    """
    terms, shape = setting.parameters, setting.shape[:2] + setting.shape[3:]
    kin, far = terms.seen_by_kin, terms.seen_by_others
    own = np.bincount(cell, money, int(np.prod(shape))).reshape(shape)
    of_origin, of_sector = own.sum(axis=1, keepdims=True), own.sum(axis=0, keepdims=True)
    heard = (kin - far) * of_sector + ((kin - far) * of_origin + far * of_origin.sum(axis=0, keepdims=True))
    heard.reshape(-1)[cell] += (1 - 2 * kin + far) * money
    return heard


def learn(setting: Setting, state: PlaceState, kept: Kept) -> None:
    """Move credibility towards the share of promises that was seen to be kept; what came late counts less."""
    if not setting.switches.credibility_feedback:
        return
    terms, paid = setting.parameters, kept.prompt + kept.late
    due, in_time = np.maximum(paid + kept.broken, 0.0), np.maximum(paid - terms.late_doubt * kept.late, 0.0)
    if kernels.library:
        kin, far = terms.seen_by_kin, terms.seen_by_others
        paying.learn(
            kernels.library, kept.cell, due, in_time, state.credibility,
            kin=kin - far, far=far, peers=1 - 2 * kin + far, inertia=terms.credibility_inertia,
        )  # fmt: skip
        return
    heard, good = evidence(setting, kept.cell, due), evidence(setting, kept.cell, in_time)
    good -= heard * state.credibility
    heard += terms.credibility_inertia
    state.credibility += np.divide(good, heard, out=good)
