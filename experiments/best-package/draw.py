"""How sure the best packages are: `python experiments/best-package/draw.py` draws docs/img/best-package.png."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from relocsim.report.theme import BLUE, GREY, VERMILLION, canvas, styled, wrapped, zero_line
from relocsim.report.writing import write_chart

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PLAYED = {"search": GREY, "fresh seeds": BLUE, "rivals match": VERMILLION}
PANELS = {
    "investment_1e8yuan": ("investment in production", "1e8 yuan"),
    "jobs": ("jobs that would not have come", "persons"),
}
TITLE = "Follow-up brings most, whatever rivals do; the lead that the search gave to visits shrinks with fresh seeds"
_APART = 0.25


def drawn(table: pd.DataFrame) -> Figure:
    """Return the picture: a panel a figure, a row a package, and in it the search, fresh seeds and rivals that match."""
    names = sorted((name for name in set(table["package"]) if "less" not in name), key=lambda name: (len(name), name))
    counts = table.groupby("played")["replicates"].max()
    caption = (
        "Paired change in Chenzhou until the end of 2019 against the scenario as written. Dot: mean; thick bar: its "
        f"simulation error; line: whole range over draws of all inputs and luck ({counts['search']} replicates in the "
        f"search, {counts['fresh seeds']} with fresh seeds). Source: experiments/best-package/fresh.csv."
    )
    with styled():
        figure = canvas(10.5, 2.2 + 0.75 * len(names), TITLE, caption)
        for axes, (figure_name, (title, unit)) in zip(figure.subplots(1, 2, sharey=True), PANELS.items(), strict=True):
            zero_line(axes)
            for row, name in enumerate(names):
                part = table[(table["package"] == name) & (table["figure"] == figure_name)].set_index("played")
                for at, (played, colour) in enumerate(PLAYED.items()):
                    one, y = part.loc[played], -row - (at - 1) * _APART
                    inner = [one["mean"] - one["simulation_error"], one["mean"] + one["simulation_error"]]
                    axes.plot([one["low"], one["high"]], [y, y], color=colour, linewidth=1.5, solid_capstyle="butt")
                    axes.plot(inner, [y, y], color=colour, linewidth=6, alpha=0.5, solid_capstyle="butt")
                    label = played if row == 0 else None
                    axes.plot(
                        one["mean"], y, marker="o", color=colour, markeredgecolor="white", linestyle="", label=label
                    )
            axes.set_yticks([-row for row in range(len(names))], [wrapped(name, 2.4) for name in names])
            axes.set_title(title)
            axes.set_xlabel(f"change, {unit}")
        axes.legend(frameon=False, fontsize=8.5, loc="best")
    return figure


if __name__ == "__main__":
    write_chart(ROOT / "docs" / "img", "best-package", drawn(pd.read_csv(HERE / "fresh.csv")))
