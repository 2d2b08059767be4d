"""One firm of a run in sentences, in any language: who it is, what it knew, what it did, what became of it."""

from __future__ import annotations

from typing import Any

from relocsim.language import ENGLISH, Words, message
from relocsim.report.tables import place_name, records
from relocsim.report.tracing import FirmTrace, Review
from relocsim.spec import Spec
from relocsim.world.calendar import Quarter
from relocsim.world.projects import STAGES

DOING = {
    "stay": message("staying"),
    "go abroad": message("going abroad"),
    "close": message("closing"),
}
"""What a firm does instead of going elsewhere."""
CLASS_WORDS = {
    "small": message("small"),
    "medium": message("medium"),
    "large": message("large"),
    "leader": message("leader"),
}
"""Classes of firms in words."""
PART_WORDS = {
    "saving": message("saving in unit cost"),
    "own_industry": message("own industry there"),
    "size": message("size of the place"),
    "distance": message("distance, beside its cost"),
    "mode": message("way: branching or moving"),
    "taste": message("the firm's own taste"),
    "going": message("going at all, this quarter"),
}
"""Parts of the value of a place in words."""
_STAGE_REACHED = {
    "intention": message("intention {quarter}"),
    "signed": message("signed {quarter}"),
    "honoured": message("honoured {quarter}"),
    "ground": message("ground {quarter}"),
    "producing": message("producing {quarter}"),
}
_KINDS = {
    "branch": message("branch"),
    "move": message("move"),
    "entry": message("entry"),
    "state": message("state"),
    "expansion": message("expansion"),
}


def firm_words(spec: Spec, firm: FirmTrace, words: Words = ENGLISH) -> list[str]:
    """Return in sentences who the firm is, when it was reviewed and what it did."""
    text = message(
        "Firm {row} (uid {uid}): {sector} of {origin}, {firm_class}, output {output} x 1e8 yuan a year, standing for "
        "{weight} firms, there from {born}."
    )
    who = words(
        text, row=firm.row, uid=firm.uid, sector=words.name(spec.world.sectors[firm.sector]),
        origin=place_name(spec, firm.origin, words), firm_class=words(CLASS_WORDS[firm.firm_class]),
        output=words.plain(firm.output), weight=words.plain(firm.weight, 1), born=words.quarter(firm.born),
    )  # fmt: skip
    told = [who, _reviewed(firm, words)]
    if firm.review is not None:
        told.append(review_words(spec, firm.review, words))
    return [*told, *(project_words(spec, row, words) for row in records(firm.projects))]


def _reviewed(firm: FirmTrace, words: Words) -> str:
    if not firm.reviews:
        return words("It is never under review in this run.")
    dates = words(", ").join(words.quarter(review.quarter) for review in firm.reviews)
    return words("Under review in {quarters}.", quarters=dates)


def review_words(spec: Spec, review: Review, words: Words = ENGLISH) -> str:
    """Return in a sentence what the firm knew and did in one review."""
    table, otherwise = review.places, words(DOING[review.otherwise])
    admitted = table[table["admitted"] > 0].sort_values("admitted", ascending=False)
    wanted = int(table["wanted"].sum())
    knows = words(
        "In {quarter} it knows {known} of {count} places",
        quarter=words.quarter(review.quarter), known=int(table["known"].sum()), count=len(table),
    )  # fmt: skip
    if not wanted:
        text = message("{knows}; none is worth more to it than {otherwise}, which is what it does.")
        return words(text, knows=knows, otherwise=otherwise)
    said = words.plural(
        "{knows}, of which {n} is worth more to it than {otherwise}",
        "{knows}, of which {n} are worth more to it than {otherwise}",
        n=wanted, knows=knows, otherwise=otherwise,
    )  # fmt: skip
    if admitted.empty:
        return words("{said}; none admits it, which leaves {otherwise}.", said=said, otherwise=otherwise)
    where = words(", ").join(
        words(
            "{place} takes {firms} firms", place=place_name(spec, row["place"], words), firms=words.plain(row["admitted"], 1)
        )
        for row in records(admitted)
    )  # fmt: skip
    refused = _passed_over(spec, review, words)
    return words("{said}; {refused}{where}.", said=said, refused=refused, where=where)


def _passed_over(spec: Spec, review: Review, words: Words) -> str:
    """Return which places it would have liked better and did not get into."""
    table = review.places
    least = table.loc[table["admitted"] > 0, "value"].min()
    better = table[table["wanted"] & (table["value"] > least) & (table["admitted"] == 0)]
    names = [place_name(spec, place, words) for place in better.sort_values("value", ascending=False)["place"]]
    if not names:
        return ""
    text = message("{places} has no room for it; ") if len(names) == 1 else message("{places} have no room for it; ")
    return words(text, places=words.listed(words.first(names)))


def project_words(spec: Spec, project: dict[str, Any], words: Words = ENGLISH) -> str:
    """Return in a sentence what became of a project."""
    reached = [
        words(_STAGE_REACHED[stage], quarter=_quarter(project[f"{stage}_at"], words))
        for stage in STAGES
        if project[f"{stage}_at"]
    ]
    end = words("; fell away in {quarter}", quarter=_quarter(project["fell"], words)) if project["fell"] else ""
    kind = project["kind"]
    return words(
        "Project ({kind}) in {place}: {reached}{end}.",
        kind=words(_KINDS[kind]), place=place_name(spec, str(project["place"]), words),
        reached=words(", ").join(reached), end=end,
    )  # fmt: skip


def _quarter(text: object, words: Words) -> str:
    return words.quarter(Quarter.parse(str(text)))
