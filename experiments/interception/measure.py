"""What is to be expected where parks nearer the coast, or Chenzhou, act.

`python experiments/interception/measure.py BATCH CAPTURES`: the folders of the other two commands of the README. Writes
table.csv beside this file: expected choices along paired runs (no luck of the choice, all inputs drawn), the runs of the
batch, and contested capture.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
from foretelling import Foretelling, expected_firms, expected_output

import relocsim
from relocsim.batch.playing import realised
from relocsim.batch.reached import outside
from relocsim.batch.summaries import by_replicate
from relocsim.foundation import lay_foundation
from relocsim.metrics.effects import Estimate, estimate
from relocsim.metrics.passing import on_the_way
from relocsim.model import RelocationModel
from relocsim.spec import Spec, load
from relocsim.world.network import Access

HERE = Path(__file__).parent
CITY, NEARER, DRAWS = "chenzhou", ("shaoguan", "qingyuan", "heyuan"), 40
SETTINGS = ("scenario.firms=10000", "scenario.study.strata=[]")
"""Without luck of the choice there is nothing for strata to save, and fewer agents elsewhere would make places uneven."""
ARMS = {
    "near parks": ("near-parks",),
    "near incentives": ("near-incentives",),
    "near expansion": ("near-expansion",),
    "near, all three": ("near-all",),
    "own park": ("own-park",),
    "own incentives": ("incentives",),
    "own expansion": ("park-expansion",),
    "own, all three": ("own-all",),
    "both, all three": ("near-all", "own-all"),
}
PLAYED = ("as written", "near parks", "near, all three", "own park", "own, all three", "both, all three")
"""Points of the plan, in order."""
UNKNOWN = "the three unknown to all"
KM = (0, 450, 900, 3000)
"""Classes of distance between origin and the city, km."""
Found = dict[tuple[str, ...], list[float]]
"""A figure by draw, by what it is of."""


class WithoutTheThree(Foretelling):
    """A model in which no firm ever hears of the three: what they intercept, to the full."""

    def hear(self, access: Access) -> np.ndarray:
        """Return the contacts of the quarter, none with the three."""
        heard = np.array(np.broadcast_to(super().hear(access), self.setting.shape))
        heard[..., rows_of(self, NEARER)] = 0
        return heard


def main() -> None:
    """Measure everything and write the table."""
    spec = load(HERE / "scenario.yaml", settings=SETTINGS)
    found: Found = {}
    for draw in range(DRAWS):
        for key, value in expected(spec, draw):
            found.setdefault(key, []).append(value)
        print(f"draw {draw + 1} of {DRAWS}", file=sys.stderr)
    names = ["part", "arm", "by", "of", "quantity", "unit"]
    rows = [{**dict(zip(names, key, strict=True)), **asdict(estimate(np.array(one)))} for key, one in found.items()]
    rows += [{**dict(zip(names, key, strict=True)), **asdict(one)} for key, one in of_batch(Path(sys.argv[1]))]
    table = pd.concat([pd.DataFrame(rows), contested(Path(sys.argv[2]))], ignore_index=True)
    table.round(5).to_csv(HERE / "table.csv", index=False, lineterminator="\n")


def rows_of(model: RelocationModel, names: tuple[str, ...]) -> list[int]:
    """Return the rows of places."""
    return [model.setting.places.row(name) for name in names]


def expected(spec: Spec, draw: int) -> Iterator[tuple[tuple[str, ...], float]]:
    """Yield the expected change of every quantity with every arm, in one draw of the inputs."""
    drawn = realised(spec, draw)
    foundation = lay_foundation(drawn, replicate=draw)
    base = looked_at(Foretelling(drawn, foundation=foundation))
    for key, value in base.items():
        yield ("level", "as written", *key), value
    for arm, packages in ARMS.items():
        on = drawn.on | {policy for package in packages for policy in drawn.members([package])}
        yield from changes(arm, base, looked_at(Foretelling(drawn.with_policies(on), foundation=foundation)))
    yield from changes(UNKNOWN, base, looked_at(WithoutTheThree(drawn, foundation=foundation)))


def changes(
    arm: str, before: dict[tuple[str, ...], float], after: dict[tuple[str, ...], float]
) -> Iterator[tuple[tuple[str, ...], float]]:
    """Yield changes: of outputs in per cent, of shares in percentage points; and where what was gained or lost went."""
    for key, was in before.items():
        output = key[-1] == "1e8 yuan/year"
        value = 100 * (after[key] / was - 1) if output else after[key] - was
        yield ("expected", arm, *key[:-1], "%" if output else "pp"), value
    gain = {name: after[key] - before[key] for name in ("city", "three", "outside") for key in [_output(name)]}
    if arm.startswith("near") or arm == UNKNOWN:
        yield (
            ("expected", arm, "all", "all", "lost by Chenzhou of 100 that the three gain", "%"),
            _of(-gain["city"], gain["three"]),
        )
        yield (
            ("expected", arm, "all", "all", "new of 100 that the three gain", "%"),
            _of(gain["outside"], gain["three"]),
        )
        yield (
            ("expected", arm, "all", "all", "all that other places lose, of what Chenzhou has", "%"),
            _of(gain["three"] - gain["outside"], before[_output("city")]),
        )
    if arm.startswith("own"):
        yield (
            ("expected", arm, "all", "all", "lost by the three of 100 that Chenzhou gains", "%"),
            _of(-gain["three"], gain["city"]),
        )
        yield ("expected", arm, "all", "all", "new of 100 that Chenzhou gains", "%"), _of(gain["outside"], gain["city"])


def _output(name: str) -> tuple[str, ...]:
    return ("all", "all", f"output, {name}", "1e8 yuan/year")


def _of(part: float, whole: float) -> float:
    return 100 * part / whole


def looked_at(model: Foretelling) -> dict[tuple[str, ...], float]:
    """Play a model and return what is looked at: by, of, quantity and unit."""
    model.run()
    output, firms, away = expected_output(model), expected_firms(model) * outside(model), outside(model)
    at, near = rows_of(model, (CITY,))[0], rows_of(model, NEARER)
    found = {
        _output("city"): output[..., at].sum(),
        _output("three"): output[..., near].sum(),
        _output("outside"): output[..., away].sum(),
    }
    for s, sector in enumerate(model.setting.sectors.ids):
        found["sector", sector, "output, city", "1e8 yuan/year"] = output[:, s, :, at].sum()
    start = model.setting.places.km[model.setting.places.origins]
    bands = [("distance", f"{a} to {b} km", (start[:, at] >= a) & (start[:, at] < b)) for a, b in pairwise(KM)]
    for by, of, rows in [("all", "all", np.ones(len(start), bool)), *bands]:
        found |= passing(model, firms[rows], start[rows], (by, of))
        found[by, of, "output, city", "1e8 yuan/year"] = output[rows][..., at].sum()
    for s, sector in enumerate(model.setting.sectors.ids):
        found |= passing(model, firms[:, [s]], start, ("sector", sector))
    return found


def passing(
    model: Foretelling, firms: np.ndarray, start: np.ndarray, of: tuple[str, str]
) -> dict[tuple[str, ...], float]:
    """Return the shares, %, of firms going outside that stop on the way to the city, at the three, and that pass through."""
    at, near, km = rows_of(model, (CITY,))[0], rows_of(model, NEARER), model.setting.places.km
    going = firms.sum(axis=(1, 2))
    before, beyond = on_the_way(start, km[:, at][None], start[:, [at]]), on_the_way(start[:, [at]], km[at][None], start)
    before[:, at] = beyond[:, at] = False
    stopped, at_three = 100 * going * before / going.sum(), 100 * going[:, near] * before[:, near] / going.sum()
    return {
        (*of, "intercepted", "%"): stopped.sum(),
        (*of, "intercepted at the three", "%"): at_three.sum(),
        (*of, "passed through", "%"): (100 * going * beyond / going.sum()).sum(),
        (*of, "share of Chenzhou", "%"): 100 * going[:, at].sum() / going.sum(),
    }


def of_batch(folder: Path) -> Iterator[tuple[tuple[str, ...], Estimate]]:
    """Yield the paired changes in the runs of the plan, with all their luck; the plan's first point is the baseline."""
    batch = relocsim.StoredBatch(folder)
    for name in batch.observables:
        values, unit = by_replicate(batch, name), batch.manifest.layout["units"][name]
        yield ("played level", "as written", "all", "all", name, unit), estimate(values[:, 0])
        for point, arm in list(enumerate(PLAYED))[1:]:
            change = "pp" if unit.startswith("%") else unit
            yield ("played", arm, "all", "all", name, change), estimate(values[:, point] - values[:, 0])
    cells = batch.cell_table(places=[CITY, *NEARER])
    for where, names in (("city", [CITY]), ("three", list(NEARER))):
        chosen = cells[cells["place"].isin(names)]
        money = chosen.pivot_table(index="replicate", columns="point", values="investment", aggfunc="sum").to_numpy()
        for point, arm in list(enumerate(PLAYED))[1:]:
            key = ("played", arm, "all", "all", f"investment intended, {where}", "1e8 yuan")
            yield key, estimate(money[:, point] - money[:, 0])
        yield (
            ("played level", "as written", "all", "all", f"investment intended, {where}", "1e8 yuan"),
            estimate(money[:, 0]),
        )


def contested(folder: Path) -> pd.DataFrame:
    """Return capture and contested capture of intended investment, in per cent, levels and paired changes, by sector too."""
    parts = []
    for name, part in (("table", "captures"), ("effects", "captures, change")):
        table = pd.read_csv(folder / f"{name}.csv")
        rows = table["stage"].eq("intention") & table["measure"].eq("investment") & table["by"].isin(["all", "sector"])
        rows &= table["quantity"].isin(["capture_rate", "contested_rate"])
        some = table[rows].drop(columns=["stage", "measure", "replicates_needed"], errors="ignore")
        some[["mean", "low", "high", "simulation_error"]] *= 100
        parts.append(some.assign(part=part, unit="%" if part == "captures" else "pp"))
    return pd.concat(parts, ignore_index=True)


if __name__ == "__main__":
    main()
