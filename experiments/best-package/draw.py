"""Picture and tables of the page, from ranking.csv and fresh.csv (see experiments/pages.py)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relocsim.report import markdown
from relocsim.report.intervals import Look, draw_intervals
from relocsim.report.theme import BLUE, GREY, VERMILLION, canvas, styled, wrapped, zero_line

HERE = Path(__file__).parent
PLAYED = {"search": GREY, "fresh seeds": BLUE, "rivals match": VERMILLION}
PANELS = {
    "investment_1e8yuan": ("investment in production", "1e8 yuan"),
    "jobs": ("jobs that would not have come", "persons"),
}
TITLE = "Follow-up brings about four times what faster permits and visits bring together, whatever rivals do"
_APART = 0.25


def kept() -> pd.DataFrame:
    """Return what was found by figure, stage and package."""
    return pd.read_csv(HERE / "fresh.csv").set_index(["figure", "played", "package"])


def packages(found: pd.DataFrame) -> list[str]:
    """Return the packages that were played again, the smallest first."""
    names = found.index.unique("package")
    return sorted((name for name in names if ", less " not in name), key=lambda name: (len(name), name))


def tables() -> Iterator[str]:
    """Yield the tables of the page."""
    yield searched(pd.read_csv(HERE / "ranking.csv"))
    found = kept()
    money, jobs, cost = (found.loc[name] for name in ("investment_1e8yuan", "jobs", "cost_1e8yuan"))
    rows = []
    for name in [*packages(found), *(one for one in found.index.unique("package") if ", less " in one)]:
        cells = [markdown.figures(money.loc[stage, name], 1) for stage in PLAYED]
        new, spent = jobs.loc["fresh seeds", name], cost.loc["fresh seeds", name]
        cells += [markdown.figures(new, 0, sign=False), markdown.figures(spent, 1, sign=False)]
        a_job = 1e8 * spent["mean"] / new["mean"] if new["mean"] > 0 else np.nan
        rows.append([name, *cells, f"{round(a_job, -3):,.0f}" if np.isfinite(a_job) else "-"])
    yield markdown.table(
        ["package", "investment, searched", "with fresh seeds", "where rivals match", "but-for jobs, fresh", "cost, fresh",
         "yuan a but-for job"], rows,
    )  # fmt: skip


def searched(ranking: pd.DataFrame) -> str:
    """Return the table of the best by budget."""
    rows = []
    for budget, of in ranking.groupby("budget"):
        most, jobs = of[of["goal"] == "investment"], of[of["goal"] == "jobs a yuan"]
        best = most.iloc[0]
        rows.append([
            f"{budget:g}", best["package"], markdown.figures(best, 1), f"{best['cost']:.1f}",
            f"{100 * best['best_in']:.0f} %", f"{100 * best['highest_mean']:.0f} %",
            f"{best['rank_low']:.0f} to {best['rank_high']:.0f} of {len(most)}",
            jobs.iloc[0]["package"],
        ])  # fmt: skip
    columns = ["budget", "most investment", "effect, 1e8 yuan", "cost", "best in", "mean would be highest", "ranks",
               "most but-for jobs a yuan"]  # fmt: skip
    return markdown.table(columns, rows)


def picture() -> Figure:
    """Return the picture: a panel a figure, a row a package, and in it the search, fresh seeds and rivals that match."""
    found = kept()
    names = packages(found)
    counts = found["replicates"].groupby("played").max()
    caption = (
        "Paired change in Chenzhou until the end of 2019 against the scenario as written. Dot: mean; thick bar: its "
        f"simulation error; line: interval over draws of all inputs and luck ({counts['search']} replicates in the "
        f"search, {counts['fresh seeds']} with fresh seeds). Source: experiments/best-package/fresh.csv."
    )
    with styled():
        figure = canvas(10.5, 2.2 + 0.75 * len(names), TITLE, caption)
        panels = figure.subplots(1, 2, sharey=True)
        for axes, (name, (title, unit)) in zip(panels, PANELS.items(), strict=True):
            packages_drawn(axes, found.loc[name], names)
            axes.set_title(title)
            axes.set_xlabel(f"change, {unit}")
        panels[0].set_yticks(-np.arange(len(names)), [wrapped(name, 2.4) for name in names])
        panels[-1].legend(frameon=False, fontsize=8.5, loc="best")
    return figure


def packages_drawn(axes: Axes, found: pd.DataFrame, names: list[str]) -> None:
    """Draw one figure by package and stage."""
    zero_line(axes)
    for shift, (stage, colour) in zip((_APART, 0, -_APART), PLAYED.items(), strict=True):
        at = -np.arange(len(names)) + shift
        draw_intervals(axes, found.loc[stage].loc[names], at, Look(colour, bar=6), label=stage)
