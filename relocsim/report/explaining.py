"""A scenario explained before anything is believed: what it says, what it changes, what places cost, what is assumed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd

from relocsim.errors import SpecError
from relocsim.policies import Policy
from relocsim.report.asking import Scenario, specification
from relocsim.report.costsheets import city_sheet, sector_sheet, weakest_inputs
from relocsim.report.inputs import inputs_by_part, widest_ranges
from relocsim.report.looking import (
    Look,
    look,
    parse_quarter,
    studied_origins,
    unknown,
    usual_origin,
    usual_sector,
)
from relocsim.report.ranking import DRAWS, with_ranks
from relocsim.report.tracing import FirmTrace, trace_firm
from relocsim.report.wording import first, listed, plain
from relocsim.spec import Spec
from relocsim.spec.outlays import outlay
from relocsim.world.calendar import Quarter


@dataclass(frozen=True)
class Explanation:
    """What `explain` tells, as sentences and tidy tables."""

    spec: Spec
    quarter: Quarter
    """Quarter at which costs are shown."""
    origin: str
    sector: str
    city: str | None
    words: tuple[str, ...]
    """The scenario in sentences."""
    policies: pd.DataFrame
    """One row a policy: on or off, dates, cities, sizes, outlay over the run (1e8 yuan)."""
    differences: pd.DataFrame
    """What extends, override and settings changed: path, old, new, where."""
    cost_sheet: pd.DataFrame
    """Cost sheet of the sector in every place, see `costsheets.sector_sheet` and `ranking.with_ranks`."""
    city_sheet: pd.DataFrame | None
    """Cost sheets of all sectors in the city, where one is named."""
    links: pd.DataFrame | None
    """What missing and thin inputs cost in the city, see `costsheets.weakest_inputs`."""
    firm: FirmTrace | None
    """The history of a firm, where one is named."""
    inputs: pd.DataFrame
    """Inputs by part of the model and grade."""
    ranges: pd.DataFrame
    """Widest ranges."""


def explain(  # noqa: PLR0913 - every option of the command
    scenario: Scenario, *, city: str | None = None, sector: str | None = None, firm: int | None = None,
    origin: str | None = None, quarter: str | Quarter | None = None, settings: Sequence[str] = (),
    draws: int = DRAWS, tick: Callable[[], None] | None = None,
) -> Explanation:  # fmt: skip
    """Return a scenario explained.

    Parameters
    ----------
    city
        Destination whose sheet of all sectors, and whose weakest inputs, are wanted.
    sector, origin
        Sector of the cost sheet, and the origin it is seen from; by default the first origin of the corridor and what it
        makes most.
    firm
        Number or uid of a firm to follow (plays the run).
    quarter
        Quarter of the cost sheets (the first by default), and of the firm's review to explain.
    draws
        Draws of all ranged inputs from which the range of each place's rank comes; `tick` is called after each.
    """
    spec = specification(scenario, settings=settings)
    when = parse_quarter(quarter) if isinstance(quarter, str) else quarter
    _require_known(spec, city, sector, origin)
    origin = origin or usual_origin(spec)
    sector = sector or usual_sector(spec, origin)
    seen = look(spec, when)
    return Explanation(
        spec=spec,
        quarter=seen.quarter,
        origin=origin,
        sector=sector,
        city=city,
        words=tuple(scenario_words(spec, seen)),
        policies=policy_table(spec),
        differences=pd.DataFrame(spec.differences, columns=["path", "old", "new", "where"]),
        cost_sheet=with_ranks(
            sector_sheet(seen, sector, origin), spec, seen.quarter, sector=sector, origin=origin, draws=draws, tick=tick
        ),
        city_sheet=city_sheet(seen, city, origin) if city else None,
        links=weakest_inputs(seen, city, origin) if city else None,
        firm=None if firm is None else trace_firm(spec, firm, quarter=when),
        inputs=inputs_by_part(spec.register),
        ranges=widest_ranges(spec.register),
    )


def _require_known(spec: Spec, city: str | None, sector: str | None, origin: str | None) -> None:
    destinations = [name for name, place in spec.world.places.items() if place.destination]
    problems = [
        *unknown("--city", "destination", city, destinations),
        *unknown("--sector", "sector", sector, list(spec.world.sectors)),
        *unknown("--origin", "studied origin", origin, studied_origins(spec)),
    ]
    if problems:
        raise SpecError(problems)


def scenario_words(spec: Spec, seen: Look) -> list[str]:
    """Return the scenario in sentences: period, firms, city, policies in force, mechanisms switched off."""
    scenario, population = spec.scenario, seen.model.population
    stock = population.stock
    origins = [spec.world.places[name].name for name in studied_origins(spec)]
    city = spec.world.places[scenario.study.city].name
    words = [
        f"{scenario.name}: {scenario.quarters} quarters, {scenario.start} to {scenario.end}; seed {scenario.seed}.",
        f"{plain(int(stock.sum()), 0)} agents stand for {plain(population.weight[stock].sum(), 0)} firms of "
        f"{len(origins)} origin{'s' * (len(origins) > 1)} ({listed(first(origins))}); "
        f"{plain(len(population) - int(stock.sum()), 0)} agents are born later.",
        f"The city under study is {city}; a project counts as captured from the stage '{scenario.study.stage}'.",
    ]
    if scenario.question:
        words.insert(1, scenario.question)
    return [*words, _in_force(spec), _switched_off(spec)]


def _in_force(spec: Spec) -> str:
    on = [f"{name} from {spec.policies[name].start}" for name in sorted(spec.on)]
    off = sorted(set(spec.policies) - spec.on)
    first = f"In force as written: {listed(on)}." if on else "No policy is in force as written."
    return f"{first} Described and off: {listed(off)}." if off else first


def _switched_off(spec: Spec) -> str:
    off = [name.replace("_", " ") for name, state in spec.scenario.switches.model_dump().items() if not state]
    return f"Switched off: {listed(off)}." if off else "Every mechanism is on."


def policy_table(spec: Spec) -> pd.DataFrame:
    """Return one row a policy of the scenario."""
    columns = ["policy", "title", "on", "start", "end", "cities", "sizes", "outlay", "levers", "note"]
    return pd.DataFrame([_policy_row(spec, name, policy) for name, policy in spec.policies.items()], columns=columns)


def _policy_row(spec: Spec, name: str, policy: Policy) -> list[object]:
    cities = [spec.world.places[city].name for city in policy.payers()]
    return [
        name, policy.title, policy.on, str(policy.start), "" if policy.end is None else str(policy.end), ", ".join(cities),
        sizes(policy), outlay(spec, policy), ", ".join(policy.moves), policy.note,
    ]  # fmt: skip


_NOT_SIZES = frozenset({"kind", "on", "start", "end", "note", "city"})


def sizes(policy: Policy) -> str:
    """Return the sizes of a policy, field by field."""
    values = {key: value for key, value in policy.model_dump(mode="json").items() if key not in _NOT_SIZES}
    if policy.intensity == 1:
        del values["intensity"]
    return ", ".join(f"{key} {_in_words(value)}" for key, value in values.items() if value not in ([], {}, None))


def _in_words(value: object) -> str:
    if isinstance(value, dict):
        return " + ".join(f"{_in_words(inner)} {key}" for key, inner in value.items())
    if isinstance(value, list | tuple):
        return "/".join(map(str, value))
    return f"{value:,.6g}" if isinstance(value, int | float) else str(value)
