"""Every figure of a new place by a rule from what is given, which its note states.

Sizes go by the city's weight against that of the place it is like; all else is taken over. Ranges are wider than those
of places that somebody looked at. This module refuses to write files.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from relocsim.spec.changes import WORLD
from relocsim.spec.nodes import Plain
from relocsim.spec.shapes import Number, shape_at
from relocsim.template.asked import Asked, City, refusal

BY_INDUSTRY = {"park_land": "x/2", "park_land_growth": "x/2", "floor_space": "x/2.5", "floor_space_growth": "x/2.5"}
"""Sizes that go by value added of secondary industry, and their spread."""
BY_GDP = {"revenue": "x/1.5", "population": "x/1.3"}
"""Sizes that go by GDP, and their spread."""
TAKEN_OVER = {
    "gdp": "x/1.5", "secondary_share": "+-15%", "wage": "+-15%", "wage_correction": "+-15%", "land_price": "x/1.4",
    "floor_rent": "x/1.4", "park_occupied": "+-12%", "floor_occupied": "+-12%", "power_tariff": "+-15%", "talent": "+-30%",
    "approval_days": "x/1.5", "fees": "x/2.2", "credibility": "+-15%", "capital_subsidy": "x/1.8", "tax_holiday": "+-50%",
    "clearance_days": "x/1.5", "manufacturing_ratio": "x/1.4",
}  # fmt: skip
"""Figures that are those of the place it is like, and their spread."""
TABLES = {"resources": "+-50%", "specialisation": "x/2"}
"""Tables that are taken over, and the spread of each number."""
EXTENSIVE = ("population", "gdp", "park_land", "park_land_growth", "floor_space", "floor_space_growth", "revenue")
"""Sizes that a composite loses where a city is taken out of it."""
GIVEN = "as given, name the source"
GIVEN_SPREAD = "+-10%"
_LEAST_LEFT = 0.2


def place_entries(asked: Asked, city: City) -> dict[str, Plain]:
    """Return the entry of a new place: every figure with its rule."""
    pattern = asked.pattern
    plain = {"name": city.name, "name_zh": city.name_zh, "province": city.province, "belt": str(pattern.belt)}
    where = {key: _number(asked, key, value, "none", GIVEN) for key, value in (("lon", city.lon), ("lat", city.lat))}
    figures = _figures(asked, city)
    tables = {
        name: {
            key: _number(asked, (name, key), value, spread, f"{name} of {pattern.name}, taken over")
            for key, value in getattr(pattern, name).items()
        }
        for name, spread in TABLES.items()
    }
    return {**plain, **where, **figures, **{k: v for k, v in tables.items() if v}, "lacks": list(pattern.lacks)}  # type: ignore[dict-item]


def _figures(asked: Asked, city: City) -> dict[str, Plain]:
    """Return the figures of a new place."""
    pattern, name = asked.pattern, asked.pattern.name
    values, rules, spreads = dict(city.given), {}, dict.fromkeys(city.given, GIVEN_SPREAD)
    for key in city.given:
        rules[key] = GIVEN
    for key, spread in TAKEN_OVER.items():
        if key not in values:
            values[key], rules[key], spreads[key] = getattr(pattern, key), f"{key} of {name}, taken over", spread
    gdp = values["gdp"] / pattern.gdp
    industry = gdp * values["secondary_share"] / pattern.secondary_share
    for names, ratio, what in (
        (BY_INDUSTRY, industry, "value added of secondary industry"),
        (BY_GDP, gdp, "GDP"),
    ):
        for key, spread in names.items():
            if key in values:
                continue
            values[key], spreads[key] = getattr(pattern, key) * ratio, spread
            rules[key] = (
                f"{key} of {name} ({getattr(pattern, key):g}) times {ratio:.3g}, its {what} over that of {name}"
            )
    root = math.sqrt(gdp)
    values["standing"], spreads["standing"] = pattern.standing * root, "x/1.5"
    rules["standing"] = (
        f"standing of {name} ({pattern.standing:g}) times {root:.3g}, the square root of the ratio of GDP"
    )
    return {key: _number(asked, key, _rounded(values[key]), spreads[key], rules[key]) for key in values}


def _rounded(value: float) -> float:
    return float(f"{value:.4g}")


def _number(asked: Asked, key: str | tuple[str, ...], value: float, spread: str, rule: str) -> Plain:
    """Return a number in full form."""
    steps = (key,) if isinstance(key, str) else key
    shape = shape_at(WORLD.fields["places"], ("x", *steps))
    unit = shape.unit if isinstance(shape, Number) and shape.unit else ""
    source = f"No source yet: derived from {asked.pattern.name} in the shipped world {asked.base.name}"
    if rule == GIVEN:
        source = "No source yet: given when this world was made"
    return {
        "value": value, "unit": unit, "source": source, "grade": "assumed", "range": spread, "note": f"Rule: {rule}",
    }  # fmt: skip


def composite_entries(asked: Asked, places: Mapping[str, Mapping[str, Plain]]) -> dict[str, Plain]:
    """Return what is left of the composite that new places are taken out of; SpecError where too little is."""
    name = asked.taken_from
    if name is None:
        return {}
    whole, names = asked.base.world.places[name], ", ".join(city.name for city in asked.cities)
    left: dict[str, Plain] = {}
    if whole.sites - len(places) < 1:
        raise refusal("--from", f"{name!r} stands for {whole.sites:g} prefectures: too few for {names}", "name another")
    left["sites"] = _less(asked, name, "sites", whole.sites - len(places), names, "none")
    for key in EXTENSIVE:
        before = getattr(whole, key)
        after = before - sum(place[key]["value"] for place in places.values())  # type: ignore[index, call-overload, misc]
        if after < _LEAST_LEFT * before / whole.sites:
            hint = "give --gdp, or name another composite by --from"
            raise refusal("--from", f"{key} of {name!r} is {before:g}; less {names} leaves {after:g}", hint)
        left[key] = _less(asked, name, key, _rounded(after), names, "x/1.5" if key.endswith("growth") else "x/1.3")
    return left


def _less(asked: Asked, name: str, key: str, value: float, names: str, spread: str) -> Plain:
    shape = shape_at(WORLD.fields["places"], (name, key))
    return {
        "value": value, "unit": getattr(shape, "unit", "") or "", "grade": "assumed", "range": spread,
        "source": f"{name} of the shipped world {asked.base.name}, less {names}",
        "note": "Rule: nothing is counted twice; what new places have is taken out of what was left over",
    }  # fmt: skip
