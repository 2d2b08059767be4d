"""What places are worth to the firms of a segment in one quarter (docs/model.md, 7.2)."""

from __future__ import annotations

import math
from dataclasses import dataclass

from reference.costs import HA, grown
from reference.sheets import Sheets
from reference.world import Row, World

MEDIUM = 1
CLASSES = range(4)

Segment = tuple[int, int, int]
"""Sector, origin (a place) and class."""


@dataclass
class Offer:
    """What a segment sees: the value of staying and, by place, of a plant, a branch and a full move."""

    home: float
    places: list[int]
    """Places that may be chosen."""
    plant: dict[int, float]
    """V: what a plant is worth to a firm that stands nowhere yet."""
    either: dict[int, float]
    """K: what a branch or a full move, whichever, is worth to a firm that stands at its origin."""
    branch_chance: dict[int, float]
    """Chance that a firm that goes there branches and does not move."""


class Values:
    """Values of one quarter, worked out for the segments that ask."""

    def __init__(self, world: World, sheets: Sheets, reference: Row) -> None:
        self.world, self.sheets, self.reference = world, sheets, reference
        self.size = [self._size(p) for p in range(len(world.places))]
        self._offers: dict[Segment, Offer] = {}
        self._own_industry: dict[tuple[int, int], float] = {}
        self._sites: dict[int, Row] = {}

    def offer(self, segment: Segment) -> Offer:
        """Return what a segment sees."""
        if segment not in self._offers:
            self._offers[segment] = self._work_out(segment)
        return self._offers[segment]

    def _size(self, p: int) -> float:
        """Return how many workers a place can serve."""
        world, city, levers, parameters = self.world, self.sheets.cities[p], self.sheets.levers, self.world.parameters
        land = city.land_total + levers["land_added"][p]
        floor = city.floor_total + levers["floor_added"][p]
        space = land * parameters.land_to_worker + floor * HA / parameters.floor_to_worker
        people = world.places[p].population * HA * parameters.labour_pool_share + levers["labour_added"][p]
        return max(1.0, min(space, people))

    def own_industry(self, s: int, p: int) -> float:
        """Return the attraction of own-industry output."""
        if (s, p) not in self._own_industry:
            self._own_industry[s, p] = self._attraction(s, p)
        return self._own_industry[s, p]

    def _attraction(self, s: int, p: int) -> float:
        world, parameters = self.world, self.world.parameters
        if not world.switches.own_industry:
            return 0.0
        density = sum(near * output for near, output in zip(world.pooling[p], self._of_a_site(s), strict=True))
        return parameters.own_industry_theta * math.log(
            max(density / world.mean_output[s], parameters.own_industry_floor)
        )

    def _of_a_site(self, s: int) -> Row:
        """Return the output of a sector on each site of a place, by place."""
        if s not in self._sites:
            world, levers = self.world, self.sheets.levers
            self._sites[s] = [
                (city.supporting[s] + grown(world, levers, q, s)) / max(1.0, place.sites)
                for q, (city, place) in enumerate(zip(self.sheets.cities, world.places, strict=True))
            ]
        return self._sites[s]

    def _work_out(self, segment: Segment) -> Offer:
        s, o, z = segment
        world, parameters = self.world, self.world.parameters
        mu, cost = parameters.mode_mu, self.sheets.unit_cost(s, o, z)
        home = self.own_industry(s, o) - parameters.sensitivity * (cost[o] - self.reference[s])
        offer = Offer(home, [], {}, {}, {})
        for p, place in enumerate(world.places):
            if p == o or not place.destination:
                continue
            plant = self.own_industry(s, p) - parameters.sensitivity * (cost[p] - self.reference[s])
            if world.switches.size:
                plant += parameters.nest_lambda * parameters.log_size_coefficient * math.log(self.size[p])
            far = math.log(1 + world.km[o][p] / parameters.distance_near)
            plant -= parameters.nest_lambda * parameters.distance_elasticity * far
            branch, move = self._modes(s, o, p, plant)
            high = max(branch, move)
            offer.places.append(p)
            offer.plant[p] = plant
            offer.either[p] = high + mu * math.log(math.exp((branch - high) / mu) + math.exp((move - high) / mu))
            offer.branch_chance[p] = 1 / (1 + math.exp(-(branch - move) / mu))
        return offer

    def _modes(self, s: int, o: int, p: int, plant: float) -> tuple[float, float]:
        """Return the value of a branch and of a full move."""
        world, parameters = self.world, self.world.parameters
        same = world.places[o].province == world.places[p].province
        once = 100 * world.sectors[s].capital_ratio * (parameters.moving_cost + parameters.sunk_share)
        branch = plant + same * parameters.own_province_branch
        move = plant + same * parameters.own_province_move - parameters.move_distance * world.km[o][p] / 1000
        return branch, move - parameters.sensitivity * once * self.sheets.horizon


def reference_cost(world: World, sheets: Sheets) -> Row:
    """Return the mean cost of medium firms at their origins, weighted by output, by sector."""
    origins = [p for p in world.origins if not world.places[p].entrants_only]
    means = []
    for s in range(len(world.sectors)):
        weights = [world.output[o][s] for o in origins]
        costs = [sheets.unit_cost(s, o, MEDIUM)[o] for o in origins]
        means.append(sum(w * c for w, c in zip(weights, costs, strict=True)) / sum(weights))
    return means
