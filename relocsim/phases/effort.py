"""Officials' effort: what they are assessed on divides it between winning projects and following them up.

An assessment regime weighs signed money, projects landed, money in place and plants in production. The share of a weight in
all four is the attention that goes to it. Efforts are relative to those of the usual regime, so that all are one where no
policy acts.
"""

from __future__ import annotations

import numpy as np

from relocsim.phases.setting import Setting, once
from relocsim.world.levers import Levers

CRITERIA = ("signed", "landed", "in_place", "production")
"""What officials may be assessed on, as in the parameters `assess_` and the levers `assessed_`."""


@once
def usual_weights(setting: Setting) -> np.ndarray:
    """Return the weights of the usual regime, (4,)."""
    return np.array([getattr(setting.parameters, f"assess_{name}") for name in CRITERIA])


@once
def attention(setting: Setting, levers: Levers) -> np.ndarray:
    """Return the share of each criterion in what a place's officials are assessed on, (4, P)."""
    assessed = np.array([levers[f"assessed_{name}"] for name in CRITERIA])
    if not setting.switches.assessment:
        assessed[:] = 1.0
    weights = usual_weights(setting)[:, None] * assessed
    return weights / weights.sum(axis=0)


@once
def usual_attention(setting: Setting) -> tuple[np.ndarray, np.ndarray]:
    """Return the usual shares of signed money and of what brings projects on, (2, 1), see `following_effort`."""
    signed, landed, in_place, production = usual = usual_weights(setting)
    return signed / usual.sum(), np.array([[landed + in_place], [in_place + production]]) / usual.sum()


def winning_effort(setting: Setting, levers: Levers) -> np.ndarray:
    """Return the effort of winning projects over that of the usual regime, (P,): it follows signed money."""
    return attention(setting, levers)[0] / usual_attention(setting)[0]


def following_effort(setting: Setting, levers: Levers) -> np.ndarray:
    """Return the efforts of bringing signed projects to ground breaking and from there to production, relative, (2, P).

    Money in place arrives at every stage, so that who is assessed on it works for all of them.
    """
    shares, added = attention(setting, levers), 1 + levers["follow_up"] * setting.switches.follow_up
    return (shares[1:3] + shares[2:]) / usual_attention(setting)[1] * added
