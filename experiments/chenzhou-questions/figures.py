"""Which figures of a city matter to what it may expect, each at the 5th and the 95th percentile of its range.

`python experiments/chenzhou-questions/figures.py` writes figures.csv: the change of Chenzhou's expected capture at the
start, per cent, all other inputs at their medians. Figures of one field (all location quotients) move together.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd

sys.path.insert(0, str(Path(__file__).parent))
from expected import PLACES, expected_capture

from relocsim.foundation import lay_foundation
from relocsim.model import RelocationModel
from relocsim.spec import Spec, load

CITY = "chenzhou"
SCENARIO = Path(__file__).parents[2] / "scenarios" / "chenzhou.yaml"
ENDS = (0.05, 0.95)


def capture(spec: Spec) -> float:
    """Return the city's expected capture at the start, per cent."""
    model = RelocationModel(spec, foundation=lay_foundation(spec))
    return float(expected_capture(model)[PLACES.index(CITY)])


def at(prefix: str, end: float) -> Callable[[str], float]:
    """Return quantiles of all inputs: `end` for those at a path and below it, else the median."""
    return lambda path: end if path == prefix or path.startswith((f"{prefix}.", f"{prefix}[")) else 0.5


def main() -> None:
    """Write the table."""
    spec = load(SCENARIO, settings=["scenario.firms=4000"])
    usual = capture(spec.drawn(at("none", 0.5)))
    fields = sorted({path.path.split(".")[2].split("[")[0] for path in spec.register.ranged() if path.path.startswith(f"places.{CITY}.")})
    rows = []
    for field in fields:
        low, high = (100 * (capture(spec.drawn(at(f"places.{CITY}.{field}", end))) / usual - 1) for end in ENDS)
        rows.append({"field": field, "low": low, "high": high, "swing": abs(high - low)})
    table = pd.DataFrame(rows).sort_values("swing", ascending=False)
    table.round(2).to_csv(Path(__file__).with_name("figures.csv"), index=False)
    print(table.round(2).to_string(index=False))


if __name__ == "__main__":
    main()
