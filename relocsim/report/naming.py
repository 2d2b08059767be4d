"""What arms, places and sectors are called, in every language: for results that are read without their scenario."""

from __future__ import annotations

import numpy as np
import pandas as pd

from relocsim.batch.arms import BASELINE, TOGETHER, Arm
from relocsim.batch.comparing import Comparison
from relocsim.language import LANGUAGES, Words, message, words_in
from relocsim.spec import Spec
from relocsim.whatif.naming import policy_title

_ALL = message("All together")
_BASE = message("Baseline")


def arm_table(comparison: Comparison) -> pd.DataFrame:
    """Return one row an arm: what it is, its names, from when it differs from the baseline, the policies that are on."""
    spec, base = comparison.spec, comparison.arms[0]
    rows: list[dict[str, object]] = []
    for arm in comparison.arms:
        changed = arm.on ^ base.on
        start = min((spec.policies[name].start for name in changed), default=None)
        named = {f"title_{code}": title_in(words_in(code), spec, arm.name) for code in LANGUAGES}
        on = " ".join(sorted(arm.on))
        changes = " ".join(sorted(changed))
        told: dict[str, object] = {"kind": _kind(spec, arm), "in_baseline": arm.sign < 0, "start": str(start or "")}
        rows.append({"arm": arm.name, **told, "on": on, "changes": changes, **named})
    return pd.DataFrame(rows)


def _kind(spec: Spec, arm: Arm) -> str:
    if arm.name in (BASELINE, TOGETHER):
        return {BASELINE: "baseline", TOGETHER: "together"}[arm.name]
    return "policy" if arm.name in spec.policies else "package"


def title_in(words: Words, spec: Spec, arm: str) -> str:
    """Return the name of an arm for readers: the policy's title, with its id where two share a title."""
    if arm in (TOGETHER, BASELINE):
        return words(_ALL if arm == TOGETHER else _BASE)
    if arm not in spec.policies:
        members = [title_in(words, spec, name) for name in spec.scenario.packages[arm]]
        return words("Package {name} ({members})", name=arm, members=words.listed(words.first(members)))
    return policy_title(arm, spec, words)


def name_table(spec: Spec) -> pd.DataFrame:
    """Return one row a place or sector: its names; of a place whether it is an origin, and where it lies."""
    rows = []
    for kind, named in (("place", spec.world.places), ("sector", spec.world.sectors)):
        for name, one in named.items():
            names = {f"name_{code}": words_in(code).name(one) for code in LANGUAGES}
            told = {"kind": kind, "id": name, **names, "origin": bool(getattr(one, "origin", False))}
            where = {} if getattr(one, "entrants_only", False) else one.__dict__
            rows.append(told | {at: where.get(at, np.nan) for at in ("lon", "lat")})
    return pd.DataFrame(rows)


def track_table(spec: Spec) -> pd.DataFrame:
    """Return one row a stop of the high-speed lines open at the end and of the corridor: its track, and where it is."""
    from relocsim.report.charts.comparison import tracks_of

    rows = [
        {"track": number, "corridor": track.corridor, "lon": lon, "lat": lat}
        for number, track in enumerate(tracks_of(spec)) for lon, lat in track.points
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["track", "corridor", "lon", "lat"])
