"""Scripts of the other experiments, and their scenarios on the ranges or on the posterior."""

from __future__ import annotations

import importlib.util
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

from relocsim.batch.playing import realised
from relocsim.foundation import Foundation, lay_foundation
from relocsim.spec import Spec
from relocsim.spec.posterior import with_posterior

EXPERIMENTS = Path(__file__).resolve().parents[1]
SCENARIOS = EXPERIMENTS.parent / "scenarios"
POSTERIOR = EXPERIMENTS / "calibration" / "posterior.parquet"


@cache
def script(experiment: str, name: str) -> ModuleType:
    """Return a script of another experiment as a module; it finds those that lie beside it."""
    folder = EXPERIMENTS / experiment
    described = importlib.util.spec_from_file_location(f"{experiment}_{name}".replace("-", "_"), folder / f"{name}.py")
    if described is None or described.loader is None:
        raise FileNotFoundError(folder / f"{name}.py")
    module = sys.modules[described.name] = importlib.util.module_from_spec(described)
    sys.path.insert(0, str(folder))
    try:
        described.loader.exec_module(module)
    finally:
        sys.path.remove(str(folder))
    return module


def drawn_from(spec: Spec, posterior: Path | None) -> Spec:
    """Return a specification whose inputs are drawn from a posterior, or from their ranges where there is none."""
    return with_posterior(spec, posterior) if posterior else spec


def laid(spec: Spec, posterior: Path | None, draw: int) -> Foundation:
    """Return the foundation of one draw of the inputs."""
    return lay_foundation(realised(drawn_from(spec, posterior), draw), replicate=draw)
