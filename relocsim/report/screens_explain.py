"""An explanation for the terminal, as rich renderables. Refuses to print."""

from __future__ import annotations

import math

from rich.console import Group, RenderableType
from rich.text import Text

from relocsim.phases.cost import COMPONENTS
from relocsim.report.explaining import Explanation
from relocsim.report.screens import grid, paragraphs
from relocsim.report.tables import place_name
from relocsim.report.tracing import FirmTrace, Review
from relocsim.report.wording import percent, plain, signed
from relocsim.spec import Spec
from relocsim.world.projects import STAGES

_LINKS, _RANGES, _BEST = 12, 15, 8
_SHORT = {"land and buildings": "land", "coordination": "coord.", "administration": "admin.", "incentive": "incent."}
"""Names of components that fit a column."""


def explanation_screen(told: Explanation) -> RenderableType:
    """Return what explain prints."""
    parts: list[RenderableType] = [paragraphs(told.words), Text()]
    if len(told.policies):
        parts.append(_policies(told))
    parts.append(_differences(told))
    if told.firm is not None:
        parts += [Text(), firm_screen(told.spec, told.firm)]
    elif told.city is None:
        parts += [Text(), _sector_sheet(told)]
    else:
        parts += [Text(), _city_sheet(told), _links(told)]
    return Group(*parts, Text(), _inputs(told), _ranges(told))


def _policies(told: Explanation) -> RenderableType:
    rows = [
        (row.policy, row.title, "on" if row.on else "off", f"{row.start} to {row.end}" if row.end else f"from {row.start}",
         row.cities, plain(row.outlay), row.sizes, row.levers)
        for row in told.policies.itertuples()
    ]  # fmt: skip
    columns = ["policy", "what", "as written", "in force", "who pays", "outlay, 1e8 yuan", "sizes", "levers"]
    return grid("Policies (outlay of the policy itself over the period; incentives are booked as they are paid)", columns, rows, left=8)


def _differences(told: Explanation) -> RenderableType:
    if told.differences.empty:
        return Text("Nothing is changed by extends, override or --set.")
    rows = [(row.path, row.old, row.new, row.where) for row in told.differences.itertuples()]
    return grid("Changed by extends, override or --set", ["entry", "old", "new", "where"], rows, left=4)


def _sheet_columns() -> list[str]:
    return [*(_SHORT.get(name, name) for name in COMPONENTS), "total", "against home"]


def _sheet_row(row: dict[str, float]) -> list[str]:
    return [*(plain(row[name], 2) for name in COMPONENTS), plain(row["total"], 2), signed(row["difference"], 2)]


def _sector_sheet(told: Explanation) -> RenderableType:
    spec, table = told.spec, told.cost_sheet
    rows = [
        (place_name(spec, row["place"]), *_sheet_row(row), *_appeal(row), row["missing"] or "none")
        for row in table.to_dict("records")
    ]
    title = f"{spec.world.sectors[told.sector].name} in {told.quarter}, medium firm of {place_name(spec, told.origin)}"
    return grid(
        f"{title}: yuan per 100 yuan of output (own industry and size: worth in the same unit, size against the mean place)",
        ["place", *_sheet_columns(), "own ind.", "size", "depth", "key components missing"],
        rows,
        marked=[place == spec.scenario.study.city for place in table["place"]],
    )


def _appeal(row: dict[str, float]) -> list[str]:
    return [signed(row["own_industry"], 1), signed(row["size"], 1), plain(row["depth"], 2)]


def _city_sheet(told: Explanation) -> RenderableType:
    spec, table = told.spec, told.city_sheet
    assert table is not None  # noqa: S101 - a city is named
    rows = [(row["sector"], *_sheet_row(row), *_appeal(row), row["missing"] or "none") for row in table.to_dict("records")]
    city, origin = place_name(spec, told.city or ""), place_name(spec, told.origin)
    return grid(
        f"{city} in {told.quarter} against {origin}, medium firms: yuan per 100 yuan of output",
        ["sector", *_sheet_columns(), "own ind.", "size", "depth", "key components missing"],
        rows,
    )


def _links(told: Explanation) -> RenderableType:
    table = told.links
    assert table is not None  # noqa: S101 - a city is named
    rows = [
        (row.sector, row.input, percent(row.need), percent(row.coverage), plain(row.depth, 2), signed(row.depth_gain, 2), plain(row.saving, 2))
        for row in table.head(_LINKS).itertuples()
    ]  # fmt: skip
    columns = ["sector", "input", "share of need", "met on the spot", "depth", "depth if met", "saves, yuan per 100"]
    return grid("Weakest links: what unit cost would fall by if one input were fully met on the spot", columns, rows, left=2)


def firm_screen(spec: Spec, firm: FirmTrace) -> RenderableType:
    """Return the history of one firm."""
    parts: list[RenderableType] = [paragraphs(firm_words(spec, firm))]
    if firm.review is not None:
        parts += [Text(), _places_of_review(spec, firm.review), _outside(firm.review)]
    return Group(*parts)


def firm_words(spec: Spec, firm: FirmTrace) -> list[str]:
    """Return in sentences who the firm is, when it was reviewed and what it did."""
    origin, sector = place_name(spec, firm.origin), spec.world.sectors[firm.sector].name
    words = [
        f"Firm {firm.row} (uid {firm.uid}): {sector} of {origin}, {firm.firm_class}, output {plain(firm.output)} x 1e8 yuan "
        f"a year, standing for {plain(firm.weight, 1)} firms, there from {firm.born}.",
        f"Under review in {', '.join(str(review.quarter) for review in firm.reviews)}." if firm.reviews
        else "It is never under review in this run.",
    ]  # fmt: skip
    if firm.review is not None:
        words.append(review_words(spec, firm.review))
    return [*words, *(project_words(spec, row) for row in firm.projects.to_dict("records"))]


def review_words(spec: Spec, review: Review) -> str:
    """Return in a sentence what the firm knew and did in one review."""
    table = review.places
    admitted = table[table["admitted"] > 0].sort_values("admitted", ascending=False)
    options = f"In {review.quarter} it knows {int(table['known'].sum())} of {len(table)} places"
    if not table["wanted"].any():
        return f"{options}; none is worth more to it than to {review.otherwise}, so that is what it does."
    wanted = f"{options} and {int(table['wanted'].sum())} of them are worth more to it than to {review.otherwise}"
    if admitted.empty:
        return f"{wanted}, but none admits it; so it does {review.otherwise}." if review.otherwise != "stay" else f"{wanted}, but none admits it; it stays."
    where = ", ".join(f"{place_name(spec, row.place)} ({plain(row.admitted, 1)} firms)" for row in admitted.itertuples())
    return f"{wanted}; admitted by {where}."


def project_words(spec: Spec, project: dict[str, object]) -> str:
    """Return in a sentence what became of a project."""
    reached = [f"{stage} {project[f'{stage}_at']}" for stage in STAGES if project[f"{stage}_at"]]
    end = f"; fell away in {project['fell']}" if project["fell"] else ""
    return f"Project ({project['kind']}) in {place_name(spec, str(project['place']))}: {', '.join(reached)}{end}."


def _places_of_review(spec: Spec, review: Review) -> RenderableType:
    known = review.places[review.places["known"] & review.places["value"].map(math.isfinite)]
    best = known.sort_values(["value", "place"], ascending=[False, True]).head(_BEST)
    parts = ["saving", "own_industry", "size", "mode", "taste", "going"]
    names = ["saving", "own ind.", "size", "mode", "taste", "going"]
    rows = [
        (place_name(spec, row["place"]), *(plain(row[name], 2) for name in COMPONENTS), plain(row["unit_cost"], 2),
         *(signed(row[name], 1) for name in parts), signed(row["value"], 1))
        for row in best.to_dict("records")
    ]  # fmt: skip
    components = [_SHORT.get(name, name) for name in COMPONENTS]
    return grid(
        f"{review.quarter}: the best places that it knows, yuan per 100 yuan of output; the columns from saving add up to the value",
        ["place", *components, "unit cost", *names, "value"],
        rows,
        marked=[bool(wanted) for wanted in best["wanted"]],
    )


def _outside(review: Review) -> RenderableType:
    rows = [(row.option, signed(row.value, 1) if row.open else "not open to it") for row in review.outside.itertuples()]
    return grid("What it may do instead", ["option", "value"], rows)


def _inputs(told: Explanation) -> RenderableType:
    rows = [
        (row.part, plain(row.inputs, 0), *(str(getattr(row, grade)) for grade in ("document", "statistic", "literature", "assumed")),
         str(row.ranged), percent(row.assumed_share))
        for row in told.inputs.itertuples()
    ]  # fmt: skip
    columns = ["part", "inputs", "document", "statistic", "literature", "assumed", "with a range", "share assumed"]
    return grid("What the inputs rest on", columns, rows)


def _ranges(told: Explanation) -> RenderableType:
    rows = [_range_row(row) for row in told.ranges.head(_RANGES).to_dict("records")]
    columns = ["input", "unit", "how many", "value", "low", "high", "high / low"]
    return grid("Widest ranges (value: the median where there are many)", columns, rows, left=2)


def _range_row(row: dict[str, float]) -> tuple[str, ...]:
    width = plain(row["width"], 1) if math.isfinite(row["width"]) else "reaches 0"
    return (str(row["input"]), str(row["unit"]), str(row["count"]), *(f"{row[key]:.4g}" for key in ("value", "low", "high")), width)


