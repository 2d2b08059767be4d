"""Ventures: strategic projects of central and provincial state-owned enterprises, which fall to places by negotiation.

So many a year in all, whatever places do; which place gets one is an addressed draw with weights: size, standing, fit of
industry, effort in negotiating, and cost, which counts little. What a place gains by effort another loses.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from relocsim.phases.cost import CostSheet
from relocsim.phases.setting import Setting, once
from relocsim.streams import gumbel, members
from relocsim.world.levers import Levers
from relocsim.world.state import PlaceState


@dataclass(frozen=True)
class Ventures:
    """Projects that a quarter brings, (n,)."""

    uid: np.ndarray
    place: np.ndarray
    sector: np.ndarray
    output: np.ndarray
    """1e8 yuan/year."""

    def land(self, setting: Setting) -> np.ndarray:
        """Return the land that they take, ha, (P,)."""
        use = self.output * setting.sectors.land_use[self.sector]
        return np.bincount(self.place, use, minlength=len(setting.places.ids))

    def factors(self, setting: Setting) -> np.ndarray:
        """Return the power, emissions and labour that they take, (3, P): they are allotted theirs, whatever there is."""
        size, amounts = len(setting.places.ids), setting.factor_use[:, self.sector] * self.output
        return np.stack([np.bincount(self.place, amount, minlength=size) for amount in amounts])


def negotiate(
    setting: Setting, state: PlaceState, levers: Levers, sheet: CostSheet, room: np.ndarray, quarter: int
) -> Ventures:
    """Return the quarter's ventures and where each goes, given the land that places have, (P,)."""
    uid, sector, output, luck = coming(setting, quarter)
    liking = log_odds(setting, state, levers, sheet, sector) + luck
    place = _placed(liking, output * setting.sectors.land_use[sector], room)
    found = place >= 0
    return Ventures(uid[found], place[found], sector[found], output[found])


@once
def coming(setting: Setting, quarter: int) -> tuple[np.ndarray, ...]:
    """Return the quarter's ventures wherever they go: identity, sector, output, each (n,), and luck by place, (n, P)."""
    uid = members(f"state-owned/{quarter}", venture_count(setting, quarter))
    draws = setting.streams.lanes("state-owned", uid, 0, quarter)
    sector = np.searchsorted(sector_law(setting), draws[0]).astype(np.intp)
    terms = setting.parameters
    investment = terms.state_investment_low * (terms.state_investment_high / terms.state_investment_low) ** draws[1]
    output = investment / setting.sectors.capital_ratio[sector]
    luck = setting.streams.grid("state-owned and place", uid, setting.places.keys, lanes=1)[0]
    return uid, sector, output, gumbel(luck)


def venture_count(setting: Setting, quarter: int) -> int:
    """Return how many ventures a quarter brings: a yearly number, spread evenly from a drawn start."""
    if not setting.switches.state_owned_projects:
        return 0
    offset, rate = setting.streams.uniform("state-owned", "offset"), setting.parameters.state_projects / 4
    return int(np.floor(rate * (quarter + 1) + offset) - np.floor(rate * quarter + offset))


def sector_law(setting: Setting) -> np.ndarray:
    """Return the cumulated chances of sectors: the nation's fixed capital, (S,)."""
    weight = setting.sectors.gross_output * setting.sectors.capital_ratio
    return np.cumsum(weight)[:-1] / weight.sum()


@once
def pull(setting: Setting, levers: Levers) -> np.ndarray:
    """Return the log of places' weights for size, standing and negotiating, (P,); -inf where one is no destination."""
    places = setting.places
    with np.errstate(divide="ignore"):
        weight = np.log(places.gdp) + np.log(places.standing * levers["standing"]) + np.log1p(levers["negotiation"])
    return np.where(places.destination, weight, -np.inf)


def log_odds(setting: Setting, state: PlaceState, levers: Levers, sheet: CostSheet, sector: np.ndarray) -> np.ndarray:
    """Return the log of places' weights for projects of each `sector` (n,), (n, P); -inf where one is no destination."""
    terms, output = setting.parameters, setting.standing_output(state.output)
    density = output.T[sector] / setting.places.sites / setting.national_density[sector, None]
    fit = terms.state_fit * np.log(np.maximum(density, terms.own_industry_floor))
    cost = sheet.by_class[0][sector, 0]
    return pull(setting, levers) + fit - terms.state_cost_weight * terms.sensitivity * cost


def _placed(liking: np.ndarray, need: np.ndarray, room: np.ndarray) -> np.ndarray:
    """Return the best place of each that has the land, -1 where none has, (n,); one after the other, a handful a quarter."""
    left, place = room.copy(), np.full(len(need), -1)
    for at, wanted in enumerate(need):
        value = np.where(left >= wanted, liking[at], -np.inf)
        best = value.argmax()
        if value[best] > -np.inf:
            place[at] = best
            left[best] -= wanted
    return place
