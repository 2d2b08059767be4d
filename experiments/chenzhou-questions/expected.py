"""What Chenzhou may expect of each policy, without the luck of single firms.

`python experiments/chenzhou-questions/expected.py [REPLICATES]` writes expected.csv. Each arm is played to the start of a
year with few agents, and the choice of every firm of the stock is then taken in its closed form, at the costs, packages
and contacts of that moment: intentions, before rationing and delivery. Entrants and state-owned projects are left out.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd

from relocsim.batch.expecting import choice_shares
from relocsim.batch.playing import realised
from relocsim.batch.reached import outside
from relocsim.foundation import choice_values, lay_foundation
from relocsim.model import RelocationModel
from relocsim.spec import Spec, load
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
Arms = dict[str, frozenset[str]]


def expected_capture(model: RelocationModel) -> np.ndarray:
    """Return what places are expected to take of the output that goes outside the origins, per cent, (places,)."""
    setting, population = model.setting, model.population
    found = model.look_around(model.quarter / 4)
    values = choice_values(setting, model.places, model.levers, found.sheet, model.foundation.reference_cost)
    rows = population.stock & setting.places.studied[population.origin]
    weight = population.weight[rows] * population.output[rows]
    stock = np.bincount(population.segment[rows], weight, minlength=len(model.contact))
    took = stock @ choice_shares(model.foundation, values, model.contact)
    away = outside(model)
    return 100 * took[[setting.places.row(name) for name in PLACES]] / took[away].sum()


def played(spec: Spec, arms: Arms, replicate: int) -> np.ndarray:
    """Return the expected capture of each arm, (arms, places)."""
    drawn = realised(spec, replicate)
    foundation = lay_foundation(drawn, replicate=replicate)
    found = []
    for on in arms.values():
        model = RelocationModel(drawn, foundation=foundation, on=on)
        while model.date < Quarter.parse(UNTIL):
            model.step()
        found.append(expected_capture(model))
    return np.array(found)


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
    spec = load(QUESTIONS / f"{name}.yaml", settings=[f"scenario.firms={AGENTS}"])
    arms = {"baseline": base, **{text: base | frozenset(text.split("+")) for text in added}}
    found = np.array([played(spec, arms, replicate) for replicate in range(1, replicates + 1)])
    change = 100 * (found / found[:, :1] - 1)
    low, high = np.quantile(change, [0.1, 0.9], axis=0)
    columns = {"capture": found.mean(axis=0), "change": change.mean(axis=0), "low": low, "high": high}
    index = pd.MultiIndex.from_product([[name], arms, PLACES], names=["scenario", "arm", "place"])
    return pd.DataFrame({key: column.ravel() for key, column in columns.items()}, index=index)


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
