"""Where in the parameters a city loses by a high-speed line: `python experiments/railway-sign/phase.py`.

Draws docs/img/railway-sign.png and prints the effects by sector, size and depth. Everything is in expectation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from relocsim.batch.expecting import Expected, expected_intentions
from relocsim.foundation import Foundation, lay_foundation
from relocsim.report.theme import BLACK, canvas, styled
from relocsim.report.writing import write_chart
from relocsim.spec import Spec, load
from relocsim.world.levers import CLASSES

ROOT = Path(__file__).parents[2]
LINE, CITY = "wuhan-guangzhou-hsr", "chenzhou"
CORRIDOR = ("qingyuan", "shaoguan", "chenzhou", "hengyang", "zhuzhou", "changsha", "wuhan")
STRENGTHS, FRICTIONS = np.linspace(0, 8, 9), np.linspace(0, 5, 6)
PROXIMITIES = (0.5, 0.2)
DRAINED = {"siphon_strength": 4, "skill_premium": 1}
LITTLE = {**DRAINED, "sourcing_friction": 0, "awareness_proximity": 0.2}
CHEAP_HOURS = {**LITTLE, "value_of_time": 50}
"""Ends of ranges at which the line brings little."""


def scenario(**parameters: float) -> Spec:
    """Return the Chenzhou scenario with some parameters set."""
    settings = ["scenario.firms=4000", *(f"parameters.{name}={value}" for name, value in parameters.items())]
    return load(ROOT / "scenarios" / "chenzhou.yaml", settings=settings)


def foundation(**parameters: float) -> Foundation:
    """Return the Chenzhou world with some parameters set, its constants solved anew."""
    return lay_foundation(scenario(**parameters))


def both(base: Foundation) -> tuple[Expected, Expected]:
    """Return what is expected without and with the line."""
    return expected_intentions(base), expected_intentions(base, [LINE])


def change(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Return the change in per cent."""
    return 100 * (after / before - 1)


def inflow(base: Foundation, axes: tuple[int, ...]) -> np.ndarray:
    """Return the change of what the city takes, per cent, summed over `axes` of (O, S, Z)."""
    at = base.setting.places.row(CITY)
    before, after = (one.output[..., at].sum(axis=axes) for one in both(base))
    return change(before, after)


def corridor_share(base: Foundation) -> float:
    """Return the change of the city's share in what the corridor takes, per cent."""
    places = base.setting.places
    rows, at = [places.row(name) for name in CORRIDOR], places.row(CITY)
    shares = [one.output[..., at].sum() / one.output[..., rows].sum() for one in both(base)]
    return float(change(*shares))


def with_no_missing_link(base: Foundation) -> Foundation:
    """Return the foundation in which the city makes every key component."""
    presence = base.presence.copy()
    presence[base.setting.places.row(CITY)] = 1.0
    return replace(base, presence=presence)


def grid(proximity: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the change of inflow over frictions and strengths, per cent: of small firms and of leaders, (F, S) each.

    The skill premium is at the upper end of its range.
    """
    fixed = {"skill_premium": 1.0, "awareness_proximity": proximity}
    found = np.array(
        [
            [inflow(foundation(siphon_strength=s, sourcing_friction=f, **fixed), (0, 1)) for s in STRENGTHS]
            for f in FRICTIONS
        ]
    )
    return found[..., CLASSES.index("small")], found[..., CLASSES.index("leader")]


def drawn(grids: Sequence[tuple[np.ndarray, np.ndarray]]) -> Figure:
    """Return the phase diagram: panels by proximity in awareness and size of firm, the line of no effect in black."""
    caption = (
        "Change of the output of firms expected to choose Chenzhou in a review, per cent, four years after the line opened; "
        "costs of the start, skill_premium 1, other inputs central. Dashed: upper end of the range of siphon_strength."
    )
    with styled():
        figure = canvas(
            10,
            6.6,
            "The line helps, unless it drains talent far beyond the range and nearness counts for little else",
            caption,
        )
        panels = figure.subplots(2, 2, sharex=True, sharey=True)
        for row, (proximity, sizes) in enumerate(zip(PROXIMITIES, grids, strict=True)):
            for axes, name, values in zip(panels[row], ("small firms", "leaders"), sizes, strict=True):
                shades = axes.contourf(STRENGTHS, FRICTIONS, values, np.arange(-6, 6.5, 1), cmap="RdBu", extend="both")
                axes.contour(STRENGTHS, FRICTIONS, values, [0.0], colors=BLACK, linewidths=2)
                axes.axvline(4, color=BLACK, linestyle="--", linewidth=0.8)
                axes.set_title(f"{name}, awareness_proximity {proximity:g}")
        for axes in panels[-1]:
            axes.set_xlabel("siphon_strength")
        for axes in panels[:, 0]:
            axes.set_ylabel("sourcing_friction")
        figure.colorbar(shades, ax=panels, label="change of inflow, %")
    return figure


def told(name: str, base: Foundation) -> None:
    """Print one row: the change of inflow and of the share in the corridor, by size and by sector."""
    by_size = dict(zip(CLASSES, inflow(base, (0, 1)).round(1).tolist(), strict=True))
    by_sector = dict(zip(base.setting.sectors.ids, inflow(base, (0, 2)).round(1).tolist(), strict=True))
    ordered = sorted(by_sector.items(), key=lambda pair: pair[1])
    print(
        f"{name}: inflow {float(inflow(base, (0, 1, 2))):+.1f} %, corridor share {corridor_share(base):+.1f} %, {by_size}"
    )
    print(f"  lowest {ordered[:4]}, highest {ordered[-4:]}")


def main() -> None:
    """Print the table and draw the picture."""
    central = foundation()
    told("central", central)
    told("central, no missing link", with_no_missing_link(central))
    told("siphon 4, premium 1", foundation(**DRAINED))
    told("the same, friction 0, proximity 0.2", foundation(**LITTLE))
    told("the same, value of time 50", foundation(**CHEAP_HOURS))
    told("siphon 0", foundation(siphon_strength=0))
    write_chart(ROOT / "docs" / "img", "railway-sign", drawn([grid(proximity) for proximity in PROXIMITIES]))


if __name__ == "__main__":
    main()
