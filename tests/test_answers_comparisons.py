"""What a comparison says beyond its effects."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from runs import with_scenario

from relocsim.answers.comparisons import combined, replicates_wanted
from relocsim.batch.comparing import compare
from relocsim.metrics.effects import replicates_needed
from relocsim.spec import Spec
from relocsim.world.calendar import Quarter


@pytest.fixture(scope="module")
def short(toy: Spec) -> Spec:
    study = toy.scenario.study.model_copy(update={"stage": "intention"})
    return with_scenario(toy, firms=200, end=Quarter.parse("2010-Q4"), study=study)


def test_what_comes_of_combining_is_the_whole_less_its_parts(short: Spec) -> None:
    found = compare(short, with_=["incentives", "approvals"], without=["hsr"], replicates=2)
    held = combined(found).set_index(["quantity", "measure", "part"])["mean"]
    table = held["amount"]
    amounts = found.amounts[:, :, 1, found.stage, found.city].mean(axis=0)
    names = [arm.name for arm in found.arms]
    parts = [amounts[names.index(name)] - amounts[0] for name in ("incentives", "approvals")]
    assert table["investment", "alone"] == pytest.approx(sum(parts))
    assert table["investment", "together"] == pytest.approx(amounts[-1] - amounts[0])
    assert table["investment", "synergy"] == pytest.approx(table["investment", "together"] - sum(parts))
    rates = found.rates[:, :, 1, found.stage, found.city].mean(axis=0)
    assert held["capture_rate", "investment", "together"] == pytest.approx(rates[-1] - rates[0])


def test_arms_that_overlap_or_are_alone_do_not_add_up(short: Spec) -> None:
    overlapping = compare(short, with_=["incentives"], packages=["soft"], replicates=1)
    assert combined(overlapping).empty
    alone = compare(short, with_=["incentives"], replicates=1)
    assert combined(alone).empty


def test_replicates_wanted_follow_the_spread_of_effects(short: Spec) -> None:
    found = compare(short, with_=["incentives"], replicates=3)
    change = (found.rates[:, 1] - found.rates[:, 0])[:, 1, found.stage, found.city]
    wanted = replicates_wanted(found).set_index("arm")["replicates_needed"]["incentives"]
    expected = replicates_needed(change, 0.1 * abs(float(np.mean(change))))
    assert (wanted == expected) if expected is not None else pd.isna(wanted)
