"""The frozen, complete, checked specification of a run."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from relocsim.errors import Problem, SpecError
from relocsim.policies import Policy
from relocsim.sources import Register
from relocsim.spec.digest import digest_of
from relocsim.spec.drawing import Plan, coherent
from relocsim.spec.merging import Difference
from relocsim.spec.scenario import Scenario
from relocsim.spec.words import near
from relocsim.world.description import WorldDescription


@dataclass(frozen=True)
class Spec:
    """Everything that a run needs to know."""

    scenario: Scenario
    """When, how many firms, which city, which mechanisms."""
    world: WorldDescription
    """Places, sectors, network, parameters; tables sorted by id."""
    policies: Mapping[str, Policy]
    """Policies by id, sorted, in force (`on`) or not."""
    register: Register
    """Where the numbers come from, by path."""
    differences: tuple[Difference, ...] = ()
    """What `extends`, `override` and settings changed."""

    def __repr__(self) -> str:
        return f"Spec({self.scenario.name!r}, {self.scenario.start} to {self.scenario.end}, digest {self.digest[:8]})"

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the specification; the layout and order of files and ids do not enter."""
        return digest_of(self.scenario, self.world, self.policies, self.register)

    @cached_property
    def _plan(self) -> Plan:
        return Plan.of(self.register)

    def drawn(self, uniform: Callable[[str], float]) -> Spec:
        """Return the specification with each ranged input replaced by a draw.

        Parameters
        ----------
        uniform
            Gives a number in [0, 1) for the path of an input, such as `places.chenzhou.wage`.
        """
        return self.drawn_freely(uniform).coherent()

    def drawn_freely(self, uniform: Callable[[str], float]) -> Spec:
        """Return the same before it is made `coherent`: for entries that are set after the draw."""
        world, policies = self._plan.drawn(self.world, self.policies, uniform)
        return replace(self, world=world, policies=policies)

    def coherent(self) -> Spec:
        """Return the specification with the bounds that one drawn input sets to another."""
        world = coherent(self.world)
        return self if world is self.world else replace(self, world=world)

    @property
    def on(self) -> frozenset[str]:
        """Policies in force."""
        return frozenset(name for name, policy in self.policies.items() if policy.on)

    def with_policies(self, names: Collection[str]) -> Spec:
        """Return the specification with exactly these policies (or packages of policies) in force."""
        wanted = self.members(names)
        policies = {name: policy.model_copy(update={"on": name in wanted}) for name, policy in self.policies.items()}
        return replace(self, policies=policies)

    def variant(self, *, on: Collection[str] = (), off: Collection[str] = ()) -> Spec:
        """Return the specification with some policies (or packages) added to or taken from those in force."""
        return self.with_policies((self.on | self.members(on)) - self.members(off))

    def members(self, names: Collection[str]) -> frozenset[str]:
        """Return the policies that names of policies and packages stand for; SpecError if one is unknown."""
        known = {*self.policies, *self.scenario.packages}
        problems = [
            Problem(f"there is no policy or package {name!r}", hint=near(name, known))
            for name in names
            if name not in known
        ]
        if problems:
            raise SpecError(problems)
        return frozenset(one for name in names for one in self.scenario.packages.get(name, (name,)))
