"""The numbers of the model on firms: sizes, leaders and suppliers, what becomes of plants; a part of `Parameters`."""

from __future__ import annotations

from typing import Annotated

from relocsim.world.described import Described, Share, number


class FirmParameters(Described):
    """Numbers on sizes of firms and on clusters."""

    # --- size of firms ---
    size_sigma: Annotated[float, number("log points", gt=0)]
    """Standard deviation of the log of a firm's output within its sector."""
    small_below: Annotated[float, number("ratio to the sector's mean", gt=0)]
    """Below this output a firm is small."""
    large_above: Annotated[float, number("ratio to the sector's mean", gt=0)]
    """Above this output a firm is large."""
    leader_cell_output: Annotated[float, number("1e8 yuan/year", gt=0)]
    """An origin's sector has one leader for every so much output."""
    leader_size: Annotated[float, number("ratio to the sector's mean", gt=0)]
    """Output of a leader."""
    # --- clusters ---
    tier1_per_leader: Annotated[float, number("firms", ge=0)]
    """First-tier suppliers of a leader at its origin, in the sectors that supply it (fewer where the origin lacks them)."""
    tier2_per_leader: Annotated[float, number("firms", ge=0)]
    """Suppliers of those, at the same origin: they have no order of the leader to lose."""
    suppliers_most: Share
    """Most of the ordinary firms of an origin and sector that leaders' suppliers are."""
    supplier_sales_share: Share
    """Share of a first-tier supplier's sales that goes to its leader."""
    follow_lag: Annotated[float, number("quarters", ge=1)]
    """Time from a leader's breaking ground to the first quarter in which a supplier may choose to follow."""
    follow_window: Annotated[float, number("quarters", ge=1)]
    """Quarters from then on in which suppliers choose."""
    follow_alert: Annotated[float, number("share/quarter", ge=0, le=1)]
    """First-tier suppliers that are brought to choose in each of these quarters, of those that are not yet."""
    follow_alert_tier2: Annotated[float, number("share/quarter", ge=0, le=1)]
    """The same of second-tier suppliers."""
    follow_constant: Annotated[float, number("utility")]
    """Value of following beside what it saves: will, habit, means."""
    follow_sensitivity: Annotated[float, number("1/(yuan/100 yuan output)", ge=0)]
    """Change of the value of following for a yuan per 100 yuan of the follower's plant."""
    follow_loss: Annotated[float, number("ratio", ge=0, le=1)]
    """Loss hazards of a supplier's plant under way beside its leader, over those of other projects."""
    follow_premium: Annotated[float, number("yuan/100 yuan of sales", ge=0)]
    """What an order of the leader is worth to a supplier, beside what it costs to serve it from afar."""
    joint_share: Share
    """Part of a leader's missing supplies that it reckons its suppliers to bring along: share of its needs that they fill
    times the rate at which it expects them to follow."""
    local_suppliers_per_leader: Annotated[float, number("firms", ge=0)]
    """Firms of a place that turn to supplying a leader that produces there, where the place has enough."""
    local_suppliers_most: Share
    """Most of a place's own output in a sector that turns to supplying leaders."""
    turning_rate: Annotated[float, number("share/year", ge=0, le=1)]
    """Part of the firms yet to turn that do so in a year."""
    function_hazard: Annotated[float, number("share/year", ge=0, le=1)]
    """Branches of large firms and leaders that the next function (research, sales, headquarters) follows in a year, at full
    depth, with all skilled posts filled and at no distance."""
    function_talent: Annotated[float, number("elasticity", ge=0)]
    """Elasticity of that to the talent of the place: the share of skilled posts that can be filled."""
    function_decay: Annotated[float, number("1/hour", ge=0)]
    """Decay of that with passenger hours to the origin."""
    function_jobs: Share
    """Jobs of a function that follows, over those of the plant; the origin loses them."""
    function_tax: Share
    """Local tax of a function that follows, over that of the plant; the origin loses it."""
    headquarters_at_once: Share
    """Branches of large firms to which the headquarters go at once when they produce."""
    expansion_rate: Annotated[float, number("share/year", ge=0, le=1)]
    """Settled plants that expand in a year, where costs are as expected."""
    expansion_size: Share
    """Capacity of an expansion over that of the plant."""
    departure_rate: Annotated[float, number("share/year", ge=0, le=1)]
    """Settled plants that shrink or leave in a year, where costs are as expected."""
    shrink_share: Share
    """Part of these that shrink by half rather than leave."""
    cost_response: Annotated[float, number("1/(yuan/100 yuan output)", ge=0)]
    """Rise of the log hazard of departure, and fall of that of expansion, for a yuan per 100 by which the plant's cost
    exceeds, against the mean of all places, what it was when the firm decided."""
    holiday_cliff: Annotated[float, number("ratio", ge=1)]
    """By what the hazard of departure is multiplied after the end of a tax holiday."""
    holiday_window: Annotated[float, number("quarters", ge=0)]
    """How long that lasts."""
