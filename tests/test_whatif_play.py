"""Plays of what-ifs: the bits of comparisons whoever plays, in turn, stopped at once, and said where they fail."""

from __future__ import annotations

import gc
import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from runs import changed, collecting_what_comes, with_parameters, with_policy, with_scenario

from relocsim.batch.comparing import Comparison, compare
from relocsim.batch.running import run
from relocsim.errors import RelocsimError, SpecError
from relocsim.spec import Spec
from relocsim.whatif.answer import Answer
from relocsim.whatif.crew import Crew
from relocsim.whatif.play import Play

ARRAYS = ("amounts", "over_time", "treasury", "at_risk")
LONG = 60.0


@pytest.fixture(scope="module")
def small(toy: Spec) -> Spec:
    """Two years, with policies from the third quarter on."""
    early = toy
    for name, policy in toy.policies.items():
        early = with_policy(early, name, changed(policy, start=toy.scenario.start + 2))
    return with_scenario(early, firms=60, end=toy.scenario.start + 7)


@pytest.fixture(scope="module")
def what(small: Spec) -> Spec:
    return small.variant(on=["incentives"])


@pytest.fixture(scope="module")
def lasting(toy: Spec) -> Spec:
    """A scenario whose replicates take long; half a minute of them was never waited for."""
    return with_scenario(toy, firms=40_000)


@pytest.fixture(scope="module")
def crew() -> Iterator[Crew]:
    with Crew(2) as found:
        yield found


@pytest.fixture(scope="module")
def compared(small: Spec) -> Comparison:
    return compare(small, with_=["incentives"], replicates=4)


@pytest.fixture
def afresh(crew: Crew) -> Crew:
    """The crew, with nothing remembered."""
    crew.memory._kept.clear()
    crew.memory.held = 0
    return crew


def assert_same(found: Comparison, expected: Comparison) -> None:
    for name in ARRAYS:
        assert getattr(found, name).tobytes() == getattr(expected, name).tobytes(), name


def answered(play: Play) -> Answer:
    answer = play.wait(timeout=LONG)
    assert play.state == "done", play.error
    assert answer is not None
    return answer


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + LONG
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def broken(spec: Spec) -> Spec:
    """Return a what-if whose runs fail, as no scenario file that loads does."""
    policy = spec.policies["incentives"].model_copy(update={"city": "nowhere", "on": True})
    return with_policy(spec, "incentives", policy)


# ---------------------------------------------------------------- bits


def test_a_play_has_the_bits_of_a_comparison(afresh: Crew, small: Spec, what: Spec, compared: Comparison) -> None:
    heard: list[tuple[int, str]] = []
    play = afresh.play(what, small, most=4, heard=lambda play: heard.append((play.replicates, play.state)))
    assert_same(answered(play).comparison, compared)
    until(lambda: (4, "done") in heard)


def test_what_is_remembered_gives_the_same_bits(crew: Crew, small: Spec, what: Spec, compared: Comparison) -> None:
    assert_same(answered(crew.play(what, small, most=4)).comparison, compared)
    again = crew.play(what, small, most=4)
    assert set(again._course.task(0).known) == {small.digest, what.digest}, "nothing is played"
    assert_same(answered(again).comparison, compared)


def test_one_process_gives_the_same_bits(small: Spec, what: Spec, compared: Comparison) -> None:
    with Crew(1) as alone:
        assert_same(answered(alone.play(what, small, most=4)).comparison, compared)


def test_a_process_that_is_killed_costs_time_and_no_bit(
    afresh: Crew, small: Spec, what: Spec, compared: Comparison
) -> None:
    """It stands still with a replicate in hand when it is killed."""
    afresh.start()
    killed = afresh.processes[0]
    os.kill(killed, signal.SIGSTOP)
    play = afresh.play(what, small, most=4)
    until(lambda: len(play._course.found) == 3)
    assert len(play._course._out) == 1
    os.kill(killed, signal.SIGKILL)
    assert_same(answered(play).comparison, compared)
    assert killed not in afresh.processes


def test_sizes_and_dates_are_compared_as_runs_of_their_own(crew: Crew, small: Spec) -> None:
    policy = small.policies["incentives"]
    late = with_policy(
        small, "incentives", changed(policy, on=True, capital_subsidy=0.3, start=small.scenario.start + 4)
    )
    base = with_policy(small, "incentives", changed(policy, on=True, capital_subsidy=0.1))
    found = answered(crew.play(late, base, most=2)).comparison
    for at, spec in enumerate((base, late)):
        alone = run(spec, replicate=1).outcome
        np.testing.assert_array_equal(found.amounts[1, at], alone.flow.sum(axis=2))
        np.testing.assert_array_equal(found.treasury[1, at], alone.treasury)


def test_an_assumption_is_changed_in_both(crew: Crew, small: Spec) -> None:
    other = with_parameters(small, sensitivity=2.0 * small.world.parameters.sensitivity)
    other = replace(other, register=type(small.register)({}))  # the input has no range any more
    found = answered(crew.play(other.variant(on=["incentives"]), other, most=2)).comparison
    assert_same(found, compare(other, with_=["incentives"], replicates=2))


# ---------------------------------------------------------------- turns


def test_plays_take_turns(afresh: Crew, small: Spec, what: Spec) -> None:
    """Neither waits for the other's end."""
    heard: list[str] = []
    one = afresh.play(what, small, most=6, heard=lambda _: heard.append("one"))
    two = afresh.play(small.variant(on=["approvals"]), small, most=6, heard=lambda _: heard.append("two"))
    answered(one)
    answered(two)
    until(lambda: heard.count("one") >= 1 and heard.count("two") >= 1)
    assert heard.index("two") < len(heard) - 1 - heard[::-1].index("one"), "the second began before the first was done"


def test_what_is_prepared_gives_way_and_is_remembered(afresh: Crew, small: Spec, what: Spec, lasting: Spec) -> None:
    """Both processes are at something that would take far longer than the play of somebody who waits."""
    prepared = afresh.prepare(lasting, 1000)
    until(lambda: prepared.state == "playing")
    answered(afresh.play(what, small, most=2))
    assert prepared.replicates == 0
    assert not prepared.ended
    prepared.stop()
    answered(afresh.prepare(small.variant(on=["hsr", "supply"]), 2))
    assert afresh.memory.get((small.variant(on=["hsr", "supply"]).digest, 1)) is not None


def test_a_crew_is_an_executor(crew: Crew, small: Spec, compared: Comparison) -> None:
    executor = crew.as_executor()
    assert_same(compare(small, with_=["incentives"], replicates=4, executor=executor), compared)
    with pytest.raises(ValueError, match="invalid literal"):
        executor.submit(int, "seven").result(LONG)
    executor.shutdown()
    with pytest.raises(RuntimeError, match="shut down"):
        executor.submit(int, "7")


# ---------------------------------------------------------------- ends


def test_a_play_that_is_stopped_hands_out_nothing_more(afresh: Crew, small: Spec, what: Spec, lasting: Spec) -> None:
    processes = afresh.processes
    play = afresh.play(lasting.variant(on=["incentives"]), lasting, most=1000)
    until(lambda: len(play._course._out) == 2)
    play.stop()
    until(lambda: not play._course._out)
    answered(afresh.play(what, small, most=2))
    assert (play.state, play.replicates, play.answer) == ("stopped", 0, None)
    assert len(play._course._todo) == 1000
    assert set(processes) <= set(afresh.processes), "within a replicate, by itself"


def test_an_owner_that_went_away_stops_its_play(afresh: Crew, lasting: Spec) -> None:
    with collecting_what_comes():
        play = afresh.play(lasting.variant(on=["incentives"]), lasting, most=1000)
        course = play._course
        until(lambda: len(course._out) == 2)
        del play
        gc.collect()
    until(lambda: not course._out)
    assert course.state == "stopped"


def test_an_owner_that_cannot_hear_has_gone(
    afresh: Crew, small: Spec, what: Spec, caplog: pytest.LogCaptureFixture
) -> None:
    def deaf(_: Play) -> None:
        raise RuntimeError("the page is closed")

    play = afresh.play(what, small, most=1000, heard=deaf)
    until(lambda: play.ended)
    assert play.state == "stopped"
    assert "the page is closed" in caplog.text


def test_a_run_that_fails_is_said_and_the_next_play_works(crew: Crew, small: Spec, what: Spec) -> None:
    heard: list[Any] = []
    play = crew.play(broken(small), small, most=3, heard=heard.append)
    assert play.wait(timeout=LONG) is None
    assert play.state == "failed"
    assert play.error.startswith("Replicate ")
    assert "tuple.index(x): x not in tuple" in play.error
    assert play.failure is not None
    assert "relocsim/policies" in play.failure.traceback
    until(lambda: bool(heard))
    answered(crew.play(what, small, most=2))


def test_a_replicate_that_ends_every_process_is_said(afresh: Crew, small: Spec, what: Spec, lasting: Spec) -> None:
    play = afresh.play(lasting, lasting, most=1)
    while not play.ended:
        until(lambda: bool(play._course._out) or play.ended)
        for process in afresh.processes:
            os.kill(process, signal.SIGKILL)
        time.sleep(0.05)
    assert play.error == (
        "Replicate 0 failed: the process that played it ended, 2 times: is there memory enough?"
    )  # fmt: skip
    answered(afresh.play(what, small, most=2))


def test_a_crew_that_is_closed_plays_no_more(small: Spec, lasting: Spec) -> None:
    crew = Crew(1)
    play = crew.play(lasting, lasting, most=1000)
    until(lambda: bool(crew.processes))
    errand = crew.as_executor().submit(int, "7")
    crew.close()
    assert crew.processes == ()
    assert play.wait(timeout=LONG) is None
    assert play.state == "stopped"
    assert errand.cancelled()
    with pytest.raises(RelocsimError, match="the crew has been closed"):
        crew.play(small, small)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"most": 0}, "0 replicates cannot be played (ask for one or more)"),
        ({"until": 0.0}, "a half-width of 0.0 cannot be reached"),
        ({"matched_by": ["gama"]}, "rivals: there is no destination 'gama' (did you mean 'gamma'?)"),
    ],
)
def test_what_cannot_be_played_is_said(crew: Crew, small: Spec, what: Spec, asked: dict[str, Any], words: str) -> None:
    with pytest.raises(SpecError) as raised:
        crew.play(what, small, **asked)
    assert words in str(raised.value)


def test_what_cannot_be_compared_is_said(crew: Crew, small: Spec, what: Spec) -> None:
    longer = with_scenario(what, end=small.scenario.end + 1, seed=99)
    with pytest.raises(SpecError) as raised:
        crew.play(longer, small)
    assert {problem.path for problem in raised.value.problems} == {"scenario.end", "scenario.seed"}
    with pytest.raises(SpecError, match="its parts cannot be told apart"):
        crew.play(with_parameters(what, sensitivity=1.0), small, alone=True)
