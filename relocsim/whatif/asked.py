"""What a play is about: the runs of a replicate, and the comparisons that are made of them.

Beside the baseline and the what-if itself there may be each changed policy alone, the what-if without each, and the what-if
with rivals that match it. These are mixed of policies whose inputs have been drawn, so that a policy has in each of them the
draws that it has in the baseline or in the what-if. This module refuses to play.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from relocsim.answers.arms import Option, places_named
from relocsim.batch.arms import BASELINE, TOGETHER, Arm
from relocsim.batch.comparing import compared_places
from relocsim.batch.variants import in_force
from relocsim.errors import Problem, SpecError
from relocsim.policies import CityPolicy, Policy
from relocsim.sources import Register
from relocsim.spec import Spec
from relocsim.spec.digest import digest_of

WHOLE, ALONE, LEFT_OUT, MATCHED = "whole", "alone", "left out", "matched"
"""Comparisons: the what-if; each change alone; the what-if without each change; the what-if where rivals match it."""
_SAME = ("start", "end", "seed", "study", "firms")
"""Entries of the scenario in which baseline and what-if agree, so that they can be compared at all."""


Side: TypeAlias = tuple[str, tuple[Arm, ...], tuple[int, ...]]
"""Name of a comparison, its arms, and the run of each arm."""


@dataclass(frozen=True)
class Mix:
    """One run of a replicate: the baseline with some policies as the what-if has them, perhaps matched by rivals."""

    changed: frozenset[str]
    """Policies that are as the what-if has them, the others as the baseline has them."""
    matching: tuple[str, ...] = ()
    """Cities that pursue, beside, what the what-if changes."""

    @property
    def name(self) -> str:
        """Name that tells it from the others of one baseline and what-if."""
        return " ".join([*sorted(self.changed), "matched by", *self.matching])


@dataclass(frozen=True)
class Asked:
    """Two specifications, the runs to be played in each replicate, and the comparisons made of them."""

    baseline: Spec
    spec: Spec
    mixes: tuple[Mix, ...]
    """Runs; the first is the baseline, the second the what-if."""
    sides: tuple[Side, ...]
    """Comparisons; the first is that of the what-if with its baseline."""

    @property
    def changed(self) -> tuple[str, ...]:
        """Policies in which baseline and what-if differ, by name."""
        return changed_policies(self.baseline, self.spec)

    def keys(self) -> tuple[str, ...]:
        """Return what each run is known by: equal keys give equal bits in a replicate."""
        base, other = self.baseline.digest, self.spec.digest
        mixed = (f"{base} {other} {mix.name}" for mix in self.mixes[2:])
        return (base, other, *mixed)

    def world(self) -> str:
        """Return the digest of the world and the frame of the what-if, whatever its policies."""
        return digest_of(self.spec.scenario, self.spec.world, {}, Register({}))

    def variants(self, baseline: Spec, spec: Spec) -> tuple[Spec, ...]:
        """Return the runs as specifications, given the two with their inputs drawn."""
        return (baseline, spec, *(_mixed(baseline, spec, mix) for mix in self.mixes[2:]))


def changed_policies(baseline: Spec, spec: Spec) -> tuple[str, ...]:
    """Return the policies in which a what-if differs from its baseline, where they are on in either, by name."""
    mine, theirs = in_force(baseline), in_force(spec)
    return tuple(sorted(name for name in mine.keys() | theirs.keys() if mine.get(name) != theirs.get(name)))


def asked_of(
    spec: Spec, baseline: Spec, *, alone: bool = False, left_out: bool = False, matched_by: Sequence[str] = ()
) -> Asked:
    """Return what is to be played to compare a what-if with its baseline; SpecError where they cannot be compared.

    Parameters
    ----------
    alone
        Whether each changed policy is played by itself, too.
    left_out
        Whether the what-if is played without each of its changes, too.
    matched_by
        Cities that pursue, in a further run, the policies of cities that the what-if adds or changes.
    """
    _require_comparable(baseline, spec, parts=alone or left_out or bool(matched_by))
    if spec.world == baseline.world:
        spec = replace(spec, world=baseline.world)  # one object: less to be sent to the processes
    changed = changed_policies(baseline, spec)
    whole = Mix(frozenset(changed))
    runs = {Mix(frozenset()): 0} | ({whole: 1} if changed else {})
    mixes = [Mix(frozenset()), whole]

    def run(mix: Mix) -> int:
        if mix not in runs:
            runs[mix] = len(mixes)
            mixes.append(mix)
        return runs[mix]

    first, last = Arm(BASELINE, baseline.on, 1), Arm(TOGETHER, spec.on, 1)
    sides: list[Side] = [(WHOLE, (first, last), (0, 1))]
    if alone and changed:
        sides.append(_alone(baseline, spec, changed, run))
    if left_out and changed:
        sides.append(_left_out(baseline, spec, changed, run))
    if matched_by:
        rivals = places_named(spec, list(dict.fromkeys(matched_by)), "rivals")
        sides.append((MATCHED, (first, last), (0, run(Mix(whole.changed, rivals)))))
    return Asked(baseline, spec, tuple(mixes), tuple(sides))


def _alone(baseline: Spec, spec: Spec, changed: Sequence[str], run: Callable[[Mix], int]) -> Side:
    """Return the comparison of each change alone, and all together, with the baseline."""
    arms = [Arm(name, _on(baseline, spec, frozenset({name})), 1) for name in changed]
    runs = [run(Mix(frozenset({name}))) for name in changed]
    return ALONE, (Arm(BASELINE, baseline.on, 1), *arms, Arm(TOGETHER, spec.on, 1)), (0, *runs, 1)


def _left_out(baseline: Spec, spec: Spec, changed: Sequence[str], run: Callable[[Mix], int]) -> Side:
    """Return the comparison of the what-if with itself less each change: what a change adds to all the others."""
    rest = [frozenset(changed) - {name} for name in changed]
    arms = [Arm(name, _on(baseline, spec, kept), -1) for name, kept in zip(changed, rest, strict=True)]
    return LEFT_OUT, (Arm(BASELINE, spec.on, 1), *arms), (1, *(run(Mix(kept)) for kept in rest))


def _on(baseline: Spec, spec: Spec, changed: frozenset[str]) -> frozenset[str]:
    return (baseline.on - changed) | (spec.on & changed)


def _mixed(baseline: Spec, spec: Spec, mix: Mix) -> Spec:
    """Return a run as a specification, given the two with their inputs drawn.

    Policies that are off in it stay, so that the lines that they name follow them as they do in the what-if.
    """
    policies: dict[str, Policy] = {}
    for name in spec.policies.keys() | baseline.policies.keys():
        own, other = (one.policies.get(name) for one in ((spec, baseline) if name in mix.changed else (baseline, spec)))
        policies[name] = own or _off(other)
    for name, policy in _matches(baseline, spec, mix):
        policies[name] = policy
    return replace(spec, policies=dict(sorted(policies.items())))


def _off(policy: Policy | None) -> Policy:
    assert policy is not None
    return policy.model_copy(update={"on": False})


def _matches(baseline: Spec, spec: Spec, mix: Mix) -> Iterator[tuple[str, Policy]]:
    """Give what rivals pursue: each policy of cities that is on in the what-if and was not so in the baseline."""
    for name in changed_policies(baseline, spec) if mix.matching else ():
        policy = spec.policies.get(name)
        if policy is None or not policy.on or not isinstance(policy, CityPolicy):
            continue
        rivals = tuple(one for one in mix.matching if one not in policy.cities())
        if rivals:
            option = Option(name, cities=rivals)
            yield option.name, option.of(policy).model_copy(update={"on": True})


def _require_comparable(baseline: Spec, spec: Spec, *, parts: bool) -> None:
    """Raise SpecError where a what-if has another city, period, size or seed than its baseline."""
    problems = [
        Problem(
            f"the what-if has {_told(spec, name)}, its baseline {_told(baseline, name)}: they cannot be compared",
            path=f"scenario.{name}",
            hint="set the same in both",
        )
        for name in _SAME
        if getattr(spec.scenario, name) != getattr(baseline.scenario, name)
    ]
    if compared_places(spec)[0] != compared_places(baseline)[0]:
        problems.append(Problem("the what-if has other places than its baseline", path="places"))
    if parts and spec.world != baseline.world:
        message = "the what-if has other assumptions than its baseline, so that its parts cannot be told apart"
        problems.append(Problem(message, hint="give the baseline the same assumptions"))
    if problems:
        raise SpecError(problems)


def _told(spec: Spec, name: str) -> str:
    return str(getattr(spec.scenario, name))
