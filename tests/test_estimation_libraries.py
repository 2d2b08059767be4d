"""Held against well-kept libraries on the same tables, and against a published table: statsmodels, xlogit, Greene."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from choosing import ATTRIBUTES, KEYS, made

from relocsim.estimation.estimating import Estimate, estimate

conditional_models = pytest.importorskip("statsmodels.discrete.conditional_models", reason="the test extra brings it")
xlogit = pytest.importorskip("xlogit", reason="the test extra brings it")

MODES = {1: "air", 2: "train", 3: "bus", 4: "car"}
TRAVEL = {"chooser": "individual", "alternative": "mode", "chosen": "choice", "constants": True, "base": "car"}
GREENE = ("gc", "ttme", "hinc@air")
STORED = Path(__file__).parent / "data" / "nested-logit-biogeme.json"


@pytest.fixture(scope="module")
def travel() -> pd.DataFrame:
    """210 travellers who chose among four modes, as statsmodels ships them."""
    from statsmodels.datasets import modechoice

    table = modechoice.load_pandas().data
    mode = table["mode"].map(MODES)
    return table.assign(mode=mode, nest=np.where(mode == "air", "fly", "ground"))


@pytest.fixture(scope="module")
def greene(travel: pd.DataFrame) -> Estimate:
    return estimate(travel, **TRAVEL, attributes=GREENE)


def test_the_conditional_logit_of_greene_comes_out(greene: Estimate) -> None:
    """Greene 2003, Econometric Analysis, 5th edition, table 21.11 (page 729), as replicated with R's mlogit."""
    published = {
        "gc": (-0.0155015, 0.0044080), "ttme": (-0.0961246, 0.0104398), "hinc@air": (0.0132870, 0.0102624),
        "constant@air": (5.2074329, 0.7790551), "constant@train": (3.8690357, 0.4431269),
        "constant@bus": (3.1631903, 0.4502659),
    }  # fmt: skip
    held = greene.coefficients.set_index("name")
    for name, (value, error) in published.items():
        assert held.loc[name, "estimate"] == pytest.approx(value, rel=2e-5)
        assert held.loc[name, "se_classical"] == pytest.approx(error, rel=2e-5)
    assert greene.fit.loglik == pytest.approx(-199.1284, abs=5e-5)


def test_the_nested_logit_of_greene_comes_out(travel: pd.DataFrame) -> None:
    """The same, table 21.12, full information, recalled; income there acts on the choice to fly and not within the nest."""
    found = estimate(travel, **TRAVEL, attributes=GREENE, nests="nest", unscaled=True)
    theta = dict(zip(found.names, found.fit.theta, strict=True))
    published = {
        "gc": -0.03159, "ttme": -0.1126, "constant@air": 6.042, "constant@train": 5.065, "constant@bus": 4.096,
        "lambda[fly]": 0.5860, "lambda[ground]": 0.3890,
    }  # fmt: skip
    for name, value in published.items():
        assert theta[name] == pytest.approx(value, rel=2e-4), name
    assert theta["hinc@air"] * theta["lambda[fly]"] == pytest.approx(0.01533, rel=4e-4)
    assert found.fit.loglik == pytest.approx(-193.6561, abs=5e-5)


@pytest.mark.parametrize("open_share", [1.0, 0.6])
def test_statsmodels_finds_the_same_where_choice_sets_differ(open_share: float) -> None:
    table = made(21, 250, 6, open_share=open_share)
    mine = estimate(table, **KEYS, attributes=ATTRIBUTES)
    groups = pd.factorize(table["firm"])[0]
    model = conditional_models.ConditionalLogit(
        table["chosen"].to_numpy(), table[list(ATTRIBUTES)].to_numpy(), groups=groups
    )
    theirs = model.fit(method="newton", disp=0)
    np.testing.assert_allclose(mine.fit.theta, theirs.params, rtol=1e-6)
    np.testing.assert_allclose(mine.coefficients["se_classical"], theirs.bse, rtol=1e-5)
    assert mine.fit.loglik == pytest.approx(theirs.llf, abs=1e-8)


def test_xlogit_finds_the_same_with_robust_errors_too(travel: pd.DataFrame, greene: Estimate) -> None:
    table = travel.assign(**{name: (travel["mode"] == name) * 1.0 for name in ("air", "bus", "train")})
    table["hinc@air"] = table["hinc"] * table["air"]
    names = [*GREENE, "air", "bus", "train"]
    for robust, column in ((False, "se_classical"), (True, "se_robust")):
        model = xlogit.MultinomialLogit()
        model.fit(
            X=table[names].to_numpy(), y=table["choice"].to_numpy(), varnames=names, ids=table["individual"].to_numpy(),
            alts=table["mode"].to_numpy(), verbose=0, robust=robust,
        )  # fmt: skip
        np.testing.assert_allclose(greene.fit.theta, model.coeff_, rtol=1e-4)
        np.testing.assert_allclose(greene.coefficients[column], model.stderr, rtol=1e-3)
        assert greene.fit.loglik == pytest.approx(model.loglikelihood, abs=1e-6)


def test_biogeme_found_the_same_nested_logits(travel: pd.DataFrame) -> None:
    """Stored results, since it brings a large tool chain along: `python -m tests.data.nested_logit_biogeme` makes them."""
    stored = json.loads(STORED.read_text("utf-8"))
    mine = {
        "travel": estimate(travel, **TRAVEL, attributes=GREENE, nests="nest"),
        "made": estimate(
            made(22, 400, 5, open_share=1.0, lambdas={"north": 0.5, "south": 0.7}),
            **KEYS,
            attributes=ATTRIBUTES,
            nests="nest",
        ),
    }
    assert stored["versions"]["biogeme"]
    for name, found in mine.items():
        theirs = stored["results"][name]
        assert found.fit.loglik == pytest.approx(theirs["loglik"], abs=1e-5)
        for at, coefficient in enumerate(found.names):
            value, error, robust = theirs["coefficients"][coefficient]
            assert found.fit.theta[at] == pytest.approx(value, rel=1e-3, abs=1e-5), coefficient
            assert np.sqrt(found.covariance("classical")[at, at]) == pytest.approx(error, rel=5e-3), coefficient
            unscaled = robust * np.sqrt(len(found.choices.start) / (len(found.choices.start) - 1))
            assert np.sqrt(found.covariance("robust")[at, at]) == pytest.approx(unscaled, rel=5e-3), coefficient
