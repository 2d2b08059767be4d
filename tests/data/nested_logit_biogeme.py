"""Fits two nested logits with biogeme and stores what it finds: `python -m tests.data.nested_logit_biogeme`.

Biogeme is no dependency of the tests; install it in an environment of its own. Its nest parameter is one over lambda.
"""

from __future__ import annotations

import json
import sys
from importlib.metadata import version
from pathlib import Path

import biogeme.biogeme as bio
import numpy as np
import pandas as pd
from biogeme.database import Database
from biogeme.expressions import Beta, Variable
from biogeme.models import lognested
from biogeme.nests import NestsForNestedLogit, OneNestForNestedLogit
from statsmodels.datasets import modechoice

sys.path.insert(0, str(Path(__file__).parents[1]))
from choosing import ATTRIBUTES, made

STORED = Path(__file__).with_name("nested-logit-biogeme.json")


def wide(table: pd.DataFrame, who: str, what: str, chosen: str, names: list[str]) -> pd.DataFrame:
    """Return one row a chooser, with columns attribute_alternative and the position of the choice."""
    held = table.pivot(index=who, columns=what, values=names)
    order = sorted(table[what].unique())
    flat = pd.DataFrame({f"{name}_{order.index(one)}": held[name, one] for name in names for one in order})
    taken = table[table[chosen] == 1].set_index(who)[what].map(order.index)
    return flat.assign(CHOICE=taken).reset_index(drop=True).astype(float)


def fitted(name: str, table: pd.DataFrame, utilities: dict, nests: dict[str, list[int]]) -> dict:
    """Return the log-likelihood and, by coefficient, value, classical and robust error."""
    scales = {nest: Beta(f"mu_{nest}", 1.5, 0.2, None, 0) for nest in nests}
    named = [OneNestForNestedLogit(scales[nest], members, name=nest) for nest, members in nests.items()]
    model = bio.BIOGEME(
        Database(name, table),
        lognested(utilities, None, NestsForNestedLogit(list(utilities), tuple(named)), Variable("CHOICE")),
        generate_html=False, generate_yaml=False, save_iterations=False, calculating_second_derivatives="analytical",
    )  # fmt: skip
    model.model_name = name
    found = model.estimate()
    raw = found.raw_estimation_results
    return {
        "names": raw.beta_names,
        "values": raw.beta_values,
        "loglik": float(found.final_log_likelihood),
        "found": found,
    }


def told(result: dict, nests: dict[str, list[int]], rename: dict[str, str]) -> dict:
    """Return a result with lambda = 1 / mu in place of mu (errors by the delta method) and the names of relocsim."""
    found = result["found"]
    coefficients = {}
    for name in result["names"]:
        value = float(found.get_parameter_value_from_index(result["names"].index(name)))
        error, robust = (float(one) for one in errors(found, name))
        if name.startswith("mu_"):
            error, robust, value = error / value**2, robust / value**2, 1 / value
            coefficients[f"lambda[{name[3:]}]"] = [value, error, robust]
        else:
            coefficients[rename.get(name, name)] = [value, error, robust]
    return {"loglik": result["loglik"], "coefficients": coefficients}


def errors(found: object, name: str) -> tuple[float, float]:
    from biogeme.results_processing import EstimateVarianceCovariance

    return tuple(
        found.get_parameter_std_err(name, kind)
        for kind in (EstimateVarianceCovariance.RAO_CRAMER, EstimateVarianceCovariance.ROBUST)
    )


def main() -> None:
    """Fit and store."""
    travel = modechoice.load_pandas().data
    travel["mode"] = travel["mode"].map({1: "air", 2: "train", 3: "bus", 4: "car"})
    table = wide(travel, "individual", "mode", "choice", ["gc", "ttme", "hinc"])
    gc, ttme, income = Beta("gc", 0, None, None, 0), Beta("ttme", 0, None, None, 0), Beta("hinc_air", 0, None, None, 0)
    utilities = {}
    for at, mode in enumerate(["air", "bus", "car", "train"]):
        value = gc * Variable(f"gc_{at}") + ttme * Variable(f"ttme_{at}")
        if mode != "car":
            value = value + Beta(f"constant_{mode}", 0, None, None, 0)
        if mode == "air":
            value = value + income * Variable("hinc_0")
        utilities[at] = value
    ground = {"ground": [1, 2, 3]}
    rename = {"hinc_air": "hinc@air", **{f"constant_{mode}": f"constant@{mode}" for mode in ("air", "bus", "train")}}
    results = {"travel": told(fitted("travel", table, utilities, ground), ground, rename)}
    choices = made(22, 400, 5, open_share=1.0, lambdas={"north": 0.5, "south": 0.7})
    table = wide(choices, "firm", "city", "chosen", list(ATTRIBUTES))
    betas = {name: Beta(name, 0, None, None, 0) for name in ATTRIBUTES}
    utilities = {at: sum(betas[name] * Variable(f"{name}_{at}") for name in ATTRIBUTES) for at in range(5)}
    nests = {"north": [1, 3], "south": [2, 4]}
    results["made"] = told(fitted("made", table, utilities, nests), nests, {})
    versions = {name: version(name) for name in ("biogeme", "statsmodels", "numpy", "pandas")}
    text = json.dumps({"versions": versions, "results": results}, indent=1)
    STORED.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    np.seterr(all="ignore")
    main()
