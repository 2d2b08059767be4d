"""What the line changes, by city, depth and size: `python experiments/rail-and-depth/measure.py results/rail-and-depth`.

Writes table.csv beside this file: the paired runs of the batch, with their luck; and what is to be expected in a
review four years after it opened, without luck, for the corridor and for a city of other depth and size.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

import relocsim
from relocsim.batch.expecting import Expected, access_with, expected_intentions
from relocsim.batch.playing import realised
from relocsim.batch.summaries import by_replicate
from relocsim.foundation import Foundation, conditions, empty_levers, first_state, lay_foundation
from relocsim.metrics.effects import estimate
from relocsim.metrics.passing import on_the_way
from relocsim.phases import awareness, supply
from relocsim.phases.supply import haul_premium
from relocsim.spec import Spec, load
from relocsim.world.levers import CLASSES
from relocsim.world.network import Access

HERE = Path(__file__).parent
LINE, CITY = "wuhan-guangzhou-hsr", "chenzhou"
CORRIDOR = ("qingyuan", "shaoguan", "chenzhou", "hengyang", "zhuzhou", "xiangtan", "changsha", "rest-of-hunan", "wuhan")
DRAWS = 40
DIAL = (0.0, 0.1, 0.3, 0.6, 1.0)
"""How far the chain is deepened: one is the policy of scenario.yaml."""
SCALED = ("population", "gdp", "park_land", "park_land_growth", "floor_space", "floor_space_growth", "revenue")
SIZES = (1 / 3, 1.0, 4.0)
SIPHONS = {"as drawn": {}, "strongest": {"siphon_strength": 4, "skill_premium": 1}}
OBSERVED = {
    "capture": "pp", "intentions": "firms", "passed through": "pp", "intercepted": "pp", "skills lacking": "pp",
}  # fmt: skip
Found = dict[tuple[str, ...], list[float]]
"""A figure by draw, by what it is of."""


def main() -> None:
    """Measure everything and write the table."""
    found: Found = {}
    for at in range(DRAWS):
        for key, value in (*expected_corridor(at), *expected_grid(at)):
            found.setdefault(key, []).append(value)
        print(f"draw {at + 1} of {DRAWS}", file=sys.stderr)
    for key, values in of_batch(Path(sys.argv[1])):
        found[key] = list(values)
    found |= dict(why())
    names = ["part", "city", "by", "of", "quantity", "unit"]
    rows = [{**dict(zip(names, key, strict=True)), **asdict(estimate(np.array(one)))} for key, one in found.items()]
    pd.DataFrame(rows).round(5).to_csv(HERE / "table.csv", index=False, lineterminator="\n")


@cache
def scenario(size: float | None = None, **parameters: float) -> Spec:
    """Return the scenario, with the city's size set and its output kept where a size is given: what is set is not drawn."""
    settings = ["scenario.firms=2000", *(f"parameters.{name}={value}" for name, value in parameters.items())]
    spec = load(HERE / "scenario.yaml", settings=settings)
    if size is None:
        return spec
    place = spec.world.places[CITY]
    scaled = {name: size * getattr(place, name) for name in SCALED}
    scaled["manufacturing_ratio"] = place.manufacturing_ratio / size
    return load(HERE / "scenario.yaml", settings=[*settings, *(f"places.{CITY}.{k}={v}" for k, v in scaled.items())])


def both(base: Foundation) -> tuple[Expected, Expected]:
    """Return what is expected without and with the line."""
    return expected_intentions(base), expected_intentions(base, [LINE])


def percent(before: float, after: float) -> float:
    """Return the change in per cent."""
    return 100 * (after / before - 1)


def outside(base: Foundation) -> np.ndarray:
    """Return which places are destinations outside the studied origins, (P,)."""
    places = base.setting.places
    away = places.destination.copy()
    away[places.origins[places.studied]] = False
    return away


def shares_passing(base: Foundation, expected: Expected, city: int) -> tuple[float, float]:
    """Return the shares, %, of what goes outside that passes through a city and that stops on the way to it."""
    places, away = base.setting.places, outside(base)
    km, start = places.km, places.km[places.origins]
    going = expected.output.sum(axis=(1, 2)) * away
    beyond = on_the_way(start[:, [city]], km[city][None], start)
    before = on_the_way(start, km[:, city][None], start[:, [city]])
    beyond[:, city] = before[:, city] = False
    return tuple(100 * float((going * some).sum() / going.sum()) for some in (beyond, before))  # type: ignore[return-value]


def expected_corridor(draw: int) -> Iterator[tuple[tuple[str, ...], float]]:
    """Yield the expected changes of every city of the corridor in one draw of the inputs."""
    base = lay_foundation(realised(scenario(), draw), replicate=draw)
    places, (before, after) = base.setting.places, both(base)
    rows = [places.row(name) for name in CORRIDOR]
    whole = [one.output[..., rows].sum() for one in (before, after)]
    for city, at in zip(CORRIDOR, rows, strict=True):
        was, now = before.output[..., at], after.output[..., at]
        yield ("expected", city, "all", "all", "inflow", "%"), percent(was.sum(), now.sum())
        share = was.sum() / whole[0], now.sum() / whole[1]
        yield ("expected", city, "all", "all", "share of the corridor", "%"), percent(*share)
        passing = [shares_passing(base, one, at) for one in (before, after)]
        for which, name in enumerate(("passed through", "intercepted")):
            yield ("expected", city, "all", "all", f"{name}, level", "%"), passing[0][which]
            yield ("expected", city, "all", "all", name, "pp"), passing[1][which] - passing[0][which]
        for s, sector in enumerate(base.setting.sectors.ids):
            yield ("expected", city, "sector", sector, "inflow", "%"), percent(was[:, s].sum(), now[:, s].sum())
        for z, kind in enumerate(CLASSES):
            yield ("expected", city, "size of firm", kind, "inflow", "%"), percent(was[..., z].sum(), now[..., z].sum())
        yield ("expected", city, "all", "all", "depth", "share"), mean_depth(base, at)


def mean_depth(base: Foundation, city: int) -> float:
    """Return the depth of a city at the start, mean over sectors weighted by tradable inputs."""
    sectors = base.setting.sectors
    made = base.output[:, sectors.maker] * sectors.made_share
    made[:, len(sectors.ids) :] *= base.presence
    depth = supply.depth(base.setting, supply.coverage(base.setting, made))
    return float(np.average(depth[:, city], weights=sectors.tradable))


def deepened(base: Foundation, dial: float) -> Foundation:
    """Return the foundation in which the city's suppliers make up to ten times as much and every key component."""
    at, output, presence = base.setting.places.row(CITY), base.output.copy(), base.presence.copy()
    output[at] *= 1 + 9 * dial
    presence[at] = np.maximum(presence[at], dial)
    return replace(base, output=output, presence=presence)


def expected_grid(draw: int) -> Iterator[tuple[tuple[str, ...], float]]:
    """Yield the expected changes of the city at other depths and sizes, and with the strongest siphon, in one draw."""
    for siphon, parameters in SIPHONS.items():
        by = f"siphon {siphon}"
        found = {}
        for size in SIZES:
            base = lay_foundation(realised(scenario(size, **parameters), draw), replicate=draw)
            for dial in DIAL:
                deep = deepened(base, dial)
                at, pair = deep.setting.places.row(CITY), both(deep)
                before, after = (one.output[..., at].sum() for one in pair)
                passing = [shares_passing(deep, one, at)[0] for one in pair]
                found[size, dial] = percent(before, after)
                of = f"size {size:.2g}, dial {dial:g}"
                yield ("grid", CITY, by, of, "inflow", "%"), found[size, dial]
                yield ("grid", CITY, by, of, "passed through", "pp"), passing[1] - passing[0]
                yield ("grid", CITY, by, of, "depth", "share"), mean_depth(deep, at)
        yield ("grid", CITY, by, "deep less as it is", "inflow", "pp"), found[1.0, 1.0] - found[1.0, 0.0]
        yield ("grid", CITY, by, "four times less a third", "inflow", "pp"), found[4.0, 0.0] - found[1 / 3, 0.0]


def why() -> Iterator[tuple[tuple[str, ...], list[float]]]:
    """Yield what the line changes in each city for those who would choose it, at central inputs."""
    base = lay_foundation(scenario())
    setting, (before, _) = base.setting, both(base)
    state, levers = first_state(setting, base.output, base.presence), empty_levers(setting, base.site)
    pair = [access_with(base, lines) for lines in ((), (LINE,))]
    sheets = [conditions(setting, state, levers, one, haul_premium(setting, one), 0.0).sheet.components for one in pair]
    hours = [one.hours[setting.places.origins][:, None, None] for one in pair]
    guangzhou = setting.places.row("guangzhou")
    known = [-np.expm1(-contact)[:, None, None] for contact in contacts(base, pair)]
    changes = {
        "hours to the origin": ("hours", hours),
        "known after four years": ("%", [100 * np.log(one) for one in known]),
    }
    changes |= {
        name: ("yuan per 100", [sheet[name] for sheet in sheets]) for name in ("coordination", "inputs", "skills")
    }
    for city in CORRIDOR:
        at = setting.places.row(city)
        for name, one in zip(("without", "with"), pair, strict=True):
            yield ("why", city, "all", "all", f"hours to Guangzhou, {name}", "hours"), [float(one.hours[guangzhou, at])]
        for name, (unit, (was, now)) in changes.items():
            change = np.broadcast_to(now - was, setting.shape)[..., at]
            yield ("why", city, "all", "all", name, unit), [float(np.average(change, weights=before.output[..., at]))]


def contacts(base: Foundation, pair: list[Access]) -> list[np.ndarray]:
    """Return the usual contacts (O, P) up to four years after the opening, without and with the line."""
    setting = base.setting
    left = awareness.kept(setting) ** 16 * awareness.past_years(setting) * awareness.contact_rate(setting, pair[0])
    return [left + awareness.remembered(setting, 4) * awareness.contact_rate(setting, one) for one in pair]


def of_batch(folder: Path) -> Iterator[tuple[tuple[str, ...], np.ndarray]]:
    """Yield the changes with the line in the runs of the plan, by replicate: for every size and depth, and by city."""
    batch = relocsim.StoredBatch(folder)
    points = batch.points.reset_index(drop=True)
    money = {city: by_place(batch, city) for city in CORRIDOR}
    for (gdp, deep), pair in points.groupby(["gdp", "suppliers"], sort=True):
        off, on = (int(pair.loc[pair["rail"] == with_line, "point"].iloc[0]) for with_line in (False, True))
        of = f"size {gdp / points['gdp'].median():.2g}, dial {float(deep):g}"
        for name, unit in OBSERVED.items():
            values = by_replicate(batch, name)
            yield ("plan", CITY, "all", of, name, unit), values[:, on] - values[:, off]
            yield ("plan", CITY, "all", of, f"{name}, level", unit), values[:, off]
        yield ("plan", CITY, "all", of, "investment intended", "1e8 yuan"), money[CITY][:, on] - money[CITY][:, off]
        yield ("plan", CITY, "all", of, "investment intended, level", "1e8 yuan"), money[CITY][:, off]
        if of == "size 1, dial 0":
            for city in CORRIDOR:
                before, after = money[city][:, off], money[city][:, on]
                yield ("played", city, "all", "all", "inflow", "%"), 100 * (after - before) / before.mean()


def by_place(batch: relocsim.StoredBatch, place: str) -> np.ndarray:
    """Return the investment intended in a place by replicate and point, 1e8 yuan."""
    cells = batch.cell_table(places=[place])
    return cells.pivot_table(index="replicate", columns="point", values="investment", aggfunc="sum").to_numpy()


if __name__ == "__main__":
    main()
