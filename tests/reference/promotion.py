"""Who tells firms of a place beside its standing and nearness, and what visits do for signing (model.md, 7.2 and 7.4)."""

from __future__ import annotations

import math
from collections.abc import Iterator

from reference.costs import CLASSES
from reference.delivery import effort
from reference.state import CityAgent, Project
from reference.world import Roads, Row, Table, World, siblings

Segment = tuple[int, int, int]
"""Sector, origin (a place) and class."""


def contact_rate(world: World, roads: Roads, o: int, p: int, known: float = 1.0) -> float:
    """Return the usual contacts a year of firms from o with a place."""
    parameters = world.parameters
    return parameters.awareness_base * world.places[p].standing * known + parameters.awareness_proximity * near(
        world, roads, o, p
    )


def near(world: World, roads: Roads, o: int, p: int) -> float:
    """Return the part of full proximity that distance leaves."""
    return math.exp(-world.parameters.awareness_decay * roads.hours[o][p])


def past_years(world: World) -> float:
    """Return the years of usual contact before the start, less what is forgotten, year after year."""
    parameters = world.parameters
    if not parameters.awareness_forget:
        return parameters.awareness_past
    keeps = 1 - parameters.awareness_forget
    return (1 - keeps**parameters.awareness_past) / -math.log(keeps)


class Telling:
    """What is told in a quarter: contacts a year by segment and place beyond the usual ones."""

    def __init__(self, world: World, cities: list[CityAgent], levers: dict[str, list], roads: Roads) -> None:
        self.world, self.cities, self.levers, self.roads = world, cities, levers, roads
        promoting = world.switches.promotion
        self._yields = [yields(world, levers, p) if promoting else 1.0 for p in range(len(cities))]
        self._studied = [o for o in world.origins if not world.places[o].entrants_only]
        self._siblings = [siblings(world, p) for p in range(len(cities))]
        self._contacts = dict(zip(self._studied, levers["contacts"], strict=True))
        self._off = [[row[s] for row in levers["bid_off"]] for s in range(len(world.sectors))]

    def rows(self) -> Iterator[tuple[Segment, Row]]:
        """Yield the contacts of each segment."""
        for o in self.world.origins:
            by_place = [self._of_place(o, p) for p in range(len(self.cities))]
            for s in range(len(self.world.sectors)):
                known = [one + self._of_peers(s, o, city) for one, city in zip(by_place, self.cities, strict=True)]
                for z in range(CLASSES):
                    told = self._of_campaigns(s, o, z)
                    yield (s, o, z), [one + more for one, more in zip(known, told, strict=True)]

    def _of_place(self, o: int, p: int) -> float:
        """Return what better projects add to usual promotion, and what familiarity adds to nearness."""
        parameters = self.world.parameters
        usual = parameters.awareness_base * self.world.places[p].standing * parameters.usual_promotion
        nearer = 0.0
        if self.world.switches.promotion and o in self._studied:
            familiar = self.levers["familiarity"][p][self._studied.index(o)]
            nearer = max(0.0, familiar - near(self.world, self.roads, o, p))
        return usual * (self._yields[p] - 1) + parameters.awareness_proximity * nearer

    def _of_peers(self, s: int, o: int, city: CityAgent) -> float:
        """Return what plants that came tell others of their sector and origin, customers and suppliers."""
        world, parameters = self.world, self.world.parameters
        if not world.switches.peers or not city.plants:
            return 0.0
        sector = sum(world.stock.get((s, one), 0.0) for one in self._studied)
        heard = parameters.peers_of_sector * sum(n for (t, _), (n, _) in city.plants.items() if t == s) / sector
        if o in self._studied:
            origin = sum(n for (_, one), n in world.stock.items() if one == o)
            heard += (
                parameters.peers_of_origin * sum(n for (_, one), (n, _) in city.plants.items() if one == o) / origin
            )
            heard += parameters.partners * sum(
                world.partners[s][t] * output / world.output[o][t]
                for (t, one), (_, output) in city.plants.items()
                if one == o and world.output[o][t]
            )
        return parameters.awareness_peers * (1 - math.exp(-heard))

    def _of_campaigns(self, s: int, o: int, z: int) -> Row:
        """Return what campaigns tell a segment, by place."""
        if not self.world.switches.promotion or o not in self._studied:
            return [0.0] * len(self.cities)
        told = [n * more for n, more in zip(self._contacts[o][s][z], self._yields, strict=True)]
        if not self.world.switches.groups or not any(told):
            return told
        return [self._in_a_group(p, told, self._off[s]) for p in range(len(told))]

    def _in_a_group(self, p: int, told: Row, off: Row) -> float:
        """Return what a place keeps of its campaigns, and what its group passes on to it."""
        members = [p, *self._siblings[p]]
        takes = {q: (1 - off[q]) * self.levers["bids_jointly"][q] for q in members}
        part = takes[p] / sum(takes.values()) if sum(takes.values()) > 0 else 0.0
        passed = sum(off[q] * told[q] for q in members)
        return (1 - off[p]) * told[p] + part * passed


def trading_partners(world: World) -> Table:
    """Return the weight of each sector (second index) among the customers and suppliers of another (first index)."""
    sectors = range(len(world.sectors))
    buys = [[sum(n for x, n in world.need[s].items() if world.maker[x] == t) for t in sectors] for s in sectors]
    spent = [world.tradable[s] * world.sectors[s].gross_output for s in sectors]
    partners = []
    for t in sectors:
        sold = [buys[s][t] * spent[s] for s in sectors]
        partners.append([(buys[t][s] + (sold[s] / sum(sold) if sum(sold) else 0.0)) / 2 for s in sectors])
    return partners


def yields(world: World, levers: dict[str, list], p: int) -> float:
    """Return what promotion yields in a place: well packaged projects, and the effort to win."""
    return levers["packaging"][p] * effort(world, levers, p, 0)


def signing(world: World, levers: dict[str, list], under_way: list[Project]) -> Row:
    """Return by what visits multiply the hazard of signing, by place."""
    parameters, factors = world.parameters, []
    waiting = [0.0] * len(world.places)
    for project in under_way:
        if project.stage == 0:
            waiting[project.place] += project.firms
    for p, firms in enumerate(waiting):
        if not world.switches.promotion or not firms:
            factors.append(1.0)
            continue
        each = levers["visits"][p] / 4 * yields(world, levers, p) / firms
        more = (1 + each / parameters.visits_per_signing) ** parameters.visit_elasticity
        factors.append(min(more, parameters.visit_limit))
    return factors
