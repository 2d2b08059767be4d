"""Draw one picture a pattern from the findings of the statistical tests: `python docs/draw_patterns.py FINDINGS.json`.

The findings are those that `make test-slow` keeps (docs/findings.json). Each figure has an axis of its own: dot and thick
bar for mean and simulation error, thin line for the interval over draws, green for the published band.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relocsim.report.theme import BLUE, GREEN, canvas, styled, wrapped

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs" / "img"
FINDINGS = ROOT / "docs" / "findings.json"
_DOTS_PER_INCH = 130


def picture(pattern: str, findings: dict[str, dict]) -> Figure:
    """Return the picture of a pattern: a row a figure."""
    caption = (
        "Dot and thick bar: mean and simulation error. Line: interval over draws of all inputs. Green: published band."
    )
    with styled():
        figure = canvas(8.5, 1.5 + 0.95 * len(findings), f"{pattern}: what came out", caption)
        rows = figure.subplots(len(findings), 1, squeeze=False)[:, 0]
        for axes, (what, found) in zip(rows, findings.items(), strict=True):
            row(axes, what, found)
    return figure


def row(axes: Axes, what: str, found: dict) -> None:
    """Draw one figure on its own axis."""
    if found["band"]:
        axes.axvspan(*found["band"], color=GREEN, alpha=0.18, linewidth=0)
    axes.plot([found["low"], found["high"]], [0, 0], color=BLUE, linewidth=1.8, solid_capstyle="butt")
    error = found["simulation_error"]
    if error == error:  # nan where there is one replicate
        inner = [found["mean"] - error, found["mean"] + error]
        axes.plot(inner, [0, 0], color=BLUE, linewidth=8, alpha=0.5, solid_capstyle="butt")
    axes.plot(found["mean"], 0, marker="o", color=BLUE, markeredgecolor="white")
    if axes.get_xlim()[0] < 0 < axes.get_xlim()[1]:
        axes.axvline(0, color="#222222", linewidth=0.8)
    axes.set_yticks([])
    axes.set_ylim(-1, 1)
    axes.spines["left"].set_visible(False)
    unit = f", {found['unit']}" if found["unit"] else ""
    axes.set_title(wrapped(f"{what}{unit} ({found['replicates']} draws)", 8), fontsize=9.5)


def main() -> None:
    """Draw every pattern of the file named on the command line."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else FINDINGS
    for pattern, findings in json.loads(path.read_text("utf-8")).items():
        name = PICTURES / f"pattern-{pattern.lower()}.png"
        with styled():
            picture(pattern, findings).savefig(name, dpi=_DOTS_PER_INCH, metadata={"Software": None})


if __name__ == "__main__":
    main()
