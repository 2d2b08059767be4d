"""Delivery: projects pass from intention to production, or fall away.

One hazard of advance h and one of loss l a stage and quarter: with u the project's draw of the quarter, it advances if
u < h and falls away if h <= u < h + (1 - h) l, so that the share which passes a stage is h / (h + (1 - h) l) and the mean
time in it 1 / (h + (1 - h) l) quarters. Slow approvals delay the breaking of ground. Draws belong to the project and the
quarter.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from relocsim.phases.setting import Setting
from relocsim.world.levers import Levers
from relocsim.world.projects import HONOURED, Projects


@dataclass(frozen=True)
class Progress:
    """What happens to open projects in a quarter: rows of the table."""

    advanced: np.ndarray
    fallen: np.ndarray


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


def deliver(setting: Setting, projects: Projects, levers: Levers, quarter: int) -> Progress:
    """Return which open projects advance by a stage and which fall away."""
    rows = projects.open_rows()
    advance, loss = advance_hazards(setting, levers)
    stage, place = projects.stage[rows], projects.place[rows]
    draw = setting.streams.lanes("delivery", projects.uid[rows], 0, quarter)[0]
    hazard = advance[stage, place]
    moves = draw < hazard
    falls = ~moves & (draw < hazard + (1 - hazard) * loss[stage])
    return Progress(rows[moves], rows[falls])
