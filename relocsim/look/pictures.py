"""What a run has come to so far, drawn as the printed charts are: flows on the map, capture by city, the funnel.

Read from columns, quarter by quarter: no table of all projects and no object a firm is made. Refuses to change the model.
"""

from __future__ import annotations

from threading import Lock

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from relocsim.batch.reached import outside, reached, studied
from relocsim.language import Words, message
from relocsim.look.looked import LookedModel
from relocsim.metrics.capture import capture_rate, flows
from relocsim.report.charts.comparison import caption_of, names_of, points_of
from relocsim.report.charts.delivery import funnel_chart
from relocsim.report.charts.map import Track, flow_map
from relocsim.report.charts.sources import stages_of
from relocsim.report.tables import place_name
from relocsim.report.terms import short
from relocsim.report.theme import BLUE, GREY, LIGHT, canvas, styled, wrapped
from relocsim.world.lines import Mode
from relocsim.world.projects import STAGES

DRAWING = Lock()
"""Held while a figure is drawn: the style of figures is one for the whole process."""
_FLOWS, _LABELS, _BARS, _LINES = 60, 12, 14, 5


def stage_of(model: LookedModel) -> int:
    """Return the stage from which a project counts as captured."""
    return STAGES.index(model.spec.scenario.study.stage)


def rates_so_far(model: LookedModel) -> np.ndarray:
    """Return capture rates by investment, cumulated from the start, by quarter and place, (T, P); nan for none yet."""
    projects = model.projects
    flow = flows(
        projects.investment[None], projects.dates[[stage_of(model)]], projects.place, studied(model),
        quarters=max(model.quarter, 1), places=len(model.setting.places.ids),
    )  # fmt: skip
    return capture_rate(flow[0, 0].cumsum(axis=0), outside(model))[: model.quarter]


def flows_so_far(model: LookedModel) -> pd.DataFrame:
    """Return what went from each studied origin to each place outside them: origin, place, investment; least first."""
    ids, places = np.array(model.setting.places.ids), model.setting.places
    rows = np.flatnonzero(reached(model, stage_of(model)) & outside(model)[model.projects.place])
    at = model.projects.origin[rows].astype(np.int64) * len(ids) + model.projects.place[rows]
    total = np.bincount(at, model.projects.investment[rows], len(places.origins) * len(ids))
    some = np.flatnonzero(total > 0)
    some = some[np.argsort(total[some], kind="stable")]
    origin, place = places.origins[some // len(ids)], some % len(ids)
    return pd.DataFrame({"origin": ids[origin], "place": ids[place], "investment": total[some]})


def when(model: LookedModel, words: Words) -> str:
    """Return the last quarter played in words."""
    return words.quarter(model.spec.scenario.start + (model.quarter - 1)) if model.quarter else words("the start")


def _caption(model: LookedModel, words: Words, more: str = "") -> str:
    inputs = words("central inputs")
    if model.replicate is not None:
        inputs = words("inputs of replicate {replicate}", replicate=model.replicate)
    text = words(
        "n = 1 run up to {when}, {inputs}, no interval{more}", when=when(model, words), inputs=inputs, more=more
    )
    return caption_of(model.spec, text, words)


def map_so_far(model: LookedModel, words: Words) -> Figure:
    """Return the map of flows up to the last quarter played, with the lines open now."""
    spec, city = model.spec, model.spec.scenario.study.city
    held = flows_so_far(model)
    shown = held[(held["place"] == city) | (held.index >= len(held) - _FLOWS)]
    leaving, taking = (held.groupby(by)["investment"].sum().nlargest(_LABELS).index for by in ("origin", "place"))
    labels = list(dict.fromkeys([city, *spec.scenario.study.corridor, *leaving, *taking]))
    more = words("; the {count} largest flows and all to {city}", count=_FLOWS, city=place_name(spec, city, words))
    title, caption = _map_title(model, held, words), _caption(model, words, more)
    with DRAWING:
        figure = flow_map(
            shown, points_of(spec, words), tracks_now(model), city=city, labels=labels, title=title, caption=caption,
            words=words,
        )  # fmt: skip
        legend = figure.axes[0].get_legend()
        for said in legend.get_texts() if legend else ():
            if said.get_text() == words("other high-speed lines open at the end"):
                said.set_text(words("other high-speed lines open by now"))
    return figure


def _map_title(model: LookedModel, held: pd.DataFrame, words: Words) -> str:
    spec, total = model.spec, float(held["investment"].sum())
    city = spec.scenario.study.city
    if not total > 0:
        return words("Up to {when} nothing has been placed outside the studied origins", when=when(model, words))
    mine = float(held.loc[held["place"] == city, "investment"].sum())
    if not mine > 0:
        return words(_NONE, when=when(model, words), amount=words.money(total), city=place_name(spec, city, words))
    return words(
        "Up to {when} firms of the studied origins placed {amount} elsewhere, {share} % of it in {city}",
        when=when(model, words), amount=words.money(total), share=words.plain(100 * mine / total),
        city=place_name(spec, city, words),
    )  # fmt: skip


_NONE = message("Up to {when} firms of the studied origins placed {amount} elsewhere, none of it in {city}")


def tracks_now(model: LookedModel) -> list[Track]:
    """Return the high-speed lines that are open, and the corridor under study."""
    network, spec = model.spec.world.network, model.spec
    where = {name: (place.lon, place.lat) for name, place in spec.world.places.items()}
    where |= {name: (node.lon, node.lat) for name, node in network.nodes.items()}
    lines = [network.lines[name] for name in sorted(model.open_lines())]
    fast = [Track([where[stop] for stop in line.stops], corridor=False) for line in lines if line.mode is Mode.HSR]
    corridor = [where[place] for place in spec.scenario.study.corridor]
    return [*fast, Track(corridor, corridor=True)] if len(corridor) > 1 else fast


def capture_so_far(model: LookedModel, words: Words) -> Figure:
    """Return capture rates up to the last quarter played: over time, and ranked."""
    rates = rates_so_far(model)
    now = rates[-1] if len(rates) else np.full(len(model.setting.places.ids), np.nan)
    order = np.flatnonzero(outside(model))
    order = order[np.argsort(-np.nan_to_num(now[order]), kind="stable")]
    city = model.setting.places.row(model.spec.scenario.study.city)
    title, caption = _capture_title(model, now, order, city, words), _caption(model, words)
    names = list(names_of(model.spec, words).items())
    said = {model.setting.places.row(place): short(name) for place, name in names}
    with DRAWING, styled(words):
        figure = canvas(10, 7.2, title, caption)
        over, ranked = figure.subplots(1, 2, width_ratios=[1.25, 1])
        _draw_over_time(over, model, 100 * rates, [int(at) for at in order if at != city][:_LINES], city, said)
        over.set_ylabel(words("share of investment placed so far, %"))
        _draw_ranks(ranked, np.nan_to_num(100 * now), order, city, said)
        ranked.set_xlabel(words("share of investment placed so far, %"))
    return figure


def _draw_ranks(axes: Axes, percent: np.ndarray, order: np.ndarray, city: int, said: dict[int, str]) -> None:
    """Draw the places that took most, and the city under study; a rank is of those that took anything."""
    bars = list(dict.fromkeys([*(int(at) for at in order[:_BARS] if percent[at] > 0), city]))
    ranks = [f"{int(np.flatnonzero(order == at)[0]) + 1} " if percent[at] > 0 else "" for at in bars]
    axes.barh(range(len(bars)), percent[bars], color=[BLUE if at == city else LIGHT for at in bars])
    axes.set_yticks(range(len(bars)), [f"{rank}{said[at]}" for rank, at in zip(ranks, bars, strict=True)])
    axes.set_ylim(max(len(bars), _BARS) - 0.4, -0.6)
    axes.set_xlim(0, max(1.05 * float(percent[bars].max()), 1e-3))


def _draw_over_time(
    axes: Axes, model: LookedModel, percent: np.ndarray, rivals: list[int], city: int, said: dict[int, str]
) -> None:
    start = model.spec.scenario.start.index
    years = (start + 1 + np.arange(len(percent))) / 4
    for at in rivals:
        axes.plot(years, percent[:, at], color=GREY, linewidth=1.0, alpha=0.8)
    axes.plot(years, percent[:, city], color=BLUE, linewidth=2.4)
    settled = percent[2 * len(percent) // 3 :, [city, *rivals]]
    top = float(np.nanmax(settled)) if np.isfinite(settled).any() else 1.0
    axes.set_ylim(0, 1.15 * top)
    axes.set_xlim(start / 4, (start + model.spec.scenario.quarters) / 4)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))
    if len(percent):
        _name_ends(axes, float(years[-1]), percent[-1], [city, *rivals], said)


def _name_ends(axes: Axes, year: float, percent: np.ndarray, rows: list[int], said: dict[int, str]) -> None:
    """Name lines at their ends, far enough apart to be read, the city under study first."""
    apart, taken = 0.045 * axes.get_ylim()[1], list[float]()
    for at in rows:
        height = float(percent[at])
        if np.isfinite(height) and all(abs(height - other) > apart for other in taken):
            taken.append(height)
            axes.text(year, height, f" {said[at]}", va="center", fontsize=8.5, color=BLUE if at == rows[0] else GREY,
                      fontweight="bold" if at == rows[0] else "normal")  # fmt: skip


def _capture_title(model: LookedModel, now: np.ndarray, order: np.ndarray, city: int, words: Words) -> str:
    name = place_name(model.spec, model.spec.scenario.study.city, words)
    if not np.isfinite(now[city]):
        return words("Up to {when} no investment is placed anywhere outside the origins", when=when(model, words))
    if not now[city] > 0:
        return words("Up to {when} {city} has captured nothing", when=when(model, words), city=name)
    rank = int(np.flatnonzero(order == city)[0]) + 1
    return words(
        "Up to {when} {city} has captured {share} % of the investment placed, rank {rank} of {count}",
        when=when(model, words), city=name, share=words.plain(100 * float(now[city])), rank=rank, count=len(order),
    )  # fmt: skip


_SIGNED = message("Of the investment signed in {city} up to {when}, {share} is in production")


def funnel_so_far(model: LookedModel, words: Words) -> Figure:
    """Return the funnel of the city under study up to the last quarter played."""
    name, stages = place_name(model.spec, model.spec.scenario.study.city, words), funnel_stages(model)
    caption = _caption(model, words, words("; all projects of the city; what fell away stays counted as far as it got"))
    rows = stages.set_index("stage")
    title = words("Up to {when} nothing is signed in {city}", when=when(model, words), city=name)
    if rows.loc["signed", "mean"] > 0:
        share = words.percent(float(rows.loc["producing", "of_signed"]))
        title = words(_SIGNED, city=name, when=when(model, words), share=share)
    with DRAWING, styled(words):
        figure = funnel_chart(stages, city=name, targets={}, caption=caption, words=words)
        figure.suptitle(wrapped(title, 7.6), x=0.012, ha="left", fontsize=12.5, fontweight="bold")
        axes = figure.axes[0]
        axes.set_xlabel(words("investment that reached the stage so far, 1e8 yuan"))
        axes.set_xlim(0, max(axes.get_xlim()[1], 1e-3))
    return figure


def funnel_stages(model: LookedModel) -> pd.DataFrame:
    """Return the funnel of the city under study as the printed chart takes it."""
    projects = model.projects
    rows = np.flatnonzero(projects.place == model.setting.places.row(model.spec.scenario.study.city))
    dates = {f"{name}_at": np.where(projects.dates[at, rows] >= 0, "reached", "") for at, name in enumerate(STAGES)}
    return stages_of(pd.DataFrame({"investment": projects.investment[rows], **dates}))
