"""The numbers of the model that belong to no place, sector or line, with their units; values live in YAML."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from relocsim.world.cost_terms import CostTerms
from relocsim.world.described import Identifier, Share, number
from relocsim.world.firm_parameters import FirmParameters
from relocsim.world.outreach import Outreach


class Parameters(FirmParameters, CostTerms):
    """Every number of the model that belongs to no place, sector or line."""

    # --- choice ---
    sensitivity: Annotated[float, number("1/(yuan/100 yuan output)", gt=0)]
    """Change of utility for a yuan per 100 yuan of output."""
    nest_lambda: Annotated[float, number("ratio", gt=0, le=1)]
    """Dissimilarity of places within the nest of going elsewhere."""
    mode_mu: Annotated[float, number("ratio", gt=0, le=1)]
    """Dissimilarity of branch and full move in one place; at most nest_lambda."""
    log_size_coefficient: Annotated[float, number("ratio", ge=0)]
    """Coefficient of the log of what a place can serve; 1 by theory (a place stands for many sites)."""
    own_industry_theta: Annotated[float, number("ratio", ge=0)]
    """Coefficient of the log of own-industry output."""
    own_industry_floor: Share
    """Floor of a place's output of a sector relative to the mean place, inside that log."""
    pooling_decay: Annotated[float, number("km", gt=0)]
    """Distance at which a neighbour's own industry counts 1/e; it thins out with the square of distance over it."""
    own_province_move: Annotated[float, number("utility", ge=0)]
    """Liking of full moves for the own province (workers, family)."""
    own_province_branch: Annotated[float, number("utility", ge=0)]
    """The same for branches."""
    move_distance: Annotated[float, number("utility per 1000 km", ge=0)]
    """Dislike of full moves for distance."""
    distance_elasticity: Annotated[float, number("elasticity", ge=0)]
    """Fall of the odds of a place with distance from the origin, beside what trips, freight and suppliers cost: language,
    kin, trust and habit, which no railway changes."""
    distance_near: Annotated[float, number("km", gt=0)]
    """Distance at which that fall sets in: odds go with (1 + km / distance_near) to minus the elasticity."""
    moving_cost: Annotated[float, number("share of capital", ge=0)]
    """Cost of moving equipment, stopped production and severance, over fixed capital."""
    sunk_share: Share
    """Share of fixed capital that a full move leaves behind."""
    horizon: Annotated[float, number("years", gt=0)]
    """Years over which one-off costs and incentives are spread."""
    interest: Annotated[float, number("share/year", gt=0)]
    """Cost of capital of a firm."""
    branch_share: Share
    """Capacity of a branch over that of its parent."""
    branch_wait: Annotated[float, number("years", ge=0)]
    """Time before a firm that has placed a branch is reviewed again."""
    # --- demography ---
    review_hazard: Annotated[float, number("share/quarter", gt=0, le=1)]
    """Hazard of a review of location at the cost pressure of the start."""
    review_elasticity: Annotated[float, number("elasticity", ge=0)]
    """Elasticity of that hazard to the rise of cost at the origin."""
    relocation_rate: Annotated[float, number("share/year", gt=0, le=1)]
    """Share of coastal firms whose relocation (branch or full move) comes to production a year, at the start."""
    abroad_rate: Annotated[float, number("share/year", ge=0, le=1)]
    """Share of coastal firms that go abroad in a year, at the start."""
    close_rate: Annotated[float, number("share/year", ge=0, le=1)]
    """Share of coastal firms that close in a year, at the start."""
    entry_rate: Annotated[float, number("share/year", ge=0, le=1)]
    """New firms of the origins a year, over the stock at the start."""
    entry_away_share: Share
    """Share of an origin's new firms that come to produce elsewhere, at the start."""
    inland_entry_rate: Annotated[float, number("share/year", ge=0, le=1)]
    """New inland investors a year, over the stock of the origins at the start."""
    # --- incentives and tax ---
    holiday_years: Annotated[float, number("years", gt=0)]
    """Length of a tax holiday."""
    local_tax_share: Share
    """Share of the taxes of a plant that its city receives."""
    # --- limits ---
    power_headroom: Annotated[float, number("share", ge=0)]
    """Power to spare at the start, over what the industry of the start uses."""
    power_growth: Annotated[float, number("share/year", ge=0)]
    """Supply added a year beyond what local industry's own growth takes, over the use of the start."""
    environment_headroom: Annotated[float, number("share", ge=0)]
    """Emissions that may be added at the start, over those of the industry of the start."""
    environment_growth: Annotated[float, number("share/year", ge=0)]
    """Allowance that treatment and closures free a year, over the emissions of the start."""
    labour_slack: Annotated[float, number("share of the labour pool", ge=0, le=1)]
    """Workers that new plants can hire at the start without drawing on other plants."""
    mobilisation: Annotated[float, number("share", gt=0, le=1)]
    """Share of the free capacity of a factor that plants under construction can draw on without delay."""
    floor_per_land: Annotated[float, number("1e4 m2/ha", gt=0)]
    """Standard factory floor on a hectare: the plot ratio."""
    selection_investment: Annotated[float, number("weight", ge=0)]
    """Weight of investment per hectare in a place's ranking of applicants, each figure over its mean."""
    selection_tax: Annotated[float, number("weight", ge=0)]
    """Weight of local tax per hectare."""
    selection_jobs: Annotated[float, number("weight", ge=0)]
    """Weight of jobs per hectare."""
    selection_chain: Annotated[float, number("weight", ge=0)]
    """Weight of the fit of a sector into the chains of the place."""
    selection_pollution: Annotated[float, number("weight", ge=0)]
    """Weight of emissions per hectare, against an applicant."""
    # --- awareness ---
    awareness_base: Annotated[float, number("contacts/year", ge=0)]
    """Contact intensity of a place of average standing."""
    awareness_proximity: Annotated[float, number("contacts/year", ge=0)]
    """Added intensity of a place at no distance."""
    awareness_decay: Annotated[float, number("1/hour", ge=0)]
    """Decay of that with passenger hours."""
    awareness_past: Annotated[float, number("years", ge=0)]
    """Years of contact that firms have behind them at the start."""
    awareness_forget: Annotated[float, number("share/year", ge=0, lt=1)]
    """Part of all contacts that is forgotten in a year; at 0 what is known stays known."""
    usual_promotion: Share
    """Part of the contacts by standing that is the promotion which every place does; better projects and more effort of
    officials act on it."""
    awareness_peers: Annotated[float, number("contacts/year", ge=0)]
    """Most that firms settled in a place tell others."""
    peers_of_sector: Annotated[float, number("firms", ge=0)]
    """Firms of its own sector, wherever they come from, that a firm hears of."""
    peers_of_origin: Annotated[float, number("firms", ge=0)]
    """Firms of its own origin, in whatever sector, that a firm hears of."""
    partners: Annotated[float, number("firms", ge=0)]
    """Customers and suppliers at its own origin that a firm deals with."""
    visits_per_signing: Annotated[float, number("visits/signing", gt=0)]
    """Visits on the road for each project signed there; measures visits that close intentions under way."""
    visit_elasticity: Annotated[float, number("elasticity", ge=0, le=1)]
    """Elasticity of the hazard of signing to one plus visits per intention under way over `visits_per_signing`."""
    visit_limit: Annotated[float, number("ratio", ge=1)]
    """Most by which visits raise the hazard of signing."""
    outreach: dict[Identifier, Outreach] = Field({})
    """Modes of outreach by id."""
    # --- delivery ---
    sign_hazard: Annotated[float, number("share/quarter", gt=0, le=1)]
    """Intentions that are signed in a quarter."""
    honour_hazard: Annotated[float, number("share/quarter", gt=0, le=1)]
    """Signed projects that are honoured (carried out) in a quarter."""
    ground_hazard: Annotated[float, number("share/quarter", gt=0, le=1)]
    """Honoured projects that break ground in a quarter, at reference approval time."""
    produce_hazard: Annotated[float, number("share/quarter", gt=0, le=1)]
    """Projects under construction that start producing in a quarter."""
    sign_loss: Annotated[float, number("share/quarter", ge=0, le=1)]
    """Intentions that fall away in a quarter."""
    honour_loss: Annotated[float, number("share/quarter", ge=0, le=1)]
    """Signed projects that fall away in a quarter."""
    ground_loss: Annotated[float, number("share/quarter", ge=0, le=1)]
    """Honoured projects that fall away in a quarter."""
    produce_loss: Annotated[float, number("share/quarter", ge=0, le=1)]
    """Projects under construction that fall away in a quarter."""
    approval_reference: Annotated[float, number("days", gt=0)]
    """Approval time at which `ground_hazard` holds."""
    approval_elasticity: Annotated[float, number("elasticity", ge=0)]
    """Elasticity of breaking ground to approval time (slower approvals, slower start)."""
    assess_signed: Annotated[float, number("weight", gt=0)]
    """Weight of signed money in what officials are assessed on, before policies; only its share of all four counts."""
    assess_landed: Annotated[float, number("weight", gt=0)]
    """Weight of projects landed (honoured, ground broken)."""
    assess_in_place: Annotated[float, number("weight", gt=0)]
    """Weight of money in place, which arrives at every stage."""
    assess_production: Annotated[float, number("weight", gt=0)]
    """Weight of plants in production."""
    winning_elasticity: Annotated[float, number("elasticity", ge=0)]
    """Elasticity of signing to the officials' effort to win projects."""
    following_elasticity: Annotated[float, number("elasticity", ge=0)]
    """Elasticity of the stages after signing to the effort to follow up; losses fall with it."""
    supervised_honour_hazard: Annotated[float, number("share/quarter", gt=0, le=1)]
    """Signed projects under supervision that are honoured in a quarter."""
    supervised_ground_hazard: Annotated[float, number("share/quarter", gt=0, le=1)]
    """Honoured projects under supervision that break ground in a quarter."""
    supervised_produce_hazard: Annotated[float, number("share/quarter", gt=0, le=1)]
    """Projects under construction and supervision that start producing in a quarter."""
    supervised_loss: Annotated[float, number("share/quarter", ge=0, le=1)]
    """Projects under supervision that fall away in a quarter, at every stage after signing."""
    ready_vacancy: Annotated[float, number("share", gt=0, le=1)]
    """Share of a place's room that is free and below which ready plots run short."""
    ready_elasticity: Annotated[float, number("elasticity", ge=0)]
    """Elasticity of breaking ground to the free share of room, below that."""
    finance_effect: Annotated[float, number("ratio", ge=0)]
    """Rise of the hazard of starting production of small firms where an equity fund closes the gap in their finance."""
    in_place_signed: Share
    """Share of a project's investment that is in place when it is signed."""
    in_place_honoured: Share
    """The same when it is honoured."""
    in_place_ground: Share
    """The same when ground is broken."""
    in_place_producing: Share
    """The same when production starts."""
    # --- payment of incentives ---
    payable_revenue: Annotated[float, number("share of revenue", ge=0, le=1)]
    """Share of a place's budget revenue that it can spend on incentives."""
    payable_tax: Annotated[float, number("share of local tax", ge=0, le=1)]
    """Share of the local tax of the plants that came which it can spend on them too."""
    late_quarters: Annotated[float, number("quarters", gt=0)]
    """Time after which an incentive that has not been paid counts as broken."""
    escrow_belief: Share
    """Share of the doubt that is left which money in escrow takes away at once."""
    late_doubt: Share
    """Part of a late payment that firms count as not paid."""
    credibility_inertia: Annotated[float, number("1e8 yuan", gt=0)]
    """Incentives falling due that, seen, weigh as much as what was believed before."""
    seen_by_kin: Share
    """Weight of payments to firms of the same origin or the same sector, over those to firms of both."""
    seen_by_others: Share
    """Weight of payments to all other firms."""
    # --- feedback ---
    wage_tightness: Annotated[float, number("elasticity", ge=0)]
    """Elasticity of the wage to employment brought in, over the labour pool."""
    rent_occupancy: Annotated[float, number("elasticity", ge=0)]
    """Elasticity of rents and land prices to park occupancy."""
    organic_growth: Annotated[float, number("share/year")]
    """Real growth of settled plants' and local firms' output."""
    # --- governments ---
    rival_reaction: Annotated[float, number("ratio", ge=0, lt=1)]
    """How much of a neighbour's change of its package a place that imitates makes its own."""
    rival_reach: Annotated[float, number("km", gt=0)]
    """Distance at which a neighbour counts 1/e for a place that imitates; it fades with the square of distance over it."""
    bid_adjustment: Share
    """Part of the way to its new bid that a government goes in its yearly budget."""
    bid_step: Annotated[float, number("share of investment", gt=0)]
    """Step of the grid of bids that a government weighs."""
    bid_limit: Annotated[float, number("share of investment", ge=0, le=1)]
    """Most that a place adds to its usual package of its own accord."""
    bid_budget_share: Share
    """Most of a year's revenue that a place spends on what it adds to its usual package."""
    job_value: Annotated[float, number("yuan/job", ge=0)]
    """What a government reckons a job to be worth, once."""
    signed_weight: Annotated[float, number("ratio", ge=0)]
    """What a yuan signed, landed or not, is worth to officials who are assessed on it, in yuan of the budget."""
    land_quota_ratio: Annotated[float, number("ratio", ge=1)]
    """Yearly quota of construction land from above over the usual growth of parks."""
    park_full: Share
    """Occupancy from which a place expands its parks beyond their usual growth."""
    park_boost: Annotated[float, number("ratio", ge=0)]
    """Added growth of a full park over its usual growth."""
    park_budget_share: Share
    """Most of a year's revenue that a place spends on added growth of full parks."""
    land_preparation_cost: Annotated[float, number("1e8 yuan/ha", ge=0)]
    """Cost of clearing and servicing a hectare."""
    floor_building_cost: Annotated[float, number("1e8 yuan/1e4 m2", ge=0)]
    """Cost of building standard factories."""
    local_tax_share_2016: Share
    """Share of the taxes of a plant that its city receives since the reform of value-added tax."""
    tax_reform_year: Annotated[float, number("year")]
    """When that reform acts."""
    state_projects: Annotated[float, number("projects/year", ge=0)]
    """Large projects of central and provincial state-owned enterprises that fall to places by negotiation, in all."""
    state_investment_low: Annotated[float, number("1e8 yuan", gt=0)]
    """Least investment of such a project."""
    state_investment_high: Annotated[float, number("1e8 yuan", gt=0)]
    """Most investment of such a project; the log is uniform between the two."""
    state_fit: Annotated[float, number("ratio", ge=0)]
    """Coefficient of the log of own industry in the odds of a place to get it."""
    state_cost_weight: Share
    """How much cost counts there, over how much it counts to other firms."""
