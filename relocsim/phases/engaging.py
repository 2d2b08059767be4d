"""Claims that are admitted become projects: what each is, and what it ties up until it produces or falls away."""

from __future__ import annotations

from ctypes import CDLL
from typing import TYPE_CHECKING

import numpy as np

from relocsim import kernels
from relocsim.kernels import booking
from relocsim.phases.cost import Promise
from relocsim.phases.decision import Decisions
from relocsim.streams import derived
from relocsim.world.levers import CLASSES
from relocsim.world.projects import BRANCH

if TYPE_CHECKING:
    from relocsim.phases.settlement import Books


def engaged(
    books: Books, decisions: Decisions, admitted: np.ndarray, mass: np.ndarray, promised: Promise, quarter: int
) -> dict[str, np.ndarray]:
    """Tie up the firms of claims that are admitted, and return the columns of their projects.

    `mass` is what the firms under review stand for, `promised` what places promise in this quarter.
    """
    if kernels.library:
        return _by_kernel(books, kernels.library, decisions, admitted, mass, promised, quarter)
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


def _by_kernel(
    books: Books, library: CDLL, decisions: Decisions, admitted: np.ndarray, mass: np.ndarray, promised: Promise,
    quarter: int,
) -> dict[str, np.ndarray]:  # fmt: skip
    """Do the same by the kernel."""
    population, firms, terms, places = books.population, books.firms, books.setting.parameters, books.setting.places
    numbers = {
        "places": len(places.ids), "branch": BRANCH, "classes": len(CLASSES), "quarter": quarter,
        "rest": quarter + round(4 * terms.branch_wait), "branch_share": terms.branch_share,
        "holiday_years": terms.holiday_years,
    }  # fmt: skip
    return booking.engage(
        library, numbers, agent=admitted["agent"], place=admitted["place"], claimed=admitted["kind"],
        share=admitted["share"], reviewed=decisions.firm, follows=decisions.follows, mass=mass, uid=population.uid,
        origin=population.origin, sector=population.sector, firm_class=population.kind,
        rents=population.rents, made=population.output, upfront=promised.upfront, yearly=promised.yearly,
        promised=books.places.promised, pending=firms.pending, open_projects=firms.open_projects,
        rests_until=firms.rests_until,
    )  # fmt: skip
