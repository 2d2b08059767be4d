"""Every kind of bad input has a file that names its errors, by place and by words; every good one loads."""

import re
from functools import cache
from pathlib import Path

import pytest

from relocsim.errors import Problem
from relocsim.spec import SpecError, check, load

CASES = Path(__file__).parent / "cases"
INVALID = sorted((CASES / "invalid").glob("*.yaml"))
VALID = sorted((CASES / "valid").glob("*.yaml"))
_EXPECT = re.compile(r"# expect: (?:(\S+\.yaml):)?(\d+|\*):(\d+|\*) (.+)")


@cache
def checked(path: Path) -> list[Problem]:
    """Return what is wrong with a file, which two tests ask."""
    return check(path)


def said(problem: Problem) -> str:
    words = f"{problem.path}: {problem.message}" if problem.path else problem.message
    return f"{words} ({problem.hint})" if problem.hint else words


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_a_bad_file_names_each_error_and_its_place(path: Path) -> None:
    expected = [_EXPECT.fullmatch(line) for line in path.read_text("utf-8").splitlines() if "# expect" in line]
    problems = checked(path)
    assert expected
    assert len(problems) == len(expected), "\n".join(map(str, problems))
    for problem, match in zip(problems, expected, strict=True):
        assert match
        assert (path.parent / problem.file).resolve() == (path.parent / (match[1] or path.name)).resolve()
        place = (str(problem.line or 0), str(problem.column or 0))
        assert all(wanted in ("*", found) for wanted, found in zip((match[2], match[3]), place, strict=True)), place
        assert said(problem).replace(f"{path.parent}/", "").startswith(match[4])


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_load_raises_what_check_returns(path: Path) -> None:
    if "kind" not in path.stem:
        with pytest.raises(SpecError) as raised:
            load(path)
        assert raised.value.problems == checked(path)


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_a_good_file_loads(path: Path) -> None:
    assert check(path) == []
    assert load(path).differences


def test_words_are_those_of_yaml_1_2() -> None:
    spec = load(CASES / "valid" / "yaml-1-2.yaml")
    assert spec.scenario.name == "no"
    assert spec.scenario.firms == 2000
    assert not spec.scenario.switches.awareness
    hsr, incentives = spec.policies["hsr"], spec.policies["incentives"]
    assert hsr.on
    assert hsr.note == "yes"
    assert str(hsr.start) == "2009-Q4"
    assert incentives.model_dump(include={"capital_subsidy", "job_subsidy", "rent_relief", "leader_award"}) == {
        "capital_subsidy": 0.15, "job_subsidy": 1000.0, "rent_relief": 0.25, "leader_award": 0.0,
    }  # fmt: skip


def test_every_kind_of_file_of_the_toy_world_can_be_checked() -> None:
    toy = Path(__file__).parent / "toy"
    assert {path.name: check(path) for path in toy.glob("*.yaml")} == {path.name: [] for path in toy.glob("*.yaml")}
