"""The charts of a comparison, each with a finding for a title, made from its tables. Refuses to write files."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd
from matplotlib.figure import Figure

from relocsim.answers.landing import ALL, corridor_home, lines_open
from relocsim.batch.arms import BASELINE, TOGETHER
from relocsim.batch.comparing import Comparison
from relocsim.batch.running import Run
from relocsim.language import ENGLISH, Words, message
from relocsim.model import lay_foundation
from relocsim.report import tables
from relocsim.report.charts.costs import chosen_rows, cost_sheet_chart, cost_title
from relocsim.report.charts.effects import effects_chart, effects_title
from relocsim.report.charts.map import FLOWS, MINE, MapOf, Track, flow_map, largest_flows, places_named
from relocsim.report.charts.time import capture_over_time
from relocsim.report.costsheets import sector_sheet
from relocsim.report.effects import Effect, effects_of, estimate_of, title_of
from relocsim.report.looking import look, studied_origins, usual_origin, usual_sector
from relocsim.report.sentences import POINTS, city_rate
from relocsim.spec import Spec
from relocsim.world.calendar import Quarter
from relocsim.world.lines import Mode

_RIVALS = 6


def comparison_charts(
    comparison: Comparison, words: Words = ENGLISH, told: Mapping[str, pd.DataFrame] = MappingProxyType({})
) -> dict[str, Figure]:
    """Return the charts of a comparison by file name: capture over time, effects, and the flows if they are `told`."""
    found = {"capture-over-time": time_chart(comparison, words)}
    if len(comparison.arms) > 1:
        found["effects"] = effect_chart(comparison, words)
    if "flows" in told:
        found["flows"] = drawn_map(map_of_replicates(comparison, told["flows"], told["hours"], words), words)
    return found


def names_of(spec: Spec, words: Words = ENGLISH) -> dict[str, str]:
    """Return the names of places by id."""
    return {place: words.name(entry) for place, entry in spec.world.places.items()}


def scenario_name(spec: Spec, words: Words = ENGLISH) -> str:
    """Return the name of the scenario in the language, where it has one."""
    return words.name(spec.scenario) if spec.scenario.name_zh else spec.scenario.name


def caption_of(spec: Spec, what: str, words: Words = ENGLISH) -> str:
    """Return the caption: what was played, the digest, the share of inputs assumed."""
    return words(
        "{what}. Scenario {name}, digest {digest}; {share} of {count} inputs assumed.",
        what=what, name=scenario_name(spec, words), digest=spec.digest[:8], count=words.plain(len(spec.register), 0),
        share=words.percent(spec.register.assumed_share()),
    )  # fmt: skip


_PAIRED = message("n = {count} paired replicates; bands and lines: {interval} of inputs and luck{more}")


def _paired_caption(comparison: Comparison, words: Words, more: str = "") -> str:
    return caption_of(comparison.spec, _of_replicates(comparison, words, _PAIRED, more), words)


def _of_replicates(comparison: Comparison, words: Words, text: str, more: str) -> str:
    count = comparison.replicates
    interval = words.interval_name(city_rate(comparison).coverage, count)
    return words(text, count=count, interval=interval, more=more)


def time_chart(comparison: Comparison, words: Words = ENGLISH) -> Figure:
    """Return capture over time: the city in the baseline and all together, rivals in the baseline."""
    spec, city = comparison.spec, comparison.spec.scenario.study.city
    arms = [arm.name for arm in comparison.arms]
    other = TOGETHER if TOGETHER in arms else (arms[-1] if len(arms) > 1 else None)
    effects = {effect.arm: effect for effect in effects_of(comparison, words)}
    changed = set().union(*(arm.on ^ comparison.arms[0].on for arm in comparison.arms if arm.name == other))
    return capture_over_time(
        comparison.timeline,
        city=city,
        arms=[BASELINE, other] if other else [BASELINE],
        names=names_of(spec, words),
        rivals=rivals_of(comparison),
        starts={title_of(spec, name, words): str(spec.policies[name].start) for name in sorted(changed | spec.on)},
        title=_time_title(comparison, effects.get(other or ""), words),
        caption=_paired_caption(comparison, words),
        arm_names={arm: title_of(spec, arm, words) for arm in arms},
        words=words,
    )


def rivals_of(comparison: Comparison) -> list[str]:
    """Return the rivals shown: the corridor's places outside the origins, else the largest takers."""
    spec = comparison.spec
    ranked = tables.baseline_capture(comparison)
    city, corridor = spec.scenario.study.city, spec.scenario.study.corridor
    near = [place for place in ranked["place"] if place in corridor and place != city]
    return near[:_RIVALS] or [place for place in ranked["place"] if place != city][:_RIVALS]


def _time_title(comparison: Comparison, effect: Effect | None, words: Words) -> str:
    city = tables.place_name(comparison.spec, comparison.spec.scenario.study.city, words)
    share = words.span(city_rate(comparison), POINTS, sign=False)
    base = words("{city} captures {share} % of relocated investment in the baseline", city=city, share=share)
    if effect is None:
        return base
    subject = words("everything together") if effect.arm == TOGETHER else effect.title.lower()
    if effect.inert:
        return words("{baseline}; {policy} changes nothing", baseline=base, policy=subject)
    if not effect.clear:
        return words("{baseline}; whether {policy} changes that cannot be told", baseline=base, policy=subject)
    arm = words.span(city_rate(comparison, effect.arm), POINTS, sign=False)
    if effect.in_baseline:
        return words("{baseline}, and {share} % without {policy}", baseline=base, share=arm, policy=subject)
    return words("{baseline}, and {share} % with {policy}", baseline=base, share=arm, policy=subject)


def effect_chart(comparison: Comparison, words: Words = ENGLISH) -> Figure:
    """Return the paired effects on the city's capture rate."""
    effects, spec = effects_of(comparison, words), comparison.spec
    city = tables.place_name(spec, spec.scenario.study.city, words)
    more = words(
        "; thick bar: mean with one simulation error to either side; grey: the interval touches or crosses zero"
    )
    return effects_chart(
        effects, city=city, title=effects_title(effects, city, words), caption=_paired_caption(comparison, words, more),
        words=words,
    )  # fmt: skip


def cost_chart(spec: Spec, *, sector: str | None = None, origin: str | None = None, words: Words = ENGLISH) -> Figure:
    """Return the cost sheet of a sector in the first quarter, as deviations from home."""
    origin = origin or usual_origin(spec)
    sector = sector or usual_sector(spec, origin)
    seen, study = look(spec), spec.scenario.study
    sheet = sector_sheet(seen, sector, origin)
    names, quarter = names_of(spec, words), words.quarter(seen.quarter)
    named = words.name(spec.world.sectors[sector])
    title = cost_title(sheet, sector=named, city=study.city, names=names, quarter=quarter, words=words)
    what = words("n = 1: central inputs, medium firm, {quarter}, baseline; no interval", quarter=quarter)
    rows = chosen_rows(sheet, [study.city, *study.corridor])
    return cost_sheet_chart(
        rows, home=origin, city=study.city, names=names, title=title, caption=caption_of(spec, what, words), words=words
    )


def map_chart(played: Run, words: Words = ENGLISH) -> Figure:
    """Return the map of flows of one run."""
    return drawn_map(map_of(played, words), words)


def drawn_map(found: MapOf, words: Words = ENGLISH) -> Figure:
    """Return the map of what it shows."""
    return flow_map(
        found.flows, found.points, found.tracks, city=found.city, labels=found.labels, title=found.title,
        caption=found.caption, hours=found.hours, home=found.home, words=words,
    )  # fmt: skip


def map_of(
    played: Run, words: Words = ENGLISH, *, until: Quarter | None = None, hours: Mapping[str, float] | None = None
) -> MapOf:
    """Return what the map of a run shows by the end of a quarter (the last by default); `hours` where they are known."""
    spec, names = played.spec, names_of(played.spec, words)
    city, flows, home = spec.scenario.study.city, tables.flows(played, until), corridor_home(spec)
    if hours is None:
        hours = hours_of(played, home, until) if home else {}
    outside = flows[~flows["place"].isin(studied_origins(spec))]
    inputs = words("central inputs")
    if played.replicate is not None:
        inputs = words("inputs of replicate {replicate}", replicate=played.replicate)
    what = words(
        "n = 1 run, {inputs}, no interval; the {count} largest flows and all to {city}; those between studied origins left "
        "out",
        inputs=inputs, count=FLOWS, city=names[city],
    )  # fmt: skip
    return MapOf(
        flows=largest_flows(outside, city),
        points=points_of(spec, words),
        tracks=tracks_of(spec, until),
        city=city,
        labels=places_named(outside, city, spec.scenario.study.corridor),
        hours=hours,
        home=home,
        title=_map_title(spec, outside, city, words),
        caption=caption_of(spec, what, words),
    )


def map_of_replicates(
    comparison: Comparison, flows: pd.DataFrame, hours: pd.DataFrame, words: Words = ENGLISH
) -> MapOf:
    """Return what the map of a comparison's baseline shows: mean flows and hours (tables `flows`, `hours`)."""
    spec, city = comparison.spec, comparison.spec.scenario.study.city
    between = flows[flows["origin"] != ALL].rename(columns={"mean": "investment"})
    name = names_of(spec, words)[city]
    more = words(
        "; the {count} largest flows and the {mine} largest to {city}, baseline", count=FLOWS, mine=MINE, city=name
    )
    text = message("Of {amount} that firms of the studied origins place elsewhere, {city} takes {share} %")
    whole = estimate_of(tables.records(flows[flows["origin"] == ALL])[0])
    return MapOf(
        flows=largest_flows(between, city, mine=MINE),
        points=points_of(spec, words),
        tracks=tracks_of(spec),
        city=city,
        labels=places_named(between, city, spec.scenario.study.corridor),
        hours=dict(zip(hours["place"], hours["mean"], strict=True)),
        home=corridor_home(spec),
        title=words(
            text, amount=words.money_span(whole), city=name, share=words.span(city_rate(comparison), POINTS, sign=False)
        ),
        caption=caption_of(spec, _of_replicates(comparison, words, _MEANS, more), words),
    )


_MEANS = message("n = {count} replicates, means of flows and hours; in the title: {interval}{more}")


def _map_title(spec: Spec, outside: pd.DataFrame, city: str, words: Words) -> str:
    names = names_of(spec, words)
    mine, total = outside[outside["place"] == city], float(outside["investment"].sum())
    amount = words.money(total)
    if mine.empty:
        text = message(
            "Of {amount} that firms of the studied origins placed elsewhere, {city} took nothing in this run"
        )
        return words(text, amount=amount, city=names[city])
    # from which region is no finding: a city of a thousandth of the flow has a few dozen agents in a run
    return words(
        "Of {amount} that firms of the studied origins placed elsewhere, {city} took {share} % in this run",
        amount=amount, city=names[city], share=words.plain(100 * float(mine["investment"].sum()) / total),
    )  # fmt: skip


def points_of(spec: Spec, words: Words = ENGLISH) -> pd.DataFrame:
    """Return names and coordinates of places, indexed by id."""
    places = {name: place for name, place in spec.world.places.items() if not place.entrants_only}
    rows = [(words.name(place), place.lon, place.lat, place.origin) for place in places.values()]
    return pd.DataFrame(rows, index=list(places), columns=["name", "lon", "lat", "origin"])


def hours_of(played: Run, home: str, when: Quarter | None = None) -> dict[str, float]:
    """Return hours from door to door from `home` to the places of the corridor in a quarter, the last by default."""
    spec = played.spec
    model = getattr(played, "model", None)  # a stored run has none
    foundation = model.foundation if model is not None else lay_foundation(spec)
    hours = foundation.routes.at(lines_open(spec, when)).hours
    row = foundation.setting.places.row
    return {place: float(hours[row(home), row(place)]) for place in spec.scenario.study.corridor if place != home}


def tracks_of(spec: Spec, when: Quarter | None = None) -> list[Track]:
    """Return the high-speed lines open in a quarter (the last by default), and the corridor under study."""
    network = spec.world.network
    where = {name: (place.lon, place.lat) for name, place in spec.world.places.items()}
    where |= {name: (node.lon, node.lat) for name, node in network.nodes.items()}
    fast = [network.lines[name] for name in sorted(lines_open(spec, when)) if network.lines[name].mode is Mode.HSR]
    tracks = [Track([where[stop] for stop in line.stops], corridor=False) for line in fast]
    corridor = [where[place] for place in spec.scenario.study.corridor]
    return [*tracks, Track(corridor, corridor=True)] if len(corridor) > 1 else tracks
