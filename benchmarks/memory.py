"""Peak memory and time of one run with many firms: `python -m benchmarks.memory --firms 1000000`."""

from __future__ import annotations

import argparse
import os
import resource
import sys
import time


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--firms", type=int, default=1_000_000)
    parser.add_argument("--scenario", default="scenarios/chenzhou.yaml")
    options = parser.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    from relocsim.model import RelocationModel, lay_foundation
    from relocsim.spec import load

    spec = load(options.scenario, settings=[f"scenario.firms={options.firms}"])
    begin = time.perf_counter()
    foundation = lay_foundation(spec)
    laid = time.perf_counter()
    model = RelocationModel(spec, foundation=foundation).run()
    done = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    print(
        f"{options.firms:,} firms at the start, {len(model.population):,} agents in all, {len(model.projects):,} projects"
    )
    print(
        f"foundation {laid - begin:.1f} s, stepping {done - laid:.1f} s, peak memory {peak / 1e9:.2f} GB (goal: below 2.5)"
    )


if __name__ == "__main__":
    main()
