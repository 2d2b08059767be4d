"""Which figures of a city to fill in first. Measured by experiments/chenzhou-questions/figures.py."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class First:
    """A figure, how much hangs on it, and where it is found."""

    field: str
    """Field of a place."""
    swing: str
    """Change of the city's expected share over the range of the figure, % of that share."""
    where: str
    """Where it is found."""


ORDER = (
    First(
        "park_land", "39", "bureau of land and resources: serviced land in all parks and zones, at the start of 2008"
    ),
    First("gdp", "32", "city statistical yearbook; China City Statistical Yearbook 2011"),
    First("standing", "27", "follows from GDP; more for a city that investors know better than its size says"),
    First("secondary_share", "11", "city statistical yearbook"),
    First("manufacturing_ratio", "10", "gross output of industry over value added of the secondary sector, yearbook"),
    First("wage", "6", "China City Statistical Yearbook 2011, all urban units"),
    First("fees", "5", "development and reform bureau: charges on firms over their output"),
    First("wage_correction", "4", "wage of manufacturing over that of all urban units, yearbook"),
    First("park_land_growth", "3", "land supply plans: hectares prepared a year"),
    First("power_tariff", "2", "price bureau: large industry, demand charge spread over use"),
    First("capital_subsidy", "2", "investment bureau: what the usual package pays of an investment"),
    First("floor_space", "2", "park offices: standard factories standing at the start"),
    First("floor_space_growth", "1", "park offices: standard factories built a year"),
    First("talent", "1", "census: tertiary schooling against that of Wuhan or Changsha"),
    First("resources", "below 1", "mines, farming, refineries that supply industry on the spot"),
    First("credibility", "below 1", "investment bureau: incentives paid over incentives promised"),
    First("approval_days", "below 1", "one-window office: days from contract to last permit; it speeds what is signed"),
    First("tax_holiday", "below 1", "tax bureau: local part forgone in the usual package"),
    First("land_price", "below 1", "land market notices: price of industrial land"),
    First("clearance_days", "below 1", "customs"),
    First("floor_rent", "below 1", "park offices"),
    First(
        "specialisation",
        "below 1",
        "output by sector, economic census 2008, over the national share; decides which sectors come",
    ),
    First(
        "lacks",
        "below 1",
        "whoever knows the factories: links of each chain that nobody makes there; decides which sectors come",
    ),
    First("park_occupied", "0", "park offices; a full city cannot take what wishes to come"),
    First("floor_occupied", "0", "park offices; the same"),
    First("revenue", "0", "finance bureau: local general budget; it bounds what is paid"),
    First("population", "0", "census 2010; it bounds labour"),
)
"""Figures, those that matter most first."""
