"""What places hold beside space, whom they prefer and refuse, what slows production (docs/model.md, 7.3 and 7.4)."""

from __future__ import annotations

import math

from reference.state import GROUND, CityAgent, Project
from reference.world import Row, World

POWER, ENVIRONMENT, LABOUR = 2, 3, 4
"""Resources after land and floor."""
FACTORS = (POWER, ENVIRONMENT, LABOUR)


def factors(world: World, s: int, output: float) -> Row:
    """Return the power, emissions and labour that so much output of a sector takes."""
    sector = world.sectors[s]
    return [
        output * sector.electricity_share / world.mean_tariff,
        output * sector.pollution,
        output * sector.workers,
    ]


def factors_of_industry(world: World, p: int) -> Row:
    """Return what the industry of the start takes in a place."""
    parts = [factors(world, s, output) for s, output in enumerate(world.output[p])]
    return [sum(column) for column in zip(*parts, strict=True)]


def set_factors(world: World, city: CityAgent) -> None:
    """Give a place what it holds at the start beside space, and how that grows a year."""
    terms = world.parameters
    power, emissions, jobs = factors_of_industry(world, city.row)
    people = city.place.population * 1e4 if not city.place.entrants_only else 0.0
    city.factors_used = [power, emissions, jobs]
    city.factors_total = [
        power * (1 + terms.power_headroom),
        emissions * (1 + terms.environment_headroom),
        jobs + terms.labour_slack * terms.labour_pool_share * people,
    ]
    city.factors_growth = [power * terms.power_growth, emissions * terms.environment_growth, 0.0]


class Ground:
    """Land under a plant, for those who build and who rent."""

    def __init__(self, world: World, s: int, rents: bool) -> None:
        sector = world.sectors[s]
        self.hectares = sector.floor_use / world.parameters.floor_per_land if rents else sector.land_use

    def per_hectare(self, figure: float) -> float:
        """Return a figure per output as one per hectare."""
        return figure / self.hectares


def free(world: World, city: CityAgent, levers: dict[str, list]) -> Row:
    """Return what is free of land, floor, power, environment and labour: what is held less what is used or reserved."""
    held = holds(world, city, levers)
    used = [city.land_used, city.floor_used, *city.factors_used]
    return [one - other for one, other in zip(held, used, strict=True)]


def holds(world: World, city: CityAgent, levers: dict[str, list]) -> Row:
    """Return what a place holds of each resource, policies included."""
    row, on = city.row, world.switches
    power = city.factors_total[0] + levers["power_added"][row]
    environment = city.factors_total[1] + levers["environment_added"][row] * factors_of_industry(world, row)[1]
    labour = city.factors_total[2] + levers["labour_added"][row]
    return [
        city.land_total + levers["land_added"][row],
        city.floor_total + levers["floor_added"][row],
        power if on.power_limit else math.inf,
        environment if on.environment_limit else math.inf,
        labour if on.labour_limit else math.inf,
    ]


class Selection:
    """How the places rank and refuse in one quarter."""

    def __init__(self, world: World, cities: list[CityAgent], levers: dict[str, list]) -> None:
        self.world, self.levers = world, levers
        self.strength = [self._strength(city) for city in cities]
        self._links()
        self._scores: dict[tuple[int, int, bool], float] = {}
        self._refused: dict[tuple[int, int, bool], bool] = {}

    def _strength(self, city: CityAgent) -> Row:
        recruited = self.levers["recruited_output"][city.row]
        output = [max(0.0, one) + more for one, more in zip(city.supporting, recruited, strict=True)]
        here, nation = max(sum(output), 1e-12), sum(self.world.total_output)
        quotients = [one / here / (all_ / nation) for one, all_ in zip(output, self.world.total_output, strict=True)]
        return [quotient / (1 + quotient) for quotient in quotients]

    def _links(self) -> None:
        """Work out what sectors buy of each other and, by the value of that, sell to each other."""
        world, count = self.world, range(len(self.world.sectors))
        self.buys = [[0.0 for _ in count] for _ in count]
        for s in count:
            for x, share in world.need[s].items():
                self.buys[s][world.maker[x]] += share
        value = [
            [self.buys[buyer][s] * world.tradable[buyer] * world.sectors[buyer].gross_output for buyer in count]
            for s in count
        ]
        self.sells = [[one / max(sum(row), 1e-12) for one in row] for row in value]

    def fit(self, s: int, p: int) -> float:
        """Return how well a sector fits into the chains of a place."""
        strong = self.strength[p]
        bought = sum(share * strong[k] for k, share in enumerate(self.buys[s]))
        sold = sum(share * strong[k] for k, share in enumerate(self.sells[s]))
        return (bought + sold) / 2

    def score(self, s: int, p: int, rents: bool) -> float:
        """Return what a place thinks of a sector that builds or rents."""
        if not self.world.switches.selection:
            return 0.0
        if (s, p, rents) not in self._scores:
            weights, ground = self.world.parameters, Ground(self.world, s, rents)
            score = weights.selection_chain * self.fit(s, p)
            for weight, field in (
                (weights.selection_investment, "capital_ratio"),
                (weights.selection_tax, "net_tax_share"),
                (weights.selection_jobs, "workers"),
                (-weights.selection_pollution, "pollution"),
            ):
                figure = getattr(self.world.sectors[s], field)
                score += weight * ground.per_hectare(figure) / self._mean(field)
            self._scores[s, p, rents] = score
        return self._scores[s, p, rents]

    def _mean(self, field: str) -> float:
        """Return the mean of a figure per hectare over plants that build."""
        sectors = self.world.sectors
        total = sum(sector.gross_output * getattr(sector, field) / sector.land_use for sector in sectors)
        return total / sum(sector.gross_output for sector in sectors) or 1.0

    def refuses(self, s: int, p: int, rents: bool) -> bool:
        """Return whether a place refuses a sector by one of its thresholds."""
        if (s, p, rents) not in self._refused:
            self._refused[s, p, rents] = self.world.switches.selection and self._below(s, p, rents)
        return self._refused[s, p, rents]

    def _below(self, s: int, p: int, rents: bool) -> bool:
        """Return whether a sector is below one of the thresholds of a place."""
        sector, ground = self.world.sectors[s], Ground(self.world, s, rents)
        dirtiest = max(one.pollution for one in self.world.sectors)
        closed = self.world.switches.groups and self.levers["sector_closed"][p][s] > 0
        return (
            closed
            or sector.pollution > dirtiest * (1 - self.levers["pollution_threshold"][p])
            or ground.per_hectare(sector.capital_ratio) < self.levers["investment_threshold"][p]
            or ground.per_hectare(1.0) < self.levers["output_threshold"][p]
        )


def factor_readiness(world: World, cities: list[CityAgent], levers: dict[str, list], projects: list[Project]) -> Row:
    """Return the factor on starting production by place, given the projects under way."""
    if not world.switches.shortest_plank:
        return [1.0] * len(cities)
    ready = []
    for city in cities:
        here = [project for project in projects if project.place == city.row]
        held = holds(world, city, levers)[POWER:]
        reserved = total_of(world, here)
        needed = total_of(world, [project for project in here if project.stage == GROUND])
        planks = [1.0]
        for total, used, kept, need in zip(held, city.factors_used, reserved, needed, strict=True):
            if need > 0:
                there = total - used + kept if total > used else kept * total / used
                planks.append(world.parameters.mobilisation * there / need)
        ready.append(min(planks))
    return ready


def total_of(world: World, projects: list[Project]) -> Row:
    """Return the power, emissions and labour that projects take together."""
    total = [0.0] * len(FACTORS)
    for project in projects:
        takes = factors(world, project.sector, project.output)
        total = [one + more for one, more in zip(total, takes, strict=True)]
    return total
