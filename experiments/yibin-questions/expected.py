"""What Yibin may expect of each policy, without the luck of single firms.

`python experiments/yibin-questions/expected.py [REPLICATES]` writes expected.csv; see relocsim.answers.expecting for how.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from relocsim.answers.expecting import expected_in_arms
from relocsim.spec import load
from relocsim.world.calendar import Quarter

SCENARIOS = Path(__file__).parents[2] / "scenarios"
PLACES = ("yibin", "luzhou", "zigong", "neijiang", "leshan", "zunyi", "guizhou-yunnan", "chengdu", "chongqing")
CARDS = ("policy-card", "resources-card", "industry-card", "river-port-card")
AFTER_CARDS = "2014-Q1"
AFTER_RAIL = "2019-Q1"
Arms = dict[str, frozenset[str]]


def told(name: str, arms: Arms, until: str, replicates: int) -> pd.DataFrame:
    """Return the expected capture of each place in each arm and its change over the first arm, per cent: mean and tenths."""
    # no strata: what firms are expected to choose has no luck that these would take out
    spec = load(SCENARIOS / name, settings=["scenario.firms=4000", "scenario.study.strata=[]"])
    table = expected_in_arms(spec, arms, PLACES, until=Quarter.parse(until), replicates=replicates)
    return pd.concat({(name, until): table}, names=["scenario", "quarter"])


def _arms(base: Sequence[str], *added: Sequence[str]) -> Arms:
    """Return arms by what they add to the first."""
    return {" + ".join(more) or "baseline": frozenset([*base, *more]) for more in ((), *added)}


def main(replicates: int) -> None:
    """Write the answers to all questions that concern what firms choose."""
    visits = ("delegations",)
    alone = [(name,) for name in (*CARDS, "resident-offices", "project-packaging", "guarantee", "park-expansion")]
    cards = _arms(visits, *alone, CARDS, ("rivals-match",), ("policy-card", "rivals-match"))
    cards["no delegations"] = frozenset()
    offices = _arms((), ("delegations",), ("resident-offices",), ("desk-work",))
    questions = [
        ("yibin.yaml", cards, AFTER_CARDS),
        ("yibin/rivals-answer.yaml", _arms(visits, ("policy-card",)), AFTER_CARDS),
        ("yibin/offices.yaml", offices, AFTER_CARDS),
        ("yibin/customs.yaml", _arms(visits, ("river-port-card",)), AFTER_CARDS),
        ("yibin/electronics-card.yaml", _arms(visits, ("industry-card",)), AFTER_CARDS),
        ("yibin/origin-push.yaml", _arms(visits, ("dear-delta",), ("dear-yangtze-delta",)), AFTER_CARDS),
        ("yibin/rail-earlier.yaml", _arms(visits, ("rail-in-2014",)), AFTER_RAIL),
        ("yibin/rail-to-hubs.yaml", _arms(visits, ("south-sichuan-rail",), ("rail-to-chongqing",)), AFTER_RAIL),
    ]
    table = pd.concat([told(name, arms, until, replicates) for name, arms, until in questions])
    table.round(3).to_csv(Path(__file__).with_name("expected.csv"))
    print(table.xs("yibin", level="place").round(3).to_string())


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 12)
