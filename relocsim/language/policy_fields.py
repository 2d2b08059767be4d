"""What fields of policies are called, and classes, owners and answers that they choose among; in every language.

Names of fields that policies share with places and parameters stand in `fields`. This module refuses to know any schema:
what has no name is told by its own.
"""

from __future__ import annotations

from relocsim.language.fields import FIELDS
from relocsim.language.words import message

_OF_KINDS: dict[str, str] = {
    "admission_threshold.pollution": message("threshold of pollution"),
    "co_built_park.owners": message("partner owners"),
    "co_built_park.origins": message("partner origins"),
    "labour_training.workers": message("workers added"),
    "promotion_campaign.effort": message("effort a year"),
    "state_owned_negotiation.effort": message("rise of the odds"),
    "talent_programme.talent": message("skilled posts filled in addition"),
    "transfer_park.origins": message("partner origins"),
}
_NAMES: dict[str, str] = {
    "assigned": message("sectors of each member"),
    "award": message("award for a leader"),
    "binding": message("the assignment binds"),
    "bonded_zone": message("bonded zone"),
    "build_years": message("years until complete"),
    "city": message("cities"),
    "classes": message("classes of firms"),
    "customs": message("customs house"),
    "dry_port": message("dry port"),
    "end": message("ends before"),
    "floor": message("factory floor added"),
    "in_place": message("weight of money in place"),
    "intensity": message("intensity"),
    "investment": message("least investment on land"),
    "job_subsidy": message("reward for a job"),
    "land": message("park land added"),
    "land_discount": message("discount on land for leaders"),
    "landed": message("weight of projects landed"),
    "lawful": message("may be pursued"),
    "lead_years": message("years until in full swing"),
    "leader_award": message("award for a leader"),
    "lines": message("lines that open"),
    "mode": message("mode of outreach"),
    "note": message("where the size comes from"),
    "on": message("in force"),
    "origins": message("origins aimed at"),
    "output": message("output of suppliers, by sector"),
    "power": message("power added"),
    "production": message("weight of plants in production"),
    "rent_relief": message("rent waived"),
    "river_port": message("waterways with a river port"),
    "sectors": message("sectors that it is for"),
    "share": message("share of promises in escrow"),
    "signed": message("weight of signed money"),
    "start": message("begins in"),
    "supervised_share": message("share of projects supervised"),
    "targets": message("leaders kept in touch with"),
    "treatment": message("allowance made by treatment works"),
    "yearly_output": message("least output on land"),
    "years": message("years of faster growth"),
}
TERMS: dict[str, tuple[str, ...]] = {
    "classes": (message("small"), message("medium"), message("large"), message("leader")),
    "owners": (
        message("private mainland"),
        message("Hong Kong and Taiwan"),
        message("foreign"),
        message("state-owned"),
    ),
    "answers": (message("by the rules of its kind"), message("yes, whatever the rules"), message("no, it is barred")),
}
"""Names of classes (`levers.CLASSES`) and owners (`levers.OWNERS`) in their order, and of what may be said of lawfulness."""


def field_label(kind: str, field: str) -> str:
    """Return the name of a field of a kind of policy as a message."""
    return _OF_KINDS.get(f"{kind}.{field}") or _NAMES.get(field) or FIELDS.get(field) or field.replace("_", " ")


def is_named(kind: str, field: str) -> bool:
    """Whether a field has a name in words."""
    return f"{kind}.{field}" in _OF_KINDS or field in _NAMES or field in FIELDS
