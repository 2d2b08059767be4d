"""What policies' levers do to expected intentions."""

from __future__ import annotations

import numpy as np
from toy import SCENARIO

from relocsim.batch.expecting import expected_intentions
from relocsim.foundation import empty_levers, lay_foundation
from relocsim.spec import load
from relocsim.world.levers import Change


def test_levers_that_change_nothing_change_nothing_and_a_subsidy_draws_firms_to_its_place() -> None:
    foundation = lay_foundation(load(SCENARIO, settings=["scenario.firms=500"]))
    plain = expected_intentions(foundation).output
    levers = empty_levers(foundation.setting, foundation.site)
    assert np.array_equal(expected_intentions(foundation, levers=levers).output, plain)
    at = foundation.setting.places.row("beta")
    levers.apply([Change("capital_subsidy", (at, slice(None), slice(None)), 0.1)])
    drawn = expected_intentions(foundation, levers=levers).output
    assert drawn[..., at].sum() > plain[..., at].sum()
