"""The parameters of the cost sheet, with their units; values live in YAML."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from relocsim.world.described import Described, Identifier, Share, number


class CostTerms(Described):
    """Every number of the cost sheet that belongs to no place, sector or line."""

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
    delay_cost: Annotated[float, number("yuan/100 yuan of exports/day", ge=0)]
    """What a day at customs costs an exporter: a missed ship, a late delivery, capital tied up."""
    bulk_mean_haul: Annotated[float, number("km of road", gt=0)]
    """Haul of bulk goods, by the cheapest mix of modes, at which a sector pays the freight share of the table."""
    resource_freight: dict[Identifier, Annotated[float, number("yuan/100 yuan of the resource", ge=0)]] = Field({})
    """What bringing a raw material over the mean haul of bulk adds to its price."""
    skill_premium: Annotated[float, number("ratio", ge=0)]
    """What skilled staff that a place lacks cost more than those found on the spot."""
    siphon_strength: Annotated[float, number("ratio", ge=0)]
    """How far talent thins out (in logs) as the pull of the strongest hub rises by one since the start."""
    siphon_decay: Annotated[float, number("1/hour", ge=0)]
    """Decay of a hub's pull with passenger hours."""
    startup_size: Annotated[float, number("ratio to the sector's mean", ge=0)]
    """Output of a start-up of talent that was brought in."""
    land_to_worker: Annotated[float, number("workers/ha", gt=0)]
    """Workers that a hectare of park serves, for the size of a place."""
    floor_to_worker: Annotated[float, number("m2/worker", gt=0)]
    """Floor that a worker takes, for the size of a place."""
    labour_pool_share: Share
    """Share of the population that industry could employ."""
