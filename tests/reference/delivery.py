"""How a project gets on in a quarter (docs/model.md, 9)."""

from __future__ import annotations

import math

from reference.state import Project
from reference.world import World


def ground_hazard(world: World, approval_days: float) -> float:
    """Return the hazard of breaking ground where approvals take so many days."""
    p = world.parameters
    slower = (max(approval_days, 1.0) / p.approval_reference) ** -p.approval_elasticity
    return min(1.0, p.ground_hazard * slower)


def hazards(world: World, stage: int, approval_days: float) -> tuple[float, float]:
    """Return the hazards of leaving a stage for the next one and of falling away."""
    p = world.parameters
    advance = (p.sign_hazard, p.honour_hazard, ground_hazard(world, approval_days), p.produce_hazard)[stage]
    loss = (p.sign_loss, p.honour_loss, p.ground_loss, p.produce_loss)[stage]
    return advance, loss if world.switches.delivery_losses else 0.0


def progress(world: World, project: Project, approval_days: float, closing: float) -> int:
    """Let a project gather a quarter's hazard; return 1 if it advances, -1 if it falls away, 0 if neither."""
    advance, loss = hazards(world, project.stage, approval_days)
    if project.stage == 0:
        advance = min(1.0, advance * closing)
    leaving = advance + (1 - advance) * loss
    project.gathered -= math.log1p(-leaving) if leaving < 1 else -math.inf
    if project.gathered <= project.patience:
        return 0
    return 1 if project.luck * leaving < advance else -1


def arrival(world: World) -> tuple[float, float]:
    """Return the chance that an intention comes to production and the mean years that it is under way, at reference."""
    chance, years = 1.0, 0.0
    for stage in range(4):
        advance, loss = hazards(world, stage, world.parameters.approval_reference)
        leaving = advance + (1 - advance) * loss
        years += chance / leaving / 4
        chance *= advance / leaving
    return chance, years
