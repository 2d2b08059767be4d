"""Small things to do with specifications and runs, for tests of several phases."""

from __future__ import annotations

import gc
import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from typing import Any

import numpy as np

from relocsim.foundation import empty_levers
from relocsim.model import Conditions, Foundation, RelocationModel, conditions, first_state
from relocsim.phases.setting import Setting
from relocsim.phases.supply import haul_premium
from relocsim.spec import Spec
from relocsim.spec.scenario import Switches
from relocsim.streams import members
from relocsim.world.columns import Sectors
from relocsim.world.firms import Population
from relocsim.world.levers import Levers
from relocsim.world.projects import Projects
from relocsim.world.state import PlaceState
from relocsim.world.tastes import Tastes, draw_tastes


def examples(few: int) -> int:
    """Return how many examples a costly law is tried on: ten times as many where one explores (HYPOTHESIS_PROFILE)."""
    return few * (10 if os.environ.get("HYPOTHESIS_PROFILE") == "explore" else 1)


@contextmanager
def collecting_what_comes() -> Iterator[None]:
    """Let `gc.collect()` go through what is made inside the block alone, and not through all that a suite holds."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def played(foundation: Foundation, on: Collection[str] = ()) -> RelocationModel:
    """Return a run with exactly these policies in force."""
    return RelocationModel(foundation.spec, foundation=foundation, on=on).run()


def bits(model: RelocationModel) -> dict[str, bytes]:
    """Return every column of state, firms and projects as bytes."""
    states = (model.places, model.firms)
    columns = {f.name: getattr(state, f.name) for state in states for f in fields(state)}
    return {name: array.tobytes() for name, array in (*columns.items(), *model.projects.columns())}


def differing(one: RelocationModel, other: RelocationModel) -> list[str]:
    """Return the columns in which two runs differ by a bit."""
    first, second = bits(one), bits(other)
    return [name for name in first if first[name] != second[name]]


def with_policy(spec: Spec, name: str, policy: Any) -> Spec:
    """Return the specification with one policy added or replaced."""
    return replace(spec, policies=dict(sorted({**spec.policies, name: policy}.items())))


def changed(policy: Any, **values: object) -> Any:
    """Return a policy with some fields changed, checked as when it is read."""
    return type(policy).model_validate({**policy.model_dump(), **values})


def with_scenario(spec: Spec, **values: object) -> Spec:
    """Return the specification with some fields of the scenario changed."""
    return replace(spec, scenario=spec.scenario.model_copy(update=values))


def without(spec: Spec, *mechanisms: str) -> Spec:
    """Return the specification with some mechanisms switched off."""
    switches = Switches(**{**spec.scenario.switches.model_dump(), **dict.fromkeys(mechanisms, False)})
    return with_scenario(spec, switches=switches)


def with_parameters(spec: Spec, **values: float) -> Spec:
    """Return the specification with some parameters changed."""
    parameters = type(spec.world.parameters).model_validate({**spec.world.parameters.model_dump(), **values})
    return replace(spec, world=spec.world.model_copy(update={"parameters": parameters}))


def tuned(setting: Setting, **values: object) -> Setting:
    """Return a setting with some parameters, switches (bool) or place columns (arrays) changed."""
    switches = {name: value for name, value in values.items() if name in Switches.model_fields}
    columns = {name: value for name, value in values.items() if isinstance(value, np.ndarray)}
    numbers = {name: value for name, value in values.items() if name not in {*switches, *columns}}
    return replace(
        setting,
        switches=setting.switches.model_copy(update=switches),
        places=replace(setting.places, **columns),
        parameters=setting.parameters.model_copy(update=numbers),
    )


def start_of(foundation: Foundation) -> tuple[PlaceState, Levers]:
    """Return the state of places at the start and levers that change nothing, free to write to."""
    state = first_state(foundation.setting, foundation.output, foundation.presence)
    return state, empty_levers(foundation.setting, foundation.site)


def found(
    foundation: Foundation, *, setting: Setting | None = None, levers: Levers | None = None, lines: Any = None,
    years: float = 0.0,
) -> Conditions:  # fmt: skip
    """Return what firms find at the start, under another setting, levers or set of open lines."""
    setting = setting or foundation.setting
    state, neutral = start_of(foundation)
    if lines is None:
        lines = foundation.routes.open_lines(foundation.spec.scenario.start.first_day)
    access = foundation.routes.at(frozenset(lines))
    return conditions(setting, state, levers or neutral, access, haul_premium(setting, access), years)


def choosing(setting: Setting, firms: int, *, origin: int = 0, born: int = 0) -> tuple[Population, Tastes]:
    """Return firms of one origin, sector and class with their tastes, to try a choice on."""
    zeros = np.zeros(firms, dtype=np.intp)
    segment = origin * setting.shape[1] * setting.shape[2]
    population = Population(
        uid=members("chooser", firms),
        segment=zeros + segment,
        origin=zeros + origin,
        sector=zeros,
        kind=zeros,
        output=np.ones(firms),
        weight=np.ones(firms),
        rents=zeros.astype(bool),
        owner=zeros,
        born=zeros + born,
        stock=zeros == born,
        customer=zeros - 1,
        tier=zeros,
        stratum=zeros - 1,
    )
    return population, draw_tastes(population, setting.places, setting.streams)


def projects_of(sectors: Sectors, quarter: int, count: int, **columns: object) -> Projects:
    """Return a table of so many intentions of a quarter, with zeros in the columns that are not given."""
    projects = Projects(sectors)
    append(projects, quarter, count, **columns)
    return projects


_GIVEN = (
    "uid", "firm", "origin", "place", "sector", "firm_class", "kind", "rents", "firms", "output", "upfront", "yearly",
)  # fmt: skip


def append(projects: Projects, quarter: int, count: int, **columns: object) -> np.ndarray:
    """Add intentions with zeros in the columns that are not given, and return their rows."""
    zeros = dict.fromkeys(_GIVEN, np.zeros(count))
    return projects.append(quarter, {**zeros, **columns})
