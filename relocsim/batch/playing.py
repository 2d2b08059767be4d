"""Playing one replicate: the same firms, tastes, luck and inputs in every arm."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from relocsim.batch.arms import Arm
from relocsim.batch.variants import play_variants
from relocsim.metrics.capture import flows
from relocsim.model import RelocationModel
from relocsim.spec import Spec
from relocsim.streams import Streams


@dataclass(frozen=True)
class Outcome:
    """What one arm of one replicate came to, of firms of the studied origins."""

    flow: np.ndarray
    """Amounts that reached each stage by quarter and place, (M, stages, T, P), see `metrics.capture.MEASURES`."""
    treasury: np.ndarray
    """Receipts less payments over the run by place, 1e8 yuan, (P,)."""
    at_risk: np.ndarray
    """Capacity at risk in the studied origins at the start: firms, 1e8 yuan, jobs, (M,)."""


def play(spec: Spec, arms: Sequence[Arm], *, replicate: int, draw_inputs: bool = True) -> list[Outcome]:
    """Return the outcome of each arm in one replicate; the first arm is the baseline."""
    drawn = realised(spec, replicate) if draw_inputs else spec
    variants = [drawn.with_policies(arm.on) for arm in arms]
    return play_variants(variants, replicate=replicate, read=outcome)


def realised(spec: Spec, replicate: int) -> Spec:
    """Return the specification with every ranged input drawn, addressed by seed, replicate and path."""
    return spec.drawn(input_draws(spec, replicate))


def input_draws(spec: Spec, replicate: int) -> Callable[[str], float]:
    """Return the uniform number of each ranged input by its path; those of a posterior are of one of its rows."""
    streams = Streams(spec.scenario.seed, replicate)
    paths = [entry.path for entry in spec.register.ranged()]
    draws = dict(zip(paths, streams.uniforms("inputs", paths), strict=True)) if paths else {}
    if spec.register.joint is not None:
        draws |= spec.register.joint.at(streams.uniform("posterior", "row"))
    return draws.__getitem__


def outcome(model: RelocationModel) -> Outcome:
    """Return what a finished run came to."""
    projects, setting = model.projects, model.setting
    flow = flows(
        np.stack([projects.firms, projects.investment, projects.jobs]),
        projects.dates,
        projects.place,
        setting.places.from_studied(projects.origin),
        quarters=model.spec.scenario.quarters,
        places=len(setting.places.ids),
    )
    return Outcome(flow, model.places.treasury.copy(), model.foundation.at_risk)
