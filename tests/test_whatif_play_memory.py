"""What a crew keeps stays within bounds: outcomes that are remembered, foundations. A hundred plays: `slow`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from runs import changed, with_policy, with_scenario

from relocsim.batch.playing import realised
from relocsim.model import lay_foundation
from relocsim.spec import Spec
from relocsim.whatif.memory import Memory
from relocsim.whatif.replicate import Foundations, held_bytes


@dataclass(frozen=True)
class Weight:
    nbytes: int


@pytest.fixture(scope="module")
def tiny(toy: Spec) -> Spec:
    return with_scenario(toy, firms=10, end=toy.scenario.start + 1)


def sized(spec: Spec, number: int) -> Spec:
    """Return a what-if like no other."""
    policy = changed(
        spec.policies["incentives"], on=True, start=spec.scenario.start, capital_subsidy=0.001 * (1 + number)
    )
    return with_policy(spec, "incentives", policy)


# ---------------------------------------------------------------- outcomes


def test_what_was_asked_for_longest_ago_is_forgotten() -> None:
    memory = Memory[Weight](10)
    memory.put("a", Weight(4))
    memory.put("b", Weight(4))
    assert memory.get("a") is not None
    memory.put("c", Weight(4))
    assert memory.get("b") is None
    assert memory.get("a") is not None
    memory.put("a", Weight(10))
    assert (len(memory), memory.held) == (1, 10)
    memory.put("d", Weight(11))
    assert (len(memory), memory.held) == (0, 0), "what has no room at all is not kept"


# ---------------------------------------------------------------- foundations


def kept(foundations: Foundations, spec: Spec, *replicates: int, world: str = "one") -> list[int]:
    """Ask for foundations, and return which are still kept of those."""
    for replicate in replicates:
        foundations.of(realised(spec, replicate), replicate, world=lambda: world)
    return sorted(one.replicate for one in foundations._kept if one.world == world)


def room_for(spec: Spec, count: float) -> float:
    return count * max(held_bytes(lay_foundation(realised(spec, at), replicate=at)) for at in range(2))


def test_of_one_world_the_first_replicates_are_kept(tiny: Spec) -> None:
    foundations = Foundations(room_for(tiny, 2.5))
    assert kept(foundations, tiny, 0, 1, 2, 3) == [0, 1]
    assert kept(Foundations(room_for(tiny, 2.5)), tiny, 3, 2, 1, 0) == [0, 1]
    assert kept(Foundations(0.0), tiny, 0) == [], "what has no room is laid all the same"


def test_another_world_takes_the_place_of_the_one_before(tiny: Spec) -> None:
    other = with_scenario(tiny, seed=99)
    foundations = Foundations(room_for(tiny, 2.5))
    kept(foundations, tiny, 0, 1)
    assert kept(foundations, other, 0, world="other") == [0]
    assert kept(foundations, tiny) == [1]


def test_a_kept_foundation_serves_other_policies_and_no_other_replicate(tiny: Spec) -> None:
    foundations = Foundations()
    first = foundations.of(realised(tiny, 0), 0, world=str)
    assert foundations.of(realised(sized(tiny, 3), 0), 0, world=str) is first
    assert foundations.of(realised(tiny, 1), 1, world=str) is not first
    assert held_bytes(np.zeros(1000)) >= 8000
