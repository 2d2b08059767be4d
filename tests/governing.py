"""Governments under test: rules by place, a world with counties, and what comes as the choice implies."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

import numpy as np
from runs import tuned

from relocsim.model import Foundation, RelocationModel, choice_values
from relocsim.phases.bidding import expected_market
from relocsim.phases.land import rationed
from relocsim.spec import Spec
from relocsim.world.columns import RULES
from relocsim.world.description import Rule

COUNTIES = ("beta", "beta-east", "beta-west")
"""Counties of one city; each had an industry of its own."""
_SEATS = {"beta": (0.0, 0.0), "beta-east": (0.35, 0.1), "beta-west": (-0.3, 0.15)}
_STRONG = {"beta": "metal_products", "beta-east": "electronics", "beta-west": "apparel"}
ASSIGNED = {county: [sector] for county, sector in _STRONG.items()}


def with_rules(foundation: Foundation, rule: Rule, places: Iterable[str]) -> Foundation:
    """Return the foundation with one rule for some places and all others passive."""
    codes = np.zeros(len(foundation.site.places), dtype=int)
    codes[np.isin(foundation.site.places, list(places))] = RULES.index(rule)
    return replace(foundation, setting=tuned(foundation.setting, rule=codes))


def with_counties(toy: Spec) -> Spec:
    """Return the toy scenario with Beta split into three counties of a city, each a little better at one sector."""
    whole, places = toy.world.places["beta"], dict(toy.world.places)
    for county in COUNTIES:
        parts = {
            name: getattr(whole, name) / 3
            for name in (
                "population",
                "gdp",
                "park_land",
                "park_land_growth",
                "floor_space",
                "floor_space_growth",
                "revenue",
            )
        }
        east, north = _SEATS[county]
        seat = {"lon": whole.lon + east, "lat": whole.lat + north, "sites": 1 / 3}
        named = {
            "name": county.title(),
            "group": "beta-city",
            "specialisation": {**whole.specialisation, _STRONG[county]: 1.3},
        }
        places[county] = whole.model_copy(update={**parts, **seat, **named})
    return replace(toy, world=toy.world.model_copy(update={"places": places}))


def after(foundation: Foundation, quarters: int, on: Collection[str] = ()) -> RelocationModel:
    """Return a model after so many quarters."""
    model = RelocationModel(foundation.spec, foundation=foundation, on=on)
    for _ in range(quarters):
        model.step()
    return model


def inflow(model: RelocationModel) -> np.ndarray:
    """Return what the choice implies to come from the studied origins in a year, as things stand, (S, P)."""
    setting = model.setting
    model.levers = rationed(setting, model.places, model.pull_levers())
    found = model.look_around(model.quarter / 4)
    values = choice_values(setting, model.places, model.levers, found.sheet, model.foundation.reference_cost)
    return expected_market(setting, model.foundation.choosers, values, model.contact).inflow


def shares(flow: np.ndarray, foundation: Foundation) -> np.ndarray:
    """Return shares of places in what goes anywhere outside the studied origins, (P,)."""
    rivals = foundation.setting.places.open_to_rivalry
    return np.where(rivals, flow.sum(axis=0), 0.0) / flow[:, rivals].sum()


def rows_of(foundation: Foundation, places: Iterable[str]) -> np.ndarray:
    """Return the rows of places."""
    return np.array([foundation.site.places.index(place) for place in places])
