"""What Chenzhou may expect of each policy, without the luck of single firms.

`python experiments/chenzhou-questions/expected.py [REPLICATES]` writes expected.csv; see relocsim.answers.expecting for how.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

from relocsim.answers.expecting import expected_in_arms
from relocsim.spec import load
from relocsim.world.calendar import Quarter

QUESTIONS = Path(__file__).parents[2] / "scenarios" / "chenzhou" / "questions"
PLACES = (
    "chenzhou",
    "ganzhou",
    "hengyang",
    "yongzhou",
    "shaoguan",
    "qingyuan",
    "heyuan",
    "zhuzhou",
    "changsha",
    "wuhan",
)
UNTIL = "2014-Q1"
AGENTS = 4000
PLAIN = "scenario.study.strata=[]"
"""No strata: what firms are expected to choose has no luck that these would take out."""


def told(name: str, added: list[str], replicates: int, base: frozenset[str] = frozenset({"hsr"})) -> pd.DataFrame:
    """Return expected capture by arm and place and its change over the first arm, per cent: mean and tenths.

    Parameters
    ----------
    name
        Scenario of a question.
    added
        Policies that each arm has beside `base`, joined by `+`.
    replicates
        Draws of the inputs.
    base
        Policies of the first arm.
    """
    spec = load(QUESTIONS / f"{name}.yaml", settings=[f"scenario.firms={AGENTS}", PLAIN])
    arms = {"baseline": base, **{text: base | frozenset(text.split("+")) for text in added}}
    table = expected_in_arms(spec, arms, PLACES, until=Quarter.parse(UNTIL), replicates=replicates)
    return pd.concat({name: table}, names=["scenario"])


def main(replicates: int) -> None:
    """Write the answers to all questions that concern what firms choose."""
    planks = ["supplier-cultivation", "talent-programme", "power-supply", "labour-training", "standard-factories"]
    parks = ["park-expansion", "land-consolidation", "self-management"]
    asked = [
        told(
            "railway",
            ["hsr", "approvals", "hsr+approvals", "co-built-park", "hsr+co-built-park"],
            replicates,
            frozenset(),
        ),
        told("interception", ["interception", "incentives", "interception+incentives"], replicates),
        told("hong-kong-park", ["co-built-park", "ganzhou-park", "co-built-park+ganzhou-park"], replicates),
        told(
            "leader",
            ["leader-recruitment", "aftercare", "leader-recruitment+supplier-cultivation+aftercare"],
            replicates,
        ),
        told("shortest-plank", [*planks, "+".join(planks)], replicates),
        told("parks", [*parks, "park-expansion+land-consolidation"], replicates),
        told(
            "national-status",
            [
                "national-status",
                "neighbours-status",
                "national-status+neighbours-status",
                "early-status+national-status",
            ],
            replicates,
        ),
        told("outreach", ["promotion-campaign", "offices", "desk-work", "project-packaging"], replicates),
        told("dry-port", ["logistics-platform"], replicates),
        told("customs", ["logistics-platform"], replicates),
        told("rivals-answer", ["incentives", "rivals-match", "incentives+rivals-match"], replicates),
    ]
    table = pd.concat(asked)
    table.round(3).to_csv(Path(__file__).with_name("expected.csv"))
    print(table.xs("chenzhou", level="place").round(3).to_string())


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 12)
