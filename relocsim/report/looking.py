"""The world as firms find it in one quarter: a model stepped up to it, and the conditions of that quarter.

What stands here is computed by the model and its phases; this module refuses to compute costs or values of its own.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from relocsim.batch.playing import realised
from relocsim.errors import Problem, SpecError
from relocsim.model import Conditions, RelocationModel, lay_foundation
from relocsim.phases import decision, land
from relocsim.spec import Spec
from relocsim.spec.words import near
from relocsim.world.calendar import Quarter


@dataclass(frozen=True)
class Look:
    """What firms find in one quarter."""

    model: RelocationModel
    """The model, about to play the quarter."""
    found: Conditions
    """Access, supply, costs and promises."""
    own: np.ndarray
    """Own-industry term of the choice, utility, (S, P)."""
    size: np.ndarray
    """Size term of the choice, utility, (P,)."""
    remoteness: np.ndarray
    """What distance from the origin takes away beside its cost, utility, (O, P)."""

    @property
    def quarter(self) -> Quarter:
        """The quarter looked at."""
        return self.model.date

    @property
    def sensitivity(self) -> float:
        """Utility of a yuan per 100 yuan of output."""
        return self.model.setting.parameters.sensitivity

    def origin(self, place: str) -> int:
        """Return the position of an origin among the origins."""
        places = self.model.setting.places
        return int(np.flatnonzero(places.origins == places.row(place))[0])

    def sector(self, sector: str) -> int:
        """Return the row of a sector."""
        return self.model.setting.sectors.ids.index(sector)

    def presence(self) -> np.ndarray:
        """Return how fully each key component is made in each place, policies included, (P, X - S)."""
        return np.maximum(self.model.places.presence, self.model.levers["component_presence"])


def look(spec: Spec, quarter: Quarter | None = None, *, replicate: int | None = None) -> Look:
    """Return what firms find in a quarter (the first by default) of the scenario as written, with central inputs."""
    scenario = spec.scenario
    quarter = quarter or scenario.start
    if not scenario.start <= quarter <= scenario.end:
        message = f"{quarter} is outside the period of the scenario, {scenario.start} to {scenario.end}"
        raise SpecError([Problem(message, path="--quarter")])
    resolved = spec if replicate is None else realised(spec, replicate)
    model = RelocationModel(resolved, foundation=lay_foundation(resolved, replicate=replicate or 0))
    while model.date < quarter:
        model.step()
    model.levers = land.rationed(model.setting, model.places, model.pull_levers())
    found = model.look_around(model.quarter / 4)
    own = decision.own_industry(model.setting, model.places, model.levers)
    size = decision.size(model.setting, model.places, model.levers)
    return Look(model, found, own, size, decision.remoteness(model.setting))


def parse_quarter(text: str) -> Quarter:
    """Return a quarter written as 2010-Q1; SpecError says what was expected."""
    try:
        return Quarter.parse(text)
    except ValueError as error:
        raise SpecError([Problem(str(error), path="--quarter")]) from None


def unknown(option: str, what: str, name: str | None, known: Collection[str]) -> list[Problem]:
    """Return a problem where a name is given and not known."""
    if name is None or name in known:
        return []
    listing = ", ".join(sorted(known)[:12]) + (", ..." if len(known) > 12 else "")
    return [Problem(f"there is no {what} {name!r}", path=option, hint=near(name, known) or f"there are: {listing}")]


def studied_origins(spec: Spec) -> list[str]:
    """Return the origins whose firms are studied, sorted."""
    return sorted(name for name, place in spec.world.places.items() if place.origin and not place.entrants_only)


def usual_origin(spec: Spec) -> str:
    """Return the origin to explain where none is named: the first of the corridor, else the one with the largest GDP."""
    origins = studied_origins(spec)
    along = [name for name in spec.scenario.study.corridor if name in origins]
    return along[0] if along else max(origins, key=lambda name: spec.world.places[name].gdp)


def usual_sector(spec: Spec, origin: str) -> str:
    """Return the sector to explain where none is named: the one in which the origin makes most."""
    quotient = spec.world.places[origin].specialisation
    sectors = sorted(spec.world.sectors)
    return max(sectors, key=lambda name: quotient.get(name, 1.0) * spec.world.sectors[name].gross_output)
