"""What changes in a run: a place's books as an agent, and the projects."""

from __future__ import annotations

from dataclasses import dataclass, field

import mesa

from reference.world import World
from relocsim.world.description import Belt

STAGES = 5
PRODUCING = 4
GROUND = 3
HONOURED = 2


@dataclass
class Project:
    """One firm's decision to place capacity in a place."""

    uid: int
    firm: int
    """Position of the firm's agent."""
    place: int
    sector: int
    kind: str
    """branch, move or entry."""
    firms: float
    output: float
    investment: float
    jobs: float
    land: float
    floor: float
    upfront: float
    yearly: float
    size: int
    """Class of the firm."""
    rents: bool
    supervision: float = 1.0
    """Uniform: it is supervised where the share that is exceeds it."""
    endurance: float = 0.0
    patience: float = 0.0
    """Draws of the stage that it is in."""
    gathered: float = 0.0
    worn: float = 0.0
    """Hazards of advance and of loss gathered in that stage."""
    stage: int = 0
    dates: list[int] = field(default_factory=list)
    fell: int = -1
    arrears: dict[int, float] = field(default_factory=dict)
    """What it is still owed, by the quarter in which it fell due."""
    leader: Project | None = None
    """The leader's project that it has followed."""
    expected: float = 0.0
    """Cost against the mean of places when it was decided on."""
    running: float = 1.0
    """Part that has not been taken out."""
    gone: int = -1
    expansions: int = 0
    growth_patience: float = 0.0
    growth_gathered: float = 0.0
    parting_patience: float = 0.0
    parting_luck: float = 0.0
    parting_gathered: float = 0.0
    function_patience: float = 0.0
    function_gathered: float = 0.0
    functions: dict[str, int] = field(default_factory=dict)
    """Functions that have followed, and when."""


class CityAgent(mesa.Agent):
    """A place: its industry, space, prices, jobs and money."""

    def __init__(self, model: mesa.Model, world: World, row: int) -> None:
        super().__init__(model)
        self.world, self.row, self.place = world, row, world.places[row]
        place = self.place
        self.output = list(world.output[row])
        self.land_total, self.land_used = place.park_land, place.park_land * place.park_occupied
        self.floor_total, self.floor_used = place.floor_space, place.floor_space * place.floor_occupied
        self.set_occupancy()
        self.jobs, self.wage_ratio, self.land_ratio, self.rent_ratio = 0.0, 1.0, 1.0, 1.0
        self.treasury, self.tax_base = 0.0, 0.0
        self.fallen_due, self.paid, self.in_arrears, self.broken, self.refunds = 0.0, 0.0, 0.0, 0.0, 0.0
        sectors = range(len(world.sectors))
        self.credibility = {(o, s): place.credibility for o in world.origins for s in sectors}
        """Share of promises that firms of an origin and sector expect to be paid."""
        self.money_at = [0.0] * STAGES
        """Investment of projects that reached each stage."""
        self.factors_total, self.factors_used, self.factors_growth = [0.0] * 3, [0.0] * 3, [0.0] * 3
        """Power, environmental allowance and labour."""
        self.refused = [0.0, 0.0]
        """Investment whose first choice it was, refused by a threshold and for want of room."""
        self.plants: dict[tuple[int, int], tuple[float, float]] = {}
        """Firms that came and produce, and their output, by sector and origin."""
        self.bid, self.promised = 0.0, 0.0
        self.allowance, self.land_extra, self.floor_extra = 0.0, 0.0, 0.0
        self.ordered, self.made = 0.0, 0.0
        self.leaders = [0.0] * len(self.output)
        self.turned = [0.0] * len(self.output)
        """Output of local firms that supply leaders, by sector."""

    def use(self, amounts: list[float]) -> None:
        """Use or reserve power, environmental allowance and labour (negative: give them back)."""
        self.factors_used = [one + more for one, more in zip(self.factors_used, amounts, strict=True)]

    def make_room(self, land: float, floor: float) -> None:
        """Raise the space at the start to what firms fill, at the occupancy of the start."""
        place = self.place
        if land > self.land_used:
            self.land_total, self.land_used = land / place.park_occupied, land
        if floor > self.floor_used:
            self.floor_total, self.floor_used = floor / place.floor_occupied, floor
        self.set_occupancy()

    def set_occupancy(self) -> None:
        """Note the occupancy of the start."""
        self.land_occupied = occupancy(self.land_used, self.land_total)
        self.floor_occupied = occupancy(self.floor_used, self.floor_total)

    @property
    def supporting(self) -> list[float]:
        """Output by sector as far as it counts as supporting and own industry."""
        return self.output if self.world.switches.depth_feedback else self.world.output[self.row]

    def land_price(self, years: float) -> float:
        """Return the price of land, yuan/m2."""
        return self.place.land_price * self._trend(years) * self.land_ratio

    def rent(self, years: float) -> float:
        """Return the rent of floor, yuan/m2/month."""
        return self.place.floor_rent * self._trend(years) * self.rent_ratio

    def _trend(self, years: float) -> float:
        parameters = self.world.parameters
        coast = self.place.belt == Belt.COAST
        growth = parameters.land_price_growth_coast if coast else parameters.land_price_growth_inland
        return (1 + growth) ** years if self.world.switches.origin_push else 1.0

    def take(self, land: float, floor: float) -> None:
        """Occupy or reserve space (negative: give it back)."""
        self.land_used += land
        self.floor_used += floor

    def gain(self, sector: int, output: float) -> None:
        """Add output and its jobs (negative: lose them)."""
        self.output[sector] += output
        self.jobs += output * self.world.sectors[sector].workers

    def settle(self, project: Project, origin: int) -> None:
        """Note a plant that begins to produce."""
        firms, output = self.plants.get((project.sector, origin), (0.0, 0.0))
        self.plants[project.sector, origin] = firms + project.firms, output + project.output

    def unsettle(self, project: Project, origin: int, firms: float, output: float) -> None:
        """Note what a plant takes out."""
        before = self.plants[project.sector, origin]
        self.plants[project.sector, origin] = before[0] - firms, before[1] - output

    def feed_back(
        self, levers: dict[str, list], ordered: float, outlay: float, local_share: float, extra: tuple[float, float]
    ) -> None:
        """Adjust the wage, prices of space, parks and the budget at the end of a quarter."""
        world, place, parameters = self.world, self.place, self.world.parameters
        if world.switches.wage_feedback:
            pool = place.population * 1e4 * parameters.labour_pool_share + levers["labour_added"][self.row]
            self.wage_ratio = max(1 + self.jobs / pool, 0.2) ** parameters.wage_tightness
        if world.switches.rent_feedback:
            land = occupancy(self.land_used, self.land_total + levers["land_added"][self.row])
            floor = occupancy(self.floor_used, self.floor_total + levers["floor_added"][self.row])
            self.land_ratio = (land / self.land_occupied) ** parameters.rent_occupancy
            self.rent_ratio = (floor / self.floor_occupied) ** parameters.rent_occupancy
        self.treasury += (self.tax_base * local_share + levers["grant"][self.row]) / 4 - outlay
        self._grow()
        self._expand(levers, *extra)
        self._build(levers["land_added"][self.row], ordered)

    def _expand(self, levers: dict[str, list], land: float, floor: float) -> None:
        """Add what a full park builds beyond its usual growth, and use up or gain quota."""
        parameters = self.world.parameters
        self.land_total += land
        self.land_extra += land
        self.floor_total += floor
        self.floor_extra += floor
        margin = (parameters.land_quota_ratio - 1) * self.place.park_land_growth
        self.allowance += (margin + levers["quota_added"][self.row]) / 4 - land
        self.treasury -= land * parameters.land_preparation_cost + floor * parameters.floor_building_cost

    def _build(self, made: float, ordered: float) -> None:
        """Pay for land that was held back when it is made, and do not pay for what is held back now."""
        late = max(0.0, made - self.made) - max(0.0, ordered - self.ordered)
        self.treasury -= late * self.world.parameters.land_preparation_cost
        self.made, self.ordered = made, ordered

    def _grow(self) -> None:
        """Add the usual new land and floor, of which local firms take their share and pay for it."""
        place = self.place
        self.factors_total = [one + more / 4 for one, more in zip(self.factors_total, self.factors_growth, strict=True)]
        new = place.park_land_growth / 4 * (1 - place.park_occupied)
        self.treasury -= new * self.world.parameters.land_preparation_cost
        self.land_total += place.park_land_growth / 4
        self.land_used += place.park_land_growth / 4 * place.park_occupied
        self.floor_total += place.floor_space_growth / 4
        self.floor_used += place.floor_space_growth / 4 * place.floor_occupied


def occupancy(used: float, total: float) -> float:
    """Return the share of space in use, between 0.05 and 1."""
    return min(1.0, max(0.05, used / total)) if total > 0 else 1.0
