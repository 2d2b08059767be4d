"""Ablation: mechanisms off one at a time, paired, the same on any executor."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from runs import with_scenario, without

from relocsim.batch.ablation import Ablation, ablate, mechanisms
from relocsim.batch.observables import OBSERVABLES, observe_all
from relocsim.errors import SpecError
from relocsim.model import RelocationModel
from relocsim.spec import Spec
from relocsim.spec.scenario import Switches


@pytest.fixture(scope="module")
def small(toy: Spec) -> Spec:
    return with_scenario(toy, firms=200)


@pytest.fixture(scope="module")
def found(small: Spec) -> Ablation:
    return ablate(small, switches=["incentives", "awareness"], replicates=3)


def test_every_mechanism_that_is_on_is_taken_in_turn(small: Spec) -> None:
    assert mechanisms(small) == tuple(Switches.model_fields)
    assert "size" not in mechanisms(without(small, "size"))


def test_unknown_and_idle_mechanisms_are_refused_together(small: Spec) -> None:
    with pytest.raises(SpecError) as refused:
        mechanisms(without(small, "size"), ["incentive", "size"])
    assert "did you mean" in str(refused.value)
    assert "is off in the scenario as written" in str(refused.value)


def test_the_first_arm_is_the_scenario_as_written(small: Spec, found: Ablation) -> None:
    np.testing.assert_array_equal(found.values[0, 0], observe_all(RelocationModel(small).run()))
    np.testing.assert_array_equal(found.values[0, 1], observe_all(RelocationModel(without(small, "incentives")).run()))


def test_the_table_pairs_each_replicate(found: Ablation) -> None:
    table = found.table.set_index(["mechanism", "observable"])
    assert len(table) == 2 * len(OBSERVABLES)
    promised = table.loc[("incentives", "promises over investment")]
    assert promised["with"] > 0 == promised["without"]
    k = list(OBSERVABLES).index("distance")
    change = found.values[:, 2, k] - found.values[:, 0, k]
    row = table.loc[("awareness", "distance")]
    assert row["change"] == pytest.approx(change.mean())
    assert row["simulation_error"] == pytest.approx(change.std(ddof=1) / np.sqrt(3))


def test_the_clearest_observable_is_the_one_of_most_errors(found: Ablation) -> None:
    clearest = found.clearest.set_index("mechanism")
    for name, part in found.table.groupby("mechanism"):
        assert clearest.loc[name, "errors"] == part["errors"].max()


def test_any_executor_gives_the_same_bits(small: Spec, found: Ablation) -> None:
    with ThreadPoolExecutor(2) as executor:
        again = ablate(small, switches=["incentives", "awareness"], replicates=3, executor=executor)
    assert again.values.tobytes() == found.values.tobytes()


def test_every_observable_says_what_it_is() -> None:
    for name, observable in OBSERVABLES.items():
        assert observable.unit, name
        assert observable.meaning.endswith("."), name
