"""From results to the tables that charts take: shares, accounts, stages, depth, cells, timelines, each with its caption."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from relocsim.answers.landing import OF_SIGNED, REACHED
from relocsim.batch.arms import BASELINE, TOGETHER
from relocsim.batch.running import Run
from relocsim.language import Words, message
from relocsim.language.units import unit_label
from relocsim.metrics.effects import estimate
from relocsim.report.charts import comparison as charts
from relocsim.report.charts.comparison import caption_of, names_of, scenario_name
from relocsim.report.charts.delivery import depth_chart, funnel_chart
from relocsim.report.charts.design import multiples_chart, phase_chart
from relocsim.report.charts.package import job_cost_chart, waterfall_chart
from relocsim.report.costsheets import city_sheet
from relocsim.report.effects import estimate_of, title_of
from relocsim.report.labels import family_label
from relocsim.report.labels_observables import observable_label
from relocsim.report.looking import Look, look, usual_origin
from relocsim.report.tables import place_name
from relocsim.spec import Spec
from relocsim.world.projects import STAGES

if TYPE_CHECKING:
    from relocsim.batch.plan import Factor
    from relocsim.report.shelf import Shelf

_WHOLE = 1 - 1e-9
_PAIRED = message("n = {count} paired replicates; lines: {interval}{more}")


def _city(shelf: Shelf, words: Words) -> str:
    return place_name(shelf.spec, shelf.spec.scenario.study.city, words)


def _policies(shelf: Shelf, words: Words) -> dict[str, str]:
    arms = [*shelf.spec.policies, *shelf.spec.scenario.packages, TOGETHER]
    return {arm: title_of(shelf.spec, arm, words) for arm in arms}


def _paired(shelf: Shelf, table: pd.DataFrame, words: Words, more: str) -> str:
    return caption_of(shelf.spec, _intervals(_PAIRED, table, words, more=more), words)


def _intervals(text: str, table: pd.DataFrame, words: Words, **more: str) -> str:
    """Return a text with the number of replicates of a table's estimates, and what their intervals are."""
    widest = estimate_of(table.loc[table["replicates"].idxmax()])
    interval = words.interval_name(widest.coverage, widest.replicates)
    return words(text, count=widest.replicates, interval=interval, **more)


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
    """Return the funnel of the city under study: of a comparison's replicates where there is one, else of one run."""
    kept = shelf.told("funnel")
    if kept is not None:
        stages, caption = stages_told(kept), caption_of(shelf.spec, _intervals(_STAGES, kept, words), words)
    else:
        stages, caption = stages_of(_of_city(shelf)), funnel_caption(shelf.run, words)
    return funnel_chart(stages, city=_city(shelf, words), targets=shelf.targets, caption=caption, words=words)


def funnel_caption(played: Run, words: Words) -> str:
    """Return the caption of the funnel of one run."""
    inputs = words("central inputs")
    if played.replicate is not None:
        inputs = words("inputs of replicate {replicate}", replicate=played.replicate)
    text = message(
        "n = 1 run, {inputs}, no interval; all projects of the city; what fell away stays counted as far as it got"
    )
    return caption_of(played.spec, words(text, inputs=inputs), words)


_STAGES = message(
    "n = {count} replicates, baseline; lines and brackets: {interval}; all projects of the city; what fell away stays "
    "counted as far as it got"
)


def _of_city(shelf: Shelf) -> pd.DataFrame:
    projects = shelf.run.projects
    return projects[projects["place"].astype(str) == shelf.spec.scenario.study.city]


def stages_told(funnel: pd.DataFrame, arm: str = BASELINE) -> pd.DataFrame:
    """Return the funnel of an arm as `funnel_chart` takes it, from the table that a comparison keeps."""
    own = funnel[funnel["arm"] == arm].set_index(["quantity", "stage"])[["mean", "low", "high"]]
    shares = own.loc[OF_SIGNED].rename(columns=dict(zip(("mean", "low", "high"), _SHARES, strict=True)))
    return own.loc[REACHED].join(shares).reset_index()


_SHARES = ("of_signed", "of_signed_low", "of_signed_high")


def chart_of_flows(shelf: Shelf, words: Words) -> Figure:
    """Return the map of flows: means of a comparison's replicates where there is one, else of one run."""
    flows, hours = shelf.told("flows"), shelf.told("hours")
    if flows is None:
        return charts.map_chart(shelf.run, words)
    hours = pd.DataFrame(columns=["place", "mean"]) if hours is None else hours
    return charts.drawn_map(charts.map_of_replicates(shelf.comparison, flows, hours, words), words)


def stages_of(projects: pd.DataFrame) -> pd.DataFrame:
    """Return the funnel of projects: money that reached each stage, 1e8 yuan, and its share of what was signed."""
    amounts = {
        stage: float(projects.loc[projects[f"{stage}_at"].astype(str) != "", "investment"].sum()) for stage in STAGES
    }
    signed = amounts["signed"]
    rows = []
    for stage, amount in amounts.items():
        share = amount / signed if signed > 0 else np.nan
        ends = dict.fromkeys(_SHARES, share)
        rows.append({"stage": stage, "mean": amount, "low": amount, "high": amount, **ends})
    return pd.DataFrame(rows)


def chart_of_depth(shelf: Shelf, words: Words) -> Figure:
    """Return supporting depth by sector in the first quarter."""
    spec = shelf.spec
    seen = look(spec)
    quarter = words.quarter(seen.quarter)
    what = words("n = 1: central inputs, {quarter}, baseline; no interval", quarter=quarter)
    names = {name: words.name(entry) for name, entry in spec.world.sectors.items()}
    return depth_chart(
        depth_table(seen, words),
        city=_city(shelf, words),
        names=names,
        caption=caption_of(spec, what, words),
        words=words,
    )


def depth_table(seen: Look, words: Words) -> pd.DataFrame:
    """Return one row a sector: its supporting depth in the city under study, and the links that it lacks there."""
    spec = seen.model.spec
    sheet = city_sheet(seen, spec.scenario.study.city, usual_origin(spec))
    rows = [
        {"sector": row.sector, "depth": row.depth, "missing": links_missing(seen, str(row.sector), words)}
        for row in sheet.itertuples()
    ]
    return pd.DataFrame(rows)


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
    for one in compared.values():
        city = one.spec.scenario.study.city
        name = scenario_name(one.spec, words)
        lines[f"{name}: {place_name(one.spec, city, words)}"] = one.timeline[one.timeline["place"] == city]
        both = both and any(arm.name == TOGETHER for arm in one.arms)
        counts.append(one.replicates)
    least = min(counts)
    interval = words.interval_name(min(0.95, (least - 1) / (least + 1)), least)
    digests = words.listed([f"{scenario_name(one.spec, words)} {one.spec.digest[:8]}" for one in compared.values()])
    text = message("n = {count} replicates or more; bands: {interval}; digests: {digests}.")
    caption = words(text, count=least, interval=interval, digests=digests)
    return multiples_chart(lines, arms=(BASELINE, TOGETHER if both else None), caption=caption, words=words)


def batch_phases(shelf: Shelf, words: Words) -> Figure:
    """Return the phase diagram of a batch: its first two levers, or those beside a policy that is off and on."""
    from relocsim.batch.observables import OBSERVABLES
    from relocsim.batch.stored import StoredBatch
    from relocsim.report.charts.stored import StoredError

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
    unit = unit_label(words, OBSERVABLES[on].unit.replace("%", "percentage points"))
    named, axes = observable_label(words, on), tuple(_axis(shelf.spec, levers[name], name, words) for name in (x, y))
    if effect:
        policy = title_of(shelf.spec, levers[effect].policy or effect, words).lower()
        told = words("effect of {policy} on {observable}", policy=policy, observable=named)
    else:
        text = message("change of {observable} from the lowest {x} and {y}")
        told = words(text, observable=named, x=axes[0], y=axes[1])
    count = int(cells["replicates"].min())
    interval = words.interval_name(float(cells["coverage"].min()), count)
    what = words("n = {count} paired replicates a cell; sign not clear: {interval} touches or crosses zero", count=count,
                 interval=interval)  # fmt: skip
    caption = caption_of(shelf.spec, what, words)
    return phase_chart(cells, axes_names=(axes[0], axes[1]), effect=told, unit=unit, caption=caption, words=words)


def _axis(spec: Spec, factor: Factor, name: str, words: Words) -> str:
    """Return the name of a lever: that of its policy, or of the entry that it sets, with its unit."""
    if factor.policy is not None:
        return title_of(spec, factor.policy, words)
    if factor.path is None:
        return name
    part, _, rest = factor.path.partition(".")
    *owners, field = rest.split(".")
    label = f"{owners[0]}: {field}" if owners else field
    names = names_of(spec, words) | {one: title_of(spec, one, words) for one in spec.policies}
    told = family_label(words, label if part in ("policies", "places", "sectors") else field, names)
    entry = spec.register.inputs.get(factor.path)
    return told if entry is None else words("{name}, {unit}", name=told, unit=unit_label(words, entry.unit))


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
