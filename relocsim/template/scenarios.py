"""The scenarios of a new world: a baseline with nothing switched on, and three questions.

This module refuses to write files.
"""

from __future__ import annotations

from relocsim.spec.nodes import Plain
from relocsim.template.asked import Asked, City

AGENTS = 10_000
START, END, FROM = "2008-Q1", "2019-Q4", "2010-Q1"
LAND_SHARE = 0.25
"""Park expansion, of the park land that there is (as in the Chenzhou case)."""
_FLOOR_PER_HA = 0.1
QUESTIONS = {
    "park-land": "Does more park land bring more, and does it need a quota of its own?",
    "faster-approvals": "What do faster approvals bring, and what does following up signed projects add?",
    "incentives": "What do incentives bring, and what is left of it where rivals match them?",
}
"""Question scenarios by name."""


def baseline(asked: Asked, land: float) -> dict[str, Plain]:
    """Return the baseline: the city, its rivals and three policies, none of them in force.

    Parameters
    ----------
    asked
        What is asked for.
    land
        Park land of the city, ha.
    """
    city = asked.city
    return {
        "format": 1,
        "kind": "scenario",
        "world": "world.yaml",
        "scenario": {
            "name": f"{city.name} 2008-2019",
            "question": f"What do park land, faster approvals and incentives each add to what {city.name} gets?",
            "start": START, "end": END, "firms": AGENTS, "seed": 1,
            "study": {"city": city.id, "strata": [0.1, 0.01], "corridor": _corridor(asked)},
            "rivals": {"rule": "imitate"},
            "packages": {"all-three": ["park-expansion", "approvals", "incentives"]},
        },
        "policies": {
            "park-expansion": _park(city, land),
            "approvals": _approvals(city),
            "incentives": _incentives(city),
        },
    }  # fmt: skip


def _corridor(asked: Asked) -> list[Plain]:
    """Return the city and its rivals from south to north, which maps draw."""
    places = asked.base.world.places
    north = {name: places[name].lat for name in asked.rivals if name in places}
    north |= {city.id: city.lat for city in asked.cities}
    return [name for _, name in sorted((lat, name) for name, lat in north.items())]


def _park(city: City, land: float) -> dict[str, Plain]:
    hectares = float(f"{LAND_SHARE * land:.2g}")
    return {
        "kind": "park_expansion", "city": city.id, "start": "2011-Q1", "land": hectares,
        "floor": float(f"{_FLOOR_PER_HA * hectares:.2g}"), "build_years": 2,
        "land_cost": _assumed(0.015, "1e8 yuan/ha", "x/2", "150 yuan/m2 for clearing and servicing, as for Chenzhou"),
        "floor_cost": _assumed(0.1, "1e8 yuan/1e4 m2", "x/1.5", "1,000 yuan/m2 of plain factory, as for Chenzhou"),
        "note": "A quarter of the park land that there is, and floor with it; write what is planned.",
    }  # fmt: skip


def _approvals(city: City) -> dict[str, Plain]:
    reasoned = "As in the Chenzhou case; no count known"
    return {
        "kind": "administrative_reform", "city": city.id, "start": FROM,
        "approval_cut": _assumed(0.5, "share", [0.2, 0.7], reasoned),
        "fee_cut": _assumed(0.3, "share", [0.1, 0.5], reasoned),
        "outlay": _assumed(0.05, "1e8 yuan/year", [0.02, 0.2], "Staff of a one-window office, as in the Chenzhou case"),
    }  # fmt: skip


def _incentives(city: City) -> dict[str, Plain]:
    return {
        "kind": "incentive_package", "city": city.id, "start": FROM, "capital_subsidy": 0.1, "rent_relief": 0.5,
        "tax_holiday": 0.4, "job_subsidy": 2000, "leader_award": 0.2,
        "note": "On top of the usual package; sizes of the Chenzhou case, write what is offered.",
    }  # fmt: skip


def questions(asked: Asked) -> dict[str, dict[str, Plain]]:
    """Return the three questions, each a variant of the baseline, by name."""
    city = asked.city.id
    more: dict[str, tuple[dict[str, Plain], list[Plain]]] = {
        "park-land": ({"land-consolidation": {
            "kind": "land_consolidation", "city": city, "start": FROM, "end": "2014-Q1", "quota": 100,
            "hectare_cost": _assumed(0.015, "1e8 yuan/ha", "x/2", "As in the Chenzhou case"),
        }}, ["park-expansion", "land-consolidation"]),
        "faster-approvals": ({"follow-up": {
            "kind": "follow_up", "city": city, "start": FROM, "supervised_share": 0.25,
            "effort": _assumed(0.5, "share of usual effort", [0.2, 1.0], "As in the Chenzhou case"),
            "outlay": _assumed(0.05, "1e8 yuan/year", [0.02, 0.2], "As in the Chenzhou case"),
        }}, ["approvals", "follow-up"]),
        "incentives": ({"rivals-match": {
            "kind": "rival_programme", "city": list(asked.rivals), "start": FROM,
            "capital_subsidy": 0.1, "land": 0, "floor": 0,
            "better_known": _assumed(1.1, "ratio", [1.0, 1.3], "As in the Chenzhou case"),
            "outlay": _assumed(0.05, "1e8 yuan/year", [0.02, 0.2], "As in the Chenzhou case"),
        }}, ["incentives", "rivals-match"]),
    }  # fmt: skip
    return {
        name: {
            "format": 1, "kind": "scenario", "extends": "../baseline.yaml",
            "scenario": {
                "name": f"{asked.city.name}, {name.replace('-', ' ')}", "question": QUESTIONS[name],
                "packages": {"both": members},
            },
            "policies": policies,
        }
        for name, (policies, members) in more.items()
    }  # fmt: skip


def _assumed(value: float, unit: str, reach: Plain, source: str) -> Plain:
    return {"value": value, "unit": unit, "source": source, "grade": "assumed", "range": reach}
