"""Estimates for the terminal, as rich renderables. Refuses to print."""

from __future__ import annotations

import pandas as pd
from rich.console import Group, RenderableType
from rich.text import Text

from relocsim.estimation.estimating import Estimate
from relocsim.estimation.parameterfile import Parameter
from relocsim.report.screens.comparison import grid
from relocsim.report.wording import percent, plain

_TOP = 15
"""Alternatives that are shown of many; files hold all."""


def estimate_screen(found: Estimate, parameters: list[Parameter]) -> RenderableType:
    """Return coefficients, nest parameters, tests, fit, shares, elasticities and what a scenario makes of them."""
    parts: list[RenderableType] = [Text(_heading(found)), _coefficients(found)]
    if found.nests is not None:
        parts.append(_nests(found))
    parts += [_tests(found), _shares(found), _elasticities(found)]
    if parameters:
        parts.append(_parameters(parameters))
    return Group(*parts, *(Text(f"Note: {remark}") for remark in found.remarks))


def _heading(found: Estimate) -> str:
    held = dict(zip(found.summary["quantity"], found.summary["value"], strict=True))
    sizes = f"{held['smallest choice set']:.0f} to {held['largest choice set']:.0f}"
    level = percent(found.columns.level)
    return (
        f"{found.source.name} (sha256 {found.source.digest[:8]}): {found.method}, {held['choosers']:.0f} choosers, "
        f"{held['alternatives']:.0f} alternatives, {sizes} a chooser\n"
        f"log-likelihood {held['log-likelihood']:.4f}, pseudo R2 {held['pseudo R2 (McFadden)']:.3f}, "
        f"AIC {held['AIC']:.1f}, BIC {held['BIC']:.1f}; low and high: {level} interval by "
        f"{found.columns.errors_used} standard errors\n"
    )


def _coefficients(found: Estimate) -> RenderableType:
    kinds = [f"se_{kind}" for kind in found.kinds]
    rows = [
        [row["name"], *(_six(row[name]) for name in ("estimate", *kinds)), f"{row['z']:.2f}", _p(row["p"]),
         _six(row["low"]), _six(row["high"])]
        for row in found.coefficients.to_dict("records")
    ]  # fmt: skip
    heads = ["coefficient", "estimate", *(f"s.e. {kind}" for kind in found.kinds), "z", "p", "low", "high"]
    return grid("Coefficients", heads, rows)


def _nests(found: Estimate) -> RenderableType:
    rows = [
        [row["nest"], _six(row["parameter"]), _six(row["standard_error"]), _six(row["low"]), _six(row["high"]),
         f"{row['z_against_1']:.2f}", _p(row["p_against_1"]), row["verdict"]]
        for row in found.nest_parameters.to_dict("records")
    ]  # fmt: skip
    heads = ["nest", "lambda", "s.e.", "low", "high", "z against 1", "p", "says"]
    return grid("Nest parameters: 1 is no nest", heads, rows, words_last=True)


def _tests(found: Estimate) -> RenderableType:
    rows = [
        [row["test"], row["of"], f"{row['statistic']:.2f}", str(row["degrees"]), _p(row["p"])]
        for row in found.tests.to_dict("records")
    ]
    return grid("Tests", ["test", "of", "chi-squared", "degrees", "p"], rows, left=2)


def _shares(found: Estimate) -> RenderableType:
    table = found.shares.sort_values("chosen_by", ascending=False, kind="stable")
    rows = [
        [row["alternative"], str(row["available_to"]), str(row["chosen_by"]), f"{row['expected']:.1f}",
         percent(row["observed_share"], 1), percent(row["predicted_share"], 1)]
        for row in table.head(_TOP).to_dict("records")
    ]  # fmt: skip
    heads = ["alternative", "open to", "chosen by", "expected", "observed", "predicted"]
    return grid("Shares" + _first(table), heads, rows)


def _elasticities(found: Estimate) -> RenderableType:
    order = found.shares.sort_values("chosen_by", ascending=False, kind="stable")["alternative"]
    shown = found.elasticities[(found.elasticities["own"].abs() > 0) & found.elasticities["own"].notna()]
    rank = {name: at for at, name in enumerate(order)}
    table = shown.sort_values("alternative", key=lambda names: names.map(rank), kind="stable")
    table = table.sort_values("attribute", kind="stable", key=lambda names: names.map(_place(found)))
    few = table.groupby("attribute", sort=False).head(_TOP // 3)
    rows = [
        [row["attribute"], row["alternative"], *(_three(row[name]) for name in ("own", "same_nest", "other_nests"))]
        for row in few.to_dict("records")
    ]
    more = " (the alternatives chosen most)" if len(few) < len(table) else ""
    heads = ["attribute", "of", "own share", "others in its nest", "other nests"]
    return grid("Elasticities: per cent for one per cent of the attribute" + more, heads, rows, left=2)


def _place(found: Estimate) -> dict[str, int]:
    return {name: at for at, name in enumerate(found.choices.names)}


def _parameters(parameters: list[Parameter]) -> RenderableType:
    rows = [
        [one.rule.parameter, one.rule.text, _six(one.value), _six(one.error), _six(one.low), _six(one.high), one.unit]
        for one in parameters
    ]
    heads = ["parameter", "rule", "value", "s.e.", "low", "high", "unit"]
    return grid("Parameters of the model", heads, rows, left=2, words_last=True)


def _first(table: pd.DataFrame) -> str:
    return f" (the first {_TOP} of {len(table)})" if len(table) > _TOP else ""


def _six(value: float) -> str:
    return f"{value:.4g}"


def _three(value: float) -> str:
    return "-" if pd.isna(value) else plain(value, 3)


def _p(value: float) -> str:
    return "<0.001" if value < 0.001 else f"{value:.3f}"
