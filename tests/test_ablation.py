"""Ablation: mechanisms off one at a time, paired, the same on any executor."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from runs import with_scenario, without

from relocsim.batch.ablation import Ablation, ablate, bar, mechanisms, observed
from relocsim.batch.observables import OBSERVABLES, observe, observe_all
from relocsim.batch.observables_where import WHERE
from relocsim.errors import SpecError
from relocsim.model import RelocationModel
from relocsim.report.writing import OutputError, apart
from relocsim.spec import Spec
from relocsim.spec.scenario import Switches
from relocsim.world.calendar import Quarter


@pytest.fixture(scope="module")
def small(toy: Spec) -> Spec:
    return with_scenario(toy, firms=200, end=Quarter.parse("2010-Q1"))


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
    assert mechanisms(small, ["size", "size"]) == ("size",)


def test_an_unknown_observable_is_refused() -> None:
    with pytest.raises(SpecError, match="did you mean 'building time'"):
        observed(["bulding time"])
    assert observed() == tuple(OBSERVABLES)


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


def test_named_observables_alone_are_looked_at_beside_capture(small: Spec, found: Ablation) -> None:
    named = ablate(small, switches=["incentives"], observables=["rent", "distance"], replicates=3)
    assert named.observables == ("rent", "distance", "capture")
    assert set(named.clearest["observable"]) <= {"rent", "distance"}
    columns = [list(OBSERVABLES).index(name) for name in named.observables]
    np.testing.assert_array_equal(named.values, found.values[:, :2, columns])


def test_what_was_never_there_to_be_measured_shows_nothing(small: Spec) -> None:
    never = ablate(small, switches=["size"], observables=["followers", "rent"], replicates=2)
    rows = never.table.set_index("observable")
    assert np.isnan(rows.loc["followers", "errors"])
    assert never.clearest.loc[0, "observable"] == "rent"


def test_the_bar_is_three_errors_and_higher_where_chance_reaches_far() -> None:
    assert bar(10, 1) == 3
    assert bar(2, 1) == pytest.approx(12.706, abs=0.001)  # Student's t with one degree of freedom
    assert bar(10, 50) > bar(20, 50) > 3


def test_a_bar_counts_every_run(small: Spec) -> None:
    ticks: list[int] = []
    ablate(small, switches=["size"], observables=["rent"], replicates=2, tick=lambda: ticks.append(1))
    assert len(ticks) == 4


def test_results_of_several_scenarios_lie_apart(tmp_path: Path) -> None:
    assert apart(tmp_path, ["a.yaml"]) == [tmp_path]
    assert apart(None, ["a.yaml", "b.yaml"]) == [None, None]
    assert apart(tmp_path, ["a.yaml", "b.yaml"]) == [tmp_path / "a", tmp_path / "b"]
    with pytest.raises(OutputError, match="several files are called a"):
        apart(tmp_path, ["a.yaml", "there/a.yaml"])


def test_where_firms_go_is_what_the_places_are_like(baseline: RelocationModel) -> None:
    """Means over the places chosen lie between the least and the most that any place has."""
    places, rivals = baseline.setting.places, baseline.setting.places.open_to_rivalry
    held = {
        "skills found": 100 * places.talent[rivals],
        "customs where exporters go": (places.clearance_days * baseline.levers["clearance_days"])[rivals],
        "size of places": places.gdp[rivals],
        "rents paid": baseline.places.rent_ratio[rivals],
    }
    for name, values in held.items():
        (seen,) = observe(baseline, [name])
        assert values.min() - 1e-9 <= seen <= values.max() + 1e-9, name


def test_nothing_is_dearer_where_occupancy_moves_no_rents(small: Spec) -> None:
    model = RelocationModel(without(small, "rent_feedback")).run()
    assert observe(model, ["rents paid"])[0] == 1
    assert np.isfinite(observe(model, WHERE)).all()


def test_any_executor_gives_the_same_bits(small: Spec, found: Ablation) -> None:
    with ThreadPoolExecutor(2) as executor:
        again = ablate(small, switches=["incentives", "awareness"], replicates=3, executor=executor)
    assert again.values.tobytes() == found.values.tobytes()


def test_every_observable_says_what_it_is() -> None:
    for name, observable in OBSERVABLES.items():
        assert observable.unit, name
        assert observable.meaning.endswith("."), name
