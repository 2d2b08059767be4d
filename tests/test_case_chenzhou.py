"""The case of Chenzhou: the questions of its leaders as scenarios, small runs, what the report tells beside the model."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from runs import with_scenario

from relocsim.model import RelocationModel
from relocsim.spec import Spec, load
from relocsim.world.calendar import Quarter

ROOT = Path(__file__).parents[1]
SCENARIOS = ROOT / "scenarios"
QUESTIONS = sorted((SCENARIOS / "chenzhou" / "questions").glob("*.yaml"))
EXPECTED = ROOT / "experiments" / "chenzhou-questions" / "expected.csv"
INTERCEPTORS = ("shaoguan", "qingyuan", "heyuan")
HUBS = ("changsha", "wuhan")
UNTIL = Quarter.parse("2012-Q4")


@pytest.fixture(scope="module")
def specs() -> dict[str, Spec]:
    return {path.stem: load(path) for path in QUESTIONS}


@pytest.fixture(scope="module")
def baseline() -> Spec:
    return load(SCENARIOS / "chenzhou-whole.yaml")


@pytest.fixture(scope="module")
def intercepted(specs: dict[str, Spec]) -> dict[bool, RelocationModel]:
    """Runs with and without the parks before the border, the same firms and luck."""
    short = with_scenario(specs["interception"], firms=3000, end=UNTIL)
    return {
        parks: RelocationModel(short, on=short.on | {"interception"} if parks else short.on).run()
        for parks in (False, True)
    }


@pytest.fixture(scope="module")
def expected() -> dict[tuple[str, str, str], dict[str, float]]:
    """What each policy of each question was expected to change, by scenario, policy and place."""
    with EXPECTED.open(encoding="utf-8") as file:
        return {
            (row["scenario"], row["arm"], row["place"]): {key: float(row[key]) for key in ("capture", "change")}
            for row in csv.DictReader(file)
        }  # fmt: skip


# ---------------------------------------------------------------- files


@pytest.mark.parametrize("path", QUESTIONS, ids=lambda path: path.stem)
def test_each_question_of_the_leaders_is_a_scenario_with_its_own_question(
    path: Path, specs: dict[str, Spec], baseline: Spec
) -> None:
    variant = specs[path.stem]
    assert variant.scenario.question != baseline.scenario.question
    assert variant.scenario.study.city == "chenzhou"
    head = [line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("#")]
    assert head[0].startswith("# Question: ")
    assert any(line.startswith("# Known: ") for line in head)
    assert "Not known: " in " ".join(head)
    assert any("relocsim " in line for line in head)


def test_there_are_at_least_eight_of_them_and_no_two_ask_the_same(specs: dict[str, Spec]) -> None:
    assert len(specs) >= 8
    assert len({spec.scenario.question for spec in specs.values()}) == len(specs)


def test_commands_name_policies_and_packages_that_there_are(specs: dict[str, Spec]) -> None:
    for path in QUESTIONS:
        words = path.read_text(encoding="utf-8").split()
        named = {word for at, word in enumerate(words) if at and words[at - 1] in ("--with", "--without", "--package")}
        spec = specs[path.stem]
        assert named <= {*spec.policies, *spec.scenario.packages}, path.stem


def test_the_railway_is_in_the_baseline_because_it_was_built(specs: dict[str, Spec]) -> None:
    assert all(spec.on == {"hsr"} for spec in specs.values())


def test_every_question_that_concerns_choice_was_answered(
    expected: dict[tuple[str, str, str], dict[str, float]],
) -> None:
    assert {scenario for scenario, _, _ in expected} == {path.stem for path in QUESTIONS} - {"state-owned"}


def test_the_page_quotes_what_came_out(expected: dict[tuple[str, str, str], dict[str, float]]) -> None:
    """The figures of the page are those of the table beside the experiment."""
    page = (ROOT / "docs" / "world-chenzhou.md").read_text(encoding="utf-8")
    for scenario, arm in (
        ("railway", "hsr"), ("interception", "interception"), ("hong-kong-park", "co-built-park"),
        ("parks", "park-expansion"), ("rivals-answer", "incentives"), ("outreach", "desk-work"),
    ):  # fmt: skip
        assert f"{expected[scenario, arm, 'chenzhou']['change']:+.1f}" in page, (scenario, arm)


# ---------------------------------------------------------------- small runs and what came out


def test_parks_before_the_border_gain(intercepted: dict[bool, RelocationModel]) -> None:
    """They have more room and are better known with the parks, and sign more; Chenzhou's own lot is luck at this size."""
    signed = {
        parks: sum(run.places.stage_firms[1][run.setting.places.row(name)] for name in INTERCEPTORS)
        for parks, run in intercepted.items()
    }
    assert signed[True] > signed[False]


def test_the_hubs_behind_chenzhou_take_more_than_it_does(intercepted: dict[bool, RelocationModel]) -> None:
    run = intercepted[False]
    signed = run.places.stage_firms[1]
    assert min(signed[run.setting.places.row(name)] for name in HUBS) > signed[run.setting.places.row("chenzhou")]


def test_ganzhou_is_expected_to_take_more_than_chenzhou_as_its_foreign_investment_says(
    expected: dict[tuple[str, str, str], dict[str, float]],
) -> None:
    """Foreign investment used in 2009 was 1.89 of Chenzhou's; the model has the sign."""
    at = {name: expected["interception", "baseline", name]["capture"] for name in ("ganzhou", "chenzhou")}
    assert at["ganzhou"] > at["chenzhou"]
