"""Anchor: the constants of the choice, solved once from rates at the start.

The rate at which coastal firms relocate, go abroad and close is an input (pattern P4 may be calibrated on); which firms do
so and where they go is not. The constants are solved at the conditions of the first quarter with no policy in force, by
segment and in expectation over awareness, so that they are the same in every arm of a comparison.
"""

from __future__ import annotations

import numpy as np
from scipy.special import expit, logsumexp

from relocsim.errors import Problem, SpecError
from relocsim.phases.decision import Intercepts, Modes, Values
from relocsim.phases.setting import Setting, quarterly
from relocsim.world.levers import CLASSES

MOST_SHARE = 0.9
"""Most of the firms under review that may do anything but stay: where drawn rates ask for more, relocation gives way."""
_ROUNDS, _TOLERANCE = 500, 1e-10


def elsewhere_value(setting: Setting, value: np.ndarray, contact: np.ndarray) -> np.ndarray:
    """Return the expected value of going elsewhere by segment, (G,): the log-sum over places weighted by being known.

    `value` and `contact` are (G, P).
    """
    aware = -np.expm1(-contact) if setting.switches.awareness else np.ones_like(contact)
    scale = setting.parameters.nest_lambda
    return scale * logsumexp(value / scale, b=aware, axis=1)


def anchor(setting: Setting, values: Values, ways: Modes, contact: np.ndarray, mass: np.ndarray) -> Intercepts:
    """Return the intercepts, given values and contacts (O, P) at the start and firms by segment `mass` (G,)."""
    terms = setting.parameters
    reviews = 4 * terms.review_hazard
    ends = np.array([quarterly(terms.abroad_rate), quarterly(terms.close_rate)]) / terms.review_hazard
    if ends.sum() > MOST_SHARE / 2:
        raise SpecError([_impossible(reviews)])
    intends = min(intention_rate(setting) / reviews, MOST_SHARE - ends.sum())
    wanted = np.array([intends, *ends])
    held = np.flatnonzero(mass)
    share, home = mass[held] / mass.sum(), values.home[held]
    contact = np.repeat(contact, len(mass) // len(contact), axis=0)[held]
    either = np.repeat(ways.either.reshape(-1, contact.shape[1]), len(CLASSES), axis=0)[held]
    away = elsewhere_value(setting, values.place[held] + either, contact)
    constants = _solve_shares(home, away, share, wanted)
    gap = elsewhere_value(setting, values.place[held], contact) - home
    entry = _solve_entry(gap, share, min(terms.entry_away_share / arrival(setting)[0], MOST_SHARE))
    return Intercepts(elsewhere=constants[0], abroad=constants[1], close=constants[2], entry=entry)


def arrival(setting: Setting) -> tuple[float, float]:
    """Return the share of intentions that end in production, and the mean years that an intention lasts, at reference.

    Of a stage with hazards h of advance and l of loss, h / (h + (1 - h) l) pass, after 1 / (h + (1 - h) l) quarters.
    """
    terms = setting.parameters
    advance = np.array([terms.sign_hazard, terms.honour_hazard, terms.ground_hazard, terms.produce_hazard])
    loss = np.array([terms.sign_loss, terms.honour_loss, terms.ground_loss, terms.produce_loss])
    leave = advance + (1 - advance) * loss * setting.switches.delivery_losses
    passed = np.cumprod(advance / leave)
    reached = np.concatenate([[1.0], passed[:-1]])
    return float(passed[-1]), float((reached / leave).sum() / 4)


def intention_rate(setting: Setting) -> float:
    """Return the intentions to relocate of a free firm a year that make `relocation_rate` arrive.

    A firm with an open project is not reviewed: of a cycle of arrival share / relocation rate years it is free all but the
    time that an intention lasts.
    """
    arrives, lasts = arrival(setting)
    free = arrives / setting.parameters.relocation_rate - lasts
    return 1 / free if free > 0 else np.inf


def _impossible(reviews: float) -> Problem:
    return Problem(
        "the yearly rates of going abroad and closing add up to more than half of the yearly reviews",
        path="parameters.close_rate",
        hint=f"keep their sum below {reviews * MOST_SHARE / 2:.3f}, or raise review_hazard",
    )


def _solve_shares(home: np.ndarray, away: np.ndarray, mass: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Return constants for elsewhere, abroad and close so that mean shares are `wanted` (contraction of Berry 1994)."""
    values = np.stack([home, away, np.zeros_like(home), np.zeros_like(home)])
    some = wanted > 0
    constants = np.where(some, 0.0, -np.inf)
    for _ in range(_ROUNDS):
        shifted = values + np.concatenate([[0.0], constants])[:, None]
        shares = np.exp(shifted - _log_sum(shifted))[1:] @ mass
        step = np.log(wanted[some] / shares[some])
        constants[some] += step
        if np.all(np.abs(step) < _TOLERANCE):
            break
    return constants


def _log_sum(values: np.ndarray) -> np.ndarray:
    """Return the logarithm of the sum of exponentials over rows, (n,), of (m, n) of which one a column is finite.

    The bits of scipy's logsumexp, which has several times the cost on tables as small as these.
    """
    most = values.max(axis=0)
    at = values == most
    ties = at.sum(axis=0, dtype=float)
    rest = np.exp(np.where(at, -np.inf, values) - most).sum(axis=0)
    sums: np.ndarray = np.log1p(rest / ties) + np.log(ties) + most
    return sums


def _solve_entry(gap: np.ndarray, mass: np.ndarray, wanted: float) -> float:
    """Return the constant so that the mean of the logistic of `gap` plus it is `wanted` (bisection)."""
    if not 0 < wanted < 1:
        return float(np.inf if wanted else -np.inf)
    low, high, before = -200.0, 200.0, None
    while before != (low, high):  # no number lies between them any more
        before, middle = (low, high), (low + high) / 2
        low, high = (middle, high) if expit(gap + middle) @ mass < wanted else (low, middle)
    return (low + high) / 2
