"""P6: what a railway does to whom."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from patterns import CITY, at, drawn, expected, scenario, surely_between, told
from runs import tuned
from scipy.stats import spearmanr

from relocsim.model import Foundation

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def gains_and_ranks() -> tuple[list[float], list[float], list[float]]:
    """By draw: the gain of sectors of many trips less that of freight-bound ones, and its rank correlation with trips.

    The last are the rank correlations where trips cost nothing.
    """
    gains, ranks, bare = [], [], []
    for foundation in drawn(scenario(3000), 40):
        sectors, rise = foundation.setting.sectors, gain_of_sectors(foundation)
        many, bound = (
            sectors.trips >= np.quantile(sectors.trips, 2 / 3),
            sectors.freight >= np.quantile(sectors.freight, 2 / 3),
        )
        gains.append(rise[many & ~bound].mean() - rise[bound & ~many].mean())
        ranks.append(spearmanr(sectors.trips, rise).statistic)
        off = replace(foundation, setting=tuned(foundation.setting, coordination=False))
        bare.append(spearmanr(sectors.trips, gain_of_sectors(off)).statistic)
    return gains, ranks, bare


def gain_of_sectors(foundation: Foundation) -> np.ndarray:
    """Return by what share the line raises what comes to the three cities between its ends, by sector, (S,)."""
    cities = at(foundation, "shaoguan", CITY, "hengyang")
    with_it, without = (
        expected(foundation, opened=opened, years=2.0)[:, cities].sum(axis=1) for opened in (True, False)
    )
    return with_it / without - 1


def test_p6_high_speed_rail_raises_sectors_of_many_trips_more_than_freight_bound_ones(
    gains_and_ranks: tuple[list[float], list[float], list[float]],
) -> None:
    gains, _, _ = gains_and_ranks
    assert told("P6", "gain of sectors of many trips less that of freight-bound ones", gains).low > 0


def test_p6_the_gain_of_sectors_goes_with_their_trips_and_not_where_trips_are_free(
    gains_and_ranks: tuple[list[float], list[float], list[float]],
) -> None:
    _, ranks, bare = gains_and_ranks
    assert surely_between(told("P6", "rank correlation of the gain with trips", ranks), 0.5, 1)
    assert told("P6", "the same with coordination off", bare).mean < 0.3


@pytest.mark.xfail(strict=True, reason="the least of 40 draws; where a sector's firms stand moves its gain too")
def test_p6_the_gain_of_sectors_goes_with_their_trips_in_every_draw(
    gains_and_ranks: tuple[list[float], list[float], list[float]],
) -> None:
    _, ranks, _ = gains_and_ranks
    assert np.min(ranks) > 0.5
