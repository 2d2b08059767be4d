"""Policies that a case lacks, with sizes that load; packages switched as one.

Sizes are the defaults of the kind. What a policy costs or achieves is not known: where its documentation gives a range, that
comes along, so that an added policy is as uncertain as one of the case. This module refuses to know what a kind does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from itertools import count

from relocsim.errors import Problem, SpecError
from relocsim.policies import CityPolicy, Policy, catalogue
from relocsim.spec import Spec
from relocsim.spec.nodes import Plain
from relocsim.spec.words import near
from relocsim.whatif.cases import Cases
from relocsim.whatif.specs import change, spec_of
from relocsim.whatif.usual import usual_value
from relocsim.whatif.whatif import Setting, WhatIf


def kinds_lacking(spec: Spec) -> tuple[str, ...]:
    """Return the kinds of policy of which a specification has none, sorted."""
    there = {_kind(policy) for policy in spec.policies.values()}
    return tuple(kind for kind in catalogue() if kind not in there)


def kinds_offered(spec: Spec) -> tuple[str, ...]:
    """Return all kinds of policy: those of which a specification has none, then the others, each sorted."""
    lacking = kinds_lacking(spec)
    return (*lacking, *(kind for kind in catalogue() if kind not in lacking))


def is_added(whatif: WhatIf, cases: Cases, policy: str) -> bool:
    """Return whether a policy of a what-if is one that its case lacks."""
    return policy not in cases.named(whatif.case).spec().policies


def add_policy(whatif: WhatIf, cases: Cases, kind: str) -> tuple[WhatIf, str]:
    """Return a what-if with a policy of a kind in force, and the id of the policy; SpecError where it cannot be."""
    settings = new_policy(kind, spec_of(whatif, cases))
    added = whatif.with_settings(settings)
    spec_of(added, cases)
    return added, str(settings[0].steps[1])


def new_policy(kind: str, spec: Spec) -> tuple[Setting, ...]:
    """Return what adds a policy of a kind to a specification, in force, for the city under study where one can be chosen.

    SpecError where there is no such kind.
    """
    if kind not in catalogue():
        raise SpecError(
            [Problem(f"there is no kind of policy {kind[:80]!r}", path="kind", hint=near(kind, catalogue()))]
        )
    model, name = catalogue()[kind], _free(kind.replace("_", "-"), spec)
    entries: dict[str, Plain] = {"kind": kind, "on": True, "start": _start(spec), **_pointers(model, kind, spec)}
    for field in model.model_fields:
        if field not in entries:
            value = usual_value(model, field)
            entries |= {} if value is None else {field: value}
    return tuple(Setting(f"policies.{name}.{field}", value) for field, value in entries.items())


def set_package(whatif: WhatIf, cases: Cases, package: str, on: bool) -> WhatIf:
    """Return a what-if with all policies of a package in force, or none of them; SpecError where it is unknown."""
    for name in sorted(spec_of(whatif, cases).members([package])):
        whatif = change(whatif, cases, f"policies.{name}.on", on)
    return whatif


def _kind(policy: Policy) -> str:
    return str(getattr(policy, "kind", ""))


def _free(name: str, spec: Spec) -> str:
    taken = {*spec.policies, *spec.scenario.packages}
    return next(one for number in count(1) if (one := name if number == 1 else f"{name}-{number}") not in taken)


def _start(spec: Spec) -> str:
    """Return the quarter in which most policies begin, so that a new one is compared with its like."""
    scenario = spec.scenario
    begins = Counter(one.start for one in spec.policies.values() if scenario.start <= one.start <= scenario.end)
    return str(min(begins, key=lambda quarter: (-begins[quarter], quarter), default=scenario.start))


def _pointers(model: type[Policy], kind: str, spec: Spec) -> dict[str, Plain]:
    """Return what a policy points at: what it must name, and what its defaults name in vain."""
    found: dict[str, Plain] = {}
    for field, choose in _CHOSEN.items():
        if field in model.model_fields and (model.model_fields[field].is_required() or field in _ALWAYS.get(kind, ())):
            found[field] = choose(kind, spec)
    sectors = model.model_fields.get("sectors")
    named = sectors.get_default() if sectors is not None else ()
    if named and not set(named) <= set(spec.world.sectors):
        kept = [name for name in named if name in spec.world.sectors]
        found["sectors"] = [*(kept or list(spec.world.sectors)[:1])]
    return found


def _city(kind: str, spec: Spec) -> Plain:
    """Return who pursues a new policy: whoever comes to mind and has none of its kind, which would overlap."""
    city, rivals = spec.scenario.study.city, usual_rivals(spec)
    alike = (one for one in spec.policies.values() if _kind(one) == kind and isinstance(one, CityPolicy))
    held = {name for one in alike for name in one.cities()}
    if kind in ("rival_programme", "origin_push"):
        named = list(rivals) if kind == "rival_programme" else _origins(spec)[:3]
        return [*([name for name in named if name not in held] or _others(spec, held)[:1] or named)]
    first = [*rivals, city] if kind == "transfer_park" else [city, *rivals]
    return [next((name for name in (*first, *_others(spec, held)) if name not in held), city)]


def _others(spec: Spec, held: Iterable[str]) -> list[str]:
    """Return the destinations other than some places."""
    return [name for name, place in spec.world.places.items() if place.destination and name not in held]


def usual_rivals(spec: Spec) -> tuple[str, ...]:
    """Return the rivals that come to mind: destinations of the corridor that are no origins, else the first there is."""
    places, study = spec.world.places, spec.scenario.study
    order = dict.fromkeys((*study.corridor, *places))
    others = [name for name in order if name != study.city and places[name].destination]
    along = [name for name in others if name in study.corridor and not places[name].origin]
    return tuple(along or [name for name in others if not places[name].origin][:1] or others[:1])


def _origins(spec: Spec) -> list[str]:
    places = spec.world.places
    along = [name for name in spec.scenario.study.corridor if places[name].origin]
    return list(dict.fromkeys([*along, *(name for name, place in places.items() if place.origin)]))


def _lines(_: str, spec: Spec) -> Plain:
    """Return the line most worth asking about: not there at the start, and at the city under study if there is one."""
    named = {line for policy in spec.policies.values() for line in getattr(policy, "lines", ())}
    first_day, city = spec.scenario.start.first_day, spec.scenario.study.city
    lines = {name: line for name, line in spec.world.network.lines.items() if name not in named}

    def rank(name: str) -> tuple[bool, bool, str]:
        line = lines[name]
        there = not line.planned and (line.opens is None or line.opens <= first_day)
        return there, city not in line.stops, name

    return [min(lines or spec.world.network.lines, key=rank if lines else str)]


def _mode(_: str, spec: Spec) -> Plain:
    modes = list(spec.world.parameters.outreach)
    return "visits" if "visits" in modes else modes[0] if modes else "visits"


def _assigned(_: str, spec: Spec) -> Plain:
    """Return the members of the city's group with a sector each, one after the other; with a rival where it has no group."""
    study, places = spec.scenario.study, spec.world.places
    group = places[study.city].group
    siblings = [name for name, place in places.items() if group is not None and place.group == group]
    members = siblings if len(siblings) > 1 else [study.city, *usual_rivals(spec)[:1]]
    sectors = list(spec.world.sectors)
    assigned: dict[str, Plain] = {name: [sectors[at % len(sectors)]] for at, name in enumerate(members)}
    return assigned


def _components(_: str, spec: Spec) -> Plain:
    """Return up to three links that the city lacks."""
    lacks = set(spec.world.places[spec.scenario.study.city].lacks)
    named = (f"{name}.{part}" for name, one in spec.world.sectors.items() for part in one.components if part in lacks)
    return [*list(named)[:3]]


_CHOSEN: Mapping[str, Callable[[str, Spec], Plain]] = {
    "city": _city,
    "lines": _lines,
    "mode": _mode,
    "assigned": _assigned,
    "origins": lambda _, spec: list(_origins(spec)[:1]),
    "components": _components,
}
_ALWAYS: Mapping[str, Iterable[str]] = {"co_built_park": ("origins",), "supplier_cultivation": ("components",)}
"""Fields that a schema does not ask for, without which a policy of the kind is refused or does nothing."""
