"""A model that remembers, of the quarter just played, what tells why a firm went where it did."""

from __future__ import annotations

import numpy as np

from relocsim.model import Conditions, RelocationModel
from relocsim.phases import admission, decision, ventures
from relocsim.phases.cost import COMPONENTS

CAUSES = (*COMPONENTS, "own industry", "size")
"""Terms of the choice that a policy may move, in the order of `Witness.terms`."""


class Witness(RelocationModel):
    """A model that keeps costs, the appeal of places and first choices of the last quarter; it plays the same bits."""

    found: Conditions
    own: np.ndarray
    """Own-industry term, utility, (S, P)."""
    room: np.ndarray
    """Size term, utility, (P,)."""
    under_review: np.ndarray
    """Rows of the firms that decided, (n,)."""
    first_choice: np.ndarray
    """Place that each would go to first, -1 where it would rather not go, (n,)."""

    def look_around(self, years: float) -> Conditions:
        """Return access, supply, costs and promises of the quarter, and keep them."""
        self.found = super().look_around(years)
        self.own = decision.own_industry(self.setting, self.places, self.levers)
        self.room = decision.size(self.setting, self.places, self.levers)
        return self.found

    def admit(self, decided: decision.Decisions, won: ventures.Ventures) -> admission.Admitted:
        """Return what the places admit and refuse, and keep who wanted what."""
        self.under_review = decided.firm
        self.first_choice = np.full(len(decided.firm), -1)
        some = np.isfinite(decided.value).any(axis=1)
        self.first_choice[decided.going[some]] = decided.value[some].argmax(axis=1)
        return super().admit(decided, won)

    def terms(self, firms: np.ndarray) -> np.ndarray:
        """Return the terms of the choice of firms in every place, yuan per 100 yuan of output, (n, K, P); less is better."""
        population, setting = self.population, self.setting
        origin, sector, kind = population.origin[firms], population.sector[firms], population.kind[firms]
        parts = []
        for name in COMPONENTS:
            part = np.broadcast_to(self.found.sheet.components[name], setting.shape)
            parts.append(part[origin, sector, kind])
        parts.append(-self.own[sector] / setting.parameters.sensitivity)
        parts.append(np.broadcast_to(-self.room / setting.parameters.sensitivity, parts[0].shape))
        return np.stack(parts, axis=1)

    def knew(self, firms: np.ndarray, place: int) -> np.ndarray:
        """Return whether firms knew of a place in the quarter just played, (n,) bool."""
        if not self.setting.switches.awareness:
            return np.ones(len(firms), dtype=bool)
        population, tastes = self.population, self.foundation.choosers.tastes
        heard = self.contact[population.segment[firms], place] + self.owner_contact[population.owner[firms], place]
        return np.asarray(heard > tastes.threshold[firms, place])
