"""Observables of a finished run: single numbers by which mechanisms are told apart.

Each looks at columns of the model and says definition and unit in its docstring. Where nothing was there to be measured
the answer is nan.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from relocsim.batch.observables_clusters import CLUSTERS
from relocsim.batch.observables_patterns import PATTERNS
from relocsim.batch.observables_where import WHERE
from relocsim.batch.passing_by import intercepted, leaps, passed_through, skill_gap
from relocsim.batch.reached import outside, ratio, reached, studied, taken
from relocsim.metrics.capture import capture_rate
from relocsim.metrics.concentration import mean_concentration
from relocsim.model import RelocationModel
from relocsim.phases.limits import ENVIRONMENT, LABOUR, POWER, factors_held
from relocsim.world.firms import SMALL
from relocsim.world.projects import EXPANSION, GROUND, HONOURED, INTENTION, PRODUCING, SIGNED, STATE


@dataclass(frozen=True)
class Observable:
    """A number read off a finished run."""

    unit: str
    measure: Callable[[RelocationModel, int], float]
    """Takes the model and the row of the city under study."""

    @property
    def meaning(self) -> str:
        """What it says, in a line."""
        return (self.measure.__doc__ or "").strip().splitlines()[0]


def capture(model: RelocationModel, city: int) -> float:
    """Share of the city in the investment that came to produce outside the studied origins."""
    came = taken(model, model.projects.investment, PRODUCING)
    return 100 * float(capture_rate(came, outside(model))[city])


def inflow(model: RelocationModel, city: int) -> float:
    """Investment of firms of the studied origins that came to produce in the city."""
    return float(taken(model, model.projects.investment, PRODUCING)[city])


def intentions(model: RelocationModel, city: int) -> float:
    """Firms of the studied origins that intended a project in the city and were admitted."""
    return float(taken(model, model.projects.firms, INTENTION)[city])


def intentions_everywhere(model: RelocationModel, city: int) -> float:
    """Firms of the studied origins that intended a project outside the origins and were admitted."""
    return float(taken(model, model.projects.firms, INTENTION)[outside(model)].sum())


def awareness(model: RelocationModel, city: int) -> float:
    """Share of the firms of the studied origins at the start that know the city at the end, expected."""
    if not model.setting.switches.awareness:
        return 100.0
    population = model.population
    contact = model.contact[population.segment, city] + model.owner_contact[population.owner, city]
    return 100 * float(np.average(-np.expm1(-contact), weights=population.weight * population.stock))


def visits_per_signing(model: RelocationModel, city: int) -> float:
    """Visits by campaigns that help to sign, over the firms of all origins that signed in the city, in the whole run."""
    projects, visits = model.projects, model.record.places()
    made = visits.loc[visits["place"] == model.setting.places.ids[city], "promotion_visits"].sum() / 4
    signed = projects.firms[(projects.place == city) & (projects.dates[SIGNED] >= 0)].sum()
    return ratio(float(made), float(signed))


def landed(model: RelocationModel, city: int) -> float:
    """Investment that came to produce in the city over investment signed there."""
    produced, signed = (taken(model, model.projects.investment, stage)[city] for stage in (PRODUCING, SIGNED))
    return 100 * ratio(produced, signed)


def distance(model: RelocationModel, city: int) -> float:
    """Mean distance between origin and place of the projects intended outside the origins, weighted by investment."""
    projects, places = model.projects, model.setting.places
    rows = reached(model, INTENTION) & outside(model)[projects.place]
    km = places.km[places.origins[projects.origin[rows]], projects.place[rows]]
    return float(np.average(km, weights=projects.investment[rows])) if rows.any() else np.nan


def travel_share(model: RelocationModel, city: int) -> float:
    """Share of sectors with more trips than the median in the city's intended investment."""
    projects, trips = model.projects, model.setting.sectors.trips
    rows = reached(model, INTENTION) & (projects.place == city)
    many = trips[projects.sector] > np.median(trips)
    return 100 * ratio(projects.investment[rows & many].sum(), projects.investment[rows].sum())


def component_share(model: RelocationModel, city: int) -> float:
    """Share of sectors for which the city lacks a key component in its intended investment."""
    projects, setting = model.projects, model.setting
    parts = setting.sectors.need[:, len(setting.sectors.ids) :]
    lacking = ((parts > 0) & (model.foundation.presence[city] < 1)).any(axis=1)
    rows = reached(model, INTENTION) & (projects.place == city)
    return 100 * ratio(projects.investment[rows & lacking[projects.sector]].sum(), projects.investment[rows].sum())


def concentration(model: RelocationModel, city: int) -> float:
    """Herfindahl index of intended investment over places, mean over sectors weighted by investment."""
    projects, shape = model.projects, (len(model.setting.sectors.ids), len(model.setting.places.ids))
    rows = reached(model, INTENTION)
    table = np.zeros(shape)
    np.add.at(table, (projects.sector[rows], projects.place[rows]), projects.investment[rows])
    return mean_concentration(table)


def promises(model: RelocationModel, city: int) -> float:
    """Incentives promised to projects of the studied origins, everywhere, over their investment."""
    projects, terms = model.projects, model.setting.parameters
    rows = studied(model)
    promised = projects.upfront[rows].sum() + terms.holiday_years * projects.yearly[rows].sum()
    return 100 * ratio(promised, projects.investment[rows].sum())


def wage(model: RelocationModel, city: int) -> float:
    """Wage in the city over what it would be by trend, at the end."""
    return float(model.places.wage_ratio[city])


def rent(model: RelocationModel, city: int) -> float:
    """Rent of factory floor in the city over what it would be by trend, at the end."""
    return float(model.places.rent_ratio[city])


def budget(model: RelocationModel, city: int) -> float:
    """Receipts less payments of the city over the run that the model accounts for."""
    return float(model.places.treasury[city])


def started(model: RelocationModel, city: int) -> float:
    """Firms that broke ground over firms that signed, everywhere."""
    firms = model.places.stage_firms.sum(axis=1)
    return 100 * ratio(firms[GROUND], firms[SIGNED])


def overstated(model: RelocationModel, city: int) -> float:
    """Money that officials report over the investment that came to produce, everywhere."""
    last = model.record.places().groupby("place", sort=False).last()
    return ratio(last["reported_1e8yuan"].sum(), last["producing_1e8yuan"].sum())


def waiting_for_ground(model: RelocationModel, city: int) -> float:
    """Mean time from honouring to ground breaking, everywhere."""
    dates = model.projects.dates
    rows = (dates[GROUND] >= 0) & (model.projects.kind != EXPANSION)
    return float(np.mean((dates[GROUND] - dates[HONOURED])[rows])) if rows.any() else np.nan


def small_firms(model: RelocationModel, city: int) -> float:
    """Small firms that came to produce over those that broke ground, everywhere."""
    projects = model.projects
    small = projects.firm_class == SMALL
    built, produce = (projects.firms[small & (projects.dates[stage] >= 0)].sum() for stage in (GROUND, PRODUCING))
    return 100 * ratio(produce, built)


def kept(model: RelocationModel, city: int) -> float:
    """Incentives paid over incentives fallen due, everywhere."""
    return 100 * ratio(model.places.paid.sum(), model.places.fallen_due.sum())


def belief(model: RelocationModel, city: int) -> float:
    """Share of the city's promises that firms believe at the end."""
    return 100 * float(model.record.places()["credibility"].to_numpy().reshape(model.quarter, -1)[-1, city])


def bids(model: RelocationModel, city: int) -> float:
    """Mean of what rivals add to their usual packages of their own accord, share of investment, at the end."""
    return 100 * float(model.places.bid[model.setting.places.open_to_rivalry].mean())


def expansion(model: RelocationModel, city: int) -> float:
    """Amount of factory floor that full parks built beyond their usual growth, everywhere."""
    return float(model.places.floor_extra.sum())


def quota_held_back(model: RelocationModel, city: int) -> float:
    """Land that the city's policies ordered and that quota held back, at the end."""
    return float((model.places.land_ordered - model.places.land_made)[city])


def state_owned(model: RelocationModel, city: int) -> float:
    """Investment of state-owned enterprises that came to produce, everywhere."""
    projects = model.projects
    return float(projects.investment[(projects.kind == STATE) & (projects.dates[PRODUCING] >= 0)].sum())


def refused(model: RelocationModel, city: int) -> float:
    """Investment whose first choice was the city and which its thresholds refused, entrants from inland included."""
    return float(model.places.refused[0, city])


def crowded_out(model: RelocationModel, city: int) -> float:
    """Investment whose first choice lay outside the studied origins and which found too little room there."""
    return float(model.places.refused[1, outside(model)].sum())


def per_hectare(model: RelocationModel, city: int) -> float:
    """Investment per hectare of the projects that build, admitted outside the studied origins."""
    projects = model.projects
    rows = reached(model, INTENTION) & outside(model)[projects.place] & ~projects.rents
    return ratio(projects.investment[rows].sum(), projects.land[rows].sum())


def _fullest(model: RelocationModel, factor: int) -> float:
    """Return the most that any place outside the studied origins uses of what it holds of a factor, %."""
    held, rows = factors_held(model.setting, model.places, model.levers)[factor], outside(model)
    return 100 * float((model.places.factor_used[factor, rows] / held[rows]).max())


def power_used(model: RelocationModel, city: int) -> float:
    """Power used or reserved over what there is, in the fullest place outside the studied origins, at the end."""
    return _fullest(model, POWER)


def emissions(model: RelocationModel, city: int) -> float:
    """Emissions over the allowance, in the fullest place outside the studied origins, at the end."""
    return _fullest(model, ENVIRONMENT)


def labour_used(model: RelocationModel, city: int) -> float:
    """Workers hired or reserved over those there are, in the fullest place outside the studied origins, at the end."""
    return _fullest(model, LABOUR)


def building_time(model: RelocationModel, city: int) -> float:
    """Mean time from ground breaking to production, everywhere."""
    dates = model.projects.dates
    rows = dates[PRODUCING] >= 0
    return float(np.mean((dates[PRODUCING] - dates[GROUND])[rows])) if rows.any() else np.nan


OBSERVABLES: Mapping[str, Observable] = {
    "capture": Observable("%", capture),
    "inflow": Observable("1e8 yuan", inflow),
    "intentions": Observable("firms", intentions),
    "intentions everywhere": Observable("firms", intentions_everywhere),
    "firms that know the city": Observable("%", awareness),
    "visits per signing": Observable("visits/firm", visits_per_signing),
    "landed over signed": Observable("%", landed),
    "distance": Observable("km", distance),
    "sectors that travel": Observable("%", travel_share),
    "sectors that lack a link": Observable("%", component_share),
    "concentration": Observable("index", concentration),
    "promises over investment": Observable("%", promises),
    "passed through": Observable("%", passed_through),
    "intercepted": Observable("%", intercepted),
    "leaps": Observable("%", leaps),
    "skills lacking": Observable("%", skill_gap),
    "wage": Observable("ratio", wage),
    "rent": Observable("ratio", rent),
    "treasury": Observable("1e8 yuan", budget),
    "started over signed": Observable("%", started),
    "reported over produced": Observable("ratio", overstated),
    "wait for ground": Observable("quarters", waiting_for_ground),
    "small firms that produce": Observable("%", small_firms),
    "incentives paid": Observable("%", kept),
    "credibility": Observable("%", belief),
    "bids": Observable("% of investment", bids),
    "expansion of full parks": Observable("1e4 m2", expansion),
    "quota held back": Observable("ha", quota_held_back),
    "state-owned projects": Observable("1e8 yuan", state_owned),
    "refused by thresholds": Observable("1e8 yuan", refused),
    "refused for want of room": Observable("1e8 yuan", crowded_out),
    "investment per hectare": Observable("1e8 yuan/ha", per_hectare),
    "power used": Observable("%", power_used),
    "emissions": Observable("%", emissions),
    "labour used": Observable("%", labour_used),
    "building time": Observable("quarters", building_time),
    **{name: Observable(*one) for name, one in {**CLUSTERS, **WHERE, **PATTERNS}.items()},
}
"""Every observable by name."""


def observe(model: RelocationModel, names: Iterable[str]) -> np.ndarray:
    """Return some observables of a finished run, (K,)."""
    city = model.setting.places.row(model.spec.scenario.study.city)
    return np.array([OBSERVABLES[name].measure(model, city) for name in names])


def observe_all(model: RelocationModel) -> np.ndarray:
    """Return every observable of a finished run, (K,), in the order of `OBSERVABLES`."""
    return observe(model, OBSERVABLES)
