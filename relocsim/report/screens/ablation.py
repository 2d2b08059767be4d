"""An ablation for the terminal, as rich renderables. Refuses to print."""

from __future__ import annotations

import math

from rich.console import Group, RenderableType
from rich.text import Text

from relocsim.batch.ablation import Ablation
from relocsim.report.screens.comparison import grid
from relocsim.report.tables import place_name, records
from relocsim.report.wording import plain, signed


def ablation_screen(found: Ablation) -> RenderableType:
    """Return what an ablation prints: a row a mechanism, and how to read it."""
    spec = found.spec
    city = place_name(spec, spec.scenario.study.city)
    columns = ["mechanism off", "shown best by", "with", "without", "errors", f"capture of {city}, pp", "error"]
    rows = [
        (
            row["mechanism"].replace("_", " "),
            f"{row['observable']}, {row['unit']}",
            plain(row["with"]),
            plain(row["without"]),
            _errors(row["errors"], found.bar),
            signed(row["capture_change"]),
            plain(row["capture_error"]),
        )
        for row in records(found.clearest)
    ]
    return Group(
        Text(f"{spec.scenario.name}, {spec.scenario.start} to {spec.scenario.end}, digest {spec.digest[:8]}"),
        grid(
            f"Each mechanism switched off in turn, {found.replicates} replicates at central inputs",
            columns,
            rows,
            left=2,
        ),
        Text(_caution(found)),
    )


def _errors(errors: float, bar: float) -> str:
    """Return a change in simulation errors: `all` where replicates changed alike, in brackets where it may be chance."""
    if math.isinf(errors):
        return "all"
    return plain(errors, 1) if errors >= bar else f"({plain(errors, 1)})"


def _caution(found: Ablation) -> str:
    """Return what is in brackets, and why."""
    bar, number = plain(found.bar, 1), len(found.named)
    if number == 1:
        return f"Changes below {bar} simulation errors are in brackets: here the mechanism does not show."
    return (
        f"Changes below {bar} simulation errors are in brackets: the clearest of {number} observables gets that far "
        "by chance in one mechanism of twenty. Name what it should show in with --observable, or play more replicates."
    )
