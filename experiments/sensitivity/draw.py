"""Pictures and tables of the page, from the tables that `relocsim sensitivity` wrote (see experiments/pages.py)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from relocsim.report import markdown
from relocsim.report.charts.sensitivity import sensitivity_charts
from relocsim.report.effects import title_of
from relocsim.sensitivity.answering import Sensitivity
from relocsim.sensitivity.planning import Asked
from relocsim.spec import load

HERE = Path(__file__).parent
ASKED = Asked("incentives", "expected capture", trajectories=8, samples=64, keep=12, replicates=2)
SETTINGS = ("scenario.firms=1000", "scenario.end=2013-Q4", "scenario.study.strata=[]")
TABLES = ("factors", "screening", "indices", "swings", "ranking")


def kept() -> Sensitivity:
    """Return what was found."""
    spec = load(HERE.parents[1] / "scenarios" / "chenzhou.yaml", settings=SETTINGS)
    return Sensitivity(spec, ASKED, "percentage points", **{name: pd.read_csv(HERE / f"{name}.csv") for name in TABLES})


def tables() -> Iterator[str]:
    """Yield the tables of the page."""
    found = kept()
    swings = found.swings.set_index("factor")
    assumed = found.factors.set_index("factor")["assumed"]
    rows = []
    for _, row in found.indices.iterrows():
        swing = swings.loc[row["factor"]]
        ends = [
            f"{swing[end]:+.3f} ({swing[f'{end}_low']:+.3f} to {swing[f'{end}_high']:+.3f})"
            for end in ("lower", "upper")
        ]
        indices = [
            f"{row[name]:.2f} ({row[f'{name}_low']:.2f} to {row[f'{name}_high']:.2f})".replace("-0.00", "0.00")
            for name in ("first_order", "total")
        ]
        rows.append([f"`{found.labels[row['factor']]}`", f"{100 * assumed[row['factor']]:.0f} %", *indices, *ends])
    heads = ["inputs", "assumed", "alone", "in company", "effect, lower third, pp", "effect, upper third, pp"]
    yield markdown.table(heads, rows)
    rows = [
        [
            title_of(found.spec, row["policy"]), f"{row['mean']:+.3f} ({row['low']:+.3f} to {row['high']:+.3f})",
            f"{100 * row['best_in']:.0f} % ({100 * row['best_low']:.0f} to {100 * row['best_high']:.0f})",
            f"{row['rank']:.1f} ({row['rank_low']:.0f} to {row['rank_high']:.0f})", f"{100 * row['above_zero']:.0f} %",
        ]
        for _, row in found.ranking.iterrows()
    ]  # fmt: skip
    yield markdown.table(["policy", "effect, pp, 95 % of points", "best in", "rank", "above zero in"], rows)


def pictures() -> dict[str, Figure]:
    """Return the charts of `relocsim sensitivity` by name."""
    return {f"sensitivity-{name}": figure for name, figure in sensitivity_charts(kept()).items()}
