"""One firm, followed: what it knew, what each place was worth to it, what it did, and what became of it.

The model is played again with a watch on the firm; the parts of its values come from the phases, so that they add up to
what it acted on. This module refuses to change anything: a watched model plays as an unwatched one.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from relocsim.batch.playing import realised
from relocsim.errors import Problem, SpecError
from relocsim.model import Conditions, Foundation, RelocationModel, lay_foundation
from relocsim.observe import project_table
from relocsim.phases import awareness, decision
from relocsim.phases.cost import COMPONENTS
from relocsim.phases.decision import Decisions, Values
from relocsim.spec import Spec
from relocsim.streams import gumbel, log_positive_stable
from relocsim.world.calendar import Quarter
from relocsim.world.firms import Population
from relocsim.world.levers import CLASSES

OUTSIDE = ("stay", "go abroad", "close")
"""What a firm may do instead of going to another place, in the order of `relocsim.phases.decision`."""

PARTS = {
    "saving": "saving",
    "own_industry": "own industry",
    "size": "size",
    "distance": "distance",
    "mode": "way",
    "taste": "taste",
    "going": "going",
}
"""Parts that the value of a place adds up from, with names for readers."""


@dataclass
class Review:
    """One decision of the firm."""

    quarter: Quarter
    places: pd.DataFrame
    """One row a place: `known`, the parts of its value and `value`, yuan per 100; `wanted`, and firms `admitted`."""
    outside: pd.DataFrame
    """One row an outside option: its `value` in yuan per 100 and whether it is `open` to the firm."""
    otherwise: str
    """What it does where no place takes it: stay, go abroad or close."""


@dataclass(frozen=True)
class FirmTrace:
    """The history of one firm in a run."""

    row: int
    """Its number within the population, as in the table of projects."""
    uid: int
    """Its 64-bit identity."""
    origin: str
    sector: str
    firm_class: str
    output: float
    """Output of one firm, 1e8 yuan/year."""
    weight: float
    """Firms that the agent stands for."""
    born: Quarter
    """Quarter in which it was there first."""
    reviews: tuple[Review, ...]
    """Every quarter in which it was reviewed."""
    projects: pd.DataFrame
    """Its projects, as in the table of projects."""
    chosen: int | None
    """Position of the review that is explained; none: it was never reviewed."""

    @property
    def review(self) -> Review | None:
        """The review that is explained."""
        return None if self.chosen is None else self.reviews[self.chosen]


@dataclass
class _Watch:
    """What a watched model sees of one firm."""

    row: int
    reviews: list[Review] = field(default_factory=list)


class WatchedModel(RelocationModel):
    """A model that notes what one firm decides; it plays exactly as the model does."""

    def __init__(self, spec: Spec, *, foundation: Foundation, row: int, on: Collection[str] | None = None) -> None:
        super().__init__(spec, foundation=foundation, on=on)
        self.watch = _Watch(row)

    def decide(self, values: Values, found: Conditions) -> Decisions:
        """Return what firms want, noting what the watched one does."""
        decided = super().decide(values, found)
        for at in np.flatnonzero(decided.firm == self.watch.row):
            self.watch.reviews.append(_review(self, values, found, decided, int(at)))
        return decided


def trace_firm(spec: Spec, firm: int, *, quarter: Quarter | None = None, replicate: int | None = None) -> FirmTrace:
    """Return the history of one firm in the scenario as written, as `relocsim.run` plays it.

    Parameters
    ----------
    firm
        Its number within the population (column `firm` of the table of projects) or its uid (`firm_uid`).
    quarter
        Quarter of the review to explain; by default the first that led to a project, else the first.
    """
    resolved = spec if replicate is None else realised(spec, replicate)
    foundation = lay_foundation(resolved, replicate=replicate or 0)
    row = firm_row(foundation.population, firm)
    model = WatchedModel(resolved, foundation=foundation, row=row)
    model.run()
    table = project_table(model.setting, model.population, model.projects, spec.scenario.start)
    mine = table[table["firm"] == row].reset_index(drop=True)
    reviews = tuple(model.watch.reviews)
    for review in reviews:
        _note_projects(review, mine, model.setting.places.ids)
    population, ids = model.population, model.setting.places.ids
    return FirmTrace(
        row=row,
        uid=int(population.uid[row]),
        origin=ids[model.setting.places.origins[population.origin[row]]],
        sector=model.setting.sectors.ids[population.sector[row]],
        firm_class=CLASSES[population.kind[row]],
        output=float(population.output[row]),
        weight=float(population.weight[row]),
        born=spec.scenario.start + int(population.born[row]),
        reviews=reviews,
        projects=mine,
        chosen=_explained(reviews, quarter, row),
    )


def _note_projects(review: Review, projects: pd.DataFrame, places: tuple[str, ...]) -> None:
    """Note in a review how many of the agent's firms each place admitted."""
    then = projects[projects["intention_at"].astype(str) == str(review.quarter)]
    admitted = then.groupby("place", observed=False)["firms"].sum()
    review.places["admitted"] = admitted.reindex(places, fill_value=0.0).to_numpy()


def firm_row(population: Population, firm: int) -> int:
    """Return the row of a firm given by its number within the population or its uid."""
    if 0 <= firm < len(population):
        return firm
    found = np.flatnonzero(population.uid == np.uint64(firm)) if 0 <= firm < 1 << 64 else np.array([], dtype=np.intp)
    if not len(found):
        message = (
            f"there is no firm {firm}: neither a number from 0 to {len(population) - 1} nor a uid of this scenario"
        )
        raise SpecError([Problem(message, path="--firm", hint="see the columns firm and firm_uid of the projects")])
    return int(found[0])


def _explained(reviews: tuple[Review, ...], quarter: Quarter | None, row: int) -> int | None:
    """Return the position of the review to explain."""
    if quarter is None:
        placed = [at for at, review in enumerate(reviews) if review.places["admitted"].sum() > 0]
        return placed[0] if placed else (0 if reviews else None)
    dates = [review.quarter for review in reviews]
    if quarter not in dates:
        held = f"its reviews are in {', '.join(map(str, dates))}" if dates else "it is never reviewed"
        raise SpecError([Problem(f"firm {row} is not under review in {quarter}", path="--quarter", hint=held)])
    return dates.index(quarter)


def _review(model: WatchedModel, values: Values, found: Conditions, decided: Decisions, at: int) -> Review:
    """Return one decision taken apart, in yuan per 100 yuan of output."""
    population, setting, row = model.population, model.setting, model.watch.row
    sensitivity = setting.parameters.sensitivity
    new = model.quarter > 0 and int(population.born[row]) == model.quarter
    table = _value_parts(model, values, found, new=new)
    threshold = model.foundation.choosers.tastes.threshold[[row]]
    contact = model.contact[population.segment[[row]]] + model.owner_contact[population.owner[[row]]]
    table["known"] = awareness.known(setting, contact, threshold)[0]
    table["wanted"] = np.isfinite(decided.of_all()[at])
    outside = _outside_options(model, values, new=new)
    outside["value"] /= sensitivity
    return Review(model.date, table, outside, OUTSIDE[int(decided.outside[at])])


def _value_parts(model: WatchedModel, values: Values, found: Conditions, *, new: bool) -> pd.DataFrame:
    """Return the parts of the value of each place: costs first, each as it stands in the cost sheet.

    `value` is the sum of `saving` (against the mean origin at the start), `own_industry`, `size` (against the mean
    destination), `distance` (beside what it costs), `mode` (what branching and moving cost), `taste` and `going` (the
    constant and the draw of the quarter).
    """
    population, setting, row = model.population, model.setting, model.watch.row
    terms, segment = setting.parameters, population.segment[row]
    o, s, z = population.origin[row], population.sector[row], population.kind[row]
    parts = {name: np.broadcast_to(found.sheet.components[name], setting.shape)[o, s, z] for name in COMPONENTS}
    scale, choosers = terms.sensitivity, model.foundation.choosers
    systematic = values.place[segment] / scale
    own = decision.own_industry(setting, model.places, model.levers)[s] / scale
    size = decision.size(setting, model.places, model.levers) / scale
    distance = -decision.remoteness(setting)[o] / scale
    unit_cost = found.unit_cost[o, s, z]
    mode = np.zeros_like(own) if new else choosers.ways.either[o, s] / scale
    taste = terms.nest_lambda * choosers.tastes.taste[row].astype(np.float64) / scale
    usual = size[setting.places.destination].mean()
    going = np.full_like(own, _going(model, new=new) / scale + usual)
    columns = {"unit_cost": unit_cost, "saving": float(model.foundation.reference_cost[s]) - unit_cost}
    columns |= {
        "own_industry": own,
        "size": size - usual,
        "distance": distance,
        "mode": mode,
        "taste": taste,
        "going": going,
    }
    value = systematic - usual + mode + taste + going
    return pd.DataFrame({"place": setting.places.ids, **parts, **columns, "value": value})


def _going(model: WatchedModel, *, new: bool) -> float:
    """Return what is added to every place: the constant and the draw of the nest, utility."""
    setting, uid = model.setting, model.population.uid[[model.watch.row]]
    scale, constants = setting.parameters.nest_lambda, model.foundation.choosers.intercepts
    fresh = setting.streams.lanes("decision, nest", uid, 0, model.quarter)
    zeta = scale * log_positive_stable(scale, fresh[0], -np.log(fresh[1]))
    return float((constants.entry if new else constants.elsewhere) + zeta[0])


def _outside_options(model: WatchedModel, values: Values, *, new: bool) -> pd.DataFrame:
    """Return the outside options of the watched firm, in utility, with the draw of each."""
    population, setting, row = model.population, model.setting, model.watch.row
    constants = model.foundation.choosers.intercepts
    draws = setting.streams.lanes("decision", population.uid[[row]], 0, model.quarter)
    segment, origin = population.segment[row], population.origin[row]
    systematic = np.array([values.home[segment], constants.abroad, constants.close])
    homeless = not setting.places.studied[origin]
    options = np.array([not homeless, not new, not new])
    return pd.DataFrame({"option": OUTSIDE, "value": systematic + gumbel(draws[:3, 0]), "open": options})
