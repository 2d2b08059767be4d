"""Key findings of other experiments, on the ranges and on the posterior.

    python experiments/on-the-posterior/findings.py FOLDER ranges     # then `posterior`: values by draw, into FOLDER
    python experiments/on-the-posterior/findings.py FOLDER            # findings.csv, from both

FOLDER holds the batches of plan.yaml, landing.yaml and package.yaml, each played with independent ranges
(`chenzhou-ranges`, `landing-ranges`, `package-ranges`) and with `--posterior` (`chenzhou-posterior` and so on). Leaders
first is played here, by the script of that experiment; what needs no luck is worked out by foretold.py.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pandas as pd
from foretold import Key, Values, foretold
from others import POSTERIOR, drawn_from, script

from relocsim import StoredBatch
from relocsim.metrics.effects import estimate

HERE = Path(__file__).parent
REPLICATES = 20
INPUTS = {"ranges": None, "posterior": POSTERIOR}
ORDER = (
    "chenzhou-policies", "incentive-size", "signing-landing", "best-package", "leader-first", "incentive-race",
    "interception", "rail-and-depth", "railway-sign", "shortest-plank", "chenzhou-questions", "yibin-questions",
)  # fmt: skip
KEY = ["experiment", "finding", "unit"]
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
PACKAGES = {
    "approvals": (1, 0),
    "follow-up": (2, 0),
    "approvals beside follow-up": (3, 2),
    "visits beside both": (4, 3),
    "park beside both": (5, 3),
}
"""Points of package.yaml, with and without."""
COURTED = {"investment": "1e8 yuan a city", "followers": "firms a city", "turned": "firms a city"}
"""What leaders first bring in ten years, and its unit."""


def of_chenzhou(batch: StoredBatch) -> Iterator[tuple[Key, np.ndarray]]:
    """Yield the changes that policies and subsidies make."""
    runs = {
        name: batch.runs.pivot(index="replicate", columns="point", values=name).to_numpy(float)
        for name in ("capture", "inflow")
    }
    for name, (with_, without) in POLICIES.items():
        yield ("chenzhou-policies", name, "pp of what leaves"), runs["capture"][:, with_] - runs["capture"][:, without]
    for name, (with_, without) in STEPS.items():
        yield ("incentive-size", name, "1e8 yuan"), runs["inflow"][:, with_] - runs["inflow"][:, without]


def of_landing(batch: StoredBatch) -> Iterator[tuple[Key, np.ndarray]]:
    """Yield what targets and follow-up change of signed and of producing money, per cent of the mean without."""
    cells = batch.cell_table(places=["chenzhou"], periods=["2019"])
    for stage, column in (("signed", "signed_1e8yuan"), ("producing", "producing_1e8yuan")):
        values = cells.pivot(index="replicate", columns="point", values=column).to_numpy(float)
        for name, (with_, without) in LANDING.items():
            change = 100 * (values[:, with_] - values[:, without]) / values[:, without].mean()
            yield ("signing-landing", f"{name}: {stage}", "% of the mean without"), change


def of_package(batch: StoredBatch) -> Iterator[tuple[Key, np.ndarray]]:
    """Yield what policies bring to production in Chenzhou, each beside those before it."""
    cells = batch.cell_table(places=["chenzhou"])
    values = cells.pivot(index="replicate", columns="point", values="investment").to_numpy(float)
    for name, (with_, without) in PACKAGES.items():
        yield ("best-package", name, "1e8 yuan"), values[:, with_] - values[:, without]


def of_leaders(folder: Path, inputs: str) -> Iterator[tuple[Key, np.ndarray]]:
    """Yield what leaders first and small firms bring to the mean of eight cities in ten years, playing both."""
    first = script("leader-first", "play")
    spec, _ = first.planned()
    played = first.play(folder / f"leaders-{inputs}.csv", drawn_from(spec, INPUTS[inputs]), REPLICATES)
    leaders, small = (
        first.gains(played, arm, years=10).groupby("replicate")[list(COURTED)].mean() for arm in ("leaders", "small")
    )
    money = COURTED["investment"]
    yield ("leader-first", "leaders first: investment", money), leaders["investment"].to_numpy()
    yield ("leader-first", "small firms: investment", money), small["investment"].to_numpy()
    yield ("leader-first", "leaders less small firms: investment", money), (leaders - small)["investment"].to_numpy()
    yield (
        ("leader-first", "leaders first: suppliers that followed", COURTED["followers"]),
        leaders["followers"].to_numpy(),
    )
    yield ("leader-first", "leaders first: local firms that turned", COURTED["turned"]), leaders["turned"].to_numpy()


def values_of(folder: Path, inputs: str) -> Values:
    """Return all figures by draw or replicate of one way of drawing."""
    found = dict(of_chenzhou(StoredBatch(folder / f"chenzhou-{inputs}")))
    found |= dict(of_landing(StoredBatch(folder / f"landing-{inputs}")))
    found |= dict(of_package(StoredBatch(folder / f"package-{inputs}")))
    return found | dict(of_leaders(folder, inputs)) | foretold(INPUTS[inputs])


def keep(folder: Path, inputs: str, values: Values) -> None:
    """Write figures by draw or replicate, a row each."""
    parts = [pd.DataFrame({**dict(zip(KEY, key, strict=True)), "value": each}) for key, each in values.items()]
    pd.concat(parts).rename_axis("draw").to_csv(folder / f"values-{inputs}.csv")


def kept(folder: Path, inputs: str) -> Values:
    """Return figures by draw or replicate, experiments in the order of the page."""
    rows = pd.read_csv(folder / f"values-{inputs}.csv")
    found = {key: part["value"].to_numpy() for key, part in rows.groupby(KEY, sort=False)}
    return {key: found[key] for key in sorted(found, key=lambda key: ORDER.index(key[0]))}


def compared(ranges: Values, posterior: Values) -> Iterator[dict[str, object]]:
    """Yield a row a finding and way of drawing, and one of the change between the two, replicate by replicate."""
    for key, values in ranges.items():
        about = dict(zip(KEY, key, strict=True))
        for inputs, each in (("ranges", values), ("posterior", posterior[key]), ("change", posterior[key] - values)):
            yield {**about, "inputs": inputs, **asdict(estimate(each))}


def main(folder: Path, inputs: str | None = None) -> None:
    """Write the values of one way of drawing, or compare the two and print the findings."""
    if inputs:
        keep(folder, inputs, values_of(folder, inputs))
        return
    found = pd.DataFrame(compared(*(kept(folder, one) for one in INPUTS))).round(5)
    found.to_csv(HERE / "findings.csv", index=False, lineterminator="\n")
    print(found.drop(columns="coverage").to_string(index=False))


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
