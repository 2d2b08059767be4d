"""Tables of docs/mechanisms.md, from the plan and what came out. Refuses to play and to read files other than findings."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from ablation_plan import ROOT, Plan
from scipy.stats import t as student

from relocsim.batch.ablation import CLEAR, bar
from relocsim.report.markdown import table

FINDINGS = ROOT / "docs" / "findings.json"
_PART = re.compile(r"(<!-- generated: (?P<name>[a-z ]+) -->\n).*?(<!-- end -->)", re.DOTALL)
_SIGNS = {"up": 1.0, "down": -1.0}
_MOST = 6
"""Mechanisms named for a pattern, the clearest first."""


@dataclass(frozen=True)
class Found:
    """What the page is made of."""

    plan: Plan
    table: pd.DataFrame
    made_with: Mapping[str, Any]
    stale: list[str]

    def row(self, scenario: str, switch: str, observable: str) -> Mapping[str, Any] | None:
        """Return what came out for a mechanism and an observable; nothing where it was not played."""
        return self._rows.get((scenario, switch, observable))

    @cached_property
    def _rows(self) -> Mapping[tuple[str, str, str], Mapping[str, Any]]:
        rows = self.table.to_dict("records")
        return {(row["scenario"], row["mechanism"], row["observable"]): row for row in rows}

    def own(self, switch: str) -> Mapping[str, Any] | None:
        """Return what came out for a mechanism where it should show."""
        return self.row(self.plan.where(switch), switch, self.plan.switches[switch].shows)

    def verdict(self, switch: str) -> str:
        """Return whether a mechanism shows: yes, no, the other way, or not played."""
        row = self.own(switch)
        if row is None:
            return "not played"
        if not row["errors"] > self.threshold(switch):
            return "no"
        expected = _SIGNS.get(self.plan.switches[switch].goes, np.sign(row["change"]))
        return "yes" if np.sign(row["change"]) == expected else "the other way"

    def threshold(self, switch: str) -> float:
        """Return the errors that a mechanism has to pass in the one observable that was named for it."""
        return bar(self.made_with[self.plan.where(switch)]["replicates"], 1)


def number(value: float) -> str:
    """Return a number to three digits; `-` where there is none."""
    return f"{value:.3g}" if np.isfinite(value) else "-"


def errors(row: Mapping[str, Any]) -> str:
    """Return a change over its simulation error; `all` where all replicates changed alike."""
    return "all" if np.isposinf(row["errors"]) else f"{row['errors']:.1f}"


def _named(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "-"


def mechanisms(found: Found) -> str:
    """Return the mechanisms of city leaders: where each is, what takes it away, whether that shows."""
    rows = []
    for name, one in found.plan.mechanisms.items():
        shown = [switch for switch in one.switches if found.verdict(switch) == "yes"]
        mark = f"{len(shown)} of {len(one.switches)}"
        rows.append((name, one.where, _named(one.switches), mark, _named(one.policies)))
    return table(["mechanism", "where", "switches", "of them show", "policies"], rows)


def made(found: Found) -> str:
    """Return what was played, and whether it has to be played again."""
    rows = [
        (
            f"`scenarios/{one.file}`",
            "all" if one.all_policies else "as written",
            f"{made['firms']:,}",
            made["replicates"],
        )
        for name, one in found.plan.scenarios.items()
        if (made := found.made_with.get(name))
    ]
    again = "".join(f"- {reason}\n" for reason in found.stale)
    warning = f"**To be made again** (`python experiments/ablation/remake.py`):\n\n{again}\n" if again else ""
    return f"{warning}{table(['scenario', 'policies', 'agents', 'replicates'], rows)}"


def switches(found: Found) -> str:
    """Return the table of the ablation, and what of it counts."""
    rows = []
    for name, one in found.plan.switches.items():
        row, base = found.own(name), found.plan.base
        shown = ["-"] * 5
        if row is not None:
            change = f"{row['change']:+.3g} ({number(row['simulation_error'])})"
            shown = [row["unit"], number(row["with"]), number(row["without"]), change, errors(row)]
        city = [_change(found.row(base, name, observable)) for observable in ("capture", "inflow")]
        reason = f"{one.since} ({one.goes})"
        rows.append((f"`{name}`", found.plan.where(name), one.shows, reason, *shown, found.verdict(name), *city))
    columns = [
        "off", "scenario", "observable", "expected when off", "unit", "with", "without", "change (error)", "errors", "shows",
        "capture, pp (error)", "inflow, 1e8 yuan (error)",
    ]  # fmt: skip
    return f"{table(columns, rows)}\n{_summary(found)}"


def _change(row: Mapping[str, Any] | None) -> str:
    return "-" if row is None else f"{row['change']:+.2g} ({row['simulation_error']:.2g})"


def _summary(found: Found) -> str:
    """Return how many mechanisms show, which do not, and how far chance reaches."""
    verdicts = {name: found.verdict(name) for name in found.plan.switches}
    number_of = len(verdicts)
    lines = [f"{sum(one == 'yes' for one in verdicts.values())} of {number_of} show as expected."]
    for verdict, words in (("no", "Not shown"), ("the other way", "Went the other way"), ("not played", "Not played")):
        names = [name for name, one in verdicts.items() if one == verdict]
        lines += [f"{words}: {_named(names)}."] if names else []
    least = min((made["replicates"] for made in found.made_with.values()), default=2)
    chance = 2 * student.sf(CLEAR, least - 1)
    lines.append(
        f"With {least} replicates a change without any cause passes {CLEAR:.0f} errors in {100 * chance:.1f} % of cases "
        f"(Student's t), in {number_of} rows {number_of * chance:.1f} times; {bar(least, number_of):.1f} errors are passed "
        "by any of them in one table of twenty."
    )
    in_base = [found.row(found.plan.base, name, "capture") for name in found.plan.switches]
    moved = [row for row in in_base if row is not None and row["errors"] > bar(_replicates(found), number_of)]
    lines.append(f"Chenzhou's capture moves beyond that with: {_named(row['mechanism'] for row in moved)}.")
    return "\n".join(lines) + "\n"


def _replicates(found: Found) -> int:
    made = found.made_with.get(found.plan.base)
    return made["replicates"] if made else 2


def patterns(found: Found) -> str:
    """Return what each pattern rests on, what is left of it without, and which mechanisms move what tells of it in a run."""
    findings = json.loads(FINDINGS.read_text("utf-8")) if FINDINGS.exists() else {}
    rows = []
    for name, one in found.plan.patterns.items():
        figures = [_figure(findings.get(name, {}).get(key)) for key in (one.figure, one.figure_off)]
        tests = ", ".join(f"`{test}`" for test in one.tests) or "-"
        rows.append((name, _named(one.rests_on), one.without, *figures, tests))
    held = table(["pattern", "rests on", "switched off", "with", "without", "tests"], rows)
    return f"{held}\n{_moved(found)}"


def _figure(finding: Mapping[str, Any] | None) -> str:
    return "-" if finding is None else f"{finding['mean']:.3g} ({finding['simulation_error']:.2g})"


def _moved(found: Found) -> str:
    """Return, for what tells of patterns in a run, the mechanisms that move it by more than chance among all of them."""
    reach, rows = bar(_replicates(found), len(found.plan.switches)), []
    for pattern, one in found.plan.patterns.items():
        for name in one.seen_in:
            each = [found.row(found.plan.base, switch, name) for switch in found.plan.switches]
            moved = sorted((row for row in each if row and row["errors"] > reach), key=lambda row: -row["errors"])
            with_it = next((number(row["with"]) for row in each if row), "-")
            more = f" and {len(moved) - _MOST} more" if len(moved) > _MOST else ""
            told = ", ".join(f"`{row['mechanism']}` {row['change']:+.2g}" for row in moved[:_MOST])
            rows.append((pattern, name, with_it, f"{told}{more}" or "none"))
    return table(["pattern", "observable", "with all", f"changes beyond {reach:.1f} errors, clearest first"], rows)


PARTS: Mapping[str, Callable[[Found], str]] = {
    "mechanisms": mechanisms,
    "made with": made,
    "ablation": switches,
    "patterns": patterns,
}


def updated(page: str, plan: Plan, table: pd.DataFrame, made_with: Mapping[str, Any], stale: list[str]) -> str:
    """Return a page with its generated parts written anew; KeyError where a part is unknown."""
    found = Found(plan, table, made_with, stale)
    return _PART.sub(lambda part: f"{part[1]}\n{PARTS[part['name']](found)}\n{part[3]}", page)
