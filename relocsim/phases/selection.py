"""Selection: how places rank those who apply, and whom they refuse.

A place values investment, tax and jobs per hectare and the fit into its chains, and dislikes emissions per hectare; each
figure counts over its mean. Thresholds, which only policies set, keep out what emits too much or brings too little on its
land. Ranking and thresholds look at the sector and at whether a firm builds on land of its own or rents factory floor.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from relocsim.phases.setting import Setting, once
from relocsim.world.levers import Levers
from relocsim.world.state import PlaceState

BUILDS, RENTS = range(2)
_REFUSING = "pollution_threshold", "investment_threshold", "output_threshold", "sector_closed"
"""Levers by which places refuse firms."""


@dataclass(frozen=True)
class Preferences:
    """What places think of applicants that build or rent, by sector, (2, S, P) both."""

    score: np.ndarray
    """The higher, the better liked."""
    unfit: np.ndarray
    """Whether they are refused, however much room there is."""


def preferences(setting: Setting, state: PlaceState, levers: Levers) -> Preferences:
    """Return whom places prefer and whom they refuse in a quarter."""
    return Preferences(place_score(setting, state, levers), unfit(setting, levers))


@once
def land_per_output(setting: Setting) -> np.ndarray:
    """Return the land under a plant, ha per 1e8 yuan of yearly output, for those who build and who rent, (2, S)."""
    sectors = setting.sectors
    return np.stack([sectors.land_use, sectors.floor_use / setting.parameters.floor_per_land])


@once
def merit(setting: Setting) -> np.ndarray:
    """Return what a hectare under each sector brings a place, the chain apart, (2, S), each figure over its mean.

    The means are those of plants that build, weighted by national output.
    """
    terms, sectors = setting.parameters, setting.sectors
    brings = (
        (terms.selection_investment, sectors.capital_ratio),
        (terms.selection_tax, sectors.tax),
        (terms.selection_jobs, sectors.workers),
        (-terms.selection_pollution, sectors.pollution),
    )
    land = land_per_output(setting)
    return sum(weight * figure / land / mean_on_land(setting, figure) for weight, figure in brings)


def mean_on_land(setting: Setting, figure: np.ndarray) -> float:
    """Return the mean per hectare of a figure per output (S,), over plants that build, weighted by national output."""
    sectors = setting.sectors
    mean = float(np.average(figure / sectors.land_use, weights=sectors.gross_output))
    return mean if mean > 0 else 1.0


@once
def links(setting: Setting) -> tuple[np.ndarray, np.ndarray]:
    """Return what each sector buys of each and sells to each, as shares of its tradable inputs and sales, (S, S) both."""
    sectors, count = setting.sectors, len(setting.sectors.ids)
    buys = np.zeros((count, count))
    np.add.at(buys.T, sectors.maker, sectors.need.T)
    sells = (buys * (sectors.tradable * sectors.gross_output)[:, None]).T
    return buys, sells / np.maximum(sells.sum(axis=1, keepdims=True), 1e-12)


@once
def linked(setting: Setting) -> np.ndarray:
    """Return how much each sector deals with each, (S, S): the mean of the shares in what it buys and in what it sells."""
    buys, sells = links(setting)
    return (buys + sells) / 2


@once
def national_share(setting: Setting) -> np.ndarray:
    """Return the share of each sector in the nation's output at the start, (S,)."""
    nation = setting.output.sum(axis=0)
    return nation / nation.sum()


def strength(setting: Setting, state: PlaceState, levers: Levers) -> np.ndarray:
    """Return how strong each sector is in each place, (S, P) in [0, 1): location quotient q as q / (1 + q)."""
    output = setting.standing_output(state.output) + levers["recruited_output"]
    quotient = output / np.maximum(output.sum(axis=1, keepdims=True), 1e-12)
    quotient /= national_share(setting)
    return (quotient / (1 + quotient)).T


def chain_fit(setting: Setting, state: PlaceState, levers: Levers) -> np.ndarray:
    """Return how well each sector fits into the chains of each place, (S, P) in [0, 1).

    It is the mean of the strength there of what the sector buys from and of what it sells to.
    """
    return np.einsum("sk,kp->sp", linked(setting), strength(setting, state, levers))


def place_score(setting: Setting, state: PlaceState, levers: Levers) -> np.ndarray:
    """Return how places rank applicants that build or rent, (2, S, P); all alike where selection is off."""
    if not setting.switches.selection:
        return np.zeros((2, len(setting.sectors.ids), len(setting.places.ids)))
    fit = setting.parameters.selection_chain * chain_fit(setting, state, levers)
    return merit(setting)[:, :, None] + fit


@once
def nobody(setting: Setting) -> np.ndarray:
    """Return that nobody is refused, (2, S, P) bool."""
    return np.zeros((2, len(setting.sectors.ids), len(setting.places.ids)), dtype=bool)


def unfit(setting: Setting, levers: Levers) -> np.ndarray:
    """Return whom places refuse by their thresholds, (2, S, P) bool.

    `pollution_threshold` is by how much the most emissions per output that are let in lie below the dirtiest sector's; the
    others are the least investment and yearly output per hectare. Members of a group may leave sectors to a sibling.
    """
    if not setting.switches.selection or not any(levers.pulled(name) for name in _REFUSING):
        return nobody(setting)
    sectors, land = setting.sectors, land_per_output(setting)
    most = sectors.pollution.max() * (1 - levers["pollution_threshold"])
    dirty = sectors.pollution[:, None] > most
    thin = (sectors.capital_ratio / land)[:, :, None] < levers["investment_threshold"]
    closed = (levers["sector_closed"].T > 0) & setting.switches.groups
    return dirty | thin | closed | ((1 / land)[:, :, None] < levers["output_threshold"])
