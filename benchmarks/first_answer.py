"""How soon a what-if has its first answer, over a comparison of the same two arms: `python -m benchmarks.first_answer`.

The first answer is of two replicates with two processes. Cases, at the full size of the Chenzhou scenario:

- opened: nothing is known, the processes have started;
- policy: the baseline has been played, a policy is another;
- again: a what-if that has been played before (undone, say);
- assumption: an input of the world is another, so that baseline and what-if stand on new foundations.

The comparison is `relocsim.compare` with two replicates and two processes, which it starts. Ratios of the clock hold where
nobody else uses the cores; processor time, of all processes together, holds anywhere.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
CHENZHOU = ROOT / "scenarios" / "chenzhou.yaml"
REPLICATES = 2
GOAL = 2.0
_TICK = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


def spent(processes: tuple[int, ...] = ()) -> float:
    """Return the processor time of this process, of its children that have ended, and of some that have not, seconds."""
    times = os.times()
    total = times.user + times.system + times.children_user + times.children_system
    for process in processes:
        stat = Path(f"/proc/{process}/stat")  # elsewhere than on Linux: of this process alone
        if stat.exists():
            fields = stat.read_text().rpartition(")")[2].split()
            total += (int(fields[11]) + int(fields[12])) / _TICK
    return total


def timed(play: Callable[[], object], processes: tuple[int, ...] = ()) -> tuple[float, float]:
    """Return how long something takes by the clock, and the processor time that it takes."""
    begin, busy = time.perf_counter(), spent(processes)
    play()
    return time.perf_counter() - begin, spent(processes) - busy


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--firms", type=int, default=10_000)
    parser.add_argument("--policy", default="incentives")
    options = parser.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    from relocsim.batch.comparing import compare
    from relocsim.spec import Spec, load
    from relocsim.whatif.crew import Crew

    def spec_of(*settings: str) -> Spec:
        return load(CHENZHOU, settings=[f"scenario.firms={options.firms}", *settings])

    on = f"policies.{options.policy}.on=true"
    base, first = spec_of(), spec_of(on)
    other = spec_of(on, f"policies.{options.policy}.intensity=1.5")
    assumed = [spec_of("parameters.sensitivity=6", *more) for more in ((), (on,))]
    print(f"load at the start: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores" if hasattr(os, "getloadavg") else "")
    with Crew(2) as crew:
        crew.start()
        list(crew.as_executor().map(time.sleep, [1.0] * 2))  # both have started and imported what they need

        def of(spec: Spec, baseline: Spec) -> tuple[float, float]:
            def play() -> None:
                answer = crew.play(spec, baseline, most=REPLICATES).wait()
                assert answer is not None
                _ = answer.effect, answer.cost, answer.over_time()

            return timed(play, crew.processes)

        found = {"opened": of(first, base), "policy": of(other, base), "again": of(first, base)}
        found["assumption"] = of(assumed[1], assumed[0])
    wall, _ = timed(lambda: compare(base, with_=[options.policy], replicates=REPLICATES, jobs=2))
    _, busy = timed(lambda: compare(base, with_=[options.policy], replicates=REPLICATES))
    print(
        f"compare of two arms, {REPLICATES} replicates: {wall:.2f} s with two processes, {busy:.2f} s of processor in one"
    )
    for name, (clock, work) in found.items():
        print(
            f"{name}: first answer in {clock:.2f} s (goal: {GOAL:g}), {clock / wall:.2f} of the comparison; "
            f"{work:.2f} s of processor, {work / busy:.2f} of it"
        )


if __name__ == "__main__":
    main()
