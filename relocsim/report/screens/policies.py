"""The catalogue of policies for the terminal, as rich renderables. Refuses to print."""

from __future__ import annotations

import inspect

from rich.console import Group, RenderableType
from rich.text import Text

from relocsim.policies import Policy
from relocsim.report.manual import example, field_table, lever_table, policy_list
from relocsim.report.screens.comparison import grid


def catalogue_screen() -> RenderableType:
    """Return the list of all kinds of policy."""
    table = policy_list()
    return Group(
        grid("Policies", ["kind", "title", "title (zh)", "levers", "summary"], table.itertuples(index=False), left=5),
        Text("relocsim policies KIND shows fields, ranges, levers and an example."),
    )


def policy_screen(cls: type[Policy]) -> RenderableType:
    """Return the page of one kind of policy."""
    fields, levers = field_table(cls), lever_table(cls)
    return Group(
        Text(f"{cls.title} ({cls.title_zh})", style="bold"),
        Text(inspect.cleandoc(cls.__doc__ or "")),
        Text(),
        grid(
            "Levers that it moves",
            ["lever", "unit", "changes combine", "enters"],
            levers.itertuples(index=False),
            left=4,
        ),
        grid("Fields", ["field", "unit", "range", "default", "meaning"], fields.itertuples(index=False), left=5),
        *_legal(cls),
        Text("Example", style="bold"),
        Text(example(cls)),
    )


def _legal(cls: type[Policy]) -> list[RenderableType]:
    """Return the rules that bar the kind or parts of it, for policies that begin while they are in force."""
    if not cls.bars:
        return []
    rules = [Text(f"Barred {rule.told()} [{rule.grade}]") for rule in cls.bars]
    return [Text("Legal status (of what begins while a rule is in force)", style="bold"), *rules, Text()]
