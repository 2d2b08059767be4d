"""Stored comparisons that tests of briefings make up: one policy or several, figures at will."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pandas as pd

from relocsim.briefing.facts import Facts
from relocsim.briefing.stored import Stored
from relocsim.metrics.effects import Estimate, estimate
from relocsim.report.writing import write_manifest, write_table

NONE = Estimate(0.0, 0.0, 0.0, 0.9, 0.0, 20, 0)
MANIFEST = {
    "format": 1, "kind": "comparison", "relocsim": "0.1.0", "digest": "0123456789abcdef" * 4, "seed": 1, "replicates": 20,
    "arms": ["baseline", "incentives"], "scenario": "made-up.yaml", "name": "Made up", "name_zh": "", "question": "",
    "question_zh": "", "city": "beta", "stage": "producing", "start": "2008-Q1", "end": "2012-Q4", "settings": [],
    "inputs": 100, "assumed_share": 0.6, "ranged": 70,
}  # fmt: skip


def made(mean: float, low: float, high: float, replicates: int = 20) -> Estimate:
    """Return an estimate with a mean and an interval."""
    spread = np.linspace(low, high, replicates)
    found = estimate(spread)
    return replace(found, mean=mean, low=low, high=high)


def stored(
    rate: Estimate = NONE, *, jobs: Estimate = NONE, investment: Estimate = NONE, but_for: Estimate = NONE,
    treasury: Estimate = NONE, cost: Estimate | None = None, arms: int = 1, gained: Mapping[str, float] | None = None,
) -> Stored:  # fmt: skip
    """Return a stored comparison of one policy (or `arms` alike), with these figures."""
    names = ["incentives", *(f"policy-{number}" for number in range(1, arms))]
    titles = {"title_en": "Incentive package", "title_zh": "招商优惠政策"}
    base = {"arm": "baseline", "kind": "baseline", "in_baseline": False, "start": "", "on": "", "changes": ""}
    rows = [{**base, "title_en": "Baseline", "title_zh": "基准情景"}]
    rows += [
        {**base, "arm": name, "kind": "policy", "start": "2010-Q1", "on": name, "changes": name, **titles}
        for name in names
    ]
    figures = {
        ("investment", "capture_rate"): rate, ("investment", "amount"): investment, ("jobs", "amount"): jobs,
        ("investment", "but_for_share"): but_for, ("money", "treasury"): treasury,
    }  # fmt: skip
    effects = [
        {"arm": name, "measure": measure, "quantity": quantity, **asdict(found)}
        for name in names for (measure, quantity), found in figures.items()
    ]  # fmt: skip
    capture = [
        {
            "arm": arm,
            "place": place,
            "measure": "investment",
            "outside_origins": True,
            "quantity": "capture_rate",
            **asdict(held),
        }
        for arm in ("baseline", *names)
        for place, held in (("beta", made(0.02, 0.01, 0.03)), ("gamma", made(0.05, 0.03, 0.08)))
    ]
    places = [
        ("alpha", "Alpha", "甲城", True, 113.0, 23.0), ("beta", "Beta", "乙城", False, 113.2, 26.0),
        ("gamma", "Gamma", "丙城", False, 111.5, 27.0),
    ]  # fmt: skip
    tables = {
        "arms": pd.DataFrame(rows),
        "names": pd.DataFrame(places, columns=["id", "name_en", "name_zh", "origin", "lon", "lat"]).assign(
            kind="place"
        ),
        "effects": pd.DataFrame(effects),
        "capture": pd.DataFrame(capture),
    }
    if cost is not None:
        told = [("cost", cost), ("cost per but-for job", made(5e4, 2e4, 9e4))]
        tables["fiscal"] = pd.DataFrame(
            [{"arm": name, "quantity": q, "unit": "", **asdict(held)} for name in names for q, held in told]
        )
    if gained is not None:
        tables["sources"] = pd.DataFrame(
            [
                {"arm": "incentives", "change": "gained", "source": source, "measure": measure,
                 **asdict(made(one, 0.0, 2 * one))}
                for source, one in {**gained, "all": sum(gained.values())}.items() for measure in ("investment", "jobs")
            ]
        )  # fmt: skip
    manifest = {**MANIFEST, "replicates": rate.replicates or 20}
    return Stored(manifest, tables, tuple(name for name in ("fiscal", "sources") if name not in tables))


def together(held: Stored, combining: Estimate) -> Stored:
    """Return a stored comparison with an arm of all together, which does what the first policy does."""
    name = "all together"
    tables = dict(held.tables)
    for table in ("arms", "effects", "fiscal", "sources"):
        if table in tables:
            first = tables[table][tables[table]["arm"] == "incentives"].assign(arm=name)
            told = {"kind": name.split()[-1], "title_en": "All together", "title_zh": "全部合计", "changes": ""}
            tables[table] = pd.concat([tables[table], first.assign(**told) if table == "arms" else first])
    row = {"measure": "investment", "quantity": "capture_rate", "part": "synergy", **asdict(combining)}
    return replace(held, tables={**tables, "combined": pd.DataFrame([row])})


def mapped(held: Stored) -> Stored:
    """Return a stored comparison with flows from one origin, hours along its corridor and the corridor's line."""
    amounts = [("alpha", "gamma", 30.0), ("alpha", "beta", 5.0), ("all", "all", 35.0)]
    corridor = [(113.0, 23.0), (113.2, 26.0)]
    tables = {
        "flows": pd.DataFrame([{"origin": a, "place": b, **asdict(made(x, 0.5 * x, 2 * x))} for a, b, x in amounts]),
        "hours": pd.DataFrame([{"home": "alpha", "place": "beta", **asdict(made(3.25, 3.0, 3.5))}]),
        "tracks": pd.DataFrame([{"track": 0, "corridor": True, "lon": lon, "lat": lat} for lon, lat in corridor]),
    }
    return replace(held, tables={**held.tables, **tables})


def facts(*given: object, **figures: object) -> Facts:
    """Return the facts of `stored` with these figures."""
    return Facts(stored(*given, **figures))  # type: ignore[arg-type]


def left(folder: Path, held: Stored) -> Path:
    """Leave a stored comparison in a folder, as the command does."""
    folder.mkdir()
    for name, table in held.tables.items():
        write_table(folder, name, table)
    identity = {name: value for name, value in held.manifest.items() if name != "format"}
    write_manifest(folder, identity, {})
    return folder
