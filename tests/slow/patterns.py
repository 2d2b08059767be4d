"""What tests of patterns share: scenarios, drawn foundations, expected flows, and findings told and kept.

A finding is printed, and kept in the file that the environment variable RELOCSIM_FINDINGS names, from which
`docs/draw_patterns.py` draws. Expected flows are those of the choice in closed form at the conditions of one quarter;
simulated ones come from whole runs.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
from runs import played, start_of, tuned
from scipy.special import expit, logsumexp
from shared import CHENZHOU

from relocsim.batch.playing import realised
from relocsim.metrics.effects import Estimate, estimate
from relocsim.model import Foundation, choice_values, conditions, lay_foundation
from relocsim.phases import awareness
from relocsim.phases.decision import Intercepts
from relocsim.phases.setting import Setting
from relocsim.phases.supply import haul_premium
from relocsim.spec import Spec, load
from relocsim.world.levers import CLASSES, Levers

CITY = "chenzhou"
INLAND = (CITY, "changsha", "ganzhou", "hengyang", "shaoguan", "wuhan", "xiangtan", "zhuzhou")
"""Cities that together take enough projects for a whole run to tell."""
PACKAGE = 2.5
"""What a typical package is worth, yuan per 100 of output (Bartik 2018: 2 to 3)."""


def scenario(firms: int, *settings: str, strata: tuple[float, ...] = ()) -> Spec:
    """Return the Chenzhou scenario with so many agents, drawn alike from all firms: patterns are of many places."""
    return load(CHENZHOU, settings=[f"scenario.firms={firms}", f"scenario.study.strata={list(strata)}", *settings])


def drawn(spec: Spec, replicates: int) -> Iterator[Foundation]:
    """Yield the foundations of some replicates, every ranged input drawn."""
    for number in range(replicates):
        yield lay_foundation(realised(spec, number), replicate=number)


def told(
    pattern: str, what: str, values: Iterable[float], *, unit: str = "", band: tuple[float, float] | None = None
) -> Estimate:
    """Return the estimate of a figure over replicates; print it, and keep it with the published `band`."""
    found = estimate(np.array(list(values)))
    print(f"\n{pattern} {what}: mean {found.mean:.4f} (simulation error {found.simulation_error:.4f}), draws between "
          f"{found.low:.4f} and {found.high:.4f}, {found.replicates} replicates", end="")  # fmt: skip
    keep(pattern, what, {"unit": unit, "band": band, **asdict(found)})
    return found


def keep(pattern: str, what: str, finding: dict[str, object]) -> None:
    """Write a finding into the file of findings, if one is wanted."""
    wanted = os.environ.get("RELOCSIM_FINDINGS")
    if wanted:
        path = Path(wanted)
        held = json.loads(path.read_text("utf-8")) if path.exists() else {}
        held.setdefault(pattern, {})[what] = finding
        path.write_text(json.dumps(dict(sorted(held.items())), indent=1) + "\n", "utf-8")


def surely_between(found: Estimate, low: float, high: float) -> bool:
    """Whether the mean lies between two bounds, twice its simulation error included."""
    return low < found.mean - 2 * found.simulation_error and found.mean + 2 * found.simulation_error < high


def expected(
    foundation: Foundation,
    *,
    levers: Levers | None = None,
    opened: bool = False,
    years: float = 0.0,
    entries: bool = True,
) -> np.ndarray:
    """Return firms of the studied origins that intend to place something, a year, by sector and place, (S, P).

    With policies' `levers`, with the lines that policies name `opened` or not; `entries` says whether new firms count.
    """
    setting, (state, neutral) = foundation.setting, start_of(foundation)
    levers, terms = levers or neutral, setting.parameters
    lines = foundation.routes.open_lines(foundation.spec.scenario.start.first_day) - foundation.named_lines
    access = foundation.routes.at(lines | (foundation.named_lines if opened else frozenset()))
    here = conditions(setting, state, levers, access, haul_premium(setting, access), years)
    values = choice_values(setting, state, levers, here.sheet, foundation.reference_cost)
    contact = awareness.remembered(setting, terms.awareness_past + years)
    contact = contact * awareness.contact_rate(setting, access, levers["standing"])
    contact = np.repeat(contact, len(values.home) // len(contact), axis=0)
    either = np.repeat(foundation.choosers.ways.either.reshape(-1, contact.shape[1]), len(CLASSES), axis=0)
    constants, stock = foundation.choosers.intercepts, foundation.population.stock
    mass = np.bincount(foundation.population.segment[stock], foundation.population.weight[stock], len(values.home))
    settled = _going(setting, values.place + either, contact, constants.elsewhere, values.home, constants)
    new = _going(setting, values.place, contact, constants.entry, values.home, None)
    yearly = mass[:, None] * (4 * terms.review_hazard * settled + entries * terms.entry_rate * new)
    origins, sectors, classes, places = setting.shape
    return yearly.reshape(origins, sectors, classes, places).sum(axis=(0, 2))


def _going(
    setting: Setting, value: np.ndarray, contact: np.ndarray, constant: float, home: np.ndarray, ends: Intercepts | None
) -> np.ndarray:
    """Return the chance to go to each place, (G, P); `ends` are the constants of going abroad and closing, or none."""
    scale = setting.parameters.nest_lambda
    with np.errstate(divide="ignore"):
        log = value / scale + np.log(-np.expm1(-contact))
    away = scale * logsumexp(log, axis=1) + constant
    others = home if ends is None else np.logaddexp(home, np.logaddexp(ends.abroad, ends.close))
    return expit(away - others)[:, None] * np.exp(log - logsumexp(log, axis=1, keepdims=True))


def outside(foundation: Foundation) -> np.ndarray:
    """Return which places are outside the studied origins and may be chosen, (P,)."""
    places = foundation.setting.places
    found = places.destination.copy()
    found[places.origins[places.studied]] = False
    return found


def worth(foundation: Foundation, yuan: float, where: np.ndarray) -> Levers:
    """Return levers of a capital subsidy that firms of each sector reckon to be worth `yuan` per 100 of output."""
    setting, (_, levers) = foundation.setting, start_of(foundation)
    per_share = 100 * setting.sectors.capital_ratio * setting.annuity(setting.parameters.horizon)
    needed = yuan / per_share / setting.places.credibility[:, None]
    levers["capital_subsidy"][where] += needed[where, :, None]
    return levers


def share(flow: np.ndarray, foundation: Foundation) -> np.ndarray:
    """Return the shares of places in what goes anywhere outside the origins, (P,)."""
    return np.where(outside(foundation), flow, 0.0) / flow[outside(foundation)].sum()


def at(foundation: Foundation, *cities: str) -> np.ndarray:
    """Return which places are these cities, (P,)."""
    return np.isin(foundation.setting.places.ids, cities)


def with_columns(foundation: Foundation, **columns: np.ndarray) -> Foundation:
    """Return the foundation with columns of places changed; constants, firms and tastes stay."""
    return replace(foundation, setting=tuned(foundation.setting, **columns))


def simulated(foundation: Foundation, on: Iterable[str] = ()) -> np.ndarray:
    """Return firms of the studied origins that intended a project in a whole run, by place, (P,)."""
    projects, places = played(foundation, on).projects, foundation.setting.places
    rows = places.from_studied(projects.origin)
    return np.bincount(projects.place[rows], projects.firms[rows], len(places.ids))


def room_taken(foundation: Foundation, on: Iterable[str] = ()) -> np.ndarray:
    """Return the room of projects that stand at the end of a whole run, ha and 1e4 m2 added up, by place, (P,)."""
    projects = played(foundation, on).projects
    stands = projects.fell < 0
    return np.bincount(projects.place[stands], (projects.land + projects.floor)[stands], len(foundation.site.places))
