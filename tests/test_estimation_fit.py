"""Conditional and nested logit: derivatives, formulas, laws, errors, tests, shares and elasticities."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from choosing import ATTRIBUTES, BETA, KEYS, attributes, chances, chosen, made

from relocsim.estimation.design import choices_of
from relocsim.estimation.estimating import Estimate, estimate
from relocsim.estimation.likelihood import Conditional, Nested, Nests
from relocsim.estimation.nesttests import verdict
from relocsim.estimation.sampling import sampled
from relocsim.estimation.tablechecks import checked

NESTS = {"north": 0.5, "south": 0.7}


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return made(1, lambdas=NESTS)


@pytest.fixture(scope="module")
def conditional(table: pd.DataFrame) -> Estimate:
    return estimate(table, **KEYS, attributes=ATTRIBUTES)


@pytest.fixture(scope="module")
def nested(table: pd.DataFrame) -> Estimate:
    return estimate(table, **KEYS, attributes=ATTRIBUTES, nests="nest")


def likelihoods(found: Estimate) -> dict[str, tuple[Conditional | Nested, np.ndarray]]:
    held, beta = found.choices, np.array([-0.7, 0.4, 0.9])
    free = Nests(("north", "south"), np.array([-1, 0, 1]), scaled=True)
    shared = Nests(("all",), np.array([-1, 0, 0]), scaled=True)
    unscaled = Nests(("home", "north", "south"), np.array([0, 1, 2]), scaled=False)
    return {
        "conditional": (Conditional(held, held.x), beta),
        "nested": (Nested(held, held.x, free), np.append(beta, [0.6, 1.3])),
        "one lambda": (Nested(held, held.x, shared), np.append(beta, 0.8)),
        "unscaled": (Nested(held, held.x, unscaled), np.append(beta, [0.9, 0.6, 1.2])),
    }


@pytest.mark.parametrize("kind", ["conditional", "nested", "one lambda", "unscaled"])
def test_derivatives_are_those_of_the_log_likelihood(nested: Estimate, kind: str) -> None:
    likelihood, theta = likelihoods(nested)[kind]
    found = likelihood.derivatives(theta)
    steps = 1e-5 * np.eye(len(theta))
    up, down = ([likelihood.derivatives(theta + sign * step) for step in steps] for sign in (1, -1))
    slope = [(a.value - b.value) / 2e-5 for a, b in zip(up, down, strict=True)]
    bend = [(a.scores.sum(axis=0) - b.scores.sum(axis=0)) / 2e-5 for a, b in zip(up, down, strict=True)]
    np.testing.assert_allclose(found.scores.sum(axis=0), slope, rtol=0, atol=1e-5)
    np.testing.assert_allclose(found.hessian, bend, rtol=0, atol=1e-4)
    assert found.scores.shape == (300, len(theta))


def test_chances_are_those_of_the_formula_chooser_by_chooser(nested: Estimate, table: pd.DataFrame) -> None:
    theta = dict(zip(nested.names, nested.fit.theta, strict=True))
    beta = {name: theta[name] for name in ATTRIBUTES}
    lambdas = {name: theta[f"lambda[{name}]"] for name in NESTS}
    rows = [one for _, part in table.groupby("firm") for one in chances(part.to_dict("records"), beta, lambdas)]
    predicted = nested.predict(table).set_index(["chooser", "alternative"])["chance"]
    np.testing.assert_allclose(predicted.loc[list(zip(table["firm"], table["city"], strict=True))], rows, rtol=1e-10)
    logs = np.log(np.array(rows)[table["chosen"].to_numpy() == 1])
    assert nested.fit.loglik == pytest.approx(logs.sum(), rel=1e-12)


def test_nests_with_parameter_one_are_no_nests(conditional: Estimate) -> None:
    held, theta = conditional.choices, conditional.fit.theta
    one = Nests(("all",), np.zeros(1, dtype=int), scaled=True)
    first = Conditional(held, held.x).derivatives(theta)
    second = Nested(held, held.x, one).derivatives(np.append(theta, 1.0))
    assert second.value == pytest.approx(first.value, rel=1e-13)
    np.testing.assert_allclose(second.scores[:, :-1], first.scores, atol=1e-12)
    np.testing.assert_allclose(second.hessian[:-1, :-1], first.hessian, atol=1e-9)


def test_the_peak_is_flat_and_known_coefficients_lie_near(conditional: Estimate, nested: Estimate) -> None:
    for found in (conditional, nested):
        slope = found.fit.scores.sum(axis=0)
        assert slope @ np.linalg.solve(-found.fit.hessian, slope) < 1e-8
        assert np.linalg.eigvalsh(-found.fit.hessian)[0] > 0
    truth = np.array([*BETA.values(), *NESTS.values()])
    off = (nested.fit.theta - truth) / np.sqrt(np.diag(nested.covariance()))
    assert np.abs(off).max() < 3


@pytest.mark.parametrize("nests", [None, "nest"])
def test_no_bit_depends_on_the_order_of_rows(table: pd.DataFrame, nests: str | None) -> None:
    mixed = table.iloc[np.argsort((np.arange(len(table)) * 7919) % len(table), kind="stable")]
    one, other = (estimate(held, **KEYS, attributes=ATTRIBUTES, nests=nests) for held in (table, mixed))
    assert one.fit.theta.tobytes() == other.fit.theta.tobytes()
    pd.testing.assert_frame_equal(one.elasticities, other.elasticities)


def test_units_of_attributes_move_coefficients_and_nothing_else(table: pd.DataFrame, nested: Estimate) -> None:
    scaled = table.assign(cost=1e6 * table["cost"], size=table["size"] + 1000)
    found = estimate(scaled, **KEYS, attributes=ATTRIBUTES, nests="nest")
    assert found.fit.loglik == pytest.approx(nested.fit.loglik, abs=1e-6)
    np.testing.assert_allclose(found.fit.theta * [1e6, 1, 1, 1, 1], nested.fit.theta, rtol=2e-4)


def test_constants_reproduce_shares(table: pd.DataFrame) -> None:
    found = estimate(table, **KEYS, attributes=["cost"], constants=True, base="c01")
    np.testing.assert_allclose(found.shares["expected"], found.shares["chosen_by"], atol=1e-6)
    assert [name for name in found.choices.names if "@" in name] == [f"constant@c{n:02d}" for n in (0, 2, 3, 4)]


def test_an_attribute_of_one_alternative_is_a_column_that_is_zero_elsewhere(table: pd.DataFrame) -> None:
    by_hand = table.assign(mine=np.where(table["city"] == "c01", table["size"], 0.0))
    one = estimate(table, **KEYS, attributes=["cost", "size@c01"])
    other = estimate(by_hand, **KEYS, attributes=["cost", "mine"])
    np.testing.assert_array_equal(one.fit.theta, other.fit.theta)


def test_an_offset_is_an_attribute_with_coefficient_one(table: pd.DataFrame, conditional: Estimate) -> None:
    held = table.assign(known=-0.25 * table["cost"])
    found = estimate(held, **KEYS, attributes=ATTRIBUTES, offset="known")
    np.testing.assert_allclose(found.fit.theta - conditional.fit.theta, [0.25, 0, 0], atol=1e-8)


def test_errors_are_the_sandwich_and_a_chooser_a_cluster_is_robust(table: pd.DataFrame, conditional: Estimate) -> None:
    bread, scores = np.linalg.inv(-conditional.fit.hessian), conditional.fit.scores
    meat = sum(np.outer(score, score) for score in scores)
    np.testing.assert_allclose(conditional.covariance("classical"), bread)
    np.testing.assert_allclose(conditional.covariance("robust"), bread @ meat @ bread * 300 / 299, rtol=1e-10)
    alone = estimate(table, **KEYS, attributes=ATTRIBUTES, cluster="firm")
    np.testing.assert_allclose(alone.covariance("clustered"), alone.covariance("robust"), rtol=1e-10)
    assert alone.columns.errors_used == "clustered"


def test_choosers_written_twice_halve_the_variance_unless_they_are_clustered(table: pd.DataFrame) -> None:
    twice = pd.concat([table.assign(who=table["firm"]), table.assign(who=table["firm"], firm=table["firm"] + "b")])
    once = estimate(table, **KEYS, attributes=ATTRIBUTES)
    found = estimate(twice, **KEYS, attributes=ATTRIBUTES, cluster="who")
    np.testing.assert_allclose(found.covariance("classical"), once.covariance("classical") / 2, rtol=1e-6)
    np.testing.assert_allclose(found.covariance("clustered"), once.covariance("robust"), rtol=1e-6)


def test_tests_of_nests_are_the_ratio_and_the_gap(nested: Estimate) -> None:
    tests = nested.tests.set_index(["test", "of"])["statistic"]
    ratio = 2 * (nested.fit.loglik - nested.conditional.loglik)
    assert tests["likelihood ratio", "no nests: every parameter 1"] == pytest.approx(ratio)
    gap = nested.fit.theta[3:] - 1
    wald = gap @ np.linalg.inv(nested.covariance()[3:, 3:]) @ gap
    assert tests["Wald", "no nests: every parameter 1"] == pytest.approx(wald)
    assert (nested.tests["p"] < 0.05).all()
    assert list(nested.nest_parameters["nest"]) == ["north", "south"]
    assert nested.remarks == ["nests of one alternative, whose parameter is 1 by definition: home"]


def test_one_lambda_is_between_and_never_likelier(table: pd.DataFrame, nested: Estimate) -> None:
    shared = estimate(table, **KEYS, attributes=ATTRIBUTES, nests="nest", one_lambda=True)
    low, high = sorted(nested.fit.theta[3:])
    assert low < shared.fit.theta[3] < high
    assert nested.conditional.loglik < shared.fit.loglik <= nested.fit.loglik
    assert shared.names[-1] == "lambda[all]"


def test_without_nests_in_the_world_the_parameters_are_not_told_from_one() -> None:
    found = estimate(made(4, 400), **KEYS, attributes=ATTRIBUTES, nests="nest", one_lambda=True)
    assert found.tests["p"].iloc[1] > 0.05
    assert found.nest_parameters["verdict"].str.contains("told from 1").all()


def test_parameters_outside_zero_to_one_are_said() -> None:
    table = chosen(attributes(7, 500, 5), 7, lambdas={"north": 2.2, "south": 2.2})
    found = estimate(table, **KEYS, attributes=ATTRIBUTES, nests="nest", one_lambda=True)
    assert found.fit.theta[-1] > 1
    assert found.nest_parameters["verdict"].iloc[0].startswith("outside 0 to 1")
    assert found.remarks[-1] == "outside 0 to 1: all"
    assert verdict(1.1, 0.8, 1.4).startswith("above 1, but not told from 1")


def test_elasticities_are_what_happens_to_shares(nested: Estimate, table: pd.DataFrame) -> None:
    table = table.assign(size=table["size"] + 0.1)
    nested = estimate(table, **KEYS, attributes=ATTRIBUTES, nests="nest")
    raised = table.assign(size=np.where(table["city"] == "c03", 1.0001 * table["size"], table["size"]))
    before, after = nested.predict(table), nested.predict(raised)
    rows = before.assign(change=(after["chance"] - before["chance"]) / 0.0001)
    offered = set(rows.loc[rows["alternative"] == "c03", "chooser"])
    rows = rows[rows["chooser"].isin(offered)]
    found = nested.elasticities.set_index(["attribute", "alternative"]).loc[("size", "c03")]
    groups = {"own": ["c03"], "same_nest": ["c01"], "other_nests": ["c00", "c02", "c04"]}
    for name, cities in groups.items():
        part = rows[rows["alternative"].isin(cities)]
        assert found[name] == pytest.approx(part["change"].sum() / part["chance"].sum(), rel=1e-3), name


def test_the_elasticity_to_a_log_is_the_coefficient_times_the_chance_of_others(table: pd.DataFrame) -> None:
    found = estimate(table, **KEYS, attributes=ATTRIBUTES, logs=["size"])
    held, p = found.choices, found.chances.of_row
    rows = held.alternative == 2
    own = found.fit.theta[1] * (p * (1 - p))[rows].sum() / p[rows].sum()
    told = found.elasticities.set_index(["attribute", "alternative"]).loc[("size", "c02"), "own"]
    assert told == pytest.approx(own)


@pytest.mark.parametrize("by", [None, "weight"])
def test_sampled_alternatives_give_the_coefficients_of_all(by: str | None) -> None:
    """Half the alternatives: within a few errors of what all give, and bare of the correction they would be off."""
    table = chosen(attributes(11, 700, 14), 11)
    table["weight"] = np.exp(1.5 * table["size"])
    whole = estimate(table, **KEYS, attributes=ATTRIBUTES)
    part = estimate(table, **KEYS, attributes=ATTRIBUTES, sample=7, sample_by=by, seed=3)
    error = np.sqrt(np.diag(part.covariance()))
    assert (np.abs(part.fit.theta - whole.fit.theta) < 2.5 * error).all()
    assert (error > np.sqrt(np.diag(whole.covariance()))).all()
    assert part.used.sizes().max() <= 7
    assert len(part.choices.chooser) == len(table)
    if by:
        columns = part.columns
        kept, correction = sampled(checked(table, columns, part.source), columns)
        bare = Conditional(choices_of(kept, columns), choices_of(kept, columns).x)
        gradient = bare.derivatives(whole.fit.theta)
        step = np.linalg.solve(-gradient.hessian, gradient.scores.sum(axis=0))
        assert abs(step[1]) > 4 * error[1], "without the correction the size would be missed"
        assert np.isfinite(correction).all()


def test_the_sample_belongs_to_names_and_not_to_rows() -> None:
    table = chosen(attributes(12, 60, 10), 12)
    few = [estimate(held, **KEYS, attributes=ATTRIBUTES, sample=4) for held in (table, table[::-1])]
    assert few[0].fit.theta.tobytes() == few[1].fit.theta.tobytes()
    other = estimate(table, **KEYS, attributes=ATTRIBUTES, sample=4, seed=2)
    assert other.fit.theta.tobytes() != few[0].fit.theta.tobytes()
    assert (few[0].used.sizes() == 4).all()
    assert few[0].remarks == [
        "alternatives were sampled for the coefficients; shares and elasticities are of whole choice sets"
    ]


def test_a_prediction_needs_the_nests_of_the_estimate(nested: Estimate, table: pd.DataFrame) -> None:
    few = table[table["nest"] != "south"]
    sizes = few.groupby("firm")["city"].transform("size")
    first = ~few["firm"].duplicated()
    held = few.assign(chosen=first.astype(int))[sizes > 1]
    chance = nested.predict(held)["chance"]
    assert chance.groupby(nested.predict(held)["chooser"]).sum().to_numpy() == pytest.approx(1.0)
