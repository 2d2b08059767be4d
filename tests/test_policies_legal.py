"""Policies carry their legal status: which rule bars what, from when, on whose word."""

from __future__ import annotations

from io import StringIO

import pytest
from rich.console import Console
from runs import changed

from relocsim.policies import catalogue
from relocsim.policies.base import Policy
from relocsim.report.screens.policies import policy_screen
from relocsim.sources import Grade
from relocsim.world.calendar import Quarter

EXAMPLE = catalogue()["incentive_package"].example
PURE = {"tax_holiday": 0.0}
"""Without refunds of taxes."""


def begun(kind: str, start: str, **values: object) -> Policy:
    cls = catalogue()[kind]
    return cls.model_validate({**cls.example, "start": Quarter.parse(start), **values})


@pytest.mark.parametrize(
    ("start", "values", "barred"),
    [
        ("2010-Q1", {}, True),
        ("2010-Q1", PURE, False),
        ("2015-Q1", PURE, True),
        ("2015-Q3", PURE, False),
        ("2024-Q4", PURE, True),
        ("2024-Q3", PURE, False),
        ("2024-Q4", {"lawful": True}, False),
        ("2010-Q1", {**PURE, "lawful": False}, True),
        ("2010-Q1", {"intensity": 0.0}, False),
    ],
)
def test_an_incentive_is_barred_by_part_and_date(start: str, values: dict[str, object], barred: bool) -> None:
    assert begun("incentive_package", start, **values).barred is barred


def test_what_began_before_a_rule_goes_on() -> None:
    assert not begun("resource_supply", "2010-Q1", power_cut=0.1).barred
    assert begun("resource_supply", "2010-Q3", power_cut=0.1).barred
    assert not begun("resource_supply", "2010-Q3", power_cut=0.0).barred


def test_land_below_the_floor_price_is_barred_and_free_land_is_not_asked_for() -> None:
    leader = begun("leader_recruitment", "2010-Q1")
    assert [rule.parts for rule in leader.barred_by()] == [("land_discount",)]
    assert not changed(leader, land_discount=0.0).barred


def test_every_rule_names_its_source_and_parts_that_there_are() -> None:
    rules = [(cls, rule) for cls in catalogue().values() for rule in cls.bars]
    assert len(rules) >= 6
    for _, rule in rules:
        assert len(rule.source) > 30
        assert str(rule.since) in rule.told()
    for cls in {cls for cls, _ in rules}:
        named = {part for rule in cls.bars for part in rule.parts}
        assert named & set(cls.model_fields), cls


def test_no_rule_claims_to_have_been_read_in_full() -> None:
    """How a rule was seen stands with it: in excerpts, or recalled."""
    rules = {rule for cls in catalogue().values() for rule in cls.bars}
    assert {rule.grade for rule in rules} == {Grade.LITERATURE, Grade.ASSUMED}
    for rule in rules:
        assert ("excerpts" if rule.grade is Grade.LITERATURE else "recalled") in rule.source


def test_the_page_of_a_policy_shows_it() -> None:
    console = Console(width=200, file=StringIO())
    console.print(policy_screen(catalogue()["park_expansion"]))
    assert "Legal status" not in console.file.getvalue()
    console.print(policy_screen(catalogue()["incentive_package"]))
    assert "Guofa [2014] No. 62" in console.file.getvalue()
