"""A hundred plays of what-ifs leave nothing behind, neither here nor in the processes that play them."""

from __future__ import annotations

import gc
import subprocess
import tracemalloc
from dataclasses import dataclass

import numpy as np
import pytest
from runs import changed, with_policy, with_scenario

from relocsim.batch.playing import outcome
from relocsim.model import RelocationModel, lay_foundation
from relocsim.spec import Spec
from relocsim.whatif.crew import Crew

pytestmark = pytest.mark.slow
LONG = 60.0
PLAYS = 100


@pytest.fixture(scope="module")
def tiny(toy: Spec) -> Spec:
    return with_scenario(toy, firms=10, end=toy.scenario.start + 1)


def sized(spec: Spec, number: int) -> Spec:
    """Return a what-if like no other."""
    policy = changed(
        spec.policies["incentives"], on=True, start=spec.scenario.start, capital_subsidy=0.001 * (1 + number)
    )
    return with_policy(spec, "incentives", policy)


def resident(process: int) -> int:
    """Return the resident memory of a process, bytes."""
    told = subprocess.run(["ps", "-o", "rss=", "-p", str(process)], capture_output=True, text=True, check=True)
    return 1024 * int(told.stdout)


@dataclass(frozen=True)
class Growth:
    """What was held more at the end than after a quarter of the plays, bytes."""

    here: int
    there: int
    """In the process of the crew."""


def growth(spec: Spec, crew: Crew, plays: int) -> Growth:
    held: list[tuple[int, int]] = []
    tracemalloc.start()
    try:
        for number in range(plays):
            play = crew.play(sized(spec, number), spec, most=1)
            assert play.wait(timeout=LONG) is not None
            del play
            if number in (plays // 4, plays - 1):
                gc.collect()
                held.append((tracemalloc.get_traced_memory()[0], resident(crew.processes[0])))
    finally:
        tracemalloc.stop()
    return Growth(held[1][0] - held[0][0], held[1][1] - held[0][1])


def bound(spec: Spec, plays: int) -> float:
    """Return less than what so many plays would leave behind if each left the outcome of its run, bytes."""
    each = outcome(RelocationModel(spec, foundation=lay_foundation(spec))).flow[:, :, 0].nbytes
    return 0.75 * plays * each


def test_a_hundred_plays_leave_nothing_behind(tiny: Spec) -> None:
    with Crew(1, room=20e3, foundations=1e6) as crew:
        grown = growth(tiny, crew, PLAYS)
        assert crew.memory.held <= 20e3
    assert grown.here < bound(tiny, PLAYS)
    assert grown.there < 8e6


def test_a_crew_that_forgets_nothing_is_found_out(tiny: Spec) -> None:
    """Else the law above would hold for any crew."""
    with Crew(1, room=np.inf, foundations=1e6) as crew:
        grown = growth(tiny, crew, PLAYS // 2)
    assert grown.here > bound(tiny, PLAYS // 2)
