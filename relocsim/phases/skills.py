"""Skilled staff: how much talent a place has, what hubs draw away, and what it costs to do without.

A hub draws talent as it comes nearer in passenger hours, so that a rail opening can cost a small city its skills. This
module refuses to know what staff cost in all (see `relocsim.phases.cost`).
"""

from __future__ import annotations

import numpy as np

from relocsim.phases.setting import Setting, once
from relocsim.world.columns import Places
from relocsim.world.levers import Levers
from relocsim.world.network import Access


def reach(places: Places, access: Access, decay: float) -> np.ndarray:
    """Return how far each place comes under each other one, (P, P): nearness x how much larger the other is.

    Nearness falls from one with hours, by `decay` 1/hour; size is GDP a prefecture.
    """
    size = np.divide(places.gdp, places.sites)
    larger = 1 - size[:, None] / np.where(size > 0, size, np.inf)[None, :]
    larger = np.where(size[None, :] > 0, np.maximum(0.0, larger), 0.0)
    return np.exp(-decay * access.hours) * larger


@once
def reach_of_hubs(setting: Setting, access: Access) -> np.ndarray:
    """Return `reach` as the access of a quarter has it, (P, P)."""
    return reach(setting.places, access, setting.parameters.siphon_decay)


def pull(under: np.ndarray, wage: np.ndarray) -> np.ndarray:
    """Return the pull of the strongest hub on each place's talent, (P,), by its `reach` (P, P) and the wages, (P,).

    Reach counts times the log of the wages' ratio, where that is a gap. The strongest counts, and not the sum, so that a
    place split in two pulls as before.
    """
    log_wage = np.log(wage)
    gap = log_wage[None, :] - log_wage[:, None]
    gap *= under
    return np.maximum(0.0, gap.max(axis=1))


def talent(setting: Setting, levers: Levers, access: Access, wage: np.ndarray) -> np.ndarray:
    """Return the share of skilled posts that can be filled on the spot, (P,), policies and the siphon included."""
    here = talent_here(setting, levers)
    if not setting.switches.siphon:
        return here
    terms = setting.parameters
    drawn = pull(reach_of_hubs(setting, access), wage) - setting.start_pull
    return np.minimum(1.0, here * np.exp(-terms.siphon_strength * drawn))


@once
def talent_here(setting: Setting, levers: Levers) -> np.ndarray:
    """Return the same without the siphon, (P,)."""
    return np.minimum(1.0, setting.places.talent + levers["talent"])


def skills(setting: Setting, labour: np.ndarray, found: np.ndarray) -> np.ndarray:
    """Return what lacking skills cost, (S, P): skilled staff that a place does not find cost the premium more.

    `labour` (S, P) is the wage bill, `found` (P,) the talent.
    """
    if not setting.switches.skills:
        return np.zeros_like(labour)
    cost = labour * setting.sectors.skilled[:, None]
    cost *= setting.parameters.skill_premium
    cost *= 1 - found
    return cost
