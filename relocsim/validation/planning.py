"""A plan's file becomes a checked validation, or every problem with its place in the file. Refuses to play."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from relocsim.calibration.planning import figures_of, opened, require_none
from relocsim.calibration.targeting import aims_of
from relocsim.calibration.tolerances import Aim
from relocsim.errors import Problem
from relocsim.spec import Spec
from relocsim.spec.crosschecks import At
from relocsim.spec.evidence import Figure
from relocsim.spec.files import beside
from relocsim.spec.nodes import Node, problem
from relocsim.spec.posterior import with_posterior
from relocsim.validation.investment import read_investment
from relocsim.validation.plan import ValidationPlan

KIND = "validation"


@dataclass(frozen=True)
class Validation:
    """A validation that is ready to be played."""

    plan: ValidationPlan
    specs: Mapping[str, Spec]
    """Scenarios by case."""
    figures: Mapping[str, Figure]
    """Evidence by id."""
    aims: tuple[Aim, ...]
    """Comparisons."""
    findings: Mapping[str, Mapping[str, Any]]
    """Findings of the patterns: by pattern, by name."""
    investment: pd.DataFrame | None
    """City, year, value: foreign investment actually used."""

    def under(self, posterior: str | Path) -> Validation:
        """Return the validation with inputs drawn by a posterior; SpecError where a case does not fit it."""
        return replace(self, specs={name: with_posterior(spec, posterior) for name, spec in self.specs.items()})

    def with_replicates(self, replicates: int) -> Validation:
        """Return the validation with so many replicates a case."""
        return replace(self, plan=self.plan.model_copy(update={"replicates": replicates}))


def load_validation(path: str | Path) -> Validation:
    """Return a validation; SpecError with every problem found."""
    plan, content, specs = opened(path, KIND, ValidationPlan)
    at = At(content)
    figures, problems = figures_of(content)
    aims, told = aims_of(plan.comparisons, "comparisons", specs, figures, at)
    findings, more = _findings(plan, content)
    problems += [*told, *more, *_untold(plan, figures, findings, at)]
    require_none(problems)
    investment = None
    if plan.investment:
        investment = read_investment(beside(content.children["investment"], ("investment",)))
    return Validation(plan, specs, figures, tuple(aims), findings, investment)


def _findings(plan: ValidationPlan, content: Node) -> tuple[dict[str, Any], list[Problem]]:
    if not plan.findings:
        return {}, []
    node = content.children["findings"]
    try:
        found = json.loads(Path(beside(node, ("findings",))).read_text("utf-8"))
    except ValueError:
        return {}, [problem(node.mark, "this is no file of findings", steps=("findings",), hint="name findings.json")]
    return dict(found), []


def _untold(
    plan: ValidationPlan, figures: Mapping[str, Figure], findings: Mapping[str, Mapping[str, Any]], at: At
) -> Iterator[Problem]:
    """Yield figures that nothing is said of, and findings that are not there."""
    compared = {one.figure for one in plan.comparisons.values()}
    for name, figure in figures.items():
        told = figure.silent or figure.findings or figure.use == "mechanism" or name in compared
        if not told:
            hint = "add a comparison, findings of a pattern, or say under silent why there is none"
            yield at(("evidence",), f"nothing is said of the figure {name!r}", hint)
        for one in figure.findings if plan.findings else ():
            pattern, _, what = one.partition(": ")
            if what not in findings.get(pattern, {}):
                yield at(("findings",), f"there is no finding {one!r}, which the figure {name!r} names")
