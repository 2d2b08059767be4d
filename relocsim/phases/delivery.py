"""Delivery: projects pass from intention to production, or fall away.

One hazard of advance h and one of loss l a stage and quarter. In a quarter a project advances with probability h and else
falls away with probability l. Both draws belong to the project and the stage: it advances in the quarter in which the
hazard of advance cumulated since it entered, the sum of -ln(1 - h), exceeds a standard exponential, its patience, unless
before that quarter the hazard of loss, likewise, has exceeded another, its endurance. Thus a higher h never makes a project
advance later, a lower l never makes one fall that would not have fallen, and arms of a comparison stay paired. Whether a
project is supervised is a draw of its own: it is where that is below the share that its place supervises.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from relocsim import kernels
from relocsim.kernels import delivering
from relocsim.phases.effort import following_effort, winning_effort
from relocsim.phases.limits import factor_total
from relocsim.phases.promotion import signing
from relocsim.phases.readiness import factor_readiness, finance_readiness, land_readiness
from relocsim.phases.setting import Setting, once
from relocsim.world.firms import SMALL
from relocsim.world.levers import Levers
from relocsim.world.projects import GROUND, HONOURED, INTENTION, SIGNED, Projects
from relocsim.world.state import PlaceState

_SURE = 1 - 1e-12
"""Hazard at which one is certain: keeps the logarithm finite."""


@dataclass(frozen=True)
class Progress:
    """What happens to open projects in a quarter: rows of the table."""

    advanced: np.ndarray
    fallen: np.ndarray
    waiting: np.ndarray
    gathered: np.ndarray
    """Hazard of advance that those waiting have gathered in their stage."""
    worn: np.ndarray
    """Hazard of loss that those waiting have gathered in their stage."""


def advance_hazards(setting: Setting, state: PlaceState, levers: Levers) -> tuple[np.ndarray, np.ndarray]:
    """Return quarterly hazards of advance (2, 4, P) and of loss (4, P), by the stage a project is in, without supervision.

    The first axis of the former is whether the project rents its floor. Hazards of advance may exceed one.
    """
    rates, losses = hazards_on_plots(setting, levers)
    advance = np.empty((2, *rates.shape))
    advance[:] = rates
    advance[:, HONOURED] *= land_readiness(setting, state, levers)
    return advance, losses


@once
def hazards_on_plots(setting: Setting, levers: Levers) -> tuple[np.ndarray, np.ndarray]:
    """Return the same where there is a plot for every project, (4, P) both."""
    terms, places, (usual, usual_loss) = setting.parameters, setting.places, usual_hazards(setting)
    landing, producing = following_effort(setting, levers) ** terms.following_elasticity
    rates, losses = np.empty((2, 4, len(places.ids)))
    rates[INTENTION], losses[INTENTION] = winning_effort(setting, levers) ** terms.winning_elasticity, 1.0
    for stage, speed in ((SIGNED, landing), (HONOURED, landing), (GROUND, producing)):
        rates[stage] = losses[stage] = speed
    rates *= usual
    np.divide(usual_loss, losses, out=losses)
    days = np.maximum(places.approval_days * levers["approval_days"], 1.0)
    rates[HONOURED] *= (days / terms.approval_reference) ** -terms.approval_elasticity
    return rates, np.minimum(losses, 1.0) * setting.switches.delivery_losses


@once
def usual_hazards(setting: Setting) -> tuple[np.ndarray, np.ndarray]:
    """Return quarterly hazards of advance and of loss by the stage that a project is in, usual effort given, (4, 1) both."""
    terms = setting.parameters
    advance = terms.sign_hazard, terms.honour_hazard, terms.ground_hazard, terms.produce_hazard
    loss = terms.sign_loss, terms.honour_loss, terms.ground_loss, terms.produce_loss
    return np.array(advance)[:, None], np.array(loss)[:, None]


def supervised(setting: Setting, projects: Projects, rows: np.ndarray, levers: Levers) -> np.ndarray:
    """Return which of the projects in `rows` are supervised, (n,): signed ones whose draw is below their place's share."""
    share = levers["supervised_share"] * setting.switches.follow_up
    return (projects.luck.take(rows) < share[projects.place.take(rows)]) & (projects.stage.take(rows) >= SIGNED)


def project_hazards(
    setting: Setting, state: PlaceState, projects: Projects, rows: np.ndarray, levers: Levers
) -> np.ndarray:
    """Return quarterly hazards of advance and of loss, (2, n), of the projects in `rows`, all that are open.

    Where factors are short supervision does not make up for them.
    """
    terms, (advance, loss) = setting.parameters, advance_hazards(setting, state, levers)
    advance[:, INTENTION] *= signing(setting, levers, projects, rows)
    least = 0.0, terms.supervised_honour_hazard, terms.supervised_ground_hazard, terms.supervised_produce_hazard
    if kernels.library:
        total = factor_total(setting, state, levers) if setting.switches.shortest_plank else None
        return delivering.hazards(
            kernels.library, projects.table, rows, least, state.factor_used, total=total, small=SMALL, advance=advance,
            loss=loss, finance=levers["finance"], share=levers["supervised_share"] * setting.switches.follow_up,
            follow_loss=terms.follow_loss, finance_effect=terms.finance_effect * setting.switches.finance,
            supervised_loss=terms.supervised_loss, alone=float(setting.switches.delivery_losses),
            factor_use=setting.factor_use, mobilisation=terms.mobilisation,
        )  # fmt: skip
    ready = factor_readiness(setting, state, levers, projects)
    stage, place = projects.stage.take(rows), projects.place.take(rows)
    hazard = advance[projects.rents.take(rows).astype(np.intp), stage, place]
    hazard *= finance_readiness(setting, projects, rows, levers)
    lost = loss[stage, place] * np.where(projects.leader.take(rows) >= 0, terms.follow_loss, 1.0)  # an order in hand
    watched = supervised(setting, projects, rows, levers)
    hazard = np.where(watched, np.maximum(hazard, np.array(least)[stage]), hazard)
    lost = np.where(watched, np.minimum(lost, terms.supervised_loss), lost)
    hazard = np.minimum(hazard, 1.0) * np.where(stage == GROUND, ready[place], 1.0)
    return np.stack([hazard, beside_leaders(setting, projects, rows, lost)])


def beside_leaders(setting: Setting, projects: Projects, rows: np.ndarray, lost: np.ndarray) -> np.ndarray:
    """Return hazards of loss of the projects in `rows`, (n,), where `lost` are those of suppliers whose leader stands.

    Once the leader's own project has fallen away or left, the order is gone, and who has followed it falls away.
    """
    leader = projects.leader.take(rows)
    alone = (leader >= 0) & ((projects.fell[leader] >= 0) | (projects.gone[leader] >= 0))
    return np.where(alone, float(setting.switches.delivery_losses), lost)


def deliver(setting: Setting, state: PlaceState, projects: Projects, levers: Levers) -> Progress:
    """Return which open projects advance by a stage and which fall away, and what hazard the others gather."""
    rows = projects.open_rows()
    hazards = project_hazards(setting, state, projects, rows, levers)
    left = np.negative(np.minimum(hazards, _SURE, out=hazards), out=hazards)
    going, giving_up = left = np.log1p(left, out=left)
    if kernels.library:
        return Progress(*delivering.go_through(kernels.library, projects.table, rows, left))
    gathered = projects.gathered.take(rows) - going
    worn = projects.worn.take(rows) - giving_up
    advances = gathered > projects.patience.take(rows)
    falls = ~advances & (worn > projects.endurance.take(rows))
    waits = ~advances & ~falls
    return Progress(rows[advances], rows[falls], rows[waits], gathered[waits], worn[waits])


def enter_stages(setting: Setting, projects: Projects, rows: np.ndarray, quarter: int) -> None:
    """Give projects the draws of the stages that they have entered in `quarter`; those of the first tell of supervision."""
    stage, uid = projects.stage.take(rows), projects.uid.take(rows)
    lanes = setting.streams.lanes("delivery", uid, 0, stage)
    projects.endurance[rows], projects.patience[rows] = -np.log(lanes[:2])
    new = np.flatnonzero(projects.dates[INTENTION].take(rows) == quarter)
    ahead = new[stage.take(new) > INTENTION]
    projects.luck[rows[new]] = lanes[2].take(new)
    projects.luck[rows[ahead]] = setting.streams.lanes("delivery", uid[ahead], 0, INTENTION)[2]
