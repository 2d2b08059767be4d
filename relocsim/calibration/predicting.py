"""Predictive checks: what the model shows under prior and posterior beside what was observed. Refuses to play."""

from __future__ import annotations

import numpy as np
import pandas as pd

from relocsim.calibration.planning import Calibration
from relocsim.calibration.tolerances import Aim

_ENDS = (0.025, 0.5, 0.975)


def checked(calibration: Calibration, prior: np.ndarray, posterior: np.ndarray) -> pd.DataFrame:
    """Return one row a target, then a held-out figure: value, prior and posterior (median, 95 % of runs), inside or not.

    Readings are (n, A) on the scales that are compared. `inside` says whether the value lies within 95 % of the runs of the
    posterior, `inside_with_error` the same with the tolerance as an error of the figure added to them; `below` is the share
    of runs of the prior below the value: near 0 or 1 the value is out of the model's reach.
    """
    aims = [*calibration.aims, *calibration.held_out]
    fitted = len(calibration.aims)
    return pd.DataFrame(
        [_row(aim, at < fitted, prior[:, at], posterior[:, at]) for at, aim in enumerate(aims)],
    )


def _row(aim: Aim, fitted: bool, prior: np.ndarray, posterior: np.ndarray) -> dict[str, object]:
    before, after = prior[np.isfinite(prior)], posterior[np.isfinite(posterior)]
    ends = _ends(after)
    wide = 1.96 * np.hypot(aim.error, (ends[2] - ends[0]) / 3.92)
    return {
        "figure": aim.name,
        "case": aim.case,
        "use": "calibrate" if fitted else "held out",
        "unit": aim.ratio.unit,
        "value": aim.value,
        "value_low": float(aim.unscaled(np.array(aim.at - 1.96 * aim.error))),
        "value_high": float(aim.unscaled(np.array(aim.at + 1.96 * aim.error))),
        "logs": aim.log,
        "error": aim.error,
        **_named("prior", aim, _ends(before)),
        **_named("posterior", aim, ends),
        "below": float(np.mean(before < aim.at)) if len(before) else np.nan,
        "inside": bool(ends[0] <= aim.at <= ends[2]),
        "inside_with_error": bool(abs(aim.at - ends[1]) <= wide),
        "readable": float(np.isfinite(posterior).mean()) if len(posterior) else np.nan,
        "source": aim.source,
    }


def _ends(values: np.ndarray) -> np.ndarray:
    return np.quantile(values, _ENDS) if len(values) else np.full(3, np.nan)


def _named(name: str, aim: Aim, ends: np.ndarray) -> dict[str, float]:
    shown = aim.unscaled(ends)
    return {f"{name}_{end}": float(value) for end, value in zip(("low", "median", "high"), shown, strict=True)}
