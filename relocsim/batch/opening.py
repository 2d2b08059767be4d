"""A folder is opened for a plan: made where it is new, extended where the plan asks for more, refused where it is another's.

This module refuses to play.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from relocsim.batch.folder import (
    MANIFEST,
    SCENARIO,
    BatchError,
    Manifest,
    known_points,
    read_manifest,
    require_batch_or_empty,
    row_digests,
    write_points,
    write_text,
)
from relocsim.batch.identity import differences, identity_differences, identity_of
from relocsim.batch.ledger import Extent
from relocsim.batch.plan import Plan
from relocsim.batch.planning import PlannedBatch
from relocsim.batch.points import Points
from relocsim.batch.recording import Reader, reader_of, units
from relocsim.spec.assigning import Assigner

_CELLS_A_PART = 2_000_000
_MOST_RUNS, _LEAST_RUNS = 4096, 16
"""Runs a part: as many as hold so many cells, within bounds."""


@dataclass(frozen=True)
class Opened:
    """A folder that is ready for a plan."""

    manifest: Manifest
    numbers: Mapping[str, int]
    """Number of each point in this batch, by digest."""


def known_rows(folder: Path, planned: PlannedBatch) -> Sequence[str]:
    """Return the digests of the rows of the design that a folder holds for the very same plan; none for another."""
    if not (folder / MANIFEST).exists():
        return ()
    held, resolved = read_manifest(folder), Assigner(planned.spec, ()).text()
    identity = identity_of(planned.plan, planned.spec, resolved)
    same = held.identity == identity and held.plan == _as_read(planned.plan)
    return row_digests(folder) if same else ()


def _as_read(plan: Plan) -> dict[str, Any]:
    """Return a plan in plain values; of its scenario's file the name."""
    return {**plan.model_dump(mode="json"), "scenario": Path(plan.scenario).name}


def opened(folder: Path, planned: PlannedBatch, points: Points) -> Opened:
    """Return a folder opened for a plan, its manifest written; the caller holds the lock.

    Raises
    ------
    BatchError
        Where the folder holds a batch that this plan neither is nor extends; it names what differs.
    """
    require_batch_or_empty(folder)
    resolved = Assigner(planned.spec, ()).text()
    if (folder / MANIFEST).exists():
        return _continued(folder, planned, points, resolved)
    manifest = _manifest(planned, points, resolved)
    write_text(folder / SCENARIO, resolved)
    return _written(folder, manifest, points, {})


def _manifest(planned: PlannedBatch, points: Points, resolved: str) -> Manifest:
    plan, spec = planned.plan, planned.spec
    reader = reader_of(plan.record, spec)
    scenario = spec.scenario
    about = {
        "question": plan.question,
        "scenario": Path(plan.scenario).name,
        "name": scenario.name,
        "start": str(scenario.start),
        "end": str(scenario.end),
        "city": scenario.study.city,
        "assumed_share": round(spec.register.assumed_share(), 6),
    }
    return Manifest(
        about=about,
        identity=identity_of(plan, spec, resolved),
        plan=_as_read(plan),
        layout=layout_of(reader),
        extents=(Extent(len(points.digests), plan.most),),
        part_size=_part_size(reader),
    )


def layout_of(reader: Reader) -> dict[str, Any]:
    """Return what the tables hold."""
    return {
        "observables": list(reader.observables),
        "measures": list(reader.measures),
        "periods": list(reader.periods),
        "places": list(reader.places),
        "units": units(reader),
    }


def _part_size(reader: Reader) -> int:
    measures, periods, places = reader.shape
    return max(_LEAST_RUNS, min(_MOST_RUNS, _CELLS_A_PART // max(1, measures * periods * places)))


def _continued(folder: Path, planned: PlannedBatch, points: Points, resolved: str) -> Opened:
    """Return the folder of a batch that is there already, extended where the plan asks for more."""
    held, wanted = read_manifest(folder), _manifest(planned, points, resolved)
    old = (folder / SCENARIO).read_text(encoding="utf-8")
    told = identity_differences(held.identity, wanted.identity, old, resolved)
    last = held.extents[-1]
    numbers = {digest: at for digest, at in known_points(folder).items() if at < last.points}
    if not told and (numbers.keys() - set(points.digests) or wanted.extents[0].replicates < last.replicates):
        told = [f"plan: {one}" for one in differences(held.plan, wanted.plan)] or ["plan: other points of the design"]
    if told:
        what = "\n  ".join(told)
        raise BatchError(
            f"{folder} holds another batch; what differs:\n  {what}\nchoose another folder, or undo the change"
        )
    extents = held.extents if wanted.extents[0] == last else (*held.extents, wanted.extents[0])
    if extents == held.extents and wanted.plan == held.plan and wanted.about == held.about:
        return Opened(held, numbers)
    fresh = replace(held, about=wanted.about, plan=wanted.plan, extents=extents, complete=False, files=None)
    return _written(folder, fresh, points, numbers)


def _written(folder: Path, manifest: Manifest, points: Points, known: Mapping[str, int]) -> Opened:
    """Write points and manifest; points that are new are numbered behind those that are known."""
    fresh = [digest for digest in points.digests if digest not in known]
    numbers = {**known, **{digest: len(known) + at for at, digest in enumerate(fresh)}}
    write_points(folder, points, numbers)
    write_text(folder / MANIFEST, manifest.text())
    return Opened(manifest, numbers)
