"""The target list: what visits would bring, against a campaign in the model's own terms."""

from __future__ import annotations

import numpy as np
import pytest
from runs import with_scenario, without

from relocsim.answers import prospects
from relocsim.answers.prospects import Asked, target_list
from relocsim.batch.expecting import choice_shares
from relocsim.errors import SpecError
from relocsim.spec import Spec
from relocsim.world.calendar import Quarter


@pytest.fixture(scope="module")
def short(toy: Spec) -> Spec:
    return with_scenario(toy, firms=200)


def test_the_list_ranks_every_sector_and_origin(short: Spec) -> None:
    found = target_list(short, replicates=3)
    table = found.table
    assert len(table) == len(found.sectors) * len(found.origins)
    assert table["investment"].is_monotonic_decreasing
    assert (table["investment"] > 0).all()
    assert (table["low"] <= table["investment"]).all()
    assert (table["rank_low"] <= table["rank_high"]).all()
    assert (table["with_link"] >= table["investment"] - 1e-12).all()
    assert len(found.by_sector) == len(found.sectors)
    assert (found.by_sector["link_adds"] >= -1e-12).all()


def test_few_visits_bring_in_proportion_and_more_bring_less_each(short: Spec) -> None:
    one, two, many = (target_list(short, Asked(visits=visits), replicates=1).brought for visits in (0.01, 0.02, 1e9))
    np.testing.assert_allclose(two, 2 * one, rtol=1e-3)
    assert (many < 1e8 * one).all()


def test_no_visits_bring_nothing_and_nor_do_visits_where_everybody_knows(short: Spec) -> None:
    assert (target_list(short, Asked(visits=0.0), replicates=1).brought == 0).all()
    assert (target_list(without(short, "awareness"), replicates=1).brought == 0).all()


def test_without_depth_no_link_is_missed(short: Spec) -> None:
    found = target_list(without(short, "supporting_depth"), replicates=1)
    np.testing.assert_array_equal(found.with_link, found.brought[:, 0])


def test_later_quarters_have_their_own_costs(short: Spec) -> None:
    first, later = (
        target_list(short, Asked(quarter=quarter), replicates=1) for quarter in (None, Quarter.parse("2010-Q3"))
    )
    assert not np.allclose(first.brought, later.brought)


def test_what_cannot_be_asked_is_told(short: Spec) -> None:
    with pytest.raises(SpecError) as raised:
        target_list(short, Asked(mode="visit", quarter=Quarter.parse("1999-Q1")))
    assert "did you mean 'visits'" in str(raised.value)
    assert "1999-Q1 is outside the period" in str(raised.value)


def test_telling_everybody_who_knew_nothing_brings_the_expected_share(short: Spec) -> None:
    """The closed form that the anchor uses, for a city of which nobody knew and then everybody does."""
    one = prospects._Prospect(short, Asked(visits=1e12), 0)
    one.contact = one.contact.copy()
    one.contact[:, one.city] = 0.0
    told = one.contact.copy()
    told[:, one.city] = np.inf
    share = choice_shares(one.model.foundation, one.values, told)[:, one.city]
    reached = one._added() > 50
    found = one._chosen_more(np.zeros(one.model.setting.shape[:2]))
    assert reached.any()
    np.testing.assert_allclose(found[reached], share[reached], rtol=1e-9)
