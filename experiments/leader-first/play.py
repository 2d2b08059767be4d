"""Leaders first or many small firms: `python experiments/leader-first/play.py results/leader-first.csv`.

Plays the points of plan.yaml with the same replicates as `relocsim batch` would, and reads what a plan does not record:
leaders and their followers by city. The file named keeps one row a run, city and horizon, and is added to where it was
stopped; figures.csv holds what the README says.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pandas as pd
import yaml

from relocsim.batch.playing import realised
from relocsim.batch.variants import play_variants
from relocsim.metrics.effects import estimate
from relocsim.model import RelocationModel
from relocsim.spec import Spec, load
from relocsim.world.firms import LEADER
from relocsim.world.projects import PRODUCING, STATE

HERE = Path(__file__).parent
ARMS = {"none": [], "leaders": ["leaders"], "small": ["incentives"]}
"""Policies by arm, the points of the plan."""
CITIES = ("chenzhou", "changsha", "ganzhou", "hengyang", "shaoguan", "wuhan", "xiangtan", "zhuzhou")
BEGAN, YEARS = 8, (5, 10)
"""Quarter in which the policies begin, and years after it at which is counted."""
COUNTED = ("investment", "jobs", "firms", "leaders", "followers", "turned", "depth", "paid", "outlay", "treasury")


def read(model: RelocationModel) -> list[dict[str, object]]:
    """Return one row a city and horizon."""
    rows, record = [], {}
    for name, column in (("turned", "firms_turned"), ("depth", "mean_depth"), ("paid", "incentives_paid_1e8yuan"),
                         ("treasury", "treasury_1e8yuan")):  # fmt: skip
        record[name] = model.record.series([column])[0]
    for years in YEARS:
        last = BEGAN + 4 * years - 1
        came = arrived(model, last)
        for city in CITIES:
            at = model.setting.places.row(city)
            row = {name: values[at] for name, values in came.items()} | {
                name: one[last, at] for name, one in record.items()
            }
            rows.append({"city": city, "years": years, **row, "outlay": outlay(model, years)})
    return rows


def arrived(model: RelocationModel, last: int) -> dict[str, np.ndarray]:
    """Return what firms of the studied origins brought to production by a quarter, by place, (P,) each."""
    projects, places = model.projects, len(model.setting.places.ids)
    began = projects.dates[PRODUCING]
    rows = (began >= 0) & (began <= last) & model.setting.places.from_studied(projects.origin) & (projects.kind < STATE)
    led, follows = rows & (projects.firm_class == LEADER), rows & (projects.leader >= 0)

    def by_place(which: np.ndarray, amount: np.ndarray) -> np.ndarray:
        return np.bincount(projects.place[which], amount[which], places)

    amounts = {name: by_place(rows, getattr(projects, name)) for name in ("investment", "jobs", "firms")}
    return {**amounts, "leaders": by_place(led, projects.firms), "followers": by_place(follows, projects.firms)}


def outlay(model: RelocationModel, years: int) -> float:
    """Return what a city has spent on the policies in force beside incentives, 1e8 yuan."""
    policies = [
        policy for name, policy in model.spec.policies.items() if policy.on and name in {"leaders", "incentives"}
    ]
    return float(
        sum(policy.spends(model.setting.parameters, quarter) for policy in policies for quarter in range(4 * years))
    )


def planned() -> tuple[Spec, int]:
    """Return the scenario of the plan and its replicates."""
    plan = yaml.safe_load((HERE / "plan.yaml").read_text("utf-8"))
    settings = [f"{entry}={value}" for entry, value in plan["settings"].items()]
    return load(HERE / plan["scenario"], settings=settings), plan["replicates"]


def play(path: Path, spec: Spec, replicates: int) -> pd.DataFrame:
    """Return all rows, playing what the file does not hold yet."""
    held = pd.read_csv(path) if path.exists() else pd.DataFrame()
    for replicate in range(replicates):
        if len(held) and (held["replicate"] == replicate).any():
            continue
        drawn = realised(spec, replicate)
        variants = [drawn.with_policies(["hsr", *on]) for on in ARMS.values()]
        found = play_variants(variants, replicate=replicate, read=read)
        rows = [
            {"replicate": replicate, "arm": arm, **row} for arm, part in zip(ARMS, found, strict=True) for row in part
        ]
        held = pd.concat([held, pd.DataFrame(rows)], ignore_index=True)
        held.to_csv(path, index=False)
    return held


def gains(played: pd.DataFrame, arm: str, years: int) -> pd.DataFrame:
    """Return what an arm has more than none, by replicate and city."""
    chosen = played[played["years"] == years].set_index(["arm", "replicate", "city"])[list(COUNTED)]
    with_it, without = chosen.loc[arm], chosen.loc["none"]
    change = with_it - without
    return change.assign(cost=change["paid"] + change["outlay"])


def figures(played: pd.DataFrame) -> Iterator[dict[str, object]]:
    """Yield one row an arm, horizon, city (or their mean) and figure."""
    for years in YEARS:
        level = played[(played["years"] == years) & (played["arm"] == "none")].set_index(["replicate", "city"])
        for name in COUNTED:
            yield {"arm": "none", "years": years, "of": "mean city", "figure": name, **over(level[name])}
        yield {
            "arm": "none",
            "years": years,
            "of": "any city",
            "figure": "chance of a leader",
            **over(100 * (level["leaders"] > 0)),
        }
        for arm in ("leaders", "small"):
            found = gains(played, arm, years)
            for name in (*COUNTED, "cost"):
                yield {"arm": arm, "years": years, "of": "mean city", "figure": name, **over(found[name])}
                alone = found[name].xs("chenzhou", level="city")
                yield {
                    "arm": arm,
                    "years": years,
                    "of": "chenzhou",
                    "figure": name,
                    **asdict(estimate(alone.to_numpy())),
                }
            yield from chances(found, arm, years)
        between = gains(played, "leaders", years) - gains(played, "small", years)
        for name in (*COUNTED, "cost"):
            key = {"arm": "leaders less small", "years": years, "of": "mean city", "figure": name}
            yield {**key, **over(between[name])}


def chances(found: pd.DataFrame, arm: str, years: int) -> Iterator[dict[str, object]]:
    """Yield how often a city gets something, nothing or less, %, and how gains spread over cities and replicates."""
    for name in ("investment", "leaders", "followers"):
        for what, which in (
            ("more", found[name] > 1e-9),
            ("nothing", found[name].abs() <= 1e-9),
            ("less", found[name] < -1e-9),
        ):
            yield {
                "arm": arm,
                "years": years,
                "of": "any city",
                "figure": f"chance of {what} {name}",
                **over(100 * which),
            }
    for part in (5, 25, 50, 75, 95):
        value = float(np.percentile(found["investment"], part))
        yield {"arm": arm, "years": years, "of": "any city", "figure": f"investment, percentile {part}", "mean": value}


def over(values: pd.Series) -> dict[str, object]:
    """Return the estimate of the mean over cities, replicate by replicate."""
    return asdict(estimate(values.astype(float).groupby("replicate").mean().to_numpy()))


def main() -> None:
    """Play, write figures.csv and print it."""
    found = pd.DataFrame(figures(play(Path(sys.argv[1]), *planned()))).round(4)
    found.to_csv(HERE / "figures.csv", index=False, lineterminator="\n")
    print(found.drop(columns="coverage").to_string(index=False))


if __name__ == "__main__":
    main()
