"""Bias of coefficients and coverage of their intervals over many data sets whose coefficients are known.

Recovery from the simulation's own choices, by the nested logit that it is, and from conditional logit with random utility.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import relocsim
from relocsim.estimation.estimating import Estimate, estimate
from relocsim.estimation.simulated import true_coefficients
from relocsim.model import lay_foundation
from relocsim.streams import Streams, gumbel, members

pytestmark = pytest.mark.slow

CHENZHOU = Path(__file__).parents[2] / "scenarios" / "chenzhou.yaml"
SOUGHT = ["cost", "own_industry", "log_size", "log_distance", "going", "abroad", "close", "entering"]
KEYS = {"chooser": "chooser", "alternative": "alternative", "chosen": "chosen"}
RUNS, SETS = 60, 400


def off(found: Estimate, truth: np.ndarray, kind: str) -> np.ndarray:
    """Return estimates less truth over their errors, (T,)."""
    return (found.fit.theta - truth) / np.sqrt(np.diag(found.covariance(kind)))


def judge(z: np.ndarray, names: tuple[str, ...], label: str) -> None:
    """Require means near 0 and 95 % intervals that hold the truth about as often, by coefficient, z is (runs, T).

    Bounds are those of chance: four standard errors of the mean, and 99.9 % of the binomial law.
    """
    count, covered = len(z), (np.abs(z) < stats.norm.ppf(0.975)).sum(axis=0)
    low, high = stats.binom.interval(0.999, count, 0.95)
    for name, mean, spread, held in zip(names, z.mean(axis=0), z.std(axis=0), covered, strict=True):
        print(f"{label} {name}: bias {mean:+.2f} s.e., spread {spread:.2f} s.e., coverage {held / count:.3f}")
    assert (np.abs(z.mean(axis=0)) < 4 / np.sqrt(count)).all()
    assert ((covered >= low) & (covered <= high)).all()


def test_the_simulations_own_coefficients_come_back_without_bias_in_intervals_that_hold() -> None:
    spec = relocsim.load(CHENZHOU, settings=["scenario.firms=2000", "scenario.study.strata=[]"])
    z, robust, names, refused = [], [], (), 0
    for replicate in range(RUNS):
        foundation = lay_foundation(spec, replicate=replicate)
        table = relocsim.choices(foundation, quarters=6, first=True)
        found = estimate(table, **KEYS, attributes=SOUGHT, nests="nest", offset="way_value")
        truth = np.array([true_coefficients(foundation)[name] for name in found.names])
        z.append(off(found, truth, "classical"))
        robust.append(off(found, truth, "robust"))
        names = found.names
        ratio = 2 * (found.fit.loglik - found.fit.likelihood.derivatives(truth).value)
        refused += ratio > stats.chi2.ppf(0.95, len(truth))
    judge(np.array(z), names, "classical")
    judge(np.array(robust), names, "robust")
    print(f"truth refused at 5 %: {refused} of {RUNS}")
    assert refused <= stats.binom.ppf(0.999, RUNS, 0.05)


def drawn(number: int, choosers: int = 250, alternatives: int = 6) -> pd.DataFrame:
    """Return a table of choices by random utility; pairs of choosers belong to a group."""
    draws = Streams(number).lanes("set", members("row", choosers * alternatives))
    chooser = np.repeat(np.arange(choosers), alternatives)
    table = pd.DataFrame(
        {
            "chooser": chooser, "alternative": np.tile(np.arange(alternatives), choosers), "group": chooser // 2,
            "a": draws[0] - 0.5, "b": stats.norm.ppf(draws[1]), "c": (draws[2] < 0.3).astype(float),
        }
    )  # fmt: skip
    utility = 1.0 * table["a"] - 0.7 * table["b"] + 0.5 * table["c"] + gumbel(draws[3])
    best = utility.groupby(table["chooser"]).transform("max")
    return table.assign(chosen=(utility == best).astype(int))


@pytest.mark.parametrize("sample", [None, 3])
def test_conditional_logit_is_without_bias_and_its_intervals_hold(sample: int | None) -> None:
    truth, z = np.array([1.0, -0.7, 0.5]), {"classical": [], "robust": [], "clustered": []}
    for number in range(SETS):
        found = estimate(drawn(number), **KEYS, attributes=["a", "b", "c"], cluster="group", sample=sample, seed=number)
        for kind, held in z.items():
            held.append(off(found, truth, kind))
    for kind, held in z.items():
        judge(np.array(held), found.names, f"{kind}, {sample or 'all'} alternatives")


def test_the_test_of_nests_refuses_no_nests_as_often_as_it_should() -> None:
    """Where there are no nests: p below 5 % in about 5 % of data sets."""
    low, ratios = 0, []
    for number in range(SETS // 2):
        table = drawn(number)
        table["nest"] = np.where(table["alternative"] < 3, "one", "other")
        found = estimate(table, **KEYS, attributes=["a", "b", "c"], nests="nest")
        ratios.append(found.tests["p"].iloc[1])
        low += ratios[-1] < 0.05
    print(f"no nests refused at 5 %: {low} of {len(ratios)}")
    assert stats.binom.ppf(0.0005, len(ratios), 0.05) <= low <= stats.binom.ppf(0.9995, len(ratios), 0.05)
