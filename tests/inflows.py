"""What the choice implies to come at the start, in closed form and so without luck, for small tests of patterns."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import numpy as np
from runs import start_of, tuned

from relocsim.batch.expecting import access_with, choice_shares
from relocsim.model import Foundation, choice_values, conditions
from relocsim.phases import awareness
from relocsim.phases.supply import haul_premium
from relocsim.world.levers import Levers

PACKAGE = 2.5
"""What a typical package is worth, yuan per 100 of output (Bartik 2018: 2 to 3)."""


def switched(foundation: Foundation, **changes: object) -> Foundation:
    """Return the foundation with switches (bool), parameters or columns of places changed; constants and firms stay."""
    return replace(foundation, setting=tuned(foundation.setting, **changes))


def inflow(foundation: Foundation, levers: Levers | None = None, lines: Collection[str] = ()) -> np.ndarray:
    """Return the firms of studied origins that are expected to choose each place in a review, (S, P)."""
    setting, (state, neutral) = foundation.setting, start_of(foundation)
    levers, access = levers or neutral, access_with(foundation, lines)
    here = conditions(setting, state, levers, access, haul_premium(setting, access), 0.0)
    values = choice_values(setting, state, levers, here.sheet, foundation.reference_cost)
    contact = awareness.past_years(setting) * awareness.contact_rate(setting, access)
    share = choice_shares(foundation, values, np.repeat(contact, np.prod(setting.shape[1:3]), axis=0))
    population = foundation.population
    stock = population.stock & setting.places.studied[population.origin]
    mass = np.bincount(population.segment[stock], population.weight[stock], len(share))
    return (mass[:, None] * share).reshape(setting.shape).sum(axis=(0, 2))


def worth(foundation: Foundation, where: np.ndarray) -> Levers:
    """Return levers of a capital subsidy that firms of each sector reckon to be worth a typical package."""
    setting, (_, levers) = foundation.setting, start_of(foundation)
    per_share = 100 * setting.sectors.capital_ratio * setting.annuity(setting.parameters.horizon)
    levers["capital_subsidy"][where] += (PACKAGE / per_share / setting.places.credibility[:, None])[where, :, None]
    return levers


def at(foundation: Foundation, *names: str) -> np.ndarray:
    """Return which places these are, (P,)."""
    return np.isin(foundation.setting.places.ids, names)


def of_map(flow: np.ndarray, foundation: Foundation) -> np.ndarray:
    """Return shares of places in what leaves the origins, (P,)."""
    away = foundation.setting.places.destination & ~at(foundation, "alpha")
    return np.where(away, flow.sum(axis=0), 0.0) / flow[:, away].sum()
