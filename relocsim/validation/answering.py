"""A validation: the table of figures, the skill against simple models, what is foretold. Refuses to print and to draw."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from relocsim.validation.backcast import foretold
from relocsim.validation.comparing import comparisons
from relocsim.validation.planning import Validation
from relocsim.validation.playing import Shown, Tick, play
from relocsim.validation.simple import predicted, shares, simple_shares
from relocsim.validation.skill import skill
from relocsim.validation.splitting import splits

_FEWEST = 5
"""Cities below which ranks say nothing."""


@dataclass(frozen=True)
class Validated:
    """What a validation found."""

    validation: Validation
    shown: Mapping[str, Shown]
    """What the replicates of each case showed."""
    ahead: Mapping[str, Shown]
    """What those showed from which later years are foretold: the same, or those of a posterior of their own."""
    figures: pd.DataFrame
    """One row a figure and comparison (`comparing.comparisons`)."""
    predictions: pd.DataFrame
    """Case, city, actual and predicted shares of foreign investment in the last year of the table."""
    skill: pd.DataFrame
    """Case, measure, predictor: value and intervals (`skill.skill`)."""
    foretold: pd.DataFrame
    """Shares and ranks of the years after the table (`backcast.foretold`)."""
    splits: pd.DataFrame
    """Figures of one origin or sector beside simple models (`splitting.splits`)."""


def validate(
    validation: Validation,
    *,
    backcast: str | Path | None = None,
    jobs: int = 1,
    executor: Executor | None = None,
    tick: Tick | None = None,
) -> Validated:
    """Play the cases and return what they say of every figure.

    `backcast` is the posterior by which inputs are drawn for years after the table of foreign investment, which should know
    nothing of these; none: the replicates of all else.
    """
    shown = play(validation, jobs=jobs, executor=executor, tick=tick)
    ahead = shown
    predictions, scores, later = [pd.DataFrame()], [pd.DataFrame()], pd.DataFrame()
    if validation.investment is not None:
        last = int(validation.investment["year"].max())
        groups = cities_of(validation)
        for case, cities in groups.items():
            found, scored = _held_out(validation, shown[case], case, cities, last)
            predictions.append(found)
            scores.append(scored)
        if backcast:
            ahead = play(validation.under(backcast), groups, jobs=jobs, executor=executor, tick=tick)
        later = foretold(ahead, groups, last)
    figures = comparisons(validation, shown)
    by = splits(validation, shown)
    return Validated(validation, shown, ahead, figures, pd.concat(predictions), pd.concat(scores), later, by)


def cities_of(validation: Validation) -> dict[str, tuple[str, ...]]:
    """Return the cities of each case whose foreign investment is known in the last two years, origins aside.

    A case whose cities are all in another case, with fewer of them or the same, is left out.
    """
    assert validation.investment is not None
    found: dict[str, tuple[str, ...]] = {}
    for case, spec in validation.specs.items():
        cities = _known(validation.investment, spec.world.places)
        if len(cities) >= _FEWEST and cities not in found.values():
            found[case] = cities
    return found


def years_foretold(validation: Validation) -> range:
    """Return the years after the table of foreign investment that the cases play."""
    assert validation.investment is not None
    last = max(spec.scenario.end.year for spec in validation.specs.values())
    return range(int(validation.investment["year"].max()) + 1, last + 1)


def _known(table: pd.DataFrame, places: Mapping[str, object]) -> tuple[str, ...]:
    last = int(table["year"].max())
    there = [set(table.loc[table["year"] == year, "city"]) for year in (last, last - 1)]
    inland = [name for name, place in places.items() if not getattr(place, "origin", False)]
    return tuple(name for name in inland if all(name in one for one in there))


def _held_out(
    validation: Validation, shown: Shown, case: str, cities: tuple[str, ...], last: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return actual and predicted shares of the last year by city, and how well each predictor does."""
    assert validation.investment is not None
    actual, before = (
        validation.investment[validation.investment["year"] == year]
        .set_index("city")["value"]
        .loc[list(cities)]
        .to_numpy()
        for year in (last, last - 1)
    )
    ids = list(shown.spec.world.places)
    rows = np.array([ids.index(city) for city in cities])
    by = predicted(simple_shares(shown.spec, cities, before), shown.expected, rows)
    gdp = np.array([shown.spec.world.places[city].gdp for city in cities])
    told = pd.DataFrame({"case": case, "city": cities, "year": last, "actual": shares(actual), **by})
    scored = skill(by, actual, before, gdp)
    return told, scored.assign(case=case, cities=len(cities))
