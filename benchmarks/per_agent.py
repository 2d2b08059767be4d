"""Time of a quarter per agent and in columns, in one run on one core: `python -m benchmarks.per_agent --firms 100000`.

The model per agent is the second implementation in tests/reference, a Mesa model in plain Python that works out once a
quarter what all firms of a segment share, asks only firms under review and reads draws in bulk. Both play the same
quarters of the same world with the same draws and constants; laying the foundation and making the agents is not timed.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def timed(model: object, quarters: int, name: str) -> list[float]:
    """Return the seconds of each quarter."""
    times = []
    gc.collect()
    for quarter in range(quarters):
        begin = time.perf_counter()
        model.step()  # type: ignore[attr-defined]
        times.append(time.perf_counter() - begin)
        say(f"{name}: quarter {quarter + 1} of {quarters}, {times[-1]:.3f} s")
    return times


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--firms", type=int, default=100_000)
    parser.add_argument("--quarters", type=int, default=4, help="quarters timed, the same in both models")
    parser.add_argument("--runs", type=int, default=3, help="runs of each; of every quarter the best counts")
    parser.add_argument("--scenario", type=Path, default=ROOT / "scenarios" / "chenzhou.yaml")
    options = parser.parse_args()
    os.environ.update(dict.fromkeys(THREADS, "1"))
    sys.path.insert(0, str(ROOT / "tests"))
    from reference import ReferenceModel
    from reference.anchor import Constants

    from relocsim.model import RelocationModel, lay_foundation
    from relocsim.spec import load

    spec = load(options.scenario, settings=[f"scenario.firms={options.firms}"])
    spec = spec.with_policies(list(spec.policies))
    begin = time.perf_counter()
    foundation = lay_foundation(spec)
    given = foundation.choosers.intercepts
    constants = Constants(float(given.elsewhere), float(given.entry), float(given.abroad), float(given.close))
    say(f"foundation: {time.perf_counter() - begin:.1f} s")
    fast = [
        timed(RelocationModel(spec, foundation=foundation), options.quarters, "in columns") for _ in range(options.runs)
    ]
    slow = []
    for _ in range(options.runs):
        plain = ReferenceModel(spec, foundation.population, constants=constants)
        plain.world.routes = foundation.routes  # routes that the other model has found already
        slow.append(timed(plain, options.quarters, "per agent"))
        reviewed = plain.reviewed
        del plain
    asked = reviewed * sum(place.destination for place in spec.world.places.values())
    print(
        f"{options.firms:,} firms at the start, {len(foundation.population):,} agents in all; {options.quarters} quarters, "
        f"each at its best of {options.runs} runs; {reviewed / options.quarters:,.0f} firms under review a quarter"
    )
    times = {"per agent": sum(map(min, zip(*slow, strict=True))), "in columns": sum(map(min, zip(*fast, strict=True)))}
    for name, spent in times.items():
        quarter, each = spent / options.quarters, 1e6 * spent / asked
        print(f"{name}: {quarter:.4f} s a quarter, {each:.3f} us per firm under review and place")
    print(f"ratio {times['per agent'] / times['in columns']:.1f} (goal at 100,000 firms: 60)")


if __name__ == "__main__":
    main()
