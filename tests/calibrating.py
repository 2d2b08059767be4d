"""Plans of calibrations on the toy world, and models of closed form in place of it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from batching import SMALL, START, TOY
from formulas import Formulas
from scipy.special import ndtri

SUM = {
    "one": {"measure": {"observable": "capture"}, "value": 1.5, "tolerance": 0.5, "source": "made up"},
    "both": {"measure": {"observable": "inflow"}, "value": -1.0, "tolerance": 0.5, "source": "made up"},
}
"""Targets of a linear model: the first parameter, and the sum of the first two, each with an error of a half."""
PARAMETERS = ("sensitivity", "horizon", "nest_lambda")
SHORT = {"prior": 12, "generations": 1, "draws": 4, "accepted": 0.5, "checks": 1}


class _Plain(yaml.SafeDumper):
    """Writes what two entries share twice: files have no anchors."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def calibration_file(folder: Path, **entries: Any) -> Path:
    """Write a plan on the small toy world and return its file; an entry that is None is left out."""
    content: dict[str, Any] = {
        "format": 1,
        "kind": "calibration",
        "cases": {"toy": {"scenario": os.path.relpath(TOY, folder), "settings": {**SMALL, **START}}},
        "parameters": list(PARAMETERS),
        "targets": SUM,
        "runs": SHORT,
    }
    content = {key: value for key, value in {**content, **entries}.items() if value is not None}
    path = folder / "calibration.yaml"
    path.write_text(yaml.dump(content, Dumper=_Plain, sort_keys=False), encoding="utf-8")
    return path


def normal(given: Mapping[str, Any], name: str) -> float:
    """Return a parameter on the probit scale, standard normal under the prior."""
    return float(ndtri(given[f"inputs.{name}"]))


def linear() -> Formulas:
    """Return a model of closed form: the first parameter, and the sum of the first two; the third does nothing."""
    return Formulas(
        lambda given, _: normal(given, "sensitivity"),
        lambda given, _: normal(given, "sensitivity") + normal(given, "horizon"),
    )
