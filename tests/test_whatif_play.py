"""Plays of what-ifs: the bits of comparisons whoever plays, in order, narrowing, stopped, said where they fail."""

from __future__ import annotations

import gc
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest
from runs import changed, with_parameters, with_policy, with_scenario

from relocsim.batch.arms import BASELINE, TOGETHER
from relocsim.batch.comparing import Comparison, compare
from relocsim.batch.running import run
from relocsim.errors import RelocsimError, SpecError
from relocsim.spec import Spec
from relocsim.whatif.crew import Crew
from relocsim.whatif.play import Play

ARRAYS = ("amounts", "over_time", "treasury", "at_risk")
LONG = 30.0


@pytest.fixture(scope="module")
def small(toy: Spec) -> Spec:
    return with_scenario(toy, firms=100, end=toy.scenario.start + 11)


@pytest.fixture(scope="module")
def what(small: Spec) -> Spec:
    return small.variant(on=["incentives"])


@pytest.fixture(scope="module")
def lasting(toy: Spec) -> Spec:
    """A scenario of which one replicate takes long."""
    return with_scenario(toy, firms=20_000)


@pytest.fixture(scope="module")
def crew() -> Iterator[Crew]:
    with Crew(2) as found:
        yield found


@pytest.fixture(scope="module")
def compared(small: Spec) -> Comparison:
    return compare(small, with_=["incentives"], replicates=4)


def assert_same(found: Comparison, expected: Comparison, rows: int) -> None:
    assert found.replicates == rows
    for name in ARRAYS:
        assert getattr(found, name).tobytes() == getattr(expected, name)[:rows].tobytes(), name


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + LONG
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


# ---------------------------------------------------------------- bits


def test_a_play_has_the_bits_of_a_comparison(crew: Crew, small: Spec, what: Spec, compared: Comparison) -> None:
    heard: list[int] = []
    play = crew.play(what, small, most=4, heard=lambda play: heard.append(play.replicates))
    answer = play.wait(timeout=LONG)
    assert answer is not None
    assert play.state == "done"
    assert_same(answer.comparison, compared, 4)
    assert [arm.name for arm in answer.comparison.arms] == [BASELINE, TOGETHER]
    until(lambda: len(heard) > 0 and heard[-1] == 4)
    assert heard == sorted(heard), "answers only ever grow"
