"""Units as each language writes them: those of schemas and of observables. One that is not known stays as it is."""

from __future__ import annotations

from relocsim.language.words import Words, message

UNITS = frozenset(
    (
        message("%"), message("% a year"), message("% of investment"), message("1/(yuan/100 yuan output)"),
        message("1/hour"), message("10k persons"), message("1e4 m2"),
        message("1e4 m2 per 1e8 yuan of yearly output"), message("1e4 m2/ha"), message("1e4 m2/year"),
        message("1e8 kWh/year"), message("1e8 yuan"), message("1e8 yuan a unit and year"),
        message("1e8 yuan per 1e8 kWh/year"), message("1e8 yuan per component"), message("1e8 yuan per leader"),
        message("1e8 yuan per leader and year"), message("1e8 yuan per share of emissions"),
        message("1e8 yuan/1e4 m2"), message("1e8 yuan/ha"), message("1e8 yuan/ha/year"), message("1e8 yuan/year"),
        message("contact intensity"), message("contact intensity a firm and year"),
        message("contact intensity a leader and year"), message("contacts a unit and year"),
        message("contacts/year"), message("days"), message("degree"), message("elasticity"),
        message("emission units per 1e8 yuan of yearly output"), message("exponent"), message("firms"),
        message("firms per leader"), message("firms per place"), message("ha"),
        message("ha per 1e8 yuan of yearly output"), message("ha/year"), message("hours"), message("index"),
        message("km"), message("km of road"), message("km/hour"), message("leaders"), message("location quotient"),
        message("log points"), message("m2/worker"), message("mean hauls"), message("per 100 branches"),
        message("percentage points"), message("persons"), message("persons per 1e8 yuan of yearly output"),
        message("plants"), message("prefectures"), message("projects/year"), message("quarters"), message("ratio"),
        message("ratio to road"), message("ratio to the sector's mean"),
        message("return trips per 1e6 yuan of yearly output"), message("share"), message("share of capital"),
        message("share of fees"), message("share of investment"), message("share of local tax"),
        message("share of national output"), message("share of recruited output"), message("share of revenue"),
        message("share of the emissions at the start"), message("share of the labour pool"),
        message("share of usual effort"), message("share/quarter"), message("share/year"), message("start-ups/year"),
        message("units of effort a year"), message("units of the mode a year"), message("utility"),
        message("utility per 1000 km"), message("visits/firm"), message("visits/signing"), message("weight"),
        message("workers/ha"), message("year"), message("years"), message("yuan"),
        message("yuan of fixed capital per yuan of yearly output"), message("yuan per 100"),
        message("yuan/100 yuan of exports/day"), message("yuan/100 yuan of goods/day"),
        message("yuan/100 yuan of inputs"), message("yuan/100 yuan of sales"),
        message("yuan/100 yuan of the resource"), message("yuan/100 yuan output"), message("yuan/hour"),
        message("yuan/job"), message("yuan/kWh"), message("yuan/km"), message("yuan/m2"), message("yuan/m2/month"),
        message("yuan/person"), message("yuan/year"),
    )
)  # fmt: skip


def unit_label(words: Words, unit: str) -> str:
    """Return a unit as the language writes it."""
    return words(unit) if unit in UNITS else unit
