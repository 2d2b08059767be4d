"""Talent of places and what hubs draw away (docs/model.md, 7.1: Skills)."""

from __future__ import annotations

import math

from reference.state import CityAgent
from reference.world import Roads, Row, World


def pull(world: World, wages: Row, roads: Roads, p: int) -> float:
    """Return the pull of the strongest hub on a place's talent."""
    strongest = 0.0
    for q, hub in enumerate(world.places):
        if hub.entrants_only:
            continue
        here, there = world.gdp[p] / world.places[p].sites, world.gdp[q] / hub.sites
        if wages[q] > wages[p] and there > here:
            near = math.exp(-world.parameters.siphon_decay * roads.hours[p][q])
            strongest = max(strongest, near * math.log(wages[q] / wages[p]) * (1 - here / there))
    return strongest


def talent(world: World, cities: list[CityAgent], levers: dict[str, list], roads: Roads, years: float) -> Row:
    """Return the share of skilled posts that can be filled on the spot, by place."""
    wages, found = [], []
    for p, city in enumerate(cities):
        growth = (1 + world.growth(city.place)) ** years if world.switches.origin_push else 1.0
        wages.append(world.wage[p] * growth * city.wage_ratio * levers["wage_push"][p])
    for p, city in enumerate(cities):
        here = min(1.0, city.place.talent + levers["talent"][p])
        if world.switches.siphon:
            drawn = pull(world, wages, roads, p) - pull(world, world.wage, world.first_roads, p)
            here = min(1.0, here * math.exp(-world.parameters.siphon_strength * drawn))
        found.append(here)
    return found
