"""How a place pays what it promised, and what firms make of it (docs/model.md, 7.4)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from reference.state import CityAgent, Project
from reference.world import World

Levers = dict[str, list]


@dataclass
class Account:
    """What became of the promises to one project in a quarter."""

    prompt: float = 0.0
    late: float = 0.0
    broken: float = 0.0


def due(world: World, project: Project, now: int) -> float:
    """Return what falls due to a project this quarter."""
    began, quarters = project.dates[-1], round(4 * world.parameters.holiday_years)
    if began < 0 or now >= began + quarters:
        return project.upfront if began == now else 0.0
    return project.running * project.yearly / 4 + (project.upfront if began == now else 0.0)


def pay(world: World, city: CityAgent, plants: list[Project], levers: Levers, now: int) -> list[Account]:
    """Let a place pay its plants, book it, and return what became of each promise."""
    accounts = [Account() for _ in plants]
    owed = [due(world, plant, now) for plant in plants]
    escrow = min(1.0, levers["escrow"][city.row])
    meant = city.place.credibility + (1 - city.place.credibility) * escrow
    left = budget(world, city, now)
    if world.switches.payment_limits:
        left -= pay_arrears(plants, accounts, left)
        able = left + escrow * sum(owed)
        share = min(meant, able / sum(owed)) if sum(owed) > 0 else meant
    else:
        share = meant
    limit = max(1, round(world.parameters.late_quarters))
    for plant, account, amount in zip(plants, accounts, owed, strict=True):
        account.prompt = share * amount
        account.broken = (1 - meant) * amount + plant.arrears.pop(now - limit, 0.0)
        plant.arrears[now] = (meant - share) * amount
    holiday = round(4 * world.parameters.holiday_years)
    city.refunds = sum(plant.running * plant.yearly for plant in plants if plant.dates[-1] > now - holiday)
    city.fallen_due += sum(owed)
    city.paid += sum(account.prompt + account.late for account in accounts)
    city.treasury -= sum(account.prompt + account.late for account in accounts)
    city.broken += sum(account.broken for account in accounts)
    city.in_arrears = sum(sum(plant.arrears.values()) for plant in plants)
    return accounts


def budget(world: World, city: CityAgent, now: int) -> float:
    """Return what a place can spend on incentives this quarter."""
    p = world.parameters
    return (p.payable_revenue * city.place.revenue + p.payable_tax * city.tax_base * world.local_share(now / 4)) / 4


def pay_arrears(plants: list[Project], accounts: list[Account], left: float) -> float:
    """Pay arrears, oldest first, all of one quarter in the same proportion; return what is spent."""
    spent = 0.0
    for quarter in sorted({quarter for plant in plants for quarter in plant.arrears}):
        total = sum(plant.arrears.get(quarter, 0.0) for plant in plants)
        share = min(1.0, (left - spent) / total) if total > 0 else 0.0
        for plant, account in zip(plants, accounts, strict=True):
            paid = share * plant.arrears.get(quarter, 0.0)
            account.late += paid
            if quarter in plant.arrears:
                plant.arrears[quarter] -= paid
        spent += share * total
    return spent


def learn(world: World, city: CityAgent, seen: dict[tuple[int, int], Account]) -> None:
    """Let firms of every origin and sector change their mind by what became of promises to `seen` of each."""
    if not world.switches.credibility_feedback or not seen:
        return
    p = world.parameters
    money = {key: one.prompt + one.late + one.broken for key, one in seen.items()}
    kept = {key: one.prompt + (1 - p.late_doubt) * one.late for key, one in seen.items()}
    by_origin: dict[int, list[float]] = defaultdict(lambda: [0.0, 0.0])
    by_sector: dict[int, list[float]] = defaultdict(lambda: [0.0, 0.0])
    total = [sum(money.values()), sum(kept.values())]
    for o, s in seen:
        for sums in (by_origin[o], by_sector[s]):
            sums[0] += money[o, s]
            sums[1] += kept[o, s]
    for o in world.origins:
        for s in range(len(world.sectors)):
            own = (money.get((o, s), 0.0), kept.get((o, s), 0.0))
            heard, good = (
                own[k]
                + p.seen_by_kin * (by_origin[o][k] + by_sector[s][k] - 2 * own[k])
                + p.seen_by_others * (total[k] - by_origin[o][k] - by_sector[s][k] + own[k])
                for k in (0, 1)
            )
            before = city.credibility[o, s]
            city.credibility[o, s] = before + (good - heard * before) / (heard + p.credibility_inertia)


def believed(world: World, city: CityAgent, levers: Levers, o: int, s: int) -> float:
    """Return the share of a promise that firms of an origin and sector reckon with."""
    belief = city.credibility[o, s]
    if not world.switches.credibility_feedback:
        return belief
    return belief + (1 - belief) * world.parameters.escrow_belief * min(1.0, levers["escrow"][city.row])
