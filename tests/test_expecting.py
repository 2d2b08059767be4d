"""Expected intentions: the closed form is what a large number of firms do, and the railway's sign is an outcome."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from runs import with_scenario, without

from relocsim.answers.expecting import expected_in_arms
from relocsim.batch.expecting import access_with, choice_shares, expected_intentions
from relocsim.batch.observables import observe
from relocsim.foundation import Foundation, choice_values, lay_foundation
from relocsim.model import RelocationModel
from relocsim.spec import Spec, load
from relocsim.world.calendar import Quarter

CHENZHOU = Path(__file__).parents[1] / "scenarios" / "chenzhou.yaml"
LINE = "wuhan-guangzhou-hsr"


def test_shares_are_those_of_many_firms_that_know_every_place(toy: Spec) -> None:
    known = without(with_scenario(toy, firms=40_000), "awareness")
    foundation = lay_foundation(known)
    model = RelocationModel(known, foundation=foundation, on=())
    found = model.look_around(0.0)
    values = choice_values(model.setting, model.places, model.levers, found.sheet, foundation.reference_cost)
    decided = model.decide(values, found)
    going, reviewed = decided.value.argmax(axis=1), len(decided.firm)
    counts = np.bincount(going, minlength=model.setting.shape[3]) / reviewed
    shares = choice_shares(foundation, values, model.contact)[foundation.population.segment[decided.firm]].mean(axis=0)
    error = np.sqrt(shares * (1 - shares) / reviewed)
    assert np.all(np.abs(counts - shares) <= 4 * error + 1e-12)
    assert reviewed > 2000


def test_the_start_is_without_the_lines_that_policies_open(foundation: Foundation) -> None:
    named = access_with(foundation, ())
    assert named is foundation.routes.at(foundation.routes.open_lines(foundation.spec.scenario.start.first_day))
    one, two = (expected_intentions(foundation, years=years) for years in (4.0, 4.0))
    assert one.output.tobytes() == two.output.tobytes()


def laid(**parameters: float) -> Foundation:
    settings = [f"parameters.{name}={value}" for name, value in parameters.items()]
    return lay_foundation(load(CHENZHOU, settings=["scenario.firms=3000", "scenario.study.strata=[]", *settings]))


def gains(foundation: Foundation) -> np.ndarray:
    """Return the change of what Chenzhou is expected to take, by sector and class, (S, Z)."""
    at = foundation.setting.places.row("chenzhou")
    before, after = (expected_intentions(foundation, lines).output[..., at].sum(axis=0) for lines in ((), (LINE,)))
    return after / np.where(before > 0, before, np.nan) - 1


@pytest.fixture(scope="module")
def central() -> np.ndarray:
    return gains(laid())


def test_the_railway_helps_at_central_inputs_small_firms_most(central: np.ndarray) -> None:
    by_class = np.nanmean(central, axis=0)
    assert by_class.argmax() == 0, "small firms travel most for their output"
    assert by_class.min() > 0


def test_the_sign_of_a_railway_differs_by_sector_and_size_where_skills_are_drawn_off() -> None:
    drained = {"siphon_strength": 4, "skill_premium": 1}
    foundation = laid(**drained, sourcing_friction=0, awareness_proximity=0.2, value_of_time=50)
    found, ids = gains(foundation), foundation.setting.sectors.ids
    assert found[ids.index("pharmaceuticals")].max() < 0 < found[ids.index("leather_footwear")].min()
    share = foundation.setting.sectors.skilled
    assert np.corrcoef(share, np.nanmean(found, axis=1))[0, 1] < -0.5


def test_bulk_goods_respond_less_to_a_railway_than_those_that_travel(central: np.ndarray) -> None:
    ids = laid().setting.sectors.ids
    by_sector = np.nanmean(central, axis=1)
    heavy = [ids.index(name) for name in ("iron_steel", "nonferrous_metals", "basic_chemicals", "building_materials")]
    light = [ids.index(name) for name in ("electronics", "instruments", "apparel", "toys_sports")]
    assert by_sector[heavy].max() < by_sector[light].min()


def test_what_places_are_expected_to_take_adds_up_and_a_policy_moves_it(toy: Spec) -> None:
    few = with_scenario(toy, firms=200)
    arms = {"baseline": few.on, "again": few.on, "incentives": few.on | {"incentives"}}
    places = [name for name, place in few.world.places.items() if place.destination and not place.origin]
    table = expected_in_arms(few, arms, places, until=Quarter.parse("2010-Q3"), replicates=2)
    assert table["capture"].groupby("arm").sum().to_numpy() == pytest.approx(100.0)
    assert (table.loc["again", "change"] == 0).all()
    moved = table.loc["incentives"]
    assert moved.loc["beta", "change"] > 0 > moved["change"].drop("beta").max()
    assert (moved["low"] <= moved["high"]).all()


def test_what_a_run_says_is_expected_is_hardly_luck(toy: Spec) -> None:
    short = with_scenario(toy, end=Quarter.parse("2011-Q4"))
    seen = []
    for firms, seed in ((500, 1), (500, 2), (500, 3), (4000, 4)):
        spec = with_scenario(short, firms=firms, seed=seed)
        model = RelocationModel(spec, foundation=lay_foundation(spec)).run()
        seen.append(observe(model, ["expected capture", "intentions"]))
    expected, intended = np.array(seen).T
    spread = [np.ptp(values) / values.mean() for values in (expected, intended)]
    assert spread[0] < 0.1 < spread[1]
