"""Time of a quarter against firms and against places, with a plot: `python -m benchmarks.scaling`.

Worlds of other sizes are made of the Chenzhou world: destinations that are taken away stay on the map as stations, and those
that are added are twins a little aside, which share people, land and output with their pattern. Best of several runs, one
core; what counts is the slope on logarithmic axes: 1 is proportional.
"""

from __future__ import annotations

import argparse
import os
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from relocsim.spec import Spec
    from relocsim.world.description import Place

SHARED = ("population", "gdp", "sites", "park_land", "park_land_growth", "floor_space", "floor_space_growth", "revenue")
"""What a place and its twin divide between them."""


def of_firms(spec: Spec, count: int) -> Spec:
    """Return the specification with about `count` agents at the start."""
    return replace(spec, scenario=spec.scenario.model_copy(update={"firms": count}))


def of_places(spec: Spec, count: int) -> Spec:
    """Return the specification with about `count` destinations that are no origins."""
    from relocsim.world.lines import Node

    places = dict(spec.world.places)
    others = [name for name, place in places.items() if not (place.origin or place.entrants_only)]
    nodes = dict(spec.world.network.nodes)
    kept = {spec.scenario.study.city, *others[:count]}
    for name in set(others) - kept:
        gone = places.pop(name)
        nodes[name] = Node(name=gone.name, lon=gone.lon, lat=gone.lat)
    for number in range(max(0, count - len(others))):
        name, twin = others[number % len(others)], number // len(others) + 1
        places[f"{name}-twin-{twin}"] = beside(places[name], twin)
        places[name] = divided(places[name])
    network = spec.world.network.model_copy(update={"nodes": nodes})
    world = spec.world.model_copy(update={"places": dict(sorted(places.items())), "network": network})
    study = spec.scenario.study.model_copy(update={"corridor": ()})
    return replace(spec, world=world, scenario=spec.scenario.model_copy(update={"study": study}), policies={})


def divided(place: Place) -> Place:
    return place.model_copy(update={name: getattr(place, name) / 2 for name in SHARED})


def beside(place: Place, twin: int) -> Place:
    """Return half of a place, a third of a degree aside."""
    aside = {"lon": place.lon + 0.3 * np.cos(2.4 * twin), "lat": place.lat + 0.3 * np.sin(2.4 * twin)}
    return divided(place).model_copy(update=aside)


def seconds(spec: Spec, quarters: int, runs: int) -> float:
    """Return the best time of a quarter."""
    from relocsim.model import RelocationModel, lay_foundation

    foundation, times = lay_foundation(spec), []
    for _ in range(runs):
        model = RelocationModel(spec, foundation=foundation)
        begin = time.perf_counter()
        for _ in range(quarters):
            model.step()
        times.append((time.perf_counter() - begin) / quarters)
    return min(times)


def slope(sizes: list[int], times: list[float]) -> float:
    """Return the slope between the two largest sizes, on logarithmic axes."""
    return float(np.log(times[-1] / times[-2]) / np.log(sizes[-1] / sizes[-2]))


def drawn(path: Path, curves: dict[str, tuple[list[int], list[float]]]) -> None:
    """Draw times against sizes."""
    from matplotlib.ticker import NullFormatter, ScalarFormatter

    from relocsim.report.theme import BLUE, GREY, canvas, styled

    with styled():
        worst = max(slope(*curve) for curve in curves.values())
        finding = "no faster than" if worst <= 1.05 else "faster than"
        title = f"The time of a quarter grows {finding} firms and places (steepest slope {worst:.2f})"
        figure = canvas(9, 4, title, "Best of several runs on one core. Grey: proportional to the largest.")
        for axes, (name, (sizes, times)) in zip(np.ravel(figure.subplots(1, len(curves))), curves.items(), strict=True):
            axes.loglog(sizes, 1000 * np.array(times), color=BLUE, marker="o")
            axes.loglog(sizes, 1000 * times[-1] * np.array(sizes) / sizes[-1], color=GREY, linewidth=1)
            axes.set_xticks(sizes, [f"{size:,}" for size in sizes])
            axes.xaxis.set_minor_formatter(NullFormatter())
            axes.yaxis.set_major_formatter(ScalarFormatter())
            axes.yaxis.set_minor_formatter(NullFormatter())
            axes.set_ylim(0.5 * 1000 * min(times), 2 * 1000 * max(times))
            axes.set_xlabel(name)
            axes.set_ylabel("milliseconds a quarter")
        figure.savefig(path, dpi=160, metadata={"Software": None})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--firms", type=int, nargs="+", default=[10_000, 30_000, 100_000, 300_000, 1_000_000])
    parser.add_argument("--places", type=int, nargs="+", default=[10, 30, 60, 150, 300])
    parser.add_argument("--quarters", type=int, default=8)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--scenario", default="scenarios/chenzhou.yaml")
    parser.add_argument("--plot", type=Path, help="picture to write")
    options = parser.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    from relocsim.spec import load

    base, curves = load(options.scenario, settings=["scenario.firms=20000"]), {}
    by_firms = [seconds(of_firms(base, count), options.quarters, options.runs) for count in options.firms]
    curves["firms (agents at the start)"] = (options.firms, by_firms)
    by_places = [seconds(of_places(base, count), options.quarters, options.runs) for count in options.places]
    curves["destinations beside the origins"] = (options.places, by_places)
    for name, (sizes, times) in curves.items():
        told = ", ".join(f"{size:,}: {1000 * each:.1f} ms" for size, each in zip(sizes, times, strict=True))
        print(f"{name}: {told}; slope at the end {slope(sizes, times):.2f} (goal: at most 1)")
    if options.plot:
        drawn(options.plot, curves)


if __name__ == "__main__":
    main()
