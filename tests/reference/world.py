"""What does not change in a run, as plain lists by position: places, sectors, inputs, distances, the start.

A place from which only investors start (`entrants_only`) has no industry, people or market of its own: it stands in for
places that are in the world already.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from relocsim.policies import Site
from relocsim.policies.logistics_platform import LogisticsPlatform
from relocsim.policies.transport_link import TransportLink
from relocsim.spec import Spec
from relocsim.streams import key32
from relocsim.world.description import Belt, Component, Place, Sector
from relocsim.world.levers import LEVERS, Levers
from relocsim.world.network import AccessTable
from relocsim.world.parameters import Parameters

Row = list[float]
Table = list[Row]


@dataclass
class Roads:
    """What lies between places in one quarter, as lists."""

    hours: Table
    fare: Table
    freight_km: Table
    freight_hours: Table
    port_km: Row
    port_hours: Row
    market_km: Row
    """GDP-weighted mean freight distance of each place."""
    bulk_port_km: Row
    bulk_port_hours: Row
    bulk_market_km: Row
    """The same of bulk goods."""
    raw_way: dict[str, Row]
    """How far each raw material comes, in mean hauls, by place."""


class World:
    """The description of the world, by position; ids are sorted."""

    def __init__(self, spec: Spec) -> None:
        described = spec.world
        self.spec = spec
        self.switches = spec.scenario.switches
        self.parameters: Parameters = described.parameters
        self.place_ids = sorted(described.places)
        self.sector_ids = sorted(described.sectors)
        self.places: list[Place] = [described.places[name] for name in self.place_ids]
        self.sectors: list[Sector] = [described.sectors[name] for name in self.sector_ids]
        named = sorted(
            f"{sector}.{name}" for sector in self.sector_ids for name in described.sectors[sector].components
        )
        self.component_ids = named
        self.components: list[Component] = [
            described.sectors[name.split(".")[0]].components[name.split(".")[1]] for name in named
        ]
        self.origins = [p for p, place in enumerate(self.places) if place.origin or place.entrants_only]
        self.keys = [key32(name) for name in self.place_ids]
        study = spec.scenario.study
        self.city, self.strata = self.place_ids.index(study.city), study.strata
        self.stock: dict[tuple[int, int], float] = {}
        """Firms at the start by sector and origin."""
        self.partners: Table = []
        """Weights of sectors among each sector's customers and suppliers."""
        self.start = spec.scenario.start
        self.start_year = self.start.index / 4
        self.raw = sorted({name for place in self.places for name in place.resources})
        self._measure()
        self._industry()
        self._inputs()

    @cached_property
    def first_roads(self) -> Roads:
        """The access of the first quarter with no policy in force."""
        return self.roads(0, self.levers(None))

    def count(self, firms: dict[tuple[int, int, int], float]) -> None:
        """Take note of the firms of the stock by sector, origin and class, which policies may know too."""
        studied = [o for o in self.origins if not self.places[o].entrants_only]
        counts = np.zeros((len(studied), len(self.sectors), 4))
        for (s, o, z), number in firms.items():
            counts[studied.index(o), s, z] = number
            self.stock[s, o] = self.stock.get((s, o), 0.0) + number
        self.site = Site(
            tuple(self.place_ids), tuple(self.sector_ids), tuple(self.component_ids),
            tuple(sorted(self.spec.world.network.lines)), origins=tuple(self.place_ids[o] for o in studied),
            firms=counts, reviewed=1 - (1 - self.parameters.review_hazard) ** 4, modes=self.parameters.outreach,
        )  # fmt: skip

    def _measure(self) -> None:
        """Prepare distances and routes."""
        lon, lat = [place.lon for place in self.places], [place.lat for place in self.places]
        network, time = self.spec.world.network, self.parameters.value_of_time
        self.routes = AccessTable(network, self.place_ids, lon, lat, value_of_time=time)
        points = self.routes.points
        rows = points.places.tolist()
        self.km: Table = [[float(points.km[one, two]) for two in rows] for one in rows]
        decay = self.parameters.neighbour_decay
        self.nearness: Table = [[math.exp(-((km / decay) ** 2)) for km in row] for row in self.km]
        """How much suppliers in a place count in another."""
        pooling = self.parameters.pooling_decay
        self.pooling: Table = [[math.exp(-((km / pooling) ** 2)) for km in row] for row in self.km]
        """How much industry in a place counts as own industry in another."""
        opening = (TransportLink, LogisticsPlatform)
        policies = [policy for policy in self.spec.policies.values() if isinstance(policy, opening)]
        self.named_lines = sorted({line for policy in policies for line in policy.lines})
        self._roads: dict[frozenset[str], Roads] = {}

    def growth(self, place: Place) -> float:
        """Return the yearly growth of the wage in a place."""
        by_belt = {
            Belt.COAST: self.parameters.wage_growth_coast,
            Belt.CENTRAL: self.parameters.wage_growth_central,
            Belt.WEST: self.parameters.wage_growth_west,
            Belt.NORTHEAST: self.parameters.wage_growth_northeast,
        }
        return by_belt[place.belt]

    def _industry(self) -> None:
        """Work out output and wages at the start."""
        back = self.start_year - self.spec.world.base_year
        grown = (1 + self.parameters.organic_growth) ** back
        weights = [sector.gross_output for sector in self.sectors]
        self.gdp = [0.0 if place.entrants_only else place.gdp for place in self.places]
        self.industry = [
            gdp * place.secondary_share * place.manufacturing_ratio * grown
            for gdp, place in zip(self.gdp, self.places, strict=True)
        ]
        self.output: Table = []
        for place, industry in zip(self.places, self.industry, strict=True):
            mix = [w * place.specialisation.get(name, 1.0) for w, name in zip(weights, self.sector_ids, strict=True)]
            self.output.append([industry * share / sum(mix) for share in mix])
        self.wage = [p.wage * p.wage_correction * (1 + self.growth(p)) ** back for p in self.places]
        self.mean_wage = self.by_industry(self.wage)
        self.mean_tariff = self.by_industry([place.power_tariff for place in self.places])
        sites = sum(place.sites for place in self.places if not place.entrants_only)
        self.total_output = [sum(row[s] for row in self.output) for s in range(len(self.sectors))]
        self.mean_output = [total / sites for total in self.total_output]

    def local_share(self, years: float) -> float:
        """Return the share of a plant's taxes that its city receives, so many years after the start."""
        reformed = self.start_year + years >= self.parameters.tax_reform_year
        return self.parameters.local_tax_share_2016 if reformed else self.parameters.local_tax_share

    def by_industry(self, values: Row) -> float:
        """Return the mean over places, weighted by industry at the start."""
        return sum(v * w for v, w in zip(values, self.industry, strict=True)) / sum(self.industry)

    def _inputs(self) -> None:
        """Work out what each sector needs: shares of tradable inputs, sectors first and then key components."""
        row = {name: s for s, name in enumerate(self.sector_ids)}
        self.maker = [*range(len(self.sectors)), *(row[component.made_by] for component in self.components)]
        self.made_share = [1.0] * len(self.sectors) + [component.carrier_share for component in self.components]
        self.presence: Table = [
            [float(name.split(".")[1] not in place.lacks) for name in self.component_ids] for place in self.places
        ]
        self.tradable = [sum(share for name, share in sector.inputs.items() if name in row) for sector in self.sectors]
        self.need: list[dict[int, float]] = [self._needs(name) for name in self.sector_ids]

    def _needs(self, sector_id: str) -> dict[int, float]:
        sector = self.spec.world.sectors[sector_id]
        large = [sector.inputs.get(name, 0.0) for name in self.sector_ids]
        large = [share if share > self.parameters.small_input else 0.0 for share in large]
        need = {s: share / sum(large) for s, share in enumerate(large) if share}
        for c, name in enumerate(self.component_ids):
            if name.split(".")[0] == sector_id:
                x = len(self.sectors) + c
                part = min(self.components[c].input_share, need.get(self.maker[x], 0.0))
                if part:
                    need[x] = part
                    need[self.maker[x]] -= part
        return {x: share for x, share in need.items() if share}

    def roads(self, quarter: int, levers: Levers) -> Roads:
        """Return the access of a quarter; lines that a policy names follow it, others their dates."""
        day = (self.start + quarter).first_day
        opening = dict(zip(self.site.lines, levers["line_open"].tolist(), strict=True))
        opened = {name: dt.date.min if opening[name] else dt.date.max for name in self.named_lines}
        lines = self.routes.open_lines(day, opened)
        if lines not in self._roads:
            access = self.routes.at(lines)
            km, gdp = access.freight_km.tolist(), self.gdp
            market = [sum(d * g for d, g in zip(row, gdp, strict=True)) / sum(gdp) for row in km]
            bulk = access.bulk_km.tolist()
            self._roads[lines] = Roads(
                access.hours.tolist(), access.fare.tolist(), km, access.freight_hours.tolist(),
                access.port_km.tolist(), access.port_hours.tolist(), market,
                access.bulk_port_km.tolist(), access.bulk_port_hours.tolist(),
                [sum(d * g for d, g in zip(row, gdp, strict=True)) / sum(gdp) for row in bulk],
                {name: self._raw_way(name, bulk) for name in self.raw},
            )  # fmt: skip
        return self._roads[lines]

    def _raw_way(self, name: str, km: Table) -> Row:
        """Return how far a raw material comes, in mean hauls, by place: from the source that is best."""
        places, mean = range(len(self.places)), self.parameters.bulk_mean_haul
        lacking = [1 - place.resources.get(name, 0.0) for place in self.places]
        return [min(lacking[q] + km[q][p] / mean for q in places) for p in places]

    def levers(self, quarter: int | None) -> Levers:
        """Return the levers of a quarter, with no policy in force for None."""
        sizes = {"place": len(self.places), "sector": len(self.sectors), "class": len(self.site.classes),
                 "component": len(self.components), "line": len(self.site.lines),
                 "origin": len(self.site.origins), "owner": 4}  # fmt: skip
        levers = Levers(sizes)  # type: ignore[arg-type]
        if quarter is not None:
            changes = []
            for policy in self.in_force(quarter):
                changes += policy.changes(self.site, self.start + quarter - policy.start)
            levers.apply(changes)
        return levers

    def in_force(self, quarter: int) -> list:
        """Return the policies that act in a quarter."""
        return [policy for policy in self.spec.policies.values() if policy.on and policy.in_force(self.start + quarter)]


def as_lists(levers: Levers) -> dict[str, list]:
    """Return the levers as nested lists by name."""
    return {name: levers[name].tolist() for name in LEVERS}


def siblings(world: World, p: int) -> list[int]:
    """Return the other members of a place's group."""
    group = world.places[p].group
    return [q for q, place in enumerate(world.places) if group and q != p and place.group == group]
