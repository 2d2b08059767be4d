"""Which figures of a city matter to what it may expect, each at the 5th and the 95th percentile of its range.

`python experiments/chenzhou-questions/figures.py` writes figures.csv: the change of Chenzhou's expected capture after a
year, per cent, all other inputs at their medians. Figures of one field (all location quotients) move together.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd

sys.path.insert(0, str(Path(__file__).parent))
from expected import AGENTS, PLAIN

from relocsim.batch.expecting import expected_capture
from relocsim.foundation import lay_foundation
from relocsim.model import RelocationModel
from relocsim.spec import Spec, load

CITY = "chenzhou"
SCENARIO = Path(__file__).parents[2] / "scenarios" / "chenzhou.yaml"
ENDS = (0.05, 0.95)
PUBLISHED = {"gdp": 1.5, "secondary_share": 1.15, "wage": 1.15, "population": 1.3}
"""Figures that Chenzhou has from yearbooks, and the factor by which they are moved down and up, as a new city's may err."""
QUARTERS = 4
"""Played before the share is taken, so that what firms know is there."""


def capture(spec: Spec) -> float:
    """Return the city's expected capture after a year, per cent."""
    model = RelocationModel(spec, foundation=lay_foundation(spec))
    for _ in range(QUARTERS):
        model.step()
    return float(expected_capture(model)[model.setting.places.row(CITY)])


def at(prefix: str, end: float) -> Callable[[str], float]:
    """Return quantiles of all inputs: `end` for those at a path and below it, else the median."""
    return lambda path: end if path == prefix or path.startswith((f"{prefix}.", f"{prefix}[")) else 0.5


def _with(setting: str) -> Spec:
    """Return the specification with another figure of the city."""
    return load(SCENARIO, settings=[f"scenario.firms={AGENTS}", PLAIN, f"places.{CITY}.{setting}"])


def main() -> None:
    """Write the table."""
    spec = load(SCENARIO, settings=[f"scenario.firms={AGENTS}", PLAIN])
    usual = capture(spec.drawn(at("none", 0.5)))
    own = [one.path for one in spec.register.ranged() if one.path.startswith(f"places.{CITY}.")]
    fields = sorted({path.split(".")[2] for path in own})
    rows = []
    for field in fields:
        low, high = (100 * (capture(spec.drawn(at(f"places.{CITY}.{field}", end))) / usual - 1) for end in ENDS)
        rows.append({"field": field, "low": low, "high": high, "swing": abs(high - low)})
    for field, factor in PUBLISHED.items():
        value = getattr(spec.world.places[CITY], field)
        ends = [capture(_with(f"{field}={value * times:.6g}").drawn(at("none", 0.5))) for times in (1 / factor, factor)]
        low, high = (100 * (end / usual - 1) for end in ends)
        rows.append({"field": field, "low": low, "high": high, "swing": abs(high - low)})
    fewer = _with(f"lacks=[{', '.join(spec.world.places['hengyang'].lacks)}]").drawn(at("none", 0.5))
    high = 100 * (capture(fewer) / usual - 1)
    rows.append({"field": "lacks (as Hengyang)", "low": 0.0, "high": high, "swing": abs(high)})
    table = pd.DataFrame(rows).sort_values("swing", ascending=False)
    table.round(2).to_csv(Path(__file__).with_name("figures.csv"), index=False)
    print(table.round(2).to_string(index=False))


if __name__ == "__main__":
    main()
