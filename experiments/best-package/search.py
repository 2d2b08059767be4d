"""Best package for Chenzhou under three budgets, each package played once for all of them.

    python experiments/best-package/search.py search   # every package; writes runs.csv
    python experiments/best-package/search.py again    # the best of them with fresh seeds, and where rivals match
    python experiments/best-package/search.py tables   # ranking.csv and fresh.csv from runs.csv

What `relocsim best scenarios/chenzhou-whole.yaml --budget B` does for one budget and goal with the settings below, by its
functions. A replicate that is in runs.csv is not played again.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from relocsim.answers.accounting import accounts
from relocsim.answers.arms import Option, by_name, matching, options_of, read_arms
from relocsim.answers.packages import BestPackage, Goal, candidates, usual_rivals
from relocsim.metrics import packages as packing
from relocsim.metrics.effects import estimate
from relocsim.spec import Spec, load

HERE = Path(__file__).parent
RUNS = HERE / "runs.csv"
SETTINGS = ["scenario.firms=20000"]
POLICIES = ("approvals", "follow-up", "park-expansion", "promotion-campaign")
GOALS = [Goal(measure, budget, measure == "jobs") for measure in ("investment", "jobs") for budget in (2.0, 5.0, 35.0)]
"""Most investment, and most but-for jobs a yuan, under each budget (1e8 yuan over twelve years)."""
REPLICATES = {"search": 40, "again": 40}
SEEDS = {"search": 1, "again": 2}
AGAIN = 1
"""How many packages of each goal are played again."""
NOTHING = "nothing"


def specification(stage: str) -> Spec:
    """Return the scenario of a stage: the same but for the seed."""
    path = HERE.parents[1] / "scenarios" / "chenzhou-whole.yaml"
    return load(path, settings=[*SETTINGS, f"scenario.seed={SEEDS[stage]}"])


def name_of(package: Sequence[str] | packing.Options) -> str:
    """Return the name of a package."""
    return " + ".join(sorted(package)) or NOTHING


def played(
    spec: Spec, stage: str, packages: Sequence[packing.Options], options: Sequence[Option], *, match: bool
) -> None:
    """Play packages, all replicates that are not in the table yet, and add them to it a replicate at a time."""
    rivals = usual_rivals(spec) if match else ()
    theirs = {one: matching(spec, [o for o in options if o.name in one], rivals) for one in packages}
    every = tuple(dict.fromkeys([*options, *(option for each in theirs.values() for option in each)]))
    labels, sets = [(NOTHING, False)], [spec.on]
    for one in packages:
        if one:
            labels.append((name_of(one), False))
            sets.append(spec.on | one)
        if one and match:
            labels.append((name_of(one), True))
            sets.append(spec.on | one | {option.name for option in theirs[one]})
    for replicate in range(_done(stage), REPLICATES[stage]):
        found = read_arms(spec, sets, accounts, replicate=replicate, options=every)
        rows = [
            {"stage": stage, "replicate": replicate, "package": name, "rivals_match": matched,
             "capture_percent": 100 * one.rate[1, one.city], "investment_1e8yuan": one.amount[1, one.city],
             "jobs": one.amount[2, one.city], "cost_1e8yuan": one.cost}
            for (name, matched), one in zip(labels, found, strict=True)
        ]  # fmt: skip
        fresh = not RUNS.exists()
        pd.DataFrame(rows).round(6).to_csv(RUNS, mode="w" if fresh else "a", header=fresh, index=False)
        print(f"{stage}: replicate {replicate + 1} of {REPLICATES[stage]}", flush=True)


def _done(stage: str) -> int:
    """Return how many replicates of a stage the table holds."""
    if not RUNS.exists():
        return 0
    table = pd.read_csv(RUNS)
    return int(table.loc[table["stage"] == stage, "replicate"].nunique())


def changes(stage: str, *, matched: bool = False) -> dict[packing.Options, pd.DataFrame]:
    """Return what each package changes against none, a row a replicate; its columns are those of runs.csv."""
    table = pd.read_csv(RUNS)
    table = table[table["stage"] == stage].set_index("replicate").sort_index()
    figures = ["capture_percent", "investment_1e8yuan", "jobs", "cost_1e8yuan"]
    base = table[table["package"] == NOTHING][figures]
    found = {} if matched else {frozenset[str](): base - base}
    for name, part in table[(table["package"] != NOTHING) & (table["rivals_match"] == matched)].groupby("package"):
        found[frozenset(str(name).split(" + "))] = part[figures] - base
    return found


def searched(spec: Spec, goal: Goal, held: dict[packing.Options, pd.DataFrame], *, greedy: bool = False) -> BestPackage:
    """Return what `relocsim best` finds for a goal among packages that have been played."""
    options = options_of(POLICIES, ())
    column = {"investment": "investment_1e8yuan", "jobs": "jobs"}[goal.measure]

    def evaluate(sets: Sequence[packing.Options]) -> list[tuple[np.ndarray, np.ndarray]]:
        return [(held[one][column].to_numpy(), held[one]["cost_1e8yuan"].to_numpy()) for one in sets]

    method = packing.best_greedy if greedy else packing.best_exact
    found = method(by_name(options), evaluate, goal.budget, a_yuan=goal.a_yuan)
    jobs = {one: part["jobs"].to_numpy() for one, part in held.items()}
    return BestPackage(spec, goal, options, barred(), (), found, jobs, {})


def barred() -> tuple[str, ...]:
    """Return the policies of the scenario as written that the law bars."""
    return candidates(load(HERE.parents[1] / "scenarios" / "chenzhou-whole.yaml"), (), barred=False)[1]


def chosen(spec: Spec) -> list[packing.Options]:
    """Return the packages that are played again: the first of each goal, each once."""
    held = changes("search")
    shown = [one.options for goal in GOALS for one in searched(spec, goal, held).shown[:AGAIN]]
    return list(dict.fromkeys(one for one in shown if one))


def tables() -> None:
    """Write the ranking of every goal, and what fresh seeds make of the best."""
    spec, held = specification("search"), changes("search")
    rankings = []
    for goal in GOALS:
        found, step_by_step = searched(spec, goal, held), searched(spec, goal, held, greedy=True)
        table = found.table.assign(goal=f"{goal.measure}{' a yuan' if goal.a_yuan else ''}", budget=goal.budget)
        if goal.a_yuan:  # these compare effects, not effects a yuan
            table[["rank_low", "rank_high", "best_in", "highest_mean"]] = np.nan
        table["greedy_finds_it"] = table["package"] == name_of(step_by_step.search.best.options)
        rankings.append(table.drop(columns=["matched", "matched_low", "matched_high"]))
        print(f"{goal}: {name_of(found.search.best.options)}; greedy: {name_of(step_by_step.search.best.options)}")
    pd.concat(rankings).round(5).to_csv(HERE / "ranking.csv", index=False)
    _fresh().round(5).to_csv(HERE / "fresh.csv", index=False)
    print(f"barred and left out: {', '.join(barred())}")


def _fresh() -> pd.DataFrame:
    """Return one row a figure and package played again, or its lead over a smaller one: searched, fresh, matched."""
    parts = {
        "search": changes("search"),
        "fresh seeds": changes("again"),
        "rivals match": changes("again", matched=True),
    }
    rows = []
    for name, held in parts.items():
        kept = {one: held[one] for one in parts["fresh seeds"] if one}
        shown = {name_of(one): part for one, part in kept.items()}
        shown |= {
            f"{name_of(one)}, less {name_of(other)}": kept[one] - kept[other]
            for one in kept for other in kept if other < one and len(one) == len(other) + 1
        }  # fmt: skip
        for label, part in shown.items():
            for figure in part:
                found = estimate(part[figure].to_numpy())
                rows.append({"package": label, "played": name, "figure": figure, **found.__dict__})
    return pd.DataFrame(rows)


def main(stage: str) -> None:
    """Play a stage, or write the tables."""
    options = options_of(POLICIES, ())
    if stage == "search":
        spec = specification(stage)
        played(spec, stage, packing.packages_of(by_name(options)), options, match=False)
    elif stage == "again":
        played(specification(stage), stage, chosen(specification("search")), options, match=True)
    else:
        tables()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "tables")
