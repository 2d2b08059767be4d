"""What a scenario says: when, how many firms, which city, which policies, which mechanisms.

Frozen models, a docstring a field. Reading text is `relocsim.spec.loading`; this module refuses to.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from relocsim.world.calendar import Quarter
from relocsim.world.described import Described, Identifier, Name
from relocsim.world.description import Rule


class Study(Described):
    """Whose capture is studied."""

    city: Identifier
    """City whose capture rate is the answer."""
    corridor: tuple[Identifier, ...] = ()
    """Places along its railway, in order, drawn on maps."""
    stage: Literal["intention", "signed", "honoured", "ground", "producing"] = "producing"
    """Stage from which a project counts as captured."""
    strata: Annotated[tuple[Annotated[float, Field(gt=0, lt=1)], ...], Field(max_length=6)] = ()
    """Upper tails of firms' taste for the city that are strata of their own, falling: [0.1, 0.01] draws as many agents from
    the tenth and from the hundredth with the strongest taste as from the rest, each standing for as many fewer firms. That
    takes most of the luck out of the capture of a small city, and leaves more in that of all other places. Empty: none."""


class Switches(Described):
    """Mechanisms, each of which can be switched off to see what it does."""

    awareness: bool = True
    """Firms know only some places; off: all of them."""
    promotion: bool = True
    """Contacts made by policy tell firms of a place and help to sign; off: they do nothing (they still cost)."""
    peers: bool = True
    """Settled plants of one's sector or origin, customers and suppliers tell of their place; off: they are silent."""
    admission_limits: bool = True
    """Land and floor, and the limits below, bound what a place can take; off: it takes all that it does not refuse."""
    power_limit: bool = True
    """Power is limited, in admission and for new production."""
    environment_limit: bool = True
    """The environmental allowance is limited, in admission and for new production."""
    labour_limit: bool = True
    """Labour is limited, in admission and for new production."""
    selection: bool = True
    """Places rank applicants by what they bring and refuse those below their thresholds; off: by lot, and nobody."""
    shortest_plank: bool = True
    """The scarcest of space, power, environment and labour slows the start of production."""
    delivery_losses: bool = True
    """Projects fall away between intention and production; off: none does (they still take time)."""
    follow_up: bool = True
    """Following up and supervision speed projects on and keep them; off: neither does anything."""
    assessment: bool = True
    """What officials are assessed on divides their effort; off: their effort stays as it was."""
    land_readiness: bool = True
    """Where room runs short, plots are not ready and ground is broken later; off: plots are always ready."""
    finance: bool = True
    """Equity funds help small firms to start production; off: they do nothing."""
    payment_limits: bool = True
    """Places pay incentives late or never where their budget is short; off: they always can pay what they mean to."""
    credibility_feedback: bool = True
    """Firms believe what they see paid; off: they believe what they did at the start."""
    supporting_depth: bool = True
    """Missing suppliers cost money; off: inputs cost the same everywhere."""
    weakest_link: bool = True
    """One missing link caps the chain (rho below zero); off: rho = 1, links make up for each other."""
    followers: bool = True
    """Suppliers of a leader that builds are brought to choose whether to follow; off: they are firms like others."""
    local_suppliers: bool = True
    """Local firms turn to supplying a leader that produces; off: none does."""
    joint_moves: bool = True
    """Leaders weigh the suppliers that would come with them (where suppliers follow); off: they count on what is there."""
    staged_transfer: bool = True
    """Research, sales and headquarters may follow a plant; off: they stay."""
    expansion: bool = True
    """Settled plants expand, shrink or leave; off: they stay as they are."""
    own_industry: bool = True
    """Own-industry output attracts."""
    size: bool = True
    """What a place can serve enters the choice."""
    coordination: bool = True
    """Trips to headquarters and customers cost money and time."""
    same_day_step: bool = True
    """A trip that cannot return the same day costs a night."""
    skills: bool = True
    """Skilled staff cost more where talent is thin."""
    siphon: bool = True
    """Talent thins out as a larger hub with higher wages comes nearer."""
    resources: bool = True
    """Raw materials cost less where they are found; off: the same everywhere."""
    clearance: bool = True
    """Days at customs cost exporters; off: exports leave without delay."""
    bulk_freight: bool = True
    """Bulk goods go by water and whole trains at their rates; off: all goods alike."""
    incentives: bool = True
    """Incentives count in the choice; off: nobody gives any."""
    origin_push: bool = True
    """Wages, land prices and rents keep rising; off: they stay as at the start."""
    wage_feedback: bool = True
    """Employment brought in raises wages."""
    rent_feedback: bool = True
    """Occupancy raises rents and land prices."""
    depth_feedback: bool = True
    """New plants add to supporting industry and to own-industry output."""
    rival_response: bool = True
    """Places answer rivals by their rules and expand full parks; off: all keep to their orders."""
    land_quota: bool = True
    """Construction land is rationed from above; off: policies and full parks take what they want."""
    groups: bool = True
    """Members that promote jointly weigh what siblings lose and leave sectors to each other; off: each for itself."""
    state_owned_projects: bool = True
    """State-owned enterprises bring large projects by negotiation; off: none comes."""


class Rivals(Described):
    """How governments behave when nobody orders a policy."""

    rule: Rule = Rule.PASSIVE
    """Rule of all places that have none of their own; the city under study keeps to its orders (passive)."""
    exceptions: dict[Identifier, Rule] = Field({})
    """Rules by place, which come before all else."""


class Scenario(Described):
    """A scenario on a world."""

    name: Name
    """Title."""
    name_zh: str = ""
    """Title in Chinese, for readers of Chinese."""
    question: str = ""
    """What it is for, in a sentence."""
    question_zh: str = ""
    """The same in Chinese."""
    start: Quarter
    """First quarter."""
    end: Quarter
    """Last quarter."""
    firms: Annotated[int, Field(ge=100, le=5_000_000)]
    """Agents that stand for the firms of the origins at the start."""
    seed: Annotated[int, Field(ge=0, lt=2**63)] = 1
    """Seed of every draw."""
    study: Study
    """Whose capture is studied."""
    packages: dict[Identifier, Annotated[tuple[Identifier, ...], Field(min_length=1)]] = Field({})
    """Named sets of policies."""
    rivals: Rivals = Rivals(exceptions={})
    """How governments behave when nobody orders a policy."""
    switches: Switches = Switches()
    """Mechanisms on or off."""

    @property
    def quarters(self) -> int:
        """Number of quarters."""
        return self.end - self.start + 1
