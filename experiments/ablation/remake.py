"""Switch every mechanism off and write docs/mechanisms.md anew: `python experiments/ablation/remake.py`.

What came out is kept in table.csv, and what it was made with in made_with.json; `--page` writes the page from these without
playing. A page that was made with other scenarios or another model says so.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from ablation_page import updated
from ablation_plan import ROOT, Plan, Played, read
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from relocsim.batch.ablation import ablate
from relocsim.batch.observables import OBSERVABLES
from relocsim.batch.workers import cores
from relocsim.errors import RelocsimError

HERE = Path(__file__).parent
TABLE, MADE_WITH = HERE / "table.csv", HERE / "made_with.json"
PAGE = ROOT / "docs" / "mechanisms.md"
PINNED = ROOT / "tests" / "golden" / "toy.json"
"""Numbers of a small world that change whenever results do: they tell whether the model is still the one that was played."""


def play(
    plan: Plan, name: str, *, jobs: int, firms: int | None, replicates: int | None, tick: Callable[[], None]
) -> Any:
    """Return the rows of a scenario and what they were made with; `firms` and `replicates` in place of the plan's."""
    played = _smaller(plan.scenarios[name], firms, replicates)
    spec = played.spec(plan.seed)
    found = ablate(
        spec, switches=plan.played_in(name), observables=plan.looked_at(name), replicates=played.replicates,
        jobs=jobs, tick=tick,
    )  # fmt: skip
    made = {
        "digest": spec.digest,
        "measured": measured(plan, name),
        **played.model_dump(include={"firms", "replicates"}),
    }
    return used(plan, name, found.table.assign(scenario=name)), made


def used(plan: Plan, name: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a scenario that the page is made of: each mechanism's own observable, and the base's answers."""
    own = rows["observable"] == rows["mechanism"].map(lambda switch: plan.switches[switch].shows)
    told = {"capture", "inflow", *(seen for one in plan.patterns.values() for seen in one.seen_in)}
    return rows[own | (rows["observable"].isin(told) & (name == plan.base))]


def _smaller(played: Played, firms: int | None, replicates: int | None) -> Played:
    given = {"firms": firms, "replicates": replicates}
    return Played.model_validate(
        played.model_dump() | {name: value for name, value in given.items() if value is not None}
    )


def measured(plan: Plan, name: str) -> str:
    """Return a digest of what the model answers, to six digits, and of how the observables of a scenario are defined."""
    pinned = {what: f"{value:.6g}" for what, value in json.loads(PINNED.read_text("utf-8")).items()}
    meanings = "".join(OBSERVABLES[one].meaning for one in plan.looked_at(name))
    return hashlib.sha256((json.dumps(pinned, sort_keys=True) + meanings).encode()).hexdigest()[:16]


def stale(plan: Plan, made_with: dict[str, Any]) -> list[str]:
    """Return why what is kept is not what the plan would give now, a reason each."""
    reasons = []
    for name, planned in plan.scenarios.items():
        made = made_with.get(name)
        if made is None:
            reasons.append(f"`{name}` has not been played")
            continue
        if (made["firms"], made["replicates"]) != (planned.firms, planned.replicates):
            reasons.append(f"`{name}` was played with {made['firms']:,} agents and {made['replicates']} replicates")
        if made["measured"] != measured(plan, name):
            reasons.append(f"`{name}` was played before results of the model changed, or what is measured")
        elif made["digest"] != planned.spec(plan.seed, made["firms"]).digest:
            reasons.append(f"`{name}` was played before the scenario or its world changed")
    return reasons


def kept() -> tuple[pd.DataFrame, dict[str, Any]]:
    """Return what came out, and what it was made with."""
    if not TABLE.exists():
        return pd.DataFrame(), {}
    return pd.read_csv(TABLE), json.loads(MADE_WITH.read_text("utf-8"))


def keep(name: str, rows: pd.DataFrame, made: dict[str, Any]) -> None:
    """Keep the rows of a scenario in place of those there were."""
    table, made_with = kept()
    others = table[table["scenario"] != name] if len(table) else table
    first = ["scenario", "mechanism", "observable"]
    both = pd.concat([others, rows]) if len(others) else rows
    columns = [*first, *(column for column in rows if column not in first)]
    both[columns].sort_values(first).to_csv(TABLE, index=False, lineterminator="\n", float_format="%.6g")
    text = json.dumps(dict(sorted({**made_with, name: made}.items())), indent=1)
    MADE_WITH.write_text(text + "\n", "utf-8")


def page(plan: Plan) -> str:
    """Return docs/mechanisms.md as it should be."""
    table, made_with = kept()
    return updated(PAGE.read_text("utf-8"), plan, table, made_with, stale(plan, made_with))


def play_all(plan: Plan, names: Sequence[str], options: argparse.Namespace) -> None:
    """Play scenarios one after the other, with a bar, and keep each when it ends."""
    total = {
        name: _smaller(plan.scenarios[name], options.firms, options.replicates).replicates
        * (1 + len(plan.played_in(name)))
        for name in names
    }
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("", total=sum(total.values()))
        for name in names:
            bar.update(task, description=name)
            rows, made = play(
                plan, name, jobs=options.jobs, firms=options.firms, replicates=options.replicates,
                tick=lambda: bar.advance(task),
            )  # fmt: skip
            keep(name, rows, made)


def main(arguments: Sequence[str] | None = None) -> int:
    """Play and write the page, or do what the options say; return the exit code."""
    plan = read()
    asked = argparse.ArgumentParser(description="Switch every mechanism off and write docs/mechanisms.md anew.")
    asked.add_argument("--page", action="store_true", help="write the page from what is kept; play nothing")
    asked.add_argument("--check", action="store_true", help="say whether the page is what --page would write")
    asked.add_argument("--only", action="append", metavar="SCENARIO", choices=sorted(plan.scenarios), help="repeat")
    asked.add_argument("--jobs", type=int, default=cores(), help="processes (all cores)")
    asked.add_argument("--firms", type=int, help="agents in every scenario, to try it out")
    asked.add_argument("--replicates", type=int, help="replicates of every scenario, to try it out")
    options = asked.parse_args(arguments)
    if options.check:
        fresh = page(plan) == PAGE.read_text("utf-8")
        if not fresh:
            print("docs/mechanisms.md is out of date: python experiments/ablation/remake.py --page", file=sys.stderr)
        return int(not fresh)
    if not options.page:
        play_all(plan, options.only or list(plan.scenarios), options)
    PAGE.write_text(page(plan), "utf-8")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (RelocsimError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        print("interrupted; scenarios that were played to the end are kept", file=sys.stderr)
        sys.exit(130)
