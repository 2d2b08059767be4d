"""Land from above: quota, expansion of full parks, the reform of local taxes; and projects of state-owned enterprises."""

from __future__ import annotations

import numpy as np
import pytest
from governing import after, rows_of
from runs import with_parameters, without

from relocsim.model import RelocationModel, lay_foundation
from relocsim.phases.ventures import venture_count
from relocsim.spec import Spec
from relocsim.world.projects import STATE

# ---------------------------------------------------------------- land from above


def land_of(spec: Spec, *on: str, quarters: int = 20) -> tuple[np.ndarray, RelocationModel]:
    """Return the land that policies have made in Beta by quarter, and the model."""
    model = RelocationModel(spec, foundation=lay_foundation(spec), on=on)
    made = []
    for _ in range(quarters):
        model.step()
        made.append(model.levers["land_added"][model.setting.places.row("beta")])
    return np.array(made), model


def test_quota_lets_an_ordered_park_be_made_only_in_part(toy: Spec) -> None:
    terms, usual = toy.world.parameters, toy.world.places["beta"].park_land_growth
    rationed, _ = land_of(toy, "park-expansion")
    allowed = (terms.land_quota_ratio - 1) * usual * np.arange(20) / 4
    np.testing.assert_allclose(rationed[8:], np.minimum(1000, allowed)[8:])
    free, _ = land_of(without(toy, "land_quota"), "park-expansion")
    assert free[-1] == 1000
    won, _ = land_of(toy, "park-expansion", "land-consolidation")
    assert np.all(rationed <= won + 1e-9)
    assert rationed[-1] < 0.3 * won[-1]


def test_land_held_back_is_paid_for_when_it_is_made(toy: Spec) -> None:
    """Whatever the quota, a place has paid in the end for the land that it has."""
    model = land_of(toy, "park-expansion")[1]
    free = land_of(without(toy, "land_quota"), "park-expansion")[1]
    at = model.setting.places.row("beta")
    late = (model.places.land_ordered - model.places.land_made)[at]
    assert late > 100
    assert free.places.land_ordered[at] == free.places.land_made[at]


def test_full_parks_expand_and_others_do_not(toy: Spec) -> None:
    crowded = with_parameters(toy, park_full=0.75, land_quota_ratio=1.4)
    model = after(lay_foundation(crowded), 3)
    delta, beta, alpha = rows_of(model.foundation, ["delta", "beta", "alpha"])
    assert model.places.land_extra[delta] > 0
    assert model.places.land_extra[[beta, alpha]].max() == 0
    poor = with_parameters(crowded, park_budget_share=0.0)
    assert not after(lay_foundation(poor), 12).places.land_extra.any()
    bound = with_parameters(crowded, land_quota_ratio=1.0)
    assert not after(lay_foundation(bound), 12).places.land_extra.any()


def test_the_reform_raises_what_cities_receive_from_its_date_on(toy: Spec) -> None:
    setting = lay_foundation(toy).setting
    terms = setting.parameters
    quarters = np.arange(2008, 2018, 0.25)
    share = [setting.local_tax_share(year - 2008) for year in quarters]
    first = quarters[np.array(share) == terms.local_tax_share_2016][0]
    assert first == 2016.5  # the first quarter that begins after 1 May 2016


# ---------------------------------------------------------------- state-owned enterprises


def test_ventures_come_at_their_yearly_number_whatever_places_do(toy: Spec) -> None:
    busy = with_parameters(toy, state_projects=30.0)
    foundation = lay_foundation(busy)
    counts = [venture_count(foundation.setting, quarter) for quarter in range(20)]
    assert sum(counts) == pytest.approx(30 * 5, abs=1)
    projects = after(foundation, 20).projects
    mine = projects.kind == STATE
    assert mine.sum() == sum(counts)
    low, high = foundation.setting.parameters.state_investment_low, foundation.setting.parameters.state_investment_high
    assert np.all((projects.investment[mine] >= low) & (projects.investment[mine] <= high))
    assert after(lay_foundation(without(busy, "state_owned_projects")), 20).projects.kind.max() != STATE


def test_effort_never_loses_a_venture(toy: Spec) -> None:
    """Where land does not bind: otherwise one large project may bar the way of another."""
    foundation = lay_foundation(without(with_parameters(toy, state_projects=40.0), "admission_limits"))
    won = []
    for on in ([], ["state-owned"]):
        projects, at = after(foundation, 12, on).projects, foundation.setting.places.row("beta")
        won.append(set(projects.uid[(projects.kind == STATE) & (projects.place == at)].tolist()))
    assert won[0] < won[1]


def test_ventures_are_counted_apart_from_capture(toy: Spec) -> None:
    from relocsim.batch.running import run

    one = run(with_parameters(toy, state_projects=40.0))
    studied = one.model.setting.places.from_studied(one.model.projects.origin)
    intended = one.capture.query("measure == 'projects' and stage == 'intention'")["amount"].sum()
    assert intended == pytest.approx(one.model.projects.firms[studied].sum())
    assert not (studied & (one.model.projects.kind == STATE)).any()


def test_ventures_take_land_and_bring_output_and_tax(toy: Spec) -> None:
    many, none = (after(lay_foundation(with_parameters(toy, state_projects=rate)), 20) for rate in (40.0, 0.0))
    gain = many.places.output.sum() - none.places.output.sum()
    assert gain > 100
    assert many.places.tax_base.sum() > none.places.tax_base.sum()
