"""Cost sheets as tidy tables: of a sector in every place, of every sector in one place, and what missing links cost.

All in yuan per 100 yuan of yearly output, so that one can read and add up. Terms of appeal, which the model holds in
utility, are divided by the sensitivity to stand beside costs.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from relocsim.phases import cost, supply
from relocsim.phases.cost import COMPONENTS
from relocsim.report.looking import Look
from relocsim.world.levers import CLASSES

MEDIUM = "medium"
"""Class of the firm whose sheet is shown."""
_WHOLE = 0.999
"""Presence above which a component counts as made in the place."""


def components_of(look: Look, origin: str, sector: str, firm_class: str = MEDIUM) -> np.ndarray:
    """Return the components of unit cost of one segment by place, (components, P)."""
    shape = look.model.setting.shape
    at = (look.origin(origin), look.sector(sector), CLASSES.index(firm_class))
    parts = look.found.sheet.components
    return np.array([np.broadcast_to(parts[name], shape)[at] for name in COMPONENTS])


def sector_sheet(look: Look, sector: str, origin: str, firm_class: str = MEDIUM) -> pd.DataFrame:
    """Return the cost sheet of a sector for a firm of one origin: one row a place, home first, then by what it costs.

    Columns: the components, `total`, `difference` to home; `own_industry`, `size` (against the mean destination) and
    `distance` (what it takes away beside its cost) as worth in yuan per 100, `appeal` (these less the difference); `depth`
    of supporting industry, and key components that are `missing`.
    """
    places = look.model.setting.places
    table = _all_places(look, sector, origin, firm_class)
    shown = places.destination.copy()
    shown[places.row(origin)] = True
    ranked = table[shown].assign(away=lambda found: found["place"] != origin)
    return ranked.sort_values(["away", "total", "place"], ignore_index=True).drop(columns="away")


def _all_places(look: Look, sector: str, origin: str, firm_class: str) -> pd.DataFrame:
    """Return the cost sheet of a sector, one row a place, in the order of places."""
    setting = look.model.setting
    places, row, s = setting.places, setting.places.row(origin), look.sector(sector)
    table = pd.DataFrame(dict(zip(COMPONENTS, components_of(look, origin, sector, firm_class), strict=True)))
    table.insert(0, "place", places.ids)
    table["total"] = look.found.unit_cost[look.origin(origin), s, CLASSES.index(firm_class)]
    table["difference"] = table["total"] - table["total"][row]
    table["own_industry"] = look.own[s] / look.sensitivity
    table["size"] = (look.size - look.size[places.destination].mean()) / look.sensitivity
    table["distance"] = -look.remoteness[look.origin(origin)] / look.sensitivity
    table.loc[row, ["size", "distance"]] = np.nan
    table["appeal"] = table["own_industry"] + table["size"] + table["distance"] - table["difference"]
    table["depth"] = look.found.supply.depth[s]
    table["missing"] = missing_links(look, sector)
    return table


def missing_links(look: Look, sector: str) -> list[str]:
    """Return the key components of a sector that each place lacks, in words; a part recruited shows its share."""
    components = look.model.setting.sectors.components
    own = [at for at, name in enumerate(components) if name.split(".")[0] == sector]
    presence = look.presence()
    return [", ".join(_lack(components[at], row[at]) for at in own if row[at] < _WHOLE) for row in presence]


def _lack(component: str, presence: float) -> str:
    name = component.split(".", 1)[1]
    return f"{name} ({100 * presence:.0f} % there)" if presence else name


def city_sheet(look: Look, city: str, origin: str, firm_class: str = MEDIUM) -> pd.DataFrame:
    """Return the cost sheets of all sectors in one city for firms of one origin: a row a sector, best against home first."""
    row = look.model.setting.places.row(city)
    rows = [
        _all_places(look, sector, origin, firm_class).iloc[[row]].assign(place=sector)
        for sector in look.model.setting.sectors.ids
    ]
    table = pd.concat(rows).rename(columns={"place": "sector"})
    return table.sort_values(["difference", "sector"], ignore_index=True)


def weakest_inputs(look: Look, city: str, origin: str) -> pd.DataFrame:
    """Return what each missing or thin input costs: one row a sector and input that it needs.

    `saving` is what unit cost of a firm of `origin` would fall by, yuan per 100, and `depth_gain` what depth would rise
    by, if the input were fully met on the spot and all else stayed; largest saving first.
    """
    setting, supplied = look.model.setting, look.found.supply
    sectors, row, o = setting.sectors, setting.places.row(city), look.origin(origin)
    inputs = [*sectors.ids, *sectors.components]
    before = cost.inputs(setting, supplied)[o, :, row]
    tables = []
    for at, name in enumerate(inputs):
        fixed = _met_on_the_spot(look, at, row)
        needing = np.flatnonzero(sectors.need[:, at] > 0)
        deeper, saved = fixed.depth - supplied.depth, before - cost.inputs(setting, fixed)[o, :, row]
        columns = {
            "sector": np.array(sectors.ids)[needing],
            "input": name,
            "need": sectors.need[needing, at],
            "coverage": supplied.coverage[at, row],
            "depth": supplied.depth[needing, row],
            "depth_gain": deeper[needing, row],
            "saving": saved[needing],
        }
        tables.append(pd.DataFrame(columns))
    return pd.concat(tables).sort_values(
        ["saving", "sector", "input"], ascending=[False, True, True], ignore_index=True
    )


def _met_on_the_spot(look: Look, at: int, row: int) -> supply.Supply:
    """Return the supply with one input fully covered in one place; premiums of what comes from afar stay."""
    supplied = look.found.supply
    covered = supplied.coverage.copy()
    covered[at, row] = 1.0
    return replace(supplied, coverage=covered, depth=supply.depth(look.model.setting, covered))
