"""Figures of a briefing, gathered from stored tables. Refuses to say anything of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from relocsim.briefing.stored import Stored
from relocsim.language import Words
from relocsim.metrics.effects import Estimate
from relocsim.report.effects import Change, estimate_of, figures_of, one_estimate
from relocsim.world.calendar import Quarter


@dataclass(frozen=True)
class Policy(Change):
    """A change, and what a briefing calls it."""

    kind: str
    """policy, package, together."""
    titles: Mapping[str, str]
    """Names by language."""
    changes: tuple[str, ...]
    """Policies in which it differs from the baseline."""


@dataclass(frozen=True)
class Facts:
    """All figures of a stored comparison."""

    stored: Stored

    @property
    def manifest(self) -> Mapping[str, Any]:
        """What the run says of itself."""
        return self.stored.manifest

    @property
    def replicates(self) -> int:
        """Replicates."""
        return int(self.manifest["replicates"])

    def name(self, place: str, words: Words) -> str:
        """Return the name of a place."""
        return self._names.get((place, words.code), place)

    @cached_property
    def _names(self) -> dict[tuple[str, str], str]:
        table = self.stored.tables["names"]
        places = table[table["kind"] == "place"]
        codes = [name.removeprefix("name_") for name in places.columns if name.startswith("name_")]
        return {(row["id"], code): str(row[f"name_{code}"]) for _, row in places.iterrows() for code in codes}

    def owners(self, words: Words) -> dict[str, str]:
        """Return the names of all places and policies, by id."""
        places = {place: name for (place, code), name in self._names.items() if code == words.code}
        return places | {one.arm: one.titles.get(words.code, one.arm) for one in self.policies}

    def city(self, words: Words) -> str:
        """Return the name of the city under study."""
        return self.name(self.manifest["city"], words)

    @cached_property
    def policies(self) -> tuple[Policy, ...]:
        """All arms but the baseline, the largest effect on the capture rate first, all together last."""
        table = self.stored.tables["arms"]
        found = [
            _policy(row, self.stored.tables["effects"]) for _, row in table[table["kind"] != "baseline"].iterrows()
        ]
        return tuple(sorted(found, key=lambda one: (one.kind == "together", -one.rate.mean, one.arm)))

    @property
    def main(self) -> Policy | None:
        """What the answer is about: all together, else the only addition, else the strongest; none without policies."""
        if not self.policies:
            return None
        return self.policies[-1] if self.policies[-1].kind == "together" else self.policies[0]

    @cached_property
    def baseline(self) -> Estimate:
        """Capture rate of the city by investment in the baseline, share."""
        return self.rate_of("baseline", self.manifest["city"])

    def rate_of(self, arm: str, place: str) -> Estimate:
        """Return the capture rate of a place by investment, share."""
        table = self._rates
        return one_estimate(
            table[(table["arm"] == arm) & (table["place"] == place)], f"capture rate of {place} in {arm}"
        )

    def ranked(self) -> list[str]:
        """Return the places outside the origins by their capture rate in the baseline, highest first."""
        table = self._rates
        rows = table[(table["arm"] == "baseline") & table["outside_origins"]]
        return list(rows.sort_values(["mean", "place"], ascending=[False, True])["place"])

    @cached_property
    def _rates(self) -> pd.DataFrame:
        table = self.stored.tables["capture"]
        return table[(table["measure"] == "investment") & (table["quantity"] == "capture_rate")]

    def quantity(self, table: str, arm: str, **at: str) -> Estimate | None:
        """Return a figure of an arm in a table such as `fiscal`; none where the table or the figure is not there."""
        held = self.stored.table(table)
        if held is None:
            return None
        for column, value in {"arm": arm, **at}.items():
            held = held[held[column] == value]
        return None if held.empty else estimate_of(held.iloc[0])


def _policy(row: pd.Series, effects: pd.DataFrame) -> Policy:
    return Policy(
        arm=row["arm"],
        kind=row["kind"],
        in_baseline=bool(row["in_baseline"]),
        start=Quarter.parse(row["start"]) if row["start"] else None,
        titles={name.removeprefix("title_"): str(row[name]) for name in row.index if str(name).startswith("title_")},
        changes=tuple(str(row["changes"]).split()),
        **figures_of(effects, row["arm"]),
    )
