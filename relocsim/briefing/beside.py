"""Results of other questions that a briefing takes in where they are at hand: a sensitivity, a synergy, a validation."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from relocsim.briefing.stored import ResultsError, read_manifest, read_table
from relocsim.metrics.effects import Estimate
from relocsim.report.effects import estimate_of


@dataclass(frozen=True)
class Sensitivity:
    """What an effect depends on, as stored."""

    effect: str
    on: str
    digest: str
    indices: pd.DataFrame
    """One row a family: label, total, total_low, total_high; most first."""


def open_sensitivity(folder: Path, city: str) -> Sensitivity:
    """Return the sensitivity in a folder (or in its `answer`); ResultsError where there is none, or of another city."""
    folder = folder / "answer" if (folder / "answer").is_dir() else folder
    manifest = _of_city(folder, "sensitivity", city)
    indices = read_table(folder, manifest, "indices", ("factor", "total", "total_low", "total_high"))
    factors = read_table(folder, manifest, "factors", ("factor", "label"))
    table = indices.merge(factors[["factor", "label"]], on="factor", how="left")
    asked = manifest["asked"]
    return Sensitivity(str(asked["effect"]), str(asked["on"]), str(manifest["digest"]), table)


@dataclass(frozen=True)
class Synergy:
    """How the effect of a package on the capture rate is shared out over its policies, as stored."""

    digest: str
    shares: pd.DataFrame
    """Shapley share of each policy with interval, by policy."""
    whole: Estimate
    """Effect of the whole package."""


def open_synergy(folder: Path, city: str) -> Synergy:
    """Return the synergy in a folder of `relocsim synergy --out`; ResultsError where there is none, or of another city."""
    manifest = _of_city(folder, "synergy", city)
    columns = ("quantity", "policy", *Estimate.__dataclass_fields__)
    table = read_table(folder, manifest, "table", columns)
    held = table[table["quantity"] == "capture_rate"].set_index("policy")
    return Synergy(str(manifest["digest"]), held.drop(index=["together", "synergy"]), estimate_of(held.loc["together"]))


def _of_city(folder: Path, kind: str, city: str) -> dict[str, Any]:
    """Return the manifest of results of a kind; ResultsError where there are none, or of another city."""
    manifest = read_manifest(folder, kind)
    if manifest.get("city") != city:
        raise ResultsError(f"{folder} is of {manifest.get('city')}, not of {city}: give a {kind} of the same city")
    return manifest


@dataclass(frozen=True)
class Miss:
    """A published figure that the model does not meet."""

    name: str
    published: tuple[float, float]
    """With its tolerance, in its unit."""
    simulated: tuple[float, float]
    """95 % of replicates."""


@dataclass(frozen=True)
class Validity:
    """How well the model fits what is on record."""

    met: int
    """Figures whose tolerance meets the interval of replicates."""
    wide: int
    """Figures that are met only because the interval holds nearly anything."""
    misses: tuple[Miss, ...]

    @property
    def count(self) -> int:
        """Figures compared."""
        return self.met + self.wide + len(self.misses)


_MET, _MISSED, _WIDE = ("inside", "only with its error"), "outside", "too wide to tell"
"""Verdicts of a validation."""


def open_validation(folder: Path) -> Validity:
    """Return the validation in a folder of `relocsim validate --out`; ResultsError where there is none."""
    manifest = read_manifest(folder, "validation")
    table = read_table(folder, manifest, "figures", ("comparison", "verdict", "value_low", "value_high", "low", "high"))
    missed = table[table["verdict"] == _MISSED]
    return Validity(
        met=int(table["verdict"].isin(_MET).sum()),
        wide=int((table["verdict"] == _WIDE).sum()),
        misses=tuple(
            Miss(str(row["comparison"]), (row["value_low"], row["value_high"]), (row["low"], row["high"]))
            for _, row in missed.iterrows()
        ),
    )
