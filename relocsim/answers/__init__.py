"""Answers: what the metrics say of finished models, over replicates, as tidy tables.

`relocsim.metrics` computes, this package plays and reads. It refuses to print and to draw. The public names are imported
when first used: `from relocsim.answers import best_package, Goal`. Each takes a specification (`relocsim.load`).
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOMES = {
    "accounting": ("Accounts", "accounts"),
    "capturing": ("Captures", "captures"),
    "comparisons": ("combined", "replicates_wanted"),
    "costing": ("Fiscal", "fiscal"),
    "observing": ("Observed", "observed", "path_dependence"),
    "packages": ("BestPackage", "Goal", "best_package"),
    "prospects": ("Asked", "TargetList", "target_list"),
    "switching": ("Switchers", "switchers"),
    "synergies": ("Synergy", "synergy"),
    "targets_met": ("Chances", "Target", "chances_of"),
    "yardsticks": ("YARDSTICKS", "yardstick_table"),
}
"""Public names by module; no module may have the name of what it holds, which would hide it."""
_MODULE_OF = {name: module for module, names in _HOMES.items() for name in names}

__all__ = list(_MODULE_OF)


def __getattr__(name: str) -> Any:
    """Return a public name, imported now."""
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'relocsim.answers' has no attribute {name!r}")
    return getattr(import_module(f"relocsim.answers.{_MODULE_OF[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_MODULE_OF])
