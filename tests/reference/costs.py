"""Units, sizes, and supporting industry with the premium of what is missing (docs/model.md, 7.1)."""

from __future__ import annotations

import itertools
import math

from reference.state import CityAgent
from reference.world import Roads, Row, World

LEADER = 3
CLASSES = 4
HA = 1e4
"""Square metres in a hectare, and persons or square metres in the units of 1e4."""
YUAN = 1e8
"""Yuan in the unit of money and output."""


def annuity(interest: float, years: float) -> float:
    """Return the yearly payment for a sum of one."""
    return interest / (1 - (1 + interest) ** -years)


def class_sizes(world: World) -> Row:
    """Return the mean output of each class over the sector's mean: conditional means of the lognormal of mean one."""
    sigma = world.parameters.size_sigma
    edges = [-math.inf, math.log(world.parameters.small_below), math.log(world.parameters.large_above), math.inf]

    def between(low: float, high: float, shift: float) -> float:
        upper, lower = (0.5 * math.erfc(-((edge + shift) / sigma) / math.sqrt(2)) for edge in (high, low))
        return upper - lower

    sizes = [
        between(low, high, -(sigma**2) / 2) / between(low, high, sigma**2 / 2)
        for low, high in itertools.pairwise(edges)
    ]
    return [*sizes, world.parameters.leader_size]


def grown(world: World, levers: dict[str, list], p: int, s: int) -> float:
    """Return the output of a sector that policies raise in a place: recruited suppliers and start-ups of talent."""
    startups = levers["talent_projects"][p][s] * world.parameters.startup_size * world.sectors[s].firm_output
    return levers["recruited_output"][p][s] + startups


class Supply:
    """Supporting industry of one quarter: coverage of each input, depth, premium of what has to come from elsewhere."""

    def __init__(self, world: World, cities: list[CityAgent], levers: dict[str, list], roads: Roads) -> None:
        self.world, self.roads = world, roads
        self.made = [self._made(x, cities, levers) for x in range(len(world.maker))]
        self.coverage = [self._coverage(x) for x in range(len(world.maker))]
        self._ways()
        self._best_other: dict[int, Row] = {}
        self._premium: dict[tuple[int, int], Row] = {}

    def _made(self, x: int, cities: list[CityAgent], levers: dict[str, list]) -> Row:
        """Return the local output of an input, by place."""
        world, maker = self.world, self.world.maker[x]
        component = x - len(world.sectors)
        made = []
        for city in cities:
            presence = 1.0
            if component >= 0:
                lever = levers["component_presence"][city.row][component]
                presence = max(world.presence[city.row][component], lever)
            output = city.supporting[maker] + grown(world, levers, city.row, maker) + city.turned[maker]
            made.append(output * world.made_share[x] * presence)
        return made

    def _coverage(self, x: int) -> Row:
        """Return how far the need of an input is met within reach, by place."""
        world, parameters = self.world, self.world.parameters
        made, maker, sectors = self.made[x], world.maker[x], len(world.sectors)
        kappa = parameters.coverage_kappa if x < sectors else parameters.component_kappa
        half = kappa * world.total_output[maker] * world.made_share[x]
        each = [n / place.sites for n, place in zip(made, world.places, strict=True)]
        coverage = []
        for near in world.nearness:
            within = sum(w * n for w, n in zip(near, each, strict=True))
            coverage.append(max(parameters.coverage_floor, within / (within + half)))
        return coverage

    def _ways(self) -> None:
        """Work out what the way from each source (third index) to each place (second index) costs, by maker (first)."""
        world, roads, parameters = self.world, self.roads, self.world.parameters
        count = range(len(world.places))
        self.ways = [
            [
                [
                    100 * sector.freight_share * roads.freight_km[q][p] / parameters.mean_haul
                    + parameters.inventory_cost * roads.freight_hours[q][p] / 24
                    + parameters.sourcing_friction * roads.hours[q][p] / 8
                    for q in count
                ]
                for p in count
            ]
            for sector in world.sectors
        ]

    def depth(self, s: int, p: int) -> float:
        """Return the depth of supporting industry for a sector in a place."""
        rho = self.world.parameters.weakest_link_rho if self.world.switches.weakest_link else 1.0
        need = self.world.need[s]
        if rho == 0:
            return math.exp(sum(share * math.log(self.coverage[x][p]) for x, share in need.items()))
        return sum(share * self.coverage[x][p] ** rho for x, share in need.items()) ** (1 / rho)

    def best_other(self, x: int) -> Row:
        """Return the cost of an input from the best other place, with that of finding a supplier, by place."""
        if x not in self._best_other:
            parameters = self.world.parameters
            lacking = [(1 - m) * parameters.sourcing_friction for m in self.coverage[x]]
            best = []
            for p, ways in enumerate(self.ways[self.world.maker[x]]):
                costs = [lack + way for lack, way in zip(lacking, ways, strict=True)]
                costs[p] = math.inf
                best.append(min(costs) + parameters.new_supplier_cost)
            self._best_other[x] = best
        return self._best_other[x]

    def premium(self, s: int, o: int) -> Row:
        """Return what inputs from elsewhere cost a firm from o more, yuan per 100 yuan of inputs, by place."""
        if (s, o) not in self._premium:
            self._premium[s, o] = self._elsewhere(s, o)
        return self._premium[s, o]

    def _elsewhere(self, s: int, o: int) -> Row:
        friction = self.world.parameters.sourcing_friction
        total = [0.0] * len(self.world.places)
        for x, share in self.world.need[s].items():
            lack, other = (1 - self.coverage[x][o]) * friction, self.best_other(x)
            for p, (ways, best) in enumerate(zip(self.ways[self.world.maker[x]], other, strict=True)):
                from_origin = lack + ways[o]
                total[p] += share * (from_origin if from_origin < best and p != o else best)
        return total
