"""Capture by stage, sector, origin and size: the parts make up the whole, and the whole is that of a comparison."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from runs import with_scenario, without

from relocsim.answers.capturing import COUNTED, QUANTITIES, Captures, captures, categories
from relocsim.batch.comparing import compare
from relocsim.spec import Spec
from relocsim.world.calendar import Quarter


@pytest.fixture(scope="module")
def short(toy: Spec) -> Spec:
    return with_scenario(toy, firms=200, end=Quarter.parse("2010-Q4"))


@pytest.fixture(scope="module")
def found(short: Spec) -> Captures:
    return captures(short, with_=["incentives"], replicates=2)


def of(table: pd.DataFrame, **keys: str) -> pd.DataFrame:
    for name, value in keys.items():
        table = table[table[name] == value]
    return table


def test_the_whole_is_that_of_a_comparison(short: Spec, found: Captures) -> None:
    compared = compare(short, with_=["incentives"], replicates=2)
    at = found.index.reset_index()
    for stage in (1, 2, 3, 4):
        for m, measure in enumerate(("projects", "investment", "jobs")):
            row = of(at, stage=COUNTED[stage], measure=measure, by="all").index[0]
            amount, rate, _, risk = (found.values[:, :, q, row] for q in range(4))
            np.testing.assert_allclose(amount, compared.amounts[:, :, m, stage, compared.city])
            np.testing.assert_allclose(rate, compared.rates[:, :, m, stage, compared.city])
            np.testing.assert_allclose(risk * compared.at_risk[:, m, None], amount)


def test_sectors_origins_and_classes_make_up_the_whole(found: Captures) -> None:
    amounts = found.index.assign(amount=found.values[0, 1, 0])
    for (stage, measure), part in amounts.groupby(["stage", "measure"]):
        sums = part.groupby("by")["amount"].sum()
        for by in ("sector", "origin", "firm_class"):
            assert sums[by] == pytest.approx(sums["all"]), (stage, measure, by)


def test_contested_capture_is_at_least_capture_and_the_same_where_all_know(short: Spec, found: Captures) -> None:
    rate, contested = found.values[:, :, 1], found.values[:, :, 2]
    both = np.isfinite(rate) & np.isfinite(contested)
    assert (contested[both] >= rate[both] - 1e-12).all()
    assert (contested[both] > rate[both] + 1e-6).any()
    everybody = captures(without(short, "awareness"), with_=["approvals"], replicates=1)
    np.testing.assert_array_equal(everybody.values[:, :, 1], everybody.values[:, :, 2])


def test_a_group_takes_the_sum_of_its_members(short: Spec, found: Captures) -> None:
    group = captures(short, members=["beta", "delta"], with_=["incentives"], replicates=1)
    other = captures(short, members=["delta"], with_=["incentives"], replicates=1)
    np.testing.assert_allclose(group.values[0, :, 0], found.values[0, :, 0] + other.values[0, :, 0])


def test_tables_have_a_row_for_each_of_what_they_tell(short: Spec, found: Captures) -> None:
    rows = len(COUNTED) * 3 * len(categories(short)) * len(QUANTITIES)
    assert len(found.table) == 2 * rows
    assert len(found.effects) == rows
    keys = ["arm", "stage", "measure", "by", "of", "quantity"]
    assert not found.table.duplicated(keys).any()
    one = of(found.effects, stage="signed", measure="jobs", by="all", quantity="amount").iloc[0]
    row = of(found.index.reset_index(), stage="signed", measure="jobs", by="all").index[0]
    change = found.values[:, 1, 0, row] - found.values[:, 0, 0, row]
    assert one["mean"] == pytest.approx(change.mean())
