"""What a world is made of, as its files describe it: places, sectors, network, parameters.

Frozen models, one docstring a field (they are the manual), units declared beside the type. Numbers here are plain
floats: their source, grade and range live in the register of inputs (`relocsim.sources`). This module refuses to read
files and to compute.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field


def number(unit: str, *, ge: float | None = None, gt: float | None = None, le: float | None = None) -> Any:
    """Return the field declaration of a number in `unit`, with its limits."""
    return Field(ge=ge, gt=gt, le=le, allow_inf_nan=False, json_schema_extra={"unit": unit})


Share = Annotated[float, number("share", ge=0, le=1)]
Name = Annotated[str, Field(min_length=1, max_length=80)]
Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$", max_length=60)]


class Described(BaseModel):
    """Base of every part of a description: complete, checked, unchangeable."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)


class Belt(StrEnum):
    """Macro-region, which sets the trend of wages."""

    COAST = "coast"
    CENTRAL = "central"
    WEST = "west"
    NORTHEAST = "northeast"


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
    standing: Annotated[float, number("index", ge=0)]
    """How well known the place is among investors (1 is the average prefecture)."""
    manufacturing_ratio: Annotated[float, number("ratio", gt=0)]
    """Gross output of manufacturing over value added of the secondary sector."""
    specialisation: dict[Identifier, Annotated[float, number("location quotient", ge=0)]] = {}
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
    components: dict[Identifier, Component] = {}
    """Key components and processes, two to four a sector."""


class Mode(StrEnum):
    """Mode of transport of a line."""

    ROAD = "road"
    RAIL = "rail"
    HSR = "hsr"
    RIVER = "river"
    SEA = "sea"
    AIR = "air"


class ModeTerms(Described):
    """What a mode costs and how it is boarded."""

    passengers: bool
    """Whether it carries people."""
    freight: bool
    """Whether it carries goods."""
    board_hours: Annotated[float, number("hours", ge=0)]
    """From the city's centre to a seat: access, queue and half a wait."""
    alight_hours: Annotated[float, number("hours", ge=0)]
    """From the seat to the other city's centre."""
    transfer_hours: Annotated[float, number("hours", ge=0)]
    """From one train (ship, flight) to the next where lines meet."""
    through_hours: Annotated[float, number("hours", ge=0)]
    """Stop of a through train where it passes from one line to another (`Line.through`)."""
    fare: Annotated[float, number("yuan/km", ge=0)]
    """Fare of a person."""
    fixed_fare: Annotated[float, number("yuan", ge=0)]
    """Part of the fare that does not depend on distance."""
    freight_cost: Annotated[float, number("ratio to road", ge=0)]
    """Cost of carrying goods a kilometre, road = 1 (not used where the mode carries none)."""
    freight_handling_km: Annotated[float, number("km of road", ge=0)]
    """Cost of loading on and off the mode, in kilometres of road."""
    freight_handling_hours: Annotated[float, number("hours", ge=0)]
    """Time in terminals, loading and unloading together."""
    freight_speed: Annotated[float, number("km/hour", gt=0)]
    """Speed of goods between terminals (not used where the mode carries none)."""
    detour: Annotated[float, number("ratio", ge=1)]
    """Length of a line over the great circle, where no length is given."""


class Node(Described):
    """A station, port or junction that is not itself a place under study."""

    name: Name
    """English name."""
    lon: Annotated[float, number("degree", ge=-180, le=180)]
    """Longitude."""
    lat: Annotated[float, number("degree", ge=-90, le=90)]
    """Latitude."""


class Line(Described):
    """A line: neighbouring stops in order, and the hours between them."""

    name: Name
    """English name."""
    name_zh: Name
    """Chinese name."""
    mode: Mode
    """Mode of transport."""
    opens: dt.date | None = None
    """Opening date; none: it was there before any scenario."""
    closes: dt.date | None = None
    """Last day of the timetable, where a faster one replaces it."""
    planned: bool = False
    """Not built in the baseline: opens only by a policy."""
    stops: Annotated[tuple[Identifier, ...], Field(min_length=2)]
    """Places or nodes in order."""
    hours: tuple[Annotated[float, number("hours", gt=0)], ...] = ()
    """In-vehicle hours between neighbouring stops, stops on the way included; one fewer than `stops` (none where the
    mode carries goods only: they go at the mode's speed)."""
    fare: Annotated[float, number("yuan/km", ge=0)] | None = None
    """Fare of a person, where it differs from the mode's (D trains are cheaper than G trains)."""
    through: tuple[Identifier, ...] = ()
    """Lines onto which trains run through at a common stop, so that nobody changes there (holds both ways)."""


class Roads(Described):
    """Rule for the road network, which joins neighbouring places and nodes."""

    speed: Annotated[float, number("km/hour", gt=0)]
    """Speed of a car or coach between cities, stops included."""
    detour: Annotated[float, number("ratio", ge=1)]
    """Length of a road over the great circle."""
    neighbours: Annotated[int, Field(ge=1, le=20)]
    """Each place is joined to so many nearest others, and to its neighbours in the Gabriel graph."""
    barred: tuple[tuple[Identifier, Identifier], ...] = ()
    """Pairs that the rule would join but that open water parts."""


class Airways(Described):
    """Rule for scheduled flights: every pair of hubs far enough apart."""

    hubs: tuple[Identifier, ...] = ()
    """Places or nodes with an airport that serves most of the others daily."""
    speed: Annotated[float, number("km/hour", gt=0)]
    """Cruising speed over the great circle."""
    fixed_hours: Annotated[float, number("hours", ge=0)]
    """Taxiing, climb and descent, beyond cruising."""
    least_km: Annotated[float, number("km", ge=0)]
    """Hubs nearer than this have no flights between them."""


class Network(Described):
    """The dated transport network."""

    modes: dict[Mode, ModeTerms]
    """Terms of each mode."""
    roads: Roads
    """The road network."""
    airways: Airways
    """Flights between hubs."""
    nodes: dict[Identifier, Node] = {}
    """Stations, ports and junctions that are not places."""
    ports: tuple[Identifier, ...]
    """Places or nodes where exports leave the country."""
    lines: dict[Identifier, Line]
    """Lines by id."""


class Parameters(Described):
    """Every number of the model that belongs to no place, sector or line."""

    # --- choice ---
    sensitivity: Annotated[float, number("1/(yuan/100 yuan output)", gt=0)]
    """Change of utility for a yuan per 100 yuan of output."""
    nest_lambda: Annotated[float, number("ratio", gt=0, le=1)]
    """Dissimilarity of places within the nest of going elsewhere."""
    mode_mu: Annotated[float, number("ratio", gt=0, le=1)]
    """Dissimilarity of branch and full move in one place; at most nest_lambda."""
    log_size_coefficient: Annotated[float, number("ratio", ge=0)]
    """Coefficient of the log of what a place can serve; 1 by theory (a place stands for many sites)."""
    own_industry_theta: Annotated[float, number("ratio", ge=0)]
    """Coefficient of the log of own-industry output."""
    own_industry_floor: Share
    """Floor of a place's output of a sector relative to the mean place, inside that log."""
    own_province_move: Annotated[float, number("utility", ge=0)]
    """Liking of full moves for the own province (workers, family)."""
    own_province_branch: Annotated[float, number("utility", ge=0)]
    """The same for branches."""
    move_distance: Annotated[float, number("utility per 1000 km", ge=0)]
    """Dislike of full moves for distance."""
    distance_elasticity: Annotated[float, number("elasticity", ge=0)]
    """Fall of the odds of a place with distance from the origin, beside what trips, freight and suppliers cost: language, kin,
    trust and habit, which no railway changes."""
    distance_near: Annotated[float, number("km", gt=0)]
    """Distance at which that fall sets in: odds go with (1 + km / distance_near) to minus the elasticity."""
    moving_cost: Annotated[float, number("share of capital", ge=0)]
    """Cost of moving equipment, stopped production and severance, over fixed capital."""
    sunk_share: Share
    """Share of fixed capital that a full move leaves behind."""
    horizon: Annotated[float, number("years", gt=0)]
    """Years over which one-off costs and incentives are spread."""
    interest: Annotated[float, number("share/year", gt=0)]
    """Cost of capital of a firm."""
    branch_share: Share
    """Capacity of a branch over that of its parent."""
    branch_wait: Annotated[float, number("years", ge=0)]
    """Time before a firm that has placed a branch is reviewed again."""
    # --- demography ---
    review_hazard: Annotated[float, number("share/quarter", gt=0, le=1)]
    """Hazard of a review of location at the cost pressure of the start."""
    review_elasticity: Annotated[float, number("elasticity", ge=0)]
    """Elasticity of that hazard to the rise of cost at the origin."""
    relocation_rate: Annotated[float, number("share/year", gt=0, le=1)]
    """Share of coastal firms whose relocation (branch or full move) comes to production a year, at the start."""
    abroad_rate: Annotated[float, number("share/year", ge=0, le=1)]
    """Share of coastal firms that go abroad in a year, at the start."""
    close_rate: Annotated[float, number("share/year", ge=0, le=1)]
    """Share of coastal firms that close in a year, at the start."""
    entry_rate: Annotated[float, number("share/year", ge=0, le=1)]
    """New firms of the origins a year, over the stock at the start."""
    entry_away_share: Share
    """Share of an origin's new firms that come to produce elsewhere, at the start."""
    inland_entry_rate: Annotated[float, number("share/year", ge=0, le=1)]
    """New inland investors a year, over the stock of the origins at the start."""
    # --- size of firms ---
    size_sigma: Annotated[float, number("log points", gt=0)]
    """Standard deviation of the log of a firm's output within its sector."""
    small_below: Annotated[float, number("ratio to the sector's mean", gt=0)]
    """Below this output a firm is small."""
    large_above: Annotated[float, number("ratio to the sector's mean", gt=0)]
    """Above this output a firm is large."""
    leader_cell_output: Annotated[float, number("1e8 yuan/year", gt=0)]
    """An origin's sector has one leader for every so much output."""
    leader_size: Annotated[float, number("ratio to the sector's mean", gt=0)]
    """Output of a leader."""
    # --- cost sheet ---
    wage_eta: Share
    """Part of a wage gap that is skill: effective labour cost goes with the wage to the power 1 - eta."""
    wage_growth_coast: Annotated[float, number("share/year")]
    """Real growth of wages on the coast."""
    wage_growth_central: Annotated[float, number("share/year")]
    """Real growth of wages in central China."""
    wage_growth_west: Annotated[float, number("share/year")]
    """Real growth of wages in western China."""
    wage_growth_northeast: Annotated[float, number("share/year")]
    """Real growth of wages in the north-east."""
    productivity_growth: Annotated[float, number("share/year")]
    """Growth of output a worker, everywhere."""
    land_price_growth_coast: Annotated[float, number("share/year")]
    """Real growth of industrial land prices and factory rents at coastal places."""
    land_price_growth_inland: Annotated[float, number("share/year")]
    """The same inland."""
    land_rate: Annotated[float, number("share/year", gt=0)]
    """Yearly cost of land over its price."""
    coverage_kappa: Annotated[float, number("share of national output", gt=0)]
    """Local output of an input, over the nation's, at which half of the need is met on the spot."""
    component_kappa: Annotated[float, number("share of national output", gt=0)]
    """The same for key components and processes."""
    coverage_floor: Share
    """Least share of an input that is met on the spot."""
    neighbour_decay: Annotated[float, number("km", gt=0)]
    """Distance at which a neighbour's suppliers count 1/e; they thin out with the square of distance over it."""
    weakest_link_rho: Annotated[float, number("exponent", le=1)]
    """Exponent of the mean of coverage over inputs; below zero one missing link caps the chain."""
    mean_haul: Annotated[float, number("km", gt=0)]
    """Haul at which a sector pays the freight share of the input-output table."""
    sourcing_friction: Annotated[float, number("yuan/100 yuan of inputs", ge=0)]
    """Search, quality control and delay of buying from a supplier eight hours away."""
    new_supplier_cost: Annotated[float, number("yuan/100 yuan of inputs", ge=0)]
    """Finding and qualifying suppliers where the firm has none yet (its origin's it knows)."""
    small_input: Share
    """Inputs below this share of output do not count in depth."""
    inventory_cost: Annotated[float, number("yuan/100 yuan of goods/day", ge=0)]
    """Capital tied up in goods on the way."""
    value_of_time: Annotated[float, number("yuan/hour", gt=0)]
    """Value of an hour of travelling staff."""
    overnight_cost: Annotated[float, number("yuan", ge=0)]
    """Cost of a trip that cannot return the same day, beyond fare and hours."""
    same_day_hours: Annotated[float, number("hours", gt=0)]
    """One-way door-to-door time above which a return on the same day becomes impossible."""
    same_day_width: Annotated[float, number("hours", gt=0)]
    """Width of that step."""
    trip_size_elasticity: Annotated[float, number("elasticity", le=0)]
    """Elasticity of trips per output to a firm's output."""
    land_to_worker: Annotated[float, number("workers/ha", gt=0)]
    """Workers that a hectare of park serves, for the size of a place."""
    floor_to_worker: Annotated[float, number("m2/worker", gt=0)]
    """Floor that a worker takes, for the size of a place."""
    labour_pool_share: Share
    """Share of the population that industry could employ."""
    # --- incentives and tax ---
    holiday_years: Annotated[float, number("years", gt=0)]
    """Length of a tax holiday."""
    local_tax_share: Share
    """Share of the taxes of a plant that its city receives."""
    # --- awareness ---
    awareness_base: Annotated[float, number("contacts/year", ge=0)]
    """Contact intensity of a place of average standing."""
    awareness_proximity: Annotated[float, number("contacts/year", ge=0)]
    """Added intensity of a place at no distance."""
    awareness_decay: Annotated[float, number("1/hour", ge=0)]
    """Decay of that with passenger hours."""
    awareness_past: Annotated[float, number("years", ge=0)]
    """Years of contact that firms have behind them at the start."""
    # --- delivery ---
    sign_hazard: Annotated[float, number("share/quarter", gt=0, le=1)]
    """Intentions that are signed in a quarter."""
    honour_hazard: Annotated[float, number("share/quarter", gt=0, le=1)]
    """Signed projects that are honoured (carried out) in a quarter."""
    ground_hazard: Annotated[float, number("share/quarter", gt=0, le=1)]
    """Honoured projects that break ground in a quarter, at reference approval time."""
    produce_hazard: Annotated[float, number("share/quarter", gt=0, le=1)]
    """Projects under construction that start producing in a quarter."""
    sign_loss: Annotated[float, number("share/quarter", ge=0, le=1)]
    """Intentions that fall away in a quarter."""
    honour_loss: Annotated[float, number("share/quarter", ge=0, le=1)]
    """Signed projects that fall away in a quarter."""
    ground_loss: Annotated[float, number("share/quarter", ge=0, le=1)]
    """Honoured projects that fall away in a quarter."""
    produce_loss: Annotated[float, number("share/quarter", ge=0, le=1)]
    """Projects under construction that fall away in a quarter."""
    approval_reference: Annotated[float, number("days", gt=0)]
    """Approval time at which `ground_hazard` holds."""
    approval_elasticity: Annotated[float, number("elasticity", ge=0)]
    """Elasticity of breaking ground to approval time (slower approvals, slower start)."""
    # --- feedback ---
    wage_tightness: Annotated[float, number("elasticity", ge=0)]
    """Elasticity of the wage to employment brought in, over the labour pool."""
    rent_occupancy: Annotated[float, number("elasticity", ge=0)]
    """Elasticity of rents and land prices to park occupancy."""
    organic_growth: Annotated[float, number("share/year")]
    """Real growth of settled plants' and local firms' output."""


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
