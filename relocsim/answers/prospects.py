"""The target list: sectors, origins and missing links, by what the next hundred visits would bring to the city.

In expectation, by the closed form of the choice at the costs of one quarter, over every draw of the inputs: visits tell
firms of the city, who remember it while they come under review; of those who then choose it a share arrives. Beside it
stands what the same visits would bring if the link that caps the sector's chain in the city were fully supplied. That
visits also help to sign what is under way, that plants attract plants, and what a full city refuses, is left out: it is a
ranking of whom to call on, not a forecast.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np
import pandas as pd

from relocsim.batch.playing import realised
from relocsim.batch.workers import over_replicates
from relocsim.errors import Problem, SpecError
from relocsim.foundation import Conditions, choice_values
from relocsim.metrics.clusters import weakest_links
from relocsim.metrics.effects import estimate
from relocsim.metrics.prospects import brought_by_contacts
from relocsim.model import RelocationModel, lay_foundation
from relocsim.phases import land
from relocsim.phases.anchor import arrival
from relocsim.phases.awareness import remembered
from relocsim.phases.decision import Values
from relocsim.spec import Spec
from relocsim.spec.words import near
from relocsim.world.calendar import Quarter

VISITS = 100.0
"""Visits that are asked about."""
YEARS = 4.0
"""Years over which what visits told counts, less what is forgotten."""
_FEW = 500
"""Agents that suffice to step to a quarter: costs hardly depend on them, and expectations are over real firms."""


@dataclass(frozen=True)
class Asked:
    """What a target list is about."""

    mode: str = "visits"
    """Mode of outreach of the world."""
    visits: float = VISITS
    """Contacts made, all in one sector and origin."""
    years: float = YEARS
    """Years over which they count."""
    quarter: Quarter | None = None
    """Quarter whose costs hold; none: the first."""


@dataclass(frozen=True)
class TargetList:
    """What visits would bring by sector and origin, over draws of the inputs."""

    spec: Spec
    asked: Asked
    brought: np.ndarray
    """Investment (1e8 yuan), jobs and firms, by replicate, (R, 3, O, S)."""
    with_link: np.ndarray
    """Investment if the weakest link were fully supplied, (R, O, S)."""
    link: np.ndarray
    """The weakest link at central inputs, as a name, (S,)."""
    origins: tuple[str, ...]
    sectors: tuple[str, ...]

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row a sector and origin, the best first: investment (with interval), jobs, firms, ranks, the missing link.

        `rank_low` and `rank_high` are the least and the greatest rank over replicates; `with_link` the mean investment if
        the link were there.
        """
        replicates = len(self.brought)
        flat = self.brought.reshape(replicates, 3, -1)
        rank = 1 + np.argsort(np.argsort(-flat[:, 0], axis=1, kind="stable"), axis=1)
        rows = []
        for at, (o, s) in enumerate(np.ndindex(*self.brought.shape[2:])):
            found = estimate(flat[:, 0, at])
            rows.append(
                {
                    "sector": self.sectors[s], "origin": self.origins[o], "missing_link": self.link[s],
                    "investment": found.mean, "low": found.low, "high": found.high,
                    "jobs": flat[:, 1, at].mean(), "firms": flat[:, 2, at].mean(),
                    "rank_low": int(rank[:, at].min()), "rank_high": int(rank[:, at].max()),
                    "with_link": self.with_link[:, o, s].mean(),
                }
            )  # fmt: skip
        table = pd.DataFrame(rows).sort_values(["investment", "sector", "origin"], ascending=[False, True, True])
        table.insert(0, "rank", np.arange(1, len(table) + 1))
        return table.reset_index(drop=True)

    @cached_property
    def by_sector(self) -> pd.DataFrame:
        """One row a sector: its best origin, and what the link that it lacks would add to visits there."""
        best = self.table.groupby("sector", sort=False).head(1).copy()
        best["link_adds"] = best["with_link"] - best["investment"]
        return best.reset_index(drop=True)


def target_list(
    spec: Spec, asked: Asked | None = None, *, replicates: int = 20, jobs: int = 1, executor: Executor | None = None,
    tick: Callable[[], None] | None = None,
) -> TargetList:  # fmt: skip
    """Return what the next visits of a mode would bring, over draws of the inputs, in the scenario as written."""
    asked = asked or Asked()
    _check(spec, asked)
    light = replace(spec, scenario=spec.scenario.model_copy(update={"firms": min(_FEW, spec.scenario.firms)}))
    found = over_replicates(partial(_drawn, light, asked), replicates, jobs=jobs, executor=executor, tick=tick)
    central = _Prospect(light, asked, 0)
    setting = central.model.setting
    inputs = np.array([*setting.sectors.ids, *setting.sectors.components])
    brought, with_link = (np.array(part) for part in zip(*found, strict=True))
    origins = tuple(setting.places.ids[at] for at in setting.places.origins[setting.places.studied])
    return TargetList(spec, asked, brought, with_link, inputs[central.weakest], origins, setting.sectors.ids)


def _check(spec: Spec, asked: Asked) -> None:
    problems, modes, scenario = [], spec.world.parameters.outreach, spec.scenario
    if asked.mode not in modes:
        hint = near(asked.mode, modes) or f"there are: {', '.join(modes)}"
        problems.append(Problem(f"there is no mode of outreach {asked.mode!r}", path="--mode", hint=hint))
    if asked.quarter is not None and not scenario.start <= asked.quarter <= scenario.end:
        message = f"{asked.quarter} is outside the period of the scenario, {scenario.start} to {scenario.end}"
        problems.append(Problem(message, path="--quarter"))
    if problems:
        raise SpecError(problems)


def _drawn(spec: Spec, asked: Asked, replicate: int) -> tuple[np.ndarray, np.ndarray]:
    """Return what is brought as things are, (3, O, S), and with the link, (O, S), in one draw of the inputs."""
    one = _Prospect(realised(spec, replicate), asked, replicate)
    return one.brought(one.odds_gain * 0.0), one.brought(one.odds_gain)[0]


class _Prospect:
    """The world of one draw in the quarter that is asked about."""

    def __init__(self, spec: Spec, asked: Asked, replicate: int) -> None:
        self.asked = asked
        self.model = model = RelocationModel(spec, foundation=lay_foundation(spec, replicate=replicate))
        while model.date < (asked.quarter or spec.scenario.start):
            model.step()
        years = model.quarter / 4
        model.levers = land.rationed(model.setting, model.places, model.pull_levers())
        self.found: Conditions = model.look_around(years)
        heard = model.contact if model.quarter else np.broadcast_to(model.hear(self.found.access), model.setting.shape)
        self.contact = heard.reshape(-1, model.setting.shape[3])
        reference = model.foundation.reference_cost
        self.values: Values = choice_values(model.setting, model.places, model.levers, self.found.sheet, reference)
        self.city = model.setting.places.row(spec.scenario.study.city)
        covered, need = self.found.supply.coverage[:, self.city], model.setting.needs.toarray()
        terms, switches = model.setting.parameters, model.setting.switches
        rho = terms.weakest_link_rho if switches.weakest_link else 1.0
        others = np.eye(*need.shape) == 0  # more of the sector itself is no link that it lacks
        self.weakest, raised = weakest_links(covered, need, rho, others)
        self.odds_gain = self._odds_gain(raised)

    def _odds_gain(self, raised: np.ndarray) -> np.ndarray:
        """Return by how much the log odds of the city rise with the weakest link supplied, (O, S)."""
        setting, supplied = self.model.setting, self.found.supply
        if not setting.switches.supporting_depth:
            return np.zeros(setting.shape[:2])
        gained = (raised - supplied.depth[:, self.city])[:, None] * supplied.premium[:, :, self.city]
        saved = (setting.sectors.tradable[:, None] * gained).T
        return saved * setting.parameters.sensitivity / setting.parameters.nest_lambda

    def brought(self, gain: np.ndarray) -> np.ndarray:
        """Return investment, jobs and firms that visits bring, by studied origin and sector, (3, O, S)."""
        setting, terms = self.model.setting, self.model.setting.parameters
        chance = self._chosen_more(gain).reshape(setting.shape[:3])
        reviews = 4 * terms.review_hazard * remembered(setting, self.asked.years)
        coming = chance * reviews * arrival(setting)[0]
        firms = setting.firms * coming
        each = setting.class_sizes * setting.sectors.firm_output[:, None]
        output = (firms * each).sum(axis=2) * terms.branch_share
        sums = np.stack([output * setting.sectors.capital_ratio, output * setting.sectors.workers, firms.sum(axis=2)])
        return sums[:, setting.places.studied]

    def _chosen_more(self, gain: np.ndarray) -> np.ndarray:
        """Return by how much a firm under review is likelier to choose the city for the visits, by segment, (G,)."""
        setting, choosers = self.model.setting, self.model.foundation.choosers
        scale, classes, constants = setting.parameters.nest_lambda, setting.shape[2], choosers.intercepts
        either = np.repeat(choosers.ways.either.reshape(-1, setting.shape[3]), classes, axis=0)
        log = (self.values.place + either) / scale
        log[:, self.city] += np.repeat(gain.ravel(), classes)
        high = log.max(axis=1)
        odds = np.exp(log - high[:, None])
        aware = -np.expm1(-self.contact) if setting.switches.awareness else np.ones_like(self.contact)
        rest = (odds * aware).sum(axis=1) - (odds * aware)[:, self.city]
        home = np.logaddexp(self.values.home, np.logaddexp(constants.abroad, constants.close))
        outside = home - constants.elsewhere - scale * high
        return brought_by_contacts(self.contact[:, self.city], self._added(), odds[:, self.city], rest, outside, scale)

    def _added(self) -> np.ndarray:
        """Return the contact intensity that visits add, by segment, (G,), as `policies.promotion_campaign` spreads them."""
        setting = self.model.setting
        if not (setting.switches.awareness and setting.switches.promotion):
            return np.zeros(int(np.prod(setting.shape[:3])))
        mode = setting.parameters.outreach[self.asked.mode]
        reach = np.array(mode.reach)
        each = self.asked.visits * mode.strength / np.maximum(setting.firms @ reach, 1.0)
        return (each[:, :, None] * reach).ravel()
