"""What a new world's README says: what to fill in first, and how to go on. This module refuses to write files."""

from __future__ import annotations

from relocsim.template.asked import Asked
from relocsim.template.order import ORDER
from relocsim.template.stations import lines_near


def readme(asked: Asked) -> str:
    """Return the text of the README of a new world."""
    city, base = asked.city, asked.base
    rivals = ", ".join(base.world.places[name].name if name in base.world.places else name.title() for name in asked.rivals)
    return "\n".join([
        f"# {city.name}",
        "",
        f"A world for relocsim made from the shipped world `{base.name}`: its coast, sectors and parameters, and {city.name} ({city.name_zh}) with its",
        f"rivals ({rivals}). Each figure of a new place was derived from {asked.pattern.name} by a rule that stands in its note, and is marked",
        "`assumed`, with a range. It runs at once; what it answers is then about a city *like* yours.",
        "",
        *_counted(asked),
        "",
        "## Run it",
        "",
        "```console",
        "relocsim check baseline.yaml",
        f"relocsim explain baseline.yaml --city {city.id}",
        "relocsim compare baseline.yaml --with park-expansion --with approvals --with incentives --replicates 4 --set scenario.firms=2000",
        "```",
        "",
        "## What to fill in first",
        "",
        "By how much the expected share of the city moves when a figure goes from the low to the high end of its range (measured on the city of",
        "Chenzhou; yours will differ, `relocsim sensitivity` tells):",
        "",
        "| | figure | change of the share, % | where it is found |",
        "|---|---|---|---|",
        *(f"| {at} | `{one.field}` | {one.swing:g} | {one.where} |" for at, one in enumerate(ORDER, start=1)),
        "",
        "`lacks` - links of the chains that nobody makes there - has no range and stands first by judgement: go through the names.",
        "",
        "Write into `places.yaml`, or into a workbook (`relocsim workbook write baseline.yaml city.xlsx`, fill in the yellow columns,",
        "`relocsim workbook read city.xlsx --out . --force`). With a figure goes its source; `grade: document` or `statistic`, and a narrow range.",
        "",
        "## How it is reached",
        "",
        *_reached(asked),
        "",
        "## Questions",
        "",
        "`questions/` holds three; each names its command. Copy one for a question of your own; `relocsim policies` lists what can be asked.",
        "",
    ])  # fmt: skip


def _counted(asked: Asked) -> list[str]:
    names = " and ".join(city.name for city in asked.cities)
    if asked.taken_from is None:
        return [f"**{names} came on top of the world**: no composite was reduced, so that it is counted twice."]
    return [f"Taken out of `{asked.taken_from}`, whose sizes are less by it, so that nothing is counted twice."]


def _reached(asked: Asked) -> list[str]:
    city, world = asked.city, asked.base.world
    stops = [name for name, line in world.network.lines.items() if city.id in line.stops] + list(asked.lines)
    if stops:
        return [f"Lines that stop there: {', '.join(f'`{name}`' for name in stops)}. Roads follow from where places lie."]
    near = lines_near(asked, city)
    told = "; ".join(f"`{name}` ({around:.0f} km around)" for name, around in near) or "none within reach"
    return [
        "**By road alone: no line of the world stops there.** Lines that pass near: " + told + ".",
        "Make the world again with `--line NAME`, or write the line into `network.yaml`.",
    ]
