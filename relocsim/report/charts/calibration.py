"""The charts of a calibration: marginals, predictive check, recovery, each with a finding for a title. Computes nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy.special import ndtr

from relocsim.calibration.answering import Calibrated
from relocsim.calibration.recovering import Recovery, band, ecdf
from relocsim.calibration.summarising import value_of
from relocsim.report.tables import records
from relocsim.report.theme import BLUE, GREY, INK, LIGHT, ORANGE, SKY, VERMILLION, canvas, styled
from relocsim.report.wording import first, listed, percent, plain
from relocsim.sensitivity.families import Family

_ACROSS, _SHOWN, _BINS = 5, 40, 16
_FARTHEST = 8.0
"""Tolerances off a figure at which bars are cut."""
_GRID = (np.arange(4000) + 0.5) / 4000


def calibration_charts(found: Calibrated) -> dict[str, Figure]:
    """Return the charts of a calibration by file name."""
    charts = {"marginals": marginals_chart(found), "predictions": predictions_chart(found)}
    if found.recovery is not None:
        charts["recovery"] = recovery_chart(
            found.recovery, _caption(found, "Simulated targets, no run played for them")
        )
    return charts


def _caption(found: Calibrated, what: str) -> str:
    cases = ", ".join(f"{case.name} ({plain(case.spec.scenario.firms, 0)} agents)" for case in found.calibration.cases)
    last = found.generations.iloc[-1]
    kept = (
        f"{int(last['kept'])} of {int(last['draws'])} draws kept, worth {plain(last['effective'], 0)} of equal weight"
    )
    return f"{what}. Cases: {cases}; {found.runs:,} runs; {kept}."


def marginals_chart(found: Calibrated) -> Figure:
    """Return prior and posterior of each parameter, the identified first."""
    table = records(found.parameters.head(_SHOWN))
    families = {one.name: (at, one) for at, one in enumerate(found.calibration.families)}
    known = [row["label"] for row in table if row["identified"]]
    title = f"The targets narrow {listed(first(known, 4))}" if known else "The targets narrow no parameter"
    title += f" and leave {int((~found.parameters['identified']).sum())} of {len(found.parameters)} open"
    rows = -(-len(table) // _ACROSS)
    what = "Line: prior; bars: posterior (blue where its 90 % interval is at most four fifths as wide as the prior's)"
    with styled():
        figure = canvas(11.5, 1.6 + 1.75 * rows, title, _caption(found, what))
        axes = figure.subplots(rows, min(_ACROSS, len(table)), squeeze=False).ravel()
        for panel, row in zip(axes, table, strict=False):
            at, family = families[row["parameter"]]
            _marginal(panel, family, found, at, row)
        for panel in axes[len(table) :]:
            panel.set_visible(False)
    return figure


def _marginal(axes: Axes, family: Family, found: Calibrated, at: int, row: dict[str, Any]) -> None:
    prior = np.array([value_of(family, u) for u in _GRID])
    values = np.array([value_of(family, u) for u in ndtr(found.fit.z[:, at])])
    edges = np.linspace(prior[0], prior[-1], _BINS + 1)
    colour = BLUE if row["identified"] else LIGHT
    axes.hist(values, bins=edges, weights=found.fit.kept.weight, density=True, color=colour)  # type: ignore[arg-type]
    height, _ = np.histogram(prior, bins=edges, density=True)
    axes.plot((edges[1:] + edges[:-1]) / 2, height, color=ORANGE if row["identified"] else GREY, linewidth=1.6)
    axes.set_title(row["label"], fontsize=8.5)
    axes.set_yticks([])
    axes.tick_params(axis="x", labelsize=7.5)
    axes.locator_params(axis="x", nbins=4)


def predictions_chart(found: Calibrated) -> Figure:
    """Return each figure beside what runs show under prior and posterior, in tolerances off the figure."""
    table = records(found.targets)
    with styled():
        figure = canvas(10.5, 2.0 + 0.5 * len(table), predictions_title(table), _caption(found, _WHAT))
        axes = figure.subplots()
        axes.axvspan(-1.96, 1.96, color="#EEEEEE", zorder=0)
        axes.axvline(0, color=INK, linewidth=1)
        for at, row in enumerate(table):
            for name, colour, shift, width in (("prior", LIGHT, -0.16, 5), ("posterior", BLUE, 0.12, 5)):
                shade = VERMILLION if name == "posterior" and not row["inside_with_error"] else colour
                shade = GREY if name == "prior" else shade
                low, middle, high = (_off(row, row[f"{name}_{end}"]) for end in ("low", "median", "high"))
                axes.plot(
                    [low, high], [at + shift] * 2, color=shade, linewidth=width, alpha=0.55, solid_capstyle="butt"
                )
                axes.plot(middle, at + shift, "o", color=shade, markersize=6)
        labels = [f"{row['figure']}{'' if row['use'] == 'calibrate' else ' (held out)'}" for row in table]
        axes.set_yticks(range(len(table)), labels)
        axes.set_ylim(len(table) - 0.4, -0.6)
        axes.set_xlim(-_FARTHEST, _FARTHEST)
        axes.set_xlabel("off the figure, in its tolerances")
        for at, row in enumerate(table):
            text = f"{plain(row['value'])} {row['unit'] if row['unit'] != 'ratio' else ''}".strip()
            axes.text(_FARTHEST * 1.01, at, text, va="center", fontsize=8.5)
    return figure


_WHAT = (
    "Bars: 95 % of runs, dots: medians; grey: prior, blue: posterior (red where the two, with their errors, disagree); "
    "band: twice the tolerance; figures at the right"
)


def _off(row: dict[str, Any], value: float) -> float:
    """Return how far a value is off the figure, in tolerances, cut at the edge of the chart."""
    if row["logs"]:
        apart = (np.log(value) - np.log(row["value"])) / row["error"] if value > 0 else -_FARTHEST
    else:
        apart = (value - row["value"]) / row["error"]
    return float(np.clip(apart, -_FARTHEST, _FARTHEST))


def predictions_title(table: list[dict[str, Any]]) -> str:
    """Return which figures the model meets once calibrated, in words."""
    missed = [row["figure"] for row in table if not row["inside_with_error"]]
    met = len(table) - len(missed)
    return f"Calibrated, the model meets {met} of {len(table)} figures" + (
        f"; it misses {listed(missed)}" if missed else ""
    )


def recovery_chart(test: Recovery, caption: str) -> Figure:
    """Return distribution functions of ranks less uniform ones with their band, and what intervals hold."""
    bad = [row["label"] for row in records(test.table) if not row["within_band"]]
    told = f"; ranks of {listed(first(bad, 3))} are not uniform" if bad else "; all ranks are as uniform ones"
    held = float(test.table["coverage_90"].mean())
    title = f"90 % intervals hold the truth in {percent(held)} of {test.trials} simulated cases{told}"
    with styled():
        figure = canvas(11, 2.6 + 0.26 * len(test.table), title, caption)
        left, right = figure.subplots(1, 2)
        points, low, high = band(test.trials, test.band)
        count = test.trials
        left.fill_between(
            points, low / count - points, high / count - points, color="#EEEEEE", label="95 % of uniform ranks"
        )
        for at, row in enumerate(records(test.table)):
            where, counts = ecdf(test.ranks[:, at])
            colour, width = (SKY, 1.0) if row["within_band"] else (VERMILLION, 1.6)
            left.plot(where, counts / count - where, color=colour, linewidth=width)
        left.axhline(0, color=INK, linewidth=0.8)
        left.set_xlabel("share of the posterior below the truth")
        left.set_ylabel("trials at or below, less uniform")
        left.legend(frameon=False, loc="upper right", fontsize=8)
        _coverage(right, test)
    return figure


def _coverage(axes: Axes, test: Recovery) -> None:
    rows = records(test.table)
    for name, share, colour in (("coverage_50", 50, SKY), ("coverage_90", 90, BLUE)):
        error = 196 * np.sqrt(share / 100 * (1 - share / 100) / test.trials)
        axes.axvspan(share - error, share + error, color="#EEEEEE", zorder=0)
        axes.plot([100 * row[name] for row in rows], range(len(rows)), "o", color=colour, label=f"{share} % interval")
    axes.set_yticks(range(len(rows)), [row["label"] for row in rows], fontsize=8)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xlim(0, 100)
    axes.set_xlabel("% of trials in which it holds the truth (bands: luck)")
    axes.legend(frameon=False, loc="lower left", fontsize=8)
