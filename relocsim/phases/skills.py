"""Skilled staff: how much talent a place has, what hubs draw away, and what it costs to do without.

A hub draws talent as it comes nearer in passenger hours, so that a rail opening can cost a small city its skills. This
module refuses to know what staff cost in all (see `relocsim.phases.cost`).
"""

from __future__ import annotations

import numpy as np

from relocsim.phases.setting import Setting
from relocsim.world.columns import Places
from relocsim.world.levers import Levers
from relocsim.world.network import Access


def pull(places: Places, wage: np.ndarray, access: Access, decay: float) -> np.ndarray:
    """Return the pull of the strongest hub on each place's talent, (P,): nearness x wage gap x how much larger it is.

    `wage` is (P,), `decay` 1/hour. Nearness falls from one with hours; the gap is the log of the wages' ratio; size is GDP
    a prefecture. The strongest counts, and not the sum, so that a place split in two pulls as before.
    """
    size = np.divide(places.gdp, places.sites)
    gap = np.maximum(0.0, np.log(wage)[None, :] - np.log(wage)[:, None])
    larger = 1 - size[:, None] / np.where(size > 0, size, np.inf)[None, :]
    larger = np.where(size[None, :] > 0, np.maximum(0.0, larger), 0.0)
    return (np.exp(-decay * access.hours) * gap * larger).max(axis=1)


def talent(setting: Setting, levers: Levers, access: Access, wage: np.ndarray) -> np.ndarray:
    """Return the share of skilled posts that can be filled on the spot, (P,), policies and the siphon included."""
    here = np.minimum(1.0, setting.places.talent + levers["talent"])
    if not setting.switches.siphon:
        return here
    terms = setting.parameters
    drawn = pull(setting.places, wage, access, terms.siphon_decay) - setting.start_pull
    return np.minimum(1.0, here * np.exp(-terms.siphon_strength * drawn))


def skills(setting: Setting, labour: np.ndarray, found: np.ndarray) -> np.ndarray:
    """Return what lacking skills cost, (S, P): skilled staff that a place does not find cost the premium more.

    `labour` (S, P) is the wage bill, `found` (P,) the talent.
    """
    if not setting.switches.skills:
        return np.zeros_like(labour)
    return labour * setting.sectors.skilled[:, None] * setting.parameters.skill_premium * (1 - found)
