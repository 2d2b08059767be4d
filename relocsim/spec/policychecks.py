"""What a scenario says of its world and of itself: cities, sectors and lines exist, dates fit, policies do not clash.

This module refuses to check single values, and to know any kind of policy by name: it goes by the names of fields.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

from relocsim.errors import Problem
from relocsim.policies import Policy
from relocsim.spec.crosschecks import At
from relocsim.spec.names import Names
from relocsim.spec.nodes import Node, Steps
from relocsim.spec.scenario import Scenario
from relocsim.world.calendar import Quarter

MAX_QUARTERS = 400
_AXES = ("city", "assigned", "origins", "sectors", "classes", "lines", "mode")
"""Fields that narrow down where a policy acts; empty means everywhere."""
_TARGETS = ("output", "components")
"""Fields that list what a policy brings about; empty means nothing."""


def scenario_problems(
    scenario: Scenario | None, policies: Mapping[str, Policy], tree: Node, names: Names
) -> list[Problem]:
    """Return what does not fit together in a scenario; `policies` are those that are sound by themselves."""
    at = At(tree)
    problems: list[Problem] = []
    for name, policy in policies.items():
        problems += _pointers(("policies", name), policy, names, at)
        problems += _dates(("policies", name), policy, scenario, at)
    problems += _clashes(policies, at)
    if scenario is not None:
        problems += [
            *_study(scenario, names, at),
            *_rivals(scenario, names, at),
            *_span(scenario, at),
            *_packages(scenario, tree, at),
        ]
    return problems


def _study(scenario: Scenario, names: Names, at: At) -> Iterator[Problem]:
    path: Steps = ("scenario", "study", "city")
    city = scenario.study.city
    yield from at.unknown("place", path, city, names.places)
    if city in names.places and city not in names.destinations:
        yield at(path, f"firms may not choose {city!r}: it is not a destination")
    strata = scenario.study.strata
    for index in range(1, len(strata)):
        if strata[index] >= strata[index - 1]:
            where: Steps = ("scenario", "study", "strata", index)
            hint = "write upper tails from the widest to the narrowest, as [0.1, 0.01]"
            yield at(where, f"expected a share below {strata[index - 1]:g}, found {strata[index]:g}", hint=hint)
    for index, place in enumerate(scenario.study.corridor):
        yield from at.unknown("place", ("scenario", "study", "corridor", index), place, names.places)


def _rivals(scenario: Scenario, names: Names, at: At) -> Iterator[Problem]:
    for place in scenario.rivals.exceptions:
        yield from at.unknown("place", ("scenario", "rivals", "exceptions", place), place, names.places, key=True)


def _span(scenario: Scenario, at: At) -> Iterator[Problem]:
    if scenario.end < scenario.start:
        yield at(("scenario", "end"), f"the scenario ends in {scenario.end}, before it starts in {scenario.start}")
    elif scenario.quarters > MAX_QUARTERS:
        yield at(("scenario", "end"), f"expected at most {MAX_QUARTERS} quarters, found {scenario.quarters}")


def _packages(scenario: Scenario, tree: Node, at: At) -> Iterator[Problem]:
    section = tree.children.get("policies", Node({}))
    if not isinstance(section.value, dict):
        return
    known = section.children
    for package, members in scenario.packages.items():
        path: Steps = ("scenario", "packages", package)
        if package in known:
            yield at(path, f"{package!r} is the name of a policy already", "rename the package", key=True)
        for index, member in enumerate(members):
            yield from at.unknown("policy", (*path, index), member, known)


def _pointers(steps: Steps, policy: Policy, names: Names, at: At) -> Iterator[Problem]:
    """Yield what a policy points at in vain."""
    kinds: Mapping[str, tuple[str, Any]] = {
        "city": ("place", names.places),
        "origins": ("origin", names.origins),
        "mode": ("mode of outreach", names.modes),
        "assigned": ("place", names.places),
        "sectors": ("sector", names.sectors),
        "output": ("sector", names.sectors),
        "components": ("component", names.components),
        "lines": ("line", names.lines),
    }
    for field, (what, known) in kinds.items():
        value = getattr(policy, field, ())
        for index, name in enumerate(_listed(value)):
            step = () if isinstance(value, str) else (name,) if isinstance(value, dict) else (index,)
            yield from at.unknown(what, (*steps, field, *step), name, known, key=isinstance(value, dict))
    for member, sectors in getattr(policy, "assigned", {}).items():
        for index, sector in enumerate(sectors):
            yield from at.unknown("sector", (*steps, "assigned", member, index), sector, names.sectors)


def _dates(steps: Steps, policy: Policy, scenario: Scenario | None, at: At) -> Iterator[Problem]:
    if policy.end is not None and policy.end <= policy.start:
        yield at((*steps, "end"), f"the policy ends in {policy.end}, not after its start in {policy.start}")
    if scenario is not None and scenario.start <= scenario.end and not scenario.start <= policy.start <= scenario.end:
        span = f"{scenario.start} to {scenario.end}"
        yield at((*steps, "start"), f"the policy starts in {policy.start}, outside the scenario ({span})")


def _clashes(policies: Mapping[str, Policy], at: At) -> Iterator[Problem]:
    """Yield pairs of one kind that act on the same target at the same time."""
    for (one, first), (two, second) in combinations(policies.items(), 2):
        if type(first) is not type(second) or not _overlap(first, second):
            continue
        shared = _shared(first, second)
        if shared is not None:
            until = min(_end(first), _end(second))
            when = f"from {max(first.start, second.start)}" + ("" if until == _FOREVER else f" until {until}")
            message = f"the dates of {one!r} and {two!r} overlap {when}: same kind, same target{shared}"
            yield at(("policies", two, "start"), message, "end one before the other starts, or part their targets")


_FOREVER = Quarter(10**6)


def _end(policy: Policy) -> Quarter:
    return policy.end or _FOREVER


def _overlap(first: Policy, second: Policy) -> bool:
    return first.start < _end(second) and second.start < _end(first)


def _shared(first: Policy, second: Policy) -> str | None:
    """Return the target that two policies share, in words; none if they share none."""
    common: list[str] = []
    for axis in _AXES:
        one, two = set(_listed(getattr(first, axis, ()))), set(_listed(getattr(second, axis, ())))
        if one and two:
            if not one & two:
                return None
            common += sorted(one & two)
    one, two = (
        {name for field in _TARGETS for name in _listed(getattr(policy, field, ()))} for policy in (first, second)
    )
    if one and two and not one & two:
        return None
    common += sorted(one & two)
    return f" ({', '.join(common)})" if common else ""


def _listed(value: Any) -> tuple[str, ...]:
    """Return one name, a list of names or the keys of a table as a tuple."""
    return (value,) if isinstance(value, str) else tuple(value)
