"""Write the generated parts of docs/model.md anew: `python docs/update.py`; with `--check`, say whether they are up to date.

A part stands between `<!-- generated: NAME -->` and `<!-- end -->`. What is generated comes from the code and the YAML files
(parameters, fields of places and sectors, levers, policies, mechanisms, observations), so that it cannot drift.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel

from relocsim.batch.observables import OBSERVABLES
from relocsim.metrics.capture import MEASURES
from relocsim.observe import PLACE_COLUMNS
from relocsim.policies import catalogue
from relocsim.report.manual import field_table
from relocsim.report.markdown import table
from relocsim.sources import Input
from relocsim.spec import Spec, load
from relocsim.spec.scenario import Switches
from relocsim.world.description import Place, Sector
from relocsim.world.levers import LEVERS
from relocsim.world.parameters import Parameters

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "model.md"
SCENARIO = ROOT / "scenarios" / "chenzhou.yaml"
_COMMON = ("on", "start", "end", "intensity", "note", "lawful")
"""Fields of every policy."""
_PART = re.compile(r"(<!-- generated: (?P<name>[a-z ]+) -->\n)(?P<body>.*?)(<!-- end -->)", re.DOTALL)


def _meaning(cls: type[BaseModel], field: str) -> str:
    return cls.model_fields[field].description or ""


def _meaning_below(path: str) -> str:
    """Return the meaning of a parameter, or of a field of one that is a table."""
    name, *below = path.split(".")
    if not below:
        return _meaning(Parameters, name)
    table_of = get_args(Parameters.model_fields[name].annotation)[1]
    whole = _meaning(Parameters, name)
    return f"{whole.rstrip('.')}: {_meaning(table_of, below[-1])}" if isinstance(table_of, type) else whole


def _range(entry: Input) -> str:
    return f"{entry.low:g} to {entry.high:g}" if entry.ranged else "-"


def parameters(spec: Spec) -> str:
    """Return the numbers that belong to no place, sector or line."""
    rows = []
    for name in Parameters.model_fields:
        entries = [one for path, one in spec.register.inputs.items() if path.split(".")[:2] == ["parameters", name]]
        for one in entries:
            label = one.path.removeprefix("parameters.")
            meaning = _meaning_below(label)
            rows.append((f"`{label}`", one.value, one.unit, _range(one), one.grade.value, meaning, one.source))
    return table(["parameter", "value", "unit", "range", "grade", "meaning", "source"], rows)


def _fields(spec: Spec, cls: type[BaseModel], folder: str) -> str:
    """Return the fields of places or sectors with units, and the most common grade and source of their values."""
    entries: dict[str, list[Input]] = {}
    for path, one in spec.register.inputs.items():
        parts = path.split(".")
        if parts[0] == folder:
            entries.setdefault(parts[2], []).append(one)
    rows = []
    for name in cls.model_fields:
        held = entries.get(name, [])
        usual = Counter((one.unit, one.grade.value, one.source) for one in held).most_common(1)
        unit, grade, source = usual[0][0] if usual else ("-", "-", "-")
        rows.append((f"`{name}`", unit, grade, _meaning(cls, name), source))
    return table(["field", "unit", "usual grade", "meaning", "usual source"], rows)


def places(spec: Spec) -> str:
    """Return the fields of places."""
    return _fields(spec, Place, "places")


def sectors(spec: Spec) -> str:
    """Return the fields of sectors."""
    return _fields(spec, Sector, "sectors")


def levers(spec: Spec) -> str:
    """Return the levers that policies move."""
    rows = [
        (f"`{name}`", " x ".join(lever.axes), lever.unit, lever.combine, lever.enters) for name, lever in LEVERS.items()
    ]
    return table(["lever", "by", "unit", "changes combine by", "enters"], rows)


def policies(spec: Spec) -> str:
    """Return the catalogue of policies with the fields of each."""
    parts = []
    for kind, cls in catalogue().items():
        text = " ".join((cls.__doc__ or "").split())
        moved = ", ".join(f"`{name}`" for name in cls.moves)
        fields = [row for row in field_table(cls).itertuples(index=False) if row.field not in _COMMON]
        parts.append(f"**`{kind}`** - {cls.title} ({cls.title_zh}). {text} Moves {moved}.\n\n")
        parts.append(table(["field", "unit", "range", "default", "meaning"], ((f"`{r[0]}`", *r[1:]) for r in fields)))
        parts.append("\n")
    return "".join(parts)


def mechanisms(spec: Spec) -> str:
    """Return the mechanisms that can be switched off."""
    return table(["switch", "what it is"], ((f"`{name}`", _meaning(Switches, name)) for name in Switches.model_fields))


def observations(spec: Spec) -> str:
    """Return what a run records by place and quarter, and the observables of a finished run."""
    by_place = table(["by place and quarter", "unit"], ((f"`{name}`", unit) for name, unit in PLACE_COLUMNS.items()))
    of_runs = table(
        ["of a finished run", "unit", "definition"],
        ((name, one.unit, one.meaning) for name, one in OBSERVABLES.items()),
    )
    counted = f"Capture is counted in {', '.join(MEASURES)}, at every stage, by place and quarter.\n"
    return f"{by_place}\n{of_runs}\n{counted}"


PARTS: Mapping[str, Callable[[Spec], str]] = {
    "parameters": parameters,
    "places": places,
    "sectors": sectors,
    "levers": levers,
    "policies": policies,
    "mechanisms": mechanisms,
    "observations": observations,
}


def updated(page: str, spec: Spec) -> str:
    """Return a page with its generated parts written anew; KeyError where a part is unknown."""

    def fresh(found: re.Match[str]) -> Any:
        return f"{found[1]}\n{PARTS[found['name']](spec)}\n{found[4]}"

    return _PART.sub(fresh, page)


def main() -> int:
    """Update the page, or check it; return the exit code."""
    held = PAGE.read_text("utf-8")
    page = updated(held, load(SCENARIO))
    if "--check" in sys.argv[1:]:
        if page != held:
            print("docs/model.md is out of date: python docs/update.py", file=sys.stderr)
        return int(page != held)
    PAGE.write_text(page, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
