"""What places may expect of policies, without the luck of single firms.

A city that takes a thousandth of what leaves is shown by a handful of agents in a run with thousands. Here each arm is
played to the start of a quarter with few agents, and the choice of every firm of the stock is then taken in its closed
form, at the costs, packages and contacts of that moment: intentions, before rationing and delivery. Entrants and
state-owned projects are left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from relocsim.batch.expecting import expected_capture
from relocsim.batch.playing import realised
from relocsim.foundation import lay_foundation
from relocsim.metrics.effects import estimates
from relocsim.model import RelocationModel
from relocsim.spec import Spec
from relocsim.world.calendar import Quarter

_TOLD = ("low", "high", "simulation_error", "positive", "replicates")


def expected_in_arms(
    spec: Spec, arms: Mapping[str, frozenset[str]], places: Sequence[str], *, until: Quarter, replicates: int
) -> pd.DataFrame:
    """Return what places are expected to take in each arm, and its change over the first arm.

    Parameters
    ----------
    arms
        Policies that are on, by arm.
    until
        Quarter at whose start firms choose.
    replicates
        Draws of all inputs.

    Returns
    -------
    pd.DataFrame
        Indexed by arm and place: capture (mean), change (mean), low, high and simulation_error (of the change), per cent;
        positive, the replicates in which the change is above zero, of how many replicates.
    """
    found = in_replicates(spec, arms, places, until=until, replicates=replicates)
    change = 100 * (found / found[:, :1] - 1)
    moved = estimates(change.reshape(replicates, -1))
    columns = {"capture": found.mean(axis=0).ravel(), "change": moved["mean"], **{name: moved[name] for name in _TOLD}}
    return pd.DataFrame(columns, index=pd.MultiIndex.from_product([arms, places], names=["arm", "place"]))


def in_replicates(
    spec: Spec, arms: Mapping[str, frozenset[str]], places: Sequence[str], *, until: Quarter, replicates: int
) -> np.ndarray:
    """Return what places are expected to take in each arm of each replicate, per cent, (R, arms, places)."""
    return np.array([_in_replicate(spec, arms, places, until, replicate) for replicate in range(1, replicates + 1)])


def _in_replicate(
    spec: Spec, arms: Mapping[str, frozenset[str]], places: Sequence[str], until: Quarter, replicate: int
) -> np.ndarray:
    """Return the expected capture of places in each arm of one replicate, (arms, places)."""
    drawn = realised(spec, replicate)
    foundation = lay_foundation(drawn, replicate=replicate)
    at = [foundation.setting.places.row(name) for name in places]
    found = []
    for on in arms.values():
        model = RelocationModel(drawn, foundation=foundation, on=on)
        while model.date < until:
            model.step()
        found.append(expected_capture(model)[at])
    return np.array(found)
