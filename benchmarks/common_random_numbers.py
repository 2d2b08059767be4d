"""How much the pairing of arms saves: variance of a paired effect against that with independent seeds.

Both estimate the effect of the incentive package on the investment that the city takes, at central inputs. Paired: the same
population, tastes and luck in both arms. Independent: each arm has a replicate of its own. `python -m
benchmarks.common_random_numbers`
"""

from __future__ import annotations

import argparse
import os

import numpy as np


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replicates", type=int, default=60)
    parser.add_argument("--policy", default="incentives")
    parser.add_argument("--place", default="chenzhou", help="a city that is not full")
    parser.add_argument("--scenario", default="scenarios/chenzhou.yaml")
    parser.add_argument("--set", action="append", default=[], dest="settings")
    options = parser.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    from relocsim.batch.arms import plan_arms
    from relocsim.batch.playing import play
    from relocsim.spec import load
    from relocsim.world.projects import STAGES

    spec = load(options.scenario, settings=options.settings)
    arms = plan_arms(spec, with_=[options.policy])
    row, stage = sorted(spec.world.places).index(options.place), STAGES.index(spec.scenario.study.stage)
    taken = np.array(
        [
            [arm.flow[1, stage, :, row].sum() for arm in play(spec, arms, replicate=replicate, draw_inputs=False)]
            for replicate in range(options.replicates)
        ]
    )
    paired = taken[:, 1] - taken[:, 0]
    independent = taken[:, 1].var(ddof=1) + taken[:, 0].var(ddof=1)
    error = paired.std(ddof=1) / np.sqrt(len(paired))
    print(f"effect of {options.policy} on {options.place}: {paired.mean():.3f} +- {1.96 * error:.3f} (1e8 yuan)")
    print(
        f"variance paired {paired.var(ddof=1):.3f}, independent {independent:.3f}: "
        f"ratio {independent / paired.var(ddof=1):.1f} (goal: 10)"
    )


if __name__ == "__main__":
    main()
