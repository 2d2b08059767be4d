"""Key findings that need no luck, by draw of the inputs: by the scripts of the experiments themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np
from others import SCENARIOS, drawn_from, laid, script

from relocsim.answers.expecting import in_replicates
from relocsim.batch.playing import realised
from relocsim.foundation import Foundation, lay_foundation
from relocsim.spec import load
from relocsim.world.calendar import Quarter

DRAWS = 40
Key = tuple[str, str, str]
"""Experiment, finding, unit."""
Values = dict[Key, np.ndarray]
"""Figures by draw or replicate."""
INFLOW, SHARE = "% of what comes", "% of the city's share"

GAINING = {"Chenzhou": "chenzhou", "Shaoguan": "shaoguan", "Hengyang": "hengyang", "Qingyuan": "qingyuan"}
CORNERS = {
    "line, strong siphon, dear skills": "DRAINED",
    "the same, easy sourcing, weak news": "LITTLE",
    "the same, cheap hours": "CHEAP_HOURS",
}
"""Parameters that are set, by their name in railway-sign."""
PARKS = ("near parks", "near, all three", "own park", "own, all three")
BIDDERS = (1, 16, 60, 79)
PLANKS = {
    "shortest less average": (-1.0, "same lift", "shortest less average"),
    "shortest less average, rho -3": (-3.0, "same lift", "shortest less average"),
    "widest less shortest": (-1.0, "same lift", "widest less shortest"),
    "shortest less average, same money": (-1.0, "same money", "shortest less average"),
}
"""Exponent, effort and plank."""
LINE = frozenset({"hsr"})
QUESTIONS = {
    "high-speed line": ("railway", frozenset(), LINE),
    "parks of Shaoguan, Qingyuan, Heyuan": ("interception", LINE, {"interception"}),
    "park expansion with quota": ("parks", LINE, {"park-expansion", "land-consolidation"}),
    "suppliers cultivated": ("shortest-plank", LINE, {"supplier-cultivation"}),
    "desk work": ("outreach", LINE, {"desk-work"}),
}
"""Scenario, policies of the first arm, and what the second adds."""
VISITS = frozenset({"delegations"})
CARDS = ("policy-card", "resources-card", "industry-card", "river-port-card", "park-expansion", "project-packaging")


def foretold(posterior: Path | None) -> Values:
    """Return all findings without luck, of inputs drawn from a posterior or from their ranges."""
    found: Values = {}
    for of_draw in (corridor, corners, parks, race, planks):
        found |= over_draws(of_draw, posterior)
        print(f"{of_draw.__name__} done", flush=True)
    return found | dict(questions(posterior)) | dict(cards(posterior))


def over_draws(of_draw: Callable[[Path | None, int], Iterator[tuple[Key, float]]], posterior: Path | None) -> Values:
    """Return figures over all draws."""
    draws: list[Mapping[Key, float]] = [dict(of_draw(posterior, draw)) for draw in range(DRAWS)]
    return {key: np.array([one[key] for one in draws]) for key in draws[0]}


def corridor(posterior: Path | None, draw: int) -> Iterator[tuple[Key, float]]:
    """Yield what cities gain by the line, and what a deep chain takes off the gain of Chenzhou."""
    rail = script("rail-and-depth", "measure")
    base = laid(rail.scenario(), posterior, draw)

    def gains(world: Foundation) -> dict[str, float]:
        before, after = (one.output.sum(axis=(0, 1, 2)) for one in rail.both(world))
        rows = {name: world.setting.places.row(city) for name, city in GAINING.items()}
        return {name: rail.percent(before[at], after[at]) for name, at in rows.items()}

    found = gains(base)
    for name, value in found.items():
        yield ("rail-and-depth", f"line: {name}", INFLOW), value
    deep = gains(rail.deepened(base, 1.0))["Chenzhou"]
    yield ("rail-and-depth", "line: Chenzhou, deep less as it is", "pp"), deep - found["Chenzhou"]


def corners(posterior: Path | None, draw: int) -> Iterator[tuple[Key, float]]:
    """Yield what Chenzhou gains by the line at the ends of some ranges; all else is drawn."""
    sign = script("railway-sign", "phase")
    for name, corner in CORNERS.items():
        base = laid(sign.scenario(**getattr(sign, corner)), posterior, draw)
        yield ("railway-sign", name, INFLOW), float(sign.inflow(base, (0, 1, 2)))


def parks(posterior: Path | None, draw: int) -> Iterator[tuple[Key, float]]:
    """Yield what parks nearer the coast, and its own, change of what chooses Chenzhou."""
    near = script("interception", "measure")
    spec = load(near.HERE / "scenario.yaml", settings=near.SETTINGS)
    drawn = realised(drawn_from(spec, posterior), draw)
    foundation = lay_foundation(drawn, replicate=draw)
    base = near.looked_at(near.Foretelling(drawn, foundation=foundation))
    for arm in PARKS:
        with_it = drawn.with_policies(drawn.on | drawn.members(near.ARMS[arm]))
        after = near.looked_at(near.Foretelling(with_it, foundation=foundation))
        change = {key[4]: value for key, value in near.changes(arm, base, after) if key[1:4] == (arm, "all", "all")}
        yield ("interception", f"{arm}: Chenzhou", INFLOW), change["output, city"]
        if arm == "near, all three":
            lost = change["lost by Chenzhou of 100 that the three gain"]
            yield ("interception", f"{arm}: lost of what these gain", "%"), lost


def race(posterior: Path | None, draw: int) -> Iterator[tuple[Key, float]]:
    """Yield what Chenzhou gains by its package when more and more places offer it, and loses if it drops out."""
    bids = script("incentive-race", "figures")
    base = laid(load(bids.HERE / "scenario.yaml", settings=["scenario.firms=4000"]), posterior, draw)
    found = dict(bids.of_draw(base, {key: bids.flow_of(base, on) for key, on in bids.sets().items()}))
    for count in BIDDERS:
        name = "one bidder: its gain" if count == 1 else f"{count} bidders: Chenzhou"
        yield ("incentive-race", name, INFLOW), found[count, "gain of Chenzhou against nobody bidding"]
    yield ("incentive-race", "60 bidders: lost if it alone drops out", INFLOW), found[60, bids.DROPS]


def planks(posterior: Path | None, draw: int) -> Iterator[tuple[Key, float]]:
    """Yield what it adds to lengthen one input of a chain and not another."""
    links = script("shortest-plank", "planks")
    spec = load(SCENARIOS / "chenzhou.yaml", settings=["scenario.firms=4000"])
    drawn, found = realised(drawn_from(spec, posterior), draw), {}
    for rho in {rho for rho, _, _ in PLANKS.values()}:
        city = links.City(lay_foundation(links.with_rho(drawn, rho), replicate=draw))
        found |= {(rho, *which): links.over_sectors(city, gain) for which, gain in links.by_effort(city)}
    for name, key in PLANKS.items():
        yield ("shortest-plank", name, INFLOW), found[key]


def questions(posterior: Path | None) -> Iterator[tuple[Key, np.ndarray]]:
    """Yield what policies change of what Chenzhou may expect."""
    asked = script("chenzhou-questions", "expected")
    for name, (question, base, added) in QUESTIONS.items():
        arms = {"baseline": base, name: base | added}
        found = expected(asked.QUESTIONS / f"{question}.yaml", arms, "chenzhou", asked.UNTIL, posterior)
        yield ("chenzhou-questions", name, SHARE), found[name]
        print(f"{name} done", flush=True)


def cards(posterior: Path | None) -> Iterator[tuple[Key, np.ndarray]]:
    """Yield what each card changes of what Yibin may expect."""
    arms = {"delegations": VISITS, **{name: VISITS | {name} for name in CARDS}}
    arms["the four cards together"] = VISITS | set(CARDS[:4])
    until = script("yibin-questions", "expected").AFTER_CARDS
    for name, change in expected(SCENARIOS / "yibin.yaml", arms, "yibin", until, posterior).items():
        yield ("yibin-questions", name, SHARE), change


def expected(
    path: Path, arms: Mapping[str, frozenset[str]], city: str, until: str, posterior: Path | None
) -> dict[str, np.ndarray]:
    """Return the change of a city's share over the first arm by arm, %, by draw; without strata, as there is no luck."""
    spec = drawn_from(load(path, settings=["scenario.firms=4000", "scenario.study.strata=[]"]), posterior)
    found = in_replicates(spec, arms, (city,), until=Quarter.parse(until), replicates=DRAWS)[:, :, 0]
    return {name: 100 * (found[:, at] / found[:, 0] - 1) for at, name in enumerate(arms) if at}
