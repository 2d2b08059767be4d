"""What observables of runs and their units are called in charts."""

from __future__ import annotations

from relocsim.language import Words, message

OBSERVED: dict[str, str] = {
    "capture": message("capture rate"),
    "expected capture": message("expected share"),
    "inflow": message("investment that came to produce"),
    "intentions": message("firms that intend a project in the city"),
    "intentions everywhere": message("firms that intend a project anywhere"),
    "firms that know the city": message("firms that know the city"),
    "visits per signing": message("visits per signing"),
    "landed over signed": message("production over signing"),
    "distance": message("distance moved"),
    "sectors that travel": message("sectors that travel"),
    "sectors that lack a link": message("sectors that lack a link"),
    "concentration": message("concentration over places"),
    "promises over investment": message("promises over investment"),
    "passed through": message("firms that passed the city by"),
    "intercepted": message("firms stopped on their way"),
    "leaps": message("firms that leap over cheaper places"),
    "skills lacking": message("skilled posts that lack people"),
    "wage": message("wage over its trend"),
    "rent": message("rent over its trend"),
    "treasury": message("receipts less payments of the city"),
    "started over signed": message("ground broken over signing"),
    "reported over produced": message("money reported over produced"),
    "wait for ground": message("wait for ground breaking"),
    "small firms that produce": message("small firms that come to produce"),
    "incentives paid": message("incentives paid over due"),
    "credibility": message("credibility of promises"),
    "bids": message("what rivals add to packages"),
    "expansion of full parks": message("expansion of full parks"),
    "quota held back": message("land held back by quota"),
    "state-owned projects": message("state-owned projects"),
    "refused by thresholds": message("investment refused by thresholds"),
    "refused for want of room": message("investment refused for want of room"),
    "investment per hectare": message("investment per hectare"),
    "power used": message("power used in the fullest place"),
    "emissions": message("emissions in the fullest place"),
    "labour used": message("labour used in the fullest place"),
    "building time": message("building time"),
    "followers": message("first-tier suppliers that follow a leader"),
    "followers that produce": message("followers that come to produce"),
    "second-tier followers": message("second-tier suppliers that follow"),
    "firms that turned": message("local firms that turn to supplying"),
    "leaders": message("leaders that produce"),
    "depth that leaders choose": message("depth of the places leaders choose"),
    "functions that follow": message("functions that follow plants"),
    "expansions": message("expansions in the city"),
    "expansions everywhere": message("expansions everywhere"),
    "capacity taken out": message("capacity taken out again"),
    "skills found": message("skills found where firms go"),
    "customs where exporters go": message("days at customs where exporters go"),
    "way of bulk goods": message("way of bulk goods"),
    "raw materials found": message("raw materials found where firms go"),
    "components lacking": message("components lacking where firms go"),
    "depth found": message("supporting depth where firms go"),
    "size of places": message("size of the places firms go to"),
    "supplies leaders lack": message("cost of supplies that leaders lack"),
    "rents paid": message("rents paid over their trend"),
    "supporting depth": message("supporting depth outside the origins"),
    "relocations": message("relocations a year"),
    "branches over moves": message("branches over full moves"),
    "signed over produced": message("signing over production"),
}
"""Names of observables."""


def observable_label(words: Words, name: str) -> str:
    """Return the name of an observable; one without a name in words is told by its own."""
    return words(OBSERVED[name]) if name in OBSERVED else name
