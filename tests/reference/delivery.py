"""How a project gets on in a quarter (docs/model.md, 7.4)."""

from __future__ import annotations

import math

from reference.state import CityAgent, Project
from reference.world import World

SMALL = 0
INTENTION, SIGNED, HONOURED, GROUND = range(4)
Levers = dict[str, list]


def usual_hazards(world: World, stage: int) -> tuple[float, float]:
    """Return the hazards of leaving a stage for the next one and of falling away, where all is as at the reference."""
    p = world.parameters
    advance = (p.sign_hazard, p.honour_hazard, p.ground_hazard, p.produce_hazard)[stage]
    loss = (p.sign_loss, p.honour_loss, p.ground_loss, p.produce_loss)[stage]
    return advance, loss if world.switches.delivery_losses else 0.0


def attention(world: World, levers: Levers, place: int) -> list[float]:
    """Return how officials' attention is divided between signed money, landing, money in place and production."""
    p = world.parameters
    weights = [p.assess_signed, p.assess_landed, p.assess_in_place, p.assess_production]
    if world.switches.assessment:
        names = ("assessed_signed", "assessed_landed", "assessed_in_place", "assessed_production")
        weights = [weight * levers[name][place] for weight, name in zip(weights, names, strict=True)]
    return [weight / sum(weights) for weight in weights]


def usual_attention(world: World) -> list[float]:
    """Return the same where no policy acts."""
    p = world.parameters
    weights = [p.assess_signed, p.assess_landed, p.assess_in_place, p.assess_production]
    return [weight / sum(weights) for weight in weights]


def effort(world: World, levers: Levers, place: int, stage: int) -> float:
    """Return the relative effort that goes to projects in a stage."""
    now, usual = attention(world, levers, place), usual_attention(world)
    if stage == INTENTION:
        return now[0] / usual[0]
    added = levers["follow_up"][place] if world.switches.follow_up else 0.0
    counts = (2, 3) if stage == GROUND else (1, 2)
    return sum(now[k] for k in counts) / sum(usual[k] for k in counts) * (1 + added)


def readiness(world: World, city: CityAgent, levers: Levers, *, rents: bool) -> float:
    """Return by how much a lack of ready plots slows the breaking of ground."""
    if not world.switches.land_readiness:
        return 1.0
    total = (
        city.floor_total + levers["floor_added"][city.row]
        if rents
        else city.land_total + levers["land_added"][city.row]
    )
    if total <= 0:
        return 1.0
    free = max(0.02, 1 - (city.floor_used if rents else city.land_used) / total)
    return min(1.0, free / world.parameters.ready_vacancy) ** world.parameters.ready_elasticity


def hazards(world: World, project: Project, city: CityAgent, levers: Levers, closing: float) -> tuple[float, float]:
    """Return the hazards of a project this quarter; visits make the place close `closing` times as often."""
    p, stage, place = world.parameters, project.stage, city.row
    advance, loss = usual_hazards(world, stage)
    work = effort(world, levers, place, stage)
    if stage == INTENTION:
        return min(1.0, advance * closing * work**p.winning_elasticity), loss
    advance, loss = advance * work**p.following_elasticity, min(1.0, loss / work**p.following_elasticity)
    loss *= p.follow_loss if project.leader else 1.0
    if stage == HONOURED:
        days = max(1.0, city.place.approval_days * levers["approval_days"][place])
        advance *= (days / p.approval_reference) ** -p.approval_elasticity
        advance *= readiness(world, city, levers, rents=project.rents)
    if stage == GROUND and project.size == SMALL and world.switches.finance:
        advance *= 1 + p.finance_effect * min(1.0, levers["finance"][place][project.sector])
    if world.switches.follow_up and project.supervision < levers["supervised_share"][place]:
        least = (p.supervised_honour_hazard, p.supervised_ground_hazard, p.supervised_produce_hazard)[stage - SIGNED]
        advance, loss = max(advance, least), min(loss, p.supervised_loss)
    if project.leader and (project.leader.fell >= 0 or project.leader.gone >= 0):
        loss = 1.0 if world.switches.delivery_losses else 0.0
    return min(1.0, advance), loss


def progress(world: World, project: Project, city: CityAgent, levers: Levers, closing: float, ready: float) -> int:
    """Let a project gather a quarter's hazards; return 1 if it advances, -1 if it falls away, 0 if neither."""
    advance, loss = hazards(world, project, city, levers, closing)
    if project.stage == GROUND:
        advance *= ready
    project.gathered += hazard_of(advance)
    project.worn += hazard_of(loss)
    if project.gathered > project.patience:
        return 1
    return -1 if project.worn > project.endurance else 0


def hazard_of(chance: float) -> float:
    """Return the cumulated hazard of a chance."""
    return -math.log1p(-chance) if chance < 1 else math.inf


def arrival(world: World) -> tuple[float, float]:
    """Return the chance that an intention comes to production and the mean years that it is under way, at reference."""
    chance, years = 1.0, 0.0
    for stage in range(4):
        advance, loss = usual_hazards(world, stage)
        leaving = advance + (1 - advance) * loss
        years += chance / leaving / 4
        chance *= advance / leaving
    return chance, years
