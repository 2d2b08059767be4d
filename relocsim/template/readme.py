"""What a new world's README says: what to fill in first, and how to go on. This module refuses to write files."""

from __future__ import annotations

from relocsim.template.asked import Asked
from relocsim.template.order import ORDER
from relocsim.template.stations import lines_near

_TEXT = """# {name}

A world for relocsim made from the shipped world `{base}`: its coast, sectors and parameters, and {name} ({name_zh})
with its rivals ({rivals}). Each figure of a new place was derived from {pattern} by a rule that stands in
its note, and is marked `assumed`, with a range. It runs at once; what it answers is then about a city *like* yours.

{counted}

## Run it

```console
relocsim check baseline.yaml
relocsim explain baseline.yaml --city {city}
relocsim compare baseline.yaml --with park-expansion --with approvals --with incentives --replicates 4 \
--set scenario.firms=2000
```

## What to fill in first

By how much the city's expected share of what leaves the coast moves when a figure goes from the low to the high end of
its range, per cent of that share (measured on the city of Chenzhou; yours will differ, `relocsim sensitivity` tells):

| | figure | moves the share, % | where it is found |
|---|---|---|---|
{order}

The last ones hardly move what firms wish; they limit or delay what is built, and cost the treasury.

Write into `places.yaml`, or into a workbook: `relocsim workbook write baseline.yaml city.xlsx`, fill in the yellow
columns, `relocsim workbook read city.xlsx --out . --force`. With a figure go its source, `grade: document` or
`statistic`, and a narrower range.

## How it is reached

{reached}

## Questions

`questions/` holds three; each names its command. Copy one for a question of your own; `relocsim policies` lists what
can be asked.
"""


def readme(asked: Asked) -> str:
    """Return the text of the README of a new world."""
    city, places = asked.city, asked.base.world.places
    new = {one.id: one.name for one in asked.cities}
    rows = [f"| {at} | `{one.field}` | {one.swing} | {one.where} |" for at, one in enumerate(ORDER, start=1)]
    return _TEXT.format(
        name=city.name, name_zh=city.name_zh, city=city.id, base=asked.base.name, pattern=asked.pattern.name,
        rivals=", ".join(new[rival] if rival in new else places[rival].name for rival in asked.rivals),
        counted=_counted(asked), order="\n".join(rows), reached=_reached(asked),
    )  # fmt: skip


def _counted(asked: Asked) -> str:
    names = " and ".join(city.name for city in asked.cities)
    if asked.taken_from is None:
        return f"**{names} came on top of the world**: no composite was reduced, so that it is counted twice."
    return f"{names}: taken out of `{asked.taken_from}`, whose sizes are less by it, so that nothing is counted twice."


def _reached(asked: Asked) -> str:
    city, world = asked.city, asked.base.world
    stops = [name for name, line in world.network.lines.items() if city.id in line.stops] + list(asked.lines)
    if stops:
        return (
            f"Lines that stop there: {', '.join(f'`{name}`' for name in stops)}.\nRoads follow from where places lie."
        )
    near = lines_near(asked, city)
    told = "; ".join(f"`{name}` ({around:.0f} km around)" for name, around in near) or "none within reach"
    return (
        f"**By road alone: no line of the world stops there.** Lines that pass near: {told}.\n"
        "Make the world again with `--line NAME`, or write the line into `network.yaml`."
    )
