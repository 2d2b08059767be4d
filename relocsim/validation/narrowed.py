"""Which comparisons are of one origin or one sector, and whether they say where its firms go. Refuses to play."""

from __future__ import annotations

from collections.abc import Sequence

from relocsim.calibration.plan import Measured
from relocsim.calibration.tolerances import Aim

ORIGIN, SECTOR = "origin", "sector"


def kinds_of(measure: Measured) -> tuple[str, ...]:
    """Return by what a measure is narrowed: origins, sectors, both, nothing."""
    named = {ORIGIN: measure.origins, SECTOR: measure.sectors}
    return tuple(kind for kind, members in named.items() if members and measure.flow)


def whole_of(measure: Measured) -> Measured:
    """Return the same measure in all places."""
    return measure.model_copy(update={"places": (), "province": None, "everywhere": True})


def is_share(aim: Aim) -> bool:
    """Whether a comparison is the part of what left that went to some places."""
    measure = aim.ratio.measure
    return bool(measure.places or measure.province) and aim.ratio.over == whole_of(measure)


def is_level(aim: Aim) -> bool:
    """Whether a comparison is an amount in some places."""
    measure = aim.ratio.measure
    return bool(measure.flow and (measure.places or measure.province)) and aim.ratio.over is None


def narrowed(aims: Sequence[Aim]) -> list[Aim]:
    """Return the comparisons of one origin or one sector."""
    return [aim for aim in aims if kinds_of(aim.ratio.measure)]


def levels_of(aims: Sequence[Aim]) -> list[Aim]:
    """Return those of them that are amounts, whose whole has to be read too."""
    return [aim for aim in narrowed(aims) if is_level(aim)]
