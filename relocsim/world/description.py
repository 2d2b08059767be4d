"""What a world is made of, as its files describe it: places, sectors, network, parameters.

Frozen models, one docstring a field (they are the manual), units declared beside the type. Numbers here are plain
floats: their source, grade and range live in the register of inputs (`relocsim.sources`). This module refuses to read
files and to compute.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from relocsim.world.described import Described, Identifier, Name, Share, number
from relocsim.world.lines import Network
from relocsim.world.parameters import Parameters

OutsideOwner = Literal["hong_kong_taiwan", "foreign", "state_owned"]
"""Owners other than private ones of the mainland (`levers.OWNERS`)."""


class Belt(StrEnum):
    """Macro-region, which sets the trend of wages."""

    COAST = "coast"
    CENTRAL = "central"
    WEST = "west"
    NORTHEAST = "northeast"


class Rule(StrEnum):
    """How a government behaves when nobody orders a policy."""

    PASSIVE = "passive"
    IMITATE = "imitate"
    BEST_RESPONSE = "best_response"
    ASSESSMENT = "assessment"


class Place(Described):
    """A city, or a composite of many: where firms come from and where they may go."""

    name: Name
    """English name."""
    name_zh: Name
    """Chinese name."""
    province: Name
    """Province, in English; full moves have a liking for their own."""
    belt: Belt
    """Macro-region, which sets the trend of wages."""
    origin: bool = False
    """Whether its firms are studied as possible movers."""
    entrants_only: bool = False
    """An origin of new investors only (inland ones), with no stock of firms under study."""
    destination: bool = True
    """Whether firms may choose it."""
    region: Name | None = None
    """Coastal region of an origin: Pearl River Delta, Yangtze Delta, SE Fujian, Bohai Rim."""
    lon: Annotated[float, number("degree", ge=-180, le=180)]
    """Longitude."""
    lat: Annotated[float, number("degree", ge=-90, le=90)]
    """Latitude."""
    sites: Annotated[float, number("prefectures", gt=0)] = 1.0
    """How many prefectures the place stands for (composites more than one)."""
    population: Annotated[float, number("10k persons", gt=0)]
    """Resident population, census of 2010 (all sites together)."""
    gdp: Annotated[float, number("1e8 yuan", gt=0)]
    """GDP of 2010 (all sites together)."""
    secondary_share: Share
    """Share of industry and construction in GDP, 2010."""
    wage: Annotated[float, number("yuan/year", gt=0)]
    """Average wage of urban units in 2010."""
    wage_correction: Annotated[float, number("ratio", gt=0, le=3)] = 1.0
    """Manufacturing wage over the wage of all urban units."""
    land_price: Annotated[float, number("yuan/m2", gt=0)]
    """Price of serviced industrial land at the start, for its whole term."""
    floor_rent: Annotated[float, number("yuan/m2/month", gt=0)]
    """Rent of standard factory floor at the start."""
    park_land: Annotated[float, number("ha", ge=0)]
    """Serviced industrial land at the start, occupied or not (all sites together)."""
    park_occupied: Share
    """Share of it that is occupied at the start."""
    park_land_growth: Annotated[float, number("ha/year", ge=0)]
    """Serviced industrial land that the place prepares a year without any policy."""
    floor_space: Annotated[float, number("1e4 m2", ge=0)]
    """Standard factory floor at the start, occupied or not (all sites together)."""
    floor_occupied: Share
    """Share of it that is occupied at the start."""
    floor_space_growth: Annotated[float, number("1e4 m2/year", ge=0)]
    """Standard factory floor that the place builds a year without any policy."""
    power_tariff: Annotated[float, number("yuan/kWh", gt=0)]
    """Price of electricity for large industry at the start."""
    talent: Share = 1.0
    """Share of skilled posts that can be filled on the spot at the usual wage, at the start."""
    resources: dict[Identifier, Share] = Field({})
    """How far the need of a raw material is met on the spot, where it is."""
    approval_days: Annotated[float, number("days", ge=0)]
    """Days from signing to having every permit."""
    fees: Annotated[float, number("yuan/100 yuan output", ge=0)]
    """Administrative fees and charges on production."""
    credibility: Share
    """Share of promised incentives that firms expect to be paid."""
    capital_subsidy: Annotated[float, number("share of investment", ge=0, le=1)]
    """Subsidy in the usual package of the place, as a share of investment."""
    tax_holiday: Annotated[float, number("share of local tax", ge=0, le=1)]
    """Share of the local part of taxes forgone in the usual package, over the holiday's years."""
    clearance_days: Annotated[float, number("days", ge=0)]
    """Days that clearing customs adds to an export from here."""
    revenue: Annotated[float, number("1e8 yuan/year", ge=0)]
    """Local general budget revenue at the start."""
    rule: Rule | None = None
    """How its government answers rivals: passive, imitate, best_response or assessment; none: as the scenario says."""
    group: Identifier | None = None
    """Group that it belongs to (counties of one city, cities of a province); members are each other's siblings."""
    standing: Annotated[float, number("index", ge=0)]
    """How well known the place is among investors (1 is the average prefecture)."""
    owners: dict[OutsideOwner, Share] = Field({})
    """Shares of the firms of an origin that are not in private mainland hands; the rest are."""
    manufacturing_ratio: Annotated[float, number("ratio", gt=0)]
    """Gross output of manufacturing over value added of the secondary sector."""
    specialisation: dict[Identifier, Annotated[float, number("location quotient", ge=0)]] = Field({})
    """Location quotient of a sector's output where it is known to differ from one."""
    lacks: tuple[Identifier, ...] = ()
    """Key components or processes that nobody in the place makes."""


class Component(Described):
    """A key component or process of a sector, which a place may lack altogether."""

    name: Name
    """English name."""
    name_zh: Name
    """Chinese name."""
    made_by: Identifier
    """Sector whose output holds it."""
    carrier_share: Share
    """Share of that sector's output, in a place that does not lack it."""
    input_share: Share
    """Share of the using sector's tradable inputs."""


class Sector(Described):
    """A manufacturing sector, per unit of gross output (shares: input-output table of 2007)."""

    name: Name
    """English name."""
    name_zh: Name
    """Chinese name."""
    gross_output: Annotated[float, number("1e8 yuan", gt=0)]
    """National gross output, 2007."""
    labour_share: Share
    """Compensation of employees over gross output."""
    net_tax_share: Share
    """Net taxes on production over gross output."""
    depreciation_share: Share
    """Depreciation over gross output."""
    operating_surplus_share: Share
    """Operating surplus over gross output."""
    export_share: Share
    """Exports over gross output."""
    energy_share: Share
    """Energy inputs over gross output."""
    electricity_share: Share
    """Electricity and heat over gross output."""
    freight_share: Share
    """Freight transport bought over gross output."""
    business_services_share: Share
    """Business services over gross output."""
    finance_share: Share
    """Financial services over gross output."""
    inputs: dict[Identifier, Share]
    """Input of each supplying sector per unit of output."""
    bulk_share: Share = 0.0
    """Share of freight that can go by water or in whole trains."""
    skilled_share: Share = 0.0
    """Share of the wage bill that goes to skilled staff."""
    capital_ratio: Annotated[float, number("yuan of fixed capital per yuan of yearly output", gt=0)]
    """Investment that a new plant takes."""
    land_use: Annotated[float, number("ha per 1e8 yuan of yearly output", gt=0)]
    """Industrial land of a plant that builds for itself."""
    floor_use: Annotated[float, number("1e4 m2 per 1e8 yuan of yearly output", gt=0)]
    """Factory floor of a plant."""
    rents_floor: Share
    """Share of projects that rent standard factory floor and take no land."""
    workers: Annotated[float, number("persons per 1e8 yuan of yearly output", gt=0)]
    """Employment."""
    trips: Annotated[float, number("return trips per 1e6 yuan of yearly output", ge=0)]
    """Face-to-face trips between plant and headquarters or customers, in a medium firm."""
    firm_output: Annotated[float, number("1e8 yuan/year", gt=0)]
    """Mean yearly output of a firm above designated size."""
    pollution: Annotated[float, number("emission units per 1e8 yuan of yearly output", ge=0)] = 1.0
    """Water and air pollutants in one index; about 1 is the mean of industry."""
    components: dict[Identifier, Component] = Field({})
    """Key components and processes, two to four a sector."""


class WorldDescription(Described):
    """Everything that a world's files say."""

    name: Name
    """Title of the world."""
    base_year: Annotated[int, Field(ge=1978, le=2100)]
    """Money is in yuan of this year."""
    places: dict[Identifier, Place]
    """Places by id."""
    sectors: dict[Identifier, Sector]
    """Sectors by id."""
    network: Network
    """The transport network."""
    parameters: Parameters
    """Numbers that belong to no place, sector or line."""
