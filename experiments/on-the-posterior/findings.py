"""Findings of other experiments, on the ranges and on the posterior.

`python experiments/on-the-posterior/findings.py FOLDER` reads the batches of plan.yaml and landing.yaml in FOLDER, each
played with independent ranges (`chenzhou-ranges`, `landing-ranges`) and with `--posterior` (`chenzhou-posterior`,
`landing-posterior`). What Yibin may expect is worked out here without luck, as experiments/yibin-questions does. Writes
findings.csv.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pandas as pd

from relocsim import StoredBatch
from relocsim.answers.expecting import in_replicates
from relocsim.metrics.effects import estimate
from relocsim.spec import load
from relocsim.spec.posterior import with_posterior
from relocsim.world.calendar import Quarter

HERE = Path(__file__).parent
POSTERIOR = HERE.parent / "calibration" / "posterior.parquet"
YIBIN = HERE.parents[1] / "scenarios" / "yibin.yaml"
REPLICATES = 20
POLICIES = {
    "high-speed rail": (0, 1),
    "park expansion": (2, 0),
    "incentive package": (3, 0),
    "supplier cultivation": (4, 0),
    "administrative reform": (5, 0),
    "all together": (6, 1),
}
"""Points of plan.yaml, with and without."""
STEPS = {"a tenth of investment": (3, 7), "three tenths of investment": (8, 7)}
LANDING = {
    "target on signed money": (1, 0),
    "follow-up, effort": (2, 0),
    "supervision of a quarter, beside it": (3, 2),
    "target on what lands": (4, 0),
}
VISITS = "delegations"
CARDS = ("policy-card", "resources-card", "industry-card", "river-port-card", "park-expansion", "project-packaging")
Values = dict[tuple[str, str, str], np.ndarray]
"""Paired changes by replicate: experiment, finding, unit."""


def of_chenzhou(batch: StoredBatch) -> Iterator[tuple[tuple[str, str, str], np.ndarray]]:
    """Yield the changes that policies and subsidies make."""
    runs = {
        name: batch.runs.pivot(index="replicate", columns="point", values=name).to_numpy(float)
        for name in ("capture", "inflow")
    }
    for name, (with_, without) in POLICIES.items():
        yield ("chenzhou-policies", name, "pp of what leaves"), runs["capture"][:, with_] - runs["capture"][:, without]
    for name, (with_, without) in STEPS.items():
        yield ("incentive-size", name, "1e8 yuan"), runs["inflow"][:, with_] - runs["inflow"][:, without]


def of_landing(batch: StoredBatch) -> Iterator[tuple[tuple[str, str, str], np.ndarray]]:
    """Yield what targets and follow-up change of signed and of producing money, per cent of the mean without."""
    cells = batch.cell_table(places=["chenzhou"], periods=["2019"])
    for stage, column in (("signed", "signed_1e8yuan"), ("producing", "producing_1e8yuan")):
        values = cells.pivot(index="replicate", columns="point", values=column).to_numpy(float)
        for name, (with_, without) in LANDING.items():
            change = 100 * (values[:, with_] - values[:, without]) / values[:, without].mean()
            yield ("signing-landing", f"{name}: {stage}", "% of the mean without"), change


def of_yibin(posterior: Path | None) -> Iterator[tuple[tuple[str, str, str], np.ndarray]]:
    """Yield what each card changes of what Yibin may expect, per cent."""
    spec = load(YIBIN, settings=["scenario.firms=4000"])
    spec = with_posterior(spec, posterior) if posterior else spec
    arms = {"delegations": frozenset({VISITS}), **{name: frozenset({VISITS, name}) for name in CARDS}}
    arms["the four cards together"] = frozenset({VISITS, *CARDS[:4]})
    found = in_replicates(spec, arms, ("yibin",), until=Quarter.parse("2014-Q1"), replicates=REPLICATES)[:, :, 0]
    for column, name in enumerate(arms):
        if column:
            yield ("yibin-questions", name, "% of Yibin's share"), 100 * (found[:, column] / found[:, 0] - 1)


def compared(ranges: Values, posterior: Values) -> Iterator[dict[str, object]]:
    """Yield a row a finding and way of drawing, and one of the change between the two, replicate by replicate."""
    for key, values in ranges.items():
        about = dict(zip(("experiment", "finding", "unit"), key, strict=True))
        for inputs, each in (("ranges", values), ("posterior", posterior[key]), ("change", posterior[key] - values)):
            yield {**about, "inputs": inputs, **asdict(estimate(each))}


def values_of(folder: Path, inputs: str, posterior: Path | None) -> Values:
    """Return all paired changes of one way of drawing."""
    found = dict(of_chenzhou(StoredBatch(folder / f"chenzhou-{inputs}")))
    found |= dict(of_landing(StoredBatch(folder / f"landing-{inputs}")))
    return found | dict(of_yibin(posterior))


def main() -> None:
    """Write the findings and print them."""
    folder = Path(sys.argv[1])
    both = values_of(folder, "ranges", None), values_of(folder, "posterior", POSTERIOR)
    found = pd.DataFrame(compared(*both)).round(5)
    found.to_csv(HERE / "findings.csv", index=False, lineterminator="\n")
    print(found.drop(columns="coverage").to_string(index=False))


if __name__ == "__main__":
    main()
