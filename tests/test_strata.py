"""Firms drawn in strata of their taste for the city under study: nothing is biased, and leaders stay whole."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from toy import SCENARIO

from relocsim.errors import SpecError
from relocsim.estimation.simulated import choices
from relocsim.foundation import Foundation, lay_foundation
from relocsim.spec import Spec, load
from relocsim.world.firms import LEADER
from relocsim.world.strata import Strata

TAILS = (0.3, 0.05, 0.01)
FIRMS = "scenario.firms=4000"


def toy_in(*tails: float) -> Spec:
    return load(SCENARIO, settings=[FIRMS, f"scenario.study.strata={list(tails)}"])


@pytest.fixture(scope="module")
def plain() -> Foundation:
    return lay_foundation(toy_in())


@pytest.fixture(scope="module")
def stratified() -> Foundation:
    return lay_foundation(toy_in(*TAILS))


@st.composite
def strata(draw: st.DrawFn) -> Strata:
    tails = draw(st.lists(st.floats(1e-4, 0.9), min_size=1, max_size=4, unique=True))
    return Strata(0, tuple(sorted(tails, reverse=True)))


@given(strata(), st.floats(1e-9, 1 - 1e-9))
def test_a_stratum_holds_its_part_of_the_law(strata: Strata, uniform: float) -> None:
    edges, count = (1.0, *strata.above, 0.0), len(strata.share)
    drawn = strata.drawn(np.full(count + 1, uniform), np.arange(-1, count))
    assert drawn[0] == uniform
    assert strata.share.sum() == pytest.approx(1)
    for at in range(count):
        assert edges[at + 1] - 1e-12 <= 1 - drawn[at + 1] <= edges[at] + 1e-12


def test_strata_add_up_to_the_firms_of_every_cell(plain: Foundation, stratified: Foundation) -> None:
    def firms(of: Foundation, *, output: bool = False) -> np.ndarray:
        found, shape = of.population, (len(of.setting.places.origins), len(of.setting.sectors.ids))
        rows = found.stock
        mass = found.weight[rows] * (found.output[rows] if output else 1.0)
        cell = found.origin[rows].astype(int) * shape[1] + found.sector[rows]
        return np.bincount(cell, mass, minlength=shape[0] * shape[1])

    np.testing.assert_allclose(firms(stratified), firms(plain), rtol=1e-12)
    np.testing.assert_allclose(firms(stratified, output=True), firms(plain, output=True), rtol=1e-12)
    born = [of.population.weight[~of.population.stock].sum() for of in (plain, stratified)]
    assert born[1] == pytest.approx(born[0], rel=0.1)
    assert len(stratified.population) == pytest.approx(len(plain.population), rel=0.15)


def test_leaders_and_their_suppliers_are_the_same_with_strata(plain: Foundation, stratified: Foundation) -> None:
    def whole(of: Foundation) -> tuple[np.ndarray, ...]:
        found, tastes = of.population, of.choosers.tastes
        rows = np.flatnonzero(found.stock & ((found.kind == LEADER) | (found.tier > 0)))
        return found.uid[rows], found.weight[rows], found.output[rows], tastes.taste[rows], tastes.threshold[rows]

    assert (plain.population.kind == LEADER).any()
    for one, other in zip(whole(plain), whole(stratified), strict=True):
        np.testing.assert_array_equal(one, other)


def test_weighted_tastes_keep_their_law_and_other_places_are_left_alone(stratified: Foundation) -> None:
    found, tastes, places = stratified.population, stratified.choosers.tastes, stratified.setting.places
    city, ordinary = places.row(stratified.spec.scenario.study.city), found.stratum >= 0
    taste, weight = tastes.taste[ordinary].astype(float), found.weight[ordinary]
    for mark in (-1.0, 0.0, 1.0, 2.0, 4.0, 5.0):
        seen = weight[taste[:, city] <= mark].sum() / weight.sum()
        assert seen == pytest.approx(stats.gumbel_r.cdf(mark), abs=0.025)
    for stratum, (low, high) in enumerate(zip((*TAILS, 0.0), (1.0, *TAILS), strict=True)):
        upper = 1 - stats.gumbel_r.cdf(taste[found.stratum[ordinary] == stratum, city])
        assert low - 1e-6 <= upper.min() <= upper.max() <= high + 1e-6
    others = np.delete(taste, city, axis=1).ravel()
    assert stats.kstest(others[:: len(places.ids)], stats.gumbel_r.cdf).pvalue > 1e-4


def test_a_table_of_choices_is_of_firms_drawn_alike() -> None:
    few = ["scenario.firms=300"]
    spec = load(SCENARIO, settings=few)
    strata = load(SCENARIO, settings=[*few, "scenario.study.strata=[0.1, 0.01]"])
    assert choices(strata, quarters=1).equals(choices(spec, quarters=1))
    with pytest.raises(SpecError, match=r"no random sample .*scenario.study.strata=\[\]"):
        choices(lay_foundation(strata), quarters=1)


@pytest.mark.parametrize(
    ("tails", "said"),
    [
        ("[0.01, 0.1]", r"strata\[1\].*expected a share below 0.01, found 0.1.*from the widest to the narrowest"),
        ("[0.1, 0.1]", "expected a share below 0.1, found 0.1"),
        ("[1.0]", "expected a number below 1, found 1"),
        ("[0.0]", "expected a number above 0, found 0"),
        ("0.1", "strata"),
    ],
)
def test_strata_that_cannot_be_are_refused(tails: str, said: str) -> None:
    with pytest.raises(SpecError, match=said):
        load(SCENARIO, settings=[f"scenario.study.strata={tails}"])


@pytest.mark.parametrize("name", ["chenzhou", "chenzhou-whole", "yibin", "zhoukou", "zhoukou-city"])
def test_cases_of_a_city_have_strata(name: str) -> None:
    assert load(Path(__file__).parents[1] / "scenarios" / f"{name}.yaml").scenario.study.strata
