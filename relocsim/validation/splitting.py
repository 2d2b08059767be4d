"""Figures of one origin or one sector, beside what simple models say of where its firms go.

Simple models say where; how much leaves is the model's own amount for all of them, where the figure is a level. Refuses to
play, and to make up a figure where none was published.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from relocsim.calibration.plan import Measured
from relocsim.calibration.tolerances import Aim
from relocsim.model import Foundation, lay_foundation
from relocsim.validation.narrowed import is_level, is_share, kinds_of, levels_of, narrowed
from relocsim.validation.planning import Validation
from relocsim.validation.playing import Shown
from relocsim.validation.simple import MODEL, PERSISTENCE, SIZE, choices
from relocsim.validation.skill import resamples

_ENDS = (0.025, 0.5, 0.975)
NO_LAST = "no earlier figure of the same origin or sector was published"
NOT_WHERE = "the figure does not say where firms go, so that simple models say nothing of it"
BETTER, WORSE, ALIKE = "nearer", "farther", "not told apart"


def splits(validation: Validation, shown: Mapping[str, Shown]) -> pd.DataFrame:
    """Return one row a figure of one origin or sector and predictor, and one a figure about which nothing can be said.

    Columns: by, figure, comparison, case, place, date, what, unit, use, value, predictor; predicted, low and high (median
    and 95 % of replicates; of amounts their mean and 95 % of resamples of replicates); off (distance to the figure in
    deviations of its tolerance; inf where nothing was predicted of a figure that is compared by its log); gain_low and
    gain_high (deviations by which it is nearer than size alone, ends as before); said; reason.
    """
    rows: list[dict[str, object]] = []
    for case, one in shown.items():
        aims = [aim for aim in validation.aims if aim.case == case]
        if narrowed(aims):
            foundation = lay_foundation(one.spec)
            told = choices(foundation)
            for aim in narrowed(aims):
                about = _about(validation, aim)
                rows += [{**about, **row} for row in _of(aim, aims, one, foundation, told)]
    return pd.DataFrame([*rows, *_silent(validation)])


def _of(
    aim: Aim, aims: list[Aim], one: Shown, foundation: Foundation, told: Mapping[str, np.ndarray]
) -> Iterator[dict[str, object]]:
    seen = one.values[:, aims.index(aim)]
    if not (is_share(aim) or is_level(aim)):
        yield {**_row(aim, MODEL, seen), "reason": NOT_WHERE}
        return
    yield {"predictor": PERSISTENCE, "reason": NO_LAST}
    amount = np.ones(len(seen))
    if is_level(aim):  # luck of a place that gets a handful is no miss: means
        amount, seen = (_means(each) for each in (one.wholes[:, levels_of(aims).index(aim)], seen))
    by = {name: amount * share_to(aim.ratio.measure, foundation, choice) for name, choice in told.items()}
    base = _off(aim, by[SIZE])
    for name, values in {**by, MODEL: seen}.items():
        row = _row(aim, name, values)
        yield row if name == SIZE else {**row, **_gain(base, _off(aim, values))}


def share_to(measure: Measured, foundation: Foundation, choice: np.ndarray) -> float:
    """Return the share of the firms of a measure's origins and sectors that a simple model sends to its places.

    `choice` is (O, S, P), shares over destinations; origins and sectors are weighted by their output.
    """
    setting, places = foundation.setting, foundation.setting.places
    origins = (
        np.isin(places.origins, [places.row(one) for one in measure.origins]) if measure.origins else places.studied
    )
    sectors = [setting.sectors.ids.index(one) for one in measure.sectors] or list(range(setting.shape[1]))
    described = foundation.spec.world.places
    there = [one in measure.places or described[one].province == measure.province for one in places.ids]
    weight = foundation.output[places.origins][origins][:, sectors]
    arriving = np.einsum("os,osp->p", weight, choice[origins][:, sectors])
    return float(arriving[np.array(there)].sum() / arriving.sum())


def _means(values: np.ndarray) -> np.ndarray:
    """Return the means of resamples of replicates, (RESAMPLES,)."""
    found: np.ndarray = values[resamples(len(values))].mean(axis=1)
    return found


def _off(aim: Aim, values: np.ndarray) -> np.ndarray:
    """Return how far values are from the figure, in deviations of its tolerance; nan where there was nothing to read."""
    with np.errstate(invalid="ignore"):
        off: np.ndarray = np.abs(aim.scaled(values) - aim.at) / aim.error
    return np.where(np.isfinite(values) & np.isnan(off), np.inf, off)


def _row(aim: Aim, name: str, values: np.ndarray) -> dict[str, object]:
    there = values[np.isfinite(values)]
    low, median, high = np.quantile(there, _ENDS) if len(there) else (np.nan,) * 3
    off = float(_off(aim, np.array([median]))[0])
    return {"predictor": name, "predicted": median, "low": low, "high": high, "off": off, "reason": aim.note}


def _gain(base: np.ndarray, off: np.ndarray) -> dict[str, object]:
    """Return the ends of the deviations by which a predictor is nearer than another, by replicate, and what that says."""
    there = ~np.isnan(off) & ~np.isnan(base)
    with np.errstate(invalid="ignore"):
        gain = np.where(np.isinf(base) & np.isinf(off), 0.0, base - off)[there]
    if not len(gain):
        return {"gain_low": np.nan, "gain_high": np.nan, "said": ALIKE}
    low, high = np.quantile(
        gain, (_ENDS[0], _ENDS[-1]), method="inverted_cdf"
    )  # ends may be infinite: no interpolation
    return {"gain_low": low, "gain_high": high, "said": BETTER if low > 0 else WORSE if high < 0 else ALIKE}


def _about(validation: Validation, aim: Aim) -> dict[str, object]:
    name = str(validation.plan.comparisons[aim.name].figure or aim.name)
    figure = validation.figures.get(name)
    return {
        "by": " and ".join(kinds_of(aim.ratio.measure)),
        "figure": name,
        "comparison": aim.name,
        "case": aim.case,
        "place": figure.place if figure else "",
        "date": figure.date if figure else "",
        "what": figure.what if figure else aim.name,
        "unit": aim.ratio.unit,
        "use": figure.use if figure else "",
        "value": aim.value,
    }


def _silent(validation: Validation) -> Iterator[dict[str, object]]:
    """Yield figures of sectors or origins to which the model cannot speak, or not by sector or origin."""
    told = {validation.plan.comparisons[aim.name].figure for aim in narrowed(validation.aims)}
    for name, figure in validation.figures.items():
        if not figure.by or name in told:
            continue
        yield {
            "by": " and ".join(figure.by),
            "figure": name,
            "comparison": "",
            "case": "",
            "place": figure.place,
            "date": figure.date,
            "what": figure.what,
            "unit": figure.unit,
            "use": figure.use,
            "value": figure.values[0] if len(figure.values) == 1 else np.nan,
            "predictor": "",
            "reason": figure.silent or NOT_WHERE,
        }
