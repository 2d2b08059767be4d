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
SHOWN = {
    "park expansion with its quota": ("parks", "park-expansion+land-consolidation"),
    "national status": ("national-status", "national-status"),
    "park expansion": ("parks", "park-expansion"),
    "the high-speed line, against none": ("railway", "hsr"),
    "park with Shenzhen and Hong Kong": ("hong-kong-park", "co-built-park"),
    "incentives": ("interception", "incentives"),
    "suppliers cultivated": ("shortest-plank", "supplier-cultivation"),
    "standard factories": ("shortest-plank", "standard-factories"),
    "desk work": ("outreach", "desk-work"),
    "prepared projects": ("outreach", "project-packaging"),
    "delegations, same money": ("outreach", "promotion-campaign"),
    "faster approvals, without the line": ("railway", "approvals"),
    "talent": ("shortest-plank", "talent-programme"),
    "offices, same money": ("outreach", "offices"),
    "leaders courted": ("leader", "leader-recruitment"),
    "dry port, bonded zone, customs": ("dry-port", "logistics-platform"),
    "aftercare": ("leader", "aftercare"),
    "power and treatment": ("shortest-plank", "power-supply"),
    "Ganzhou and Hengyang do as much": ("rivals-answer", "rivals-match"),
    "parks before the border": ("interception", "interception"),
}
"""Scenario and arm of each row."""
OF_OTHERS = ("Ganzhou and Hengyang do as much", "parks before the border")


PLANKS = "supplier-cultivation+talent-programme+power-supply+labour-training+standard-factories"
PAGE = {
    "high-speed line, against none": ("railway", "hsr"),
    "faster approvals without the line": ("railway", "approvals"),
    "parks of Shaoguan, Qingyuan, Heyuan": ("interception", "interception"),
    "incentives": ("interception", "incentives"),
    "incentives beside these parks": ("interception", "interception+incentives"),
    "park with Shenzhen and Hong Kong": ("hong-kong-park", "co-built-park"),
    "the same beside Ganzhou's": ("hong-kong-park", "co-built-park+ganzhou-park"),
    "Ganzhou's alone": ("hong-kong-park", "ganzhou-park"),
    "leaders courted": ("leader", "leader-recruitment"),
    "aftercare": ("leader", "aftercare"),
    "leaders, suppliers and aftercare": ("leader", "leader-recruitment+supplier-cultivation+aftercare"),
    "suppliers cultivated": ("shortest-plank", "supplier-cultivation"),
    "talent": ("shortest-plank", "talent-programme"),
    "standard factories": ("shortest-plank", "standard-factories"),
    "power and treatment": ("shortest-plank", "power-supply"),
    "labour trained": ("shortest-plank", "labour-training"),
    "all five planks": ("shortest-plank", PLANKS),
    "park expansion, 1,000 ha": ("parks", "park-expansion"),
    "land quota alone": ("parks", "land-consolidation"),
    "park expansion with quota": ("parks", "park-expansion+land-consolidation"),
    "self-management": ("parks", "self-management"),
    "national status, Chenzhou": ("national-status", "national-status"),
    "the same, shared with Hengyang and Yongzhou": ("national-status", "national-status+neighbours-status"),
    "two years earlier": ("national-status", "early-status+national-status"),
    "delegations": ("outreach", "promotion-campaign"),
    "offices, same money": ("outreach", "offices"),
    "desk work, same money": ("outreach", "desk-work"),
    "prepared projects": ("outreach", "project-packaging"),
    "customs alone": ("customs", "logistics-platform"),
    "customs, bonded zone, dry port": ("dry-port", "logistics-platform"),
    "incentives where all answer with their best": ("rivals-answer", "incentives"),
    "Ganzhou and Hengyang do as much": ("rivals-answer", "rivals-match"),
    "both": ("rivals-answer", "incentives+rivals-match"),
}
"""Scenario and arm of each row of the table."""


def changes(shown: dict[str, tuple[str, str]]) -> pd.DataFrame:
    """Return the change of what Chenzhou takes by row, per cent, as an estimate: `mean`, `low`, `high` and the rest."""
    table = pd.read_csv(HERE / "expected.csv")
    own = table[table["place"] == "chenzhou"].set_index(["scenario", "arm"]).rename(columns={"change": "mean"})
    return own.loc[list(shown.values())].set_axis(list(shown))


def tables() -> Iterator[str]:
    """Yield the table of the page."""
    rows = [
        [name, markdown.figures(row, 1), f"{row['positive']:.0f} of {row['replicates']:.0f}"]
        for name, row in changes(PAGE).iterrows()
    ]
    yield markdown.table(["Chenzhou", "change, %", "above zero"], rows)


def picture() -> Figure:
    """Return the chart, the largest change on top."""
    rows = changes(SHOWN).sort_values("mean")
    best, second = rows["mean"].nlargest(2).index
    if rows.loc[best, "low"] > rows.loc[second, "high"]:
        title = f"Of what was asked, {best} is expected to bring Chenzhou most ({rows['mean'].max():+.0f} %)"
    else:
        title = f"Of what was asked, {best} ({rows['mean'].max():+.0f} %) has the highest mean; intervals overlap"
    caption = (
        "Change of Chenzhou's share in what leaves nineteen coastal cities, at the start of 2014: expected intentions, "
        "no luck of single firms. Dot: mean; thick bar: its simulation error; line: 95 % interval over "
        f"{rows['replicates'].max():.0f} draws of all ranged inputs. Orange: what others do. Against the scenario as "
        "written, or as a row says. 70 % of the inputs are assumed. Source: experiments/chenzhou-questions, expected.csv."
    )
    with styled():
        figure = canvas(10, 6.8, title, caption)
        axes = figure.subplots()
        zero_line(axes)
        for at, (name, row) in enumerate(rows.iterrows()):
            draw_intervals(axes, row, at, Look(ORANGE if name in OF_OTHERS else BLUE))
            end = max(row["high"], 0)
            axes.annotate(
                f"{round(row['mean'], 1) + 0.0:+.1f}", (end, at), (6, 0), textcoords="offset points", va="center"
            )
        axes.set_yticks(range(len(rows)), list(rows.index))
        axes.set_xlabel("change of what Chenzhou is expected to take, %")
    return figure
