"""Draw one picture a pattern from the findings of the statistical tests: `python docs/draw_patterns.py`.

The findings are those that `make test-slow` keeps (docs/findings.json). Figures that differ in a condition only ("gain,
mechanism off") share an axis. Dot and thick bar: mean and simulation error; thin line: interval over draws; green: published
band. The title is the sentence of docs/patterns.md.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relocsim.report.intervals import draw_intervals
from relocsim.report.theme import GREEN, INK, canvas, styled, wrapped

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs" / "img"
FINDINGS = ROOT / "docs" / "findings.json"
PAGE = ROOT / "docs" / "patterns.md"
_DOTS_PER_INCH = 110
_CAPTION = (
    "Dot and thick bar: mean and simulation error. Line: interval over draws of all inputs. Green: published band."
)


def sentences(page: str) -> dict[str, str]:
    """Return the sentence of every pattern: the text after its number in the list of what was found."""
    found = page.split("## What was found")[1].split("\n## ")[0].replace("\n  ", " ")
    lines = [line[4:].split("** ", 1) for line in found.splitlines() if line.startswith("- **P")]
    return {pattern: text.split(" ![", 1)[0] for pattern, text in lines}


def grouped(findings: dict[str, dict]) -> dict[str, dict[str, dict]]:
    """Return the figures by what they are of, and by condition."""
    groups: dict[str, dict[str, dict]] = {}
    for what, found in findings.items():
        head, _, condition = what.partition(", ")
        groups.setdefault(head, {})[condition] = found
    return groups


def picture(title: str, findings: dict[str, dict]) -> Figure:
    """Return the picture of a pattern: an axis for each thing measured, a row in it for each condition."""
    groups = grouped(findings)
    rows = [len(group) for group in groups.values()]
    with styled():
        figure = canvas(9.0, 1.5 + 0.62 * len(groups) + 0.3 * sum(rows), title, _CAPTION)
        ratios = [0.62 + 0.3 * count for count in rows]
        axes_of = figure.subplots(len(groups), 1, squeeze=False, height_ratios=ratios)[:, 0]
        for axes, (what, group) in zip(axes_of, groups.items(), strict=True):
            draw(axes, what, group)
    return figure


def draw(axes: Axes, what: str, group: dict[str, dict]) -> None:
    """Draw the figures of one thing, the first condition on top."""
    for at, found in enumerate(group.values()):
        if found["band"]:
            axes.axvspan(*found["band"], color=GREEN, alpha=0.18, linewidth=0)
        draw_intervals(axes, found, -at)
    if axes.get_xlim()[0] < 0 < axes.get_xlim()[1]:
        axes.axvline(0, color=INK, linewidth=0.8)
    labels = [wrapped(condition, 2.6) for condition in group]
    axes.set_yticks([-at for at in range(len(group))], labels, fontsize=8.5)
    axes.set_ylim(-len(group) + 0.4, 0.6)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    first = next(iter(group.values()))
    unit = f", {first['unit']}" if first["unit"] else ""
    axes.set_title(wrapped(f"{what}{unit} ({first['replicates']} draws)", 8), fontsize=9.5)


def main() -> None:
    """Draw every pattern of the file named on the command line, or of the findings kept."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else FINDINGS
    titles = sentences(PAGE.read_text("utf-8"))
    for pattern, findings in json.loads(path.read_text("utf-8")).items():
        name = PICTURES / f"pattern-{pattern.lower()}.png"
        with styled():
            figure = picture(f"{pattern}: {titles[pattern]}", findings)
            figure.savefig(name, dpi=_DOTS_PER_INCH, metadata={"Software": None})


if __name__ == "__main__":
    main()
