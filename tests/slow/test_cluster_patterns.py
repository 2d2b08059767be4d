"""P7: what a leader brings."""

from __future__ import annotations

import numpy as np
import pytest
from patterns import drawn, scenario, told

from relocsim.batch.observables_clusters import followers_of, turned_by_place
from relocsim.model import RelocationModel
from relocsim.world.projects import INTENTION, PRODUCING

pytestmark = pytest.mark.slow


def test_p7_a_leader_brings_tens_of_first_tier_suppliers_and_hardly_any_of_the_second() -> None:
    """Followers within six years of leaders that broke ground six years or more before the end."""
    first, producing, second, firms = [], [], [], []
    for foundation in drawn(scenario(6000), 16):
        model = RelocationModel(foundation.spec, foundation=foundation).run()
        first.append(followers_of(model, 1, INTENTION).mean())
        producing.append(followers_of(model, 1, PRODUCING).mean())
        second.append(followers_of(model, 2, INTENTION).mean())
        leaders = model.places.leaders.sum(axis=1)
        firms.append(turned_by_place(model)[leaders >= 1].sum() / leaders.sum())
    chosen = told("P7", "first-tier suppliers that follow a leader in six years", first, unit="firms", band=(10, 30))
    told("P7", "of these, come to produce in six years", producing, unit="firms", band=(10, 30))
    told("P7", "second-tier suppliers that follow", second, unit="firms", band=(0, 5))
    turned = told("P7", "local firms that turned, a leader", firms, unit="firms", band=(10, 60))
    assert 10 < chosen.mean < 30
    assert np.mean(first) > 3 * np.mean(second)
    assert 10 < turned.mean < 60


def test_p7_goes_away_with_the_mechanisms() -> None:
    spec = scenario(3000, "switches.followers=false", "switches.local_suppliers=false")
    for foundation in drawn(spec, 2):
        model = RelocationModel(foundation.spec, foundation=foundation).run()
        assert not followers_of(model, 1, INTENTION).any()
        assert not model.places.turned.any()
