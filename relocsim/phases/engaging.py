"""Claims that are admitted become projects: what each is, and what it ties up until it produces or falls away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from relocsim.phases.cost import Promise
from relocsim.phases.decision import Decisions
from relocsim.streams import derived
from relocsim.world.projects import BRANCH

if TYPE_CHECKING:
    from relocsim.phases.settlement import Books


def engaged(
    books: Books, decisions: Decisions, admitted: np.ndarray, mass: np.ndarray, promised: Promise, quarter: int
) -> dict[str, np.ndarray]:
    """Tie up the firms of claims that are admitted, and return the columns of their projects.

    `mass` is what the firms under review stand for, `promised` what places promise in this quarter.
    """
    population, terms = books.population, books.setting.parameters
    agent, place, share, way = (admitted[name] for name in ("agent", "place", "share", "kind"))
    firm = decisions.firm[agent]
    sector, kind = population.sector[firm], population.kind[firm]
    firms, branch = share * mass[agent], way == BRANCH
    output = firms * population.output[firm] * np.where(branch, terms.branch_share, 1.0)
    terms_at = (sector, kind, place)
    uid = derived(population.uid[firm], quarter)  # not of the place: a firm has its luck wherever policies send it
    leader = decisions.follows[agent]
    columns = {
        "uid": uid,
        "firm": firm,
        "origin": population.origin[firm],
        "place": place,
        "sector": sector,
        "firm_class": kind,
        "kind": way,
        "firms": firms,
        "output": output,
        "rents": population.rents[firm],
        "leader": leader,
        "upfront": promised.upfront[terms_at] * output / 100,
        "yearly": promised.yearly[terms_at] * output / 100,
    }
    holiday = columns["upfront"] + columns["yearly"] * terms.holiday_years
    np.add.at(books.places.promised, place, holiday)
    np.add.at(books.firms.open_projects, firm, np.int16(1))
    np.add.at(books.firms.pending, firm[~branch], firms[~branch])
    books.firms.rests_until[firm[branch]] = quarter + round(4 * terms.branch_wait)
    return columns
