"""Observables paired over arms, Ellison-Glaeser of a model, and whose the lead is when dates are swapped."""

from __future__ import annotations

import numpy as np
import pytest
from runs import changed, with_policy, with_scenario

from relocsim.answers.observing import BESIDE, EVERYTHING, observe_everything, observed, path_dependence
from relocsim.batch.observables import OBSERVABLES, observe_all
from relocsim.errors import SpecError
from relocsim.metrics.funnel import rate_of_signed
from relocsim.model import RelocationModel
from relocsim.spec import Spec
from relocsim.world.calendar import Quarter


@pytest.fixture(scope="module")
def short(toy: Spec) -> Spec:
    study = toy.scenario.study.model_copy(update={"stage": "signed"})
    return with_scenario(toy, firms=200, end=Quarter.parse("2010-Q4"), study=study)


def test_what_is_observed_begins_with_the_observables(everything: RelocationModel) -> None:
    found = observe_everything(everything)
    np.testing.assert_array_equal(found[: len(OBSERVABLES)], observe_all(everything))
    assert len(found) == len(EVERYTHING) == len(OBSERVABLES) + len(BESIDE)
    names = list(EVERYTHING)
    city = everything.setting.places.row("beta")
    rates = [100 * rate_of_signed(everything.places.stage_firms, stage)[city] for stage in (2, 3, 4)]
    at = names.index("honoured over signed in the city")
    np.testing.assert_allclose(found[at : at + 3], rates)
    assert -1 < found[names.index("Ellison-Glaeser")] < 1


def test_changes_are_paired_and_the_first_arm_has_none(short: Spec) -> None:
    found = observed(short, with_=["incentives"], without=["hsr"], replicates=2)
    table = found.table.set_index(["arm", "observable"])
    assert (table.loc["baseline", "mean"].dropna() == 0).all()
    k = list(EVERYTHING).index("intentions")
    change = found.values[:, 1, k] - found.values[:, 0, k]
    assert table.loc[("incentives", "intentions"), "mean"] == pytest.approx(change.mean())
    back = found.values[:, 0, k] - found.values[:, 2, k]
    assert table.loc[("hsr", "intentions"), "mean"] == pytest.approx(back.mean())


def test_the_lead_that_a_strong_policy_gives_goes_with_its_date(short: Spec) -> None:
    strong = changed(short.policies["incentives"], capital_subsidy=1.0, start=short.scenario.start)
    spec = with_policy(short, "incentives", strong)
    table = path_dependence(spec, ["incentives"], "delta", 12, replicates=2).set_index("quantity")
    assert table.loc["gap, city early", "mean"] > table.loc["gap, rival early", "mean"]
    assert 0 <= table.loc["share with the date", "mean"] <= 1


def test_what_cannot_be_swapped_is_told(short: Spec) -> None:
    with pytest.raises(SpecError, match="'hsr' is of no city"):
        path_dependence(short, ["hsr"], "delta", 4)
    with pytest.raises(SpecError, match="there is no destination 'delhi'"):
        path_dependence(short, ["incentives"], "delhi", 4)
