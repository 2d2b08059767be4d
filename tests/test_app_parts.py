"""Parts of a what-if and targets in words: an interval that crosses zero is never an effect; figures are those of tables."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from toy import SCENARIO

import relocsim
from relocsim.answers.targets_met import AS_WRITTEN, Chances, Target
from relocsim.app.whatif.parts_told import (
    effect_cell,
    matched_title,
    part_rows,
    parts_drawn,
    parts_title,
    rival_rows,
    rivals_drawn,
)
from relocsim.app.whatif.target_told import change_name, change_rows, cheapest_sentence, shift_sentence
from relocsim.language import words_in
from relocsim.metrics.effects import estimate
from relocsim.report.sentences import POINTS
from relocsim.spec import Spec
from relocsim.whatif.answer import Answer, answer_of
from relocsim.whatif.asked import asked_of
from relocsim.whatif.replicate import Hands, Task, packed

BOTH = [words_in("en"), words_in("zh")]
REPLICATES = 3


@pytest.fixture(scope="module")
def spec() -> Spec:
    return relocsim.load(
        SCENARIO, settings=["scenario.firms=200", "scenario.study.stage=signed", "scenario.end=2010-Q4"]
    )


@pytest.fixture(scope="module")
def answer(spec: Spec) -> Answer:
    whatif = spec.with_policies(spec.on | {"incentives", "approvals"})
    asked = asked_of(whatif, spec, alone=True, left_out=True, matched_by=["gamma"])
    keys, hands = asked.keys(), Hands()
    played = [hands.play(Task(*packed(asked), keys, number, {}), lambda: None) for number in range(REPLICATES)]
    return answer_of(asked, [[one.fresh[key].part for key in keys] for one in played], [one.pairs for one in played])


@pytest.mark.parametrize("words", BOTH, ids=["en", "zh"])
def test_parts_on_the_page_are_those_of_the_table(answer: Answer, words) -> None:
    table = answer.parts[answer.parts["quantity"] == "capture_rate"]
    drawn = parts_drawn(answer, words)
    dots = drawn.option["series"][-1]["data"]
    shown = [one["value"][0] for one in dots][::-1]
    assert shown == pytest.approx([*(POINTS * table["mean"]), POINTS * answer.effect["capture_rate"].mean])
    rows = part_rows(answer, words)
    assert [row[1] for row in rows] == [words("alone"), words("would be lost without it")] * 2
    assert drawn.title == parts_title(answer, words)
    matching = answer.matching[answer.matching["quantity"] == "capture_rate"]
    dots = rivals_drawn(answer, words).option["series"][-1]["data"]
    assert [one["value"][0] for one in dots][::-1] == pytest.approx(list(POINTS * matching["mean"]))
    assert len(rival_rows(answer, words)) == 3
    assert matched_title(answer, words)
    if words.code == "zh":
        assert not re.search("[a-z]{4}", drawn.title + "".join(cell for row in rows for cell in row))


@pytest.mark.parametrize("words", BOTH, ids=["en", "zh"])
def test_an_interval_that_crosses_zero_is_never_called_an_effect(words) -> None:
    told = [
        effect_cell(estimate(np.array(one)), "capture_rate", words)
        for one in ([-0.1, 0.2], [0.0, 0.2], [0.1, 0.2], [0, 0])
    ]
    unclear, seems, none = words("cannot be told"), words("seems to raise"), words("no change")
    assert [one.startswith(head) for one, head in zip(told, (unclear, unclear, seems, none), strict=True)] == [True] * 4


@pytest.mark.parametrize("words", BOTH, ids=["en", "zh"])
def test_a_chance_is_told_with_whether_it_is_raised(words) -> None:
    def said(gained: int, lost: int) -> str:
        met = np.zeros((20, 2), dtype=bool)
        met[:gained, 1], met[gained : gained + lost, 0] = True, True
        return shift_sentence(met, "Mine", words)

    heads = {
        "en": ("raised", "lowered", "cannot be told", "no difference"),
        "zh": ("提高", "降低", "无法判断", "无差别"),
    }
    for text, head in zip((said(9, 0), said(0, 9), said(5, 4), said(0, 0)), heads[words.code], strict=True):
        assert head in text
    assert "Mine" in said(1, 1)


@pytest.mark.parametrize("words", BOTH, ids=["en", "zh"])
def test_the_cheapest_change_is_that_which_reaches_the_level_else_that_which_raises_the_chance(
    spec: Spec, words
) -> None:
    values = np.zeros((10, 4))
    values[:7, 2], values[:9, 3] = 1.0, 1.0
    sets = tuple((name, frozenset[str]()) for name in (AS_WRITTEN, "campaign", "approvals", "incentives x2"))
    costs = np.tile([0.0, 1.0, 2.0, 3.0], (10, 1))
    found = Chances(spec, Target("in place", 1.0), 0.8, (), sets, values, costs, ())
    assert found.raising == ("approvals", "incentives x2")
    dear, cheap = (change_name(name, spec, words) for name in ("incentives x2", "approvals"))
    assert "2" in dear
    assert dear in cheapest_sentence(found, words)
    assert cheap in cheapest_sentence(replace(found, level=0.95), words)
    nothing = replace(found, values=np.zeros((10, 4)))
    assert cheap not in cheapest_sentence(nothing, words)
    assert change_name(AS_WRITTEN, spec, words) not in cheapest_sentence(nothing, words)
    rows = change_rows(found, 1.0, words)
    assert rows[0][2] == "-"
    assert rows[1][2] == words("no change")
    assert rows[2][2].startswith(words("raised"))
