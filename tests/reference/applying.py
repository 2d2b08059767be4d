"""Who asks to come where, state-owned enterprises first, and whom places take (docs/model.md, 7.3)."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

from reference.admission import Market, Wish
from reference.firm import FirmAgent
from reference.governments import venture_odds, venture_place, venture_sector
from reference.limits import FACTORS, Selection, factors, free
from reference.state import CityAgent, Project
from reference.values import Values

if TYPE_CHECKING:
    from reference.model import ReferenceModel


class Applications:
    """Applications of the quarter, made and answered."""

    def __init__(self, model: ReferenceModel) -> None:
        self.model, self.world, self.cities = model, model.world, model.cities
        self.events: Counter[str] = Counter()
        """What happened in admission so far."""

    def admit(self, deciding: list[FirmAgent], values: Values) -> list[list[tuple[Wish, float]]]:
        """Return, for each agent that decided, the firms admitted and where."""
        self.selection = Selection(self.world, self.cities, self.model.levers)
        self._plants: dict[tuple[int, bool], tuple[dict[int, float], float]] = {}
        rooms = self.rooms
        made = [
            {p: self._wish(firm, p, values) for p in firm.wishes if not self._refuses(p, firm)} for firm in deciding
        ]
        lists = [[p for p, wish in wishes.items() if wish.could_be_served(rooms[p])] for wishes in made]
        firms = [firm.asking(self.model.now) for firm in deciding]
        market = Market(lists, firms, rooms, lambda one, place: made[one][place])
        admitted = market.clear()
        self.events += market.events
        claims = [
            [(market.wish((one, position)), firms) for position, firms in sorted(places.items())]
            for one, places in enumerate(admitted)
        ]
        self._note_refusals(deciding, claims, values)
        return claims

    def _refuses(self, place: int, firm: FirmAgent) -> bool:
        return self.selection.refuses(firm.sector, place, firm.rents)

    def _note_refusals(self, deciding: list[FirmAgent], claims: list[list[tuple[Wish, float]]], values: Values) -> None:
        """Add up the investment that its first choice did not take, by whether it was fit."""
        for firm, admitted in zip(deciding, claims, strict=True):
            if firm.wishes:
                first = firm.wishes[0]
                taken = sum(firms for wish, firms in admitted if wish.place == first)
                lost = (firm.asking(self.model.now) - taken) * self._wish(firm, first, values).investment
                self.cities[first].refused[0 if self._refuses(first, firm) else 1] += lost

    def negotiate(self) -> list[Project]:
        """Return the projects of state-owned enterprises and where they go; they come first in the rooms of places."""
        world, parameters = self.world, self.world.parameters
        self.rooms = [self.room(city) for city in self.cities]
        found = []
        for uid, sector_draw, size_draw, luck in self.model.draws.ventures(self.model.now):
            s = venture_sector(world, sector_draw)
            sector, high = world.sectors[s], parameters.state_investment_high / parameters.state_investment_low
            output = parameters.state_investment_low * high**size_draw / sector.capital_ratio
            liking = [venture_odds(world, self.model.sheets, s, p) + luck[p] if world.places[p].destination else -math.inf
                      for p in range(len(self.cities))]  # fmt: skip
            place = venture_place(world, liking, output * sector.land_use, self.rooms)
            if place >= 0:
                for resource, need in zip(FACTORS, factors(world, s, output), strict=True):
                    self.rooms[place][resource] = max(0.0, self.rooms[place][resource] - need)
                found.append(Project(
                    uid=uid, firm=-1, place=place, sector=s, kind="state", firms=1.0, output=output,
                    investment=output * sector.capital_ratio, jobs=output * sector.workers,
                    land=output * sector.land_use, floor=0.0, upfront=0.0, yearly=0.0, size=3, rents=False,
                    dates=[self.model.now, -1, -1, -1, -1],
                ))  # fmt: skip
        return found

    def room(self, city: CityAgent) -> list[float]:
        """Return what new plants may still take of each resource."""
        if not self.world.switches.admission_limits:
            return [float("inf")] * 5
        return [max(0.0, one) for one in free(self.world, city, self.model.levers)]

    def _wish(self, firm: FirmAgent, place: int, values: Values) -> Wish:
        """Return a firm's application to a place."""
        kind = "entry"
        if not firm.is_new(self.model.now):
            kind = "branch" if firm.fresh.mode < values.offer(firm.segment).branch_chance[place] else "move"
        needs, investment = self._plant(firm, branch=kind == "branch")
        after = 0.0 if firm.leader and self.world.switches.selection else 1.0
        rank = (after, -self.selection.score(firm.sector, place, firm.rents), firm.fresh.tie)
        return Wish(firm, place, kind, needs, investment, rank)

    def _plant(self, firm: FirmAgent, *, branch: bool) -> tuple[dict[int, float], float]:
        """Return what a firm's plant takes of each resource that it needs at all, and what is invested in it."""
        if (firm.row, branch) not in self._plants:
            output = firm.output * (self.world.parameters.branch_share if branch else 1.0)
            takes = [*firm.space(output), *factors(self.world, firm.sector, output)]
            needs = {resource: need for resource, need in enumerate(takes) if need > 0}
            self._plants[firm.row, branch] = needs, output * self.world.sectors[firm.sector].capital_ratio
        return self._plants[firm.row, branch]
