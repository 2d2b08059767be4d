"""The world as columns: places and sectors as arrays, sorted by id.

Axes everywhere: P places, S sectors, O origins (a subset of the places), Z classes of firms, X inputs that a sector may
need (the sectors, then the key components). Money in 1e8 yuan of the base year, output per year. These columns never
change in a run; what changes is `relocsim.world.state`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

import numpy as np

from relocsim.streams import key32
from relocsim.world.description import Belt, Component, OutsideOwner, Place, Rule, WorldDescription
from relocsim.world.routes import great_circle

LABOUR_OF = {
    Belt.COAST: "wage_growth_coast",
    Belt.CENTRAL: "wage_growth_central",
    Belt.WEST: "wage_growth_west",
    Belt.NORTHEAST: "wage_growth_northeast",
}
RULES = tuple(Rule)
"""Rules of governments, in the order of their codes."""


@dataclass(frozen=True)
class Places:
    """Columns of places, each (P,) unless said otherwise; units as in `description.Place`."""

    ids: tuple[str, ...]
    keys: np.ndarray
    """32-bit key of each id, the address of its draws."""
    origins: np.ndarray
    """Rows of the places whose firms are studied or that send entrants, (O,)."""
    studied: np.ndarray
    """Whether an origin has a stock of firms under study, (O,)."""
    destination: np.ndarray
    sites: np.ndarray
    lon: np.ndarray
    lat: np.ndarray
    km: np.ndarray
    """Great-circle distances, (P, P)."""
    province: np.ndarray
    """Code of the province."""
    coast: np.ndarray
    gdp: np.ndarray
    population: np.ndarray
    industry: np.ndarray
    """Gross output of manufacturing in 2010, 1e8 yuan/year."""
    wage: np.ndarray
    """Manufacturing wage in 2010, yuan/year."""
    wage_growth: np.ndarray
    land_price: np.ndarray
    floor_rent: np.ndarray
    land: np.ndarray
    land_occupied: np.ndarray
    land_growth: np.ndarray
    floor: np.ndarray
    floor_occupied: np.ndarray
    floor_growth: np.ndarray
    power_tariff: np.ndarray
    talent: np.ndarray
    resources: np.ndarray
    """Endowment with each raw material, (P, R)."""
    approval_days: np.ndarray
    fees: np.ndarray
    credibility: np.ndarray
    capital_subsidy: np.ndarray
    tax_holiday: np.ndarray
    clearance_days: np.ndarray
    revenue: np.ndarray
    rule: np.ndarray
    """Position of each place's rule in `description.Rule`; 0 (passive) where the scenario does not say."""
    group: np.ndarray
    """Code of the group; a place without one is a group of its own."""
    standing: np.ndarray
    owners: np.ndarray
    """Shares of an origin's firms by owner, (P, W), see `levers.OWNERS`."""

    def row(self, place: str) -> int:
        """Return the row of a place id."""
        return self.ids.index(place)

    def from_studied(self, origin: np.ndarray) -> np.ndarray:
        """Return whether positions among the origins are studied ones; -1 (no firm's origin) is not."""
        return np.append(self.studied, False)[origin]

    @property
    def open_to_rivalry(self) -> np.ndarray:
        """Places that compete for what leaves the coast: destinations that are no studied origins, (P,)."""
        found = self.destination.copy()
        found[self.origins[self.studied]] = False
        return found

    @property
    def siblings(self) -> np.ndarray:
        """Whether two places are members of one group, each place its own sibling not, (P, P)."""
        same = self.group[:, None] == self.group
        np.fill_diagonal(same, val=False)
        return same


def places_of(world: WorldDescription) -> Places:
    """Return the columns of the places of `world`, sorted by id."""
    ids = tuple(sorted(world.places))
    rows = [world.places[name] for name in ids]

    def column(field: str) -> np.ndarray:
        return np.array([getattr(row, field) for row in rows], dtype=np.float64)

    lon, lat = column("lon"), column("lat")
    origins = np.array([at for at, row in enumerate(rows) if row.origin or row.entrants_only], dtype=np.intp)
    real = np.array([not row.entrants_only for row in rows], dtype=np.float64)
    provinces = sorted({row.province for row in rows})
    growth = world.parameters
    return Places(
        ids=ids,
        keys=np.array([key32(name) for name in ids], dtype=np.uint64),
        origins=origins,
        studied=np.array([not rows[at].entrants_only for at in origins], dtype=bool),
        destination=np.array([row.destination for row in rows], dtype=bool),
        sites=column("sites"),
        lon=lon,
        lat=lat,
        km=great_circle(lon, lat),
        province=np.array([provinces.index(row.province) for row in rows]),
        coast=np.array([row.belt is Belt.COAST for row in rows], dtype=bool),
        gdp=column("gdp") * real,
        population=column("population") * real,
        industry=column("gdp") * column("secondary_share") * column("manufacturing_ratio") * real,
        wage=column("wage") * column("wage_correction"),
        wage_growth=np.array([getattr(growth, LABOUR_OF[row.belt]) for row in rows]),
        land_price=column("land_price"),
        floor_rent=column("floor_rent"),
        land=column("park_land"),
        land_occupied=column("park_occupied"),
        land_growth=column("park_land_growth"),
        floor=column("floor_space"),
        floor_occupied=column("floor_occupied"),
        floor_growth=column("floor_space_growth"),
        power_tariff=column("power_tariff"),
        talent=column("talent"),
        resources=np.array([[row.resources.get(name, 0.0) for name in raw_materials(world)] for row in rows]),
        approval_days=column("approval_days"),
        fees=column("fees"),
        credibility=column("credibility"),
        capital_subsidy=column("capital_subsidy"),
        tax_holiday=column("tax_holiday"),
        clearance_days=column("clearance_days"),
        revenue=column("revenue"),
        rule=np.array([RULES.index(row.rule or Rule.PASSIVE) for row in rows]),
        group=_groups(ids, rows),
        standing=column("standing"),
        owners=_owners(rows),
    )


def _owners(rows: list[Place]) -> np.ndarray:
    """Return the shares of firms by owner, (P, W); what is not named is private."""
    named = np.array([[row.owners.get(owner, 0.0) for owner in get_args(OutsideOwner)] for row in rows])
    private = np.maximum(0.0, 1 - named.sum(axis=1, keepdims=True))
    return np.hstack([private, named])


def _groups(ids: tuple[str, ...], rows: list[Place]) -> np.ndarray:
    """Return the code of each place's group, (P,); named groups first."""
    named = sorted({row.group for row in rows if row.group})
    return np.array([named.index(row.group) if row.group else len(named) + at for at, row in enumerate(rows)])


@dataclass(frozen=True)
class Sectors:
    """Columns of sectors, each (S,) unless said otherwise; shares of gross output."""

    ids: tuple[str, ...]
    gross_output: np.ndarray
    labour: np.ndarray
    tax: np.ndarray
    export: np.ndarray
    electricity: np.ndarray
    freight: np.ndarray
    tradable: np.ndarray
    """Inputs from the manufacturing sectors of the table."""
    resources: tuple[str, ...]
    """Raw materials that some place is endowed with, sorted, (R,)."""
    resource_input: np.ndarray
    """Input of each raw material, (S, R)."""
    resource_freight: np.ndarray
    """What the mean haul of bulk adds to the price of each, yuan per 100, (R,)."""
    bulk: np.ndarray
    """Share of freight that is bulk."""
    skilled: np.ndarray
    """Share of the wage bill that is skilled."""
    other: np.ndarray
    """Everything that costs the same everywhere."""
    capital_ratio: np.ndarray
    land_use: np.ndarray
    floor_use: np.ndarray
    rents_floor: np.ndarray
    workers: np.ndarray
    trips: np.ndarray
    firm_output: np.ndarray
    pollution: np.ndarray
    components: tuple[str, ...]
    """Key components as `sector.component`, sorted, (X - S,)."""
    need: np.ndarray
    """Weight of each input in a sector's tradable inputs, rows sum to one, (S, X)."""
    maker: np.ndarray
    """Sector that makes each input, (X,)."""
    made_share: np.ndarray
    """Share of that sector's output which is the input, (X,)."""


def sectors_of(world: WorldDescription) -> Sectors:
    """Return the columns of the sectors of `world`, sorted by id."""
    ids = tuple(sorted(world.sectors))
    rows = [world.sectors[name] for name in ids]

    def column(field: str) -> np.ndarray:
        return np.array([getattr(row, field) for row in rows], dtype=np.float64)

    direct = np.array([[row.inputs.get(supplier, 0.0) for supplier in ids] for row in rows])
    parts = [(f"{name}.{key}", part) for name in ids for key, part in sorted(world.sectors[name].components.items())]
    listed = column("labour_share") + column("net_tax_share") + column("electricity_share") + column("freight_share")
    makers = [ids.index(part.made_by) for _, part in parts]
    raw = raw_materials(world)
    raw_input = np.array([[row.inputs.get(name, 0.0) for name in raw] for row in rows])
    left = 1 - column("operating_surplus_share") - direct.sum(axis=1) - raw_input.sum(axis=1) - listed
    return Sectors(
        ids=ids,
        gross_output=column("gross_output"),
        labour=column("labour_share"),
        tax=column("net_tax_share"),
        export=column("export_share"),
        electricity=column("electricity_share"),
        freight=column("freight_share"),
        tradable=direct.sum(axis=1),
        resources=raw,
        resource_input=raw_input,
        resource_freight=np.array([world.parameters.resource_freight[name] for name in raw]),
        bulk=column("bulk_share"),
        skilled=column("skilled_share"),
        other=np.maximum(0.0, left),
        capital_ratio=column("capital_ratio"),
        land_use=column("land_use"),
        floor_use=column("floor_use"),
        rents_floor=column("rents_floor"),
        workers=column("workers"),
        trips=column("trips"),
        firm_output=column("firm_output"),
        pollution=column("pollution"),
        components=tuple(name for name, _ in parts),
        need=_needs(ids, np.where(direct > world.parameters.small_input, direct, 0.0), parts),
        maker=np.array([*range(len(ids)), *makers], dtype=np.intp),
        made_share=np.array([1.0] * len(ids) + [part.carrier_share for _, part in parts]),
    )


def trading_partners(sectors: Sectors) -> np.ndarray:
    """Return how much each sector (second axis) counts among the customers and suppliers of another (first axis), (S, S).

    Half are customers, by what the sectors of the nation buy of one's output, half suppliers, by what one buys; rows sum to
    one where a sector trades with any.
    """
    size = len(sectors.ids)
    buys = np.zeros((size, size))
    np.add.at(buys.T, sectors.maker, sectors.need.T)
    sells = (buys * (sectors.tradable * sectors.gross_output)[:, None]).T
    sells = sells / np.maximum(sells.sum(axis=1, keepdims=True), 1e-12)
    return (buys + sells) / 2


def raw_materials(world: WorldDescription) -> tuple[str, ...]:
    """Return the inputs that some place is endowed with, sorted; all others cost the same everywhere."""
    return tuple(sorted({name for place in world.places.values() for name in place.resources}))


def _needs(ids: tuple[str, ...], direct: np.ndarray, parts: list[tuple[str, Component]]) -> np.ndarray:
    """Return the weights of sectors' and components' supplies in each sector's tradable inputs, (S, X).

    A component is carved out of the input that its maker supplies, so that it is not counted twice.
    """
    weights = direct / np.maximum(direct.sum(axis=1, keepdims=True), 1e-12)
    carved = np.zeros((len(ids), len(parts)))
    for at, (name, part) in enumerate(parts):
        user, maker = ids.index(name.split(".")[0]), ids.index(part.made_by)
        carved[user, at] = min(part.input_share, weights[user, maker])
        weights[user, maker] -= carved[user, at]
    return np.hstack([weights, carved])
