"""Variants of a specification in one replicate: what they share is done once.

Comparisons, ablations, answers and batches all play their runs here. Variants that differ in policies alone share one
foundation (places, sectors, population, tastes, access), and their past up to the quarter in which their policies first
differ. The bits are those of each variant played alone. A run is let go once it is read, so that hundreds of variants take
the memory of two. This module refuses to know what is read off a run.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from relocsim.model import Foundation, RelocationModel, lay_foundation
from relocsim.policies import Policy
from relocsim.spec import Spec

Reading = TypeVar("Reading")
_KEPT = threading.local()
"""Last foundation of this thread of a worker, with the replicate that it is of."""


def play_variants(
    variants: Sequence[Spec], *, replicate: int, read: Callable[[RelocationModel], Reading], keep: bool = False,
    lay: Callable[[Spec, int], Foundation] | None = None, tick: Callable[[], None] | None = None,
) -> list[Reading]:  # fmt: skip
    """Return what `read` finds in the finished run of each variant, in order; inputs have been drawn already.

    With `keep` the last foundation stays in memory for the next call; `lay` gives the foundation of a variant and
    replicate where the caller keeps them. `tick` is called before every quarter, and ends the play where it raises.
    """
    found: dict[int, Reading] = {}
    lay = lay or partial(foundation_of, keep=keep)
    for group in sharing_groups(variants):
        foundation = lay(variants[group[0]], replicate)
        readings = _readings(foundation, [variants[at] for at in group], read, tick or _nothing)
        found |= dict(zip(group, readings, strict=True))
    return [found[at] for at in range(len(variants))]


def sharing_groups(variants: Sequence[Spec]) -> list[list[int]]:
    """Return the positions of variants that share a foundation, together and in order."""
    groups: list[list[int]] = []
    for at, variant in enumerate(variants):
        known = next((group for group in groups if one_foundation(variants[group[0]], variant)), None)
        if known is None:
            groups.append([at])
        else:
            known.append(at)
    return groups


def one_foundation(one: Spec, other: Spec) -> bool:
    """Whether two variants stand on the same foundation: all but what policies do is the same."""
    return one.world == other.world and one.scenario == other.scenario and _lines(one) == _lines(other)


def _lines(spec: Spec) -> frozenset[str]:
    """Return the lines that some policy names, on or off, which follow it from the start."""
    return frozenset(line for policy in spec.policies.values() for line in getattr(policy, "lines", ()))


def foundation_of(spec: Spec, replicate: int, *, keep: bool) -> Foundation:
    """Return the foundation of a variant: the one kept from before if it is the same, or a new one."""
    kept: tuple[int, Foundation] | None = getattr(_KEPT, "last", None)
    if kept is not None and kept[0] == replicate and one_foundation(kept[1].spec, spec):
        return kept[1]
    _KEPT.last = None  # frees it before the next is laid
    foundation = lay_foundation(spec, replicate=replicate)
    if keep:
        _KEPT.last = (replicate, foundation)
    return foundation


def _nothing() -> None:
    """Do nothing before a quarter."""


def _readings(
    foundation: Foundation,
    variants: Sequence[Spec],
    read: Callable[[RelocationModel], Reading],
    tick: Callable[[], None],
) -> list[Reading]:
    """Return what is read of each variant, in order; each is forked from the first where their policies first differ.

    A fork is played out and read at once, so that no more than it and the first are there at a time.
    """
    first = RelocationModel(variants[0], foundation=foundation)
    parting = [first_difference(variants[0], variant) for variant in variants]
    found: dict[int, Reading] = {}
    while not first.finished:
        for at in [at for at, quarter in enumerate(parting) if quarter == first.quarter]:
            found[at] = _read(_played(first.fork(spec=variants[at]), tick), read)
        tick()
        first.step()
    own = _read(first, read)
    return [found.get(at, own) for at in range(len(variants))]


def _played(model: RelocationModel, tick: Callable[[], None]) -> RelocationModel:
    while not model.finished:
        tick()
        model.step()
    return model


def _read(model: RelocationModel, read: Callable[[RelocationModel], Reading]) -> Reading:
    """Return what is read of a finished model, which then goes as soon as nobody holds it, and its memory is used again."""
    reading = read(model)
    for name in ("step", "_user_step"):  # by which Mesa lets a model hold itself
        model.__dict__.pop(name, None)
    return reading


def first_difference(one: Spec, other: Spec) -> int:
    """Return the quarter in which the policies of two variants may first differ; past the end where they never do."""
    mine, theirs = in_force(one), in_force(other)
    differing = [name for name in mine.keys() | theirs.keys() if mine.get(name) != theirs.get(name)]
    starts = [side[name].start - one.scenario.start for name in differing for side in (mine, theirs) if name in side]
    return max(0, min(starts, default=one.scenario.quarters))


def in_force(spec: Spec) -> dict[str, Policy]:
    """Return the policies that are on, by name."""
    return {name: policy for name, policy in spec.policies.items() if policy.on}
