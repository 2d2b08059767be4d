"""What simple models say of cities' shares of foreign investment, beside what the model says. Refuses to play.

None has a coefficient that is fitted to the shares: last share persists; size alone; gravity with elasticities of one
(Head & Mayer 2014, Handbook of International Economics 4: near one for size and distance); a plain logit on unit costs at
the model's own sensitivity, which is what is left of the model without size, chains, distance and knowledge.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from relocsim.foundation import conditions, empty_levers, first_state
from relocsim.model import Foundation, lay_foundation
from relocsim.phases.supply import haul_premium
from relocsim.spec import Spec
from relocsim.world.firms import MEDIUM

PERSISTENCE, SIZE, GRAVITY, COSTS, MODEL = "last share", "size (GDP)", "gravity", "costs alone", "relocsim"
NEAR = 50.0
"""km within which distance does not count: that of a firm from the next town."""


def simple_shares(spec: Spec, cities: tuple[str, ...], before: np.ndarray) -> dict[str, np.ndarray]:
    """Return the shares of some cities among them by each simple model, (n,) each; `before` is what they last had, (n,)."""
    foundation = lay_foundation(spec)
    places = foundation.setting.places
    rows = np.array([places.row(city) for city in cities])
    found = {
        PERSISTENCE: before,
        SIZE: places.gdp[rows],
        GRAVITY: _gravity(foundation)[rows],
        COSTS: _by_costs(foundation)[rows],
    }
    return {name: shares(value) for name, value in found.items()}


def shares(amount: np.ndarray) -> np.ndarray:
    """Return amounts over their sum along the last axis; nan where there is none."""
    whole = amount.sum(axis=-1, keepdims=True)
    found: np.ndarray = np.divide(amount, whole, out=np.full(amount.shape, np.nan), where=whole > 0)
    return found


def _gravity(foundation: Foundation) -> np.ndarray:
    """Return GDP times what the studied origins make over their distance, (P,)."""
    places = foundation.setting.places
    origins = places.origins[places.studied]
    made = foundation.output[origins].sum(axis=1)
    pull: np.ndarray = places.gdp * (made[:, None] / (places.km[origins] + NEAR)).sum(axis=0)
    return pull


def _by_costs(foundation: Foundation) -> np.ndarray:
    """Return the shares of destinations by unit cost of medium firms, over origins and sectors by their output, (P,)."""
    odds, weight = odds_by_costs(foundation), foundation.output[foundation.setting.places.origins]
    found: np.ndarray = np.einsum("os,osp->p", weight / weight.sum(), odds / odds.sum(axis=-1, keepdims=True))
    return found


def odds_by_costs(foundation: Foundation) -> np.ndarray:
    """Return the odds of destinations by unit cost of medium firms, by origin and sector, (O, S, P)."""
    setting, places = foundation.setting, foundation.setting.places
    levers = empty_levers(setting, foundation.site)
    state = first_state(setting, foundation.output, foundation.presence)
    lines = foundation.routes.open_lines(foundation.spec.scenario.start.first_day, {})
    access = foundation.routes.at(lines)
    sheet = conditions(setting, state, levers, access, haul_premium(setting, access), 0.0).sheet
    cost = sheet.total()[:, :, MEDIUM]
    found: np.ndarray = np.exp(-setting.parameters.sensitivity * (cost - cost.min()))
    return np.where(places.destination, found, 0.0)


def choices(foundation: Foundation) -> dict[str, np.ndarray]:
    """Return where the firms of each origin and sector go by each simple model, shares over destinations, (O, S, P).

    The own place is left out, as in the model. Last shares are none: nothing was published by origin or sector twice.
    """
    setting, places = foundation.setting, foundation.setting.places
    shape = (len(places.origins), setting.shape[1], len(places.ids))
    size = np.broadcast_to(places.gdp, shape)
    pull = {SIZE: size, GRAVITY: size / (places.km[places.origins] + NEAR)[:, None], COSTS: odds_by_costs(foundation)}
    open_to = np.repeat(places.destination[None, :], len(places.origins), axis=0)
    open_to[np.arange(len(places.origins)), places.origins] = False
    return {name: shares(np.where(open_to[:, None], one, 0.0)) for name, one in pull.items()}


def predicted(found: Mapping[str, np.ndarray], expected: np.ndarray, rows: np.ndarray) -> dict[str, np.ndarray]:
    """Return simple models' shares with the model's beside them: median over replicates of expected shares."""
    return {**found, MODEL: shares(np.median(shares(expected[:, rows]), axis=0))}
