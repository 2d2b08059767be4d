"""What Yibin may expect of each policy, without the luck of single firms.

`python experiments/yibin-questions/expected.py [REPLICATES]` writes expected.csv. Yibin takes a thousandth of what leaves,
so that a run with thousands of agents shows it by a handful of them. Here each arm is played to the start of a year with
few agents, and the choice of every firm of the stock is then taken in its closed form, at the costs, packages and
contacts of that moment: intentions, before rationing and delivery. Entrants are left out.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
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

SCENARIOS = Path(__file__).parents[2] / "scenarios"
PLACES = ("yibin", "luzhou", "zigong", "neijiang", "leshan", "zunyi", "guizhou-yunnan", "chengdu", "chongqing")
CARDS = ("policy-card", "resources-card", "industry-card", "river-port-card")
AFTER_CARDS = "2014-Q1"
AFTER_RAIL = "2019-Q1"
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


def played(spec: Spec, arms: Arms, until: Quarter, replicate: int) -> np.ndarray:
    """Return the expected capture of each arm at the start of a quarter, (arms, places)."""
    drawn = realised(spec, replicate)
    foundation = lay_foundation(drawn, replicate=replicate)
    found = []
    for on in arms.values():
        model = RelocationModel(drawn, foundation=foundation, on=on)
        while model.date < until:
            model.step()
        found.append(expected_capture(model))
    return np.array(found)


def told(name: str, arms: Arms, until: str, replicates: int) -> pd.DataFrame:
    """Return the expected capture of each place in each arm and its change over the first arm, per cent: mean and tenths."""
    spec = load(SCENARIOS / name, settings=["scenario.firms=4000"])
    found = np.array([played(spec, arms, Quarter.parse(until), replicate) for replicate in range(1, replicates + 1)])
    change = 100 * (found / found[:, :1] - 1)
    low, high = np.quantile(change, [0.1, 0.9], axis=0)
    columns = {"capture": found.mean(axis=0), "change": change.mean(axis=0), "low": low, "high": high}
    index = pd.MultiIndex.from_product([[name], [until], arms, PLACES], names=["scenario", "quarter", "arm", "place"])
    return pd.DataFrame({key: column.ravel() for key, column in columns.items()}, index=index)


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
