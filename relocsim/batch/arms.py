"""Arms of a comparison: which policies are on in each, and how to read the effect of each policy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from relocsim.errors import Problem, SpecError
from relocsim.spec import Spec

BASELINE, TOGETHER = "baseline", "all together"


@dataclass(frozen=True)
class Arm:
    """One set of policies that are on."""

    name: str
    """Name for tables: the baseline, a policy, a package, all together."""
    on: frozenset[str]
    """Policies in force."""
    sign: int
    """+1: the effect is this arm less the baseline; -1: the baseline less this arm (a policy of the baseline)."""


def plan_arms(
    spec: Spec, *, with_: Sequence[str] = (), without: Sequence[str] = (), packages: Sequence[str] = ()
) -> list[Arm]:
    """Return the arms of a comparison, the baseline first.

    The baseline is the scenario as written. Named policies are added (`with_`), taken away (`without`) or added as named
    packages; when none is named, every policy is compared: those that are off are added one at a time, those that are on
    are taken away one at a time. When more than one set is added, all of them are put together too.
    """
    _require_known(spec, with_, without, packages)
    base = frozenset(name for name, policy in spec.policies.items() if policy.on)
    everything = not (with_ or without or packages)
    add = sorted(set(spec.policies) - base) if everything else list(dict.fromkeys(with_))
    remove = sorted(base) if everything else list(dict.fromkeys(without))
    named = list(dict.fromkeys(packages))
    arms = [Arm(BASELINE, base, 1)]
    arms += [Arm(name, base | {name}, 1) for name in add]
    arms += [Arm(name, base - {name}, -1) for name in remove]
    arms += [Arm(name, base | set(spec.scenario.packages[name]), 1) for name in named]
    together = frozenset(base | set(add)).union(*(spec.scenario.packages[name] for name in named))
    if len(add) + len(named) > 1:
        arms.append(Arm(TOGETHER, together, 1))
    return arms


def _require_known(spec: Spec, with_: Sequence[str], without: Sequence[str], packages: Sequence[str]) -> None:
    problems = [
        *_unknown(spec.policies, with_, "policy", "--with"),
        *_unknown(spec.policies, without, "policy", "--without"),
        *_unknown(spec.scenario.packages, packages, "package", "--package"),
    ]
    problems += _idle(spec, with_, True, "--with") + _idle(spec, without, False, "--without")
    problems += _nothing_new(spec, packages)
    if problems:
        raise SpecError(problems)


def _nothing_new(spec: Spec, packages: Sequence[str]) -> list[Problem]:
    """Return a problem for each package whose policies are all on already."""
    return [
        Problem(
            f"every policy of package {name!r} is on in the scenario as written", path="--package", hint="leave it out"
        )
        for name in packages
        if name in spec.scenario.packages and all(spec.policies[one].on for one in spec.scenario.packages[name])
    ]


def _unknown(known: Iterable[str], names: Sequence[str], what: str, option: str) -> list[Problem]:
    options = sorted(known)
    found = []
    for name in names:
        if name not in options:
            near = get_close_matches(name, options, 1)
            hint = f"did you mean {near[0]!r}?" if near else f"the scenario has: {', '.join(options) or 'none'}"
            found.append(Problem(f"there is no {what} {name!r} in the scenario", path=option, hint=hint))
    return found


def _idle(spec: Spec, names: Sequence[str], on: bool, option: str) -> list[Problem]:
    """Return a problem for each policy that already is as the option wants it."""
    state = "on" if on else "off"
    return [
        Problem(f"policy {name!r} is {state} in the scenario as written", path=option, hint="leave it out")
        for name in names
        if name in spec.policies and spec.policies[name].on is on
    ]
