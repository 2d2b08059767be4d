"""The choices of a run as a table of the kind that `estimate` reads: what a researcher would see who saw everything.

One chooser is one review of a firm of a studied origin, or a new firm. Its choice set holds the places that it knows, and
what it may do otherwise: stay, go abroad, close. `chosen` is what it wants, before cities admit. Followers of leaders, who
choose in another way, and inland investors, who have no home, are left out. The nested logit of this table, places in one
nest, is the model's own (docs/model.md): `true_coefficients` says what should be found. It is exact for first reviews; later
ones are of firms whose tastes have kept them, which is why `review` counts them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from relocsim.errors import Problem, SpecError
from relocsim.foundation import Foundation, lay_foundation
from relocsim.model import Conditions, RelocationModel
from relocsim.phases import decision
from relocsim.phases.awareness import hearing, known
from relocsim.phases.setting import Setting
from relocsim.spec import Spec
from relocsim.world.levers import CLASSES

OUTSIDE = ("stay", "abroad", "close")
"""What a firm may do but go to another place, by the codes of `decision`."""
NEST = "elsewhere"
"""Nest of places."""
ATTRIBUTES = {
    "cost": "unit cost less the mean at the origins at the start, yuan/100 yuan of output",
    "own_industry": "ln of own-industry output a prefecture over the national mean, with a floor",
    "log_size": "ln of the workers that the place can serve; 0 outside",
    "log_distance": "ln(1 + km / distance_near); 0 outside",
    "way_value": "what branch or full move add, utility: an offset",
    "going": "1 for places, firms that stand somewhere",
    "entering": "1 for places, new firms",
    "abroad": "1 for going abroad",
    "close": "1 for closing",
}
"""Columns of the table that enter utility, and what they hold."""
_UNITS = {"own_industry_theta": 1.0, "nest_lambda": 1.0, "log_size_coefficient": 1.0}
"""Parameters under which the terms of the choice are their bare attributes."""


def drawn_alike(spec: Spec) -> Spec:
    """Return a scenario whose firms are drawn without strata, so that its choosers are a random sample of all."""
    study = spec.scenario.study.model_copy(update={"strata": ()})
    return replace(spec, scenario=spec.scenario.model_copy(update={"study": study}))


def true_coefficients(foundation: Foundation) -> dict[str, float]:
    """Return the coefficients with which firms choose, by column of the table, and the nest parameter."""
    terms, constants = foundation.setting.parameters, foundation.choosers.intercepts
    return {
        "cost": -terms.sensitivity,
        "own_industry": terms.own_industry_theta,
        "log_size": terms.nest_lambda * terms.log_size_coefficient,
        "log_distance": -terms.nest_lambda * terms.distance_elasticity,
        "way_value": 1.0,
        "going": constants.elsewhere,
        "entering": constants.entry,
        "abroad": constants.abroad,
        "close": constants.close,
        f"lambda[{NEST}]": terms.nest_lambda,
    }


def choices(
    scenario: Spec | Foundation, *, quarters: int | None = None, first: bool = False,
    tick: Callable[[], None] | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Play a scenario and return one row for each review and alternative in its choice set.

    Parameters
    ----------
    scenario
        A specification, or the foundation of one replicate of it, laid without strata.
    quarters
        Quarters that are played; all by default.
    first
        Whether only the first review of each firm is kept, for which the nested logit is exact.
    tick
        Called after every quarter.

    Returns
    -------
    DataFrame
        chooser (firm and quarter), firm, quarter, review (1 is the first), origin, sector, firm_class, new, alternative,
        nest, chosen, and the columns of `ATTRIBUTES`.

    Raises
    ------
    SpecError
        If a foundation is of firms drawn in strata: its choosers are no random sample.
    """
    if isinstance(scenario, Foundation) and scenario.spec.scenario.study.strata:
        hint = "lay the foundation with scenario.study.strata=[], or give the specification itself"
        raise SpecError([Problem("firms drawn in strata are no random sample of choosers", hint=hint)])
    foundation = lay_foundation(drawn_alike(scenario)) if isinstance(scenario, Spec) else scenario
    model = Chronicle(foundation.spec, foundation=foundation)
    model.first = first
    for _ in range(foundation.spec.scenario.quarters if quarters is None else quarters):
        model.step()
        if tick is not None:
            tick()
    return pd.concat(model.pages, ignore_index=True) if model.pages else pd.DataFrame(columns=["chooser"])


class Chronicle(RelocationModel):
    """A model that writes down who reviewed, what they could choose from and what they wanted; it plays the same bits."""

    first = False
    """Whether only first reviews are written down."""

    def __init__(self, spec: Spec, *, foundation: Foundation | None = None, on: Sequence[str] | None = None) -> None:
        super().__init__(spec, foundation=foundation, on=on)
        self.pages: list[pd.DataFrame] = []
        self._reviews = np.zeros(len(self.population), dtype=np.int64)

    def decide(self, values: decision.Values, found: Conditions) -> decision.Decisions:
        """Return what firms under review and new firms want, and write it down."""
        decided = super().decide(values, found)
        general = np.flatnonzero(decided.follows < 0)
        self._reviews[decided.firm[general]] += 1
        kept = self.setting.places.studied[self.population.origin[decided.firm[general]]]
        if self.first:
            kept = kept & (self._reviews[decided.firm[general]] == 1)
        general = general[kept]
        if len(general):
            self.pages.append(self._page(decided, general, found))
        return decided

    def _page(self, decided: decision.Decisions, some: np.ndarray, found: Conditions) -> pd.DataFrame:
        """Return the table of some of the firms that decided."""
        setting, firms = self.setting, decided.firm[some]
        taken = decided.of_all()[some]
        best = np.where(np.isfinite(taken).any(axis=1), taken.argmax(axis=1), -1)
        firm, place = np.nonzero(self._choice_sets(firms))
        count, places, new = len(firms), len(setting.places.ids), decided.new[some]
        extra = np.arange(count)[:, None].repeat(len(OUTSIDE), 1)
        allowed = np.stack([np.ones(count, dtype=bool), ~new, ~new], axis=1)
        firm = np.concatenate([firm, extra[allowed]])
        option = np.concatenate([place, (places + np.arange(len(OUTSIDE)))[None].repeat(count, 0)[allowed]])
        choice = np.where(best >= 0, best, places + decided.outside[some])
        order = np.lexsort((option, firm))
        firm, option = firm[order], option[order]
        table = pd.DataFrame(self._about(firms, new)).iloc[firm].reset_index(drop=True)
        table["alternative"] = np.array([*setting.places.ids, *OUTSIDE], dtype=object)[option]
        table["nest"] = np.array([*[NEST] * places, *OUTSIDE], dtype=object)[option]
        table["chosen"] = (option == choice[firm]).astype(np.int8)
        return table.assign(**self._attributes(firms[firm], option, new[firm], found))

    def _choice_sets(self, firms: np.ndarray) -> np.ndarray:
        """Return which places each firm knows and may choose, (n, P) bool."""
        setting, tastes = self.setting, self.foundation.choosers.tastes
        heard = hearing(self.population, self.contact, self.owner_contact)
        intensity = heard.of(firms, np.empty((len(firms), len(setting.places.ids)), np.float32))
        aware = known(setting, intensity, tastes.threshold[firms]) & setting.places.destination
        aware[np.arange(len(firms)), setting.places.origins[self.population.origin[firms]]] = False
        return np.asarray(aware)

    def _about(self, firms: np.ndarray, new: np.ndarray) -> dict[str, object]:
        """Return what is known of each chooser."""
        population, places = self.population, self.setting.places
        names = np.array([f"{uid:016x}" for uid in population.uid[firms]], dtype=object)
        return {
            "chooser": names + f"/{self.date}",
            "firm": names,
            "quarter": str(self.date),
            "review": self._reviews[firms],
            "origin": np.array(places.ids, dtype=object)[places.origins[population.origin[firms]]],
            "sector": np.array(self.setting.sectors.ids, dtype=object)[population.sector[firms]],
            "firm_class": np.array(CLASSES, dtype=object)[population.kind[firms]],
            "new": new.astype(np.int8),
        }

    def _attributes(
        self, firms: np.ndarray, option: np.ndarray, new: np.ndarray, found: Conditions
    ) -> dict[str, np.ndarray]:
        """Return the attributes of alternatives, (R,) each; `firms`, `option` and `new` are by row."""
        setting, population = self.setting, self.population
        origin, sector, kind = population.origin[firms], population.sector[firms], population.kind[firms]
        away, home = option < len(setting.places.ids), option == len(setting.places.ids)
        place = np.where(away, option, setting.places.origins[origin])
        bare = _bare(setting)
        stands = found.sheet.at_home[origin, sector, kind]
        cost = np.where(away, found.unit_cost[origin, sector, kind, place], stands)
        kept = away | home
        own = decision.own_industry(bare, self.places, self.levers)[sector, place]
        terms = setting.parameters
        far = np.log1p(setting.places.km[setting.places.origins[origin], place] / terms.distance_near)
        way = self.foundation.choosers.ways.either[origin, sector, place]
        return {
            "cost": np.where(kept, cost - self.foundation.reference_cost[sector], 0.0),
            "own_industry": np.where(kept, own, 0.0),
            "log_size": np.where(away, decision.size(bare, self.places, self.levers)[place], 0.0),
            "log_distance": np.where(away, far, 0.0),
            "way_value": np.where(away & ~new, way, 0.0),
            "going": (away & ~new).astype(np.int8),
            "entering": (away & new).astype(np.int8),
            "abroad": (option == len(setting.places.ids) + decision.ABROAD).astype(np.int8),
            "close": (option == len(setting.places.ids) + decision.CLOSE).astype(np.int8),
        }


def _bare(setting: Setting) -> Setting:
    """Return a setting in which the terms of the choice are their attributes."""
    return replace(setting, parameters=setting.parameters.model_copy(update=_UNITS))
