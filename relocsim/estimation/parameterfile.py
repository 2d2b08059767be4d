"""Coefficients become parameters of the model, in a file that a scenario names under `estimates`.

How a parameter follows from coefficients is written out by whoever asks: `sensitivity = -cost`, `log_size_coefficient =
log_size / lambda`. A rule is a product of coefficients, nest parameters and numbers; its error is by the delta method. This
module refuses to guess a rule, and to write what `relocsim check` would refuse.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from scipy import stats

from relocsim.errors import OutputExistsError, Problem, RelocsimError, SpecError
from relocsim.estimation.estimating import Estimate
from relocsim.sources import Grade
from relocsim.spec import check
from relocsim.spec.changes import WORLD
from relocsim.spec.files import FORMAT
from relocsim.spec.shapes import Number, Record
from relocsim.spec.words import near

_DIGITS = 6
"""Significant digits of what is written."""


@dataclass(frozen=True)
class Rule:
    """A parameter as a product of powers of coefficients."""

    parameter: str
    """Name of the parameter."""
    text: str
    """The rule as it was written."""
    factor: float
    """What is a number in it."""
    powers: Mapping[str, int]
    """Power of each coefficient."""


@dataclass(frozen=True)
class Parameter:
    """An estimated parameter of the model."""

    rule: Rule
    """How it follows from coefficients."""
    value: float
    """Estimate."""
    error: float
    """Standard error."""
    low: float
    """Low end of its interval."""
    high: float
    """High end."""
    unit: str
    """Unit, as the model declares it."""


def rule_of(parameter: str, text: str, estimate: Estimate) -> Rule:
    """Return the rule that a text such as `-cost / lambda` writes; SpecError says what is not known."""
    body, factor, powers = text.strip(), 1.0, dict[str, int]()
    if body.startswith("-"):
        body, factor = body[1:], -1.0
    parts = re.split(r"([*/])", body)
    for sign, word in zip(["*", *parts[1::2]], [part.strip() for part in parts[::2]], strict=True):
        power = 1 if sign == "*" else -1
        try:
            factor *= float(word) ** power
        except (ValueError, ZeroDivisionError):
            name = _coefficient(word, parameter, text, estimate)
            powers[name] = powers.get(name, 0) + power
    if not powers:
        raise _refusal(parameter, f"{text!r} names no coefficient", "write a rule such as -cost, or size / lambda")
    return Rule(parameter, " ".join(text.split()), factor, powers)


def _coefficient(word: str, parameter: str, text: str, estimate: Estimate) -> str:
    nests = [name for name in estimate.names if name.startswith("lambda[")]
    if word == "lambda" and len(nests) == 1:
        return nests[0]
    if word not in estimate.names:
        hint = near(word, estimate.names) or f"there are {', '.join(estimate.names)}"
        raise _refusal(parameter, f"there is no coefficient {word!r} in {text!r}", hint)
    return word


def parameters_of(estimate: Estimate, rules: Mapping[str, str] | None = None) -> list[Parameter]:
    """Return the parameters that rules make of an estimate (those it was asked with by default).

    Raises
    ------
    SpecError
        With every rule that cannot be read, and every value outside what the model allows.
    """
    rules = estimate.columns.parameters if rules is None else rules
    if not rules:
        hint = "say how each follows from coefficients, such as sensitivity=-cost"
        raise SpecError([Problem("no parameter of the model was asked for", hint=hint)])
    problems: list[Problem] = []
    found = []
    for name, text in rules.items():
        try:
            found.append(_parameter(rule_of(name, text, estimate), estimate))
        except SpecError as error:
            problems += error.problems
    if problems:
        raise SpecError(problems)
    return found


def _parameter(rule: Rule, estimate: Estimate) -> Parameter:
    shape = _shape(rule.parameter)
    theta = dict(zip(estimate.names, estimate.fit.theta, strict=True))
    value = rule.factor * float(np.prod([theta[name] ** power for name, power in rule.powers.items()]))
    slope = np.array([value * rule.powers.get(name, 0) / theta[name] for name in estimate.names])
    error = float(np.sqrt(slope @ estimate.covariance() @ slope))
    reach = float(stats.norm.ppf(0.5 + estimate.columns.level / 2)) * error
    _refuse_outside(rule, shape, value)
    low = _capped(value - reach, shape.low, shape.open_low, max)
    high = _capped(value + reach, shape.high, shape.open_high, min)
    return Parameter(rule, value, error, low, high, shape.unit or "")


def _shape(parameter: str) -> Number:
    parameters = WORLD.fields["parameters"]
    fields = parameters.fields if isinstance(parameters, Record) else {}
    shape = fields.get(parameter)
    if not isinstance(shape, Number):
        hint = near(parameter, fields) or "docs/model.md lists them"
        raise _refusal(parameter, f"the model has no parameter {parameter!r}", hint)
    return shape


def _refuse_outside(rule: Rule, shape: Number, value: float) -> None:
    low = shape.low is not None and (value < shape.low or (shape.open_low and value == shape.low))
    high = shape.high is not None and (value > shape.high or (shape.open_high and value == shape.high))
    if low or high:
        side = "low" if low else "high"
        limit = shape.low if low else shape.high
        message = f"{rule.text} is {value:.4g}, which is too {side}: the limit of {rule.parameter} is {limit:g}"
        raise _refusal(rule.parameter, message, "look at the sign of the rule; such an estimate cannot enter the model")


def _capped(end: float, limit: float | None, excluded: bool, pick: Any) -> float:
    """Return an end of an interval inside the limits of the field; where a limit is excluded, a millionth of 1 inside."""
    if limit is None:
        return end
    return float(pick(end, limit + (1e-6 if pick is max else -1e-6) * excluded))


def _refusal(parameter: str, message: str, hint: str) -> SpecError:
    return SpecError([Problem(message, path=f"parameters.{parameter}", hint=hint)])


def parameter_text(
    estimate: Estimate, rules: Mapping[str, str] | None = None, *, grade: Grade = Grade.STATISTIC
) -> str:
    """Return the text of a file of parameters: value, unit, source, grade and interval of each."""
    found = parameters_of(estimate, rules)
    columns, kind = estimate.columns, estimate.columns.errors_used
    about = {
        "table": estimate.source.name,
        "sha256": estimate.source.digest,
        "method": estimate.method,
        "choosers": len(estimate.choices.start),
        "rows": len(estimate.choices.chooser),
        "log_likelihood": _rounded(estimate.fit.loglik),
        "errors": kind,
        "level": columns.level,
        "coefficients": {
            name: _rounded(float(one)) for name, one in zip(estimate.names, estimate.fit.theta, strict=True)
        },
    }
    source = (
        f"Estimated from {estimate.source.name} (sha256 {estimate.source.digest[:16]}): {estimate.method}, "
        f"{len(estimate.choices.start)} choosers, {kind} standard errors"
    )
    parameters = {
        one.rule.parameter: {
            "value": _rounded(one.value), "unit": one.unit, "grade": str(grade),
            "range": [_rounded(min(one.low, one.value)), _rounded(max(one.high, one.value))],
            "source": f"{source}; {one.rule.parameter} = {one.rule.text}",
            "note": f"range: {100 * columns.level:g} % interval, within the limits of the parameter",
        }
        for one in found
    }  # fmt: skip
    body = yaml.safe_dump(
        {"format": FORMAT, "kind": "estimates", "about": about, "parameters": parameters},
        sort_keys=False, allow_unicode=True, width=120,
    )  # fmt: skip
    return "# Written by relocsim estimate. A scenario takes it in by `estimates: [this file]`.\n" + body


def _rounded(value: float) -> float:
    """Return a value to the digits that are written."""
    return float(f"{value:.{_DIGITS}g}")


def write_parameters(
    estimate: Estimate, path: str | Path, rules: Mapping[str, str] | None = None, *, grade: Grade = Grade.STATISTIC,
    force: bool = False,
) -> Path:  # fmt: skip
    """Write the file of parameters and return its path; it is there whole or not at all.

    Raises
    ------
    OutputExistsError
        Where another file is there and not `force`.
    SpecError
        Where a rule cannot be read, or the file would not pass `relocsim check`.
    """
    path = Path(path)
    text = parameter_text(estimate, rules, grade=grade)
    if path.exists() and not force and (not path.is_file() or path.read_text("utf-8", errors="replace") != text):
        raise OutputExistsError(f"{path} is there already; choose another name, or overwrite it with --force")
    partial = path.with_name(f".{path.name}.partial")
    try:
        partial.write_text(text, encoding="utf-8")
        problems = check(partial)
        if problems:
            raise SpecError(problems)
        partial.replace(path)
    except OSError as error:
        raise RelocsimError(f"{path} cannot be written: {error.strerror}") from None
    finally:
        partial.unlink(missing_ok=True)
    return path
