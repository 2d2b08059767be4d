"""Cells of the population: their names, kinds and strata."""

from __future__ import annotations

import numpy as np
import pytest

from relocsim.model import Foundation
from relocsim.streams import identity
from relocsim.world.cells import Cells, together
from relocsim.world.strata import Strata

KINDS = {
    "stock": (0, 0),
    "leader": (0, 0),
    "tier-1": (0, 1),
    "tier-2": (0, 2),
    "entrant/1": (1, 0),
    "entrant/7": (7, 0),
}
"""Quarter of birth and tier by the name of a kind."""


@pytest.fixture
def cells() -> Cells:
    """One cell of each kind."""
    kind = np.array([0, 1, 2, 3, 4, 10])
    count = len(kind)
    return Cells(
        np.arange(count) % 2, np.arange(count) % 3, kind, np.full(count, 5), np.ones(count), np.full(count, -1)
    )


def names(foundation: Foundation, cells: Cells, kinds: list[str]) -> list[str]:
    """Return the names that cells should have, strata apart."""
    places, sectors = foundation.setting.places, foundation.setting.sectors
    return [f"{places.ids[places.origins[origin]]}/{sectors.ids[sector]}/{kind}"
            for origin, sector, kind in zip(cells.origin, cells.sector, kinds, strict=True)]  # fmt: skip


def test_kinds_say_when_who_was_born(cells: Cells) -> None:
    assert list(zip(cells.born.tolist(), cells.tier.tolist(), strict=True)) == list(KINDS.values())
    assert cells.ordinary.tolist() == [True, False, False, False, True, True]


def test_identities_are_those_of_names_the_first_time_and_again(foundation: Foundation, cells: Cells) -> None:
    places, sectors = foundation.setting.places, foundation.setting.sectors
    wanted = [identity(name) for name in names(foundation, cells, list(KINDS))]
    for _ in range(2):
        assert cells.identities(places, sectors, 8).tolist() == wanted
    turned = Cells(*(column[::-1] for column in cells))
    assert turned.identities(places, sectors, 8).tolist() == wanted[::-1]


def test_ordinary_cells_are_parted_and_their_bulk_has_the_name_of_the_whole(
    foundation: Foundation, cells: Cells
) -> None:
    strata = Strata(1, (0.1, 0.01))
    parts = cells.by_stratum(strata)
    assert parts.stratum.tolist() == [0, 1, 2, -1, -1, -1, 0, 1, 2, 0, 1, 2]
    assert parts.weight.tolist() == pytest.approx([0.9, 0.09, 0.01, 1, 1, 1, *(0.9, 0.09, 0.01) * 2])
    kinds = [kind for kind, whole in zip(KINDS, cells.ordinary, strict=True) for _ in range(3 if whole else 1)]
    wanted = [identity(f"{name}/stratum {part}" if part > 0 else name)
              for name, part in zip(names(foundation, parts, kinds), parts.stratum, strict=True)]  # fmt: skip
    assert parts.identities(foundation.setting.places, foundation.setting.sectors, 8).tolist() == wanted
    for one, other in zip(cells.by_stratum(None), cells, strict=True):
        np.testing.assert_array_equal(one, other)


def test_lists_follow_each_other(cells: Cells) -> None:
    both = together(cells, cells)
    assert both.kind.tolist() == [*cells.kind, *cells.kind]
    assert both.agents.sum() == 2 * cells.agents.sum()
