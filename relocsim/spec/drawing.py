"""Ranged inputs replaced by draws.

The law is triangular on the range with its mode at the value, in logs where the range is a factor. A draw depends on
its own uniform number alone. This module refuses to make random numbers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias, cast

from pydantic import BaseModel

from relocsim.policies import Policy
from relocsim.sources import Input, Register
from relocsim.spec.nodes import Step, steps_of
from relocsim.world.description import WorldDescription

Branch: TypeAlias = "dict[Step, Branch | Input]"
Uniform: TypeAlias = Callable[[str], float]


def triangular(u: float, low: float, mode: float, high: float) -> float:
    """Return the quantile at `u` of the triangular law on [low, high] with its peak at `mode`."""
    width = high - low
    if width <= 0:
        return mode
    split = (mode - low) / width
    if u < split:
        return min(high, low + math.sqrt(u * width * (mode - low)))
    return max(low, high - math.sqrt((1 - u) * width * (high - mode)))


def draw(entry: Input, u: float) -> float:
    """Return the draw of a ranged input at the uniform number `u`."""
    low, high = cast(float, entry.low), cast(float, entry.high)
    if not entry.log or low * high <= 0:
        return triangular(u, low, entry.value, high)
    sign = math.copysign(1.0, low)
    ends = sorted((math.log(abs(low)), math.log(abs(high))))
    drawn = sign * math.exp(triangular(u, ends[0], math.log(abs(entry.value)), ends[1]))
    return min(high, max(low, drawn))


@dataclass(frozen=True)
class Plan:
    """The ranged inputs as a tree of their paths, so that each part of a world is rebuilt once."""

    root: Branch

    @classmethod
    def of(cls, register: Register) -> Plan:
        """Return the plan for a register."""
        root: Branch = {}
        for entry in register.ranged():
            *way, last = steps_of(entry.path)
            branch = root
            for step in way:
                branch = cast(Branch, branch.setdefault(step, {}))
            branch[last] = entry
        return cls(root)

    def drawn(
        self, world: WorldDescription, policies: Mapping[str, Policy], uniform: Uniform
    ) -> tuple[WorldDescription, dict[str, Policy]]:
        """Return world and policies with draws in place of values, not yet made `coherent`."""
        branch = dict(self.root)
        measures = cast(Branch, branch.pop("policies", {}))
        new_policies: dict[str, Policy] = _rebuilt(dict(policies), measures, uniform)
        return _rebuilt(world, branch, uniform), new_policies


def _rebuilt(part: Any, branch: Branch | Input, uniform: Uniform) -> Any:
    """Return a part of a specification with the inputs below it drawn."""
    if isinstance(branch, Input):
        value = draw(branch, uniform(branch.path))
        return round(value) if isinstance(part, int) else value
    if not branch:
        return part
    if isinstance(part, BaseModel):
        return part.model_copy(update={str(s): _rebuilt(getattr(part, str(s)), b, uniform) for s, b in branch.items()})
    if isinstance(part, dict):
        return {**part, **{key: _rebuilt(part[key], inner, uniform) for key, inner in branch.items()}}
    return tuple(_rebuilt(item, branch[at], uniform) if at in branch else item for at, item in enumerate(part))


def coherent(world: WorldDescription) -> WorldDescription:
    """Return the world with mode_mu at most nest_lambda, which the nested logit requires."""
    parameters = world.parameters
    if parameters.mode_mu <= parameters.nest_lambda:
        return world
    bounded = parameters.model_copy(update={"mode_mu": parameters.nest_lambda})
    return world.model_copy(update={"parameters": bounded})
