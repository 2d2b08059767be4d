"""Agent-based simulation of industry that relocates from one city to another.

The public names, few; each is imported when first used, so that `import relocsim` costs nothing:

- `load(path, settings=...)`: the specification of a scenario; `check(path)`: what is wrong with a file; `schema()`.
- `run(scenario)`, `compare(scenario)`: answers as objects with tidy tables; `explain(scenario)`: why;
  `ablate(scenario)`: what each mechanism does.
- `run_batch(plan, out)`: many runs into a folder; `StoredBatch(folder)`: its tables.
- `estimate(table, ...)`: choice coefficients from observed choices; `choices(spec)`: the choices of a run as such a table.
- `catalogue()`: the kinds of policy by name. `RelocationModel`, `Spec`: what the answers are made with.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from relocsim.batch.ablation import Ablation as Ablation
    from relocsim.batch.comparing import Comparison as Comparison
    from relocsim.batch.executing import run_batch as run_batch
    from relocsim.batch.running import Run as Run
    from relocsim.batch.stored import StoredBatch as StoredBatch
    from relocsim.errors import OutputExistsError as OutputExistsError
    from relocsim.errors import RelocsimError as RelocsimError
    from relocsim.errors import SpecError as SpecError
    from relocsim.estimation.estimating import Estimate as Estimate
    from relocsim.estimation.estimating import estimate as estimate
    from relocsim.estimation.simulated import choices as choices
    from relocsim.model import RelocationModel as RelocationModel
    from relocsim.policies import catalogue as catalogue
    from relocsim.report.asking import ablate as ablate
    from relocsim.report.asking import compare as compare
    from relocsim.report.asking import run as run
    from relocsim.report.explaining import Explanation as Explanation
    from relocsim.report.explaining import explain as explain
    from relocsim.report.tracing import trace_firm as trace_firm
    from relocsim.spec import Spec as Spec
    from relocsim.spec import check as check
    from relocsim.spec import load as load
    from relocsim.spec import schema as schema

_HOMES = {
    "Ablation": "relocsim.batch.ablation",
    "Comparison": "relocsim.batch.comparing",
    "Estimate": "relocsim.estimation.estimating",
    "Explanation": "relocsim.report.explaining",
    "OutputExistsError": "relocsim.errors",
    "RelocationModel": "relocsim.model",
    "RelocsimError": "relocsim.errors",
    "Run": "relocsim.batch.running",
    "Spec": "relocsim.spec",
    "SpecError": "relocsim.errors",
    "StoredBatch": "relocsim.batch.stored",
    "ablate": "relocsim.report.asking",
    "catalogue": "relocsim.policies",
    "check": "relocsim.spec",
    "choices": "relocsim.estimation.simulated",
    "compare": "relocsim.report.asking",
    "estimate": "relocsim.estimation.estimating",
    "explain": "relocsim.report.explaining",
    "load": "relocsim.spec",
    "run": "relocsim.report.asking",
    "run_batch": "relocsim.batch.executing",
    "schema": "relocsim.spec",
    "trace_firm": "relocsim.report.tracing",
}
"""Module of each public name."""

__all__ = list(_HOMES)


def __getattr__(name: str) -> Any:
    """Return a public name, imported now; `__version__` from the installed package."""
    if name == "__version__":
        from importlib.metadata import version

        return version("relocsim")
    if name not in _HOMES:
        raise AttributeError(f"module 'relocsim' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES, "__version__"])
