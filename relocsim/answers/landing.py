"""How far projects got and from where they came: the funnel of a city, flows from origins to places, hours of the corridor.

Read off a finished model as small arrays, so that a comparison can keep them beside its effects.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from relocsim.batch.arms import Arm
from relocsim.batch.reached import outside, reached
from relocsim.foundation import Foundation
from relocsim.metrics.effects import Estimate, estimate
from relocsim.model import RelocationModel
from relocsim.spec import Spec
from relocsim.world.calendar import Quarter
from relocsim.world.network import open_lines
from relocsim.world.projects import STAGES

ALL = "all"
"""Origin and place of the row of all flows together."""
REACHED, OF_SIGNED = "reached", "of signed"
"""Quantities of a funnel: money that reached a stage, and its share of what was signed."""


@dataclass(frozen=True)
class Landing:
    """What one finished run tells of where projects went and how far they got."""

    stages: np.ndarray
    """Investment of all projects of the city that reached each stage, 1e8 yuan, (stages,)."""
    flows: np.ndarray
    """Investment of the studied origins placed outside them, by origin and place, 1e8 yuan, (P, P)."""
    hours: np.ndarray
    """Hours door to door from the corridor's origin to its places at the end, (places of the corridor,)."""


def landing(model: RelocationModel) -> Landing:
    """Return what a finished run tells."""
    projects, study, places = model.projects, model.spec.scenario.study, model.setting.places
    mine = np.flatnonzero(projects.place == places.row(study.city))
    there = projects.dates[:, mine] >= 0
    rows = np.flatnonzero(reached(model, STAGES.index(study.stage)) & outside(model)[projects.place])
    count = len(places.ids)
    at = places.origins[projects.origin[rows]] * count + projects.place[rows]
    return Landing(
        stages=(there * projects.invested(mine)).sum(axis=1),
        flows=np.bincount(at, projects.invested(rows), count * count).reshape(count, count),
        hours=_corridor_hours(model.foundation, model.spec),
    )


def corridor_home(spec: Spec) -> str:
    """Return the first studied origin along the corridor, from which hours are told; empty where there is none."""
    named = (place for place in spec.scenario.study.corridor if spec.world.places[place].origin)
    return next((place for place in named if not spec.world.places[place].entrants_only), "")


def _corridor_of(spec: Spec) -> tuple[str, ...]:
    """Return the places of the corridor beside its origin; none where it has no origin."""
    home = corridor_home(spec)
    return tuple(place for place in spec.scenario.study.corridor if place != home) if home else ()


def _corridor_hours(foundation: Foundation, spec: Spec) -> np.ndarray:
    """Return hours door to door from the corridor's origin to its places at the end of the scenario, (places,)."""
    home, row = corridor_home(spec), foundation.setting.places.row
    if not home:
        return np.empty(0)
    hours = foundation.routes.at(lines_open(spec)).hours
    return np.asarray(hours[row(home), [row(place) for place in _corridor_of(spec)]])


def lines_open(spec: Spec, when: Quarter | None = None) -> frozenset[str]:
    """Return the lines open in a quarter (the last by default), those of its policies in force among them."""
    end = when or spec.scenario.end
    named = {line for policy in spec.policies.values() for line in getattr(policy, "lines", ())}
    acting = [policy for policy in spec.policies.values() if policy.on and policy.in_force(end)]
    opened = {line for policy in acting for line in getattr(policy, "lines", ())}
    return (open_lines(spec.world.network, end.first_day) - named) | opened


def funnel_table(arms: Sequence[Arm], stages: np.ndarray) -> pd.DataFrame:
    """Return one row an arm, stage and quantity, with interval, of the money that reached each stage, (R, A, stages)."""
    return pd.DataFrame(_funnel(arms, stages))


def _funnel(arms: Sequence[Arm], stages: np.ndarray) -> Iterator[Mapping[str, object]]:
    signed = stages[..., [STAGES.index("signed")]]
    shares = np.divide(stages, signed, out=np.full_like(stages, np.nan), where=signed > 0)
    for a, arm in enumerate(arms):
        for s, stage in enumerate(STAGES):
            for quantity, unit, found in ((REACHED, "1e8 yuan", stages), (OF_SIGNED, "share", shares)):
                told = asdict(estimate(found[:, a, s]))
                yield {"arm": arm.name, "stage": stage, "quantity": quantity, "unit": unit, **told}


def flow_table(places: Sequence[str], flows: np.ndarray) -> pd.DataFrame:
    """Return one row an origin and place between which anything flowed, with interval, of flows (R, P, P).

    The largest first, then one of all together.
    """
    rows = [
        {"origin": places[one], "place": places[two], "unit": "1e8 yuan", **asdict(estimate(flows[:, one, two]))}
        for one, two in np.argwhere(flows.any(axis=0))
    ]
    rows.sort(key=lambda row: (-float(row["mean"]), row["origin"], row["place"]))
    whole = {"origin": ALL, "place": ALL, "unit": "1e8 yuan", **asdict(estimate(flows.sum(axis=(1, 2))))}
    return pd.DataFrame([*rows, whole])


def hour_table(spec: Spec, hours: np.ndarray) -> pd.DataFrame:
    """Return one row a place of the corridor: hours from its origin, with interval, of hours (R, places)."""
    rows = [
        {"home": corridor_home(spec), "place": place, "unit": "hours", **asdict(estimate(found))}
        for place, found in zip(_corridor_of(spec), hours.T, strict=True)
    ]
    return pd.DataFrame(rows, columns=["home", "place", "unit", *Estimate.__dataclass_fields__])
