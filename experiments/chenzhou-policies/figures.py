"""What each policy adds: `python experiments/chenzhou-policies/figures.py results/chenzhou-policies`.

Keeps of the comparison what the page shows, in figures.csv: effects in per cent and percentage points, and Chenzhou's level
without further policies.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

HERE = Path(__file__).parent
PER_CENT = 100.0
ESTIMATE = ["mean", "low", "high", "coverage", "simulation_error", "replicates", "positive"]
SIZES = ["mean", "low", "high", "simulation_error"]
ASKED = {
    ("investment", "capture_rate"): ("capture rate", "pp", PER_CENT),
    ("investment", "but_for_share"): ("but-for share", "%", PER_CENT),
    ("investment", "amount"): ("investment", "1e8 yuan", 1.0),
    ("money", "treasury"): ("treasury", "1e8 yuan", 1.0),
}
"""Measure and quantity of the comparison: name, unit and factor here."""


def figures(folder: Path) -> pd.DataFrame:
    """Return one row an arm and figure, the level without further policies among them."""
    effects = pd.read_csv(folder / "effects.csv")
    level = pd.read_csv(folder / "capture.csv")
    level = level[(level["arm"] == "baseline") & (level["place"] == "chenzhou")]
    rows = []
    for (measure, quantity), (name, unit, factor) in ASKED.items():
        for table in (effects, level):
            found = table[(table["measure"] == measure) & (table["quantity"] == quantity)].copy()
            found[SIZES] *= factor
            rows.append(found.assign(figure=name, unit=unit)[["arm", "figure", "unit", *ESTIMATE]])
    return pd.concat(rows).sort_values(["figure", "arm"])


def main() -> None:
    """Write the figures and print them."""
    found = figures(Path(sys.argv[1])).round(5)
    found.to_csv(HERE / "figures.csv", index=False, lineterminator="\n")
    print(found.drop(columns="coverage").to_string(index=False))


if __name__ == "__main__":
    main()
