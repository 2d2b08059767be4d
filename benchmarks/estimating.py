"""Time of an estimation, in processor seconds: `python -m benchmarks.estimating`.

From a data frame in memory to coefficients and their covariances (10,000 choosers, 40 alternatives and 8 attributes by
default); beside it the same with nests, and the evaluation of the likelihood alone.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

import numpy as np
import pandas as pd
from scipy import stats

from relocsim.estimation.estimating import estimate
from relocsim.streams import Streams, gumbel, members


def made(choosers: int, alternatives: int, width: int) -> pd.DataFrame:
    """Return a table of choices by random utility, with names as text."""
    rows = choosers * alternatives
    streams, uid = Streams(1), members("row", rows)
    table = {f"x{at}": stats.norm.ppf(streams.lanes("attribute", uid, at)[0]) for at in range(width)}
    utility = np.stack(list(table.values()), axis=1) @ np.linspace(-1, 1, width) + gumbel(
        streams.lanes("taste", uid)[0]
    )
    best = utility.reshape(choosers, alternatives).argmax(axis=1)
    chosen = np.zeros((choosers, alternatives), dtype=np.int8)
    chosen[np.arange(choosers), best] = 1
    return pd.DataFrame(
        {
            "firm": np.repeat([f"firm{at}" for at in range(choosers)], alternatives),
            "city": np.tile([f"city{at}" for at in range(alternatives)], choosers),
            "nest": np.tile(["north" if at % 2 else "south" for at in range(alternatives)], choosers),
            "chosen": chosen.ravel(), **table,
        }
    )  # fmt: skip


def timed(task: Callable[[], object], runs: int) -> float:
    """Return the median of processor time, s."""
    times = []
    for _ in range(runs):
        begin = time.process_time()
        task()
        times.append(time.process_time() - begin)
    return statistics.median(times)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--choosers", type=int, default=10_000)
    parser.add_argument("--alternatives", type=int, default=40)
    parser.add_argument("--attributes", type=int, default=8)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    table = made(options.choosers, options.alternatives, options.attributes)
    names = [f"x{at}" for at in range(options.attributes)]
    keys = {"chooser": "firm", "alternative": "city", "chosen": "chosen", "attributes": names}
    found = estimate(table, **keys)
    once = timed(lambda: found.fit.likelihood.derivatives(found.fit.theta), options.runs)
    whole = timed(lambda: estimate(table, **keys).coefficients, options.runs)
    nested = timed(lambda: estimate(table, **keys, nests="nest").coefficients, options.runs)
    size = f"{options.choosers} choosers x {options.alternatives} alternatives x {options.attributes} attributes"
    print(f"{size}, processor seconds: conditional logit {whole:.2f}, nested {nested:.2f}")
    print(f"likelihood with first and second derivatives {once:.3f}; a conditional fit is {whole / once:.0f} of these")


if __name__ == "__main__":
    main()
