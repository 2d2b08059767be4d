"""Delivery: projects pass from intention to production, or fall away.

One hazard of advance h and one of loss l a stage and quarter. A project leaves its stage with hazard r = h + (1 - h) l, and
when it leaves it advances with probability h / r. Both draws belong to the project and the stage: it leaves in the quarter
in which the hazard cumulated since it entered, the sum of -ln(1 - r), exceeds a standard exponential, and advances if its
uniform is below h / r. Thus a higher h, from faster approvals, never makes a project leave later or fall that would not
have fallen, and arms of a comparison stay paired.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from relocsim.phases.promotion import signing
from relocsim.phases.setting import Setting
from relocsim.world.levers import Levers
from relocsim.world.projects import HONOURED, INTENTION, Projects


@dataclass(frozen=True)
class Progress:
    """What happens to open projects in a quarter: rows of the table."""

    advanced: np.ndarray
    fallen: np.ndarray
    waiting: np.ndarray
    gathered: np.ndarray
    """Hazard that those waiting have gathered in their stage."""


def advance_hazards(setting: Setting, levers: Levers) -> tuple[np.ndarray, np.ndarray]:
    """Return quarterly hazards of advance (4, P) and of loss (4,), by the stage a project is in."""
    terms, places = setting.parameters, setting.places
    advance = np.array([terms.sign_hazard, terms.honour_hazard, terms.ground_hazard, terms.produce_hazard])
    loss = np.array([terms.sign_loss, terms.honour_loss, terms.ground_loss, terms.produce_loss])
    rates = np.repeat(advance[:, None], len(places.ids), axis=1)
    days = np.maximum(places.approval_days * levers["approval_days"], 1.0)
    rates[HONOURED] *= (days / terms.approval_reference) ** -terms.approval_elasticity
    if not setting.switches.delivery_losses:
        loss = np.zeros_like(loss)
    return np.minimum(rates, 1.0), loss


def deliver(setting: Setting, projects: Projects, levers: Levers) -> Progress:
    """Return which open projects advance by a stage and which fall away, and what hazard the others gather."""
    rows = projects.open_rows()
    advance, loss = advance_hazards(setting, levers)
    advance[INTENTION] = np.minimum(advance[INTENTION] * signing(setting, levers, projects, rows), 1.0)
    stage = projects.stage[rows]
    hazard = advance[stage, projects.place[rows]]
    leaving = hazard + (1 - hazard) * loss[stage]
    gathered = projects.gathered[rows] - np.log1p(-np.minimum(leaving, 1 - 1e-12))
    leaves = gathered > projects.patience[rows]
    advances = leaves & (projects.luck[rows] * leaving < hazard)
    falls = leaves & ~advances
    return Progress(rows[advances], rows[falls], rows[~leaves], gathered[~leaves])


def stage_draws(setting: Setting, uid: np.ndarray, stage: np.ndarray | int) -> tuple[np.ndarray, np.ndarray]:
    """Return the luck (uniform) and patience (standard exponential) of projects in a stage that they enter, each (n,)."""
    lanes = setting.streams.lanes("delivery", uid, 0, stage)
    return lanes[0], -np.log(lanes[1])
