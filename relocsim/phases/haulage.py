"""Goods: what carrying them out, clearing them and bringing raw materials in costs, yuan per 100 yuan of yearly output.

Bulk goods go by water and in whole trains, where the place has them. Clearing costs exporters alone.
"""

from __future__ import annotations

import numpy as np

from relocsim.phases.setting import Setting, once
from relocsim.world.levers import Levers
from relocsim.world.network import Access

_HOURS = 24


def freight(setting: Setting, access: Access, levers: Levers) -> np.ndarray:
    """Return outbound freight, (S, P): sales at home over markets by GDP, exports to the nearest port.

    Bulk goods count at their own haul. Where a dry or river port gives `port_access`, that share of all exports goes to the
    port by through trains or barges, as bulk does.
    """
    if not levers.pulled("port_access"):
        return usual_freight(setting, access)
    return _freight(setting, access, levers["port_access"])


@once
def usual_freight(setting: Setting, access: Access) -> np.ndarray:
    """Return the same without policies, (S, P)."""
    return _freight(setting, access, np.zeros(len(setting.places.ids)))


def _freight(setting: Setting, access: Access, through: np.ndarray) -> np.ndarray:
    terms, sectors, (market, bulk_market) = setting.parameters, setting.sectors, to_market(setting, access)
    share = sectors.export[:, None]
    port = (1 - through) * access.port_km + through * np.minimum(access.port_km, access.bulk_port_km)
    haul = (1 - share) * market + share * port
    days = share * terms.inventory_cost * access.port_hours / _HOURS
    ordinary = 100 * sectors.freight[:, None] * haul / terms.mean_haul + days
    if not setting.switches.bulk_freight:
        return ordinary
    bulk = sectors.bulk[:, None]
    haul = (1 - share) * bulk_market + share * access.bulk_port_km
    days = share * terms.inventory_cost * access.bulk_port_hours / _HOURS
    return (1 - bulk) * ordinary + bulk * (100 * sectors.freight[:, None] * haul / terms.bulk_mean_haul + days)


@once
def to_market(setting: Setting, access: Access) -> tuple[np.ndarray, np.ndarray]:
    """Return the mean haul to the home market by GDP, of ordinary and of bulk goods, km of road, each (P,)."""
    weight = setting.places.gdp
    return tuple(np.average(km, axis=1, weights=weight) for km in (access.freight_km, access.bulk_km))  # type: ignore[return-value]


@once
def clearance(setting: Setting, levers: Levers) -> np.ndarray:
    """Return what days at customs cost exporters, (S, P)."""
    return usual_clearance(setting) * levers["clearance_days"]


@once
def usual_clearance(setting: Setting) -> np.ndarray:
    """Return the same without policies, (S, P)."""
    share, places = setting.sectors.export[:, None], setting.places
    if not setting.switches.clearance:
        return np.zeros((len(share), len(places.ids)))
    return share * setting.parameters.delay_cost * places.clearance_days


@once
def resource_carriage(setting: Setting, access: Access) -> np.ndarray:
    """Return what carrying each raw material to each place costs over its usual price, (R, P)."""
    return setting.sectors.resource_freight[:, None] / 100 * resource_way(setting, access)


def resource_way(setting: Setting, access: Access) -> np.ndarray:
    """Return how far each raw material comes, in mean hauls, from the source that is best for each place, (R, P).

    A source that meets a share e of the need on the spot is 1 - e of a mean haul away from it; so a place that has all of
    it pays nothing, and a place far from all sources pays the mean haul.
    """
    far = access.bulk_km / setting.parameters.bulk_mean_haul
    lacking = 1 - setting.places.resources.T
    return np.array([(lack[:, None] + far).min(axis=0) for lack in lacking]).reshape(len(lacking), len(far))


def resources(setting: Setting, access: Access, levers: Levers) -> np.ndarray:
    """Return the cost of raw materials, (S, P): their price, and the way to where they are not found.

    `resource_price` cuts the price of what a place has itself.
    """
    sectors, places = setting.sectors, setting.places
    if not setting.switches.resources:
        return np.repeat(100 * sectors.resource_input.sum(axis=1)[:, None], len(places.ids), axis=1)
    due = resource_prices(setting, levers) + resource_carriage(setting, access)
    # not by BLAS, whose threads may change bits
    return 100 * np.einsum("sr,rp->sp", sectors.resource_input, due)


@once
def resource_prices(setting: Setting, levers: Levers) -> np.ndarray:
    """Return the price of each raw material in each place over the usual one, (R, P)."""
    return 1 - setting.places.resources.T * (1 - levers["resource_price"])
