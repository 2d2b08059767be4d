"""Appendix: the yardsticks that officials use, the course over time, rivals, and where the figures come from."""

from __future__ import annotations

import numpy as np
import pandas as pd

from relocsim.briefing.blocks import Block, Chart, Line, Lines, Points, Section, Table, Text
from relocsim.briefing.facts import Facts
from relocsim.briefing.rules import POINTS, interval_of, plain_cell, signed_cell, title_of
from relocsim.language import Words
from relocsim.metrics.effects import Estimate

_RIVALS = 8


def appendix(words: Words, facts: Facts) -> Section:
    """Return the appendix of figures."""
    blocks: list[Block] = [yardsticks(words, facts), *_course(words, facts), rivals(words, facts)]
    if facts.stored.missing:
        absent = words.listed(list(facts.stored.missing))
        text = words("Missing from the stored results, and so from this briefing: {tables}.", tables=absent)
        blocks.append(Text(text))
    blocks.append(Points(origin_of(words, facts), detail=True))
    return Section(words("Appendix: figures"), tuple(blocks))


def yardstick_names(words: Words) -> dict[str, tuple[str, float, str]]:
    """Return name, scale and unit of each yardstick for readers."""
    money, share = words("1e8 yuan"), "%"
    return {
        "signed projects": (words("Contracts signed"), 1.0, words("projects")),
        "large projects": (words("of these with 100 million yuan or more"), 1.0, words("projects")),
        "signed": (words("Contracts signed, investment"), 1.0, money),
        "in place": (words("Money in place"), 1.0, money),
        "in place from outside the city": (words("of it from outside the city"), 1.0, money),
        "in place from outside the province": (words("of it from outside the province"), 1.0, money),
        "honoured rate": (words("Contracts honoured, of those signed"), POINTS, share),
        "started rate": (words("Ground broken, of those signed"), POINTS, share),
        "in-place rate": (words("Money in place, of that signed"), POINTS, share),
        "tax per hectare": (words("Tax per hectare of plants that built"), 1e4, words("1e4 yuan a year")),
    }


def yardsticks(words: Words, facts: Facts) -> Block:
    """Return the yardsticks over the period: as written, with the policies, and the difference."""
    if facts.stored.table("yardsticks") is None:
        return Text(words("The yardsticks that officials use were not stored with these results (table yardsticks)."))
    main = facts.main
    arms = ["baseline"] if main is None else ["baseline", main.arm]
    heads = [words("as written")] if main is None else [words("as written"), title_of(words, main), words("difference")]
    rows = []
    for key, (name, scale, unit) in yardstick_names(words).items():
        levels = [facts.quantity("yardsticks", arm, yardstick=key, kind="level") for arm in arms]
        cells = [plain_cell(words, one, scale) for one in levels]
        if main is not None:
            effect = facts.quantity("yardsticks", main.arm, yardstick=key, kind="effect")
            cells.append(signed_cell(words, effect, scale))
        rows.append((name, unit, *cells))
    columns = words("Yardstick"), words("unit"), *heads
    note = words(
        "City, whole period {start} to {end}; rates and tax at its end. All recruited projects count, those of state-owned "
        "firms too. Mean of paired replicates (interval).",
        start=facts.manifest["start"], end=facts.manifest["end"],
    )  # fmt: skip
    widths = (2.1, 0.9, *[1.5] * len(heads))
    return Table(words("Yardsticks"), columns, tuple(rows), note, "yardsticks", widths)


def _course(words: Words, facts: Facts) -> list[Block]:
    if facts.stored.table("timeline") is None:
        return [Text(words("The course over time was not stored with these results (table timeline)."))]
    return [course(words, facts)]


def course(words: Words, facts: Facts) -> Chart:
    """Return the capture rate over time, as written and with the policies."""
    table = facts.stored.tables["timeline"]
    own = table[table["place"] == facts.manifest["city"]]
    named = {"baseline": words("as written")}
    if facts.main is not None:
        main = title_of(words, facts.main)
        named[facts.main.arm] = words("without {policy}", policy=main) if facts.main.in_baseline else main
    lines = tuple(_line(own[own["arm"] == arm], label) for arm, label in named.items())
    times = tuple(str(one) for one in own[own["arm"] == "baseline"]["quarter"])
    told = [
        words(
            "{policy} {figure}", policy=one.label, figure=words.between(*(words.plain(end[-1]) for end in _ends(one)))
        )
        for one in lines
    ]
    city, rate = facts.city(words), facts.baseline
    title = words("{city}'s capture rate over time: {figures} % at the end", city=city, figures=words.listed(told))
    axis = words("share of investment placed so far, %")
    note = words(
        "Cumulated from the start. Line: mean of n = {n} paired replicates; band: {interval}.",
        n=facts.replicates, interval=interval_of(words, rate),
    )  # fmt: skip
    alt = words("Capture rate at the end of the period, %: {figures}.", figures="; ".join(told))
    return Chart(title, Lines(times, lines), axis, alt, note, "timeline")


def _ends(line: Line) -> tuple[tuple[float, ...], ...]:
    return line.mean, line.low, line.high


def _line(rows: pd.DataFrame, label: str) -> Line:
    mean, low, high = (tuple(POINTS * rows[name].to_numpy(dtype=float)) for name in ("mean", "low", "high"))
    return Line(label, mean, low, high)


def rivals(words: Words, facts: Facts) -> Table:
    """Return the places that capture most, and the city, in the scenario as written."""
    ranked, city = facts.ranked(), facts.manifest["city"]
    shown = ranked[:_RIVALS] if city in ranked[:_RIVALS] else [*ranked[:_RIVALS], city]
    rows = tuple(
        (words("{rank}. {place}", rank=ranked.index(one) + 1, place=facts.name(one, words)), _rate(words, facts, one))
        for one in shown
    )
    columns = words("Place (of {n})", n=len(ranked)), words("Capture rate, %")
    return Table(words("Rivals in the scenario as written"), columns, rows, "", "capture", (2, 1.3))


def _rate(words: Words, facts: Facts, place: str) -> str:
    found: Estimate = facts.rate_of("baseline", place)
    return plain_cell(words, found, POINTS) if np.isfinite(found.mean) else "–"


def origin_of(words: Words, facts: Facts) -> tuple[str, ...]:
    """Return where the figures come from."""
    held = facts.manifest
    items = [
        words(
            "Run: scenario {scenario}, digest {digest}, seed {seed}, {n} replicates, relocsim {version}.",
            scenario=held.get("scenario", held["name"]), digest=str(held["digest"])[:12], seed=held["seed"],
            n=facts.replicates, version=held.get("relocsim", "?"),
        )
    ]  # fmt: skip
    if held.get("settings"):
        items.append(
            words("Changed for this run: {settings}.", settings=words.listed([str(one) for one in held["settings"]]))
        )
    return tuple(items)
