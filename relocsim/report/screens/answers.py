"""Answers for the terminal, as rich renderables: switchers, synergy, fiscal, best packages, targets. Refuses to print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from rich.console import Group, RenderableType
from rich.text import Text

from relocsim.answers.capturing import Captures
from relocsim.answers.costing import Fiscal
from relocsim.answers.observing import Observed
from relocsim.answers.packages import BestPackage
from relocsim.answers.prospects import TargetList
from relocsim.answers.switching import Switchers
from relocsim.answers.synergies import Synergy
from relocsim.answers.targets_met import Chances
from relocsim.metrics.effects import LEVEL, WHOLE_RANGE
from relocsim.report.screens.comparison import grid
from relocsim.report.tables import place_name
from relocsim.report.wording import interval_name, percent, plain
from relocsim.spec import Spec

_TOP = 15
"""Rows that are shown of a long table; files hold all."""
_COUNTS = frozenset({"rank", "rank_low", "rank_high", "replicates"})
_SHARES = frozenset({"best_in", "highest_mean", "chance", "chance_low", "chance_high"})


def frame(
    title: str, table: pd.DataFrame, columns: Mapping[str, str], *, left: int = 1, top: int = _TOP
) -> RenderableType:
    """Return a table of chosen columns, each under a heading of its own; `left` of them are words."""
    shown = table.head(top)
    rows = [[_cell(name, row[name]) for name in columns] for row in shown.to_dict("records")]
    more = f" (the first {top} of {len(table)})" if len(table) > top else ""
    return grid(title + more, list(columns.values()), rows, left=left)


def _cell(name: str, value: object) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return "-"
    number = float(value)  # type: ignore[arg-type]
    if name in _SHARES:
        return percent(number)
    return plain(number, 0 if name in _COUNTS else None)


def heading(spec: Spec, replicates: int) -> RenderableType:
    """Return what was played, and what intervals mean."""
    coverage = min(LEVEL, (replicates - 1) / (replicates + 1))
    told = interval_name(LEVEL if replicates >= WHOLE_RANGE else coverage, replicates)
    city = place_name(spec, spec.scenario.study.city)
    lines = f"{spec.scenario.name}, {spec.scenario.start} to {spec.scenario.end}, digest {spec.digest[:8]}; {city}"
    return Text(f"{lines}\nlow and high: {told}; {percent(spec.register.assumed_share())} of the inputs are assumed\n")


_INTERVAL = {"mean": "mean", "low": "low", "high": "high"}


def switchers_screen(found: Switchers) -> RenderableType:
    """Return who switched: sums, sources, causes."""
    parts = [frame("Sums", found.sums, {"quantity": "quantity", "unit": "unit", **_INTERVAL}, left=2)]
    for title, table, keys in (
        ("From where (gained) and whereto (lost), 1e8 yuan", found.by_source, ["change", "source"]),
        ("What tipped those gained, 1e8 yuan", found.by_cause, ["cause"]),
    ):
        invested = table[table["measure"] == "investment"].sort_values("mean", ascending=False)
        parts.append(frame(title, invested, {**{key: key for key in keys}, **_INTERVAL}, left=len(keys)))
    title = f"With {', '.join(found.policies)}, against the same firms without"
    return Group(heading(found.spec, found.replicates), Text(title, style="bold"), *parts)


def synergy_screen(found: Synergy) -> RenderableType:
    """Return the shares of a package by policy, and how pairs of policies act on each other."""
    columns = {"policy": "policy", **_INTERVAL, "sampling_error": "sampling error", "alone": "alone"}
    parts = []
    for quantity, unit, scale in (
        ("capture_rate", "pp of capture", 100),
        ("investment", "1e8 yuan", 1),
        ("jobs", "jobs", 1),
    ):
        table = found.table[found.table["quantity"] == quantity].copy()
        table[[*_INTERVAL, "sampling_error", "alone"]] *= scale
        parts.append(frame(f"Shapley shares, {unit}", table, columns))
    if not found.interactions.empty:
        pairs = found.interactions[found.interactions["quantity"] == "investment"]
        columns = {"policy": "policy", "with": "with", **_INTERVAL}
        parts.append(frame("What pairs do beyond what each does alone, 1e8 yuan", pairs, columns, left=2))
    return Group(heading(found.spec, len(found.shares)), *parts)


def fiscal_screen(found: Fiscal) -> RenderableType:
    """Return what each arm costs and brings."""
    columns = {"quantity": "quantity", "unit": "unit", **_INTERVAL, "replicates": "replicates"}
    arms = [found.table[found.table["arm"] == arm.name] for arm in found.arms[1:]]
    parts = [
        frame(f"{table['arm'].iloc[0]}, with less without", table, columns, left=2, top=len(table)) for table in arms
    ]
    return Group(heading(found.spec, len(found.accounts)), *parts)


def best_screen(found: BestPackage) -> RenderableType:
    """Return the best packages, how sure their ranking is, and what was left out."""
    columns = {
        "package": "package", **_INTERVAL, "cost": "cost, 1e8 yuan", "cost_per_job": "yuan a but-for job",
        "rank_low": "rank from", "rank_high": "to", "best_in": "best in", "highest_mean": "highest mean",
        "matched": "rivals match",
    }  # fmt: skip
    unit = {"capture": "pp of capture", "investment": "1e8 yuan", "jobs": "jobs"}[found.goal.measure]
    table = found.table.copy()
    if found.goal.measure == "capture":
        table[[*_INTERVAL, "matched"]] *= 100
    notes = [
        f"{found.search.method} search, {len(found.search.tried)} packages tried; best in: share of replicates; "
        "highest mean: share of resamples of the replicates (simulation error)"
    ]
    if found.rivals:
        notes.append(f"rivals match: the effect where {', '.join(found.rivals)} do the same")
    for name in found.left_out:
        rules = "; ".join(rule.told() for rule in found.spec.policies[name].barred_by()) or "the scenario says so"
        notes.append(f"left out, barred by law at its start: {name} ({rules}); --barred takes it in")
    replicates = len(found.search.best.effect)
    title = f"Most {unit}{' a yuan' if found.goal.a_yuan else ''} for at most {plain(found.goal.budget)} 1e8 yuan"
    return Group(heading(found.spec, replicates), frame(title, table, columns), *(Text(note) for note in notes))


def targets_screen(found: TargetList) -> RenderableType:
    """Return whom to call on: the best pairs of sector and origin, and the best origin of each sector."""
    columns = {
        "rank": "rank", "sector": "sector", "origin": "origin", "missing_link": "missing link",
        "investment": "1e8 yuan", "low": "low", "high": "high", "jobs": "jobs",
        "rank_low": "rank from", "rank_high": "to", "with_link": "with the link",
    }  # fmt: skip
    asked = found.asked
    title = f"What {plain(asked.visits, 0)} contacts ({asked.mode}) would bring within {plain(asked.years)} years"
    sectors = {name: label for name, label in columns.items() if not name.startswith("rank_")} | {
        "link_adds": "link adds"
    }
    return Group(
        heading(found.spec, len(found.brought)),
        frame(title, found.table, columns, left=4),
        frame("Best origin of each sector", found.by_sector, sectors, left=4),
    )


def chances_screen(found: Chances) -> RenderableType:
    """Return the chance of meeting a target under each change, and the cheapest that makes it likely enough."""
    target = found.target
    when = f" in {target.year}" if target.year is not None else ""
    columns = {
        "change": "change",
        **_INTERVAL,
        "cost": "cost, 1e8 yuan",
        "chance": "chance",
        "chance_low": "low",
        "chance_high": "high",
    }
    best = found.cheapest or "none of those tried"
    parts = [frame(f"{target.yardstick}{when} of at least {plain(target.value)}", found.table, columns)]
    parts.append(Text(f"Cheapest with a chance of {percent(found.level)} or more: {best}"))
    if not found.sizes.empty:
        parts.append(frame("Size of a policy that would do", found.sizes, {"policy": "policy", "size": "size"}))
    left_out = [Text(f"left out, barred by law at its start: {name}; --barred takes it in") for name in found.left_out]
    return Group(heading(found.spec, len(found.values)), *parts, *left_out)


def captures_screen(found: Captures) -> RenderableType:
    """Return capture at the stage under study: by sector, origin and class, for each arm."""
    stage, parts = found.spec.scenario.study.stage, []
    columns = {"by": "by", "of": "of", **_INTERVAL}
    for arm in found.arms:
        table = found.table[(found.table["arm"] == arm.name) & (found.table["stage"] == stage)]
        table = table[table["measure"] == "investment"]
        for quantity in ("capture_rate", "contested_rate"):
            rates = table[table["quantity"] == quantity].copy()
            rates[list(_INTERVAL)] *= 100
            parts.append(
                frame(f"{arm.name}: {quantity.replace('_', ' ')} by investment, %", rates, columns, left=2, top=60)
            )
    members = ", ".join(place_name(found.spec, name) for name in found.members)
    return Group(heading(found.spec, len(found.values)), Text(f"{members}, {stage}", style="bold"), *parts)


def observed_screen(spec: Spec, found: Observed) -> RenderableType:
    """Return what changes in each arm, by observable."""
    columns = {"observable": "observable", "unit": "unit", "level": "level", **_INTERVAL}
    arms: Sequence[pd.DataFrame] = [found.table[found.table["arm"] == arm.name] for arm in found.arms[1:]]
    parts = [
        frame(f"{table['arm'].iloc[0]}: level, and change", table, columns, left=2, top=len(table)) for table in arms
    ]
    return Group(heading(spec, len(found.values)), *parts)


def yardsticks_screen(spec: Spec, table: pd.DataFrame) -> RenderableType:
    """Return the yardsticks of the city by year."""
    city = spec.scenario.study.city
    mine = table[table["place"] == city]
    wide = mine.pivot(index=["yardstick", "unit"], columns="period", values="value").reset_index()
    order = {name: at for at, name in enumerate(dict.fromkeys(mine["yardstick"]))}
    wide = wide.sort_values("yardstick", key=lambda names: names.map(order))
    columns = {name: str(name) for name in wide.columns}
    return frame(f"Yardsticks of {place_name(spec, city)}, central inputs", wide, columns, left=2)


def swap_screen(spec: Spec, table: pd.DataFrame, replicates: int) -> RenderableType:
    """Return what becomes of the gap to a rival when dates are swapped."""
    columns = {"quantity": "quantity", "unit": "unit", **_INTERVAL}
    return Group(heading(spec, replicates), frame("Dates of two cities swapped", table, columns, left=2))
