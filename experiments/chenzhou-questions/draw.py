"""What each policy is expected to bring Chenzhou: `python experiments/chenzhou-questions/draw.py`.

Draws docs/img/chenzhou-questions.png from expected.csv.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from relocsim.report.theme import BLUE, ORANGE, canvas, styled
from relocsim.report.writing import write_chart

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


def of_chenzhou(table: pd.DataFrame) -> pd.DataFrame:
    """Return the change of what Chenzhou takes by row of the chart, per cent: mean and tenths, the largest last."""
    own = table[table["place"] == "chenzhou"].set_index(["scenario", "arm"])
    rows = own.loc[list(SHOWN.values()), ["change", "low", "high"]]
    return rows.set_axis(list(SHOWN)).sort_values("change")


def drawn(table: pd.DataFrame) -> Figure:
    """Return the chart of the table's rows."""
    rows = of_chenzhou(table)
    best = rows["change"].idxmax()
    title = f"Of what was asked, {best} is expected to bring Chenzhou most ({rows['change'].max():+.0f} %)"
    caption = (
        "Change of Chenzhou's share in what leaves nineteen coastal cities, at the start of 2014: expected intentions, "
        "no luck of single firms. Dot: mean; line: tenths at both ends over eight draws of all ranged inputs. Orange: what "
        "others do. Against the scenario as written, or as a row says. 70 % of the inputs are assumed. Source: "
        "experiments/chenzhou-questions, expected.csv."
    )
    with styled():
        figure = canvas(10, 6.8, title, caption)
        axes = figure.subplots()
        for at, (name, row) in enumerate(rows.iterrows()):
            colour = ORANGE if name in OF_OTHERS else BLUE
            axes.plot([row["low"], row["high"]], [at, at], color=colour, linewidth=2)
            axes.plot(row["change"], at, "o", color=colour)
            end = max(row["high"], 0)
            axes.annotate(f"{row['change']:+.1f}", (end, at), (6, 0), textcoords="offset points", va="center")
        axes.set_yticks(range(len(rows)), list(rows.index))
        axes.set_xlabel("change of what Chenzhou is expected to take, %")
        axes.axvline(0, color="black", linewidth=1)
    return figure


if __name__ == "__main__":
    write_chart(HERE.parents[1] / "docs" / "img", "chenzhou-questions", drawn(pd.read_csv(HERE / "expected.csv")))
