"""What may be chosen in a specification, with names in every language (`words.name(option)`).

Fields are known by name, as in the checks of policies: a field `sectors` is of sectors, whatever the policy. This module
refuses to say which choice is sound.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from relocsim.language import words_in
from relocsim.language.policy_fields import TERMS
from relocsim.spec import Spec
from relocsim.world.levers import CLASSES, OWNERS
from relocsim.world.lines import Mode

_ANSWERS: tuple[bool | None, ...] = (None, True, False)


@dataclass(frozen=True)
class Option:
    """Something that may be chosen."""

    value: str | bool | None
    """What is set."""
    name: str
    """English name."""
    name_zh: str
    """Chinese name."""


@dataclass(frozen=True)
class Term:
    """Something that may be chosen whose name is a message."""

    value: str | bool | None
    name: str

    @property
    def name_zh(self) -> str:
        """Chinese name."""
        return words_in("zh")(self.name)


Choice: TypeAlias = Option | Term


def options_of(spec: Spec, field: str) -> tuple[Choice, ...]:
    """Return what a field of a policy may name; nothing where it names nothing."""
    made = _OFFERED.get(field)
    return tuple(made(spec)) if made is not None else ()


def answers() -> tuple[Choice, ...]:
    """Return what may be said of lawfulness."""
    return tuple(_told(_ANSWERS, "answers"))


def _told(values: tuple[str, ...] | tuple[bool | None, ...], terms: str) -> Iterator[Term]:
    for value, said in zip(values, TERMS[terms], strict=True):
        yield Term(value, said)


def _places(spec: Spec) -> Iterator[Option]:
    """Yield places: the city under study, its corridor, the other destinations, what is left."""
    study, places = spec.scenario.study, spec.world.places
    first = [name for name in (study.city, *study.corridor) if name in places]
    others = sorted(places, key=lambda name: (not places[name].destination, name))
    for name in dict.fromkeys([*first, *others]):
        yield Option(name, places[name].name, places[name].name_zh)


def _origins(spec: Spec) -> Iterator[Option]:
    for name, place in spec.world.places.items():
        if place.origin:
            yield Option(name, place.name, place.name_zh)


def _sectors(spec: Spec) -> Iterator[Option]:
    for name, sector in spec.world.sectors.items():
        yield Option(name, sector.name, sector.name_zh)


def _components(spec: Spec) -> Iterator[Option]:
    for name, sector in spec.world.sectors.items():
        for part, component in sector.components.items():
            english, chinese = f"{sector.name}: {component.name}", f"{sector.name_zh}：{component.name_zh}"
            yield Option(f"{name}.{part}", english, chinese)


def _lines(spec: Spec, *modes: Mode) -> Iterator[Option]:
    for name, line in spec.world.network.lines.items():
        if not modes or line.mode in modes:
            yield Option(name, line.name, line.name_zh)


def _modes(spec: Spec) -> Iterator[Option]:
    for name, mode in spec.world.parameters.outreach.items():
        yield Option(name, mode.name, mode.name_zh)


_OFFERED: Mapping[str, Callable[[Spec], Iterator[Choice]]] = {
    "city": _places,
    "assigned": _places,
    "origins": _origins,
    "sectors": _sectors,
    "components": _components,
    "lines": _lines,
    "river_port": lambda spec: _lines(spec, Mode.RIVER),
    "mode": _modes,
    "classes": lambda _: _told(CLASSES, "classes"),
    # whoever is not private: a policy cannot aim at all the rest
    "owners": lambda _: (one for one in _told(OWNERS, "owners") if one.value != OWNERS[0]),
}
