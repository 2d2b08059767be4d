"""Yardsticks of officials read off a finished model, and the chance of meeting a target."""

from __future__ import annotations

import numpy as np
import pytest
from runs import with_scenario

from relocsim.answers.targets_met import AS_WRITTEN, Target, chances_of
from relocsim.answers.yardsticks import YARDSTICKS, yardstick_table, yardsticks_by_quarter
from relocsim.errors import SpecError
from relocsim.model import RelocationModel
from relocsim.spec import Spec
from relocsim.world.calendar import Quarter


@pytest.fixture(scope="module")
def short(toy: Spec) -> Spec:
    return with_scenario(toy, firms=200, end=Quarter.parse("2010-Q4"))


def test_money_in_place_and_rates_are_those_that_the_model_records(everything: RelocationModel) -> None:
    found, recorded = yardsticks_by_quarter(everything), everything.record.places()
    shape = (everything.quarter, -1)
    np.testing.assert_allclose(
        found["in place"].cumsum(axis=0), recorded["in_place_1e8yuan"].to_numpy().reshape(shape), atol=1e-9
    )
    np.testing.assert_allclose(
        found["signed"].cumsum(axis=0), recorded["signed_1e8yuan"].to_numpy().reshape(shape), atol=1e-9
    )
    for name, column in (("honoured rate", "honoured_rate"), ("started rate", "started_rate")):
        np.testing.assert_allclose(found[name], recorded[column].to_numpy().reshape(shape), atol=1e-9)


def test_what_comes_from_farther_is_a_part_of_what_comes(everything: RelocationModel) -> None:
    found = yardsticks_by_quarter(everything)
    every, city, province = (
        found[f"in place{tail}"] for tail in ("", " from outside the city", " from outside the province")
    )
    assert (every >= city - 1e-9).all()
    assert (city >= province - 1e-9).all()
    assert province.sum() > 0
    assert (found["large projects"] <= found["signed projects"] + 1e-9).all()


def test_years_are_sums_of_quarters_and_rates_are_those_of_their_end(everything: RelocationModel) -> None:
    quarters, years = (yardstick_table(everything, yearly=yearly) for yearly in (False, True))
    assert set(years["period"]) == set(range(2008, 2013))
    assert set(years["yardstick"]) == set(YARDSTICKS)
    assert not years.duplicated(["period", "place", "yardstick"]).any()
    beta = quarters[quarters["place"] == "beta"].set_index(["yardstick", "period"])["value"]
    year = years[years["place"] == "beta"].set_index(["yardstick", "period"])["value"]
    in_2010 = [beta["in place", f"2010-Q{quarter}"] for quarter in (1, 2, 3, 4)]
    assert year["in place", 2010] == pytest.approx(sum(in_2010))
    assert year["in-place rate", 2011] == beta["in-place rate", "2011-Q4"]


def test_tax_per_hectare_is_that_of_the_plants_that_stand(everything: RelocationModel) -> None:
    projects, sectors = everything.projects, everything.setting.sectors
    city = everything.setting.places.row("beta")
    rows = (projects.place == city) & ~projects.rents & (projects.dates[4] >= 0) & (projects.gone < 0)
    tax = (projects.output * projects.running * sectors.tax[projects.sector])[rows].sum()
    land = (projects.land * projects.running)[rows].sum()
    assert yardsticks_by_quarter(everything)["tax per hectare"][-1, city] == pytest.approx(tax / land)


def test_the_chance_of_a_target_that_everybody_meets_or_nobody(short: Spec) -> None:
    named = {"policies": ["approvals", "park-expansion"], "replicates": 2}
    easy = chances_of(short, Target("signed", 0.0), **named)
    assert (easy.table["chance"] == 1).all()
    assert easy.cheapest == AS_WRITTEN
    hard = chances_of(short, Target("in place", 1e9, year=2010), **named)
    assert (hard.table["chance"] == 0).all()
    assert hard.cheapest is None
    assert hard.table["change"].tolist() == [AS_WRITTEN, "approvals", "park-expansion", "all together"]
    assert hard.table["cost"].iloc[0] == 0
    assert (hard.table["cost"].iloc[1:] > 0).all()


def test_sizes_are_tried_and_the_least_that_does_is_told(short: Spec) -> None:
    found = chances_of(short, Target("signed", 0.0), policies=["approvals"], sizes=[0.5, 2], replicates=1)
    assert found.table["change"].tolist() == [AS_WRITTEN, "approvals x0.5", "approvals x2"]
    assert found.sizes.to_dict("records") == [{"policy": "approvals", "size": 0.0}]


def test_what_cannot_be_asked_is_told_at_once(short: Spec) -> None:
    with pytest.raises(SpecError) as raised:
        chances_of(short, Target("in plaice", 1.0, year=1999))
    assert "did you mean 'in place'" in str(raised.value)
    assert "1999 is outside the scenario, 2008 to 2010" in str(raised.value)
