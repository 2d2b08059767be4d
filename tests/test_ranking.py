"""Ranks come with the range that drawn inputs give them."""

import numpy as np
import pandas as pd
import pytest
from toy import SCENARIO

from relocsim.report.explaining import explain
from relocsim.spec import load


@pytest.fixture(scope="module")
def told() -> pd.DataFrame:
    """The cost sheet with the ranks of six draws."""
    return explain(SCENARIO, origin="alpha", draws=6).cost_sheet


def test_ranks_have_a_range_and_home_has_none(told):
    away = told[told["place"] != "alpha"]
    assert sorted(away["rank"]) == list(range(1, len(away) + 1))
    assert (away["rank_low"] <= away["rank_high"]).all()
    assert told.loc[told["place"] == "alpha", ["rank", "rank_low", "rank_high"]].isna().all(axis=None)


def test_the_range_is_that_of_the_draws_and_not_of_the_number_of_firms():
    few, many = (explain(load(SCENARIO, settings=[f"scenario.firms={n}"]), draws=4).cost_sheet for n in (300, 900))
    np.testing.assert_array_equal(few["rank_high"].dropna(), many["rank_high"].dropna())


def test_without_draws_the_rank_stands_alone():
    told = explain(SCENARIO, draws=0).cost_sheet.dropna(subset="rank")
    assert (told["rank_low"] == told["rank"]).all()


def test_uncertain_inputs_move_ranks(told):
    ranked = told.dropna(subset="rank")
    assert (ranked["rank_low"] < ranked["rank_high"]).any()
