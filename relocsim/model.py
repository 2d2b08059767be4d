"""The model: `RelocationModel.step` is the quarter, on one screen, in the order of docs/model.md.

A model holds one arm; what all arms of a replicate share is its `Foundation`. This module refuses to know what is done
with the result.
"""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Collection
from typing import Any

import mesa
import numpy as np
from mesa.agent import Agent, AgentSet

from relocsim.agents import make_views
from relocsim.foundation import (
    Conditions,
    Foundation,
    choice_values,
    conditions,
    first_state,
    lay_foundation,
)
from relocsim.observe import Record
from relocsim.phases import (
    admission,
    awareness,
    bidding,
    claims,
    cost,
    credibility,
    decision,
    delivery,
    feedback,
    followers,
    land,
    limits,
    payments,
    plants,
    promotion,
    reviews,
    rivals,
    selection,
    supply,
    ventures,
)
from relocsim.phases.settlement import Books
from relocsim.policies import Policy
from relocsim.spec import Spec
from relocsim.world.calendar import Quarter
from relocsim.world.levers import OWNERS, Levers
from relocsim.world.network import Access
from relocsim.world.projects import Projects
from relocsim.world.state import FirmState, sealed

_PROJECTS_AN_AGENT = 1.5
"""Room for projects at first: in the cases that come with the package there are one to one and a half an agent."""


class RelocationModel(mesa.Model):
    """One arm: a specification with the policies that are on, stepped quarter by quarter.

    `foundation` may be shared between arms of one replicate; by default it is laid anew with central values and
    replicate 0. `model.agents` holds `City` and `Firm` views on the columns, made when first asked for.
    """

    def __init__(
        self, spec: Spec, *, foundation: Foundation | None = None, on: Collection[str] | None = None,
        past: RelocationModel | None = None,
    ) -> None:  # fmt: skip
        """Begin at the start of the scenario, or where `past` stands, whose state is copied (see `fork`)."""
        super().__init__(rng=spec.scenario.seed)
        self.spec = spec
        self.foundation = foundation or lay_foundation(spec)
        self.setting, self.population = self.foundation.setting, self.foundation.population
        self.in_force: dict[str, Policy] = {
            name: policy for name, policy in sorted(spec.policies.items()) if (policy.on if on is None else name in on)
        }
        if past is None:
            self._begin()
        else:
            self._go_on_from(past)
        self.books = Books(self.setting, self.population, self.places, self.firms, self.projects)
        self.levers = self._pulled = self.foundation.neutral.twin()
        self._pulled_by: list[list[tuple[Any, ...]]] = []
        self._views_of = -1

    def _begin(self) -> None:
        """Take the state of the start."""
        setting, scenario = self.setting, self.spec.scenario
        self.quarter = 0
        self.places = first_state(setting, self.foundation.output, self.foundation.presence)
        self.firms = FirmState.at_start(self.population)
        self.projects = Projects(setting.sectors, room=round(_PROJECTS_AN_AGENT * len(self.population)))
        self.record = Record(setting, scenario.start, scenario.quarters)
        self.contact = np.zeros((int(np.prod(setting.shape[:3])), setting.shape[3]))
        self.owner_contact = np.zeros((len(OWNERS), setting.shape[3]))

    def _go_on_from(self, past: RelocationModel) -> None:
        """Take a copy of the state of another model."""
        self.quarter = past.quarter
        self.contact, self.owner_contact = past.contact.copy(), past.owner_contact
        self.places, self.firms, self.projects, self.record = copy.deepcopy(
            (past.places, past.firms, past.projects, past.record), {id(self.setting): self.setting}
        )

    @property
    def date(self) -> Quarter:
        """The quarter that the next step plays."""
        return self.spec.scenario.start + self.quarter

    @property
    def finished(self) -> bool:
        """Whether the last quarter has been played."""
        return self.quarter >= self.spec.scenario.quarters

    def step(self) -> None:
        """Play one quarter."""
        quarter, years = self.quarter, self.quarter / 4
        with sealed(self.places, self.firms):
            orders = self.pull_levers()
            self.levers = land.rationed(self.setting, self.places, orders)
            found = self.look_around(years)
            values = choice_values(self.setting, self.places, self.levers, found.sheet, self.foundation.reference_cost)
            awareness.cumulate(self.setting, self.contact, self.hear(found.access))
            told = promotion.heard_by_owners(self.setting, self.levers)
            self.owner_contact = awareness.kept(self.setting) * self.owner_contact + told
            answer = self.answer_rivals(values, found)
            won = self.negotiate(found)
            decided = self.decide(values, found)
            admitted = self.admit(decided, won)
            progress = delivery.deliver(self.setting, self.places, self.projects, self.levers)
            unrest = self.look_at_plants(found)
        self.books.open_projects(decided, admitted, found.promised, found.outlook, quarter)
        self.books.open_ventures(won, quarter)
        self.books.progress(progress, quarter)
        self.books.go_on(unrest, limits.vacancy(self.setting, self.places, self.levers), quarter)
        settled = payments.pay(self.setting, self.places, self.projects, self.levers, quarter)
        credibility.learn(self.setting, self.places, settled)
        ordered = orders["land_added"]
        feedback.feed_back(self.setting, self.places, self.levers, answer, ordered, self.outlays(), quarter)
        self.record.observe(self.places, self.levers, found.supply.depth, found.talent)
        self.quarter += 1
        self.running = not self.finished

    def run(self) -> RelocationModel:
        """Play all quarters that are left and return the model."""
        while not self.finished:
            self.step()
        return self

    def fork(self, on: Collection[str] | None = None, *, spec: Spec | None = None) -> RelocationModel:
        """Return a twin with other policies in force from here on; the past is shared by copy.

        `spec` may describe policies otherwise, on the same foundation. Right only if no policy in which the two differ has
        acted so far, which is for the caller to see to.
        """
        return RelocationModel(spec or self.spec, foundation=self.foundation, on=on, past=self)

    def pull_levers(self) -> Levers:
        """Return the levers as the policies in force set them: the same as before where they change what they did before."""
        orders = [policy.changes(self.foundation.site, elapsed) for policy, elapsed in self._acting()]
        told = [[change.told for change in changes] for changes in orders]
        if told != self._pulled_by:
            self._pulled, self._pulled_by = self.foundation.neutral.twin(), told
            for changes in orders:
                self._pulled.apply(changes)
        return self._pulled

    def _acting(self) -> list[tuple[Policy, int]]:
        """Return the policies that act this quarter, each with the quarters since its start."""
        date = self.date
        return [(policy, date - policy.start) for policy in self.in_force.values() if policy.in_force(date)]

    def open_lines(self) -> frozenset[str]:
        """Return the lines open this quarter: by their date, or by the policy that names them."""
        site, named = self.foundation.site, self.foundation.named_lines
        by_policy = {site.lines[at] for at in np.flatnonzero(self.levers["line_open"])}
        opened = {line: dt.date.min if line in by_policy else dt.date.max for line in named}
        return self.foundation.routes.open_lines(self.date.first_day, opened)

    def look_around(self, years: float) -> Conditions:
        """Return access, supply, costs and promises of the quarter."""
        access = self.foundation.routes.at(self.open_lines())
        haul = supply.haul_premium(self.setting, access)
        return conditions(self.setting, self.places, self.levers, access, haul, years)

    def hear(self, access: Access) -> np.ndarray:
        """Return the contacts of this quarter (the first brings the years before it), broadcastable to (O, S, Z, P)."""
        years = 0.25 if self.quarter else awareness.past_years(self.setting)
        usual = years * awareness.contact_rate(self.setting, access, self.levers["standing"])
        return promotion.heard(self.setting, self.places, self.levers, access, usual)

    def answer_rivals(self, values: decision.Values, found: Conditions) -> rivals.Answer:
        """Return what governments do of their own accord."""
        choosers, contact, income = self.foundation.choosers, self.contact, land.revenue(self.setting, self.places)
        bids = rivals.next_bids(
            self.setting, self.places.bid, self.levers, found.promised, self.foundation.revealed_value,
            lambda: bidding.expected_market(self.setting, choosers, values, contact), income, self.quarter,
        )  # fmt: skip
        return rivals.Answer(bids, land.park_growth(self.setting, self.places, self.levers, income))

    def negotiate(self, found: Conditions) -> ventures.Ventures:
        """Return the projects of state-owned enterprises that fall to places this quarter."""
        return ventures.negotiate(
            self.setting, self.places, self.levers, found.sheet, self.free_land(), self.quarter
        )  # fmt: skip

    def free_land(self) -> np.ndarray:
        """Return the land that places can still give, ha, (P,)."""
        if not self.setting.switches.admission_limits:
            return np.full(len(self.setting.places.ids), np.inf)
        return np.maximum(self.places.land_total + self.levers["land_added"] - self.places.land_used, 0.0)

    def decide(self, values: decision.Values, found: Conditions) -> decision.Decisions:
        """Return what firms under review and new firms want."""
        setting, population = self.setting, self.population
        pressure = cost.home_cost(setting, found.sheet)
        hazard = decision.review_hazard(setting, pressure, self.foundation.start_pressure)
        low = self.foundation.reviews.low(self.quarter, float(hazard.max()))
        rows = reviews.reviewed(population, self.firms, hazard, low, self.quarter)
        following = followers.following(setting, population, self.firms, self.projects, found.haul, self.quarter)
        decided = decision.decide(
            setting, self.foundation.choosers, following.others(rows), values, self.contact, self.quarter,
            by_owner=self.owner_contact,
        )  # fmt: skip
        return following.join(decided)

    def admit(self, decided: decision.Decisions, won: ventures.Ventures) -> admission.Admitted:
        """Return what the places admit and refuse, given what state-owned enterprises leave."""
        setting, state, levers = self.setting, self.places, self.levers
        preferred = selection.preferences(setting, state, levers)
        mass = self.firms.weight[decided.firm] - self.firms.pending[decided.firm]
        applicants = claims.Applicants(setting, self.foundation.choosers, decided, mass, preferred)
        left = limits.vacancy(setting, state, levers)
        return admission.admit(applicants, left and left.less(won.land(setting), 0.0, won.factors(setting)))

    def look_at_plants(self, found: Conditions) -> plants.Unrest:
        """Return what goes on in settled plants."""
        return plants.unrest(
            self.setting, self.projects, self.levers, found.access, found.supply, found.talent, found.outlook, self.quarter
        )  # fmt: skip

    def outlays(self) -> np.ndarray:
        """Return what each place spends on its policies this quarter, 1e8 yuan, (P,)."""
        spent = np.zeros(len(self.setting.places.ids))
        for policy, elapsed in self._acting():
            if payers := policy.payers():
                spent[self.foundation.site.at("places", payers)] += policy.spends(self.setting.parameters, elapsed)
        return spent

    @property
    def agents(self) -> AgentSet:
        """Cities and firms as Mesa agents: views on the columns, made when first asked for."""
        self._see()
        return super().agents

    @property
    def agents_by_type(self) -> dict[type[Agent], AgentSet]:
        """The same by class."""
        self._see()
        return super().agents_by_type

    def _see(self) -> None:
        """Make the views of what has come to be since they were last asked for."""
        if self._views_of < self.quarter:
            since, self._views_of = self._views_of, self.quarter
            make_views(self, since=since)
