"""The constants of the choice, solved with scipy (docs/model.md, 7: Constants)."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from scipy.optimize import brentq, root

from reference.firm import FirmAgent
from reference.values import Segment, Values
from reference.world import Roads, World


@dataclass
class Constants:
    """What is added to the values of going to a place (settled and new firms), going abroad and closing."""

    relocate: float
    enter: float
    abroad: float
    close: float


@dataclass
class _Group:
    """A segment at the start: its firms, the value of home, of the nest without constant, the chance to succeed."""

    firms: float
    home: float
    nest: float
    success: float


def contact_rate(world: World, roads: Roads, o: int, p: int) -> float:
    """Return the contacts a year of firms from o with a place."""
    parameters = world.parameters
    near = math.exp(-parameters.awareness_decay * roads.hours[o][p])
    return parameters.awareness_base * world.places[p].standing + parameters.awareness_proximity * near


def success_chance(world: World, approval_days: float) -> float:
    """Return the chance that an intention comes to production in the end."""
    p = world.parameters
    if not world.switches.delivery_losses:
        return 1.0
    pairs = [(p.sign_hazard, p.sign_loss), (p.honour_hazard, p.honour_loss),
             (ground_hazard(world, approval_days), p.ground_loss), (p.produce_hazard, p.produce_loss)]  # fmt: skip
    chance = 1.0
    for hazard, loss in pairs:
        chance *= hazard / (hazard + (1 - hazard) * loss)
    return chance


def ground_hazard(world: World, approval_days: float) -> float:
    """Return the hazard of breaking ground where approvals take so many days."""
    p = world.parameters
    slower = (max(approval_days, 1.0) / p.approval_reference) ** -p.approval_elasticity
    return min(1.0, p.ground_hazard * slower)


def quarterly(yearly: float) -> float:
    """Return the hazard a quarter that makes a yearly hazard."""
    return 1 - (1 - yearly) ** 0.25


def solve(world: World, values: Values, firms: Iterable[FirmAgent]) -> Constants:
    """Return the constants that meet the rates at the start."""
    stock: dict[Segment, float] = defaultdict(float)
    new: dict[Segment, float] = defaultdict(float)
    for firm in firms:
        if not world.places[firm.origin].entrants_only:
            (new if firm.born else stock)[firm.segment] += firm.firms
    relocate, abroad, close = _of_stock(world, [_group(world, values, g, n, new=False) for g, n in stock.items()])
    enter = _of_new(world, [_group(world, values, g, n, new=True) for g, n in new.items()])
    return Constants(relocate, enter, abroad, close)


def _group(world: World, values: Values, segment: Segment, firms: float, *, new: bool) -> _Group:
    offer, scale = values.offer(segment), world.parameters.nest_lambda
    worth = offer.plant if new else offer.either
    high = max(worth.values())
    total, delivered = 0.0, 0.0
    for p, value in worth.items():
        known = 1.0
        if world.switches.awareness:
            rate = contact_rate(world, values.sheets.roads, segment[1], p)
            known = 1 - math.exp(-world.parameters.awareness_past * rate)
        weight = known * math.exp((value - high) / scale)
        total += weight
        delivered += weight * success_chance(world, world.places[p].approval_days)
    return _Group(firms, offer.home, high + scale * math.log(total), delivered / total)


def _of_stock(world: World, groups: list[_Group]) -> list[float]:
    parameters, stock = world.parameters, sum(group.firms for group in groups)
    wanted = [quarterly(rate) / parameters.review_hazard
              for rate in (parameters.relocation_rate, parameters.abroad_rate, parameters.close_rate)]  # fmt: skip

    def gap(constants: list[float]) -> list[float]:
        found = [0.0, 0.0, 0.0]
        for group in groups:
            weights = [math.exp(group.nest + constants[0]), math.exp(constants[1]), math.exp(constants[2])]
            all_of_them = sum(weights) + math.exp(group.home)
            for k, weight in enumerate(weights):
                found[k] += group.firms * weight / all_of_them * (group.success if k == 0 else 1.0)
        return [math.log(one / stock / target) for one, target in zip(found, wanted, strict=True)]

    solved = root(gap, [-max(group.nest for group in groups), -3.0, -1.0], tol=1e-13)
    return [float(one) for one in solved.x]


def _of_new(world: World, groups: list[_Group]) -> float:
    stock = sum(group.firms for group in groups)

    def gap(constant: float) -> float:
        away = 0.0
        for group in groups:
            share = 1 / (1 + math.exp(group.home - group.nest - constant))
            away += group.firms * share * group.success
        return away / stock - world.parameters.entry_away_share

    return float(brentq(gap, -60, 60, xtol=1e-12, rtol=1e-14))
