"""The constants of the choice, solved with scipy (docs/model.md, 7.2: Constants)."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq, root

from reference.delivery import arrival
from reference.firm import FirmAgent
from reference.promotion import contact_rate, past_years
from reference.values import Segment, Values
from reference.world import World


@dataclass
class Constants:
    """What is added to the values of going to a place (settled and new firms), going abroad and closing."""

    relocate: float
    enter: float
    abroad: float
    close: float


@dataclass
class _Group:
    """A segment at the start: its firms, the value of home, and of going elsewhere without the constant."""

    firms: float
    home: float
    settled: float
    new: float


def by_compounding(yearly: float) -> float:
    """Return the hazard a quarter that makes a yearly hazard."""
    return 1 - (1 - yearly) ** 0.25


def solve(world: World, values: Values, firms: Iterable[FirmAgent]) -> Constants:
    """Return the constants that meet the rates at the start."""
    stock: dict[Segment, float] = defaultdict(float)
    for firm in firms:
        if not firm.born:
            stock[firm.segment] += firm.firms
    groups = [_group(world, values, segment, firms) for segment, firms in stock.items()]
    relocate, abroad, close = _of_settled(world, groups)
    return Constants(relocate, _of_new(world, groups), abroad, close)


def _group(world: World, values: Values, segment: Segment, firms: float) -> _Group:
    offer = values.offer(segment)
    known = dict.fromkeys(offer.places, 1.0)
    if world.switches.awareness:
        rates = {p: contact_rate(world, values.sheets.roads, segment[1], p) for p in offer.places}
        known = {p: 1 - math.exp(-past_years(world) * rate) for p, rate in rates.items()}

    def elsewhere(worth: dict[int, float]) -> float:
        scale, high = world.parameters.nest_lambda, max(worth.values())
        return high + scale * math.log(sum(known[p] * math.exp((value - high) / scale) for p, value in worth.items()))

    return _Group(firms, offer.home, elsewhere(offer.either), elsewhere(offer.plant))


def intention_rate(world: World) -> float:
    """Return the intentions a year of a firm that is free to have one, such that relocations arrive at their rate.

    A firm that relocates is under way for some years and not reviewed meanwhile.
    """
    chance, years = arrival(world)
    return 1 / (chance / world.parameters.relocation_rate - years)


def _of_settled(world: World, groups: list[_Group]) -> list[float]:
    parameters, stock = world.parameters, sum(group.firms for group in groups)
    wanted = [intention_rate(world) / 4, by_compounding(parameters.abroad_rate), by_compounding(parameters.close_rate)]
    wanted = [share / parameters.review_hazard for share in wanted]

    def gap(constants: np.ndarray) -> np.ndarray:
        found = [0.0, 0.0, 0.0]
        for group in groups:
            weights = [math.exp(group.settled + constants[0]), math.exp(constants[1]), math.exp(constants[2])]
            total = sum(weights) + math.exp(group.home)
            for k, weight in enumerate(weights):
                found[k] += group.firms * weight / total
        return np.array([math.log(one / stock / target) for one, target in zip(found, wanted, strict=True)])

    solved = root(gap, np.array([-max(group.settled for group in groups), -3.0, -1.0]), tol=1e-13)
    return [float(one) for one in solved.x]


def _of_new(world: World, groups: list[_Group]) -> float:
    stock, chance = sum(group.firms for group in groups), arrival(world)[0]

    def gap(constant: float) -> float:
        away = sum(group.firms / (1 + math.exp(group.home - group.new - constant)) for group in groups)
        return away / stock - world.parameters.entry_away_share / chance

    return float(brentq(gap, -60, 60, xtol=1e-13, rtol=1e-14))
