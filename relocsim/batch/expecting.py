"""Expected intentions, without a draw: where reviewed firms would go, by segment under a set of open lines, or in a run.

The closed form of the choice, as the anchor uses it, at the conditions of the start or of a model as it stands: exact where
firms know every place, and an approximation where they know some (the log-sum is weighted by the chance to know). For
questions of sign and size of an effect that luck would drown. This module refuses to admit and to deliver.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np

from relocsim.batch.reached import outside
from relocsim.foundation import Foundation, choice_values, conditions, empty_levers, first_state
from relocsim.model import RelocationModel
from relocsim.phases import awareness
from relocsim.phases.anchor import elsewhere_value
from relocsim.phases.decision import Intercepts, Values
from relocsim.phases.supply import haul_premium
from relocsim.world.levers import Levers
from relocsim.world.network import Access


@dataclass(frozen=True)
class Expected:
    """What firms of the stock would do in a review."""

    output: np.ndarray
    """Output of the firms expected to choose each place, 1e8 yuan/year, (O, S, Z, P)."""
    talent: np.ndarray
    """Share of skilled posts that can be filled on the spot, (P,)."""


def expected_intentions(
    foundation: Foundation, opened: Collection[str] = (), *, years: float = 4.0, levers: Levers | None = None
) -> Expected:
    """Return what is expected in a review of every firm of the stock, at the costs of the start.

    Parameters
    ----------
    opened
        Lines that are open beside those of the start (lines that a policy names are closed at the start).
    years
        Time since they opened, over which usual contacts came in under the new hours.
    levers
        What policies set, none: nothing. Contacts that they make are left out.
    """
    setting = foundation.setting
    first, access = access_with(foundation, ()), access_with(foundation, opened)
    state = first_state(setting, foundation.output, foundation.presence)
    levers = empty_levers(setting, foundation.site) if levers is None else levers
    found = conditions(setting, state, levers, access, haul_premium(setting, access), 0.0)
    values = choice_values(setting, state, levers, found.sheet, foundation.reference_cost)
    left = awareness.kept(setting) ** (4 * years) * awareness.past_years(setting)
    contact = left * awareness.contact_rate(setting, first)
    contact = contact + awareness.remembered(setting, years) * awareness.contact_rate(setting, access)
    share = choice_shares(foundation, values, np.repeat(contact, np.prod(setting.shape[1:3]), axis=0))
    return Expected((share * _stock(foundation)[:, None]).reshape(setting.shape), found.talent)


def access_with(foundation: Foundation, opened: Collection[str]) -> Access:
    """Return the access at the start with some more lines open."""
    start = foundation.spec.scenario.start.first_day
    named = foundation.named_lines - set(opened)
    lines = {line for line in foundation.routes.open_lines(start) if line not in named}
    return foundation.routes.at(frozenset(lines | set(opened)))


def expected_capture(model: RelocationModel) -> np.ndarray:
    """Return what places are expected to take of the output that goes outside the origins, as things are, per cent, (P,).

    Of one review of every studied firm of the stock, at the costs, packages and contacts of the moment: intentions.
    """
    found = model.look_around(model.quarter / 4)
    values = choice_values(model.setting, model.places, model.levers, found.sheet, model.foundation.reference_cost)
    took = _stock(model.foundation) @ choice_shares(model.foundation, values, model.contact)
    return np.asarray(100 * took / took[outside(model)].sum())


def choice_shares(foundation: Foundation, values: Values, contact: np.ndarray) -> np.ndarray:
    """Return the chance that a firm under review chooses each place, (G, P), given contacts (G, P)."""
    setting, ways = foundation.setting, foundation.choosers.ways
    scale, classes = setting.parameters.nest_lambda, setting.shape[2]
    value = values.place + np.repeat(ways.either.reshape(-1, values.place.shape[1]), classes, axis=0)
    away = elsewhere_value(setting, value, contact)
    aware = -np.expm1(-contact) if setting.switches.awareness else np.ones_like(contact)
    within = aware * np.exp((value - away[:, None]) / scale)
    return within * _going(values, away, foundation.choosers.intercepts)[:, None]


def _going(values: Values, away: np.ndarray, constants: Intercepts) -> np.ndarray:
    """Return the chance to go elsewhere rather than to stay, go abroad or close, (G,)."""
    going = away + constants.elsewhere
    outside = np.logaddexp(np.logaddexp(values.home, constants.abroad), constants.close)
    return 1 / (1 + np.exp(outside - going))


def _stock(foundation: Foundation) -> np.ndarray:
    """Return the output of studied firms by segment at the start, 1e8 yuan/year, (G,)."""
    population, setting = foundation.population, foundation.setting
    rows = population.stock & setting.places.studied[population.origin]
    segments = int(np.prod(setting.shape[:3]))
    weight = population.weight[rows] * population.output[rows]
    return np.bincount(population.segment[rows], weight, minlength=segments)


def with_parameters(foundation: Foundation, **values: float) -> Foundation:
    """Return a foundation with some parameters changed and all that was solved from them left as it was."""
    parameters = foundation.setting.parameters.model_copy(update=values)
    return replace(foundation, setting=replace(foundation.setting, parameters=parameters))
