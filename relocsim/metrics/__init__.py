"""Pure functions: arrays in, numbers out. Each states definition, unit and source. Refuses to know the model.

The public names are imported when first used: `from relocsim.metrics import capture_rate, shapley_values`. What reads them
off finished models is `relocsim.answers`; `docs/metrics.md` lists definitions, units and where each is shown.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOMES = {
    "capture": (
        "but_for_share",
        "capture_rate",
        "contested_rate",
        "flows",
        "group_rate",
        "of_capacity_at_risk",
        "tally",
    ),
    "chances": (
        "chance_of_meeting",
        "cheapest_change",
        "chance_interval",
        "size_for_chance",
        "paired_shift",
        "shift_sign",
    ),
    "clusters": ("depth_of", "followers_by_leader", "followers_per_leader", "weakest_links"),
    "concentration": ("ellison_glaeser", "herfindahl", "mean_concentration"),
    "effects": ("Estimate", "estimate", "paired_effect", "replicates_needed"),
    "fiscal": ("cost_per", "diverted_shares", "gained", "net_present_value", "payback"),
    "funnel": ("money_in_place", "overstatement", "rate_of_signed", "reported", "share_in_place", "tranches"),
    "packages": (
        "Package",
        "best_exact",
        "best_greedy",
        "chance_of_being_best",
        "chance_of_highest_mean",
        "effect_a_yuan",
        "packages_of",
        "rank_range",
    ),
    "passing": ("interception", "leapfrog", "on_the_way", "pass_through"),
    "paths": ("lead_by_date", "persistence", "swapped_share"),
    "prospects": ("brought_by_contacts", "told"),
    "switching": ("flow_between", "gained_from", "lost_to", "tipped_by", "windfall", "windfall_share"),
    "synergy": ("interactions", "sampled_shapley", "shapley_values", "subsets"),
    "yardsticks": ("large_projects", "money_by_quarter", "outside_of", "tax_per_hectare", "yearly"),
}
"""Public names by module."""
_MODULE_OF = {name: module for module, names in _HOMES.items() for name in names}

__all__ = list(_MODULE_OF)


def __getattr__(name: str) -> Any:
    """Return a public name, imported now."""
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'relocsim.metrics' has no attribute {name!r}")
    return getattr(import_module(f"relocsim.metrics.{_MODULE_OF[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_MODULE_OF])
