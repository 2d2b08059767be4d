"""P6: what a railway does to whom."""

from __future__ import annotations

import numpy as np
import pytest
from patterns import CITY, at, drawn, expected, scenario, told
from scipy.stats import spearmanr

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def gains_and_ranks() -> tuple[list[float], list[float]]:
    """By draw: the gain of sectors of many trips less that of freight-bound ones, and its rank correlation with trips."""
    gains, ranks = [], []
    for foundation in drawn(scenario(3000), 40):
        sectors, cities = foundation.setting.sectors, at(foundation, "shaoguan", CITY, "hengyang")
        with_it, without = (
            expected(foundation, opened=opened, years=2.0)[:, cities].sum(axis=1) for opened in (True, False)
        )
        rise = with_it / without - 1
        many, bound = (
            sectors.trips >= np.quantile(sectors.trips, 2 / 3),
            sectors.freight >= np.quantile(sectors.freight, 2 / 3),
        )
        gains.append(rise[many & ~bound].mean() - rise[bound & ~many].mean())
        ranks.append(spearmanr(sectors.trips, rise).statistic)
    return gains, ranks


def test_p6_high_speed_rail_raises_sectors_of_many_trips_more_than_freight_bound_ones(
    gains_and_ranks: tuple[list[float], list[float]],
) -> None:
    gains, _ = gains_and_ranks
    assert told("P6", "gain of sectors of many trips less that of freight-bound ones", gains).low > 0


@pytest.mark.xfail(
    strict=True, reason="sectors that travel are skilled ones too, which gain less where hubs take much talent"
)
def test_p6_the_gain_of_sectors_goes_with_their_trips_in_every_draw(
    gains_and_ranks: tuple[list[float], list[float]],
) -> None:
    _, ranks = gains_and_ranks
    assert told("P6", "rank correlation of the gain with trips", ranks).low > 0.5
