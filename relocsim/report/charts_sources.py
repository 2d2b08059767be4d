"""From results to the tables that charts take: shares, accounts, stages, depth, cells, timelines, each with its caption."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from relocsim.batch.arms import BASELINE, TOGETHER
from relocsim.language import Words, message
from relocsim.metrics.effects import estimate
from relocsim.report.charts import caption_of
from relocsim.report.charts_delivery import depth_chart, funnel_chart
from relocsim.report.charts_design import multiples_chart, phase_chart
from relocsim.report.charts_package import job_cost_chart, waterfall_chart
from relocsim.report.costsheets import city_sheet
from relocsim.report.effects import title_of
from relocsim.report.looking import Look, look, usual_origin
from relocsim.report.tables import place_name
from relocsim.world.projects import STAGES

if TYPE_CHECKING:
    from relocsim.report.charts_catalogue import Shelf

_WHOLE = 1 - 1e-9
_PAIRED = message("n = {count} paired replicates; lines: {interval}{more}")


def _city(shelf: Shelf, words: Words) -> str:
    return place_name(shelf.spec, shelf.spec.scenario.study.city, words)


def _policies(shelf: Shelf, words: Words) -> dict[str, str]:
    arms = [*shelf.spec.policies, *shelf.spec.scenario.packages, TOGETHER]
    return {arm: title_of(shelf.spec, arm, words) for arm in arms}


def _paired(shelf: Shelf, table: pd.DataFrame, words: Words, more: str) -> str:
    widest = table.loc[table["replicates"].idxmax()]
    interval = words.interval_name(float(widest["coverage"]), int(widest["replicates"]))
    what = words(_PAIRED, count=int(widest["replicates"]), interval=interval, more=more)
    return caption_of(shelf.spec, what, words)


def chart_of_shares(shelf: Shelf, words: Words) -> Figure:
    """Return the waterfall of the package."""
    table = shelf.synergy
    more = words("; shares add up to the package (Shapley); grey: the interval touches or crosses zero")
    caption = _paired(shelf, table, words, more)
    return waterfall_chart(table, city=_city(shelf, words), names=_policies(shelf, words), caption=caption, words=words)


def chart_of_jobs(shelf: Shelf, words: Words) -> Figure:
    """Return public cost and cost per but-for job."""
    table = shelf.fiscal
    more = words("; right: of the replicates in which a policy brings any")
    caption = _paired(shelf, table, words, more)
    return job_cost_chart(table, city=_city(shelf, words), names=_policies(shelf, words), caption=caption, words=words)


def chart_of_funnel(shelf: Shelf, words: Words) -> Figure:
    """Return the funnel of the city under study in one run, against what the world's parameters take for usual."""
    spec, played = shelf.spec, shelf.run
    projects = played.projects
    mine = projects[projects["place"].astype(str) == spec.scenario.study.city]
    stages = stages_of(mine)
    inputs = words("central inputs")
    if played.replicate is not None:
        inputs = words("inputs of replicate {replicate}", replicate=played.replicate)
    text = message(
        "n = 1 run, {inputs}, no interval; all projects of the city; what fell away stays counted as far as it got"
    )
    caption = caption_of(spec, words(text, inputs=inputs), words)
    return funnel_chart(stages, city=_city(shelf, words), targets=shelf.targets, caption=caption, words=words)


def stages_of(projects: pd.DataFrame) -> pd.DataFrame:
    """Return the funnel of projects: money that reached each stage, 1e8 yuan, and its share of what was signed."""
    amounts = {
        stage: float(projects.loc[projects[f"{stage}_at"].astype(str) != "", "investment"].sum()) for stage in STAGES
    }
    signed = amounts["signed"]
    rows = []
    for stage, amount in amounts.items():
        share = amount / signed if signed > 0 else np.nan
        ends = {"of_signed": share, "of_signed_low": share, "of_signed_high": share}
        rows.append({"stage": stage, "mean": amount, "low": amount, "high": amount, **ends})
    return pd.DataFrame(rows)


def chart_of_depth(shelf: Shelf, words: Words) -> Figure:
    """Return supporting depth by sector in the first quarter."""
    spec = shelf.spec
    seen = look(spec)
    sheet = city_sheet(seen, spec.scenario.study.city, usual_origin(spec))
    rows = [
        {"sector": row.sector, "depth": row.depth, "missing": links_missing(seen, str(row.sector), words)}
        for row in sheet.itertuples()
    ]
    quarter = words.quarter(seen.quarter)
    what = words("n = 1: central inputs, {quarter}, baseline; no interval", quarter=quarter)
    names = {name: words.name(entry) for name, entry in spec.world.sectors.items()}
    return depth_chart(
        pd.DataFrame(rows), city=_city(shelf, words), names=names, caption=caption_of(spec, what, words), words=words
    )


def links_missing(seen: Look, sector: str, words: Words) -> list[str]:
    """Return the key components of a sector that the city under study lacks, in words; a part recruited shows its share."""
    spec = seen.model.spec
    row = seen.model.setting.places.row(spec.scenario.study.city)
    found = []
    for at, name in enumerate(seen.model.setting.sectors.components):
        owner, _, part = name.partition(".")
        presence = float(seen.presence()[row, at])
        if owner != sector or presence >= _WHOLE:
            continue
        named = words.name(spec.world.sectors[owner].components[part])
        if presence:
            named = words("{link} ({share} there)", link=named, share=words.percent(presence))
        found.append(named)
    return found


def chart_of_multiples(shelf: Shelf, words: Words) -> Figure:
    """Return small multiples over the scenarios whose comparisons are given."""
    compared = {shelf.spec.scenario.name: shelf.comparison, **shelf.others}
    lines, both, counts = {}, True, []
    for name, one in compared.items():
        city = one.spec.scenario.study.city
        lines[f"{name}: {place_name(one.spec, city, words)}"] = one.timeline[one.timeline["place"] == city]
        both = both and any(arm.name == TOGETHER for arm in one.arms)
        counts.append(one.replicates)
    least = min(counts)
    interval = words.interval_name(min(0.95, (least - 1) / (least + 1)), least)
    digests = words.listed([f"{one.spec.scenario.name} {one.spec.digest[:8]}" for one in compared.values()])
    text = message("n = {count} replicates or more; bands: {interval}; digests: {digests}.")
    caption = words(text, count=least, interval=interval, digests=digests)
    return multiples_chart(lines, arms=(BASELINE, TOGETHER if both else None), caption=caption, words=words)


def batch_phases(shelf: Shelf, words: Words) -> Figure:
    """Return the phase diagram of a batch: its first two levers, or those beside a policy that is off and on."""
    from relocsim.batch.observables import OBSERVABLES
    from relocsim.batch.stored import StoredBatch
    from relocsim.report.charts_stored import StoredError

    stored = shelf.needed("batch")
    batch = StoredBatch(stored.folder)
    levers = batch.plan.levers.factors if batch.plan.levers else {}
    on = "capture" if "capture" in batch.observables else next(iter(batch.observables), "")
    switched = [name for name, factor in levers.items() if factor.policy is not None]
    if len(levers) < 2 or not on:
        raise StoredError(f"{stored.folder} has {len(levers)} levers: a phase diagram needs two, and an observable")
    effect = switched[0] if len(levers) > 2 and switched else None
    x, y = [name for name in levers if name != effect][:2]
    cells = cells_of(batch.runs, x, y, on, effect)
    unit = OBSERVABLES[on].unit.replace("%", words("percentage points"))
    if effect:
        told = words("effect of {policy} on {observable}", policy=title_of(shelf.spec, effect, words), observable=on)
    else:
        text = message("change of {observable} from the lowest {x} and {y}")
        told = words(text, observable=on, x=x, y=y)
    count = int(cells["replicates"].min())
    interval = words.interval_name(float(cells["coverage"].min()), count)
    what = words("n = {count} paired replicates a cell; sign not clear: {interval} touches or crosses zero", count=count,
                 interval=interval)  # fmt: skip
    caption = caption_of(shelf.spec, what, words)
    return phase_chart(cells, axes_names=(x, y), effect=told, unit=unit, caption=caption, words=words)


def cells_of(runs: pd.DataFrame, x: str, y: str, on: str, effect: str | None) -> pd.DataFrame:
    """Return the paired effect at each pair of levels with its interval; other factors are averaged over.

    The effect is the last level of `effect` less its first, or, where there is none, a cell less that of the lowest levels.
    """
    keys = [x, y, *([effect] if effect else [])]
    table = runs.groupby(["replicate", *keys], sort=True)[on].mean().unstack(keys)
    rows = []
    if effect:
        levels = sorted(runs[effect].unique())
        pairs = {(a, b): (table[a, b, levels[-1]], table[a, b, levels[0]]) for a, b in _pairs(table, effect)}
    else:
        cells = sorted(set(table.columns))
        pairs = {cell: (table[cell], table[cells[0]]) for cell in cells[1:]}
    for (a, b), (one, two) in pairs.items():
        rows.append({"x": a, "y": b, **asdict(estimate((one - two).to_numpy(dtype=float)))})
    return pd.DataFrame(rows)


def _pairs(table: pd.DataFrame, effect: str) -> list[Any]:
    return sorted({(a, b) for a, b, _ in table.columns})
