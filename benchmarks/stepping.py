"""Time of stepping: `python -m benchmarks.stepping --firms 20000`. Best and median of several runs, one core."""

from __future__ import annotations

import argparse
import os
import statistics
import time


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--firms", type=int, default=20_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--scenario", default="scenarios/chenzhou.yaml")
    parser.add_argument("--plain", action="store_true", help="without compiled kernels, where there are any")
    options = parser.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    if options.plain:
        os.environ["RELOCSIM_KERNELS"] = "off"
    from relocsim import kernels
    from relocsim.model import RelocationModel, lay_foundation
    from relocsim.spec import load

    spec = load(options.scenario, settings=[f"scenario.firms={options.firms}"])
    begin = time.perf_counter()
    foundation = lay_foundation(spec)
    laid = time.perf_counter() - begin
    RelocationModel(spec, foundation=foundation).run()
    times = []
    for _ in range(options.runs):
        model = RelocationModel(spec, foundation=foundation)
        begin = time.perf_counter()
        model.run()
        times.append(time.perf_counter() - begin)
    quarters = spec.scenario.quarters
    how = "compiled kernels" if kernels.library else "plain numpy"
    print(f"{options.firms:,} firms, {quarters} quarters, {how}: foundation {laid:.2f} s")
    print(
        f"stepping: best {min(times):.3f} s, median {statistics.median(times):.3f} s of {options.runs} runs, "
        f"{1000 * min(times) / quarters:.1f} ms a quarter (goal at 20,000: 0.5 s)"
    )


if __name__ == "__main__":
    main()
