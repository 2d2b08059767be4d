"""Sets of policies of one replicate as variants; a policy at another size, elsewhere or later is one of its own.

A search plays hundreds of sets, of which only what is read is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from relocsim.batch.playing import realised
from relocsim.batch.variants import play_variants
from relocsim.errors import Problem, SpecError
from relocsim.model import RelocationModel
from relocsim.policies import CityPolicy, Policy
from relocsim.spec import Spec
from relocsim.spec.words import near

Found = TypeVar("Found")
Policies = frozenset[str]


@dataclass(frozen=True)
class Option:
    """A policy of the scenario at a size of its own, perhaps in other cities or later."""

    policy: str
    """Policy of the scenario."""
    size: float = 1.0
    """What every change and the cost are multiplied by, beside the policy's own intensity."""
    cities: tuple[str, ...] = ()
    """Cities that pursue it in place of those written; none named: as written."""

    delay: int = 0
    """Quarters by which it starts later."""

    @property
    def name(self) -> str:
        """Name for tables, which is the policy's where nothing is changed."""
        size = "" if self.size == 1 else f" x{self.size:g}"
        late = f" {self.delay} quarters later" if self.delay else ""
        return f"{self.policy}{size}{late}" + (f" in {', '.join(self.cities)}" if self.cities else "")

    def of(self, policy: Policy) -> Policy:
        """Return the policy as the option has it, off."""
        changed: dict[str, object] = {"intensity": policy.intensity * self.size} if self.size != 1 else {}
        if self.cities:
            changed["city"] = self.cities
        if self.delay:
            changed |= {"start": policy.start + self.delay, "end": policy.end and policy.end + self.delay}
        return policy.model_copy(update={**changed, "on": False}) if changed else policy


def extended(spec: Spec, options: Sequence[Option]) -> Spec:
    """Return the specification with each option as a policy of its own, off, under its name.

    Apply it after inputs are drawn, so that an option has the draws of its policy.
    """
    added = {one.name: one.of(spec.policies[one.policy]) for one in options}
    return replace(spec, policies=dict(sorted({**spec.policies, **added}.items())))


def matching(spec: Spec, options: Sequence[Option], rivals: Sequence[str]) -> tuple[Option, ...]:
    """Return options by which rivals match a package: each of its options that cities pursue, in the rivals."""
    of_cities = [one for one in options if isinstance(spec.policies[one.policy], CityPolicy)]
    return tuple(replace(one, cities=tuple(rivals)) for one in of_cities) if rivals else ()


def read_arms(
    spec: Spec, sets: Sequence[Policies], read: Callable[[RelocationModel], Found], *, replicate: int,
    options: Sequence[Option] = (), draw_inputs: bool = True,
) -> list[Found]:  # fmt: skip
    """Return what `read` finds in the finished model of each set of policies, in order; the first is the baseline.

    Sets may name `options`. Equal sets are played once.
    """
    drawn = extended(realised(spec, replicate) if draw_inputs else spec, options)
    distinct = list(dict.fromkeys(sets))
    variants = [drawn.with_policies(one) for one in distinct]
    found = dict(zip(distinct, play_variants(variants, replicate=replicate, read=read), strict=True))
    return [found[one] for one in sets]


def policies_named(spec: Spec, names: Sequence[str], option: str) -> tuple[str, ...]:
    """Return the policies that names of policies and packages stand for, in the order named; SpecError where unknown."""
    known = {**{name: (name,) for name in spec.policies}, **spec.scenario.packages}
    _require(names, known, "policy or package", option)
    return tuple(dict.fromkeys(one for name in names for one in known[name]))


def policies_off(spec: Spec) -> tuple[str, ...]:
    """Return the policies of the scenario that are off as written."""
    return tuple(name for name, policy in spec.policies.items() if not policy.on)


def places_named(spec: Spec, names: Sequence[str], option: str) -> tuple[str, ...]:
    """Return the places named; SpecError where one is unknown or no destination."""
    _require(names, {name for name, place in spec.world.places.items() if place.destination}, "destination", option)
    return tuple(names)


def _require(names: Sequence[str], known: Collection[str], what: str, option: str) -> None:
    problems = [
        Problem(f"there is no {what} {name!r}", path=option, hint=near(name, known) or f"there are: {', '.join(known)}")
        for name in names
        if name not in known
    ]
    if problems:
        raise SpecError(problems)


def options_of(policies: Sequence[str], sizes: Sequence[float]) -> tuple[Option, ...]:
    """Return every policy at every size; with no size named, as written."""
    return tuple(Option(policy, size) for policy in policies for size in (sizes or (1.0,)))


def by_name(options: Sequence[Option]) -> Mapping[str, str]:
    """Return the policy of each option, by the option's name."""
    return {one.name: one.policy for one in options}
