"""Shares and ranks foretold for years after the table of foreign investment, in Markdown. Refuses to play, to print."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from relocsim.report.markdown import between, lines_of, quantity, records


def foretold_section(foretold: pd.DataFrame, predictions: pd.DataFrame, backcast: object) -> Iterator[str]:
    """Yield the lines of the page's section: the last year that is foretold, beside what was counted last."""
    if foretold.empty or predictions.empty:
        return
    counted, last = int(predictions["year"].max()), int(foretold["year"].max())
    fitted = (
        f"Inputs are drawn by {backcast}, fitted to figures dated to {counted} or before alone"
        if backcast
        else "Inputs are drawn as for the figures above, some of which are of later years"
    )
    yield from (
        f"## Foretold: shares and ranks of the years after {counted}",
        "",
        f"{fitted}; what came after is not known here. Shares are of all that the firms of the studied coast put into",
        f"production since the start, among the cities of the case, to {last}; median and 95 % of replicates. Years between",
        "are in `experiments/validation/foretold.csv`. Nothing of it was held against what came, since no table of later",
        "years ships: `--template FILE` writes an empty one, `--actual FILE` holds yours against it. Shares counted are of",
        "foreign investment of all sectors and sources, which is not what the model moves: a hub of services lies above.",
        "",
    )
    heads = (
        "case",
        "city",
        f"share counted in {counted}",
        f"foretold to {last}",
        "95 %",
        "rank counted",
        "foretold",
        "95 % ",
    )
    yield from lines_of(heads, (_row(row) for row in records(beside(foretold, predictions))))
    yield ""


def beside(foretold: pd.DataFrame, predictions: pd.DataFrame) -> pd.DataFrame:
    """Return what is foretold for the last year beside what was counted last, the largest first in each case."""
    late = foretold[foretold["year"] == foretold["year"].max()].drop(columns="year")
    ranks = predictions.groupby("case")["actual"].rank(ascending=False, method="first")
    table = late.merge(predictions[["case", "city", "actual"]].assign(rank=ranks), on=["case", "city"])
    return table.sort_values(["case", "rank"], kind="stable")


def _row(row: dict[str, object]) -> tuple[str, ...]:
    return (
        str(row["case"]),
        str(row["city"]),
        quantity(row["actual"]),
        quantity(row["share_median"]),
        between(row["share_low"], row["share_high"]),
        f"{row['rank']:.0f}",
        f"{row['rank_median']:.0f}",
        f"{row['rank_low']:.0f} to {row['rank_high']:.0f}",
    )
