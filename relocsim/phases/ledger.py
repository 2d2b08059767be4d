"""The books of a run as kernels have them."""

from __future__ import annotations

from relocsim.kernels.booking import Ledger
from relocsim.phases.payments import holiday_quarters
from relocsim.phases.plants import SHRUNK
from relocsim.phases.setting import Setting
from relocsim.world.firms import Population
from relocsim.world.state import FirmState, PlaceState

DUST = 1e-9
"""Part of a firm below which an agent stands for none."""


def ledger(setting: Setting, population: Population, places: PlaceState, firms: FirmState) -> Ledger:
    """Return what entries are made in and what they go by: the columns of places and firms, and the terms."""
    terms, sectors, (_, size, classes, width) = setting.parameters, setting.sectors, setting.shape
    numbers = {
        "places": width, "sectors": size, "classes": classes, "rest": round(4 * terms.branch_wait),
        "holiday": holiday_quarters(setting), "branch_share": terms.branch_share, "holiday_years": terms.holiday_years,
        "function_jobs": terms.function_jobs, "function_tax": terms.function_tax, "shrunk": SHRUNK, "dust": DUST,
    }  # fmt: skip
    return Ledger(
        places, firms, numbers, origins=setting.places.origins, studied=setting.places.studied,
        land_use=sectors.land_use, floor_use=sectors.floor_use, workers=sectors.workers,
        capital_ratio=sectors.capital_ratio, tax=sectors.tax, factor_use=setting.factor_use, uid=population.uid,
        origin=population.origin, sector=population.sector, firm_class=population.kind, made=population.output,
        rents=population.rents,
    )  # fmt: skip
