"""What each policy is expected to bring Yibin: `python experiments/yibin-questions/draw.py`.

Draws docs/img/yibin-questions.png from expected.csv.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from relocsim.report.theme import BLUE, ORANGE, canvas, styled
from relocsim.report.writing import write_chart

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


def of_yibin(table: pd.DataFrame) -> pd.DataFrame:
    """Return the change of what Yibin takes by row of the chart, per cent: mean and tenths, the largest last."""
    own = table[table["place"] == "yibin"].set_index(["scenario", "arm"])
    rows = own.loc[list(SHOWN.values()), ["change", "low", "high"]]
    return rows.set_axis(list(SHOWN)).sort_values("change")


def drawn(table: pd.DataFrame) -> Figure:
    """Return the chart of the table's rows."""
    rows = of_yibin(table)
    alone = rows["change"].drop(
        index=[TOGETHER, *(name for name, (scenario, _) in SHOWN.items() if scenario == OFFICES)]
    )
    title = (
        f"Of what Yibin can do, {alone.idxmax()} is expected to bring most, {alone.max():+.0f} %; "
        f"its {TOGETHER} {rows.loc[TOGETHER, 'change']:+.0f} %"
    )
    caption = (
        "Change of Yibin's share in what leaves nineteen coastal cities, at the start of 2014 (railways: 2019): expected "
        "intentions, no luck of single firms. Dot: mean; line: tenths at both ends over twelve draws of all ranged inputs. "
        "Against the scenario as written, or none where it says so. 71 % of the inputs are assumed. Source: "
        "experiments/yibin-questions, expected.csv."
    )
    with styled():
        figure = canvas(10, 6.4, title, caption)
        axes = figure.subplots()
        for at, (name, row) in enumerate(rows.iterrows()):
            colour = ORANGE if name == TOGETHER else BLUE
            axes.plot([row["low"], row["high"]], [at, at], color=colour, linewidth=2)
            axes.plot(row["change"], at, "o", color=colour)
            axes.annotate(f"{row['change']:+.1f}", (row["high"], at), (6, 0), textcoords="offset points", va="center")
        axes.set_yticks(range(len(rows)), list(rows.index))
        axes.set_xlabel("change of what Yibin is expected to take, %")
        axes.axvline(0, color="black", linewidth=1)
    return figure


if __name__ == "__main__":
    write_chart(HERE.parents[1] / "docs" / "img", "yibin-questions", drawn(pd.read_csv(HERE / "expected.csv")))
