"""The charts of a comparison, each with a finding for a title, made from its tables. Refuses to write files."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from relocsim.batch.arms import BASELINE, TOGETHER
from relocsim.batch.comparing import Comparison
from relocsim.batch.running import Run, run
from relocsim.report import tables
from relocsim.report.charts_costs import chosen_rows, cost_sheet_chart, cost_title
from relocsim.report.charts_effects import effects_chart, effects_title
from relocsim.report.charts_map import Track, flow_map
from relocsim.report.charts_time import capture_over_time
from relocsim.report.costsheets import sector_sheet
from relocsim.report.effects import Effect, effects_of
from relocsim.report.looking import look, studied_origins, usual_origin, usual_sector
from relocsim.report.sentences import POINTS, city_rate
from relocsim.report.wording import interval_name, money, percent, plain, span
from relocsim.spec import Spec
from relocsim.world.lines import Mode
from relocsim.world.network import open_lines

SCENARIO_CHARTS = ("cost-sheet", "flows")
"""Names of the charts that a scenario has without being played in replicates."""
_RIVALS, _FLOWS = 6, 60


def comparison_charts(comparison: Comparison) -> dict[str, Figure]:
    """Return the charts of a comparison by file name: capture over time, effects."""
    found = {"capture-over-time": time_chart(comparison)}
    if len(comparison.arms) > 1:
        found["effects"] = effect_chart(comparison)
    return found


def scenario_charts(spec: Spec) -> dict[str, Figure]:
    """Return the charts of a scenario at central inputs by file name: cost sheet, flows."""
    return {"cost-sheet": cost_chart(spec), "flows": map_chart(run(spec))}


def names_of(spec: Spec) -> dict[str, str]:
    """Return the names of places by id."""
    return {place: entry.name for place, entry in spec.world.places.items()}


def caption_of(spec: Spec, what: str) -> str:
    """Return the caption: what was played, the digest, the share of inputs assumed."""
    share = percent(spec.register.assumed_share())
    scenario = f"Scenario {spec.scenario.name}, digest {spec.digest[:8]}"
    return f"{what}. {scenario}; {share} of {len(spec.register):,} inputs assumed."


def _paired_caption(comparison: Comparison, more: str = "") -> str:
    count = comparison.replicates
    coverage = city_rate(comparison).coverage
    what = f"n = {count} paired replicates; bands and lines: {interval_name(coverage, count)} of inputs and luck{more}"
    return caption_of(comparison.spec, what)


def time_chart(comparison: Comparison) -> Figure:
    """Return capture over time: the city in the baseline and all together, rivals in the baseline."""
    spec, city = comparison.spec, comparison.spec.scenario.study.city
    arms = [arm.name for arm in comparison.arms]
    other = TOGETHER if TOGETHER in arms else (arms[-1] if len(arms) > 1 else None)
    effects = {effect.arm: effect for effect in effects_of(comparison)}
    changed = set().union(*(arm.on ^ comparison.arms[0].on for arm in comparison.arms if arm.name == other))
    return capture_over_time(
        comparison.timeline,
        city=city,
        arms=[BASELINE, other] if other else [BASELINE],
        names=names_of(spec),
        rivals=rivals_of(comparison),
        starts={name: str(spec.policies[name].start) for name in sorted(changed | spec.on)},
        title=_time_title(comparison, effects.get(other or "")),
        caption=_paired_caption(comparison),
    )


def rivals_of(comparison: Comparison) -> list[str]:
    """Return the rivals shown: the corridor's places outside the origins, else the largest takers."""
    spec = comparison.spec
    ranked = tables.baseline_capture(comparison)
    city, corridor = spec.scenario.study.city, spec.scenario.study.corridor
    near = [place for place in ranked["place"] if place in corridor and place != city]
    return near[:_RIVALS] or [place for place in ranked["place"] if place != city][:_RIVALS]


def _time_title(comparison: Comparison, effect: Effect | None) -> str:
    city = tables.place_name(comparison.spec, comparison.spec.scenario.study.city)
    base = (
        f"{city} captures {span(city_rate(comparison), POINTS, sign=False)} % of relocated investment in the baseline"
    )
    if effect is None:
        return base
    if effect.inert:
        return f"{base}; {_subject(effect)} changes nothing"
    if not effect.clear:
        return f"{base}; whether {_subject(effect)} changes that cannot be told"
    arm = span(city_rate(comparison, effect.arm), POINTS, sign=False)
    return f"{base}, and {arm} % {'without' if effect.in_baseline else 'with'} {_subject(effect)}"


def _subject(effect: Effect) -> str:
    return "everything together" if effect.arm == TOGETHER else effect.title.lower()


def effect_chart(comparison: Comparison) -> Figure:
    """Return the paired effects on the city's capture rate."""
    effects, city = effects_of(comparison), tables.place_name(comparison.spec, comparison.spec.scenario.study.city)
    more = "; thick bar: mean with one simulation error to either side; grey: the interval touches or crosses zero"
    return effects_chart(
        effects, city=city, title=effects_title(effects, city), caption=_paired_caption(comparison, more)
    )


def cost_chart(spec: Spec, *, sector: str | None = None, origin: str | None = None) -> Figure:
    """Return the cost sheet of a sector in the first quarter, as deviations from home."""
    origin = origin or usual_origin(spec)
    sector = sector or usual_sector(spec, origin)
    seen = look(spec)
    study = spec.scenario.study
    sheet = sector_sheet(seen, sector, origin)
    names, quarter = names_of(spec), str(seen.quarter)
    title = cost_title(sheet, sector=spec.world.sectors[sector].name, city=study.city, names=names, quarter=quarter)
    caption = caption_of(spec, f"n = 1: central inputs, medium firm, {quarter}, baseline; no interval")
    rows = chosen_rows(sheet, [study.city, *study.corridor])
    return cost_sheet_chart(rows, home=origin, city=study.city, names=names, title=title, caption=caption)


def map_chart(played: Run) -> Figure:
    """Return the map of flows of one run."""
    spec = played.spec
    city, corridor = spec.scenario.study.city, spec.scenario.study.corridor
    flows = tables.flows(played)
    outside = flows[~flows["place"].isin(studied_origins(spec))]
    shown = pd.concat([outside.head(_FLOWS), outside[outside["place"] == city]]).drop_duplicates()
    inputs = "central inputs" if played.replicate is None else f"inputs of replicate {played.replicate}"
    largest = outside.groupby("place")["investment"].sum().sort_values(ascending=False, kind="stable").index[:12]
    leaving = outside.groupby("origin")["investment"].sum().sort_values(ascending=False, kind="stable").index
    labels = list(dict.fromkeys([city, *corridor, *leaving[:10], *largest]))
    which = f"the {_FLOWS} largest flows and all to {names_of(spec)[city]}; those between studied origins left out"
    what = f"n = 1 run, {inputs}, no interval; {which}"
    return flow_map(
        shown.sort_values("investment", kind="stable"), points_of(spec), tracks_of(spec), city=city, labels=labels,
        title=_map_title(spec, outside, city), caption=caption_of(spec, what),
    )  # fmt: skip


def _the(region: str) -> str:
    """Return the name of a region or city as it stands in a sentence."""
    return f"the {region}" if region.split()[-1] in ("Delta", "Rim") else region


def _map_title(spec: Spec, outside: pd.DataFrame, city: str) -> str:
    mine, name = outside[outside["place"] == city], names_of(spec)[city]
    total = float(outside["investment"].sum())
    if mine.empty:
        return f"Of {money(total)} that firms of the studied origins placed elsewhere, {name} took nothing"
    region = mine["origin"].map(lambda place: spec.world.places[place].region or names_of(spec)[place])
    by_region = mine.groupby(region, observed=True)["investment"].sum().sort_values(ascending=False, kind="stable")
    first, part = by_region.index[0], 100 * by_region.iloc[0] / by_region.sum()
    share = float(mine["investment"].sum()) / total
    took = f"{name} took {plain(100 * share)} %, {plain(part, 0)} % of it from {_the(str(first))}"
    return f"Of {money(total)} that firms of the studied origins placed elsewhere, {took}"


def points_of(spec: Spec) -> pd.DataFrame:
    """Return names and coordinates of places, indexed by id."""
    places = {name: place for name, place in spec.world.places.items() if not place.entrants_only}
    rows = [(place.name, place.lon, place.lat, place.origin) for place in places.values()]
    return pd.DataFrame(rows, index=list(places), columns=["name", "lon", "lat", "origin"])


def tracks_of(spec: Spec) -> list[Track]:
    """Return the high-speed lines open at the end of the scenario, and the corridor under study."""
    network, end = spec.world.network, spec.scenario.end
    named = {line for policy in spec.policies.values() for line in getattr(policy, "lines", ())}
    acting = [policy for policy in spec.policies.values() if policy.on and policy.in_force(end)]
    opened = {line for policy in acting for line in getattr(policy, "lines", ())}
    where = {name: (place.lon, place.lat) for name, place in spec.world.places.items()}
    where |= {name: (node.lon, node.lat) for name, node in network.nodes.items()}
    fast = [
        network.lines[name]
        for name in sorted((open_lines(network, end.first_day) - named) | opened)
        if network.lines[name].mode is Mode.HSR
    ]
    tracks = [Track([where[stop] for stop in line.stops], corridor=False) for line in fast]
    corridor = [where[place] for place in spec.scenario.study.corridor]
    return [*tracks, Track(corridor, corridor=True)] if len(corridor) > 1 else tracks
