"""Freight, bulk, clearance and raw materials: what each costs and what moves it."""

from __future__ import annotations

from dataclasses import fields, replace
from itertools import pairwise

import numpy as np
import pytest
from runs import found, start_of, tuned

from relocsim.model import Foundation
from relocsim.phases import haulage
from relocsim.phases.setting import Setting
from relocsim.world.levers import Change, Levers
from relocsim.world.network import Access


def neutral(foundation: Foundation) -> Levers:
    return start_of(foundation)[1]


def moved(foundation: Foundation, *changes: Change) -> Levers:
    levers = neutral(foundation)
    levers.apply(changes)
    return levers


def everywhere(access: Access, **values: float) -> Access:
    """Return an access in which distances are the same from everywhere to everywhere."""
    columns = {f.name: getattr(access, f.name) for f in fields(Access) if f.init}
    return Access(**{name: np.full_like(column, values.get(name, 0.0)) for name, column in columns.items()})


# ---------------------------------------------------------------- freight and bulk


def test_freight_is_the_share_of_the_table_at_the_mean_hauls(foundation: Foundation) -> None:
    setting, access = tuned(foundation.setting, inventory_cost=0.0), found(foundation).access
    mean, bulk = setting.parameters.mean_haul, setting.parameters.bulk_mean_haul
    even = everywhere(access, freight_km=mean, port_km=mean, bulk_km=bulk, bulk_port_km=bulk)
    freight = haulage.freight(setting, even, neutral(foundation))
    np.testing.assert_allclose(freight, 100 * setting.sectors.freight[:, None] + 0 * freight, rtol=1e-12)


def test_without_bulk_all_goods_go_alike(foundation: Foundation) -> None:
    access, levers = found(foundation).access, neutral(foundation)
    off = tuned(foundation.setting, bulk_freight=False)
    none = replace(off.sectors, bulk=np.zeros_like(off.sectors.bulk))
    on = replace(foundation.setting, sectors=none)
    np.testing.assert_array_equal(haulage.freight(off, access, levers), haulage.freight(on, access, levers))


def test_bulk_is_never_carried_at_more_than_other_goods(foundation: Foundation) -> None:
    access = found(foundation).access
    assert np.all(access.bulk_km <= access.freight_km + 1e-9)
    assert np.all(access.bulk_port_km <= access.port_km + 1e-9)


def test_a_waterway_helps_bulk_more(foundation: Foundation) -> None:
    lines = foundation.routes.open_lines(foundation.spec.scenario.start.first_day)
    before, after = foundation.routes.at(lines), foundation.routes.at(lines | {"beta-river"})
    setting, levers = foundation.setting, neutral(foundation)
    beta = setting.places.row("beta")
    fall = (haulage.freight(setting, before, levers) - haulage.freight(setting, after, levers))[:, beta]
    metal, electronics = (setting.sectors.ids.index(name) for name in ("metal_products", "electronics"))
    assert fall[metal] > fall[electronics] >= 0


def test_a_high_speed_line_leaves_bulk_and_ports_alone_to_the_bit(foundation: Foundation) -> None:
    lines = foundation.routes.open_lines(foundation.spec.scenario.start.first_day)
    before, after = foundation.routes.at(lines), foundation.routes.at(lines | {"alpha-delta-hsr"})
    for name in ("freight_km", "port_km", "port_hours", "bulk_km", "bulk_port_km", "bulk_port_hours"):
        assert getattr(before, name).tobytes() == getattr(after, name).tobytes(), name


def test_a_dry_port_shortens_the_way_of_exports_by_its_share(foundation: Foundation) -> None:
    setting, access = tuned(foundation.setting, inventory_cost=0.0, bulk_freight=False), found(foundation).access
    beta = setting.places.row("beta")
    saved = haulage.freight(setting, access, neutral(foundation)) - haulage.freight(
        setting, access, moved(foundation, Change("port_access", (beta,), 0.4))
    )
    haul = 0.4 * (access.port_km - access.bulk_port_km)[beta] / setting.parameters.mean_haul
    np.testing.assert_allclose(saved[:, beta], 100 * setting.sectors.freight * setting.sectors.export * haul)
    assert not np.delete(saved, beta, axis=1).any()


# ---------------------------------------------------------------- clearance


def test_a_day_at_customs_costs_exporters_in_proportion_to_what_they_export(foundation: Foundation) -> None:
    setting, days = foundation.setting, foundation.setting.places.clearance_days
    cost = haulage.clearance(setting, neutral(foundation))
    expected = setting.sectors.export[:, None] * setting.parameters.delay_cost * days
    np.testing.assert_allclose(cost, expected)
    assert not haulage.clearance(tuned(setting, clearance=False), neutral(foundation)).any()


def test_faster_clearance_helps_the_export_heavy_most(foundation: Foundation) -> None:
    setting, beta = foundation.setting, foundation.setting.places.row("beta")
    levers = moved(foundation, Change("clearance_days", (beta,), 0.5))
    fall = (haulage.clearance(setting, neutral(foundation)) - haulage.clearance(setting, levers))[:, beta]
    assert np.argmax(fall) == np.argmax(setting.sectors.export)


# ---------------------------------------------------------------- raw materials


def endowed(setting: Setting, **places: float) -> Setting:
    """Return a setting in which only these places have ores."""
    ores = setting.sectors.resources.index("ores")
    found_there = np.zeros_like(setting.places.resources)
    for name, share in places.items():
        found_there[setting.places.row(name), ores] = share
    return replace(setting, places=replace(setting.places, resources=found_there))


def test_who_has_all_of_it_pays_the_price_alone_and_nobody_more_than_the_mean_haul(foundation: Foundation) -> None:
    setting = endowed(foundation.setting, beta=1.0)
    access, ores = found(foundation).access, setting.sectors.resources.index("ores")
    way = haulage.resource_way(setting, access)
    assert way[ores, setting.places.row("beta")] == 0
    assert np.all((way >= 0) & (way <= 1))
    away = access.bulk_km[setting.places.row("beta")] / setting.parameters.bulk_mean_haul
    np.testing.assert_allclose(way[ores], np.minimum(away, 1.0))


def test_more_of_a_resource_never_makes_it_dearer_anywhere(foundation: Foundation) -> None:
    access, levers = found(foundation).access, neutral(foundation)
    costs = [
        haulage.resources(endowed(foundation.setting, beta=share), access, levers) for share in (0.0, 0.3, 0.7, 1.0)
    ]
    for less, more in pairwise(costs):
        assert np.all(more <= less + 1e-12)
    assert np.any(costs[-1] < costs[0])


def test_switched_off_they_cost_the_same_everywhere(foundation: Foundation) -> None:
    setting = tuned(foundation.setting, resources=False)
    cost = haulage.resources(setting, found(foundation).access, moved(foundation, Change("resource_price", (1,), 0.5)))
    assert np.ptp(cost, axis=1).max() == 0
    np.testing.assert_allclose(cost[:, 0], 100 * setting.sectors.resource_input.sum(axis=1))


def test_a_cut_in_price_works_as_far_as_the_place_is_endowed(foundation: Foundation) -> None:
    setting, access = foundation.setting, found(foundation).access
    cut = moved(foundation, Change("resource_price", (slice(None),), 0.9))
    fall = haulage.resources(setting, access, neutral(foundation)) - haulage.resources(setting, access, cut)
    expected = 100 * 0.1 * setting.sectors.resource_input @ setting.places.resources.T
    np.testing.assert_allclose(fall, expected, atol=1e-12)


def test_what_is_a_resource_is_no_longer_in_other(foundation: Foundation) -> None:
    sectors = foundation.setting.sectors
    assert sectors.resources == ("agriculture", "coal", "ores")
    metal = sectors.ids.index("metal_products")
    listed = sectors.labour + sectors.tax + sectors.electricity + sectors.freight + sectors.tradable
    total = listed + sectors.other + sectors.resource_input.sum(axis=1)
    surplus = foundation.spec.world.sectors["metal_products"].operating_surplus_share
    assert total[metal] == pytest.approx(1 - surplus)
