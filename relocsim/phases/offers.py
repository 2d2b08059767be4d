"""Offers: what policies and usual packages grant, by sector, class and place, as far as no bid and no price enters.

All of it stays as long as the levers do, and is worked out once for them. This module refuses to know what a package comes
to (see `relocsim.phases.cost`).
"""

from __future__ import annotations

import numpy as np

from relocsim.phases.setting import Setting, once
from relocsim.world.levers import Levers

_YUAN = 1e8


def _by_place(lever: np.ndarray) -> np.ndarray:
    """Return a copy of a lever (P, S, Z) with places last, (S, Z, P)."""
    return lever.transpose(1, 2, 0).copy()


@once
def capital_share(setting: Setting, levers: Levers) -> np.ndarray:
    """Return the share of investment that places pay beside their bids, (S, Z, P)."""
    return _by_place(levers["capital_subsidy"]) + setting.places.capital_subsidy


@once
def waived(setting: Setting, name: str, levers: Levers) -> np.ndarray:
    """Return the share of a cost that the lever of this name waives, (S, Z, P)."""
    return np.minimum(1.0, _by_place(levers[name]))


@once
def job_reward(setting: Setting, levers: Levers) -> np.ndarray:
    """Return the rewards for a plant's jobs, yuan per 100 of yearly output, (S, Z, P)."""
    return 100 * _by_place(levers["job_subsidy"]) * setting.sectors.workers[:, None, None] / _YUAN


@once
def tax_refund(setting: Setting, local_share: float, levers: Levers) -> np.ndarray:
    """Return taxes refunded, yuan/year per 100 of yearly output, (S, Z, P), where cities receive a `local_share`."""
    refunded = np.minimum(1.0, _by_place(levers["tax_holiday"]) + setting.places.tax_holiday)
    return refunded * (100 * setting.sectors.tax * local_share)[:, None, None]


@once
def leader_award(setting: Setting, levers: Levers) -> np.ndarray:
    """Return what leaders alone are awarded, yuan per 100 of yearly output, (S, P)."""
    leader_output = setting.class_sizes[-1] * setting.sectors.firm_output
    return 100 * levers["leader_award"].T / leader_output[:, None]
