"""The fast model and the plain second implementation side by side: same draws, same choices, firm by firm.

Every quarter all projects, firms and places are compared: choices, stages and dates exactly, amounts to a relative 1e-9.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from operator import attrgetter

import numpy as np
import pytest

from reference.anchor import Constants
from reference.model import ReferenceModel
from relocsim.model import Foundation, RelocationModel, lay_foundation
from relocsim.spec import Spec
from relocsim.world.projects import FUNCTIONS, KINDS, Projects

AMOUNTS = ("firms", "output", "investment", "jobs", "land", "floor", "upfront", "yearly", "running")


def pair(spec: Spec) -> tuple[RelocationModel, ReferenceModel]:
    """Return both models of a specification, with the same constants."""
    foundation = lay_foundation(spec)
    return RelocationModel(spec, foundation=foundation), ReferenceModel(
        spec, foundation.population, constants=constants(foundation)
    )


def constants(foundation: Foundation) -> Constants:
    given = foundation.choosers.intercepts
    return Constants(float(given.elsewhere), float(given.entry), float(given.abroad), float(given.close))


def played(spec: Spec, quarters: int, *, treasury: bool = False) -> tuple[RelocationModel, ReferenceModel]:
    """Play both models and compare them after every quarter."""
    fast, plain = pair(spec)
    for _ in range(quarters):
        fast.step()
        plain.step()
        same_projects(fast, plain)
        same_firms(fast, plain)
        same_places(fast, plain, treasury=treasury)
    return fast, plain


def same_projects(fast: RelocationModel, plain: ReferenceModel) -> None:
    table = fast.projects
    order = np.lexsort((table.uid, table.place, table.firm, table.dates[0]))
    rows = sorted(plain.projects, key=lambda project: (project.dates[0], project.firm, project.place, project.uid))
    uids = fast.population.uid
    columns = (uids[table.firm], table.place, table.kind, table.stage, table.fell, table.gone, followed(table))
    told = zip(*(column[order].tolist() for column in columns), strict=True)
    dates = table.dates[:, order].T.tolist()
    functions = np.array([getattr(table, name)[order] for name in FUNCTIONS]).T.tolist()
    chosen = [
        (firm, place, KINDS[kind], stage, fell, dates[at], gone, functions[at], leader)
        for at, (firm, place, kind, stage, fell, gone, leader) in enumerate(told)
    ]
    assert chosen == [
        (
            plain.firms[row.firm].uid,
            row.place,
            row.kind,
            row.stage,
            row.fell,
            row.dates,
            row.gone,
            [row.functions.get(name, -1) for name in FUNCTIONS],
            row.leader.uid if row.leader else 0,
        )
        for row in rows
    ], f"projects after quarter {plain.now - 1}"
    amounts = np.array([*map(attrgetter(*AMOUNTS), rows)]).reshape(-1, len(AMOUNTS))
    for name, column in zip(AMOUNTS, amounts.T, strict=True):
        close(column, getattr(table, name)[order], f"projects' {name}")


def followed(table: Projects) -> np.ndarray:
    """Return the identity of the leader's project that each project follows, 0 where none."""
    return np.where(table.leader >= 0, table.uid[table.leader], 0) if len(table.uid) else table.uid


def same_firms(fast: RelocationModel, plain: ReferenceModel) -> None:
    weight = fast.population.weight
    shares = np.array([*map(attrgetter("left", "abroad", "closed", "moved"), plain.firms)]).T / weight
    for ours, name in zip(shares, ("weight", "abroad", "closed", "moved"), strict=True):
        close(ours, getattr(fast.firms, name) / weight, name, rtol=0, atol=1e-9)


def same_places(fast: RelocationModel, plain: ReferenceModel, *, treasury: bool) -> None:
    state, cities = fast.places, plain.cities
    close([city.output for city in cities], state.output, "output")
    close([city.land_used for city in cities], state.land_used, "land used")
    close([city.floor_used for city in cities], state.floor_used, "floor used")
    close([city.factors_used for city in cities], state.factor_used.T, "factors used")
    close([city.factors_total for city in cities], state.factor_total.T, "factors held")
    close([city.refused for city in cities], state.refused.T, "refused")
    close([city.turned for city in cities], state.turned, "turned")
    close([city.leaders for city in cities], state.leaders, "leaders")
    close([city.jobs for city in cities], state.jobs, "jobs")
    close([city.bid for city in cities], state.bid, "bids")
    close([city.promised for city in cities], state.promised, "promises")
    close([city.allowance for city in cities], state.land_allowance, "land quota")
    close([city.land_extra for city in cities], state.land_extra, "land beyond the usual growth")
    close([city.floor_extra for city in cities], state.floor_extra, "floor beyond the usual growth")
    close([city.wage_ratio for city in cities], state.wage_ratio, "wage")
    offers = np.array([city.place.destination for city in cities])
    close([city.land_ratio for city in cities if city.place.destination], state.land_price_ratio[offers], "land price")
    close([city.rent_ratio for city in cities if city.place.destination], state.rent_ratio[offers], "rent")
    close([city.fallen_due for city in cities], state.fallen_due, "incentives due")
    close([city.paid for city in cities], state.paid, "incentives paid")
    close([city.in_arrears for city in cities], state.arrears.sum(axis=(0, 1, 2)), "arrears")
    close([city.broken for city in cities], state.broken, "broken promises")
    close([city.money_at for city in cities], state.stage_money.T, "money at stages")
    beliefs = [
        [[city.credibility[o, s] for city in cities] for s in range(state.output.shape[1])] for o in plain.world.origins
    ]
    close(beliefs, state.credibility, "credibility")
    if treasury:
        close([city.treasury for city in cities], state.treasury, "treasury")


def same_constants(ours: Constants, theirs: Constants) -> None:
    for field in fields(Constants):
        assert getattr(ours, field.name) == pytest.approx(getattr(theirs, field.name), abs=1e-8), field.name


def close(ours: Iterable[object], theirs: np.ndarray, what: str, *, rtol: float = 1e-9, atol: float = 1e-7) -> None:
    """Compare amounts; only where they differ, or their shapes do, numpy is asked to say how."""
    ours = np.array(ours)
    if ours.shape != theirs.shape or not (np.abs(ours - theirs) <= atol + rtol * np.abs(theirs)).all():
        np.testing.assert_allclose(ours, theirs, rtol=rtol, atol=atol, err_msg=what)
