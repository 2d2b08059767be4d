"""What a place holds beside land and floor: power, an environmental allowance and labour.

Of each factor a place has a total and what plants use or have reserved, at the scale of the start. A plant's use follows
from its sector and output. Room is reserved at admission and given back when a project falls away, as with land. This module
refuses to choose among applicants.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from relocsim.phases.setting import Setting, once
from relocsim.world.levers import Levers
from relocsim.world.state import PlaceState

FACTORS = ("power", "environment", "labour")
"""Limited factors, in the order of the state's rows."""
POWER, ENVIRONMENT, LABOUR = range(len(FACTORS))
_TEN_THOUSAND = 1e4


@dataclass(frozen=True)
class Vacancy:
    """What places can still take."""

    land: np.ndarray
    """Hectares, (P,)."""
    floor: np.ndarray
    """1e4 m2, (P,)."""
    factors: np.ndarray
    """Power, emissions and labour, (3, P)."""
    factor_use: np.ndarray
    """What 1e8 yuan of yearly output takes of each, by sector, (3, S)."""

    @cached_property
    def spaces(self) -> np.ndarray:
        """Room by market, (2P,): land and floor of each place in turn."""
        return np.stack([self.land, self.floor], axis=1).ravel()

    def factor_needs(self, claims: np.ndarray) -> np.ndarray:
        """Return what the whole agent behind each claim would take of each factor, (3, n)."""
        sector, output = claims["sector"], claims["output"]
        return self.factor_use[:, sector] * output

    def shut(self) -> np.ndarray:
        """Return where nobody of a sector that builds or rents finds any room, (2, S, P) bool."""
        full = np.stack([self.land <= 0, self.floor <= 0])
        lacks = ((self.factors <= 0)[:, None, :] & (self.factor_use > 0)[:, :, None]).any(axis=0)
        return full[:, None, :] | lacks

    def less(self, land: np.ndarray, floor: np.ndarray | float, factors: np.ndarray) -> Vacancy:
        """Return what is left when so much is taken."""
        space = np.maximum(self.land - land, 0.0), np.maximum(self.floor - floor, 0.0)
        return Vacancy(*space, np.maximum(self.factors - factors, 0.0), self.factor_use)


@once
def labour_pool(setting: Setting, levers: Levers) -> np.ndarray:
    """Return the people that industry could employ, those trained and housed by policies included, (P,)."""
    terms, places = setting.parameters, setting.places
    return places.population * _TEN_THOUSAND * terms.labour_pool_share + levers["labour_added"]


def total_at_start(setting: Setting) -> np.ndarray:
    """Return the factors that places hold at the start, (3, P): what their industry uses and some to spare."""
    terms, places = setting.parameters, setting.places
    total = setting.factors_at_start.copy()
    total[POWER] *= 1 + terms.power_headroom
    total[ENVIRONMENT] *= 1 + terms.environment_headroom
    total[LABOUR] += terms.labour_slack * places.population * _TEN_THOUSAND * terms.labour_pool_share
    return total


@once
def usual_growth(setting: Setting) -> np.ndarray:
    """Return what is added to the factors in a quarter beyond what local industry's own growth takes, (3, P)."""
    terms = setting.parameters
    yearly = np.array([terms.power_growth, terms.environment_growth, 0.0])
    return yearly[:, None] * setting.factors_at_start / 4


@once
def factors_added(setting: Setting, levers: Levers) -> np.ndarray:
    """Return what policies add to the factors, (3, P)."""
    environment = levers["environment_added"] * setting.factors_at_start[ENVIRONMENT]
    return np.stack([levers["power_added"], environment, levers["labour_added"]])


def factors_held(setting: Setting, state: PlaceState, levers: Levers) -> np.ndarray:
    """Return the factors that places hold, policies included, (3, P)."""
    return state.factor_total + factors_added(setting, levers)


@once
def boundless(setting: Setting) -> np.ndarray:
    """Return which factors limit nothing, as their limits are switched off, (3,) bool."""
    on = setting.switches
    return ~np.array([on.power_limit, on.environment_limit, on.labour_limit])


def factor_total(setting: Setting, state: PlaceState, levers: Levers) -> np.ndarray:
    """Return the same as far as it limits, (3, P): without end where a limit is switched off."""
    total = factors_held(setting, state, levers)
    total[boundless(setting)] = np.inf
    return total


def vacancy(setting: Setting, state: PlaceState, levers: Levers) -> Vacancy | None:
    """Return what new plants may still reserve; nothing is limited where admission has no limits."""
    if not setting.switches.admission_limits:
        return None
    land = np.maximum(state.land_total + levers["land_added"] - state.land_used, 0.0)
    floor = np.maximum(state.floor_total + levers["floor_added"] - state.floor_used, 0.0)
    factors = np.maximum(factor_total(setting, state, levers) - state.factor_used, 0.0)
    return Vacancy(land, floor, factors, setting.factor_use)
