"""Legal status: rules from above that bar a kind of policy, or a part of it, for those that begin at some date.

What began before a rule goes on under it (excerpts of State Council Circular 25 of 2015 say so of contracts). No rule was
read in full: some are known by excerpts, the others are recalled, and dates and scope may be wrong in detail. This module
refuses to judge how a rule is kept: refunds of taxes went on widely while barred.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from relocsim.sources import Grade
from relocsim.world.calendar import Quarter


@dataclass(frozen=True)
class Bar:
    """A rule that bars a policy which begins while it is in force."""

    since: dt.date
    """Day from which it bars."""
    source: str
    """Document, and what it bars."""
    grade: Grade
    """How well it is known: `document` where it was read in full, `literature` where excerpts were seen, `assumed` where it
    is recalled."""
    until: dt.date | None = None
    """Day from which it no longer does; none: it still does."""
    parts: tuple[str, ...] = ()
    """Fields of the policy that it bars where they are above zero; none named: the whole policy."""

    def holds(self, begin: Quarter) -> bool:
        """Return whether it bars what begins in a quarter."""
        day = begin.first_day
        return self.since <= day and (self.until is None or day < self.until)

    def told(self) -> str:
        """Return the rule in a line: dates, parts, source."""
        dates = f"from {self.since}" + (f" to {self.until}" if self.until else "")
        parts = f" ({', '.join(self.parts)})" if self.parts else ""
        return f"{dates}{parts}: {self.source}"


_PACKAGE = ("capital_subsidy", "rent_relief", "tax_holiday", "job_subsidy", "leader_award", "award", "land_discount")
TAX_REFUNDS = Bar(
    since=dt.date(2000, 1, 11),
    parts=("tax_holiday",),
    source="State Council, Guofa [2000] No. 2: local governments may not refund taxes once collected (recalled)",
    grade=Grade.ASSUMED,
)
CLEAN_UP = Bar(
    since=dt.date(2014, 11, 27),
    until=dt.date(2015, 5, 11),
    parts=_PACKAGE,
    source="State Council, Guofa [2014] No. 62: no new preferential policies of tax, fees, land or subsidy of one's own; "
    "suspended by Guofa [2015] No. 25 of 11 May 2015 (both seen in excerpts, not in full)",
    grade=Grade.LITERATURE,
)
FAIR_COMPETITION = Bar(
    since=dt.date(2024, 8, 1),
    parts=_PACKAGE,
    source="State Council, Order 783, Regulations on Fair Competition Review: no tax or financial incentives to particular "
    "firms without a basis in law or the State Council's approval (seen in excerpts, not in full)",
    grade=Grade.LITERATURE,
)
LAND_PRICE = Bar(
    since=dt.date(2007, 1, 1),
    parts=("land_discount",),
    source="Ministry of Land and Resources, Guotuzifa [2006] No. 307: industrial land may not be sold below the national "
    "floor prices; a discount from a price near the floor is below it (recalled)",
    grade=Grade.ASSUMED,
)
POWER_TARIFF = Bar(
    since=dt.date(2010, 5, 12),
    parts=("power_cut",),
    source="NDRC, SERC and NEA, Fagaijiage [2010] No. 978: local preferential power tariffs, energy-intensive firms' first "
    "of all, are to end (recalled)",
    grade=Grade.ASSUMED,
)
