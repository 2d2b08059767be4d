"""Observables of where firms go: what the places they choose are like in what their sector needs.

Each is a mean over the projects intended outside the studied origins, weighted by investment times how much the sector
cares: what firms look for shows here, wherever they find it. Measured alike whether a mechanism is on or off.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from relocsim.batch.expecting import expected_capture
from relocsim.batch.reached import outside, reached
from relocsim.model import RelocationModel
from relocsim.phases import supply
from relocsim.world.firms import LEADER
from relocsim.world.projects import INTENTION


def _sought(model: RelocationModel, care: np.ndarray, found: np.ndarray) -> float:
    """Return the mean of `found` (P,) or (S, P) at the places chosen, weighted by investment x `care` (S,)."""
    projects = model.projects
    rows = reached(model, INTENTION) & outside(model)[projects.place]
    sector, place = projects.sector[rows], projects.place[rows]
    weight = projects.investment[rows] * care[sector]
    found = np.broadcast_to(found, (len(care), found.shape[-1]))
    return float(np.average(found[sector, place], weights=weight)) if weight.any() else np.nan


def skills_where_sought(model: RelocationModel, city: int) -> float:
    """Share of skilled posts that could be filled on the spot at the start, where firms go, skilled sectors first."""
    return 100 * _sought(
        model, model.setting.sectors.skilled * model.setting.sectors.labour, model.setting.places.talent
    )


def customs_days(model: RelocationModel, city: int) -> float:
    """Days at customs, policies of the end included, where firms go, exporting sectors first."""
    days = model.setting.places.clearance_days * model.levers["clearance_days"]
    return _sought(model, model.setting.sectors.export, days)


def bulk_haul(model: RelocationModel, city: int) -> float:
    """Way of bulk goods by water and rail to markets and ports, in mean hauls, where firms go, bulk sectors first."""
    setting, access = model.setting, model.foundation.routes.at(model.open_lines())
    export = setting.sectors.export[:, None]
    market = np.average(access.bulk_km, axis=1, weights=setting.places.gdp)
    haul = (1 - export) * market + export * access.bulk_port_km
    care = setting.sectors.freight * setting.sectors.bulk
    return _sought(model, care, haul / setting.parameters.bulk_mean_haul)


def raw_materials_found(model: RelocationModel, city: int) -> float:
    """Part of the raw materials that the places firms go to are endowed with, sectors that use them first."""
    sectors, places = model.setting.sectors, model.setting.places
    used = sectors.resource_input.sum(axis=1)
    mix = sectors.resource_input / np.where(used > 0, used, 1.0)[:, None]
    return 100 * _sought(model, used, np.einsum("sr,pr->sp", mix, places.resources))


def components_lacking(model: RelocationModel, city: int) -> float:
    """Part of the key components that were not made, at the start, in the places firms go to, sectors of many first."""
    sectors = model.setting.sectors
    parts = sectors.need[:, len(sectors.ids) :]
    wanted = parts.sum(axis=1)
    mix = parts / np.where(wanted > 0, wanted, 1.0)[:, None]
    lacking = np.einsum("sx,px->sp", mix, 1 - model.foundation.presence)
    return 100 * _sought(model, wanted * sectors.tradable, lacking)


def depth_found(model: RelocationModel, city: int) -> float:
    """Depth at the start where firms go, one missing link capping the chain whatever is switched off, by tradable inputs."""
    start, sectors = model.foundation, model.setting.sectors
    capped = model.setting.switches.model_copy(update={"weakest_link": True})
    setting = replace(model.setting, switches=capped)
    made = start.output[:, sectors.maker] * sectors.made_share
    made[:, len(sectors.ids) :] *= start.presence
    return _sought(model, sectors.tradable, supply.depth(setting, supply.coverage(setting, made)))


def size_of_places(model: RelocationModel, city: int) -> float:
    """GDP of the places firms go to, stand-ins of several prefectures as a whole, all sectors alike."""
    return _sought(model, np.ones(len(model.setting.sectors.ids)), model.setting.places.gdp)


def supplies_lacking(model: RelocationModel, city: int) -> float:
    """Cost of the supplies that leaders lack where they intend projects outside the origins, as things are at the end."""
    projects, found = model.projects, model.look_around(model.quarter / 4).supply
    tradable = model.setting.sectors.tradable[:, None, None]
    cost = tradable * (1 - found.depth)[:, None] * found.premium
    rows = reached(model, INTENTION) & outside(model)[projects.place] & (projects.firm_class == LEADER)
    faced = cost[projects.sector[rows], projects.origin[rows], projects.place[rows]]
    return float(faced.mean()) if len(faced) else np.nan


def rents(model: RelocationModel, city: int) -> float:
    """Rent of factory floor over what it would be by trend, at the end, where firms rent, weighted by floor."""
    projects = model.projects
    rows = reached(model, INTENTION) & outside(model)[projects.place] & projects.rents
    weight = projects.floor[rows]
    return float(np.average(model.places.rent_ratio[projects.place[rows]], weights=weight)) if weight.any() else np.nan


def depth(model: RelocationModel, city: int) -> float:
    """Depth of supporting industry outside the studied origins at the end, mean over places and sectors by output."""
    last = model.record.places()["mean_depth"].to_numpy().reshape(model.quarter, -1)[-1]
    return float(last[outside(model)].mean())


def expected_share(model: RelocationModel, city: int) -> float:
    """Share of the city in the output that would go outside the studied origins in a review at the end, without luck."""
    return float(expected_capture(model)[city])


WHERE: Mapping[str, tuple[str, Callable[[RelocationModel, int], float]]] = {
    "expected capture": ("%", expected_share),
    "skills found": ("%", skills_where_sought),
    "customs where exporters go": ("days", customs_days),
    "way of bulk goods": ("mean hauls", bulk_haul),
    "raw materials found": ("%", raw_materials_found),
    "components lacking": ("%", components_lacking),
    "depth found": ("share", depth_found),
    "size of places": ("1e8 yuan", size_of_places),
    "supplies leaders lack": ("yuan per 100", supplies_lacking),
    "rents paid": ("ratio", rents),
    "supporting depth": ("share", depth),
}
"""Unit and measure by name."""
