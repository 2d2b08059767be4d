"""Targets of a plan, checked against scenarios and evidence. Refuses to read files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from relocsim.batch.observables import OBSERVABLES
from relocsim.calibration.measures import Ratio
from relocsim.calibration.plan import Measured, Target
from relocsim.calibration.tolerances import Aim, error_of
from relocsim.errors import Problem
from relocsim.spec import Spec
from relocsim.spec.crosschecks import At
from relocsim.spec.evidence import CALIBRATE, Evidence
from relocsim.spec.nodes import Steps

_OF_FLOWS = ("places", "everywhere", "province", "origins", "sectors", "kinds", "start", "until", "within")


def aims_of(
    targets: Mapping[str, Target], part: str, specs: Mapping[str, Spec], evidence: Evidence, at: At
) -> tuple[list[Aim], list[Problem]]:
    """Return the targets, or the held-out figures, of a plan; and what is wrong with them."""
    aims: list[Aim] = []
    problems: list[Problem] = []
    for name, target in targets.items():
        steps = (part, name)
        case = target.case or (next(iter(specs)) if len(specs) == 1 else None)
        told = list(_wrong(target, steps, case, specs, at))
        value, source, more = _value(target, part, steps, evidence, at)
        told += more
        if not told and value is not None and case is not None:
            try:
                error, log = error_of(target.tolerance, value)
                ratio = Ratio(target.measure, target.over)
                aims.append(Aim(name, case, ratio, value, error, log, source, target.note))
            except ValueError as wrong:
                told.append(at((*steps, "tolerance"), str(wrong)))
        problems += told
    return aims, problems


def _value(
    target: Target, part: str, steps: Steps, evidence: Evidence, at: At
) -> tuple[float | None, str, list[Problem]]:
    """Return value and source of a target, and what is wrong with them."""
    if target.figure is None:
        lacking = [
            name for name, given in (("value", target.value is not None), ("source", target.source)) if not given
        ]
        told = [at((*steps, name), f"{name!r} is missing", "give it, or name a figure", key=True) for name in lacking]
        return target.value, target.source, told
    figure = evidence.get(target.figure)
    if figure is None:
        return None, "", at.unknown("figure of the evidence", (*steps, "figure"), target.figure, evidence)
    if part == "targets" and figure.use != CALIBRATE:
        message = f"the figure {target.figure!r} is for use {figure.use!r} and not for calibration"
        return None, "", [at((*steps, "figure"), message, "name it under held_out, or leave it out")]
    if target.value is not None:
        message = "a target has a value or a figure that gives it"
        return None, "", [at((*steps, "value"), message, "leave one out", key=True)]
    values = figure.values
    if target.item is None and len(values) != 1:
        message = f"the figure {target.figure!r} has {len(values)} numbers"
        return None, "", [at((*steps, "figure"), message, "say which with item: 0, 1, ...")]
    item = target.item or 0
    over = max((item, *target.share_of))
    if over >= len(values):
        field = "item" if item == over else "share_of"
        return None, "", [at((*steps, field), f"expected at most {len(values) - 1}, found {over}")]
    whole = sum(values[one] for one in target.share_of) if target.share_of else 1.0
    return values[item] / whole, figure.source, []


def _wrong(target: Target, steps: Steps, case: str | None, specs: Mapping[str, Spec], at: At) -> Iterator[Problem]:
    """Yield what is wrong with what a target reads."""
    if case is None:
        yield at(steps, "there are several cases", f"add case: one of {', '.join(specs)}", key=True)
        return
    if case not in specs:
        yield from at.unknown("case", (*steps, "case"), case, specs)
        return
    for part in ("measure", "over"):
        measured = getattr(target, part)
        if measured is not None:
            yield from _measured(measured, (*steps, part), specs[case], at)


def _measured(one: Measured, steps: Steps, spec: Spec, at: At) -> Iterator[Problem]:
    """Yield what is wrong with one measure."""
    if (one.observable is None) == (one.flow is None):
        yield at(steps, "expected one of observable and flow", "name what is read", key=True)
        return
    if one.observable is not None:
        yield from at.unknown("observable", (*steps, "observable"), one.observable, OBSERVABLES)
        idle = [name for name in _OF_FLOWS if getattr(one, name) not in (None, False, ())]
        if idle:
            word = "from" if idle[0] == "start" else idle[0]
            yield at((*steps, word), f"{word!r} is of flows and not of observables", "leave it out", key=True)
        if one.place is not None:
            yield from at.unknown("place", (*steps, "place"), one.place, spec.world.places)
        return
    if one.place is not None:
        yield at((*steps, "place"), "a flow has places", "write places: [...]", key=True)
    idle = [name for name in ("kinds", "start", "until", "within") if getattr(one, name) not in (None, ())]
    if one.flow == "expected" and idle:
        word = "from" if idle[0] == "start" else idle[0]
        yield at((*steps, word), "what is expected at the start has no kinds and no dates", "leave it out", key=True)
    yield from _flow(one, steps, spec, at)


def _flow(one: Measured, steps: Steps, spec: Spec, at: At) -> Iterator[Problem]:
    known = {
        "places": spec.world.places,
        "origins": [name for name, place in spec.world.places.items() if place.origin],
        "sectors": spec.world.sectors,
    }
    for field, names in known.items():
        for number, name in enumerate(getattr(one, field)):
            yield from at.unknown(field.removesuffix("s"), (*steps, field, number), name, names)
    provinces = {place.province for place in spec.world.places.values()}
    if one.province is not None:
        yield from at.unknown("province", (*steps, "province"), one.province, provinces)
    last = spec.scenario.start + (spec.scenario.quarters - 1)
    for field, quarter in (("from", one.start), ("until", one.until)):
        if quarter is not None and not spec.scenario.start <= quarter <= last:
            message = f"{quarter} is not within the case, {spec.scenario.start} to {last}"
            yield at((*steps, field), message, "change it, or scenario.end of the case")
