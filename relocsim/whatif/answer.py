"""What is known of a what-if so far: comparisons as everywhere, and what a planner asks of them.

All figures are paired and come with the intervals of `relocsim.metrics.effects`. This module refuses to play and to draw.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from relocsim.answers.targets_met import Target
from relocsim.answers.telling import Pairs
from relocsim.answers.yardsticks import YARDSTICKS, is_standing
from relocsim.batch.arms import Arm
from relocsim.batch.comparing import Comparison, compared_places
from relocsim.batch.pairs import half_width
from relocsim.errors import Problem, SpecError
from relocsim.metrics.chances import chance_interval, chance_of_meeting
from relocsim.metrics.effects import Estimate, estimate, estimates, replicates_needed
from relocsim.spec import Spec
from relocsim.spec.words import near
from relocsim.whatif.asked import ALONE, LEFT_OUT, MATCHED, WHOLE, Asked
from relocsim.whatif.reading import QUANTITIES, by_replicate, effect_of, fiscal_of, of_table
from relocsim.whatif.replicate import Part

PRECISION = 0.1
"""Half-width that is asked for where nobody says, over the mean effect."""


@dataclass(frozen=True)
class Answer:
    """Outcomes of the replicates of a play that are in, and what they say."""

    asked: Asked
    comparisons: Mapping[str, Comparison]
    """By what they compare: the whole, and what else was asked for."""
    yearly: np.ndarray
    """Yardsticks of the city by calendar year, baseline and what-if, (R, 2, Y, K)."""
    until: float | None = None
    """Half-width of the effect on the capture rate that is wanted, share; none: a tenth of the mean effect."""

    @property
    def spec(self) -> Spec:
        """The what-if."""
        return self.asked.spec

    @property
    def baseline(self) -> Spec:
        """What it is compared with."""
        return self.asked.baseline

    @property
    def comparison(self) -> Comparison:
        """The what-if against its baseline: two arms, all tables and charts."""
        return self.comparisons[WHOLE]

    @property
    def alone(self) -> Comparison | None:
        """Each change alone, and all together last, against the baseline; none where that was not asked for."""
        return self.comparisons.get(ALONE)

    @property
    def left_out(self) -> Comparison | None:
        """What each change adds to all the others: the what-if less the what-if without it."""
        return self.comparisons.get(LEFT_OUT)

    @property
    def matched(self) -> Comparison | None:
        """The what-if where rivals match it, against the baseline."""
        return self.comparisons.get(MATCHED)

    @property
    def replicates(self) -> int:
        """Replicates that are in."""
        return self.comparison.replicates

    # ------------------------------------------------------------ what it does

    def over_time(self, place: str | None = None) -> pd.DataFrame:
        """Return one row an arm and quarter: the cumulated capture rate of a place (none: the city), with its band."""
        table = self.comparison.timeline
        return table[table["place"] == (place or self.spec.scenario.study.city)].reset_index(drop=True)

    @cached_property
    def effect(self) -> Mapping[str, Estimate]:
        """Paired effect on the city: capture_rate, but_for_share (shares), investment, treasury (1e8 yuan), jobs."""
        return effect_of(self.comparison)

    @cached_property
    def fiscal(self) -> pd.DataFrame:
        """One row a quantity: public cost, cost per job, payback, ...; see `relocsim.answers.costing.Fiscal.table`."""
        return fiscal_of(self.comparison)

    @property
    def cost(self) -> Estimate:
        """Public cost over the run: outlays on policies and incentives paid, 1e8 yuan, less the baseline's."""
        return of_table(self.fiscal, "cost")

    @property
    def cost_per_job(self) -> Estimate | None:
        """Cost per job that would not have come otherwise, yuan; none where jobs cannot be told from none.

        They can where their interval lies above zero and every replicate brought some.
        """
        jobs, cost = self.effect["jobs"], of_table(self.fiscal, "cost per but-for job")
        if not (jobs.replicates > 1 and jobs.low > 0) or cost.replicates < jobs.replicates:
            return None
        return cost

    @cached_property
    def ranks(self) -> pd.DataFrame:
        """One row an arm and place outside the origins: capture rate by investment and rank, 1 the highest, with intervals.

        Places with equal rates share a rank. `rank` is that of the mean capture rates; `rank_low` and `rank_high` the
        interval of the ranks of replicates, `first` the share of replicates in which the place comes first.
        """
        found, rows = self.comparison, []
        places = np.flatnonzero(found.outside)
        rates = np.nan_to_num(found.rates[:, :, 1, found.stage][..., places])
        ranks = rankdata(-rates, method="min", axis=-1)
        for a, arm in enumerate(found.arms):
            interval, mean = estimates(ranks[:, a].astype(float)), rates[:, a].mean(axis=0)
            rows.append(
                pd.DataFrame(
                    {
                        "arm": arm.name,
                        "place": [found.place_ids[at] for at in places],
                        "capture_rate": mean,
                        "rank": rankdata(-mean, method="min").astype(int),
                        "rank_low": interval["low"],
                        "rank_high": interval["high"],
                        "coverage": interval["coverage"],
                        "first": (ranks[:, a] == 1).mean(axis=0),
                    }
                )
            )
        return pd.concat(rows, ignore_index=True)

    # ------------------------------------------------------------ what the parts do

    @cached_property
    def parts(self) -> pd.DataFrame:
        """One row a changed policy, kind and quantity, as far as asked for: `alone`, and `added` to all the others."""
        rows = []
        for kind, found in (("alone", self.alone), ("added", self.left_out)):
            if found is None:
                continue
            for arm in found.arms[1:]:
                if arm.name in self.asked.changed:
                    effects = effect_of(found, arm.name)
                    cost = {"cost": of_table(fiscal_of(found, arm.name), "cost")}
                    for quantity, one in {**effects, **cost}.items():
                        rows.append({"policy": arm.name, "kind": kind, "quantity": quantity, **asdict(one)})
        return pd.DataFrame(rows, columns=["policy", "kind", "quantity", *asdict(estimate(np.zeros(1)))])

    @cached_property
    def matching(self) -> pd.DataFrame:
        """One row a quantity and kind: the effect as `planned`, `matched` by rivals, and what is `lost` to that."""
        if self.matched is None:
            return pd.DataFrame(columns=["quantity", "kind", *asdict(estimate(np.zeros(1)))])
        rows = []
        for quantity in QUANTITIES:
            planned, matched = (by_replicate(one, quantity) for one in (self.comparison, self.matched))
            kinds = {"planned": planned, "matched": matched, "lost": planned - matched}
            rows += [{"quantity": quantity, "kind": kind, **asdict(estimate(one))} for kind, one in kinds.items()]
        return pd.DataFrame(rows)

    # ------------------------------------------------------------ how well it is known

    @cached_property
    def narrowing(self) -> pd.DataFrame:
        """One row a number of replicates from two on: mean effect on the capture rate, and half of its 95 % interval.

        The half-width is that of the mean (Student), which replicates shrink; the interval of what is not known does not.
        """
        effect = by_replicate(self.comparison, "capture_rate")
        counts = range(2, len(effect) + 1)
        rows = [(count, float(np.nanmean(effect[:count])), half_width(effect[:count])) for count in counts]
        return pd.DataFrame(rows, columns=["replicates", "mean", "half_width"])

    @property
    def half_width(self) -> float:
        """Half of the 95 % interval of the mean effect on the capture rate, share; inf with one replicate."""
        return half_width(by_replicate(self.comparison, "capture_rate"))

    @property
    def wanted(self) -> float:
        """Half-width that is wanted: as asked for, or a tenth of the mean effect."""
        return PRECISION * abs(self.effect["capture_rate"].mean) if self.until is None else self.until

    @property
    def replicates_needed(self) -> int | None:
        """Replicates that bring the half-width to what is wanted, as far as can be told; none where it cannot."""
        return replicates_needed(by_replicate(self.comparison, "capture_rate"), self.wanted)

    @property
    def precise(self) -> bool:
        """Whether more replicates are not needed: the half-width is what is wanted, or smaller."""
        return self.half_width <= self.wanted

    # ------------------------------------------------------------ targets

    def target(self, target: Target) -> pd.DataFrame:
        """Return the chance that the city meets a target: one row an arm, with the yardstick and the chance's interval.

        SpecError where there is no such yardstick or year.
        """
        values, rows = self._yardstick(target), []
        for at, arm in enumerate(self.comparison.arms):
            chance = float(chance_of_meeting(values[:, at], target.value))
            low, high = chance_interval(round(chance * len(values)), len(values))
            told = {"chance": chance, "chance_low": low, "chance_high": high}
            rows.append({"arm": arm.name, **asdict(estimate(values[:, at])), **told})
        return pd.DataFrame(rows)

    def met(self, target: Target) -> np.ndarray:
        """Return in which replicates the city meets a target, baseline and what-if, (R, 2); SpecError likewise."""
        return np.asarray(self._yardstick(target) >= target.value)

    def _yardstick(self, target: Target) -> np.ndarray:
        """Return a yardstick in its year, or over the run (sums) or at its end, (R, 2)."""
        start, end = self.spec.scenario.start.year, self.spec.scenario.end.year
        problems = []
        if target.yardstick not in YARDSTICKS:
            hint = near(target.yardstick, YARDSTICKS) or f"there are: {', '.join(YARDSTICKS)}"
            problems.append(Problem(f"there is no yardstick {target.yardstick!r}", path="yardstick", hint=hint))
        if target.year is not None and not start <= target.year <= end:
            problems.append(Problem(f"{target.year} is outside the scenario, {start} to {end}", path="year"))
        if problems:
            raise SpecError(problems)
        values = self.yearly[..., list(YARDSTICKS).index(target.yardstick)]
        if target.year is not None:
            return np.asarray(values[..., target.year - start])
        return np.asarray(values[..., -1] if is_standing(target.yardstick) else values.sum(axis=-1))


def answer_of(
    asked: Asked, parts: Sequence[Sequence[Part]], pairs: Sequence[Sequence[Pairs]], *, until: float | None = None
) -> Answer:
    """Return the answer made of parts by replicate and run, and of what comparisons tell beside, by replicate."""
    comparisons = {}
    for at, (name, arms, runs) in enumerate(asked.sides):
        chosen = [[replicate[run] for run in runs] for replicate in parts]
        comparisons[name] = _joined(asked.spec, arms, chosen, tuple(one[at] for one in pairs))
    yearly = np.array([[part.yearly for part in replicate[:2]] for replicate in parts])
    return Answer(asked, comparisons, yearly, until)


def _joined(spec: Spec, arms: tuple[Arm, ...], parts: Sequence[Sequence[Part]], pairs: tuple[Pairs, ...]) -> Comparison:
    """Return the comparison of which `parts` are the rows, by replicate and arm."""
    ids, outside = compared_places(spec)
    return Comparison(
        spec=spec,
        arms=arms,
        place_ids=ids,
        outside=outside,
        amounts=np.array([[part.amounts for part in replicate] for replicate in parts]),
        over_time=np.array([[part.over_time for part in replicate] for replicate in parts]),
        treasury=np.array([[part.treasury for part in replicate] for replicate in parts]),
        at_risk=np.array([replicate[0].at_risk for replicate in parts]),
        beside=pairs,
    )
