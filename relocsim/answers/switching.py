"""Switchers: the firms that policies bring to the city or take from it, from where, what tipped them; and windfall.

How causes are told is in `relocsim.answers.switching_rows`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import asdict, dataclass
from functools import cached_property, partial

import numpy as np
import pandas as pd

from relocsim.answers.arms import policies_named, policies_off
from relocsim.answers.paying import paid_by_firm
from relocsim.answers.switching_rows import MEASURES, NEW, gained_rows, involved, lost_rows, placed, watch
from relocsim.answers.witness import Witness
from relocsim.batch.playing import realised
from relocsim.batch.variants import sharing_groups
from relocsim.batch.workers import over_replicates
from relocsim.metrics.effects import Estimate, estimate
from relocsim.metrics.switching import flow_between, windfall, windfall_share
from relocsim.model import lay_foundation
from relocsim.spec import Spec

_COLUMNS = (
    "change", "source", "cause", "size", "quarter", "firm_uid", "origin", "sector", "firm_class", *MEASURES,
)  # fmt: skip
NOT_MOBILE = "not mobile"
"""Source of what is newly mobile and target of what no longer is, in the table of flows."""
NEWLY_MOBILE = "newly mobile of gained"
"""Quantity of the sums."""
_UNITS = ("real firms", "1e8 yuan", "persons")


@dataclass(frozen=True)
class Changed:
    """What changed in one replicate."""

    rows: pd.DataFrame
    flows: np.ndarray
    """Investment that moved from place to place, 1e8 yuan, (P + 1, P + 1), see `metrics.switching.flow_between`."""
    effect: np.ndarray
    """Paired effect on the city: real firms, 1e8 yuan, jobs, (M,)."""
    paid: tuple[float, float]
    """Incentives paid by the city with and without the policies, 1e8 yuan."""
    windfall: tuple[float, float]
    """With the policies to firms that would have come anyway; and what these got beyond what they got without."""


@dataclass(frozen=True)
class Switchers:
    """Switchers over replicates, and the sums."""

    spec: Spec
    policies: tuple[str, ...]
    place_ids: tuple[str, ...]
    changed: tuple[Changed, ...]

    @property
    def replicates(self) -> int:
        """Number of replicates."""
        return len(self.changed)

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row a replicate, firm and source.

        `change` is gained or lost, `source` the place diverted from (or lost to), `cause` and `size` (yuan per 100 yuan of
        output) what tipped it, `quarter` that of its first choice of the city; then real firms, 1e8 yuan, jobs.
        """
        parts = [one.rows[list(_COLUMNS)].assign(replicate=at) for at, one in enumerate(self.changed)]
        table = pd.concat(parts, ignore_index=True)
        return table[["replicate", *_COLUMNS]]

    @cached_property
    def by_source(self) -> pd.DataFrame:
        """One row a change, source and measure: the amount with interval."""
        return self._summed(self.table, ["change", "source"])

    @cached_property
    def by_cause(self) -> pd.DataFrame:
        """One row a cause and measure of what was gained: the amount with interval."""
        return self._summed(self.table[self.table["change"] == "gained"], ["cause"])

    @cached_property
    def flows(self) -> pd.DataFrame:
        """One row a pair of places: investment that the policies moved from `source` to `target`, mean, 1e8 yuan."""
        mean = np.mean([one.flows for one in self.changed], axis=0)
        source, target = np.nonzero(mean)
        names = np.array([*self.place_ids, NOT_MOBILE])
        table = pd.DataFrame({"source": names[source], "target": names[target], "investment": mean[source, target]})
        return table.sort_values("investment", ascending=False, kind="stable", ignore_index=True)

    @cached_property
    def sums(self) -> pd.DataFrame:
        """One row a quantity, with interval: gained, lost, their difference (the paired effect), incentives and windfall.

        Last, of the investment gained the share that is newly mobile, over replicates in which anything was gained.
        """
        rows = []
        for change in ("gained", "lost"):
            sums = self._by_replicate(self.table[self.table["change"] == change])
            rows += [(change, unit, sums[name].to_numpy()) for name, unit in zip(MEASURES, _UNITS, strict=True)]
        effect = np.array([one.effect for one in self.changed])
        rows += [("effect", unit, effect[:, m]) for m, unit in enumerate(_UNITS)]
        paid, wind = (np.array([getattr(one, name) for one in self.changed]) for name in ("paid", "windfall"))
        rows += [
            ("incentives paid", "1e8 yuan", paid[:, 0]),
            ("incentives paid without", "1e8 yuan", paid[:, 1]),
            ("windfall", "1e8 yuan", wind[:, 0]),
            ("windfall of the policies", "1e8 yuan", wind[:, 1]),
            (NEWLY_MOBILE, "share", self._fresh()),
        ]
        return pd.DataFrame([{"quantity": one, "unit": unit, **asdict(estimate(found))} for one, unit, found in rows])

    def _fresh(self) -> np.ndarray:
        """Return the share of the investment gained that is newly mobile by replicate, nan where nothing was gained."""
        gained = self.table[self.table["change"] == "gained"]
        whole, fresh = (self._by_replicate(part)["investment"] for part in (gained, gained[gained["source"] == NEW]))
        return (fresh / whole.where(whole > 0)).to_numpy(dtype=float)

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """All tables by name."""
        return {name: getattr(self, name) for name in ("table", "by_source", "by_cause", "flows", "sums")}

    def _summed(self, table: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
        rows = []
        for key, part in table.groupby(keys, sort=True):
            sums, named = self._by_replicate(part), dict(zip(keys, key, strict=True))
            rows += [
                {**named, "measure": name, "unit": unit, **asdict(estimate(sums[name].to_numpy()))}
                for name, unit in zip(MEASURES, _UNITS, strict=True)
            ]
        return pd.DataFrame(rows, columns=[*keys, "measure", "unit", *Estimate.__dataclass_fields__])

    def _by_replicate(self, table: pd.DataFrame) -> pd.DataFrame:
        return table.groupby("replicate")[list(MEASURES)].sum().reindex(range(self.replicates), fill_value=0.0)


def switchers(
    spec: Spec, policies: Sequence[str] = (), *, replicates: int = 20, draw_inputs: bool = True, jobs: int = 1,
    executor: Executor | None = None, tick: Callable[[], None] | None = None,
) -> Switchers:  # fmt: skip
    """Play the scenario without and with some policies, side by side, and return who changed and why.

    Policies (or packages; none named: all that are off as written) are on in one arm and off in the other, the rest of the
    scenario is as written in both. The bits of the result do not depend on `jobs`.
    """
    names = policies_named(spec, policies, "--with") or policies_off(spec)
    one = partial(_replicate, spec, names, draw_inputs)
    found = over_replicates(one, replicates, jobs=jobs, executor=executor, tick=tick)
    return Switchers(spec, names, tuple(sorted(spec.world.places)), tuple(found))


def _replicate(spec: Spec, names: Sequence[str], draw_inputs: bool, replicate: int) -> Changed:
    drawn = realised(spec, replicate) if draw_inputs else spec
    foundation = lay_foundation(drawn, replicate=replicate)
    arms = [Witness(drawn, foundation=foundation, on=on) for on in (spec.on - set(names), spec.on | set(names))]
    return compared(arms[0], arms[1])


def switchers_between(
    without: Spec, with_: Spec, *, replicates: int = 20, jobs: int = 1, executor: Executor | None = None,
    tick: Callable[[], None] | None = None,
) -> Switchers:  # fmt: skip
    """Play two specifications of one world side by side and return who changed and why; inputs are drawn anew each time.

    They may differ in any way in what their policies are: switched, sized, dated.
    """
    both = without.policies, with_.policies
    names = sorted(name for name in {*both[0], *both[1]} if both[0].get(name) != both[1].get(name))
    one = partial(_between, without, with_)
    found = over_replicates(one, replicates, jobs=jobs, executor=executor, tick=tick)
    return Switchers(with_, tuple(names), tuple(sorted(with_.world.places)), tuple(found))


def _between(without: Spec, with_: Spec, replicate: int) -> Changed:
    drawn = [realised(spec, replicate) for spec in (without, with_)]
    shared = len(sharing_groups(drawn)) == 1
    first = lay_foundation(drawn[0], replicate=replicate)
    second = first if shared else lay_foundation(drawn[1], replicate=replicate)
    return compared(Witness(drawn[0], foundation=first), Witness(drawn[1], foundation=second))


def compared(without: Witness, with_: Witness) -> Changed:
    """Play two arms of one replicate side by side from where they stand, and return what changed."""
    city = with_.setting.places.row(with_.spec.scenario.study.city)
    chosen = watch(without, with_, city)
    firms = involved(without, with_)
    before, after = placed(without, firms), placed(with_, firms)
    came = before[1][:, city], after[1][:, city]
    paid_without, paid = (paid_by_firm(model, firms, city) for model in (without, with_))
    anyway = paid * np.nan_to_num(windfall_share(*came))
    rows = [
        gained_rows((without, with_), chosen, firms, before, after),
        lost_rows(with_, firms, before, after, city),
    ]
    return Changed(
        rows=pd.concat([part for part in rows if len(part)] or rows, ignore_index=True),
        flows=flow_between(before[1], after[1]),
        effect=(after - before)[:, :, city].sum(axis=1),
        paid=(float(paid.sum()), float(paid_without.sum())),
        windfall=(windfall(paid, *came), float(np.maximum(anyway - paid_without, 0.0).sum())),
    )
