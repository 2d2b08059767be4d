"""Picture and table of the page, from expected.csv (see experiments/pages.py)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from relocsim.report import markdown
from relocsim.report.intervals import Look, draw_intervals
from relocsim.report.theme import BLUE, ORANGE, canvas, styled, zero_line

HERE = Path(__file__).parent
OFFICES, RAILWAYS = "yibin/offices.yaml", "yibin/rail-to-hubs.yaml"
SHOWN = {
    "four cards together": (
        "yibin.yaml",
        "policy-card + resources-card + industry-card + river-port-card",
    ),
    "park expansion": ("yibin.yaml", "park-expansion"),
    "policy card": ("yibin.yaml", "policy-card"),
    "stock of prepared projects": ("yibin.yaml", "project-packaging"),
    "resources card": ("yibin.yaml", "resources-card"),
    "industry card": ("yibin.yaml", "industry-card"),
    "industry card, for electronics": ("yibin/electronics-card.yaml", "industry-card"),
    "river port": ("yibin.yaml", "river-port-card"),
    "river port with customs": ("yibin/customs.yaml", "river-port-card"),
    "guarantee of promises": ("yibin.yaml", "guarantee"),
    "four offices beside delegations": ("yibin.yaml", "resident-offices"),
    "delegations against none": (OFFICES, "delegations"),
    "offices against none": (OFFICES, "resident-offices"),
    "desk work against none": (OFFICES, "desk-work"),
    "five rivals do as much": ("yibin.yaml", "rivals-match"),
    "high-speed rail in 2014, not 2019": ("yibin/rail-earlier.yaml", "rail-in-2014"),
    "fast line to Chongqing": (RAILWAYS, "rail-to-chongqing"),
    "fast line to Neijiang": (RAILWAYS, "south-sichuan-rail"),
}
"""Scenario and arm of each row, as on the page."""
TOGETHER = "four cards together"


PAGE = {
    "park expansion, 1,000 ha": ("yibin.yaml", "park-expansion"),
    "policy card": ("yibin.yaml", "policy-card"),
    "stock of prepared projects": ("yibin.yaml", "project-packaging"),
    "resources card": ("yibin.yaml", "resources-card"),
    "industry card, around what Yibin has": ("yibin.yaml", "industry-card"),
    "industry card, the same kind of money for electronics": ("yibin/electronics-card.yaml", "industry-card"),
    "river port": ("yibin.yaml", "river-port-card"),
    "river port with customs, bonded zone, barges": ("yibin/customs.yaml", "river-port-card"),
    "guarantee of promises": ("yibin.yaml", "guarantee"),
    "four offices beside the delegations": ("yibin.yaml", "resident-offices"),
    "**the four cards together**": SHOWN[TOGETHER],
    "delegations (against none)": (OFFICES, "delegations"),
    "offices for the same money (against none)": (OFFICES, "resident-offices"),
    "small teams sent by desk work, for the same money (against none)": (OFFICES, "desk-work"),
    "five rivals do as much": ("yibin.yaml", "rivals-match"),
    "the Pearl River Delta grows dearer": ("yibin/origin-push.yaml", "dear-delta"),
    "the Yangtze Delta grows dearer": ("yibin/origin-push.yaml", "dear-yangtze-delta"),
    "high-speed rail in 2014 and not in 2019": ("yibin/rail-earlier.yaml", "rail-in-2014"),
    "fast line to Chongqing": (RAILWAYS, "rail-to-chongqing"),
    "fast line through Zigong to Neijiang": (RAILWAYS, "south-sichuan-rail"),
}
"""Scenario and arm of each row of the table."""


def changes(shown: dict[str, tuple[str, str]]) -> pd.DataFrame:
    """Return the change of what Yibin takes by row, per cent, as an estimate: `mean`, `low`, `high` and the rest."""
    table = pd.read_csv(HERE / "expected.csv")
    own = table[table["place"] == "yibin"].set_index(["scenario", "arm"]).rename(columns={"change": "mean"})
    return own.loc[list(shown.values())].set_axis(list(shown))


def tables() -> Iterator[str]:
    """Yield the table of the page."""
    rows = [
        [name, markdown.figures(row, 1), f"{row['positive']:.0f} of {row['replicates']:.0f}"]
        for name, row in changes(PAGE).iterrows()
    ]
    yield markdown.table(["Yibin", "change, %", "above zero"], rows)


def picture() -> Figure:
    """Return the chart, the largest change on top."""
    rows = changes(SHOWN).sort_values("mean")
    against_none = [name for name, (scenario, _) in SHOWN.items() if scenario == OFFICES]
    alone = rows["mean"].drop(index=[TOGETHER, *against_none])
    first, second = alone.nlargest(2).index
    stands_out = rows.loc[first, "low"] > rows.loc[second, "high"]
    single = f"{first} brings most" if stands_out else "nothing stands out"
    title = f"Of what Yibin can do alone {single} ({alone.max():+.0f} %); its {TOGETHER} {rows.loc[TOGETHER, 'mean']:+.0f} %"
    caption = (
        "Change of Yibin's share in what leaves nineteen coastal cities, at the start of 2014 (railways: 2019): expected "
        "intentions, no luck of single firms. Dot: mean; thick bar: its simulation error; line: 95 % interval over "
        f"{rows['replicates'].max():.0f} draws of all ranged inputs. Against the scenario as written, or none where it says "
        "so. 71 % of the inputs are assumed. Source: experiments/yibin-questions, expected.csv."
    )
    with styled():
        figure = canvas(10, 6.4, title, caption)
        axes = figure.subplots()
        zero_line(axes)
        for at, (name, row) in enumerate(rows.iterrows()):
            draw_intervals(axes, row, at, Look(ORANGE if name == TOGETHER else BLUE))
            axes.annotate(f"{row['mean']:+.1f}", (row["high"], at), (6, 0), textcoords="offset points", va="center")
        axes.set_yticks(range(len(rows)), list(rows.index))
        axes.set_xlabel("change of what Yibin is expected to take, %")
    return figure
